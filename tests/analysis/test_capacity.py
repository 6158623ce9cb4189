"""Partial capacity against the formula iterated literally, and against Boolean denial at the extremes."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import replace
from math import isnan, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agikg.analysis.capacity import OPTIMISTIC, PESSIMISTIC, Levels
from agikg.errors import BadInput
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, networks, plain

TOLERANCE = 1e-4
"""A change of 1e-6 may be left undone once in every round of a cycle."""
BOUNDS = st.sampled_from((OPTIMISTIC, PESSIMISTIC))
CAPS = st.dictionaries(st.integers(0, 5), st.sampled_from((0.0, 0.2, 0.5, 0.75, 1.0)), max_size=4)
NETWORKS = st.one_of(networks(), networks(shares=True))


def existing(network: DependencyNetwork, caps: Mapping[int, float]) -> dict[int, float]:
    return {entity: cap for entity, cap in caps.items() if entity < len(network.names)}


def met(network: DependencyNetwork, group: int, level: list[float], optimistic: bool) -> float:
    """Level at which a requirement is met."""
    members = [link for link in range(len(network)) if network.group[link] == group]
    links = [link for link in members if not network.barred[link]]
    heights = {link: level[network.supplier[link]] for link in links}
    if len(links) < network.group_minimum[group]:
        return 0.0
    as_good = sorted(heights.values())[-network.group_minimum[group]]  # so many alternatives run at least at this
    known = {link: network.share[link] for link in members if not isnan(network.share[link])}
    unknown = [link for link in links if link not in known]
    # A closed link of known share carries nothing, as a denied one would.
    carried = sum(share * heights.get(link, 0.0) for link, share in known.items())
    rest = 1 - sum(known.values())
    if unknown:
        carrying = [link for link in unknown if network.in_use[link]] or unknown
        split = sum(heights[link] for link in carrying) / len(carrying)
        found = carried + rest * (max(heights[link] for link in unknown) if optimistic else split)
        if not known and optimistic:
            return as_good
    elif rest == 1:
        found = 1.0
    else:
        found = carried + rest if optimistic else carried / (1 - rest)
    return found if network.group_minimum[group] == 1 and known else min(as_good, found)


def by_hand(network: DependencyNetwork, caps: Mapping[int, float], optimistic: bool, linear: bool = True) -> list[float]:
    """h(x) = min(cap(x), met(g) over essential g, 1 - sum over supporting g of w(g) (1 - met(g))), all at once, from 1."""
    level = [1.0] * len(network.names)
    while True:
        following = []
        for entity in range(len(level)):
            groups = [g for g, owner in enumerate(network.group_owner) if owner == entity and g in set(network.group)]
            essential = [met(network, g, level, optimistic) for g in groups if network.group_essential[g]]
            supporting = [met(network, g, level, optimistic) for g in groups if not network.group_essential[g]]
            weight = 1 / len(groups) if supporting and linear and not optimistic else 0.0
            following.append(max(0.0, min([caps.get(entity, 1.0), *essential, 1 - sum(weight * (1 - value) for value in supporting)])))
        if max(abs(a - b) for a, b in zip(level, following, strict=True)) < 1e-12:
            return following
        level = following


def levels(network: DependencyNetwork, caps: Mapping[int, float], bound: str, *, linear: bool = True) -> list[float]:
    work = Levels(network, bound, linear=linear)
    found = work.under(caps)
    return [found.get(entity, before) for entity, before in enumerate(work.baseline)]


# --- against the formula ------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(NETWORKS, CAPS, BOUNDS, st.booleans())
def test_levels_are_those_of_the_formula(network: DependencyNetwork, caps: dict[int, float], bound: str, linear: bool) -> None:
    caps = existing(network, caps)
    work = Levels(network, bound, linear=linear)
    before = by_hand(network, {}, bound == OPTIMISTIC, linear)
    after = by_hand(network, caps, bound == OPTIMISTIC, linear)
    assert work.baseline == pytest.approx(before, abs=TOLERANCE)
    assert levels(network, caps, bound, linear=linear) == pytest.approx(after, abs=TOLERANCE)
    found = work.under(caps)
    assert all(0 <= level < work.baseline[entity] for entity, level in found.items())
    fallen = {entity for entity in range(len(before)) if after[entity] < before[entity] - TOLERANCE}
    assert fallen <= found.keys()


@settings(max_examples=100, deadline=None)
@given(networks(shares=True), CAPS, BOUNDS)
def test_shares_that_are_all_known_are_a_weighted_sum(network: DependencyNetwork, caps: dict[int, float], bound: str) -> None:
    """Where every requirement is fully accounted for, both bounds are the published formula."""
    caps = existing(network, caps)
    sizes = [len(links) for links in network.members]
    full = replace(
        network,
        share=array("d", (1 / sizes[group] for group in network.group)),
        group_minimum=array("i", [1] * len(sizes)),
        group_essential=bytes([1]) * len(sizes),
        barred=bytes(len(network)),
    )
    level = [1.0] * len(full.names)
    for _ in range(400):
        level = [
            min(
                [caps.get(entity, 1.0)]
                + [
                    sum(full.share[link] * level[full.supplier[link]] for link in links)
                    for group, links in enumerate(full.members)
                    if links and full.group_owner[group] == entity
                ]
            )
            for entity in range(len(level))
        ]
    assert levels(full, caps, bound) == pytest.approx(level, abs=1e-3)


# --- against Boolean denial ---------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(networks(), st.sets(st.integers(0, 5), max_size=3))
def test_at_the_extremes_the_optimistic_level_is_boolean(network: DependencyNetwork, denied: set[int]) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    found = levels(network, dict.fromkeys(denied, 0.0), OPTIMISTIC)
    down = failures(network, denied)
    assert found == [0.0 if entity in down else 1.0 for entity in range(len(network.names))]
    assert Levels(network, OPTIMISTIC).baseline == [float(entity not in failures(network)) for entity in range(len(network.names))]


@settings(max_examples=150, deadline=None)
@given(networks(), st.sets(st.integers(0, 5), max_size=3), st.booleans())
def test_what_stops_has_no_capacity_in_the_pessimistic_reading(network: DependencyNetwork, denied: set[int], linear: bool) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    found = levels(network, dict.fromkeys(denied, 0.0), PESSIMISTIC, linear=linear)
    assert all(found[entity] < TOLERANCE for entity in failures(network, denied))


@pytest.mark.parametrize("bound", [OPTIMISTIC, PESSIMISTIC])
@pytest.mark.parametrize("shares", [[0.5, 0.5], [0.5, nan], [nan, 0.5], [nan, nan]])
def test_one_of_two_that_are_both_needed_stops_whatever_their_shares(bound: str, shares: list[float]) -> None:
    network = group_of(shares, minimum=[2])
    assert failures(network, {1}) == {0, 1}
    assert levels(network, {1: 0.0}, bound)[0] == 0


@pytest.mark.parametrize("bound", [OPTIMISTIC, PESSIMISTIC])
def test_a_closed_link_costs_the_share_that_it_carries(bound: str) -> None:
    """As the denial of its supplier does."""
    closed = group_of([0.6, 0.4], barred=[False, True])
    assert levels(group_of([0.6, 0.4]), {2: 0.0}, bound)[0] == pytest.approx(0.6)
    assert levels(closed, {}, bound)[0] == pytest.approx(0.6)


@given(plain(), st.integers(0, 7), st.sampled_from((0.0, 0.3, 0.8)))
def test_in_and_only_networks_all_dependents_run_at_the_cap(network: DependencyNetwork, entity: int, cap: float) -> None:
    entity %= len(network.names)
    down = failures(network, {entity})
    for bound in (OPTIMISTIC, PESSIMISTIC):
        assert Levels(network, bound).under({entity: cap}) == dict.fromkeys(sorted(down), cap)


# --- properties ---------------------------------------------------------------------------------------------------


@settings(max_examples=120, deadline=None)
@given(NETWORKS, CAPS)
def test_the_optimistic_level_is_never_below_the_pessimistic_one(network: DependencyNetwork, caps: dict[int, float]) -> None:
    caps = existing(network, caps)
    pairs = zip(levels(network, caps, OPTIMISTIC), levels(network, caps, PESSIMISTIC), strict=True)
    assert all(high >= low - TOLERANCE for high, low in pairs)


@settings(max_examples=120, deadline=None)
@given(NETWORKS, CAPS, CAPS, BOUNDS)
def test_lower_caps_never_raise_a_level(network: DependencyNetwork, caps: dict[int, float], more: dict[int, float], bound: str) -> None:
    caps, more = existing(network, caps), existing(network, more)
    lower = {entity: min(caps.get(entity, 1.0), more.get(entity, 1.0)) for entity in caps | more}
    pairs = zip(levels(network, lower, bound), levels(network, caps, bound), strict=True)
    assert all(low <= high + TOLERANCE for low, high in pairs)


@given(NETWORKS, BOUNDS, st.integers(0, 5))
def test_no_level_is_above_its_cap_and_full_caps_change_nothing(network: DependencyNetwork, bound: str, entity: int) -> None:
    entity %= len(network.names)
    work = Levels(network, bound)
    assert work.under({}) == work.under(dict.fromkeys(range(len(network.names)), 1.0)) == {}
    assert work.under({entity: 0.4}).get(entity, work.baseline[entity]) <= 0.4
    assert work.under({entity: 0.4}) == work.under({entity: 0.4})


def group_of(shares: list[float], **columns: list[int] | list[bool]) -> DependencyNetwork:
    """Entity 0 with one requirement of several alternatives."""
    count = len(shares)
    return DependencyNetwork.from_columns(count + 1, [0], [0] * count, range(1, count + 1), share=shares, **columns)  # type: ignore[arg-type]


def test_unknown_shares_are_two_bounds() -> None:
    unknown = group_of([nan, nan])
    assert levels(unknown, {1: 0.2}, OPTIMISTIC)[0] == 1
    assert levels(unknown, {1: 0.2}, PESSIMISTIC)[0] == pytest.approx(0.6)
    assert levels(unknown, {1: 0.2, 2: 0.5}, OPTIMISTIC)[0] == 0.5
    assert levels(unknown, {1: 0.2, 2: 0.5}, PESSIMISTIC)[0] == pytest.approx(0.35)


def test_known_shares_carry_their_part() -> None:
    for bound in (OPTIMISTIC, PESSIMISTIC):
        assert levels(group_of([0.75, 0.25]), {1: 0.2}, bound)[0] == pytest.approx(0.4)
    partly = group_of([0.5, nan, nan])
    assert levels(partly, {2: 0.0}, OPTIMISTIC)[0] == 1
    assert levels(partly, {2: 0.0}, PESSIMISTIC)[0] == pytest.approx(0.75)
    uncovered = group_of([0.5, 0.25])
    assert levels(uncovered, {1: 0.0}, OPTIMISTIC)[0] == pytest.approx(0.5)
    assert levels(uncovered, {1: 0.0}, PESSIMISTIC)[0] == pytest.approx(1 / 3)


def test_only_the_optimistic_reading_lets_unused_alternatives_step_in() -> None:
    spare = group_of([nan, nan], in_use=[True, False])
    assert levels(spare, {1: 0.0}, OPTIMISTIC)[0] == 1
    assert levels(spare, {1: 0.0}, PESSIMISTIC)[0] == 0


def test_supporting_requirements_weaken_only_the_pessimistic_level() -> None:
    network = DependencyNetwork.from_columns(3, [0, 0], [0, 1], [1, 2], essential=[True, False])
    assert levels(network, {2: 0.0}, OPTIMISTIC)[0] == 1
    assert levels(network, {2: 0.0}, PESSIMISTIC)[0] == pytest.approx(0.5)
    assert levels(network, {2: 0.0}, PESSIMISTIC, linear=False)[0] == 1


def test_a_cycle_falls_to_its_limit() -> None:
    """Each carries half of the other; what comes from outside halves until it meets the rest."""
    ring = DependencyNetwork.from_columns(3, [0, 1], [0, 0, 1], [1, 2, 0], share=[0.5, 0.5, nan])
    for bound in (OPTIMISTIC, PESSIMISTIC):
        assert levels(ring, {2: 0.4}, bound)[:2] == pytest.approx([0.4, 0.4], abs=1e-5)


# --- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cap", [-0.1, 1.1, nan, float("inf")])
def test_capacities_outside_0_to_1(cap: float) -> None:
    with pytest.raises(BadInput, match="capacity of 1 is") as caught:
        Levels(group_of([nan]), OPTIMISTIC).under({1: cap})
    assert "0 (denied) to 1" in caught.value.hint


def test_shares_above_the_whole() -> None:
    broken = replace(group_of([0.5, 0.5]), share=array("d", [0.5, 0.6]))
    with pytest.raises(BadInput, match=r"sum to 1\.1, more than 1"):
        Levels(broken, OPTIMISTIC)


def test_a_bound_that_does_not_exist() -> None:
    with pytest.raises(BadInput):
        Levels(group_of([nan]), "optimist")
