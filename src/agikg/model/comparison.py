"""What several entities share, and what changed between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.reach import Reached
from agikg.model.record import Record
from agikg.model.result import Result, command_line, listed
from agikg.model.scope import EntityRef, Hop, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shared(Record):
    """An entity that all depend on.

    Attributes:
        depth: the longest of the shortest chains.
        stops: which of the entities stop when it alone is denied.
        reached: how each of them reaches it, in their order.
    """

    id: str
    label: str
    layer: str
    depth: int
    stops: tuple[EntityRef, ...]
    reached: tuple[Reached, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CommonDependencies(Result):
    """What several entities all depend on, nearest first."""

    roots: tuple[EntityRef, ...]
    items: tuple[Shared, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The shared needs in sentences."""
        whose = listed([ref.label for ref in self.roots])
        if not self.items:
            return f"The graph knows of nothing that {whose} all depend on, as of {self.as_of}."
        lines = [f"{whose} all depend on {listed([item.label for item in self.items])}, as of {self.as_of}."]
        lines += [f"Without {item.label}, {listed([ref.label for ref in item.stops])} stop." for item in self.items if item.stops]
        return "\n".join(lines)

    def command(self) -> str:
        """The command line that repeats the analysis."""
        first, *others = (ref.id for ref in self.roots)
        return command_line("dependencies", first, scope=self.scope, options={"with": others})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change(Record):
    """A link that is not the same on two dates.

    Attributes:
        what: appeared, disappeared, closed, opened.
        hop: the link, with the claims of the date on which it is there.
        barred_by: claims of the controls that close it on either date.
    """

    what: str
    hop: Hop
    claims: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Changes(Result):
    """What changed for a target between two dates.

    Attributes:
        available: whether the target is available on the first and on the second date.
        links: changes among the links of what it needs on either date.
        needs_gained, needs_lost: entities it depends on only later, only earlier.
        chokepoints_gained, chokepoints_lost: entities that alone stop it only later, only earlier.
        as_of: the second date.
    """

    target: EntityRef
    since: str
    until: str
    available: tuple[bool, bool]
    links: tuple[Change, ...]
    needs_gained: tuple[EntityRef, ...]
    needs_lost: tuple[EntityRef, ...]
    chokepoints_gained: tuple[EntityRef, ...]
    chokepoints_lost: tuple[EntityRef, ...]
    undated: int
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The changes in sentences."""
        lead = f"{self.target.label} between {self.since} and {self.until}:"
        parts = [f"{change.hop.from_} {change.hop.reading} {change.hop.to}: {change.what}." for change in self.links]
        words = {True: "available", False: "unavailable"}
        if self.available[0] != self.available[1]:
            parts.append(f"It was {words[self.available[0]]} and is {words[self.available[1]]}.")
        for label, refs in (("stops it alone now", self.chokepoints_gained), ("no longer stops it alone", self.chokepoints_lost)):
            parts += [f"{ref.label} {label}." for ref in refs]
        parts = parts or ["nothing that the graph dates changed."]
        note = f"{self.undated} links carry no date and are taken to hold on both." if self.undated else ""
        return " ".join(filter(None, [lead, *parts, note]))

    def command(self) -> str:
        """The command line that repeats the comparison."""
        options = {
            "from": self.since, "to": self.until, "known-at": self.known_at, "source": self.scope.sources,
            "min-confidence": self.scope.min_confidence,
        }  # fmt: skip
        return command_line("changes", self.target.id, options=options)
