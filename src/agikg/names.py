"""Names of entities and how text finds them: exact, prefix, substring, then fuzzy.

Fuzzy scorers alone take "SMIC DUV" for "SMIC"; so they come last. Knows names and positions, nothing of the graph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:[.](?=\d)[^\W_]+)*")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_ARTICLES = ("the", "a", "an")
_FUZZY_FLOOR = 80.0
_CLOSE = 4.0
"""Two fuzzy scores nearer than this are a tie."""


class Match(NamedTuple):
    """An entity that a name fits.

    Attributes:
        entity: position of the entity.
        score: 1 for an exact name, less for the later stages.
        name: the known name that matched.
    """

    entity: int
    score: float
    name: str


class Span(NamedTuple):
    """Tokens ``start`` to ``end`` (excluded) of a text and the entities they name."""

    start: int
    end: int
    text: str
    matches: tuple[Match, ...]


def is_chinese(character: str) -> bool:
    """Whether a character is a Chinese one (a regular expression over these ranges takes milliseconds to compile)."""
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff"


def tokenise(text: str) -> list[str]:
    """Words, numbers and single Chinese characters of a text, case folded, possessives removed."""
    words = _WORD.findall(_POSSESSIVE.sub("", unicodedata.normalize("NFKC", text)).casefold())
    return [token for word in words for token in ((word,) if word.isascii() else _parts(word))]


def _parts(word: str) -> list[str]:
    """A word cut into single Chinese characters and what stands between them."""
    parts: list[str] = []
    for character in word:
        if is_chinese(character) or not parts or is_chinese(parts[-1][-1]):
            parts.append(character)
        else:
            parts[-1] += character
    return [part for part in (part.strip(".") for part in parts) if part]


def key(tokens: Iterable[str]) -> str:
    """Tokens run together: "Ascend 910C", "ascend-910c" and "ascend910c" have one key."""
    return "".join(tokens)


class Names:
    """All names of all entities.

    Args:
        table: key -> pairs of entity position and the name as written; pinyin forms included.
    """

    def __init__(self, table: Mapping[str, Sequence[tuple[int, str]]]) -> None:
        self._table = table

    def exact(self, tokens: Sequence[str]) -> tuple[Match, ...]:
        """Entities that go by exactly these tokens."""
        return tuple(Match(entity, 1.0, name) for entity, name in self._table.get(key(tokens), ()))

    def match(self, text: str) -> tuple[Match, ...]:
        """Entities a name may mean: the best stage that finds any, best first.

        One match is an answer; several of nearly the same score are a tie that the user has to resolve.
        """
        tokens = tokenise(text)
        while tokens and tokens[0] in _ARTICLES and len(tokens) > 1:
            tokens = tokens[1:]
        if not tokens:
            return ()
        return self.exact(tokens) or self._prefix(tokens) or self._substring(tokens) or self.fuzzy(tokens)

    def inexact(self, tokens: Sequence[str]) -> tuple[Match, ...]:
        """Entities whose name begins with these tokens and is at most twice as long, else those it misspells."""
        wanted = key(tokens)
        begun = self._shortest((k for k in self._table if k.startswith(wanted) and len(k) <= 2 * len(wanted)), wanted, 0.9)
        return (begun if len(wanted) > 3 else ()) or self.fuzzy(tokens)

    def sounding(self, tokens: Sequence[str]) -> tuple[Match, ...]:
        """Entities whose name sounds like these Chinese characters, whichever are written; scores are 0.7."""
        from pypinyin import lazy_pinyin

        return tuple(Match(entity, 0.7, name) for entity, name in self._table.get("".join(lazy_pinyin("".join(tokens))), ()))

    def _prefix(self, tokens: Sequence[str]) -> tuple[Match, ...]:
        wanted = key(tokens)
        if len(wanted) < 2:
            return ()
        return self._shortest((k for k in self._table if k.startswith(wanted)), wanted, 0.9)

    def _substring(self, tokens: Sequence[str]) -> tuple[Match, ...]:
        wanted = key(tokens)
        if len(wanted) < 3 and not (len(wanted) == 2 and all(map(is_chinese, wanted))):
            return ()
        return self._shortest((k for k in self._table if wanted in k), wanted, 0.8)

    def _shortest(self, keys: Iterable[str], wanted: str, score: float) -> tuple[Match, ...]:
        """Best name of each entity; the shorter the rest, the better."""
        best: dict[int, Match] = {}
        for found in keys:
            for entity, name in self._table[found]:
                match = Match(entity, round(score * (0.8 + 0.2 * len(wanted) / len(found)), 4), name)
                if entity not in best or match.score > best[entity].score:
                    best[entity] = match
        return tuple(sorted(best.values(), key=lambda match: (-match.score, match.name, match.entity)))

    def fuzzy(self, tokens: Sequence[str], floor: float = _FUZZY_FLOOR, limit: int = 5, *, same_digits: bool = True) -> tuple[Match, ...]:
        """Entities whose name differs by typing errors; scores are 0.7 times the similarity.

        With ``same_digits`` 910D is no misspelling of 910C, nor 2022 of 2023.
        """
        from rapidfuzz import fuzz, process

        wanted = key(tokens)
        if len(wanted) < 4:
            return ()
        best: dict[int, Match] = {}
        found = process.extract(wanted, list(self._table), scorer=fuzz.ratio, score_cutoff=floor, limit=4 * limit)
        for name_key, similarity, _ in found:
            if same_digits and (_digits(name_key) != _digits(wanted) or _unlike(name_key, wanted)):
                continue
            for entity, name in self._table[name_key]:
                if entity not in best or similarity > best[entity].score:
                    best[entity] = Match(entity, similarity, name)
        ordered = sorted(best.values(), key=lambda match: (-match.score, match.name, match.entity))[:limit]
        return tuple(Match(match.entity, round(0.007 * match.score, 4), match.name) for match in ordered)

    def near(self, text: str, limit: int = 3) -> tuple[Match, ...]:
        """Entities to offer for a name nobody knows, however far."""
        tokens = tokenise(text)
        found = [*self._prefix(tokens), *self._substring(tokens), *self.fuzzy(tokens, floor=50.0, same_digits=False)]
        for token in tokens:
            found += self.exact([token])
            found += self._prefix([token]) if len(token) > 2 else ()
        best: dict[int, Match] = {}
        for match in sorted(found, key=lambda match: -match.score):
            best.setdefault(match.entity, match)
        return tuple(best.values())[:limit]

    def spans(self, tokens: Sequence[str], longest: int = 14) -> list[Span]:
        """Names in a text, longest first from the left, without overlap."""
        found: list[Span] = []
        start = 0
        while start < len(tokens):
            keys = list(accumulate(tokens[start : start + longest]))  # of every end at once: a build looks at millions
            for end in range(start + len(keys), start, -1):
                if keys[end - start - 1] not in self._table:
                    continue
                matches = self.exact(tokens[start:end])
                if matches and not (end - start == 1 and len(tokens[start]) == 1):
                    found.append(Span(start, end, " ".join(tokens[start:end]), matches))
                    start = end
                    break
            else:
                start += 1
        return found


def tied(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches that stand level with the first; one alone is unambiguous."""
    if not matches:
        return ()
    margin = _CLOSE * 0.007 if matches[0].score < 1.0 else 0.0
    return tuple(match for match in matches if match.score >= matches[0].score - margin)


def _unlike(name: str, wanted: str) -> bool:
    """Whether two keys differ by more than typing errors do, which leave the first letter and nearly the length."""
    return name[0] != wanted[0] or abs(len(name) - len(wanted)) > max(2, len(wanted) // 6)


def _digits(text: str) -> str:
    """Digits with a letter that follows them: the part of a name that no typing error may change."""
    return "".join(re.findall(r"\d+[a-z]?", text))
