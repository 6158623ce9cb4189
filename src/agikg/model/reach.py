"""What depends on what, and how things are connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record
from agikg.model.result import Result, command_line, listed
from agikg.model.scope import EntityRef, Hop, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reached(Record):
    """An entity reached from the root of a reach.

    Attributes:
        depth: number of links on the shortest chain.
        via: the link by which it is reached; for dependents it starts here, for dependencies it ends here.
        role: direct, transitive, alternative (could be used instead) or barred (closed by a control).
        necessity: essential, one of several (then ``alternatives`` names the others) or supporting.
        confidence: of the weakest link of the chain.
        chain: ids of the entities from here to the root, both included.
        barred_by: claims by which a control closes the link.
    """

    id: str
    label: str
    layer: str
    depth: int
    role: str
    via: Hop
    claims: tuple[str, ...]
    necessity: str
    alternatives: tuple[EntityRef, ...]
    confidence: str
    chain: tuple[str, ...]
    barred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reach(Result):
    """What depends on the root, or what it depends on (``parameters['direction']``)."""

    root: EntityRef
    items: tuple[Reached, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The reach in sentences, open links first."""
        up = self.parameters["direction"] == "dependents"
        if not self.items:
            what = f"depends on {self.root.label}" if up else f"{self.root.label} depends on"
            return f"The graph knows of nothing that {what}, as of {self.as_of}."
        verb = f"depend on {self.root.label}" if up else f"are what {self.root.label} depends on"
        sentences = []
        for role, lead in (
            ("direct", "directly"),
            ("transitive", "through others"),
            ("alternative", "possibly"),
            ("barred", "but for controls"),
        ):
            names = [item.label for item in self.items if item.role == role]
            if names:
                sentences.append(f"{listed(names)} {verb} {lead}, as of {self.as_of}.")
        return "\n".join([*sentences, *self.left_out])

    def command(self) -> str:
        """The command line that repeats the reach."""
        return command_line(self.parameters["direction"], self.root.id, scope=self.scope, options={"depth": self.parameters["depth"]})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Paths(Result):
    """How two entities are connected, shortest (or surest) first."""

    a: EntityRef
    b: EntityRef
    paths: tuple[tuple[Hop, ...], ...]
    claims: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]

    def explain(self) -> str:
        """The connections in sentences."""
        if not self.paths:
            return f"The graph knows of no connection between {self.a.label} and {self.b.label}, as of {self.as_of}."
        return "\n".join("; ".join(f"{hop.from_} {hop.reading} {hop.to}" for hop in path) + "." for path in self.paths)

    def command(self) -> str:
        """The command line that repeats the search."""
        return command_line(
            "path", self.a.id, self.b.id, scope=self.scope, options={"k": self.parameters["k"], "by": self.parameters["by"]}
        )
