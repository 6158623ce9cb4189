"""Minimal cut sets: smallest sets of entities whose joint denial stops a target.

Complete up to an order, by construction: a target that still runs does so on a *support*, a set of entities that keep
each other up; every cut set takes a member out of it. So all but the last two members of a set are found by branching over
supports, and the last two by denying all pairs at once (``spread``). In the words of fault-tree analysis: order 1 are the
single points of failure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from fractions import Fraction
from math import comb, fsum, isfinite
from typing import NamedTuple

from agikg.analysis.bits import of_sets, ones, pairs, positions
from agikg.analysis.denial import outage
from agikg.analysis.spread import Spread
from agikg.errors import BadInput, LimitHit
from agikg.network import DependencyNetwork

Progress = Callable[[int, int], None]
_MOST_COLUMNS = 1 << 33
"""Denials times entities that one call may look at; some minutes of work."""


_STEPS = 1 << 40
"""The solver counts in whole steps: so many make the cost of a set that is known to do. Smaller differences are rounding."""


class CutSets(NamedTuple):
    """Result.

    Attributes:
        sets: minimal cut sets, smaller ones first, members in ascending position; the target itself never counts.
        complete: whether these are all up to the order (False only where ``most`` cut the list).
        stopped: the target is unavailable with nothing denied, so there is nothing to cut.
    """

    sets: list[tuple[int, ...]]
    complete: bool
    stopped: bool


def cut_sets(
    network: DependencyNetwork, target: int, order: int = 2, *, deniable: Collection[int] | None = None, most: int | None = None,
    progress: Progress | None = None,
) -> CutSets:  # fmt: skip
    """All minimal cut sets of a target up to an order.

    Args:
        network: scoped network.
        target: position of the entity.
        order: most members of a set, at least 1.
        deniable: entities that may be denied; None for all.
        most: stop after so many sets (then ``complete`` is False).
        progress: told (done, total) branches.

    Raises:
        BadInput: an order below 1.
        LimitHit: the order is too high for a network of this size.
    """
    if order < 1:
        raise BadInput(f"order {order}: a cut set has at least one member")
    spread = Spread(network, [target])
    if target in spread.baseline:
        return CutSets([], True, True)
    cone = [e for e in spread.cone if e != target and e not in spread.baseline and (deniable is None or e in deniable)]
    singles = _stopping(spread, target, [(entity,) for entity in cone])
    found: list[tuple[int, ...]] = [(cone[column],) for column in singles]
    rest = sorted(set(cone) - {entity for (entity,) in found})
    if order > 1 and len(rest) > 1:
        _check_size(len(rest), order, len(spread.cone))
        found += _larger(spread, target, rest, order, most, progress)
    found = sorted({tuple(sorted(members)) for members in found}, key=lambda members: (len(members), members))
    cut = most is not None and len(found) > most
    return CutSets(found[:most], not cut, False)


def _check_size(rest: int, order: int, cone: int) -> None:
    if comb(rest, min(order, rest)) * cone > _MOST_COLUMNS * 64:
        raise LimitHit(
            f"cut sets of order {order} over {rest} entities are too many to look at", hint="lower the order, or name what may be denied"
        )


def _larger(spread: Spread, target: int, rest: list[int], order: int, most: int | None, progress: Progress | None) -> list[tuple[int, ...]]:
    """Cut sets of two and more among entities none of which is one by itself."""
    rows, table = pairs(len(rest))
    row_of = dict(zip(rest, rows, strict=True))
    found: list[tuple[int, ...]] = []
    known: set[frozenset[int]] = set()
    prefixes: set[frozenset[int]] = {frozenset()}
    for size in range(2, order + 1):
        following: set[frozenset[int]] = set()
        fresh: set[frozenset[int]] = set()
        for done, prefix in enumerate(sorted(prefixes, key=sorted)):
            fresh |= _completed(spread, target, rest, row_of, table, prefix, known)
            if size < order:
                following |= _branches(spread.network, target, prefix, row_of, known | fresh)
            if progress is not None:
                progress(done + 1, len(prefixes))
            if most is not None and len(found) + len(fresh) > most:
                return found + [tuple(sorted(members)) for members in fresh]
        known |= fresh
        found += [tuple(sorted(members)) for members in fresh]
        prefixes = {prefix for prefix in following if not any(cut <= prefix for cut in known)}
    return found


def _completed(
    spread: Spread, target: int, rest: list[int], row_of: Mapping[int, int], table: list[tuple[int, int]], prefix: frozenset[int],
    known: Collection[frozenset[int]],
) -> set[frozenset[int]]:  # fmt: skip
    """Minimal cut sets that consist of a prefix and two more; ``known`` are all that are smaller."""
    full = ones(len(table))
    dead = 0
    for entity in prefix:
        dead |= row_of[entity]  # such a pair adds only one
    for smaller in known:
        more = smaller - prefix
        if len(more) <= 2:  # what contains a smaller cut set is not minimal: all pairs with these
            column = full
            for entity in more:
                column &= row_of[entity]
            dead |= column
    state = [0] * spread.size
    for entity, row in row_of.items():
        state[entity] = full if entity in prefix else row
    spread.run(state, len(table))
    return {prefix | {rest[a], rest[b]} for a, b in map(table.__getitem__, positions(state[target] & ~dead))}


def _branches(
    network: DependencyNetwork, target: int, prefix: frozenset[int], able: Collection[int], known: set[frozenset[int]]
) -> set[frozenset[int]]:
    """Prefixes one longer: with each member of a support that the target has when the prefix is denied."""
    longer = (prefix | {entity} for entity in support(network, target, prefix) if entity in able)
    return {members for members in longer if members not in known}


def support(network: DependencyNetwork, target: int, denied: Collection[int] = ()) -> set[int]:
    """Entities that keep a target up when some are denied: as long as none of them goes, it runs.

    For each essential requirement as many serving, available members as it needs, those first that the support holds
    already; cycles may hold themselves up. Empty if the target is down.
    """
    down = outage(network, denied).failed
    if target in down:
        return set()
    kept, stack = {target}, [target]
    while stack:
        for group in _groups_of(network, stack.pop()):
            able = {network.supplier[link] for link in network.members[group] if network.serves(link)} - down.keys()
            links = [link for link in network.members[group] if network.serves(link) and network.supplier[link] in able]
            links.sort(key=lambda link: network.supplier[link] not in kept)
            for link in links[: network.group_minimum[group]]:
                if network.supplier[link] not in kept:
                    kept.add(network.supplier[link])
                    stack.append(network.supplier[link])
    return kept


def _groups_of(network: DependencyNetwork, entity: int) -> Iterable[int]:
    """Essential groups of an entity of which anything is known."""
    return {network.group[link] for link in network.needs_of[entity] if network.essential(link)}


def _stopping(spread: Spread, target: int, sets: list[tuple[int, ...]]) -> list[int]:
    """Which of the sets stop the target."""
    state = of_sets(sets, spread.size)
    spread.run(state, len(sets))
    return positions(state[target] & ones(len(sets)))


class Cheapest(NamedTuple):
    """The cheapest cut.

    Attributes:
        members: entities to deny; empty where the target is down already.
        cost: their cost together.
        possible: False where no set of deniable entities stops the target.
    """

    members: tuple[int, ...]
    cost: float
    possible: bool


def cheapest_cut(network: DependencyNetwork, target: int, costs: Mapping[int, float], default: float | None = 1.0) -> Cheapest:
    """A set of entities that stops a target at the least cost, proved optimal to a part in 10**12 (OR-tools, extra ``[solve]``).

    Implicit hitting sets: the solver proposes the cheapest set that meets all supports found so far; if the target still
    has a support, that joins them. Cycles need no special care, because supports may hold themselves up.

    Args:
        network: scoped network.
        target: position of the entity; it cannot be denied itself.
        costs: position -> cost of denying it, finite and above 0; ``inf`` forbids it.
        default: cost of all others; None forbids them.

    Raises:
        BadInput: a cost that makes no sense, or OR-tools is not installed.
    """
    price: dict[int, float] = {}
    for entity in range(len(network.names)):
        cost = costs.get(entity, default)
        if cost is None or cost == float("inf") or entity == target:
            continue
        if not (isfinite(cost) and cost > 0):
            raise BadInput(f"the cost of {network.names[entity]} is {cost:g}", hint="costs are numbers above 0; inf forbids")
        price[entity] = cost
    supports: list[list[int]] = []
    chosen: tuple[int, ...] = ()
    while kept := support(network, target, chosen):
        members = sorted(entity for entity in kept if entity in price)
        if not members:
            return Cheapest((), 0.0, False)
        supports.append(members)
        chosen = _hit(supports, price)
    return Cheapest(chosen, float(sum(Fraction(repr(price[entity])) for entity in chosen)), True)


def _hit(supports: list[list[int]], costs: Mapping[int, float]) -> tuple[int, ...]:
    """The cheapest set that has a member of every support, by CP-SAT."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise BadInput("the cheapest cut needs OR-tools", hint="pip install 'agikg[solve]'") from None
    # The cheapest member of each support does; what costs more than all of them together is never part of a cheapest set.
    known = fsum(costs[entity] for entity in {min(members, key=lambda entity: (costs[entity], entity)) for members in supports})
    steps = {entity: max(1, round(min(costs[entity] / known, 2.0) * _STEPS)) for members in supports for entity in members}
    model = cp_model.CpModel()
    denied = {entity: model.new_bool_var(f"deny {entity}") for entity in sorted({e for members in supports for e in members})}
    for members in supports:
        model.add_bool_or([denied[entity] for entity in members])
    model.minimize(sum(steps[entity] * variable for entity, variable in denied.items()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    if solver.solve(model) != cp_model.OPTIMAL:
        raise LimitHit("the solver found no proved optimum for the cheapest cut", hint="give simpler costs")
    return tuple(entity for entity, variable in denied.items() if solver.value(variable))
