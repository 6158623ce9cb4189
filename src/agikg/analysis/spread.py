"""Failure in many denials at once: one column a denial, all columns of a batch advance together.

The state holds one bit-set an entity: the columns in which it is unavailable. Over the strongly connected components in
topological order, an entity fails in a column if one of its essential groups has too few members left there: AND over
the members of a group of alternatives, OR over groups. Components are repeated until nothing changes, which gives the
least fixpoint of ``denial.outage``; on plain (AND-only) networks that is reachability, ``networkx.ancestors``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from agikg.analysis.bits import ones
from agikg.analysis.order import components
from agikg.network import DependencyNetwork


class Spread:
    """The serving, essential part of a network, ready to spread failures over.

    Args:
        network: scoped network.
        targets: only what these need is worked out; None for everything.
    """

    def __init__(self, network: DependencyNetwork, targets: Collection[int] | None = None) -> None:
        self.network = network
        self.size = len(network.names)
        self.targets = range(self.size) if targets is None else targets

    @cached_property
    def _rules(self) -> tuple[list[list[int]], list[list[tuple[int, list[int]]]]]:
        """For each entity: those each of which alone stops it; and (spare, members) of which more than spare stop it."""
        network = self.network
        essential, minimum, owners = network.group_essential, network.group_minimum, network.group_owner
        serving = network.serving
        stops: list[list[int]] = [[] for _ in range(self.size)]
        choices: list[list[tuple[int, list[int]]]] = [[] for _ in range(self.size)]
        sets: dict[int, list[int]] = {}
        for group, supplier, barred in zip(network.group, network.supplier, network.barred, strict=True):
            if barred or not essential[group]:
                continue
            spare = serving[group] - minimum[group]
            if spare > 0:
                if group not in sets:
                    sets[group] = []
                    choices[owners[group]].append((spare, sets[group]))
                sets[group].append(supplier)
            elif spare == 0:  # what is short from the start is in the baseline
                stops[owners[group]].append(supplier)
        return stops, choices

    @cached_property
    def baseline(self) -> frozenset[int]:
        """What of the cone is unavailable with nothing denied."""
        network = self.network
        short = {
            group
            for group, (serving, minimum) in enumerate(zip(network.serving, network.group_minimum, strict=True))
            if serving < minimum and network.group_essential[group]
        }
        short.intersection_update(network.group)  # nothing is known of an empty group, so it stops nobody
        if not short:
            return frozenset()
        state = [0] * self.size
        for group in short:
            state[network.group_owner[group]] = 1
        settled = self._settle(state)
        return frozenset(entity for entity in self.cone if settled[entity])

    @cached_property
    def critical(self) -> set[int]:
        """Entities whose loss alone leaves some requirement unmet that the baseline meets: all others stop nothing."""
        stops, choices = self._rules
        baseline = self.baseline
        found = {supplier for suppliers in stops for supplier in suppliers}
        for spare, members in (choice for chosen in choices for choice in chosen):
            slack = spare - sum(map(baseline.__contains__, members)) if baseline else spare
            if slack == 0:
                found.update(members)
            elif len(set(members)) < len(members):
                # One that serves a requirement through several links may take more of them away than can be spared.
                found.update(member for member in members if members.count(member) > slack)
        return found - baseline

    @cached_property
    def order(self) -> list[tuple[list[int], bool, bool]]:
        """Components that the targets need, suppliers first: members, whether cyclic, whether they fail all together."""
        stops, choices = self._rules
        needs = [
            alone if not chosen else [*alone, *(member for _, members in chosen for member in members)]
            for alone, chosen in zip(stops, choices, strict=True)
        ]
        found: list[tuple[list[int], bool, bool]] = []
        for members in components(needs, list(self.targets)):
            if len(members) == 1:
                found.append((members, members[0] in needs[members[0]], False))
            else:
                inside = set(members)
                chosen = (alternatives for entity in members for _, alternatives in choices[entity])
                found.append((members, True, all(map(inside.isdisjoint, chosen))))
        return found

    @cached_property
    def cone(self) -> list[int]:
        """The targets and everything whose failure could matter to them, suppliers first."""
        return [entity for members, _, _ in self.order for entity in members]

    def run(self, state: list[int], columns: int) -> list[int]:
        """Adds to a state, in place, all that fails because of what is marked in it, and the baseline.

        Args:
            state: for each entity the columns in which it is denied.
            columns: how many there are.

        Returns:
            The state; entities outside the cone are left as they were. O(links x columns / 64), times the rounds that
            cycles take.
        """
        full = ones(columns)
        for entity in self.baseline:
            state[entity] = full
        return self._settle(state)

    def _settle(self, state: list[int]) -> list[int]:
        for members, cyclic, together in self.order:
            if not cyclic:
                state[members[0]] = self.failing(state, members[0])
            elif together:
                # Every link of the cycle is indispensable: what stops one member stops all.
                failed = 0
                for entity in members:
                    failed |= self.failing(state, entity)
                for entity in members:
                    state[entity] = failed
            else:
                changed = True
                while changed:
                    changed = False
                    for entity in members:
                        now = self.failing(state, entity)
                        if now != state[entity]:
                            state[entity] = now
                            changed = True
        return state

    def failing(self, state: Sequence[int], entity: int) -> int:
        """The columns in which an entity is marked, and those in which its requirements stop it."""
        stops, choices = self._rules
        failed = state[entity]
        for supplier in stops[entity]:
            failed |= state[supplier]
        for spare, members in choices[entity]:
            if spare < len(members) - 1:
                failed |= more_than(spare, [state[member] for member in members])
                continue
            lost = state[members[0]]
            for member in members:
                lost &= state[member]
                if not lost:
                    break
            else:
                failed |= lost
        return failed


def more_than(spare: int, rows: Sequence[int]) -> int:
    """The columns that more than ``spare`` of the rows contain."""
    above = [0] * (spare + 1)  # above[k]: in more than k rows so far
    for row in rows:
        for k in range(spare, 0, -1):
            above[k] |= above[k - 1] & row
        above[0] |= row
    return above[spare]
