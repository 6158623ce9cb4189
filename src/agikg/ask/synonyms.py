"""Phrases and Chinese words put into the words that statements say. Knows no graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path


@cache
def chinese() -> dict[str, tuple[str, ...]]:
    """Chinese word -> English words for it."""
    lines = Path(__file__).with_name("glossary.txt").read_text(encoding="utf-8").splitlines()
    pairs = (entry.strip().partition(" ") for line in lines if not line.startswith("#") for entry in line.split("|"))
    return {chinese: tuple(english.split()) for chinese, _, english in pairs}


@cache
def _phrases() -> dict[tuple[str, ...], tuple[str, ...]]:
    lines = Path(__file__).with_name("phrases.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(": ") for line in lines if not line.startswith("#"))
    return {tuple(phrase.split()): tuple(same.split()) for phrase, _, same in pairs}


def reworded(words: Sequence[str]) -> list[str]:
    """Words with each phrase of several replaced by the words that say the same, the longest phrase first."""
    phrases, place = _phrases(), 0
    found: list[str] = []
    longest = max(map(len, phrases))
    while place < len(words):
        length = next((n for n in range(longest, 1, -1) if tuple(words[place : place + n]) in phrases), 1)
        found += phrases.get(tuple(words[place : place + length]), words[place : place + length])
        place += length
    return found


def translated(text: str, passed_over: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """English words for the Chinese words of a text, the longest first, and the stretches left over.

    A single character that is left over is a particle or a verb of the wording more often than a word, and is dropped.
    """
    words = [english for word in _segmented(text) for english in chinese().get(word, ())]
    return words, [text[start:end] for start, end in unknown_stretches(text, passed_over)]


def unknown_stretches(text: str, passed_over: Collection[str] = ()) -> list[tuple[int, int]]:
    """Where two or more characters stand together that are no known word."""
    found: list[tuple[int, int]] = []
    place, known = 0, chinese()
    for word in _segmented(text):
        if word not in known and word not in passed_over and not word.isspace():
            if found and found[-1][1] == place:
                found[-1] = (found[-1][0], place + 1)
            else:
                found.append((place, place + 1))
        place += len(word)
    return [(start, end) for start, end in found if end - start > 1]


def _segmented(text: str) -> Iterator[str]:
    """The known words of a text, the longest first, and single characters between them."""
    known = chinese()
    place, longest = 0, max(map(len, known))
    while place < len(text):
        length = next((n for n in range(min(longest, len(text) - place), 0, -1) if text[place : place + n] in known), 1)
        yield text[place : place + length]
        place += length
