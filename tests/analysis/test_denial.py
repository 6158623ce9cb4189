"""Denial against brute force on random AND/OR networks with k-of-n groups, cycles and barred links."""

from __future__ import annotations

from random import Random

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.denial import DENIED, causes, changes, outage
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, needs_graph, networks, plain


@given(networks(), st.sets(st.integers(0, 5), max_size=3))
def test_the_failed_set_is_the_least_fixpoint(network: DependencyNetwork, denied: set[int]) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    result = outage(network, denied)
    assert set(result.failed) == failures(network, denied)
    assert {entity for entity, group in result.failed.items() if group == DENIED} == denied
    for group, members in enumerate(network.members):
        alive = sum(not network.barred[link] and network.supplier[link] not in result.failed for link in members)
        assert result.serving[group] == alive


@given(networks(), st.sets(st.integers(0, 5), min_size=1, max_size=2))
def test_causes_lead_back_to_what_was_denied(network: DependencyNetwork, denied: set[int]) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    after = outage(network, denied)
    chains = causes(network, after)
    assert chains.keys() == after.failed.keys()
    place = {entity: index for index, entity in enumerate(after.failed)}
    for entity, chain in chains.items():
        ends = [entity, *(network.supplier[link] for link in chain)]
        assert [network.dependent[link] for link in chain] == ends[:-1]
        assert sorted(map(place.__getitem__, ends), reverse=True) == list(map(place.__getitem__, ends))
        assert set(ends) <= set(after.failed)
        if entity not in outage(network).failed:
            assert ends[-1] in denied or ends[-1] in outage(network).failed


@given(networks(), st.sets(st.integers(0, 5), max_size=2), st.randoms())
def test_changes_are_the_difference_of_what_serves(network: DependencyNetwork, denied: set[int], random: Random) -> None:
    denied = {entity for entity in denied if entity < len(network.names)}
    other = network.with_bars([random.random() < 0.3 for _ in network.barred])
    was, now = outage(network), outage(other, denied)
    found = changes(network, was, other, now)
    for group, owner in enumerate(network.group_owner):
        served = {link for link in network.members[group] if network.serves(link) and network.supplier[link] not in was.failed}
        serves = {link for link in network.members[group] if other.serves(link) and network.supplier[link] not in now.failed}
        told = [change for change in found.get(owner, []) if change.group == group]
        assert len(told) == (served != serves and owner not in now.failed)
        for change in told:
            assert (set(change.lost), set(change.gained), set(change.remaining)) == (served - serves, serves - served, serves)


@given(plain())
def test_and_only_networks_agree_with_networkx(network: DependencyNetwork) -> None:
    """The failed set is what reaches the denied."""
    graph = needs_graph(network)
    for entity in range(len(network.names)):
        assert set(outage(network, [entity]).failed) == nx.ancestors(graph, entity) | {entity}


def test_a_cycle_that_only_supports_itself_stays_up() -> None:
    network = DependencyNetwork.from_columns(["a", "b", "c"], [0, 1, 1], [0, 1, 2], [1, 0, 2])
    assert outage(network).failed == {}
    assert set(outage(network, [2]).failed) == {0, 1, 2}
