"""Lists as results: what was listed, with the snapshot and the scope it was listed from."""

from __future__ import annotations

from dataclasses import dataclass

from agikg.model.facts import Claim, Entity
from agikg.model.record import Record
from agikg.model.reference import Source
from agikg.model.scope import Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Found(Entity):
    """An entity that a name may mean.

    Attributes:
        score: 1 where the name is one of its names, less the further it is from one; None where no name was given.
    """

    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entities(Record):
    """Entities: by id, or by how well a name fits them."""

    entities: tuple[Found, ...]
    snapshot: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Claims(Record):
    """Claims in scope, by id."""

    claims: tuple[Claim, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sources(Record):
    """Sources, by id."""

    sources: tuple[Source, ...]
    snapshot: str
