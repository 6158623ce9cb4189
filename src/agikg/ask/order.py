"""Which of two is the greater: a question may have a comparison the other way round than a claim. Knows words, no family of questions."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from agikg.ask.wording import worded_as
from agikg.likeness import stems_of
from agikg.names import tokenise
from agikg.words import stem


def reverses(text: str, row: Mapping[str, Any]) -> bool:
    """Whether a question takes for the greater of a claim's ends the one that the claim says is the less; False where that is unclear.

    Both have to compare, with words that tell the ends apart on either side of the comparing one; a choice ("A or B") takes neither.
    """
    if row["object_label"] is None or not compares(text):
        return False
    subject, object_ = stems_of(str(row["subject_label"])), stems_of(str(row["object_label"]))
    asked, told = (_greater(each, subject - object_, object_ - subject) for each in (text, str(row["statement"])))
    return asked is not None and told is not None and asked != told


def compares(text: str) -> bool:
    """Whether a question takes one of two for the greater."""
    return worded_as("ranking", text) is not None and not re.search(r"\bor\b", text, re.IGNORECASE)


def _greater(text: str, one: Collection[str], other: Collection[str]) -> bool | None:
    """Whether a text compares, and says that one is the greater (True) or the other (False)."""
    found = worded_as("ranking", text)
    if found is None:
        return None
    before, after = ({stem(word) for word in tokenise(part)} for part in (text[: found.start()], text[found.end() :]))
    first, second = not before.isdisjoint(one), not before.isdisjoint(other)
    if first == second or after.isdisjoint(other if first else one):
        return None
    return first == (found["more"] is not None)
