"""Random small networks for the tests of analyses, and denial straight from its definition."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import combinations
from math import nan
from random import Random

import networkx as nx
from hypothesis import strategies as st

from agikg.network import DependencyNetwork

CLAIMS = 6


@st.composite
def networks(draw: st.DrawFn, *, largest: int = 6, shares: bool = False) -> DependencyNetwork:
    """AND/OR networks with k-of-n groups, cycles and self-support, several links of one supplier in a group, closed and
    unused links, supporting groups, groups with fewer members than they need, and with none."""
    size = draw(st.integers(2, largest))
    entity = st.integers(0, size - 1)
    groups = draw(
        st.lists(st.tuples(entity, st.sampled_from((1, 1, 1, 1, 2, 2, 3)), st.sampled_from((True, True, True, False))), max_size=8)
    )
    state = (0,) * 10 + (1, 2)  # in use; closed; not in use
    member = st.integers(0, size * len(state) - 1)
    members = [draw(st.lists(member, min_size=group % 3, max_size=4)) for group in range(len(groups))]
    links = [(group, code // len(state), state[code % len(state)]) for group, codes in enumerate(members) for code in codes]
    if draw(st.booleans()):
        links.sort(key=lambda link: link[1])  # members of a group need not stand together
    quarters = (
        draw(st.lists(st.sampled_from((nan, nan, 0.0, 0.25, 0.5, 0.75, 1.0)), min_size=len(links), max_size=len(links))) if shares else []
    )
    left = [1.0] * len(groups)
    for index, (group, _, _) in enumerate(links[: len(quarters)]):
        if quarters[index] > left[group]:
            quarters[index] = left[group]
        if quarters[index] == quarters[index]:
            left[group] -= quarters[index]
    return DependencyNetwork.from_columns(
        size, [owner for owner, _, _ in groups], [group for group, _, _ in links], [supplier for _, supplier, _ in links],
        minimum=[minimum for _, minimum, _ in groups], essential=[essential for _, _, essential in groups],
        in_use=[state != 2 for _, _, state in links], barred=[state == 1 for _, _, state in links],
        share=quarters if shares else None, function=[f"f{group}" for group in range(len(groups))],
    )  # fmt: skip


@st.composite
def plain(draw: st.DrawFn, *, largest: int = 8) -> DependencyNetwork:
    """AND-only: each link is a requirement of its own, all essential, none closed."""
    size = draw(st.integers(2, largest))
    links = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=2 * size))
    return DependencyNetwork.from_columns(size, [owner for owner, _ in links], range(len(links)), [supplier for _, supplier in links])


@st.composite
def claimed(draw: st.DrawFn, *, largest: int = 5, shares: bool = False) -> DependencyNetwork:
    """Networks that rest on claims: several alternative sets of one or two claims a link, and controls that close links."""
    bare = draw(networks(largest=largest))
    together = [(claim,) for claim in range(CLAIMS)] * 2 + list(combinations(range(CLAIMS), 2))
    sets = st.lists(st.sampled_from(together), min_size=1, max_size=3)
    bars = st.sampled_from([(), *together[:CLAIMS], (0, 1), (2, 3)] + [()] * 12)
    claim = st.integers(0, CLAIMS - 1)
    said = st.lists(st.tuples(claim, st.sampled_from((0.0, 0.01, 0.05))), max_size=3).map(tuple) if shares else st.just(())
    count = len(bare)
    base = st.sampled_from((nan, 0.02)) if shares else st.just(nan)
    rows = draw(st.lists(st.tuples(sets, bars, said, base), min_size=count, max_size=count))
    return replace(
        bare,
        claims=tuple(f"c{index}" for index in range(CLAIMS)),
        barred=bytes(count),
        evidence=tuple(tuple(evidence) for evidence, _, _, _ in rows),
        bars=tuple(closing for _, closing, _, _ in rows),
        shares=tuple(stated for _, _, stated, _ in rows),
        share=array("d", (known for _, _, _, known in rows)),
    )


def large(seed: int, size: int, *, cyclic: bool = True) -> DependencyNetwork:
    """A network with more denials than fit a machine word; the same seed gives the same network."""
    random = Random(seed)
    owners = [random.randrange(size) for _ in range(2 * size)]
    links: list[tuple[int, int]] = []
    for group, owner in enumerate(owners):
        for _ in range(random.choice((1, 1, 2, 2, 3, 5))):
            others = size if cyclic and random.random() < 0.05 else owner
            if others:
                links.append((group, random.randrange(others)))
    return DependencyNetwork.from_columns(
        size, owners, [group for group, _ in links], [supplier for _, supplier in links],
        minimum=[random.choice((1, 1, 1, 1, 2)) if sum(g == group for g, _ in links) > 1 else 1 for group in range(len(owners))]
        if size < 500 else None,
        essential=[random.random() < 0.9 for _ in owners], barred=[random.random() < 0.01 for _ in links],
    )  # fmt: skip


def failures(network: DependencyNetwork, denied: Collection[int] = ()) -> set[int]:
    """Adds every entity with a failed essential group, again and again, straight from the definition."""
    failed = set(denied)
    links = list(zip(network.group, network.supplier, network.barred, strict=True))
    known = set(network.group)
    while True:
        alive = [group for group, supplier, barred in links if not barred and supplier not in failed]
        new = {
            owner
            for group, owner in enumerate(network.group_owner)
            if network.group_essential[group] and group in known and alive.count(group) < network.group_minimum[group]
        }
        if new <= failed:
            return failed
        failed |= new


def subsets(items: Collection[int], most: int | None = None) -> Iterator[tuple[int, ...]]:
    """All subsets up to a size, small ones first."""
    for size in range((len(items) if most is None else min(most, len(items))) + 1):
        yield from combinations(sorted(items), size)


def minimal_cuts(network: DependencyNetwork, target: int, among: Collection[int], order: int) -> list[tuple[int, ...]]:
    """Minimal cut sets by denying every subset."""
    cutting = [set(members) for members in subsets([e for e in among if e != target], order) if target in failures(network, members)]
    return sorted((tuple(sorted(cut)) for cut in cutting if not any(other < cut for other in cutting)), key=lambda cut: (len(cut), cut))


def needs_graph(network: DependencyNetwork) -> nx.DiGraph[int]:
    """Who needs whom, whatever the kind of link."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(network.names)))
    graph.add_edges_from(zip(network.dependent, network.supplier, strict=True))
    return graph
