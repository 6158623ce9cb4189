"""The answer to a question."""

from __future__ import annotations

from dataclasses import dataclass, field

from agikg.model.figure import Figure
from agikg.model.record import Record
from agikg.model.scope import EntityRef, Hop, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
    non_commercial: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Linked(Record):
    """A stretch of the question and the entity it was taken for."""

    text: str
    id: str | None
    label: str | None
    score: float
    alternatives: tuple[EntityRef, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Understood(Record):
    """What was understood of a question."""

    entities: tuple[Linked, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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
    left_out: tuple[str, ...] = ()
