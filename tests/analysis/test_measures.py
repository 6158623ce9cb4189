"""Measures that are called criticality against their definitions and networkx."""

from __future__ import annotations

from array import array
from dataclasses import replace
from math import isnan, nan

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agikg.analysis import measures
from agikg.analysis.measures import Concentration, betweenness, chains, concentration, dominated, hhi, most_concentrated, ranks, to_part
from agikg.errors import BadInput
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, networks, plain


def used_graph(network: DependencyNetwork, essential: bool = True) -> nx.DiGraph[int]:
    """Links in use that no control closes, from dependent to need."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(network.names)))
    for link in range(len(network)):
        if network.in_use[link] and not network.barred[link] and (network.group_essential[network.group[link]] or not essential):
            graph.add_edge(network.dependent[link], network.supplier[link])
    return graph


@given(networks(), st.booleans())
def test_chains_are_the_links_in_use(network: DependencyNetwork, essential: bool) -> None:
    found, expected = chains(network, essential=essential), used_graph(network, essential)
    assert set(found.nodes) == set(expected.nodes)
    assert set(found.edges) == set(expected.edges)


# --- dominated ----------------------------------------------------------------------------------------------------


def only_through(network: DependencyNetwork, entity: int) -> int:
    """How many others reach primary inputs, and no longer do without the entity."""
    graph = used_graph(network)
    primary = [node for node in graph if not list(graph.successors(node))]
    reaching = set(primary).union(*(nx.ancestors(graph, node) for node in primary))
    if entity not in reaching:
        return 0
    left = graph.subgraph(set(graph) - {entity})
    still = {node for node in primary if node != entity}
    still |= set().union(*(nx.ancestors(left, node) for node in still))
    return len(reaching - still - {entity})


def with_primary_input(network: DependencyNetwork) -> DependencyNetwork:
    """The network and one more entity, which needs nothing."""
    return replace(network, names=(*network.names, "primary"))


@settings(max_examples=300, deadline=None)
@given(networks(largest=8))
def test_dominated_entities_reach_primary_inputs_in_no_other_way(network: DependencyNetwork) -> None:
    network = with_primary_input(network)
    assert dominated(network) == [only_through(network, entity) for entity in range(len(network.names))]


@given(plain())
def test_dominated_entities_are_a_part_of_what_stops_in_and_only_networks(network: DependencyNetwork) -> None:
    network = with_primary_input(network)
    assert all(count <= len(failures(network, {entity})) - 1 for entity, count in enumerate(dominated(network)))


def test_known_dominators() -> None:
    """A diamond over one source: a on b and c, both on d."""
    diamond = DependencyNetwork.from_columns(4, [0, 1, 2], [0, 0, 1, 2], [1, 2, 3, 3])
    assert dominated(diamond) == [0, 0, 0, 3]
    assert dominated(DependencyNetwork.from_columns(3, [0, 1], [0, 1], [1, 2])) == [0, 1, 2]


def test_without_primary_inputs_nothing_is_dominated() -> None:
    assert dominated(DependencyNetwork.from_columns(2, [0, 1], [0, 1], [1, 0])) == [0, 0]
    assert dominated(DependencyNetwork.from_columns(0, [], [], [])) == []


# --- betweenness --------------------------------------------------------------------------------------------------


def share_of_chains(graph: nx.DiGraph[int], node: int) -> float:
    """Brandes' definition with every shortest path listed."""
    total = 0.0
    others = [other for other in graph if other != node]
    for a in others:
        for b in others:
            if a != b and nx.has_path(graph, a, b):
                paths = list(nx.all_shortest_paths(graph, a, b))
                total += sum(node in path for path in paths) / len(paths)
    pairs = (len(graph) - 1) * (len(graph) - 2)
    return total / pairs if pairs else 0.0


@settings(max_examples=60, deadline=None)
@given(networks())
def test_betweenness_is_the_share_of_shortest_chains(network: DependencyNetwork) -> None:
    graph = used_graph(network)
    found = betweenness(network)
    assert found == pytest.approx([share_of_chains(graph, node) for node in graph])
    reference = nx.betweenness_centrality(graph)
    assert found == pytest.approx([reference[node] for node in graph])


def test_many_entities_are_sampled_by_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    network = DependencyNetwork.from_columns(60, range(59), range(59), range(1, 60))
    exact = betweenness(network)
    monkeypatch.setattr(measures, "_SAMPLED_ABOVE", 20)
    assert betweenness(network, 1) == betweenness(network, 1) != betweenness(network, 2)
    assert max(abs(a - b) for a, b in zip(betweenness(network, 1), exact, strict=True)) < 0.2
    reference = nx.betweenness_centrality(used_graph(network), k=20, seed=1)
    assert betweenness(network, 1) == pytest.approx([reference[node] for node in range(60)])


# --- concentration ------------------------------------------------------------------------------------------------


def group_of(shares: list[float], **columns: list[bool]) -> DependencyNetwork:
    count = len(shares)
    return DependencyNetwork.from_columns(count + 1, [0], [0] * count, range(1, count + 1), share=shares, **columns)  # type: ignore[arg-type]


@settings(max_examples=120)
@given(networks(shares=True))
def test_concentration_by_definition(network: DependencyNetwork) -> None:
    for group in range(len(network.group_owner)):
        links = [link for link in range(len(network)) if network.group[link] == group and not network.barred[link]]
        found = concentration(network, group)
        if not links:
            assert found is None
            continue
        suppliers = {network.supplier[link] for link in links}
        shares = [sum(network.share[link] for link in links if network.supplier[link] == supplier) for supplier in suppliers]
        known = [share for share in shares if not isnan(share)]
        unknown = len(shares) - len(known)
        filled = known + [(1 - sum(known)) / unknown] * unknown if unknown else known
        assert found is not None
        assert found.hhi == pytest.approx(sum(share**2 for share in filled) if sum(known) > 0 else 1 / len(shares))
        assert found.coverage == pytest.approx(sum(known))
        assert found.alternatives == len(shares)
        assert 0 <= found.hhi <= 1 and 0 <= found.coverage <= 1


@given(st.integers(2, 5), st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_the_rest_is_split_so_that_concentration_is_least(count: int, parts: list[float]) -> None:
    """No way to give the rest to the alternatives of unknown share is less concentrated."""
    found = concentration(group_of([0.4, *([nan] * count)]), 0)
    total = sum(parts[: count - 1]) or 1.0
    split = [0.6 * part / (total * 2) for part in parts[: count - 1]]
    assert found is not None
    assert found.hhi <= 0.4**2 + sum(part**2 for part in split) + (0.6 - sum(split)) ** 2 + 1e-12


def test_known_concentrations() -> None:
    assert concentration(group_of([0.5, 0.3, 0.2]), 0) == pytest.approx(Concentration(0.38, 1.0, 3))
    assert concentration(group_of([nan, nan, nan, nan]), 0) == pytest.approx(Concentration(0.25, 0.0, 4))
    assert concentration(group_of([0.6, nan, nan]), 0) == pytest.approx(Concentration(0.36 + 0.08, 0.6, 3))
    assert concentration(group_of([0.6, 0.1]), 0) == pytest.approx(Concentration(0.37, 0.7, 2))
    assert concentration(group_of([0.6, nan, nan], barred=[True, False, False]), 0) == pytest.approx(Concentration(0.5, 0.0, 2))
    assert concentration(group_of([0.6], barred=[True]), 0) is None


def test_two_links_of_one_supplier_are_one_alternative() -> None:
    """Concentration is among suppliers, however many links say that one serves."""
    twice = DependencyNetwork.from_columns(3, [0], [0, 0, 0], [1, 1, 2], share=[0.25, 0.25, 0.5])
    assert concentration(twice, 0) == pytest.approx(Concentration(0.5, 1.0, 2))


def test_with_nothing_but_counts_concentration_is_one_by_the_count() -> None:
    """As ``Concentration`` promises for a coverage of 0, also where shares of 0 are stated."""
    found = concentration(group_of([0.0, 0.0]), 0)
    assert found is not None
    assert (found.coverage, found.alternatives, found.hhi) == (0.0, 2, 0.5)


def test_shares_above_the_whole() -> None:
    broken = replace(group_of([0.5, 0.5]), share=array("d", [0.5, 0.6]))
    with pytest.raises(BadInput, match=r"of 0 sum to 1\.1, more than 1"):
        concentration(broken, 0)


@given(networks(shares=True))
def test_most_concentrated_requirement_that_an_entity_serves(network: DependencyNetwork) -> None:
    found = most_concentrated(network)
    for entity in range(len(network.names)):
        served = {
            network.group[link]
            for link in range(len(network))
            if network.supplier[link] == entity and not network.barred[link] and network.group_essential[network.group[link]]
        }
        values = [value for group in served if (value := concentration(network, group)) is not None]
        best = found[entity]
        assert (best is None) == (not values)
        if best is not None:
            assert best in values and best.hhi == max(value.hhi for value in values)


# --- shares and ranks ---------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 20)), max_size=10), st.integers(1, 100))
def test_to_part_is_the_smallest_number_of_names(rows: list[tuple[str, int]], percent: int) -> None:
    from itertools import combinations

    sums = {name: sum(share for other, share in rows if other == name) for name, _ in rows}
    reaching = [n for n in range(len(sums) + 1) if any(sum(some) >= percent for some in combinations(sums.values(), n))]
    assert to_part([(name, share / 100) for name, share in rows], percent / 100) == min(reaching, default=None)


def test_countries_to_three_quarters() -> None:
    shares = [("TW", 0.5), ("NL", 0.15), ("US", 0.1), ("NL", 0.1), ("JP", 0.15)]
    assert to_part(shares) == 2
    assert to_part(shares, 1.0) == 4
    assert to_part(shares[:2]) is None
    assert to_part([]) is None


@given(st.lists(st.floats(0, 1)))
def test_hhi_is_the_sum_of_squares(shares: list[float]) -> None:
    assert hhi(shares) == pytest.approx(sum(share**2 for share in shares))


@given(st.lists(st.sampled_from((0.0, 1.0, 2.5, 7.0)), max_size=9), st.none() | st.sets(st.integers(0, 8)))
def test_ranks_count_what_is_larger(values: list[float], among: set[int] | None) -> None:
    among = None if among is None else {index for index in among if index < len(values)}
    chosen = range(len(values)) if among is None else among
    assert ranks(values, among) == {index: 1 + sum(values[other] > values[index] for other in chosen) for index in chosen}
