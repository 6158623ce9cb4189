"""What editors and forms look up: names for completion, labels of identifiers, the vocabulary, the named queries.

Records made of the catalog; nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agikg.model.record import Record
from agikg.vocab import PREFIXES, curie

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph

_KINDS = {
    "owl:Class": "class", "owl:ObjectProperty": "relation", "agi:Metric": "figure", "agi:TextPredicate": "text",
    "skos:ConceptScheme": "list",
    "owl:DatatypeProperty": "property", "owl:AnnotationProperty": "property",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NameHit(Record):
    """An entity that a typed text may mean; ``matched`` is the name that did, ``score`` how well."""

    id: str
    label: str
    label_zh: str | None
    layer: str
    kind: str
    matched: str
    score: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Label(Record):
    """How an identifier reads; ``layer`` for entities only."""

    id: str
    label: str
    label_zh: str | None
    layer: str | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Term(Record):
    """A term of the vocabulary: ``kind`` is class, relation, property, figure, text, list, or the list that a concept is in."""

    id: str
    label: str
    label_zh: str | None
    kind: str
    definition: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Vocabulary(Record):
    """What queries can be written with."""

    terms: tuple[Term, ...]
    prefixes: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class QuerySummary(Record):
    """A named query: ``parameters`` as ``name: type``, a question mark after those that may be left out."""

    name: str
    summary: str
    parameters: tuple[str, ...]
    columns: tuple[str, ...]


def names(kg: KnowledgeGraph, text: str, most: int) -> list[NameHit]:
    """Entities whose names the text is, begins, is part of, or misspells, best first."""
    found = []
    for match in kg.catalog.names.near(text, most):
        entity = kg.catalog.entity(match.entity)
        found.append(NameHit(entity.id, entity.label, entity.label_zh, entity.layer, entity.kind, match.name, match.score))
    return found


def labels(kg: KnowledgeGraph, identifiers: Iterable[str]) -> list[Label]:
    """Labels of those identifiers that have one, in the order given."""
    shorts = {identifier: curie(identifier) for identifier in identifiers}
    terms = {term.id: term for term in _terms(kg)} if any(short.startswith("agi:") for short in shorts.values()) else {}
    sources = {source.id: source for source in kg.sources()}
    found = []
    for identifier, short in shorts.items():
        position = kg.catalog.position.get(short)
        if position is not None:
            entity = kg.catalog.entity(position)
            found.append(Label(identifier, entity.label, entity.label_zh, entity.layer))
        elif short in kg.catalog.claim_position:
            found.append(Label(identifier, str(kg.catalog.row(kg.catalog.claim_position[short])["statement"]), None, None))
        elif short in terms:
            found.append(Label(identifier, terms[short].label, terms[short].label_zh, None))
        elif short.startswith("s:") and short[2:] in sources:
            found.append(Label(identifier, sources[short[2:]].title, None, None))
    return found


def vocabulary(kg: KnowledgeGraph) -> Vocabulary:
    """Every term with its labels, and the prefixes that need no PREFIX line here."""
    return Vocabulary(tuple(_terms(kg)), dict(PREFIXES))


def _terms(kg: KnowledgeGraph) -> list[Term]:
    rows = [dict(zip(("term", "type", "label", "label_zh", "definition", "scheme"), row, strict=True)) for row in kg.query("terms").rows]
    return [Term(row["term"], row["label"], row["label_zh"], _kind(row["type"], row["scheme"]), row["definition"] or "") for row in rows]


def _kind(type_: str, scheme: str | None) -> str:
    return scheme.partition(":")[2] if scheme else _KINDS.get(type_, type_.partition(":")[2].lower())


def queries(kg: KnowledgeGraph) -> list[QuerySummary]:
    """The named queries, as ``agikg query`` lists them."""
    return [
        QuerySummary(
            query.name, query.summary, tuple(f"{p.name}{'?' if p.optional else ''}: {p.type}" for p in query.parameters), query.columns
        )
        for query in kg.queries.values()
    ]
