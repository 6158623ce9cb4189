"""The network itself: what its constructors refuse, the way to networkx and back, and scopes."""

from __future__ import annotations

from array import array
from dataclasses import replace
from math import isnan, nan
from typing import Any

import networkx as nx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agikg.errors import BadInput
from agikg.network import UNKNOWN, DependencyNetwork
from tests.analysis.networks import CLAIMS, claimed, failures, networks

# --- plain columns ------------------------------------------------------------------------------------------------


def test_defaults_of_plain_columns() -> None:
    network = DependencyNetwork.from_columns(["a", "b", "c"], [0], [0, 0], [1, 2])
    assert network.names == ("a", "b", "c")
    assert network.position == {"a": 0, "b": 1, "c": 2}
    assert (list(network.dependent), list(network.supplier), list(network.group)) == ([0, 0], [1, 2], [0, 0])
    assert (list(network.group_minimum), network.group_essential, network.group_function) == ([1], b"\1", ("",))
    assert (network.in_use, network.barred) == (b"\1\1", b"\0\0")
    assert all(map(isnan, network.share)) and isnan(UNKNOWN)
    assert len(network) == 2
    assert (network.needs_of, network.needed_by, network.members) == ([[0, 1], [], []], [[], [0], [1]], [[0, 1]])
    assert [list(network.alternatives(link)) for link in range(2)] == [[1], [0]]
    assert DependencyNetwork.from_columns(2, [], [], []).names == ("0", "1")


@given(networks())
def test_views_of_links(network: DependencyNetwork) -> None:
    rows = list(zip(network.group, network.supplier, strict=True))
    assert [network.group_owner[group] for group, _ in rows] == list(network.dependent)
    for entity in range(len(network.names)):
        assert list(network.needs_of[entity]) == [link for link, (group, _) in enumerate(rows) if network.group_owner[group] == entity]
        assert list(network.needed_by[entity]) == [link for link, (_, supplier) in enumerate(rows) if supplier == entity]
    for group in range(len(network.group_owner)):
        assert list(network.members[group]) == [link for link, (other, _) in enumerate(rows) if other == group]
        assert network.serving[group] == sum(not network.barred[link] for link in network.members[group])
    for link, (group, _) in enumerate(rows):
        assert network.serves(link) == (not network.barred[link])
        assert network.used(link) == (bool(network.in_use[link]) and not network.barred[link])
        assert network.essential(link) == bool(network.group_essential[group])
        assert sorted([link, *network.alternatives(link)]) == network.members[group]


GOOD: dict[str, Any] = {"entities": ["a", "b", "c"], "group_owner": [0], "group": [0, 0], "supplier": [1, 2]}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"supplier": [1, 3]}, r"'supplier' names a position outside 0\.\.2"),
        ({"supplier": [-1, 1]}, r"'supplier' names a position outside 0\.\.2"),
        ({"group_owner": [3]}, r"'group_owner' names a position outside 0\.\.2"),
        ({"group_owner": [-1]}, r"'group_owner' names a position outside 0\.\.2"),
        ({"group": [0, 1]}, r"'group' names a position outside 0\.\.0"),
        ({"group": [0, -1]}, r"'group' names a position outside 0\.\.0"),
        ({"supplier": [1, 2**40]}, "no 32-bit number"),
        ({"entities": 0}, "names a position outside"),
        ({"supplier": [1]}, "'supplier' has 1 entries, 2 are expected"),
        ({"in_use": [True]}, "'in_use' has 1 entries, 2 are expected"),
        ({"barred": [True] * 3}, "'barred' has 3 entries, 2 are expected"),
        ({"share": [0.5]}, "'share' has 1 entries, 2 are expected"),
        ({"minimum": [1, 1]}, "'minimum' has 2 entries, 1 are expected"),
        ({"essential": []}, "'essential' has 0 entries, 1 are expected"),
        ({"function": ["x", "y"]}, "'function' has 2 entries, 1 are expected"),
        ({"minimum": [0]}, "minima below 1"),
        ({"minimum": [-2]}, "minima below 1"),
        ({"share": [0.5, 1.5]}, r"the share of c in a is 1\.5"),
        ({"share": [-0.1, nan]}, r"the share of b in a is -0\.1"),
        ({"share": [float("inf"), nan]}, "the share of b in a is inf"),
        ({"share": [0.6, 0.5]}, r"the shares of a requirement of a sum to 1\.1, more than 1"),
    ],
)
def test_columns_that_make_no_sense(wrong: dict[str, Any], told: str) -> None:
    DependencyNetwork.from_columns(**GOOD)
    with pytest.raises(BadInput, match=told):
        DependencyNetwork.from_columns(**{**GOOD, **wrong})


def test_shares_may_sum_to_one_in_each_group() -> None:
    network = DependencyNetwork.from_columns(2, [0, 0], [0] * 10 + [1], [1] * 11, share=[0.1] * 10 + [1.0])
    assert network.share[-1] == 1.0


def test_minima_may_be_above_the_number_of_members() -> None:
    assert failures(DependencyNetwork.from_columns(2, [0], [0], [1], minimum=[2])) == {0}


# --- networkx -----------------------------------------------------------------------------------------------------


def told(network: DependencyNetwork) -> list[Any]:
    """What a network says of requirements that have members, in no order."""
    found = []
    for group, links in enumerate(network.members):
        if links:
            rows = sorted(
                (network.names[network.supplier[link]], network.in_use[link], network.barred[link], repr(network.share[link]))
                for link in links
            )
            head = (network.names[network.group_owner[group]], network.group_minimum[group], network.group_essential[group])
            found.append((*head, network.group_function[group], rows))
    return sorted(found)


def once(network: DependencyNetwork) -> DependencyNetwork:
    """The network with the first link only of each supplier in a group."""
    kept = {(network.group[link], network.supplier[link]): link for link in reversed(range(len(network)))}
    links = sorted(kept.values())
    return DependencyNetwork.from_columns(
        network.names, network.group_owner, [network.group[link] for link in links], [network.supplier[link] for link in links],
        minimum=network.group_minimum, essential=map(bool, network.group_essential), in_use=[bool(network.in_use[link]) for link in links],
        barred=[bool(network.barred[link]) for link in links], share=[network.share[link] for link in links], function=network.group_function,
    )  # fmt: skip


@given(networks(shares=True))
def test_to_networkx_and_back(network: DependencyNetwork) -> None:
    network = once(network)
    again = DependencyNetwork.from_networkx(network.to_networkx())
    assert again.names == network.names
    assert told(again) == told(network)
    assert failures(again) == failures(network)


def test_two_links_of_one_supplier_survive_the_way_to_networkx_and_back() -> None:
    twice = DependencyNetwork.from_columns(3, [0], [0, 0, 0], [1, 1, 2], minimum=[3], in_use=[True, False, True])
    assert len(twice.to_networkx().edges) == 3
    assert told(DependencyNetwork.from_networkx(twice.to_networkx())) == told(twice)


def test_attributes_of_nodes_and_edges() -> None:
    network = replace(
        DependencyNetwork.from_columns(["a", "b"], [0], [0], [1], share=[0.5], function=["light"], barred=[True], essential=[False]),
        claims=("c0", "c1"),
        evidence=(((0, 1), (1,)),),
    )
    graph = network.to_networkx({"a": {"kind": "maker"}})
    assert dict(graph.nodes(data=True)) == {"a": {"kind": "maker"}, "b": {}}
    assert list(graph.edges(keys=True, data=True)) == [
        (
            "a",
            "b",
            "needs/0/0",
            {
                "predicate": "needs",
                "essential": False,
                "in_use": True,
                "barred": True,
                "group": 0,
                "function": "light",
                "minimum": 1,
                "share": 0.5,
                "claims": ["c0", "c1"],
            },
        )
    ]
    unknown = DependencyNetwork.from_columns(["a", "b"], [0], [0], [1]).to_networkx()
    assert "share" not in unknown.edges["a", "b", "needs/0/0"]


def test_any_directed_graph_is_a_network() -> None:
    plain = DependencyNetwork.from_networkx(nx.DiGraph([("a", "b"), ("a", "c"), ("b", "c")]))
    assert failures(plain, {2}) == {0, 1, 2}
    assert len(plain.group_owner) == 3
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", group="chips", minimum=1)
    graph.add_edge("a", "c", group="chips")
    graph.add_edge("b", "c", group="chips")  # another requirement: of b
    network = DependencyNetwork.from_networkx(graph)
    assert list(network.group_owner) == [0, 1]
    assert failures(network, {1}) == {1}
    assert failures(network, {2}) == {0, 1, 2}


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (nx.Graph([(0, 1)]), "undirected"),
        (nx.DiGraph([(0, 1, {"share": 2.0})]), "the share of 1 in 0 is 2"),
        (nx.DiGraph([(0, 1, {"minimum": 0})]), "minima below 1"),
        (nx.DiGraph([(0, 1, {"group": "g", "share": 0.7}), (0, 2, {"group": "g", "share": 0.7})]), r"sum to 1\.4"),
    ],
)
def test_graphs_that_make_no_sense(graph: nx.Graph[int], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        DependencyNetwork.from_networkx(graph)


# --- scopes -------------------------------------------------------------------------------------------------------

SETS = st.sets(st.integers(0, CLAIMS - 1))


def same(a: float, b: float) -> bool:
    return a == b or (isnan(a) and isnan(b))


def rows(network: DependencyNetwork) -> list[Any]:
    return [
        (*row[:-1], repr(row[-1]))
        for row in zip(
            network.dependent, network.supplier, network.group, network.in_use, network.evidence, network.bars, network.barred,
            network.shares, network.share, strict=True,
        )
    ]  # fmt: skip


@given(claimed(shares=True), SETS)
def test_a_scope_keeps_what_its_claims_carry(network: DependencyNetwork, holding: set[int]) -> None:
    scoped = network.restricted(holding.__contains__)
    kept = [link for link in range(len(network)) if any(set(claims) <= holding for claims in network.evidence[link])]
    assert len(scoped) == len(kept)
    for place, link in enumerate(kept):
        assert (scoped.dependent[place], scoped.supplier[place], scoped.group[place], scoped.in_use[place]) == (
            network.dependent[link], network.supplier[link], network.group[link], network.in_use[link],
        )  # fmt: skip
        assert list(scoped.evidence[place]) == [claims for claims in network.evidence[link] if set(claims) <= holding]
        assert set(scoped.bars[place]) == set(network.bars[link]) & holding
        assert bool(scoped.barred[place]) == bool(set(network.bars[link]) & holding)
        said = [share for claim, share in network.shares[link] if claim in holding]
        assert same(scoped.share[place], said[-1] if said else UNKNOWN if network.shares[link] else network.share[link])
        assert set(scoped.link_claims(place)) == set().union(*scoped.evidence[place])
    assert (scoped.group_owner, scoped.group_function, scoped.claims) == (network.group_owner, network.group_function, network.claims)


@given(claimed(), SETS)
def test_what_is_not_known_in_a_scope_fails_nobody(network: DependencyNetwork, holding: set[int]) -> None:
    """Of what is left of a requirement no more is needed than there is, and nothing if none of it is in use."""
    scoped = network.restricted(holding.__contains__)
    for group, links in enumerate(scoped.members):
        if links:
            assert scoped.group_minimum[group] == min(network.group_minimum[group], len(links))
            in_use = any(scoped.in_use[link] for link in links)
            assert bool(scoped.group_essential[group]) == (bool(network.group_essential[group]) and in_use)
    opened = scoped.with_bars([False] * len(scoped))
    assert failures(opened) == set()


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(claimed(shares=True), SETS, SETS)
def test_scopes_one_after_the_other_are_one_scope(network: DependencyNetwork, first: set[int], second: set[int]) -> None:
    """A claim that does not count leaves nothing behind: neither link, nor bar, nor share."""
    after = network.restricted(first.__contains__).restricted(second.__contains__)
    at_once = network.restricted((first & second).__contains__)
    assert rows(after) == rows(at_once)
    for group, links in enumerate(at_once.members):
        if links:
            assert (after.group_minimum[group], after.group_essential[group]) == (
                at_once.group_minimum[group],
                at_once.group_essential[group],
            )


@given(claimed(shares=True))
def test_a_scope_of_everything_keeps_all_links(network: DependencyNetwork) -> None:
    scoped = network.restricted(lambda _: True)
    assert [row[:6] for row in rows(scoped)] == [row[:6] for row in rows(network)]


def test_the_last_share_that_holds_counts() -> None:
    network = replace(
        DependencyNetwork.from_columns(2, [0], [0], [1]),
        claims=("said in 2023", "said in 2024", "serves"),
        evidence=(((2,),),),
        shares=(((0, 0.5), (1, 0.25)),),
    )
    assert network.restricted(lambda _: True).share == array("d", [0.25])
    assert network.restricted(lambda claim: claim != 1).share == array("d", [0.5])
    assert isnan(network.restricted(lambda claim: claim == 2).share[0])
    assert isnan(network.restricted(lambda _: True).restricted(lambda claim: claim == 2).share[0])


def test_links_closed_by_hand_stay_closed_in_a_scope() -> None:
    """Flags that rest on no claim hold whatever claims count."""
    network = DependencyNetwork.from_columns(2, [0], [0], [1], barred=[True])
    assert network.restricted(lambda _: True).barred == b"\1"


@given(networks(), st.randoms(use_true_random=False))
def test_other_links_closed(network: DependencyNetwork, random: Any) -> None:
    assert network.serving is not None
    flags = [random.random() < 0.5 for _ in range(len(network))]
    other = network.with_bars(flags)
    assert list(map(bool, other.barred)) == flags
    assert [other.serves(link) for link in range(len(network))] == [not flag for flag in flags]
    assert other.serving == [sum(not flags[link] for link in links) for links in network.members]
    assert (other.group, other.supplier, other.share.tobytes()) == (network.group, network.supplier, network.share.tobytes())
