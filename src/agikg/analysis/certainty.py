"""How sure a conclusion is when each claim is right only with its confidence, independently of the others.

The probability that the conclusion is still reached when every claim is withdrawn with probability one minus its
confidence; a claim's influence is P(conclusion | claim) - P(conclusion | claim withdrawn), Birnbaum's measure for claims.
Confidence is a judgement, not a frequency: the number orders conclusions, it does not predict.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from agikg.analysis.bits import draw, measure, ones, states
from agikg.analysis.importance import EXACT_UP_TO, Estimate, wilson
from agikg.analysis.withdrawal import Holds
from agikg.errors import BadInput


class Certainty(NamedTuple):
    """Result.

    Attributes:
        probability: that the conclusion holds.
        influence: one a claim, in the order given.
        method: ``exact`` or ``monte carlo``.
    """

    probability: Estimate
    influence: list[float]
    method: str


def certainty(holds: Holds, claims: Sequence[int], scores: Sequence[float], *, samples: int = 20_000, seed: int = 0) -> Certainty:
    """How sure a conclusion is.

    Args:
        holds: the conclusion.
        claims: positions of the claims it may rest on.
        scores: confidence of each claim, 0-1.
        samples: columns of the sample where there are too many claims to enumerate.
        seed: of the sample.

    Raises:
        BadInput: a score outside 0-1, or samples below 1.
    """
    if samples < 1 or not all(0 <= score <= 1 for score in scores):
        raise BadInput("confidences go from 0 to 1, and at least one sample is needed")
    doubts = [1 - score for score in scores]
    if len(claims) <= EXACT_UP_TO:
        rows = states(len(claims))
        kept = holds(dict(zip(claims, rows, strict=True)), 1 << len(claims))
        value = measure(kept, doubts)
        without = [measure(kept, [*doubts[:place], 1.0, *doubts[place + 1 :]]) for place in range(len(claims))]
        given = [measure(kept, [*doubts[:place], 0.0, *doubts[place + 1 :]]) for place in range(len(claims))]
        influence = [a - b for a, b in zip(given, without, strict=True)]
        return Certainty(Estimate(value, value, value), influence, "exact")
    random = Random(seed)
    drawn = {claim: draw(random, doubt, samples) for claim, doubt in zip(claims, doubts, strict=True)}

    def share(changed: dict[int, int]) -> int:
        return holds({**drawn, **changed}, samples).bit_count()

    influence = [(share({claim: 0}) - share({claim: ones(samples)})) / samples for claim in claims]
    return Certainty(wilson(share({}), samples), influence, "monte carlo")
