"""What the endpoint says of itself: a SPARQL service description and a VoID description, as triples. Knows vocabularies, no HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from agikg.kg import KnowledgeGraph
from agikg.store.port import Solutions
from agikg.store.syntax import write
from agikg.store.terms import IRI, Blank, Literal, Quad, Term
from agikg.vocab import AGI, DCTERMS, ID, PREFIXES, RDF, TYPE, XSD

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
FOAF = "http://xmlns.com/foaf/0.1/"
_PREFIXES = {**PREFIXES, "sd": SD, "void": VOID, "formats": FORMATS, "foaf": FOAF}
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads", "N3",
)  # fmt: skip
_GRAPHS = "SELECT ?name (COUNT(*) AS ?triples) { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name ORDER BY ?name"
_CLASSES = "SELECT ?name (COUNT(DISTINCT ?s) AS ?entities) { ?s a ?name FILTER (isIRI(?name)) } GROUP BY ?name ORDER BY ?name"
_PROPERTIES = "SELECT ?name (COUNT(*) AS ?triples) { ?s ?name ?o } GROUP BY ?name ORDER BY ?name"
_TOTALS = "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) { ?s ?p ?o }"


class _Counts(NamedTuple):
    """Numbers about a snapshot: of each graph, class and property, and triples, subjects and objects in all."""

    graphs: dict[str, int]
    classes: dict[str, int]
    properties: dict[str, int]
    totals: tuple[int, int, int]


def service(graph: KnowledgeGraph, endpoint: str, media_type: str) -> bytes:
    """The service description of an endpoint, in an RDF syntax."""
    return write(_service(_counts(graph), IRI(endpoint)), media_type, _PREFIXES)


def void(graph: KnowledgeGraph, base: str, media_type: str) -> bytes:
    """The VoID description of the graph that a server at ``base`` serves, in an RDF syntax."""
    return write(_void(_counts(graph), graph.snapshot, base), media_type, _PREFIXES)


def _service(counts: _Counts, endpoint: IRI) -> Iterator[Quad]:
    # A node of its own: the service is not the document that describes it.
    here, dataset, default = IRI(f"{endpoint}#service"), IRI(f"{endpoint}#dataset"), IRI(f"{endpoint}#default")
    yield from _about(here, f"{SD}Service", {
        f"{SD}endpoint": [endpoint],
        f"{SD}supportedLanguage": [IRI(f"{SD}SPARQL11Query")],
        f"{SD}resultFormat": [IRI(FORMATS + name) for name in _RESULT_FORMATS],
        f"{SD}feature": [IRI(f"{SD}UnionDefaultGraph"), IRI(f"{SD}EmptyGraphs")],
        f"{SD}defaultDataset": [dataset],
    })  # fmt: skip
    names = {name: Blank(f"g{number}") for number, name in enumerate(counts.graphs)}
    yield from _about(dataset, f"{SD}Dataset", {f"{SD}defaultGraph": [default], f"{SD}namedGraph": list(names.values())})
    yield from _about(default, f"{SD}Graph", {f"{VOID}triples": [_number(counts.totals[0])]})
    for name, node in names.items():
        content = Blank(f"{node}c")
        yield from _about(node, f"{SD}NamedGraph", {f"{SD}name": [IRI(name)], f"{SD}graph": [content]})
        yield from _about(content, f"{SD}Graph", {f"{VOID}triples": [_number(counts.graphs[name])]})


def _void(counts: _Counts, snapshot: str, base: str) -> Iterator[Quad]:
    here = IRI(f"{base}/void#dataset")
    partitions = [Blank(f"c{number}") for number in range(len(counts.classes))]
    properties = [Blank(f"p{number}") for number in range(len(counts.properties))]
    yield Quad(IRI(f"{base}/void"), IRI(TYPE), IRI(f"{VOID}DatasetDescription"))
    yield Quad(IRI(f"{base}/void"), IRI(f"{FOAF}primaryTopic"), here)
    yield from _about(here, f"{VOID}Dataset", {
        f"{DCTERMS}title": [Literal("agikg: China's AGI value chain, every edge with its evidence", "en", f"{RDF}langString")],
        f"{DCTERMS}identifier": [Literal(snapshot)],
        f"{VOID}sparqlEndpoint": [IRI(f"{base}/sparql")],
        f"{VOID}dataDump": [IRI(f"{base}/rdf-graph-store?default")],
        f"{VOID}uriSpace": [Literal(ID)],
        f"{VOID}vocabulary": [IRI(AGI), *(IRI(PREFIXES[name]) for name in ("skos", "prov", "dcterms", "schema"))],
        f"{VOID}feature": [IRI(FORMATS + name) for name in _RESULT_FORMATS if not name.startswith("SPARQL")],
        f"{VOID}triples": [_number(counts.totals[0])],
        f"{VOID}distinctSubjects": [_number(counts.totals[1])],
        f"{VOID}distinctObjects": [_number(counts.totals[2])],
        f"{VOID}classes": [_number(len(counts.classes))],
        f"{VOID}properties": [_number(len(counts.properties))],
        f"{VOID}classPartition": list(partitions),
        f"{VOID}propertyPartition": list(properties),
    })  # fmt: skip
    for part, (name, count) in zip(partitions, counts.classes.items(), strict=True):
        yield from _about(part, None, {f"{VOID}class": [IRI(name)], f"{VOID}entities": [_number(count)]})
    for part, (name, count) in zip(properties, counts.properties.items(), strict=True):
        yield from _about(part, None, {f"{VOID}property": [IRI(name)], f"{VOID}triples": [_number(count)]})


def _about(subject: IRI | Blank, kind: str | None, facts: dict[str, list[Term]]) -> Iterator[Quad]:
    if kind is not None:
        yield Quad(subject, IRI(TYPE), IRI(kind))
    for predicate, objects in facts.items():
        for found in objects:
            yield Quad(subject, IRI(predicate), found)


def _number(count: int) -> Literal:
    return Literal(str(count), datatype=f"{XSD}integer")


@lru_cache(maxsize=4)
def _counts(graph: KnowledgeGraph) -> _Counts:
    graphs, classes, properties = (_column(graph, text) for text in (_GRAPHS, _CLASSES, _PROPERTIES))
    totals = graph.store.query(_TOTALS)
    assert isinstance(totals, Solutions)  # a SELECT of ours
    triples, subjects, objects = (int(str(term)) for term in totals.rows[0])
    return _Counts(graphs, classes, properties, (triples, subjects, objects))


def _column(graph: KnowledgeGraph, text: str) -> dict[str, int]:
    found = graph.store.query(text)
    assert isinstance(found, Solutions)  # a SELECT of ours
    return {str(name): int(str(count)) for name, count in found.rows}
