from __future__ import annotations

from itertools import islice

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.paths import shortest_paths

edges = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda e: e[0] != e[1]), max_size=15)


def neighbours(pairs: list[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, set[int]] = {}
    for a, b in pairs:
        found.setdefault(a, set()).add(b)
        found.setdefault(b, set()).add(a)
    return {node: sorted(others) for node, others in found.items()}


@given(edges, st.integers(1, 8))
def test_paths_are_those_of_networkx(pairs: list[tuple[int, int]], k: int) -> None:
    graph = nx.Graph(pairs)
    graph.add_nodes_from((0, 6))
    found = shortest_paths(neighbours(pairs), 0, 6, k)
    if not nx.has_path(graph, 0, 6):
        assert found == []
        return
    expected = list(islice(nx.shortest_simple_paths(graph, 0, 6), k))
    assert [len(path) for path in found] == [len(path) for path in expected]
    assert len(set(found)) == len(found)
    assert all(nx.is_simple_path(graph, path) and path[0] == 0 and path[-1] == 6 for path in found)


def test_edges_of_the_definition() -> None:
    assert shortest_paths({}, 1, 1) == [(1,)]
    assert shortest_paths({1: [2], 2: [1]}, 1, 3) == []
    line = {n: [m for m in (n - 1, n + 1) if 0 <= m <= 20] for n in range(21)}
    assert shortest_paths(line, 0, 20, longest=5) == []


@given(edges)
def test_all_simple_paths_and_no_more(pairs: list[tuple[int, int]]) -> None:
    graph = nx.Graph(pairs)
    graph.add_nodes_from((0, 6))
    assert sorted(shortest_paths(neighbours(pairs), 0, 6, 10_000)) == sorted(map(tuple, nx.all_simple_paths(graph, 0, 6)))


def test_a_part_that_leads_nowhere_is_not_searched_for_more_paths() -> None:
    """Behind the one node between the two hangs a crowd in which everybody knows everybody: 10 ** 16 walks, none of which arrives."""
    crowd = range(3, 21)
    found = neighbours([(0, 1), (1, 2), *((1, c) for c in crowd), *((a, b) for a in crowd for b in crowd if a < b)])
    assert shortest_paths(found, 0, 2, 3) == [(0, 1, 2)]
    assert shortest_paths(found, 0, 2, 3, cost=lambda _a, _b: 0.5) == [(0, 1, 2)]
