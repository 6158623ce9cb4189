"""Which of two is the greater: a question may have a comparison the other way round than a claim. Knows words, no family of questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from agikg.likeness import stems_of
from agikg.names import tokenise
from agikg.words import stem


@cache
def _comparing() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:(?P<less>(?:smaller|less|fewer|lower|worse|weaker|slower)\b(?=.*\bthan\b)|behind|below|lag\w*|trail\w*"
        r"|inferior|(?:outperform|exceed|surpass)ed by)"
        r"|(?P<more>(?:larger|bigger|greater|higher|more|better|stronger|faster)\b(?=.*\bthan\b)|ahead|above|exceed\w*|outpac\w*"
        r"|outrun\w*|outperform\w*|surpass\w*|beats?|overtak\w*))\b",
        re.IGNORECASE,
    )


def reverses(text: str, row: Mapping[str, Any]) -> bool:
    """Whether a question takes for the greater of a claim's ends the one that the claim says is the less; False where that is unclear.

    Both have to compare, with words that tell the ends apart on either side of the comparing one; a choice ("A or B") takes neither.
    """
    if row["object_label"] is None or _comparing().search(text) is None or re.search(r"\bor\b", text, re.IGNORECASE):
        return False
    subject, object_ = stems_of(str(row["subject_label"])), stems_of(str(row["object_label"]))
    asked, told = (_greater(each, subject - object_, object_ - subject) for each in (text, str(row["statement"])))
    return asked is not None and told is not None and asked != told


def _greater(text: str, one: Collection[str], other: Collection[str]) -> bool | None:
    """Whether a text compares, and says that one is the greater (True) or the other (False)."""
    found = _comparing().search(text)
    if found is None:
        return None
    before, after = ({stem(word) for word in tokenise(part)} for part in (text[: found.start()], text[found.end() :]))
    first, second = not before.isdisjoint(one), not before.isdisjoint(other)
    if first == second or after.isdisjoint(other if first else one):
        return None
    return first == (found["more"] is not None)
