"""What happens when something is denied, lifted or capped: the result of ``whatif``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record
from agikg.model.result import Result, command_line, counted, listed
from agikg.model.scope import EntityRef, Hop, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Failed(Record):
    """An entity that stops.

    Attributes:
        because: the shortest chain of links to what was denied; empty where only closed or missing alternatives are left.
        function: what the requirement that failed is for.
        confidence: of the weakest link of the chain.
        claims: that the chain rests on.
        barred_by: claims by which controls close the alternatives of the requirement that failed.
    """

    id: str
    label: str
    layer: str
    because: tuple[Hop, ...]
    function: str
    confidence: str
    claims: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Substitute(Record):
    """Something that can serve a requirement: already in use, or only possible."""

    id: str
    label: str
    layer: str
    in_use: bool
    confidence: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Degraded(Record):
    """A requirement that lost alternatives, of an entity that goes on.

    Attributes:
        function: what the requirement is for.
        essential: False where its failure only weakens the entity.
        lost, remaining: alternatives; nothing remains of a supporting requirement that failed.
        claims: on which the lost links rest.
    """

    id: str
    label: str
    layer: str
    function: str
    essential: bool
    lost: tuple[EntityRef, ...]
    remaining: tuple[EntityRef, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Substituted(Record):
    """An essential requirement that lost something in use and can be met by others."""

    id: str
    label: str
    layer: str
    function: str
    lost: tuple[EntityRef, ...]
    by: tuple[Substitute, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BarredLink(Record):
    """An alternative that a control closes to an entity of the scenario.

    Attributes:
        alternative: what is closed.
        controls: the instruments.
        since: the earliest date on which one of them is said to hold, or None.
        claims: of the link. barred_by: of the controls.
    """

    id: str
    label: str
    layer: str
    alternative: EntityRef
    controls: tuple[EntityRef, ...]
    since: str | None
    claims: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Restored(Record):
    """An alternative that an entity has again because controls are lifted.

    Attributes:
        alternative: what it has again.
        available: whether the entity was unavailable before and is available now.
        claims: of the link. barred_by: of the control that was lifted.
    """

    id: str
    label: str
    layer: str
    alternative: EntityRef
    available: bool
    claims: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Level(Record):
    """At which part of its capacity an entity still runs, 0 to 1."""

    id: str
    label: str
    layer: str
    optimistic: float
    pessimistic: float
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WhatIf(Result):
    """A scenario against its baseline.

    Attributes:
        denied, lifted: what the scenario takes away and gives back (entities; controls).
        denied_links: links it cuts. capped: entities whose capacity it sets.
        failed: what stops that ran before.
        degraded: what goes on with less. substituted: what goes on because something else can serve.
        barred: alternatives that controls close to what failed or is degraded.
        restored: alternatives that come back.
        baseline_unavailable: what is down with nothing denied.
        capacity: levels below the baseline, where capacities were set.
        untouched: how many entities of the network keep all they had.
        shares_known: of the links behind the levels, how many have a share that a source states (known, all); None without capacities.
    """

    denied: tuple[EntityRef, ...]
    lifted: tuple[EntityRef, ...]
    denied_links: tuple[Hop, ...]
    capped: tuple[EntityRef, ...]
    failed: tuple[Failed, ...]
    degraded: tuple[Degraded, ...]
    substituted: tuple[Substituted, ...]
    barred: tuple[BarredLink, ...]
    restored: tuple[Restored, ...]
    baseline_unavailable: tuple[Failed, ...]
    capacity: tuple[Level, ...]
    untouched: int
    shares_known: tuple[int, int] | None
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The scenario in sentences."""
        changed = [f"without {listed([ref.label for ref in self.denied])}"] if self.denied else []
        changed += [f"without {listed([f'{hop.from_} — {hop.to}' for hop in self.denied_links])}"] if self.denied_links else []
        changed += [f"with {listed([ref.label for ref in self.lifted])} lifted"] if self.lifted else []
        caps = zip(self.capped, self.parameters["capacity"].values(), strict=True)
        changed += [f"with {listed([f'{ref.label} at {level:.0%}' for ref, level in caps])}"] if self.capped else []
        lead = ", ".join(changed)
        lines = [f"{lead[:1].upper()}{lead[1:]}, as of {self.as_of}: {self._summary()}."]
        for item in self.failed:
            lines.append(f"{item.label} stops: {_chain(item)}")
        for entry in self.substituted:
            others = listed([f"{s.label}{'' if s.in_use else ' (possible, not said to be in use)'}" for s in entry.by])
            lines.append(f"{entry.label} loses {listed([r.label for r in entry.lost])} for {entry.function}; {others} can serve instead.")
        told = {(entry.id, entry.function) for entry in self.substituted}
        for loss in self.degraded:
            if (loss.id, loss.function) not in told:
                rest = f"{listed([r.label for r in loss.remaining])} remain" if loss.remaining else "it is weakened, not stopped"
                lines.append(f"{loss.label} loses {listed([r.label for r in loss.lost])} ({loss.function}); {rest}.")
        for level in self.capacity:
            span = (
                f"{level.pessimistic:.0%}"
                if level.pessimistic == level.optimistic
                else f"{level.pessimistic:.0%} to {level.optimistic:.0%}"
            )
            lines.append(f"{level.label} runs at {span} of its capacity.")
        for back in self.restored:
            lines.append(f"{back.label} has {back.alternative.label} again{' and is available again' if back.available else ''}.")
        for bar in self.barred:
            since = f" since {bar.since}" if bar.since else ""
            lines.append(f"{bar.alternative.label} is closed to {bar.label} by {listed([c.label for c in bar.controls])}{since}.")
        return "\n".join(lines)

    def _summary(self) -> str:
        weakened = {entry.id for entry in self.degraded}
        parts = [counted(len(self.failed), "stops", "stop") if self.failed else "nothing stops"]
        if weakened:
            parts.append(counted(len(weakened), "goes on with less", "go on with less"))
        if self.restored:
            parts.append(counted(len({entry.id for entry in self.restored}), "has an alternative again", "have an alternative again"))
        if self.capacity:
            parts.append(counted(len(self.capacity), "runs below capacity", "run below capacity"))
        return ", ".join([*parts, counted(self.untouched, "keeps all it had", "keep all they had")])

    def command(self) -> str:
        """The command line that repeats the scenario."""
        p = self.parameters
        return command_line(
            "whatif",
            scope=self.scope,
            options={
                "deny": p["deny"], "deny-link": p["deny_links"], "deny-country": p["deny_countries"], "deny-layer": p["deny_layers"],
                "deny-owner": p["deny_owners"], "by": p["by"] if p["deny_countries"] else None, "lift": p["lift"],
                "capacity": [f"{name}={level:g}" for name, level in p["capacity"].items()],
            },
        )  # fmt: skip


def because(item: Failed) -> str:
    """Why an entity stops, said after its name: the links of its chain, or that nothing is left."""
    hops = ", which ".join(f"{hop.reading} {hop.to}" for hop in item.because)
    return f"{hops} ({item.confidence} confidence)" if hops else f"nothing serves {item.function}"


def _chain(item: Failed) -> str:
    if not item.because:
        return f"no alternative is left for {item.function or 'a requirement'}."
    return f"{item.because[0].from_} {because(item)}."
