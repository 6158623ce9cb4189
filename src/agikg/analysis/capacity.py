"""Partial capacity: at which level each entity still runs when others run at a part of theirs.

The generalised Leontief scheme of Diem et al. (2022, Scientific Reports 12:7719), on requirement groups:
``h(x) = min(cap(x), served(g) over essential g, 1 - sum over supporting g of w(g) (1 - served(g)))``, iterated down from 1.
Where no source says which share of a requirement an alternative carries, the share is unknown, never invented: the
optimistic level lets one serving alternative carry the whole, the pessimistic one splits it evenly. Alternatives that
are not in use carry nothing at the start, so only the optimistic level lets them step in.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import isfinite, isnan

from agikg.analysis.order import components
from agikg.errors import BadInput
from agikg.network import DependencyNetwork

OPTIMISTIC, PESSIMISTIC = "optimistic", "pessimistic"
_SETTLED = 1e-6
"""Changes below this end the iteration, as methods.md has it."""


class Levels:
    """Levels of a network under one bound.

    Args:
        network: scoped network.
        bound: ``optimistic`` or ``pessimistic``.
        linear: whether the loss of supporting requirements counts (pessimistic: each by its part of all requirements of
            its owner); with False they cost nothing, which is the optimistic reading of an unknown weight.

    Raises:
        BadInput: known shares of a requirement sum to more than 1.
    """

    def __init__(self, network: DependencyNetwork, bound: str, *, linear: bool = True) -> None:
        if bound not in (OPTIMISTIC, PESSIMISTIC):
            raise BadInput(f"no bound is called {bound!r}", hint="optimistic or pessimistic")
        self.network = network
        self.optimistic = bound == OPTIMISTIC
        self.linear = linear and not self.optimistic
        network.check()
        self._groups: list[list[int]] = [[] for _ in network.names]
        for group, links in enumerate(network.members):
            if links:
                self._groups[network.group_owner[group]].append(group)

    @cached_property
    def _rank(self) -> list[int]:
        """Place of each entity in an order in which suppliers come first."""
        network = self.network
        needs = [[network.supplier[link] for link in links if network.serves(link)] for links in network.needs_of]
        rank = [0] * len(network.names)
        for place, entity in enumerate(e for members in components(needs, range(len(needs))) for e in members):
            rank[entity] = place
        return rank

    @cached_property
    def baseline(self) -> list[float]:
        """Level of each entity with nothing denied: 1, less where controls close what carries a part of a requirement."""
        level = [1.0] * len(self.network.names)
        self._settle(level, {}, range(len(level)))
        return level

    def under(self, caps: Mapping[int, float]) -> dict[int, float]:
        """Levels that differ from the baseline when some entities are capped.

        Args:
            caps: position -> most it can run at, 0-1.

        Returns:
            Position -> level, for every entity whose level falls. Worked out only where something changes.

        Raises:
            BadInput: a capacity outside 0-1.
        """
        for entity, cap in caps.items():
            if not 0 <= entity < len(self.network.names):
                raise BadInput(f"there is no entity {entity}: positions go from 0 to {len(self.network.names) - 1}")
            if not (isfinite(cap) and 0 <= cap <= 1):
                raise BadInput(
                    f"the capacity of {self.network.names[entity]} is {cap:g}", hint="capacities go from 0 (denied) to 1 (untouched)"
                )
        level = list(self.baseline)
        self._settle(level, caps, caps)
        return {entity: after for entity, (before, after) in enumerate(zip(self.baseline, level, strict=True)) if after < before - _SETTLED}

    def _settle(self, level: list[float], caps: Mapping[int, float], start: Sequence[int] | Mapping[int, float] | range) -> None:
        """Lowers levels until nothing changes, suppliers before what needs them."""
        rank, network = self._rank, self.network
        queue = [(rank[entity], entity) for entity in start]
        heapq.heapify(queue)
        waiting = {entity for _, entity in queue}
        while queue:
            _, entity = heapq.heappop(queue)
            waiting.discard(entity)
            now = self._level(entity, level, caps.get(entity, 1.0))
            if now >= level[entity] - _SETTLED:
                continue
            level[entity] = now
            for link in network.needed_by[entity]:
                dependent = network.dependent[link]
                if network.serves(link) and dependent not in waiting:
                    waiting.add(dependent)
                    heapq.heappush(queue, (rank[dependent], dependent))

    def _level(self, entity: int, level: Sequence[float], cap: float) -> float:
        least, missing = cap, 0.0
        groups = self._groups[entity]
        for group in groups:
            if self.network.group_essential[group]:
                least = min(least, self.served(group, level))
            elif self.linear:
                missing += (1 - self.served(group, level)) / len(groups)
        return max(0.0, min(least, 1 - missing))

    def served(self, group: int, level: Sequence[float]) -> float:
        """Level at which a requirement is met, 0-1, given the levels of its members."""
        network = self.network
        members = network.members[group]
        serving = [link for link in members if network.serves(link)]
        minimum = network.group_minimum[group]
        if len(serving) < minimum:
            return 0.0
        # The best that the requirement allows: its minimum-th best member.
        best = sorted((level[network.supplier[link]] for link in serving), reverse=True)[minimum - 1]
        if all(isnan(network.share[link]) for link in members):
            return best if self.optimistic else min(best, self._even(serving, level))
        return self._with_shares(members, serving, level) if minimum == 1 else min(best, self._with_shares(members, serving, level))

    def _with_shares(self, members: Sequence[int], serving: Sequence[int], level: Sequence[float]) -> float:
        """What known shares carry (a closed link carries nothing of its own), and what is left to those of unknown share."""
        network = self.network
        known = [link for link in members if not isnan(network.share[link])]
        stated = sum(network.share[link] for link in known)
        carried = sum(network.share[link] * level[network.supplier[link]] for link in known if network.serves(link))
        rest = max(0.0, 1 - stated)
        open_ = [link for link in serving if isnan(network.share[link])]
        if open_:
            heights = [level[network.supplier[link]] for link in open_]
            return carried + rest * (max(heights) if self.optimistic else self._even(open_, level))
        # What nobody accounts for: stays as it is, or falls like the rest.
        return carried + rest if self.optimistic else carried / stated if stated > 0 else 1.0

    def _even(self, links: Sequence[int], level: Sequence[float]) -> float:
        """Equal parts for those in use (for all, where none is said to be)."""
        used = [link for link in links if self.network.in_use[link]] or links
        return sum(level[self.network.supplier[link]] for link in used) / len(used)
