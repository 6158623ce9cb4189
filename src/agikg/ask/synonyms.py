"""Words that ask for the same thing, and Chinese words for what statements say in English."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path


def _table() -> dict[str, frozenset[str]]:
    from agikg.words import stem

    stems: dict[str, str] = {}
    found: dict[str, set[str]] = {}
    for line in Path(__file__).with_name("thesaurus.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, *others = (stems[word] if word in stems else stems.setdefault(word, stem(word)) for word in line.split())
        found.setdefault(head, set()).update(others)
        for other in others:
            found.setdefault(other, set()).add(head)
    return {word: frozenset(others - {word}) for word, others in found.items()}


def _chinese() -> dict[str, tuple[str, ...]]:
    lines = Path(__file__).with_name("glossary.txt").read_text(encoding="utf-8").splitlines()
    pairs = (entry.strip().partition(" ") for line in lines if not line.startswith("#") for entry in line.split("|"))
    return {chinese: tuple(english.replace("-", " ").split()) for chinese, _, english in pairs}


SYNONYMS = _table()
"""Stem -> stems that may stand for it."""
CHINESE = _chinese()
"""Chinese word -> English words for it."""


def translated(text: str, passed_over: Collection[str] = ()) -> tuple[list[str], list[str]]:
    """English words for the Chinese words of a text, the longest first, and the stretches left over.

    A single character that is left over is a particle or a verb of the wording more often than a word, and is dropped.
    """
    words: list[str] = []
    left, place = [""], 0
    longest = max(map(len, CHINESE))
    while place < len(text):
        length = next((n for n in range(min(longest, len(text) - place), 0, -1) if text[place : place + n] in CHINESE), 0)
        if length:
            words += CHINESE[text[place : place + length]]
        elif text[place] not in passed_over:
            left[-1] += text[place]
        if (length or text[place] in passed_over) and left[-1]:
            left.append("")
        place += length or 1
    return words, [stretch for stretch in left if len(stretch) > 1]
