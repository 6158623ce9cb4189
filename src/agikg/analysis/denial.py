"""What stops when entities are denied: Boolean availability over requirement groups.

A member of a group serves if it is available and no control closes its link. An entity is available if it is not denied and
every essential group has at least as many serving members as it needs. The failed set is the *least* fixpoint: start from
what is denied, add whatever fails, until nothing changes. So members of a cycle that only support each other stay
available unless something outside the cycle fails them. A group without members is one of which nothing is known; it
never fails anybody.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    serving = [sum(map(network.serves, members)) for members in network.members]
    failed = dict.fromkeys(denied, DENIED)
    front = list(failed)
    for group, members in enumerate(network.members):
        owner = network.group_owner[group]
        if members and network.group_essential[group] and serving[group] < network.group_minimum[group] and owner not in failed:
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


def cause(network: DependencyNetwork, result: Outage, entity: int) -> list[int]:
    """A shortest chain of links from a failed entity to what was denied, or to where only closed links are left.

    Each link leads to the member of the failed group that failed first.
    """
    rank = {name: index for index, name in enumerate(result.failed)}
    chain: list[int] = []
    while (group := result.failed[entity]) != DENIED:
        # Only what failed before can be a reason; a requirement short from the start has none.
        earlier = [
            link for link in network.members[group] if network.serves(link) and rank.get(network.supplier[link], len(rank)) < rank[entity]
        ]
        if not earlier:
            break
        chain.append(min(earlier, key=lambda link: rank[network.supplier[link]]))
        entity = network.supplier[chain[-1]]
    return chain


class Loss(NamedTuple):
    """A requirement that lost members but not its owner.

    Attributes:
        group: the requirement.
        lost: links to members that failed.
        remaining: links that still serve.
    """

    group: int
    lost: tuple[int, ...]
    remaining: tuple[int, ...]


def losses(network: DependencyNetwork, before: Outage, after: Outage) -> dict[int, list[Loss]]:
    """Requirements of available entities that lost serving members against a baseline, by owner."""
    found: dict[int, list[Loss]] = {}
    for group, members in enumerate(network.members):
        owner = network.group_owner[group]
        if after.serving[group] == before.serving[group] or owner in after.failed:
            continue
        serving = [link for link in members if network.serves(link)]
        lost = tuple(link for link in serving if network.supplier[link] in after.failed and network.supplier[link] not in before.failed)
        remaining = tuple(link for link in serving if network.supplier[link] not in after.failed)
        found.setdefault(owner, []).append(Loss(group, lost, remaining))
    return found
