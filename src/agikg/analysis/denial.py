"""What stops when entities are denied: Boolean availability over requirement groups.

A member of a group serves if it is available and no control closes its link. An entity is available if it is not denied and
every essential group has at least as many serving members as it needs. The failed set is the *least* fixpoint: start from
what is denied, add whatever fails, until nothing changes. So members of a cycle that only support each other stay
available unless something outside the cycle fails them. A group without members is one of which nothing is known; it
never fails anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agikg.network import DependencyNetwork

DENIED = -1


class Outage(NamedTuple):
    """What is unavailable, and why.

    Attributes:
        failed: entity -> the group whose failure stopped it, ``DENIED`` for the denied themselves; in the order of failure.
        serving: number of serving members of each group.
    """

    failed: dict[int, int]
    serving: list[int]


def outage(network: DependencyNetwork, denied: Iterable[int] = ()) -> Outage:
    """The entities that are unavailable when some are denied; with none denied, the baseline.

    Args:
        network: scoped network.
        denied: positions of entities.

    Returns:
        Failures in rounds: an entity stands behind all that had to fail before it. O(links).
    """
    serving = list(network.serving)
    failed = dict.fromkeys(denied, DENIED)
    front = list(failed)
    for group, (count, minimum) in enumerate(zip(serving, network.group_minimum, strict=True)):
        owner = network.group_owner[group]
        if count < minimum and network.group_essential[group] and network.members[group] and owner not in failed:
            failed[owner] = group
            front.append(owner)
    while front:
        following = []
        for entity in front:
            for link in network.needed_by[entity]:
                group = network.group[link]
                if not network.serves(link):
                    continue
                serving[group] -= 1
                owner = network.group_owner[group]
                if network.group_essential[group] and serving[group] < network.group_minimum[group] and owner not in failed:
                    failed[owner] = group
                    following.append(owner)
        front = following
    return Outage(failed, serving)


def causes(network: DependencyNetwork, result: Outage) -> dict[int, list[int]]:
    """For each failed entity a shortest chain of links to what was denied, or to where only closed links are left.

    Each link leads to a member that failed before, of any requirement that failed by then; so no chain argues in a circle.
    Equally short chains are decided by the order of links.
    """
    place = {entity: index for index, entity in enumerate(result.failed)}
    chains: dict[int, list[int]] = {}
    for entity, group in result.failed.items():
        best: list[int] | None = [] if group == DENIED else None
        for link in network.needs_of[entity] if best is None else ():
            supplier = network.supplier[link]
            # Only what failed before can be a reason, and only if its requirement has too few left without it.
            if not (network.essential(link) and network.serves(link)) or place.get(supplier, len(place)) >= place[entity]:
                continue
            if not _failed_by(network, result, network.group[link], place, place[entity]):
                continue
            if best is None or len(chains[supplier]) + 1 < len(best):
                best = [link, *chains[supplier]]
        chains[entity] = best or []
    return chains


def _failed_by(network: DependencyNetwork, result: Outage, group: int, place: Mapping[int, int], when: int) -> bool:
    """Whether a requirement had too few members left when the entity at a place in the order failed."""
    if result.serving[group] >= network.group_minimum[group]:
        return False
    left = sum(network.serves(link) and place.get(network.supplier[link], len(place)) >= when for link in network.members[group])
    return left < network.group_minimum[group]


class Change(NamedTuple):
    """A requirement whose members changed, of an entity that is available.

    Attributes:
        group: the requirement.
        lost: links that served before and no longer do.
        gained: links that serve now and did not before.
        remaining: all links that serve now.
    """

    group: int
    lost: tuple[int, ...]
    gained: tuple[int, ...]
    remaining: tuple[int, ...]


def changes(before: DependencyNetwork, was: Outage, after: DependencyNetwork, now: Outage) -> dict[int, list[Change]]:
    """Requirements of available entities that lost or gained serving members, by owner.

    Args:
        before: the network of the baseline.
        was: the outage of the baseline.
        after: the network of the scenario: the same links, others closed.
        now: the outage of the scenario.
    """
    found: dict[int, list[Change]] = {}
    for group, members in enumerate(before.members):
        owner = before.group_owner[group]
        if owner in now.failed:
            continue
        served = {link for link in members if before.serves(link) and before.supplier[link] not in was.failed}
        serves = {link for link in members if after.serves(link) and after.supplier[link] not in now.failed}
        if served != serves:
            change = Change(group, *(tuple(sorted(links)) for links in (served - serves, serves - served, serves)))
            found.setdefault(owner, []).append(change)
    return found
