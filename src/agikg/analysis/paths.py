"""The k best simple paths between two entities over any undirected set of links: shortest, or of least cost.

Agrees with ``networkx.shortest_simple_paths`` (the tests compare them); written out because importing networkx takes
longer than a whole question may.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence

Cost = Callable[[int, int], float]


def shortest_paths(
    neighbours: Mapping[int, Sequence[int]], start: int, end: int, k: int = 1, longest: int = 12, cost: Cost | None = None
) -> list[tuple[int, ...]]:
    """Up to ``k`` simple paths from ``start`` to ``end``, cheapest first, ties in order of positions.

    Best-first search over partial paths with the distance to the end as bound, so no path is grown that cannot arrive.
    Worst case exponential in ``longest``; for small k it touches little more than the paths it returns.

    Args:
        neighbours: node -> its neighbours.
        start: one node.
        end: the other.
        k: how many paths.
        longest: most links in a path.
        cost: of the step between two neighbours, from 0 and the same both ways; None for 1 each.

    Returns:
        Paths as tuples of nodes; empty if there is none, ``[(start,)]`` if start is end.
    """
    return [path for path, _ in zip(_paths(neighbours, start, end, longest, cost or _one), range(k), strict=False)]


def _one(_a: int, _b: int) -> float:
    return 1


def _paths(neighbours: Mapping[int, Sequence[int]], start: int, end: int, longest: int, cost: Cost) -> Iterator[tuple[int, ...]]:
    links = _distances(neighbours, end, _one)
    distance = links if cost is _one else _distances(neighbours, end, cost)
    if start not in distance:
        return
    heap: list[tuple[float, tuple[int, ...], float]] = [(distance[start], (start,), 0)]
    while heap:
        _, path, spent = heapq.heappop(heap)
        if path[-1] == end:
            yield path
            continue
        for node in neighbours.get(path[-1], ()):
            if node in distance and node not in path and len(path) + links[node] <= longest:
                paid = spent + cost(path[-1], node)
                heapq.heappush(heap, (paid + distance[node], (*path, node), paid))


def _distances(neighbours: Mapping[int, Sequence[int]], end: int, cost: Cost) -> dict[int, float]:
    """Dijkstra's distances to the end."""
    found: dict[int, float] = {}
    heap: list[tuple[float, int]] = [(0, end)]
    while heap:
        far, node = heapq.heappop(heap)
        if node not in found:
            found[node] = far
            for neighbour in neighbours.get(node, ()):
                if neighbour not in found:
                    heapq.heappush(heap, (far + cost(neighbour, node), neighbour))
    return found
