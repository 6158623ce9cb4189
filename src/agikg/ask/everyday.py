"""Everyday Chinese words: what is made of them is no name that nobody knows. Knows words, no graph.

The words are data (``everyday.bin``): ``python -m benchmarks.everyday`` took them from the dictionary of jieba, names left out.
"""

from __future__ import annotations

from functools import lru_cache
from mmap import mmap
from pathlib import Path

from agikg.meaning import checksum
from agikg.packed import found_at, mapped

TABLE = Path(__file__).with_name("everyday.bin")
"""Rising CRC-32 of each word's UTF-8, four bytes each, little-endian."""
LENGTHS = (2, 3, 4)
"""How many characters the words have."""


@lru_cache(maxsize=1)
def _table() -> mmap:
    return mapped(TABLE)


@lru_cache(maxsize=4_096)
def everyday(word: str) -> bool:
    """Whether a word is an everyday one (in one of 100,000 cases another is taken for one). O(log n)."""
    data = _table()
    return found_at(data, len(data) // 4, checksum(word)) is not None


def wholly_everyday(text: str, stretch: str, passed_over: frozenset[str]) -> bool:
    """Whether every character of a stretch of a text is part of an everyday word of the text, or is passed over.

    A stretch may reach over punctuation, a word may not.
    """
    places = [place for place, character in enumerate(text) if character.isalnum()]
    start = "".join(text[place] for place in places).find(stretch)
    if start < 0:
        return False
    own = places[start : start + len(stretch)]
    covered = {
        place
        for first in range(max(0, own[0] - max(LENGTHS) + 1), own[-1] + 1)
        for length in LENGTHS
        if first + length > own[0] and everyday(text[first : first + length])
        for place in range(first, first + length)
    }
    return all(place in covered or text[place] in passed_over for place in own)
