"""Claims by how people ask for them: how like a question is to those that claims are known to answer. Knows no family of questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple

from agikg.ask.everyday import wholly_everyday
from agikg.ask.lexicon import STOP_CHARACTERS
from agikg.catalog import Catalog
from agikg.likeness import Tokens, lasting, looked_up, tokens_of, weight
from agikg.meaning import direction, likest
from agikg.search_index import Directions
from agikg.words import stem

_STRANGE = 0.5
"""Part of the weight of a token that no known question has: it may be a name, or only another way to ask."""
_PRIOR = 2.0
"""How many questions for a relation are taken to be like all questions, beside those that are known."""
_LEAST = log(1e-4)
_DEGREES = "最更很较"
"""Chinese words for most, more, very and rather, written before another."""


class Expected(NamedTuple):
    """What the questions that claims are known to answer tell about a question.

    Attributes:
        claims: by position of the claim, how like the question is to the likest that it answers (0 to 1, the cosine of their
            weighted tokens).
        best: the most of these.
        relations: by predicate, the logarithm of how likely it is asked for, against the likeliest (naive Bayes over the words
            outside of names; 0 at most).
    """

    claims: Mapping[int, float]
    best: float
    relations: Mapping[str, float]


@lru_cache(maxsize=64)
def _tokens(catalog: Catalog, text: str) -> Tokens:
    return tokens_of(text, catalog.names)


@lru_cache(maxsize=64)
def expected(catalog: Catalog, text: str) -> Expected:
    """Compares a question with all known ones; O(known questions that share a token)."""
    tokens = _tokens(catalog, text)
    claims = _likeness(catalog, tokens.all)
    return Expected(claims, max(claims.values(), default=0.0), _relations(catalog, tokens.asking))


@lru_cache(maxsize=1_024)
def having(catalog: Catalog, token: str) -> tuple[int, ...] | None:
    """The known questions that have a token, by number; none where everybody says it, None where nobody does."""
    numbers = looked_up(catalog.search.known.having, token)
    return None if numbers is None else tuple(numbers)


def asking_tokens(catalog: Catalog, text: str) -> list[str]:
    """The tokens of a question outside of names, in order of the alphabet."""
    return sorted(_tokens(catalog, text).asking)


def _likeness(catalog: Catalog, tokens: frozenset[str]) -> dict[int, float]:
    known = catalog.search.known
    owners, lengths = known.claims, known.lengths
    count = len(owners)
    shared: dict[int, float] = {}
    square = 0.0
    for token in sorted(tokens):
        numbers = having(catalog, token)
        if numbers == ():
            continue  # everybody says it
        told = (weight(count, len(numbers)) if numbers else _STRANGE * weight(count, 1)) ** 2
        square += told
        for number in numbers or ():
            shared[number] = shared.get(number, 0.0) + told
    length = sqrt(square) or 1.0
    found: dict[int, float] = {}
    for number, product in shared.items():
        found[owners[number]] = max(found.get(owners[number], 0.0), product / (lengths[number] / 100 * length))
    return found


def _relations(catalog: Catalog, tokens: frozenset[str]) -> dict[str, float]:
    known = catalog.search.known
    asked, asking = known.relations.values(), known.asking
    total = sum(asked)
    found = [log(count / total) for count in asked]
    for token in sorted(tokens):
        pairs = looked_up(asking, token)
        if pairs is None:
            continue
        having = dict(zip(pairs[::2], pairs[1::2], strict=True))
        share = sum(pairs[1::2]) / total
        for place, count in enumerate(asked):
            found[place] += log((having.get(place, 0) + _PRIOR * share) / (count + _PRIOR) / share)
    most = max(found, default=0.0)
    return {relation: max(each - most, _LEAST) for relation, each in zip(known.relations, found, strict=True)}


def known_tokens(catalog: Catalog, text: str) -> list[str]:
    """The tokens of a text by which it points somewhere."""
    return lasting(_tokens(catalog, text).all, lambda position: catalog.ref(position).id)


def meant_alike(catalog: Catalog, text: str, claims: Iterable[int]) -> dict[int, float]:
    """How much alike a question and each claim point (-1 to 1): the most that any question it answers, or its statement, does.

    Claims that are known to answer no question are left out. O(texts of the claims).
    """
    return _alike(catalog, text, claims, catalog.search.directions)


def meant_together(catalog: Catalog, text: str, claims: Iterable[int]) -> dict[int, float]:
    """How much alike a question and all texts of each claim together point; else as ``meant_alike``. O(claims)."""
    return _alike(catalog, text, claims, catalog.search.middles)


def _alike(catalog: Catalog, text: str, claims: Iterable[int], pointing: Directions) -> dict[int, float]:
    asked = _asked(catalog, text)
    own = ((claim, pointing.of(claim)) for claim in claims) if asked else ()
    return {claim: likest(asked, steps) for claim, steps in own if steps}


@lru_cache(maxsize=64)
def _asked(catalog: Catalog, text: str) -> tuple[float, ...]:
    return direction(known_tokens(catalog, text))


def ordinary(catalog: Catalog, word: str, text: str = "") -> bool:
    """Whether people ask with a word, outside of names, or it is made of everyday words of its text: no name that nobody knows."""
    asking = catalog.search.known.asking
    if word.isascii():
        return looked_up(asking, stem(word)) is not None
    word = word.lstrip(_DEGREES) or word  # "most active": the degree makes no other word of it
    if all(looked_up(asking, word[index : index + 2]) is not None for index in range(max(len(word) - 1, 1))):
        return True
    return wholly_everyday(text, word, STOP_CHARACTERS)
