"""The exact sweep: for every entity, how much of the targets stops when it alone is denied.

Default engine in Python (``spread``), all denials of a batch at once; with the extra ``[fast]`` compiled loops
(``fast``) that give the same numbers. Both skip entities whose loss leaves every requirement met.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from fractions import Fraction
from functools import reduce
from importlib.util import find_spec
from math import isfinite, lcm
from typing import NamedTuple

from agikg.analysis.bits import batches, counts
from agikg.analysis.spread import Spread
from agikg.errors import BadInput
from agikg.network import DependencyNetwork

Progress = Callable[[int, int], None]
ENGINES = ("auto", "python", "fast")
_WORTH_COMPILING = 20_000
"""Links below which starting numba takes longer than it saves."""
_LARGEST = 1 << 62
"""Sums of weights stay below it in the fast engine, whose integers have 64 bits."""
_STATE_BITS = 1 << 31
"""Most bits that the state of a batch may hold (256 MiB)."""


class Sweep(NamedTuple):
    """Result of a sweep.

    Attributes:
        candidates: entities denied, each alone, in the order asked for.
        lost: for each the weight of the targets that stop because of it, itself and the baseline left out.
    """

    candidates: list[int]
    lost: list[float]


class Weights(NamedTuple):
    """Weights of targets as whole numbers over one denominator, so that sums are exact in any order."""

    whole: dict[int, int]
    denominator: int


def sweep(
    network: DependencyNetwork,
    candidates: Collection[int] | None = None,
    targets: Collection[int] | None = None,
    weights: Mapping[int, float] | None = None,
    *,
    engine: str = "auto",
    progress: Progress | None = None,
) -> Sweep:
    """What every single denial stops.

    Args:
        network: scoped network.
        candidates: entities to deny, each alone; None for all.
        targets: entities whose loss counts; None for all (or for those that have weights).
        weights: weight of each target, finite and at least 0; None for 1 each.
        engine: ``python``, ``fast`` (extra ``[fast]``) or ``auto``: fast where it is installed, worth its start, and can
            sum the weights exactly.
        progress: told (done, total) candidates after each batch; an exception it raises ends the sweep.

    Returns:
        Exact weights lost. O(links x candidates / 64) in the worst case; a batch holds at most 256 MiB.

    Raises:
        BadInput: no targets, an entity that does not exist, a weight that makes no sense, no such engine, or weights too
            fine for the ``fast`` engine.
    """
    chosen = weights_of(network, targets, weights)
    asked = list(range(len(network.names)) if candidates is None else candidates)
    check_entities(network, asked)
    if engine_for(engine, len(network)) == "fast" and (engine == "fast" or summable(chosen)):
        from agikg.analysis import fast

        return Sweep(asked, fast.lost(network, asked, chosen, progress))
    return Sweep(asked, _lost(network, asked, chosen, progress))


def _lost(network: DependencyNetwork, asked: list[int], chosen: Weights, progress: Progress | None) -> list[float]:
    spread = Spread(network, chosen.whole)
    critical = spread.critical
    wanted = set(asked) & critical - spread.baseline
    # In topological order a row only has bits of what stands before it: shorter integers, less work.
    columns = [entity for entity in spread.cone if entity in wanted]
    lost = dict.fromkeys(asked, 0)
    width = max(64, _STATE_BITS // max(len(network.names), 1))
    for done, batch in enumerate(batches(columns, width)):
        state = [0] * len(network.names)
        for column, entity in enumerate(batch):
            state[entity] = 1 << column
        spread.run(state, len(batch))
        rows = ((state[target], weight) for target, weight in chosen.whole.items() if target not in spread.baseline)
        for entity, total in zip(batch, counts(rows, len(batch)), strict=True):
            lost[entity] = total - chosen.whole.get(entity, 0)
        if progress is not None:
            progress(min((done + 1) * width, len(columns)), len(columns))
    return [lost[entity] / chosen.denominator for entity in asked]


def engine_for(engine: str, links: int) -> str:
    """The engine to use: ``python`` or ``fast``.

    Raises:
        BadInput: no such engine, or ``fast`` without numba.
    """
    if engine not in ENGINES:
        raise BadInput(f"no engine is called {engine!r}", hint=f"one of {', '.join(ENGINES)}")
    if engine == "python" or (engine == "auto" and links < _WORTH_COMPILING):
        return "python"
    if find_spec("numba") is not None:
        return "fast"
    if engine == "fast":
        raise BadInput("the fast engine needs numba", hint="pip install 'agikg[fast]'")
    return "python"


def weights_of(network: DependencyNetwork, targets: Collection[int] | None, weights: Mapping[int, float] | None) -> Weights:
    """The targets that count, each with its weight, as ``sweep`` takes them.

    Args:
        network: scoped network.
        targets: entities whose loss counts; None for all (or for those that have weights).
        weights: weight of each target, finite and at least 0; None for 1 each. Targets without one weigh 1.

    Returns:
        Exact weights: a float counts as the shortest decimal that reads as it.

    Raises:
        BadInput: no targets, a target that does not exist, or a weight that makes no sense.
    """
    chosen = list(weights or range(len(network.names))) if targets is None else list(targets)
    if not chosen:
        raise BadInput("no targets: nothing could be lost", hint="give at least one target")
    check_entities(network, chosen)
    if weights is None:
        return Weights(dict.fromkeys(chosen, 1), 1)
    given = {target: float(weights.get(target, 1.0)) for target in chosen}
    for target, weight in given.items():
        if not (isfinite(weight) and weight >= 0):
            raise BadInput(f"the weight of {network.names[target]} is {weight}", hint="weights are numbers from 0")
    # The shortest decimal that reads as the float: 0.1 is a tenth here, as the user meant it.
    exact = {target: Fraction(repr(weight)) for target, weight in given.items()}
    denominator = reduce(lcm, {weight.denominator for weight in exact.values()}, 1)
    if not isfinite(sum(given.values())):
        raise BadInput("the weights sum to more than a number can hold")
    return Weights({target: int(weight * denominator) for target, weight in exact.items()}, denominator)


def summable(chosen: Weights) -> bool:
    """Whether the fast engine can sum the weights exactly, in integers of 64 bits."""
    return sum(chosen.whole.values()) < _LARGEST


def check_summable(chosen: Weights) -> None:
    """Refuses weights that the fast engine cannot sum exactly.

    Raises:
        BadInput: over their common denominator they sum to 2**62 or more.
    """
    if not summable(chosen):
        digits, most = sum(chosen.whole.values()).bit_length(), _LARGEST.bit_length() - 1
        raise BadInput(
            f"the weights are too fine for the fast engine: their exact sum takes {digits} binary digits, at most {most} were expected",
            hint="round the weights to fewer decimals, or take engine 'python' or 'auto'",
        )


def check_entities(network: DependencyNetwork, entities: Collection[int]) -> None:
    """Refuses positions that the network does not have; none at all is fine.

    Raises:
        BadInput: a position below 0, or not below the number of entities.
    """
    for entity in (min(entities, default=0), max(entities, default=0)):
        if not 0 <= entity < len(network.names):
            raise BadInput(f"there is no entity {entity}: positions go from 0 to {len(network.names) - 1}")
