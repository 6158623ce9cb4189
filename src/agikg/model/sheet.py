"""The fact sheet of one entity, and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.facts import Claim, Entity
from agikg.model.figure import Figure
from agikg.model.reach import Reached
from agikg.model.record import Record
from agikg.model.scope import Hop, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Need(Record):
    """A requirement of an entity with its alternatives, as it stands at the chosen date."""

    function: str
    essential: bool
    minimum: int
    alternatives: tuple[Reached, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sheet(Record):
    """The fact sheet of one entity: what ``agikg show`` prints.

    Attributes:
        values: figures, oldest first within a metric.
        needs: its requirements.
        dependents: what directly depends on it.
        relations: other links from and to it.
        texts: ids of claims with a text as object.
        says: ids of claims that are its word, about others or itself.
        controls: claims by which controls bar or license it, or are what it is.
        contested: claims about it that dispute or supersede others.
        claims: every claim about it.
    """

    entity: Entity
    kind_label: str
    values: tuple[Figure, ...]
    needs: tuple[Need, ...]
    dependents: tuple[Reached, ...]
    relations: tuple[Hop, ...]
    texts: tuple[str, ...]
    says: tuple[str, ...]
    controls: tuple[str, ...]
    contested: tuple[str, ...]
    claims: tuple[Claim, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table(Record):
    """Rows of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    snapshot: str
    sparql: str
