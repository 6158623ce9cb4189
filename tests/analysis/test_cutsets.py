"""Cut sets against denying every subset, single points against dominators, the cheapest cut against all cuts."""

from __future__ import annotations

import sys
from fractions import Fraction
from math import inf, nan

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agikg.analysis.cutsets import Cheapest, CutSets, cheapest_cut, cut_sets, support
from agikg.errors import BadInput, LimitHit
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, minimal_cuts, needs_graph, networks, plain, subsets
from tests.conftest import optional

ENTITIES = st.sets(st.integers(0, 6), max_size=7)


@st.composite
def tiered(draw: st.DrawFn) -> DependencyNetwork:
    """Entity 0 on layers of redundant groups, where large cut sets are common."""
    size = draw(st.integers(5, 8))
    group = st.tuples(st.integers(0, 3), st.lists(st.integers(1, size - 1), min_size=2, max_size=5), st.integers(1, 2))
    groups = draw(st.lists(group, min_size=2, max_size=5))
    groups[0] = (0, *groups[0][1:])
    return DependencyNetwork.from_columns(
        size, [owner for owner, _, _ in groups], [index for index, (_, members, _) in enumerate(groups) for _ in members],
        [member for _, members, _ in groups for member in members], minimum=[minimum for _, _, minimum in groups],
    )  # fmt: skip


# --- minimal cut sets ---------------------------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(st.one_of(networks(largest=7), tiered()), st.integers(0, 6), st.integers(1, 4), st.none() | ENTITIES)
def test_cut_sets_are_all_minimal_cutting_subsets(network: DependencyNetwork, target: int, order: int, deniable: set[int] | None) -> None:
    target %= len(network.names)
    found = cut_sets(network, target, order, deniable=deniable)
    if target in failures(network):
        assert found == CutSets([], True, True)
        return
    among = [e for e in range(len(network.names)) if deniable is None or e in deniable]
    assert found == CutSets(minimal_cuts(network, target, among, order), True, False)


@settings(max_examples=150, deadline=None)
@given(st.one_of(networks(), tiered()), st.integers(0, 5), st.integers(1, 4), st.integers(0, 4))
def test_a_list_that_is_cut_says_so(network: DependencyNetwork, target: int, order: int, most: int) -> None:
    target %= len(network.names)
    everything = cut_sets(network, target, order)
    found = cut_sets(network, target, order, most=most)
    assert found.complete == (len(everything.sets) <= most)
    assert found.stopped == everything.stopped
    assert set(found.sets) <= set(everything.sets)
    assert list(map(len, found.sets)) == [len(members) for members in everything.sets[:most]]


@given(st.one_of(networks(), tiered()), st.integers(0, 5), ENTITIES)
def test_a_support_keeps_the_target_up_by_itself(network: DependencyNetwork, target: int, denied: set[int]) -> None:
    size = len(network.names)
    target %= size
    denied = {entity for entity in denied if entity < size}
    kept = support(network, target, denied)
    if target in failures(network, denied):
        assert kept == set()
    else:
        assert target in kept
        assert kept.isdisjoint(failures(network, denied))
        assert target not in failures(network, set(range(size)) - kept)


@given(plain(), st.integers(0, 7))
def test_in_and_only_networks_all_that_is_needed_is_a_single_point(network: DependencyNetwork, target: int) -> None:
    target %= len(network.names)
    needed = sorted(nx.descendants(needs_graph(network), target) - {target})
    assert cut_sets(network, target, 3).sets == [(entity,) for entity in needed]


@given(st.integers(2, 9).flatmap(lambda n: st.tuples(*(st.sets(st.integers(0, max(i - 1, 0)), max_size=3) for i in range(n)))))
def test_single_points_of_or_only_networks_are_dominators(needs: tuple[set[int], ...]) -> None:
    """One group of alternatives an entity, no cycles: what stops the target lies on every chain from primary inputs."""
    rows = [sorted(members - {index}) for index, members in enumerate(needs)]
    owners = [index for index, members in enumerate(rows) if members]
    network = DependencyNetwork.from_columns(
        len(rows), owners, [group for group, owner in enumerate(owners) for _ in rows[owner]], [s for owner in owners for s in rows[owner]]
    )
    flow = needs_graph(network).reverse()
    flow.add_edges_from([(-1, index) for index, members in enumerate(rows) if not members])
    above = nx.immediate_dominators(flow, -1)
    for target in range(len(rows)):
        over, expected = above[target], []
        while over != -1:
            expected.append((over,))
            over = above[over]
        assert cut_sets(network, target, 1).sets == sorted(expected)


def test_known_cut_sets() -> None:
    """The bridge: 0 over 1-3, 2-4, and 5 across."""
    bridge = DependencyNetwork.from_columns(
        6, [0, 1, 2, 5], [0, 0, 1, 1, 2, 2, 3, 3], [1, 2, 3, 5, 4, 5, 3, 4]
    )  # fmt: skip
    assert cut_sets(bridge, 0, 4).sets == [(1, 2), (3, 4), (1, 4, 5), (2, 3, 5)]
    assert cut_sets(bridge, 0, 2).sets == [(1, 2), (3, 4)]
    two_of_three = DependencyNetwork.from_columns(4, [0], [0, 0, 0], [1, 2, 3], minimum=[2])
    assert cut_sets(two_of_three, 0).sets == [(1, 2), (1, 3), (2, 3)]
    six = DependencyNetwork.from_columns(7, [0], [0] * 6, range(1, 7))
    assert cut_sets(six, 0, 5) == CutSets([], True, False)
    assert cut_sets(six, 0, 9).sets == [(1, 2, 3, 4, 5, 6)]


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    six = DependencyNetwork.from_columns(7, [0], [0] * 6, range(1, 7))
    cut_sets(six, 0, 4, progress=lambda done, total: told.append((done, total)))
    assert told and all(1 <= done <= total for done, total in told) and told[-1][0] == told[-1][1]


def test_orders_that_make_no_sense_or_too_much_work() -> None:
    network = DependencyNetwork.from_columns(2, [0], [0], [1])
    for order in (0, -1):
        with pytest.raises(BadInput, match=f"order {order}"):
            cut_sets(network, 0, order)
    wide = DependencyNetwork.from_columns(2001, [0], [0] * 2000, range(1, 2001))
    assert cut_sets(wide, 0, 1).sets == []
    with pytest.raises(LimitHit, match="order 5 over 2000 entities") as caught:
        cut_sets(wide, 0, 5)
    assert "lower the order" in caught.value.hint
    assert cut_sets(wide, 0, 5, deniable=range(20)) == CutSets([], True, False)


# --- the cheapest cut ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def _solver() -> None:
    optional("ortools", "'agikg[solve]'")


PRICES = st.dictionaries(st.integers(0, 6), st.sampled_from((0.1, 0.2, 0.3, 0.25, 1.0, 2.0, 7.5, inf)))


def price_of(entity: int, costs: dict[int, float], default: float | None) -> Fraction | None:
    cost = costs.get(entity, default)
    return None if cost is None or cost == inf else Fraction(str(cost))


def best_cost(network: DependencyNetwork, target: int, costs: dict[int, float], default: float | None) -> Fraction | None:
    """Least cost of all subsets that stop the target."""
    prices = {e: p for e in range(len(network.names)) if e != target and (p := price_of(e, costs, default)) is not None}
    cutting = (members for members in subsets(prices) if target in failures(network, members))
    return min((sum((prices[e] for e in members), Fraction(0)) for members in cutting), default=None)


@settings(max_examples=250, deadline=None)
@given(st.one_of(networks(), tiered()), st.integers(0, 5), PRICES, st.sampled_from((1.0, 0.3, None, inf)))
def test_the_cheapest_cut_is_the_cheapest(
    _solver: None, network: DependencyNetwork, target: int, costs: dict[int, float], default: float | None
) -> None:
    target %= len(network.names)
    best = best_cost(network, target, costs, default)
    found = cheapest_cut(network, target, costs, default)
    if best is None:
        assert found == Cheapest((), 0.0, False)
        return
    assert (found.cost, found.possible) == (float(best), True)
    assert target not in found.members
    assert target in failures(network, found.members)
    prices = [price_of(entity, costs, default) for entity in found.members]
    assert None not in prices
    assert sum((price for price in prices if price is not None), Fraction(0)) == best


PAIR = DependencyNetwork.from_columns(3, [0, 0], [0, 1], [1, 2])


def test_a_target_that_is_down_costs_nothing(_solver: None) -> None:
    closed = DependencyNetwork.from_columns(2, [0], [0], [1], barred=[True])
    assert cheapest_cut(closed, 0, {}) == Cheapest((), 0.0, True)
    assert cheapest_cut(closed, 0, {}, None) == Cheapest((), 0.0, True)


@pytest.mark.parametrize(
    "costs",
    [
        {1: 1 / 3, 2: 2000.0},
        {1: 1000.0, 2: 2.0**64},
        {1: 1e-9, 2: 1e12},
        {1: 1e-30, 2: 1e3},
        {1: 5e300, 2: 1e301},
        {1: 0.1234567890123456, 2: 12345.678},
    ],
)
def test_costs_of_any_size_are_compared_rightly(_solver: None, costs: dict[int, float]) -> None:
    """Either of two stops the target, so the cheaper one is the answer."""
    assert cheapest_cut(PAIR, 0, costs) == Cheapest((1,), costs[1], True)


@pytest.mark.parametrize("cost", [0.0, -1.0, nan, -inf])
def test_costs_that_make_no_sense(_solver: None, cost: float) -> None:
    with pytest.raises(BadInput, match="cost of 1 is") as caught:
        cheapest_cut(PAIR, 0, {1: cost})
    assert "inf forbids" in caught.value.hint
    with pytest.raises(BadInput, match="cost of 1 is"):
        cheapest_cut(PAIR, 0, {}, cost)


def test_without_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ortools", "ortools.sat", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BadInput, match="OR-tools") as caught:
        cheapest_cut(PAIR, 0, {})
    assert "agikg[solve]" in caught.value.hint


@given(tiered(), st.integers(0, 3))
def test_a_cheapest_cut_at_equal_costs_is_a_smallest_cut_set(_solver: None, network: DependencyNetwork, target: int) -> None:
    target %= len(network.names)
    cuts = cut_sets(network, target, len(network.names))
    if cuts.sets:
        assert cheapest_cut(network, target, {}).members in cuts.sets
        assert cheapest_cut(network, target, {}).cost == len(cuts.sets[0])
