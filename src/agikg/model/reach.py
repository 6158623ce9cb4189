"""What depends on what, and how things are connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record
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
class Reach(Record):
    """What depends on the root, or what it depends on (``parameters['direction']``)."""

    root: EntityRef
    items: tuple[Reached, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Paths(Record):
    """How two entities are connected, shortest first."""

    a: EntityRef
    b: EntityRef
    paths: tuple[tuple[Hop, ...], ...]
    claims: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
