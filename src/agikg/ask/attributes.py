"""What a question asks for by a word that the answer has to know, and words that say the contrary. Knows claims' words, no family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from agikg.ask.expected import having
from agikg.catalog import Catalog
from agikg.likeness import stems_of
from agikg.names import is_chinese, tokenise
from agikg.words import stem

_FOLDER = Path(__file__).parent


@cache
def _attributes() -> tuple[frozenset[str], ...]:
    """Of each attribute, the words by which it is asked for."""
    return tuple(frozenset(line.split()) for line in _lines("attributes.txt"))


@cache
def _opposites() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    pairs = (line.partition("|") for line in _lines("opposites.txt"))
    return tuple((stems_of(left), stems_of(right)) for left, _, right in pairs)


def _lines(name: str) -> Iterator[str]:
    lines = _FOLDER.joinpath(name).read_text(encoding="utf-8").splitlines()
    return (line for line in lines if line and not line.startswith("#"))


def asked_attributes(text: str) -> list[frozenset[str]]:
    """The attributes that a question asks for, each as the words by which it is asked for."""
    own = set(tokenise(text))
    return [words for words in _attributes() if own & words or any(not word.isascii() and word in text for word in words)]


@lru_cache(maxsize=64)
def knowing(catalog: Catalog, words: frozenset[str]) -> frozenset[int]:
    """Claims that know an attribute: their statement says one of its words, or a question that they answer does."""
    known, found = catalog.search.known, set[int]()
    for word in words:
        token = word[:2] if is_chinese(word[0]) else stem(word)
        found.update(catalog.search.postings.get(token, ()))
        found.update(known.claims[number] for number in having(catalog, token) or ())
    return frozenset(found)


def contraries(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """For each word of a question that has a contrary: the words that say as it does, and those that say the contrary."""
    own = stems_of(text)
    return [(left, right) for left, right in _opposites() if left & own and not right & own]


def contrary(asked: Iterable[tuple[frozenset[str], frozenset[str]]], statement: str) -> bool:
    """Whether a statement says the contrary of a word of a question (of its ``contraries``), and not that word."""
    return any(right & stems_of(statement) and not left & stems_of(statement) for left, right in asked)
