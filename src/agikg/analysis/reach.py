"""What depends on an entity, and what it depends on, link by link.

``d`` depends on ``r`` if a chain of links leads from d to r on which only the first link may be supporting: the loss of
r stops everything up to the last essential link, and weakens what merely draws on the first of these. So a company that
uses a chip is a dependent of the chip's fab, but what the company makes is not. In SPARQL:
``?d agi:dependsOn/agi:requires* ?r`` (without bars and dates).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from agikg.network import DependencyNetwork

DIRECT, TRANSITIVE, ALTERNATIVE, BARRED = "direct", "transitive", "alternative", "barred"


class Step(NamedTuple):
    """An entity reached.

    Attributes:
        entity: its position.
        link: position of the link that leads one step back towards the root.
        depth: links to the root.
        role: direct, transitive, alternative or barred.
    """

    entity: int
    link: int
    depth: int
    role: str


class Reached(NamedTuple):
    """Result of a reach.

    Attributes:
        steps: one an entity, nearest first.
        way: entity -> the link by which chains run through it towards the root.
    """

    steps: list[Step]
    way: Mapping[int, int]

    def chain(self, network: DependencyNetwork, step: Step, *, up: bool) -> list[int]:
        """Links from the entity of a step to the root, in order.

        Args:
            network: the network the reach was made on.
            step: one of ``steps``.
            up: True for dependents (links lead from the entity), False for dependencies (links lead to it).
        """
        links = [step.link]
        ends = network.supplier if up else network.dependent
        while (link := self.way.get(ends[links[-1]])) is not None:
            links.append(link)
        return links


def dependents(network: DependencyNetwork, root: int, depth: int | None = None, rank: Sequence[float] | None = None) -> Reached:
    """Everything that depends on ``root``, nearest first.

    Links that a control closes, and alternatives not in use, are shown (``barred``, ``alternative``) and not followed.

    Args:
        network: scoped network.
        root: position of the entity.
        depth: most links to follow, None for all.
        rank: one number a link; among links of equal depth the higher is taken as the way.

    Returns:
        One step an entity. No steps if nothing depends on it. O(links log links).
    """
    ends = (network.needed_by, network.dependent)
    stopped, way = _spread(network, root, ends, depth, rank, lambda link, _: network.used(link) and network.essential(link))
    weakened: dict[int, Step] = {}
    closed: dict[int, Step] = {}
    for entity, level in [(root, 0), *((step.entity, step.depth) for step in stopped.values())]:
        if depth is not None and level >= depth:
            continue
        for link in _ranked(network, network.needed_by[entity], rank):
            dependent = network.dependent[link]
            if dependent == root:
                continue
            if not network.used(link):
                closed.setdefault(dependent, Step(dependent, link, level + 1, role_of(network, link)))
            elif not network.essential(link):
                weakened.setdefault(dependent, Step(dependent, link, level + 1, role_of(network, link, level + 1)))
    chosen = dict(stopped)
    for entity, step in weakened.items():
        if entity not in chosen or step.depth < chosen[entity].depth:
            chosen[entity] = step
    for entity, step in closed.items():
        chosen.setdefault(entity, step)
    return Reached(sorted(chosen.values(), key=lambda step: (step.role in (ALTERNATIVE, BARRED), step.depth)), way)


def dependencies(network: DependencyNetwork, root: int, depth: int | None = None, rank: Sequence[float] | None = None) -> Reached:
    """Everything ``root`` depends on, nearest first; see ``dependents``, which it mirrors.

    The first link may be supporting, all later ones are essential.
    """
    closed: dict[int, Step] = {}

    def takes(link: int, level: int) -> bool:
        if level > 1 and not network.essential(link):
            return False
        if not network.used(link):
            closed.setdefault(network.supplier[link], Step(network.supplier[link], link, level, role_of(network, link)))
            return False
        return True

    found, way = _spread(network, root, (network.needs_of, network.supplier), depth, rank, takes)
    hidden = found.keys() | {root}
    return Reached([*found.values(), *(step for entity, step in closed.items() if entity not in hidden)], way)


def _spread(
    network: DependencyNetwork,
    root: int,
    ends: tuple[Sequence[Sequence[int]], Sequence[int]],
    depth: int | None,
    rank: Sequence[float] | None,
    takes: Callable[[int, int], bool],
) -> tuple[dict[int, Step], dict[int, int]]:
    """Entities reached from the root over links that ``takes`` (link, level) accepts, breadth first.

    ``ends`` are the links of each entity in the direction of travel, and the far end of each link.
    Returns the step of each entity, and the link by which it was reached.
    """
    links_of, far = ends
    found: dict[int, Step] = {}
    front, level = [root], 0
    while front and (depth is None or level < depth):
        level += 1
        following = []
        for entity in front:
            for link in _ranked(network, links_of[entity], rank):
                other = far[link]
                if other != root and other not in found and takes(link, level):
                    found[other] = Step(other, link, level, role_of(network, link, level))
                    following.append(other)
        front = following
    return found, {entity: step.link for entity, step in found.items()}


def role_of(network: DependencyNetwork, link: int, level: int = 1) -> str:
    """The role in which a link shows its far end, so many links from the root."""
    if network.used(link):
        return DIRECT if level == 1 else TRANSITIVE
    return BARRED if network.barred[link] else ALTERNATIVE


def _ranked(network: DependencyNetwork, links: Sequence[int], rank: Sequence[float] | None) -> list[int]:
    """Essential links first, then by rank, then in order: which way is shown does not depend on chance."""
    if len(links) < 2:
        return list(links)
    return sorted(links, key=lambda link: (not network.essential(link), -(rank[link] if rank is not None else 0.0), link))
