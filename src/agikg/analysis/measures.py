"""Measures that are called criticality, side by side: they answer different questions.

Degree is not among them: it counts how well something is documented. What stops comes from ``sweep``, capacities from
``capacity``; here are those that networkx has, and concentration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING, NamedTuple

from agikg.errors import BadInput
from agikg.network import DependencyNetwork

if TYPE_CHECKING:
    import networkx

_SAMPLED_ABOVE = 2_000
"""Entities above which betweenness is estimated from so many pivots (Brandes and Pich 2007)."""


def chains(network: DependencyNetwork, *, essential: bool = True) -> networkx.DiGraph[int]:
    """Who needs whom over links that are used: edges from dependent to what it needs, for any networkx algorithm.

    Args:
        network: scoped network.
        essential: leave supporting links out.
    """
    import networkx as nx

    graph: networkx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(network.names)))
    graph.add_edges_from(
        (network.dependent[link], network.supplier[link])
        for link in range(len(network))
        if network.used(link) and (network.essential(link) or not essential)
    )
    return graph


def dominated(network: DependencyNetwork) -> list[int]:
    """For each entity, how many others draw on primary inputs through it only.

    Counts below it in the dominator tree of the flow from entities that need nothing (joined to one root) towards
    dependents: ``networkx.immediate_dominators``. In a plain (AND-only) chain they are a part of what it stops; with
    alternatives they say that all alternatives lead back to it.
    """
    import networkx as nx

    flow = chains(network).reverse(copy=True)
    root = -1
    flow.add_node(root)
    flow.add_edges_from([(root, node) for node in list(flow) if flow.in_degree(node) == 0])
    above = nx.immediate_dominators(flow, root)
    counts = [0] * len(network.names)
    for node in above:
        over = above.get(node, root)
        while over is not None and over not in (root, node):
            counts[over] += 1
            over = above.get(over, root)
    return counts


def betweenness(network: DependencyNetwork, seed: int = 0) -> list[float]:
    """Share of shortest chains between other entities that pass through each: ``networkx.betweenness_centrality``.

    Above 2,000 entities estimated from 2,000 pivots drawn with the seed.
    """
    import networkx as nx

    graph = chains(network)
    pivots = None if len(graph) <= _SAMPLED_ABOVE else _SAMPLED_ABOVE
    found = nx.betweenness_centrality(graph, k=pivots, seed=seed)
    return [float(found[node]) for node in range(len(network.names))]


class Concentration(NamedTuple):
    """How concentrated a requirement is.

    Attributes:
        hhi: sum of squared shares, 0-1; with unknown shares the least it can be given those known (the rest split evenly
            over the alternatives of unknown share; what nobody accounts for counts as many small ones).
        coverage: sum of known shares, 0-1.
        alternatives: how many serve. With coverage 0 only this is known, and ``hhi`` is one divided by it.
    """

    hhi: float
    coverage: float
    alternatives: int


def concentration(network: DependencyNetwork, group: int) -> Concentration | None:
    """Concentration of a requirement among the alternatives that serve; None if none does."""
    links = [link for link in network.members[group] if network.serves(link)]
    if not links:
        return None
    shares: dict[int, float] = {}  # one supplier may serve through several links
    for link in links:
        supplier = network.supplier[link]
        shares[supplier] = shares.get(supplier, 0.0) + network.share[link]
    known = [share for share in shares.values() if not isnan(share)]
    open_ = len(shares) - len(known)
    coverage = sum(known)
    if coverage > 1 + 1e-9:
        raise BadInput(f"the shares of a requirement of {network.names[network.group_owner[group]]} sum to {coverage:g}, more than 1")
    if coverage <= 0:
        return Concentration(1 / len(shares), 0.0, len(shares))
    rest = max(0.0, 1 - coverage)
    return Concentration(hhi(known) + (rest * rest / open_ if open_ else 0.0), coverage, len(shares))


def most_concentrated(network: DependencyNetwork) -> list[Concentration | None]:
    """For each entity the most concentrated essential requirement that it serves."""
    found: list[Concentration | None] = [None] * len(network.names)
    for group in range(len(network.group_owner)):
        value = concentration(network, group) if network.group_essential[group] else None
        if value is None:
            continue
        for link in network.members[group]:
            before = found[network.supplier[link]]
            if network.serves(link) and (before is None or value.hhi > before.hhi):
                found[network.supplier[link]] = value
    return found


def to_part(shares: Iterable[tuple[str, float]], part: float = 0.75) -> int | None:
    """The smallest number of countries (or other names) whose shares sum to at least a part; None if all do not reach it."""
    sums: dict[str, float] = {}
    for name, share in shares:
        sums[name] = sums.get(name, 0.0) + share
    total = 0.0
    for count, share in enumerate(sorted(sums.values(), reverse=True), start=1):
        total += share
        if total >= part - 1e-9:
            return count
    return None


def hhi(shares: Sequence[float]) -> float:
    """Herfindahl-Hirschman index of shares 0-1: the sum of their squares."""
    return sum(share * share for share in shares)


def ranks(values: Sequence[float], among: Collection[int] | None = None) -> dict[int, int]:
    """Competition ranks, 1 for the largest: equal values share the better rank."""
    chosen = sorted(range(len(values)) if among is None else among, key=lambda index: -values[index])
    found: dict[int, int] = {}
    for place, index in enumerate(chosen):
        before = chosen[place - 1] if place else None
        found[index] = found[before] if before is not None and values[before] == values[index] else place + 1
    return found
