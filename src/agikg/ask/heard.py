"""The words of a question by what is asked of claims: which of them are never asked of a claim, and which point elsewhere.

Knows words and the questions that claims are known to answer, no family of questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from math import log, sqrt
from operator import mul
from typing import NamedTuple

from agikg.ask.expected import asking_tokens, having
from agikg.catalog import Catalog
from agikg.meaning import likest
from agikg.meaning import word as pointing

_PRIOR, _AGAIN = 3.0, 0.6
"""How many questions with a word are taken to be there beside those that are known, and the share of them that are not alone."""


class Word(NamedTuple):
    """A word of a question, outside of names.

    Attributes:
        binding: how much it tells against a claim that nobody asks for with it: minus the logarithm of how often the only
            question for a claim that has it is one of those that have it.
        heard: claims that say it, or that are asked for with it.
        points: its direction, of length 1; empty if none is known.
        new: whether no known question has it.
    """

    binding: float
    heard: Collection[int]
    points: Sequence[float]
    new: bool


@lru_cache(maxsize=64)
def words_of(catalog: Catalog, text: str) -> tuple[Word, ...]:
    """The words of a question that tell what is asked about. O(known questions that share a word)."""
    tokens = ((token, having(catalog, token)) for token in asking_tokens(catalog, text))
    return tuple(_word(catalog, token, numbers or ()) for token, numbers in tokens if numbers != ())


def _word(catalog: Catalog, token: str, numbers: Sequence[int]) -> Word:
    owners = catalog.search.known.claims
    said = catalog.search.postings.get(token, ())
    asked = Counter(map(owners.__getitem__, numbers))
    heard = {*said, *asked}
    again = sum(count for claim, count in asked.items() if count > 1) + sum(asked[claim] == 1 for claim in said if claim in asked)
    share = (again + _PRIOR * _AGAIN) / (len(numbers) + _PRIOR)
    steps = pointing(token) or ()
    length = sqrt(sum(map(mul, steps, steps)))
    return Word(-log(1 - share), heard, tuple(step / length for step in steps) if length else (), not numbers)


def heard(catalog: Catalog, text: str, claim: int, near: Collection[int]) -> dict[str, float]:
    """How much of a question's words is asked of a claim, each the more the better (0 at most where it sums up what is missing).

    Args:
        catalog: the claims.
        text: the question.
        claim: position of the claim.
        near: positions of the claims of its sentence.
    """
    words = words_of(catalog, text)
    middle = catalog.search.middles.of(claim)
    alike = [likest(word.points, middle) if word.points else 0.0 for word in words]
    unmeant = [word.binding * (1 - max(like, 0.0)) for word, like in zip(words, alike, strict=True) if claim not in word.heard]
    return {
        "heard": -sum(word.binding for word in words if claim not in word.heard),
        "heard near": -sum(word.binding for word in words if not any(one in word.heard for one in near)),
        "heard share": 1 - len(unmeant) / max(len(words), 1),
        "new words": float(sum(word.new for word in words)),
        "meant": -sum(unmeant),
        "meant least": -max(unmeant, default=0.0),
        "word alike": sum(alike) / max(len(words), 1),
        "word alike least": min(alike, default=0.0),
    }
