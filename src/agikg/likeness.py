"""What two questions have in common: words, names, and pairs of Chinese characters; tables of such tokens. Knows names, no claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from math import log
from typing import NamedTuple

from agikg.names import Names, is_chinese, tokenise
from agikg.words import stem


class Tokens(NamedTuple):
    """What a question is compared by: stems of words and pairs of neighbouring Chinese characters.

    Attributes:
        all: every one, and the entities it names (``#7``), so that questions in two languages, or by two names, meet.
        asking: those that stand outside of names: how it asks.
    """

    all: frozenset[str]
    asking: frozenset[str]


def tokens_of(text: str, names: Names) -> Tokens:
    """The tokens of a question."""
    found = tokenise(text)
    named, rest = [], list(found)
    for span in names.spans(found):
        if len(span.matches) == 1:
            named.append(f"#{span.matches[0].entity}")
            rest[span.start : span.end] = [""] * (span.end - span.start)
    return Tokens(frozenset([*_words(found), *named]), frozenset(_words(rest)))


@lru_cache(maxsize=8_192)
def stems_of(text: str, but: frozenset[str] = frozenset()) -> frozenset[str]:
    """Stems of the words of a text, some words left out."""
    return frozenset(stem(token) for token in tokenise(text) if token not in but)


def lasting(tokens: Iterable[str], id_of: Callable[[int], str]) -> list[str]:
    """Tokens with each entity by its id: what stays the same from one graph to the next."""
    return [id_of(int(token[1:])) if token.startswith("#") else token for token in tokens]


def _words(found: list[str]) -> Iterator[str]:
    before = ""
    for token in found:
        chinese = len(token) == 1 and is_chinese(token)
        if token and not chinese:
            yield stem(token)
        elif token and before:
            yield before + token
        before = token if chinese else ""


def weight(count: int, having: int) -> float:
    """How much a token tells that so many of ``count`` questions have (inverse document frequency)."""
    return log(1 + count / having)


def table(rows: Mapping[str, Iterable[int]]) -> bytes:
    """Numbers by token, a line of UTF-8 each in order: a start that looks up ten of twenty thousand tokens parses no others."""
    # Sorted as text, which is the order of its UTF-8, too.
    return "".join(f"{token} {' '.join(map(str, numbers))}\n" for token, numbers in sorted(rows.items())).encode("utf-8")


def looked_up(rows: bytes, token: str) -> list[int] | None:
    """The numbers of a token in a table, or None; O(log n) lines are looked at."""
    wanted = token.encode("utf-8")
    low, high = 0, len(rows)
    while low < high:
        start = rows.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = rows.index(b"\n", start)
        gap = rows.index(b" ", start, end)
        found = rows[start:gap]
        if found == wanted:
            return [int(number) for number in rows[gap:end].split()]
        low, high = (end + 1, high) if found < wanted else (low, start)
    return None
