"""What analyses and answers return. JSON as in the contract; every list item carries the claims it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agikg.model.facts import Claim, Entity, Predicate
from agikg.model.record import Record


@dataclass(frozen=True, slots=True)
class Scope(Record):
    """Which claims count.

    Attributes:
        as_of: date on which links have to hold, as given (may be coarse).
        known_at: date by which claims had to be published.
        sources: ids of the sources that count; empty for all.
        min_confidence: low, medium or high; None for all.
    """

    as_of: str
    known_at: str
    sources: tuple[str, ...] = ()
    min_confidence: str | None = None


@dataclass(frozen=True, slots=True)
class EntityRef(Record):
    """An entity in a result."""

    id: str
    label: str
    layer: str


@dataclass(frozen=True, slots=True)
class Hop(Record):
    """One step along a link: labels for readers, ids for programs, the claims it rests on.

    ``predicate`` always reads truly from ``from`` to ``to``; a step against the claim carries the inverse's name.
    ``modality`` is the most hedged of its claims.
    """

    from_: str
    predicate: str
    to: str
    claims: tuple[str, ...]
    from_id: str
    to_id: str
    reading: str
    confidence: str
    modality: str


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Figure(Record):
    """A value with its dates and hedges."""

    subject: str
    metric: str
    value: float | int | None
    unit: str | None
    bound: str | None
    as_of: str | None
    modality: str
    claims: tuple[str, ...]
    value_high: float | int | None
    verbatim: str | None
    scope: str | None
    attributed_to: str | None
    superseded: bool


@dataclass(frozen=True, slots=True)
class Need(Record):
    """A requirement of an entity with its alternatives, as it stands at the chosen date."""

    function: str
    essential: bool
    minimum: int
    alternatives: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class Sheet(Record):
    """The fact sheet of one entity: what ``agikg show`` prints.

    Attributes:
        values: figures, oldest first within a metric.
        needs: its requirements.
        dependents: what directly depends on it.
        relations: other links from and to it.
        texts: ids of claims with a text as object.
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
    controls: tuple[str, ...]
    contested: tuple[str, ...]
    claims: tuple[Claim, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope


@dataclass(frozen=True, slots=True)
class Table(Record):
    """Rows of a query."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    snapshot: str
    sparql: str


@dataclass(frozen=True, slots=True)
class Named(Record):
    """An entity in an answer, with the part it plays."""

    id: str
    label: str
    aliases: tuple[str, ...]
    layer: str
    role: str
    confidence: str | None
    claims: tuple[str, ...]
    necessity: str | None = None


@dataclass(frozen=True, slots=True)
class Cited(Record):
    """A claim as an answer cites it; subject and object by label, ids beside them."""

    id: str
    subject: str
    predicate: str
    object: str | None
    statement: str
    modality: str
    attributed_to: str | None
    valid_from: str | None
    published: str
    source: str
    locator: str
    confidence: str
    subject_id: str
    object_id: str | None


@dataclass(frozen=True, slots=True)
class Linked(Record):
    """A stretch of the question and the entity it was taken for."""

    text: str
    id: str | None
    label: str | None
    score: float
    alternatives: tuple[EntityRef, ...]


@dataclass(frozen=True, slots=True)
class Understood(Record):
    """What was understood of a question."""

    entities: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """Result of a question, or an honest refusal."""

    question: str
    status: str
    reason: str | None
    family: str | None
    lang: str
    answer: str
    entities: tuple[Named, ...] = ()
    values: tuple[Figure, ...] = ()
    paths: tuple[tuple[Hop, ...], ...] = ()
    claims: tuple[Cited, ...] = ()
    not_known: tuple[str, ...] = ()
    understood: Understood = field(default_factory=Understood)
    suggestions: tuple[str, ...] = ()
    sparql: tuple[str, ...] = ()
    snapshot: str = ""
    as_of: str = ""
    known_at: str = ""
    scope: Scope | None = None


__all__ = [
    "Answer", "Cited", "Claim", "Entity", "EntityRef", "Figure", "Hop", "Linked", "Named", "Need", "Paths", "Predicate",
    "Reach", "Reached", "Scope", "Sheet", "Table", "Understood",
]  # fmt: skip
