"""What claims are found by, as ``projection`` compiled it: parts of one file, each read when it is first asked for. Knows no claims."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any, NamedTuple, cast

from agikg.packed import Packed, numbers_of


class KnownQuestions(NamedTuple):
    """Questions that claims are known to answer; see ``projection.expected``.

    Attributes:
        claims: by question, the position of its claim.
        lengths: by question, how long the vector of its tokens is, in hundredths.
        having: table of the questions that have a token; none where it is common.
        relations: how many questions ask for a relation.
        asking: table of pairs, for tokens outside of names: place of a relation, and how many questions for it have the token.
    """

    claims: array[int]
    lengths: array[int]
    having: bytes
    relations: dict[str, int]
    asking: bytes


class Directions(NamedTuple):
    """Where texts of claims point.

    Attributes:
        owners: position of the claim of each, in rising order.
        packed: the directions one behind the other, as signed bytes.
    """

    owners: array[int]
    packed: bytes

    def of(self, claim: int) -> bytes:
        """Those of a claim; empty if it has none. O(log n)."""
        start, end = bisect_left(self.owners, claim), bisect_right(self.owners, claim)
        size = len(self.packed) // max(len(self.owners), 1)
        return self.packed[start * size : end * size]


class SearchIndex:
    """The parts by name."""

    def __init__(self, data: bytes) -> None:
        self._parts = Packed(data)

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """Stem of a word -> positions of the claims that say it."""
        return self._parsed("postings")

    @cached_property
    def synonyms(self) -> dict[str, list[str]]:
        """Stem of a word -> stems of words that may stand for it."""
        return self._parsed("synonyms")

    @cached_property
    def around(self) -> dict[str, Any]:
        """What stands around: ``ends`` (positions of entities) and ``sentences`` (locators) by claim, ``called`` (stem -> entities)."""
        return self._parsed("around")

    @cached_property
    def known(self) -> KnownQuestions:
        """Questions that claims are known to answer."""
        parts, relations = self._parts, self._parsed("relations")
        return KnownQuestions(numbers_of(parts["claims"]), numbers_of(parts["lengths"]), parts["having"], relations, parts["asking"])

    @cached_property
    def directions(self) -> Directions:
        """Where these questions and their claims' statements point."""
        return Directions(numbers_of(self._parts["pointing"]), self._parts["directions"])

    @cached_property
    def middles(self) -> Directions:
        """Where all texts of a claim point together."""
        return Directions(numbers_of(self._parts["pointed"]), self._parts["middles"])

    def _parsed(self, part: str) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self._parts[part]))
