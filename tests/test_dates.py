from __future__ import annotations

import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.dates import BEGINNING, END, dates_in_words, month_length, overlaps, period
from agikg.errors import BadInput


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-03", "2025-03-01", "2025-03-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("2024-H2", "2024-07-01", "2024-12-31"),
        ("2024-Q4", "2024-10-01", "2024-12-31"),
        ("2025-02-21", "2025-02-21", "2025-02-21"),
    ],
)
def test_periods(text: str, first: str, last: str) -> None:
    assert period(text) == (text, first, last)


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-00", "2025-02-30", "2023-02-29", "2025-H3", "2025-Q0", "March", "2025/03", "0000", "2025-3"]
)
def test_dates_that_do_not_exist(text: str) -> None:
    with pytest.raises(BadInput):
        period(text)


@given(st.dates(min_value=datetime.date(1, 1, 1)))
def test_every_day_is_its_own_period(day: datetime.date) -> None:
    text = day.isoformat()
    assert period(text) == (text, text, text)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_month_lengths_are_those_of_the_calendar(year: int, month: int) -> None:
    assert month_length(year, month) == calendar.monthrange(year, month)[1]


def test_overlap() -> None:
    year = period("2020")
    assert overlaps(BEGINNING, END, year)
    assert overlaps("2020-12-31", END, year)
    assert not overlaps("2021-01-01", END, year)
    assert not overlaps(BEGINNING, "2019-12-31", year)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("in the first half of 2024", "in 2024-H1"),
        ("March 2025 and second quarter of 2023", "2025-03 and 2023-Q2"),
        ("2024年上半年", "2024-H1"),
        ("2025年3月", "2025-03"),
        ("2023年", "2023"),
        ("no date in May", "no date in May"),
    ],
)
def test_dates_in_words(text: str, written: str) -> None:
    assert dates_in_words(text) == written
