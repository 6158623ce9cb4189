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
