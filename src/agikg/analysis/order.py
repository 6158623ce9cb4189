"""In which order entities can be worked out: strongly connected components, suppliers before dependents.

Knows positions only. Everything that spreads along requirements (failure, capacity) runs over the components found here.
"""

from __future__ import annotations

from collections.abc import Sequence


def components(needs: Sequence[Sequence[int]], among: Sequence[int]) -> list[list[int]]:
    """Strongly connected components, in an order in which suppliers come before what needs them.

    Tarjan's algorithm without recursion; agrees with ``networkx.strongly_connected_components``. O(entities + links).

    Args:
        needs: for each entity the entities it needs.
        among: entities to start from; what they need is included.

    Returns:
        Members of each component in the order in which their visit ended (depth first), so that most needs stand before what
        needs them. A component of one is cyclic only if it needs itself.
    """
    index = [-1] * len(needs)
    low = [0] * len(needs)
    at = [0] * len(needs)
    open_: list[int] = []
    ended: list[list[int]] = []
    finished: list[int] = []
    rank = [0] * len(needs)
    done = len(needs) + 1  # an index above all others: closed components pull nobody down
    count = 0
    for root in among:
        if index[root] >= 0:
            continue
        path = [root]
        index[root] = low[root] = count
        count += 1
        open_.append(root)
        while path:
            node = path[-1]
            row = needs[node]
            step, lowest, deeper = at[node], low[node], -1
            while step < len(row):
                other = row[step]
                step += 1
                seen = index[other]
                if seen < 0:
                    deeper = other
                    break
                if seen < lowest:
                    lowest = seen
            at[node], low[node] = step, lowest
            if deeper >= 0:
                index[deeper] = low[deeper] = count
                count += 1
                open_.append(deeper)
                path.append(deeper)
                continue
            path.pop()
            rank[node] = len(finished)
            finished.append(node)
            if lowest == index[node]:
                ended.append(_close(open_, node, index, rank, done))
            elif lowest < low[path[-1]]:
                low[path[-1]] = lowest
    return ended


def _close(open_: list[int], root: int, index: list[int], rank: list[int], done: int) -> list[int]:
    """Takes the component of its root off the stack."""
    if open_[-1] == root:
        open_.pop()
        index[root] = done
        return [root]
    start = open_.index(root)
    members = open_[start:]
    del open_[start:]
    for member in members:
        index[member] = done
    return sorted(members, key=rank.__getitem__)
