"""Sources, requirements, and how the vocabulary reads: what facts refer to."""

from __future__ import annotations

from dataclasses import dataclass

from agikg.model.record import Record


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Source(Record):
    """A document somebody can open.

    Attributes:
        origin: the source it repeats; its own id where it repeats none.
        claims: how many the graph holds of it.
        non_commercial: True if its terms allow non-commercial use only.
    """

    id: str
    title: str
    publisher: str
    creator: str | None
    published: str
    research_completed: str | None
    accessed: str | None
    tier: str
    url: str | None
    license: str | None
    origin: str
    claims: int
    non_commercial: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Requirement(Record):
    """An input group of an entity, as authored. Its alternatives are the objects of the claims that name it."""

    id: str
    required_by: str
    function: str
    function_zh: str | None
    minimum: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Predicate(Record):
    """How a relation, text predicate or metric reads, and what it means for dependency.

    Attributes:
        name: local name.
        kind: relation, text or metric.
        label, label_zh: reading from subject to object ("is made with").
        inverse: name of the inverse, None for texts and metrics.
        inverse_label, inverse_label_zh: reading from object to subject.
        role: essential, supporting, alternative or none.
        dependent_end: subject or object: the end that depends on the other.
        symmetric: whether it reads the same both ways.
        tells: what it says of its subject beyond dependency: headquarters, site, owner, whole.
        carries_party: whether what its object is barred from, its subject is barred from too.
        inherited_along: relation down which it is inherited, or None.
        definition: one line.
        alt: other words for it.
    """

    name: str
    kind: str
    label: str
    label_zh: str | None
    inverse: str | None
    inverse_label: str | None
    inverse_label_zh: str | None
    role: str
    dependent_end: str
    symmetric: bool
    definition: str
    tells: tuple[str, ...] = ()
    carries_party: bool = False
    inherited_along: str | None = None
    alt: tuple[str, ...] = ()
