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

    Best-first search over partial paths with the distance to the end as bound, among the nodes that some simple path between
    the two passes: without the parts that hang on a single node, in which a search for more paths than there are would not end.
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
    between = _between(neighbours, start, end)
    neighbours = {node: [other for other in neighbours.get(node, ()) if other in between] for node in between}
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


def _between(neighbours: Mapping[int, Sequence[int]], start: int, end: int) -> set[int]:
    """Nodes on simple paths between two: the biconnected component of the link between them, were there one (Hopcroft, Tarjan 1973)."""
    order = {start: 0, end: 1}
    low = dict(order)
    held = [end]
    walk = [(end, start, iter(neighbours.get(end, ())))]
    while walk:
        node, parent, others = walk[-1]
        for other in others:
            if other not in order:
                order[other] = low[other] = len(order)
                held.append(other)
                walk.append((other, node, iter(neighbours.get(other, ()))))
                break
            if other != parent:
                low[node] = min(low[node], order[other])
        else:
            walk.pop()
            if not walk:
                break
            above = walk[-1][0]
            low[above] = min(low[above], low[node])
            if low[node] >= order[above]:  # it hangs on the node above alone
                while held.pop() != node:
                    pass
    return {start, *held}


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
