"""Denial against brute force on random AND/OR networks with k-of-n groups, cycles and barred links."""

from __future__ import annotations

from array import array

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.denial import DENIED, cause, losses, outage
from agikg.network import DependencyNetwork


@st.composite
def networks(draw: st.DrawFn) -> DependencyNetwork:
    size = draw(st.integers(2, 6))
    groups = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(1, 2), st.booleans()), max_size=6))
    links: list[tuple[int, int, bool]] = []
    for group, (owner, _, _) in enumerate(groups):
        others = [other for other in range(size) if other != owner]
        for supplier in draw(st.sets(st.sampled_from(others), max_size=3)):
            links.append((group, supplier, draw(st.booleans()) and draw(st.booleans())))
    return DependencyNetwork(
        names=tuple(f"n{index}" for index in range(size)), predicates=("needs",), claims=(),
        dependent=array("i", (groups[g][0] for g, _, _ in links)), supplier=array("i", (s for _, s, _ in links)),
        predicate=array("i", [0] * len(links)), group=array("i", (g for g, _, _ in links)), in_use=bytes([1] * len(links)),
        evidence=tuple(((),) for _ in links), bars=tuple(() for _ in links), barred=bytes(barred for _, _, barred in links),
        group_owner=array("i", (owner for owner, _, _ in groups)), group_minimum=array("i", (minimum for _, minimum, _ in groups)),
        group_essential=bytes(essential for _, _, essential in groups), group_function=("",) * len(groups),
    )  # fmt: skip


def brute_force(network: DependencyNetwork, denied: set[int]) -> set[int]:
    """Adds every entity with a failed essential group, again and again, straight from the definition."""
    failed = set(denied)
    while True:
        new = {
            network.group_owner[group]
            for group in range(len(network.group_owner))
            if network.group_essential[group]
            and any(link_group == group for link_group in network.group)
            and sum(
                not network.barred[link] and network.supplier[link] not in failed
                for link in range(len(network))
                if network.group[link] == group
            )
            < network.group_minimum[group]
        }
        if new <= failed:
            return failed
        failed |= new


@given(networks(), st.sets(st.integers(0, 5), max_size=3))
def test_the_failed_set_is_the_least_fixpoint(network: DependencyNetwork, denied: set[int]) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    result = outage(network, denied)
    assert set(result.failed) == brute_force(network, denied)
    assert {entity for entity, group in result.failed.items() if group == DENIED} == denied
    for group, members in enumerate(network.members):
        alive = sum(not network.barred[link] and network.supplier[link] not in result.failed for link in members)
        assert result.serving[group] == alive


@given(networks(), st.sets(st.integers(0, 5), min_size=1, max_size=2))
def test_causes_lead_back_and_losses_leave_something(network: DependencyNetwork, denied: set[int]) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    before, after = outage(network), outage(network, denied)
    for entity in after.failed:
        chain = cause(network, after, entity)
        ends = [entity, *(network.supplier[link] for link in chain)]
        assert [network.dependent[link] for link in chain] == ends[:-1]
        assert len(set(ends)) == len(ends)
        assert set(ends) <= set(after.failed)
    for owner, lost in losses(network, before, after).items():
        assert owner not in after.failed
        for loss in lost:
            assert loss.lost
            if network.group_essential[loss.group]:
                assert len(loss.remaining) >= network.group_minimum[loss.group]


@given(networks())
def test_and_only_networks_agree_with_networkx(network: DependencyNetwork) -> None:
    """Groups of one, nothing barred, all essential: the failed set is what reaches the denied."""
    single = DependencyNetwork(
        names=network.names, predicates=("needs",), claims=(), dependent=network.dependent, supplier=network.supplier,
        predicate=network.predicate, group=array("i", range(len(network))), in_use=network.in_use, evidence=network.evidence,
        bars=network.bars, barred=bytes(len(network)), group_owner=network.dependent,
        group_minimum=array("i", [1] * len(network)), group_essential=bytes([1] * len(network)), group_function=("",) * len(network),
    )  # fmt: skip
    graph = single.to_networkx()
    for entity, name in enumerate(single.names):
        assert {single.names[other] for other in outage(single, [entity]).failed} == nx.ancestors(graph, name) | {name}


def test_a_cycle_that_only_supports_itself_stays_up() -> None:
    network = DependencyNetwork(
        names=("a", "b", "c"), predicates=("needs",), claims=(), dependent=array("i", [0, 1, 1]), supplier=array("i", [1, 0, 2]),
        predicate=array("i", [0] * 3), group=array("i", [0, 1, 2]), in_use=b"\1\1\1", evidence=(((),),) * 3, bars=((),) * 3,
        barred=b"\0\0\0", group_owner=array("i", [0, 1, 1]), group_minimum=array("i", [1] * 3), group_essential=b"\1\1\1",
        group_function=("",) * 3,
    )  # fmt: skip
    assert outage(network).failed == {}
    assert set(outage(network, [2]).failed) == {0, 1, 2}
