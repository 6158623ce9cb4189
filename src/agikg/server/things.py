"""Pages about one thing: an entity, a claim, a source, or anything else that has an identifier.

Puts together what the facade says and hands it to a template; knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from agikg.ask.suggest import follow_ups
from agikg.errors import AgikgError, Candidate, Refused, UnknownName
from agikg.kg import KnowledgeGraph
from agikg.model.scope import EntityRef, Hop
from agikg.server import markup, scoping
from agikg.server.links import local
from agikg.server.lookups import labels, vocabulary
from agikg.server.triples import Description
from agikg.store.terms import IRI, Literal, Term
from agikg.views.path import link_hop
from agikg.vocab import AGI, ID, LABEL, PREF_LABEL, TYPE, agi, curie

_MENTIONS_SHOWN = 300
_TITLES = (LABEL, PREF_LABEL, "http://purl.org/dc/terms/title", agi("locator"), agi("function"))


class Shown(NamedTuple):
    """A term as a page shows it: ``label`` for reading, ``text`` for programs."""

    text: str
    label: str
    address: str | None
    iri: bool
    language: str


def page(kg: KnowledgeGraph, found: Description, document: str, given: QueryParams) -> str:
    """The page of a thing, in the scope that the address gives.

    Raises:
        BadInput: a scope that does not exist.
    """
    short = curie(found.iri)
    prefix, _, name = short.partition(":")
    common = {"iri": found.iri, "document": document, "here": "browse"}
    if short in kg.catalog.position:
        return _entity(kg, short, scoping.keywords(given), common)
    if prefix == "c" and short in kg.catalog.claim_position:
        return _claim(kg, short, found, common)
    if prefix == "s" and any(source.id == name for source in kg.sources()):
        return _source(kg, name, given.get("section"), common)
    return _thing(kg, found, common)


def _entity(kg: KnowledgeGraph, identifier: str, scope: dict[str, Any], common: dict[str, Any]) -> str:
    sheet = kg.show(identifier, **scope)
    reaches = (kg.dependents(identifier, **scope), kg.dependencies(identifier, **scope))
    counted = [sum(item.role in ("direct", "transitive") for item in reach.items) for reach in reaches]
    return markup.render(
        "entity", kg, sheet=sheet, scope=sheet.scope, stops=_stops(kg, identifier, scope), all_dependents=counted[0], all_needs=counted[1],
        claim_of=kg.claim, predicates=kg.catalog.predicates, next=follow_ups(kg.catalog, [kg.catalog.position[identifier]], "en"), **common,
    )  # fmt: skip


def _stops(kg: KnowledgeGraph, identifier: str, scope: dict[str, Any]) -> tuple[EntityRef, ...]:
    """What its loss alone stops; nothing where the graph has nothing to reckon with."""
    try:
        return tuple(EntityRef(item.id, item.label, item.layer) for item in kg.whatif([identifier], **scope).failed)
    except Refused:
        return ()


def _claim(kg: KnowledgeGraph, identifier: str, found: Description, common: dict[str, Any]) -> str:
    claim = kg.claim(identifier)
    passage = next((curie(value) for value in found.values(agi("passage")) if isinstance(value, IRI)), None)
    return markup.render(
        "claim",
        kg,
        claim=claim,
        passage=passage,
        edges=_edges(kg, identifier),
        claim_of=kg.claim,
        predicates=kg.catalog.predicates,
        **common,
    )


def _edges(kg: KnowledgeGraph, identifier: str) -> list[Hop]:
    """Edges that rest on a claim, whatever the date; controls that rest on it are their own edges."""
    catalog, scope, at = kg.catalog, kg.scope(as_of="9999"), kg.catalog.claim_position[identifier]
    resting = [link for link in catalog.links if any(at in claims for claims in link.evidence)]
    return [link_hop(catalog, link, link.subject, scope) for link in resting if catalog.evidence(link, scope, dated=False)]


def _source(kg: KnowledgeGraph, name: str, section: str | None, common: dict[str, Any]) -> str:
    source = next(source for source in kg.sources() if source.id == name)
    sections: dict[str, int] = {}
    for position in range(kg.catalog.claim_count):
        row = kg.catalog.row(position)
        if row["source"] == name:
            key = row["locator"].partition(" ")[0]
            sections[key] = sections.get(key, 0) + 1
    chosen = section if section in sections else None
    claims = kg.claims(section=chosen, sources=(name,), as_of="9999") if chosen else []
    return markup.render("source", kg, source=source, sections=sections, section=chosen, claims=claims, **common)


def _thing(kg: KnowledgeGraph, found: Description, common: dict[str, Any]) -> str:
    read = _Reader(kg, found)
    about = [curie(one) for one, _ in found.mentions if curie(one) in kg.catalog.claim_position]
    claims = [kg.claim(identifier) for identifier in dict.fromkeys(about[:_MENTIONS_SHOWN])]
    rest = [(one, name) for one, name in found.mentions if curie(one) not in kg.catalog.claim_position]
    return markup.render(
        "thing", kg, title=_title(found), kind=", ".join(read(kind).label for kind in found.values(TYPE)) or "thing",
        properties=read.grouped(found.own), claims=claims, mentions=read.grouped((name, one) for one, name in rest[:_MENTIONS_SHOWN]),
        mention_count=len(rest), **common,
    )  # fmt: skip


def _title(found: Description) -> str:
    for predicate in _TITLES:
        texts = [value for value in found.values(predicate) if isinstance(value, Literal)]
        if texts:
            return next((text.value for text in texts if text.language in ("", "en")), texts[0].value)
    return curie(found.iri)


class _Reader:
    """Terms of one description as people read them; labels are looked up once for all."""

    def __init__(self, kg: KnowledgeGraph, found: Description) -> None:
        terms = [term for pair in (*found.own, *found.mentions) for term in pair if isinstance(term, IRI)]
        self._labels = {row.id: row.label for row in labels(kg, dict.fromkeys(map(str, terms)))}

    def __call__(self, term: Term) -> Shown:
        if not isinstance(term, IRI):
            return Shown(str(term), str(term), None, False, getattr(term, "language", ""))
        return Shown(curie(term), self._labels.get(term, curie(term)), local(term), True, "")

    def grouped(self, rows: Iterable[tuple[IRI, Term]]) -> list[tuple[Shown, list[Shown]]]:
        """Values of each predicate, in order."""
        found: dict[IRI, list[Shown]] = {}
        for name, value in rows:
            found.setdefault(name, []).append(self(value))
        return [(self(name), values) for name, values in found.items()]


def ontology(kg: KnowledgeGraph) -> str:
    """The page of the whole vocabulary, by kind."""
    groups: dict[str, list[Any]] = {}
    for term in vocabulary(kg).terms:
        groups.setdefault(term.kind, []).append(term)
    return markup.render(
        "ontology", kg, groups=list(groups.items()), iri="https://w3id.org/agikg/ontology", document="/ontology", here="browse"
    )


def unknown(kg: KnowledgeGraph, namespace: str, name: str) -> AgikgError:
    """The error for an identifier that is not in the graph, with what is near it."""
    catalog = kg.catalog
    shown, folder = name[:120], name.rpartition("/")[0]
    if namespace == AGI:
        names = [term.id.partition(":")[2] for term in vocabulary(kg).terms]
        near = [Candidate(f"agi:{one}", one, 0.0) for one in get_close_matches(name[:80], names, n=3)]
    elif folder == "claim":
        stem = curie(ID + name).rpartition("-")[0]
        near = [Candidate(one, one, 0.0) for one in catalog.claim_position if stem and one.startswith(stem)][:5]
    else:
        near = [catalog.candidate(match) for match in catalog.names.near(name[:120].replace("-", " ").rpartition("/")[2])]
    return UnknownName(shown, near)
