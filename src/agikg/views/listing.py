"""Lists of entities and claims, named queries, the graph for networkx."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agikg.catalog import Catalog
from agikg.errors import BadInput, Damaged
from agikg.model.facts import Claim, Entity
from agikg.model.scope import Scope
from agikg.model.sheet import Table
from agikg.queries import NamedQuery, term
from agikg.store.port import Solutions, Store
from agikg.store.terms import IRI, Term, python_value
from agikg.vocab import expand

if TYPE_CHECKING:
    import networkx


def entities(catalog: Catalog, layer: str | None = None, kind: str | None = None, scope: Scope | None = None) -> list[Entity]:
    """Entities by id, of a layer, of a class (sub-classes included); with a scope those that a claim in it is about or by.

    Raises:
        BadInput: no such layer or class.
    """
    layers = [concept["key"] for concept in catalog.concepts("layers")]
    if layer is not None and layer not in layers:
        raise BadInput(f"no layer is called {layer!r}", hint=f"the layers: {', '.join(layers)}")
    wanted = None if kind is None else _class_named(catalog, kind)
    said = None if scope is None else catalog.all_said(scope)
    return [
        entity
        for position, entity in enumerate(catalog.entities())
        if (layer is None or entity.layer == layer)
        and (wanted is None or wanted in catalog.kinds(position))
        and (said is None or any(said[claim] for claim in catalog.claims_of.get(entity.id, ())))
    ]


def _class_named(catalog: Catalog, kind: str) -> str:
    wanted = kind.casefold().replace(" ", "").removesuffix("s")
    for name, row in catalog.classes.items():
        if wanted in (name.casefold(), row["label"].replace(" ", "").casefold()) or kind == row["label_zh"]:
            return name
    raise BadInput(f"no class of entities is called {kind!r}", hint=f"the classes: {', '.join(catalog.classes)}")


def claims(
    catalog: Catalog, scope: Scope, about: str | None, predicate: str | None, modality: str | None, section: str | None
) -> list[Claim]:
    """Claims in scope that pass every filter given, in order of id.

    Raises:
        BadInput: no such predicate or modality.
    """
    if predicate is not None and predicate not in catalog.predicates:
        raise BadInput(f"no predicate is called {predicate!r}", hint="agikg query vocabulary lists them")
    modalities = [concept["key"] for concept in catalog.concepts("modalities")]
    if modality is not None and modality not in modalities:
        raise BadInput(f"no modality is called {modality!r}", hint=f"the modalities: {', '.join(modalities)}")
    entity = None if about is None else catalog.entity(catalog.resolve(about)).id
    chosen = range(catalog.claim_count) if entity is None else catalog.claims_of.get(entity, [])
    return [
        catalog.claim(position)
        for position in chosen
        if catalog.said(position, scope)
        and predicate in (None, catalog.row(position)["predicate"])
        and modality in (None, catalog.row(position)["modality"])
        and section in (None, catalog.row(position)["locator"].partition(" ")[0])
    ]


def run_query(catalog: Catalog, store: Store, queries: Mapping[str, NamedQuery], name: str, values: Mapping[str, str]) -> Table:
    """Runs a named query; entity parameters may be any name.

    Raises:
        BadInput: no such query, or a parameter that is unknown, missing or of the wrong type.
        UnknownName, AmbiguousName: an entity parameter that means nothing, or more than one thing.
    """
    if name not in queries:
        raise BadInput(f"no query is called {name!r}", hint="agikg query lists them")
    query = queries[name]
    types = {parameter.name: parameter.type for parameter in query.parameters}
    terms = {key: _parameter(catalog, types.get(key, "text"), value) for key, value in values.items()}
    text = query.bind(terms)
    result = store.query(text)
    if not isinstance(result, Solutions):
        raise Damaged(f"query {name!r} is not a SELECT")
    rows = tuple(
        tuple(_cell(query.cells.get(column), cell) for column, cell in zip(result.columns, row, strict=True)) for row in result.rows
    )
    return Table(result.columns, rows, store.content_hash, text)


def _cell(kind: str | None, cell: Term | None) -> str | int | float | bool | None:
    """A cell, said the same way by every engine."""
    if kind == "boolean" and cell is not None:
        return str(cell) in ("true", "1")
    if kind == "set":  # an empty one is nothing to some engines and an empty text to others
        return " ".join(sorted(set(str(cell or "").split()))) or None
    return python_value(cell)


def _parameter(catalog: Catalog, type_: str, value: str) -> Term:
    if type_ == "entity":
        return IRI(expand(catalog.entity(catalog.resolve(value)).id))
    if type_ == "concept" and ":" not in value:
        return term("iri", f"agi:{value}")
    return term(type_, value)


def to_networkx(catalog: Catalog, scope: Scope, dependencies_only: bool) -> networkx.MultiDiGraph[str]:
    """The graph for networkx: all edges in the direction of their claims, or the dependency network alone."""
    import networkx as nx

    attributes: dict[str, dict[str, Any]] = {}
    for position, entity in enumerate(catalog.entities()):
        row = entity.model_dump()
        attributes[row.pop("id")] = {key: value for key, value in row.items() if value is not None} | {
            "classes": sorted(catalog.kinds(position))
        }
    if dependencies_only:
        return catalog.network_in(scope).to_networkx(attributes)
    graph: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_nodes_from(attributes.items())
    for link in catalog.links:
        evidence = catalog.evidence(link, scope, dated=link.role != "none")
        if evidence:
            score = catalog.score(evidence)
            graph.add_edge(
                catalog.ref(link.subject).id,
                catalog.ref(link.object).id,
                key=link.predicate,
                predicate=link.predicate,
                reading=catalog.predicates[link.predicate]["label"],
                role=link.role,
                claims=sorted({catalog.row(claim)["id"] for claims in evidence for claim in claims}),
                confidence=catalog.word(score),
                score=round(score, 2),
            )
    return graph
