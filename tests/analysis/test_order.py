"""Components against networkx, and the orders they promise."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.order import components


@st.composite
def graphs(draw: st.DrawFn) -> list[list[int]]:
    """For each node those it needs; loops and parallel edges included."""
    size = draw(st.integers(1, 9))
    return draw(st.lists(st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size))


def as_graph(needs: list[list[int]]) -> nx.DiGraph[int]:
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(needs)))
    graph.add_edges_from((node, other) for node, row in enumerate(needs) for other in row)
    return graph


def ends_of_visits(needs: list[list[int]], among: list[int]) -> list[int]:
    """The textbook's depth-first search, with recursion."""
    seen: set[int] = set()
    ended: list[int] = []

    def visit(node: int) -> None:
        seen.add(node)
        for other in needs[node]:
            if other not in seen:
                visit(other)
        ended.append(node)

    for node in among:
        if node not in seen:
            visit(node)
    return ended


@given(graphs())
def test_components_are_those_of_networkx(needs: list[list[int]]) -> None:
    found = components(needs, range(len(needs)))
    assert sorted(map(sorted, found)) == sorted(map(sorted, nx.strongly_connected_components(as_graph(needs))))


@given(graphs(), st.lists(st.integers(0, 8), max_size=3))
def test_only_what_is_asked_for_and_what_it_needs(needs: list[list[int]], among: list[int]) -> None:
    among = [node for node in among if node < len(needs)]
    graph = as_graph(needs)
    cone = set(among).union(*(nx.descendants(graph, node) for node in among))
    found = components(needs, among)
    assert sorted(node for members in found for node in members) == sorted(cone)
    assert sorted(map(sorted, found)) == sorted(map(sorted, nx.strongly_connected_components(graph.subgraph(cone))))


@given(graphs(), st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_suppliers_come_first(needs: list[list[int]], among: list[int]) -> None:
    place = {node: index for index, members in enumerate(components(needs, [n for n in among if n < len(needs)])) for node in members}
    for node, index in place.items():
        assert all(place[other] <= index for other in needs[node])


@given(graphs(), st.lists(st.integers(0, 8), min_size=1, max_size=9))
def test_members_stand_in_the_order_in_which_their_visit_ended(needs: list[list[int]], among: list[int]) -> None:
    among = [node for node in among if node < len(needs)]
    ended = {node: index for index, node in enumerate(ends_of_visits(needs, among))}
    for members in components(needs, among):
        assert members == sorted(members, key=ended.__getitem__)


def test_a_chain_of_any_length_needs_no_recursion() -> None:
    length = 50_000
    assert components([[node + 1] if node + 1 < length else [] for node in range(length)], [0]) == [[n] for n in reversed(range(length))]
    ring = components([[(node + 1) % length] for node in range(length)], [0])
    assert ring == [list(reversed(range(length)))]
