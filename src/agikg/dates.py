"""Coarse dates as intervals of days: 2025, 2025-03, 2025-03-31, 2024-H1, 2024-Q4.

Days are ISO strings, which compare as dates do; nothing here needs the datetime module (start-up time).
"""

from __future__ import annotations

import re
import time
from typing import NamedTuple

from agikg.errors import BadInput

BEGINNING = "0001-01-01"
END = "9999-12-31"
_FORM = re.compile(r"(?P<year>\d{4})(?:-(?:H(?P<half>[12])|Q(?P<quarter>[1-4])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Period(NamedTuple):
    """An interval of days, both ends included.

    Attributes:
        text: as it was written.
        first: first day, ISO.
        last: last day, ISO.
    """

    text: str
    first: str
    last: str


def period(text: str) -> Period:
    """Reads a coarse date.

    Raises:
        BadInput: not one of the forms, or no such day.
    """
    match = _FORM.fullmatch(text.strip())
    span = _months(match) if match else None
    if match is None or span is None:
        raise BadInput(f"{text!r} is not a date", hint="write 2025, 2025-03, 2025-03-31, 2024-H1 (half year) or 2024-Q4 (quarter)")
    year, (low, high) = int(match["year"]), span
    if match["day"]:
        day = int(match["day"])
        if not 1 <= day <= month_length(year, low):
            raise BadInput(f"{text!r}: no such day", hint=f"that month has {month_length(year, low)} days")
        return Period(text.strip(), f"{year:04}-{low:02}-{day:02}", f"{year:04}-{low:02}-{day:02}")
    return Period(text.strip(), f"{year:04}-{low:02}-01", f"{year:04}-{high:02}-{month_length(year, high):02}")


def _months(match: re.Match[str]) -> tuple[int, int] | None:
    """First and last month of the period; None for a month or year that does not exist."""
    if int(match["year"]) == 0:
        return None
    if match["half"]:
        return (1, 6) if match["half"] == "1" else (7, 12)
    if match["quarter"]:
        last = 3 * int(match["quarter"])
        return last - 2, last
    if match["month"]:
        month = int(match["month"])
        return (month, month) if 1 <= month <= 12 else None
    return 1, 12


def month_length(year: int, month: int) -> int:
    """Days of a month in the Gregorian calendar."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _LENGTHS[month - 1]


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_HALVES = {"first": "H1", "1st": "H1", "second": "H2", "2nd": "H2", "上": "H1", "下": "H2"}
_QUARTERS = {"first": "Q1", "second": "Q2", "third": "Q3", "fourth": "Q4", "1st": "Q1", "2nd": "Q2", "3rd": "Q3", "4th": "Q4"}


def dates_in_words(text: str) -> str:
    """The text with dates in words as this module writes them: "the first half of 2024" becomes "2024-H1"."""
    months = rf"\b({'|'.join(_MONTHS)}) (?:of )?(\d{{4}})\b"
    text = re.sub(months, lambda m: f"{m[2]}-{_MONTHS.index(m[1].lower()) + 1:02}", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:the )?first six months of (\d{4})\b", r"\1-H1", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:the )?(?:last|second) six months of (\d{4})\b", r"\1-H2", text, flags=re.IGNORECASE)
    halves = r"\b(?:the )?(first|second|1st|2nd) half (?:of )?(\d{4})\b"
    text = re.sub(halves, lambda m: f"{m[2]}-{_HALVES[m[1].lower()]}", text, flags=re.IGNORECASE)
    quarters = r"\b(?:the )?(first|second|third|fourth|1st|2nd|3rd|4th) quarter (?:of )?(\d{4})\b"
    text = re.sub(quarters, lambda m: f"{m[2]}-{_QUARTERS[m[1].lower()]}", text, flags=re.IGNORECASE)
    text = re.sub(r"(\d{4})年([上下])半年", lambda m: f"{m[1]}-{_HALVES[m[2]]}", text)
    text = re.sub(r"(\d{4})年(\d{1,2})月", lambda m: f"{m[1]}-{int(m[2]):02}", text)
    return re.sub(r"(\d{4})年", r"\1", text)


def today() -> str:
    """Today's date, ISO."""
    return time.strftime("%Y-%m-%d")


def overlaps(first: str, last: str, when: Period) -> bool:
    """Whether something that holds from ``first`` to ``last`` holds at some day of ``when``."""
    return first <= when.last and last >= when.first
