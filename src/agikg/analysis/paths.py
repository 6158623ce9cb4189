"""The k shortest simple paths between two entities over any undirected set of links.

Agrees with ``networkx.shortest_simple_paths`` (the tests compare them); written out because importing networkx takes
longer than a whole question may.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence


def shortest_paths(neighbours: Mapping[int, Sequence[int]], start: int, end: int, k: int = 1, longest: int = 12) -> list[tuple[int, ...]]:
    """Up to ``k`` simple paths from ``start`` to ``end``, shortest first, ties in order of positions.

    Best-first search over partial paths with the breadth-first distance to the end as bound, so no path is grown that
    cannot arrive. Worst case exponential in ``longest``; for small k it touches little more than the paths it returns.

    Args:
        neighbours: node -> its neighbours.
        start: one node.
        end: the other.
        k: how many paths.
        longest: most links in a path.

    Returns:
        Paths as tuples of nodes; empty if there is none, ``[(start,)]`` if start is end.
    """
    return [path for path, _ in zip(_paths(neighbours, start, end, longest), range(k), strict=False)]


def _paths(neighbours: Mapping[int, Sequence[int]], start: int, end: int, longest: int) -> Iterator[tuple[int, ...]]:
    distance = _distances(neighbours, end)
    if start not in distance:
        return
    heap: list[tuple[int, tuple[int, ...]]] = [(distance[start], (start,))]
    while heap:
        _, path = heapq.heappop(heap)
        if path[-1] == end:
            yield path
            continue
        for node in neighbours.get(path[-1], ()):
            if node in distance and node not in path and len(path) + distance[node] <= longest:
                heapq.heappush(heap, (len(path) + distance[node], (*path, node)))


def _distances(neighbours: Mapping[int, Sequence[int]], end: int) -> dict[int, int]:
    found = {end: 0}
    queue = [end]
    for node in queue:
        for neighbour in neighbours.get(node, ()):
            if neighbour not in found:
                found[neighbour] = found[node] + 1
                queue.append(neighbour)
    return found
