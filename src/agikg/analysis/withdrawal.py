"""What is left of a conclusion when claims are withdrawn: evidence cut sets, and how sure a conclusion is.

The basic events are claims, or bundles of them (sources, origins). Withdrawing a claim takes away the links and the bars
that rest on it, as ``DependencyNetwork.restricted`` does: what is no longer known fails nobody, a control nobody vouches
for closes nothing. So a conclusion can go because its chain breaks, because an alternative opens, or because the target would be
down anyway. Every set of withdrawn claims is one column (see ``spread``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from math import comb
from typing import NamedTuple

from agikg.analysis.bits import of_sets, ones, positions
from agikg.analysis.order import components
from agikg.analysis.spread import more_than
from agikg.errors import BadInput, LimitHit
from agikg.network import DependencyNetwork

_MOST_COLUMNS = 1 << 22


class Withdrawals:
    """A network whose claims can be withdrawn.

    Args:
        network: scoped network: the claims that count, bars included.
        entities: the entities whose state is asked for; only what they need is worked out.
        lifted: claims of controls that are lifted, so that they close nothing.
    """

    def __init__(self, network: DependencyNetwork, entities: Collection[int], lifted: Collection[int] = ()) -> None:
        self.network = network
        self.entities = entities
        self.lifted = frozenset(lifted)

    @cached_property
    def order(self) -> list[tuple[list[int], bool]]:
        """Components of all essential links, closed ones included: withdrawing a bar opens them."""
        network = self.network
        needs = [[network.supplier[link] for link in links if network.essential(link)] for links in network.needs_of]
        return [(members, len(members) > 1 or members[0] in needs[members[0]]) for members in components(needs, list(self.entities))]

    @cached_property
    def claims(self) -> list[int]:
        """Claims that carry or close a link of what the entities need, in order of position."""
        network = self.network
        links = [link for members, _ in self.order for entity in members for link in network.needs_of[entity] if network.essential(link)]
        found = {claim for link in links for claim in network.link_claims(link)}
        return sorted(found | {claim for link in links for claim in network.bars[link] if claim not in self.lifted})

    def run(self, withdrawn: Mapping[int, int], columns: int, denied: Collection[int] = ()) -> list[int]:
        """Columns in which each entity is unavailable.

        Args:
            withdrawn: claim -> columns in which it is withdrawn.
            columns: how many columns.
            denied: entities denied in all of them.

        Returns:
            One row an entity; those the entities do not need are 0 (or full, if denied).
        """
        network, full = self.network, ones(columns)
        there: dict[int, int] = {}  # columns in which a link is known
        closed: dict[int, int] = {}
        for members, _ in self.order:
            for entity in members:
                for link in network.needs_of[entity]:
                    if network.essential(link):
                        there[link] = self._present(link, withdrawn, full)
                        closed[link] = self._closed(link, withdrawn, full)
        state = [0] * len(network.names)
        for entity in denied:
            state[entity] = full
        for members, cyclic in self.order:
            changed = True
            while changed:
                changed = False
                for entity in members:
                    now = self._failing(state, entity, there, closed, full)
                    changed = changed or (cyclic and now != state[entity])
                    state[entity] = now
        return state

    def _present(self, link: int, withdrawn: Mapping[int, int], full: int) -> int:
        """Columns in which one of a link's evidence sets is whole."""
        there = 0
        for claims in self.network.evidence[link]:
            broken = 0
            for claim in claims:
                broken |= withdrawn.get(claim, 0)
            there |= full & ~broken
        return there

    def _closed(self, link: int, withdrawn: Mapping[int, int], full: int) -> int:
        closed = full if self.network.barred[link] and not self.network.bars[link] else 0
        for claim in self.network.bars[link]:
            if claim not in self.lifted:
                closed |= full & ~withdrawn.get(claim, 0)
        return closed

    def _failing(self, state: Sequence[int], entity: int, there: Mapping[int, int], closed: Mapping[int, int], full: int) -> int:
        """A group fails where fewer serve than it needs (or than are known of it), and something in use is known of it."""
        network, failed = self.network, state[entity]
        lost: dict[int, list[int]] = {}  # of each group, columns in which its links are known and do not serve
        absent: dict[int, list[int]] = {}
        used: dict[int, int] = {}
        for link in network.needs_of[entity]:
            if link in there:
                lost.setdefault(network.group[link], []).append(there[link] & (state[network.supplier[link]] | closed[link]))
                absent.setdefault(network.group[link], []).append(full & ~there[link])
                if network.in_use[link]:
                    used[network.group[link]] = used.get(network.group[link], 0) | there[link]
        for group, rows in lost.items():
            spare = len(rows) - network.group_minimum[group]
            any_lost = 0
            for row in rows:
                any_lost |= row
            few = full if spare < 0 else more_than(spare, [a | b for a, b in zip(rows, absent[group], strict=True)])
            failed |= few & any_lost & used.get(group, 0)
        return failed

    def stopped(self, withdrawn: Mapping[int, int], columns: int, denied: Collection[int], target: int) -> int:
        """Columns in which denying entities stops a target that runs without it."""
        before, after = self.run(withdrawn, columns), self.run(withdrawn, columns, denied)
        return after[target] & ~before[target]


Holds = Callable[[Mapping[int, int], int], int]
"""(claim -> columns in which it is withdrawn, number of columns) -> columns in which a conclusion holds."""


class EvidenceCuts(NamedTuple):
    """Smallest sets of events whose withdrawal removes a conclusion, complete up to the order.

    Attributes:
        sets: members by position in the list of events, smaller sets first.
        events: how many events were looked at.
    """

    sets: list[tuple[int, ...]]
    events: int


def evidence_cuts(holds: Holds, events: Sequence[Collection[int]], order: int = 2) -> EvidenceCuts:
    """All minimal sets of events whose withdrawal removes a conclusion, by trying every set up to the order.

    Args:
        holds: the conclusion.
        events: the claims of each event (one for a claim; many for a source).
        order: most events of a set, at least 1.

    Raises:
        BadInput: an order below 1, or a conclusion that does not hold in the first place.
        LimitHit: too many sets to try.
    """
    if order < 1:
        raise BadInput(f"order {order}: a cut set has at least one member")
    if not holds({}, 1):
        raise BadInput("the conclusion does not hold, so nothing has to be withdrawn to remove it")
    found: list[tuple[int, ...]] = []
    for size in range(1, min(order, len(events)) + 1):
        if comb(len(events), size) > _MOST_COLUMNS:
            raise LimitHit(
                f"{comb(len(events), size):,} sets of {size} of {len(events)} claims are too many to try", hint="lower the order"
            )
        tried = [members for members in combinations(range(len(events)), size) if not any(set(cut) <= set(members) for cut in found)]
        if tried:
            withdrawn = _withdrawn(of_sets(tried, len(events)), events)
            removed = ones(len(tried)) & ~holds(withdrawn, len(tried))
            found += [tried[column] for column in positions(removed)]
    return EvidenceCuts(found, len(events))


def _withdrawn(rows: Iterable[int], events: Sequence[Collection[int]]) -> dict[int, int]:
    """Claim -> columns in which any event that holds it is withdrawn."""
    withdrawn: dict[int, int] = {}
    for row, claims in zip(rows, events, strict=True):
        for claim in claims:
            withdrawn[claim] = withdrawn.get(claim, 0) | row
    return withdrawn
