"""Uncertainty: how likely a target is down, and how much each entity has to do with it.

The measures of fault-tree analysis, S being "the target is unavailable":

- Birnbaum: P(S | e) - P(S | not e). At probabilities of 1/2 it is the *structural* importance: the share of the states of
  all others in which e decides.
- risk achievement worth: P(S | e) / P(S); risk reduction worth: P(S) / P(S | not e).
- Fussell-Vesely: P(some minimal cut set that contains e is down) / P(S).

Exact by enumerating all states, as columns (``bits.states``), after single points of failure are split off: they are in
series with the rest.
By Monte Carlo, with a seed and a 95 % interval, where there are too many.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import expm1, log1p, sqrt
from random import Random
from typing import NamedTuple

from agikg.analysis.bits import draw, measure, ones, states
from agikg.analysis.cutsets import cut_sets
from agikg.analysis.spread import Spread
from agikg.errors import BadInput
from agikg.network import DependencyNetwork

EXACT_UP_TO = 16
"""Most events, single points of failure aside, whose states are enumerated."""
_STRETCH = 4_096
"""Samples drawn with one stretch of random numbers."""
_ORDER = 2
"""Order of the cut sets behind Fussell-Vesely where states are sampled."""
_Z = 1.959964
"""Two-sided 95 % point of the normal distribution."""


class Estimate(NamedTuple):
    """A probability. Exact if ``low`` and ``high`` are equal to it; else a 95 % Wilson interval of a sample."""

    value: float
    low: float
    high: float


class Importance(NamedTuple):
    """Measures of one event; None where a denominator is 0."""

    event: int
    probability: float
    birnbaum: float
    risk_achievement: float | None
    risk_reduction: float | None
    fussell_vesely: float | None


class Uncertainty(NamedTuple):
    """Result.

    Attributes:
        unavailable: P(S).
        measures: one an event, largest Birnbaum first.
        method: ``exact`` or ``monte carlo``.
        structural: whether all probabilities are 1/2 because nobody gave any.
        order: up to which order cut sets were used for Fussell-Vesely; None for all.
    """

    unavailable: Estimate
    measures: list[Importance]
    method: str
    structural: bool
    order: int | None


Draws = Callable[[DependencyNetwork, "Sample", Sequence[tuple[int, int]]], Sequence[Sequence[int]]]
"""(network, sample, stretches) -> hits of each stretch, in any order."""


def importance(
    network: DependencyNetwork, target: int, probabilities: Mapping[int, float] | None = None, *, samples: int = 20_000, seed: int = 0,
    method: str = "auto", draws: Draws | None = None,
) -> Uncertainty:  # fmt: skip
    """Importance of the entities that a target needs.

    Args:
        network: scoped network.
        target: position of the entity.
        probabilities: position -> probability of being unavailable; others never are. None: structural importance, 1/2
            for everything the target needs.
        samples: columns of the Monte Carlo sample.
        seed: of the sample; the same seed gives the same numbers.
        method: ``exact``, ``monte carlo`` or ``auto``.
        draws: draws the stretches of a sample somewhere else (``cluster``); None for here.

    Raises:
        BadInput: a probability outside 0-1, a sample of nothing, no such method, or ``exact`` for too many events.
    """
    if samples < 1:
        raise BadInput(f"{samples} samples: at least one is needed")
    if method not in ("auto", "exact", "monte carlo"):
        raise BadInput(f"no method is called {method!r}", hint="one of auto, exact, monte carlo")
    spread = Spread(network, [target])
    events = [e for e in sorted(spread.cone) if e != target and e not in spread.baseline]
    if probabilities is not None:
        events = [entity for entity in events if probabilities.get(entity, 0.0) > 0]
        for entity, probability in probabilities.items():
            if not 0 <= probability <= 1:
                raise BadInput(f"the probability of {network.names[entity]} is {probability:g}", hint="probabilities go from 0 to 1")
    chance = {entity: 0.5 if probabilities is None else probabilities[entity] for entity in events}
    series = [members[0] for members in cut_sets(network, target, 1, deniable=events).sets]
    parallel = [entity for entity in events if entity not in set(series)]
    if method == "exact" and len(parallel) > EXACT_UP_TO:
        raise BadInput(f"{len(parallel)} events are too many to enumerate", hint=f"at most {EXACT_UP_TO}; leave the method to Monte Carlo")
    if method == "monte carlo" or len(parallel) > EXACT_UP_TO:
        sample = Sample(target, chance, cut_sets(network, target, _ORDER, deniable=chance).sets, seed)
        hits = [sum(column) for column in zip(*(draws or _drawn_here)(network, sample, stretches(samples)), strict=True)]
        return gathered(sample, hits, samples, probabilities is None)
    return _exact(spread, target, chance, series, parallel, probabilities is None)


def _exact(
    spread: Spread, target: int, chance: Mapping[int, float], series: list[int], parallel: list[int], structural: bool
) -> Uncertainty:
    rows, columns = states(len(parallel)), 1 << len(parallel)
    state = [0] * spread.size
    for entity, row in zip(parallel, rows, strict=True):
        state[entity] = row
    down = spread.run(state, columns)[target]

    def total(inner: float, apart: int | None = None) -> float:
        """P(S) from that of the part that is not in series; exact for small probabilities too."""
        alone = _any(chance[entity] for entity in series if entity != apart)
        return alone + (1 - alone) * inner

    p = [chance[entity] for entity in parallel]
    inner = measure(down, p)
    whole = total(inner)
    minimal = down & ~_union(_raised(down & ~row, place) for place, row in enumerate(rows))
    found = []
    for place, entity in enumerate(parallel):
        given, without = (total(measure(down, [*p[:place], q, *p[place + 1 :]])) for q in (1.0, 0.0))
        through = measure(_upwards(minimal & rows[place], rows), p)
        found.append(_measures(entity, chance[entity], whole, given, without, through))
    for entity in series:
        found.append(_measures(entity, chance[entity], whole, 1.0, total(inner, entity), chance[entity]))
    return Uncertainty(Estimate(whole, whole, whole), _ranked(found), "exact", structural, None)


def _any(chances: Iterable[float]) -> float:
    """Probability that at least one of some independent events happens: 1 - prod(1 - p), without losing small digits."""
    sum_ = 0.0
    for chance in chances:
        if chance >= 1:
            return 1.0
        sum_ += log1p(-chance)
    return -expm1(sum_)


def _union(rows: Iterable[int]) -> int:
    found = 0
    for row in rows:
        found |= row
    return found


def _raised(row: int, place: int) -> int:
    """The states with one more thing on: state s becomes s + 2**place."""
    return row << (1 << place)


def _upwards(row: int, rows: Sequence[int]) -> int:
    """The states and all that have more things on."""
    for place, on in enumerate(rows):
        row |= _raised(row & ~on, place)
    return row


def _measures(event: int, chance: float, whole: float, given: float, without: float, through: float) -> Importance:
    return Importance(
        event,
        chance,
        given - without,
        given / whole if whole else None,
        whole / without if without else None,
        through / whole if whole else None,
    )


def _ranked(found: list[Importance]) -> list[Importance]:
    return sorted(found, key=lambda row: (-row.birnbaum, row.event))


class Sample(NamedTuple):
    """What to draw: everything that decides about the numbers, so that any machine draws the same.

    Attributes:
        target: position. chance: event -> probability, in order of position. cuts: minimal cut sets among the events.
        seed: of the whole sample.
    """

    target: int
    chance: Mapping[int, float]
    cuts: Sequence[tuple[int, ...]]
    seed: int


def stretches(samples: int) -> list[tuple[int, int]]:
    """A sample cut into (number, size) stretches, each with random numbers of its own: so it can be drawn in any order."""
    return [(number, min(_STRETCH, samples - start)) for number, start in enumerate(range(0, samples, _STRETCH))]


def drawn(network: DependencyNetwork, sample: Sample, number: int, columns: int) -> list[int]:
    """Hits of one stretch: P(S), then for each event P(S | e), P(S | not e) and those with a cut set through e."""
    spread = Spread(network, [sample.target])
    random = Random(f"{sample.seed}/{number}")
    rows = {entity: draw(random, probability, columns) for entity, probability in sample.chance.items()}

    def down(changed: Mapping[int, int]) -> int:
        state = [0] * spread.size
        for entity, row in rows.items():
            state[entity] = changed.get(entity, row)
        return spread.run(state, columns)[sample.target].bit_count()

    hits = [down({})]
    for entity in sample.chance:
        through = _union(_together(rows, members) for members in sample.cuts if entity in members)
        hits += [down({entity: ones(columns)}), down({entity: 0}), through.bit_count()]
    return hits


def _drawn_here(network: DependencyNetwork, sample: Sample, parts: Sequence[tuple[int, int]]) -> list[list[int]]:
    return [drawn(network, sample, number, columns) for number, columns in parts]


def gathered(sample: Sample, hits: Sequence[int], samples: int, structural: bool) -> Uncertainty:
    """Measures from the hits of all stretches, summed."""
    shares = [count / samples for count in hits]
    found = [
        _measures(entity, probability, shares[0], *shares[1 + 3 * place : 4 + 3 * place])
        for place, (entity, probability) in enumerate(sample.chance.items())
    ]
    return Uncertainty(wilson(hits[0], samples), _ranked(found), "monte carlo", structural, _ORDER)


def _together(rows: Mapping[int, int], members: Collection[int]) -> int:
    row = -1
    for entity in members:
        row &= rows[entity]
    return row


def wilson(hits: int, samples: int) -> Estimate:
    """A share of a sample with its 95 % Wilson score interval (Wilson 1927)."""
    share, z2 = hits / samples, _Z * _Z
    centre = (share + z2 / (2 * samples)) / (1 + z2 / samples)
    half = _Z / (1 + z2 / samples) * sqrt(share * (1 - share) / samples + z2 / (4 * samples * samples))
    # At the ends rounding must not push the bound past the share itself.
    return Estimate(share, min(max(0.0, centre - half), share), max(min(1.0, centre + half), share))
