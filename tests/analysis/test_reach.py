"""Reach against brute force on random AND/OR networks, and against networkx on plain ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.reach import ALTERNATIVE, BARRED, DIRECT, Reached, dependencies, dependents
from agikg.network import DependencyNetwork


@st.composite
def networks(draw: st.DrawFn, essential_only: bool = False) -> DependencyNetwork:
    """Small random networks, cycles and parallel links included."""
    size = draw(st.integers(2, 7))
    count = draw(st.integers(0, 14))
    ends = draw(st.lists(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), min_size=count, max_size=count))
    links = [(a, b) for a, b in ends if a != b]
    flags = st.lists(st.booleans(), min_size=len(links), max_size=len(links))
    essential = [True] * len(links) if essential_only else draw(flags)
    in_use = [True] * len(links) if essential_only else draw(flags)
    barred = [False] * len(links) if essential_only else draw(flags)
    network = DependencyNetwork.from_columns(
        size, [a for a, _ in links], range(len(links)), [b for _, b in links], essential=essential, in_use=in_use, barred=barred
    )
    claims = tuple(f"c{index}" for index in range(len(links)))
    return replace(network, claims=claims, evidence=tuple(((index,),) for index in range(len(links))))


def shortest(network: DependencyNetwork, start: int, end: int) -> int | None:
    """Length of the shortest chain from start to end on which only the first link may be supporting, by trying all."""
    best: int | None = None
    stack: list[tuple[int, int, tuple[int, ...]]] = [(start, 0, (start,))]
    while stack:
        node, length, path = stack.pop()
        for link in range(len(network)):
            if network.dependent[link] != node or not network.used(link) or (length and not network.essential(link)):
                continue
            following = network.supplier[link]
            if following == end and (best is None or length + 1 < best):
                best = length + 1
            if following not in path and following != end:
                stack.append((following, length + 1, (*path, following)))
    return best


@given(networks())
def test_dependents_are_those_with_a_chain(network: DependencyNetwork) -> None:
    for root in range(len(network.names)):
        found = {step.entity: step.depth for step in dependents(network, root).steps if step.role not in (ALTERNATIVE, BARRED)}
        expected = {node: length for node in range(len(network.names)) if node != root and (length := shortest(network, node, root))}
        assert found == expected


@given(networks())
def test_dependencies_mirror_dependents(network: DependencyNetwork) -> None:
    for root in range(len(network.names)):
        found = {step.entity: step.depth for step in dependencies(network, root).steps if step.role not in (ALTERNATIVE, BARRED)}
        expected = {node: length for node in range(len(network.names)) if node != root and (length := shortest(network, root, node))}
        assert found == expected


@given(networks(essential_only=True))
def test_plain_networks_agree_with_networkx(network: DependencyNetwork) -> None:
    graph = network.to_networkx()
    for root, name in enumerate(network.names):
        assert {network.names[step.entity] for step in dependents(network, root).steps} == nx.ancestors(graph, name)
        assert {network.names[step.entity] for step in dependencies(network, root).steps} == nx.descendants(graph, name)


@given(networks())
def test_chains_lead_to_the_root(network: DependencyNetwork) -> None:
    for root in range(len(network.names)):
        result = dependents(network, root)
        for step in result.steps:
            if step.role in (ALTERNATIVE, BARRED):
                continue
            check_chain(network, result, root, step.entity, step.depth)


def check_chain(network: DependencyNetwork, result: Reached, root: int, entity: int, depth: int) -> None:
    step = next(step for step in result.steps if step.entity == entity)
    chain = result.chain(network, step, up=True)
    assert len(chain) == depth
    assert network.dependent[chain[0]] == entity
    assert network.supplier[chain[-1]] == root
    for earlier, later in pairwise(chain):
        assert network.supplier[earlier] == network.dependent[later]
        assert network.essential(later)
    assert all(network.used(link) for link in chain)


@given(networks(), st.integers(1, 4))
def test_depth_cuts_and_changes_nothing_else(network: DependencyNetwork, depth: int) -> None:
    for root in range(len(network.names)):
        for run in (dependents, dependencies):
            whole = {(s.entity, s.depth) for s in run(network, root).steps if s.depth <= depth and s.role not in (ALTERNATIVE, BARRED)}
            cut = {(s.entity, s.depth) for s in run(network, root, depth).steps if s.role not in (ALTERNATIVE, BARRED)}
            assert cut == whole


def test_nothing_passes_through_a_weakened_company() -> None:
    """chip <- company (uses) <- product (developed by): the product does not depend on the chip."""
    network = DependencyNetwork.from_columns(["chip", "company", "product"], [1, 2], [0, 1], [0, 1], essential=[False, True])
    assert [(step.entity, step.role) for step in dependents(network, 0).steps] == [(1, DIRECT)]
    assert [step.entity for step in dependencies(network, 2).steps] == [1]


def test_closed_links_are_shown_and_not_followed() -> None:
    """a -> b barred, c -> a: c is no dependent of b, a is shown as barred; without the bar as an alternative, not in use."""
    network = DependencyNetwork.from_columns(["a", "b", "c"], [0, 2], [0, 1], [1, 0], in_use=[False, True], barred=[True, False])
    assert [(step.entity, step.role) for step in dependents(network, 1).steps] == [(0, BARRED)]
    network_open = replace(network, barred=b"\0\0")
    assert [(step.entity, step.role) for step in dependents(network_open, 1).steps] == [(0, ALTERNATIVE)]
