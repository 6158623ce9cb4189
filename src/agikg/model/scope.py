"""Which claims count, and how results name entities and links."""

from __future__ import annotations

from dataclasses import dataclass

from agikg.model.record import Record


@dataclass(frozen=True, slots=True, eq=False, repr=False)
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EntityRef(Record):
    """An entity in a result."""

    id: str
    label: str
    layer: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Hop(Record):
    """One step along a link: labels for readers, ids for programs, the claims it rests on.

    ``predicate`` always reads truly from ``from`` to ``to``; a step against the claim carries the inverse's name.
    ``modality`` is how it is said at best: the most hedged claim of the evidence set that is hedged least.
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
