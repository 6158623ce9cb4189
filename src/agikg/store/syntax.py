"""Reads and writes RDF text (with pyoxigraph's parsers); knows files, not stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph

from agikg.store.terms import IRI, Blank, Literal, Quad, Term
from agikg.vocab import RDF

REIFIES = f"{RDF}reifies"

FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
}


WRITTEN = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
}
"""Syntaxes that ``serialise`` writes and ``parse_as`` reads, by name."""


class SyntaxFault(Exception):
    """Text that is not what its format demands; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(data: bytes, suffix: str) -> list[Quad]:
    """Quads of an RDF text.

    Args:
        data: the text, UTF-8.
        suffix: file suffix that names the format, a key of ``FORMATS``.

    Raises:
        SyntaxFault: the text does not parse.
    """
    try:
        return [from_engine(quad) for quad in pyoxigraph.parse(data, format=FORMATS[suffix])]
    except (SyntaxError, ValueError, OSError) as error:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise SyntaxFault(message.partition(": ")[2] or message, line or 1) from None


def parse_as(data: bytes, syntax: str) -> list[Quad]:
    """Quads of an RDF text in one of the ``WRITTEN`` syntaxes; blank nodes keep their labels.

    A triple term after ``rdf:reifies`` becomes the three statements of a reified triple. JSON-LD contexts that would
    have to be fetched are not.

    Raises:
        SyntaxFault: the text does not parse, or has a triple term elsewhere.
    """
    try:
        return [ours for quad in pyoxigraph.parse(data, format=WRITTEN[syntax]) for ours in _flat(quad)]
    except (SyntaxError, ValueError, OSError) as error:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise SyntaxFault(message.partition(": ")[2] or message, line or 1) from None


def _flat(quad: Any) -> Iterator[Quad]:
    if not isinstance(quad.object, pyoxigraph.Triple):
        yield from_engine(quad)
    elif quad.predicate.value != REIFIES or isinstance(quad.object.object, pyoxigraph.Triple):
        raise SyntaxFault("a triple term stands elsewhere than after rdf:reifies", 0)
    else:
        stated = quad.object
        for name, term in (("subject", stated.subject), ("predicate", stated.predicate), ("object", stated.object)):
            yield from_engine(pyoxigraph.Quad(quad.subject, pyoxigraph.NamedNode(RDF + name), term, quad.graph_name))


def serialise(quads: Iterable[Quad], syntax: str, prefixes: dict[str, str], *, triple_terms: bool = False) -> bytes:
    """Quads in one of the ``WRITTEN`` syntaxes, sorted, each once; syntaxes without graphs leave those out.

    Args:
        quads: what to write.
        syntax: key of ``WRITTEN``.
        prefixes: for syntaxes that shorten.
        triple_terms: whether reified triples also appear as triple terms (RDF 1.2).
    """
    format_ = WRITTEN[syntax]
    ordered = sorted(set(quads), key=lambda quad: (quad.graph, quad.n3()))
    engine: Iterable[Any] = [_engine_quad(quad) for quad in ordered]
    if triple_terms:
        engine = [*engine, *_triple_terms(ordered)]
    if not format_.supports_datasets:
        engine = dict.fromkeys(quad.triple for quad in engine)
    return pyoxigraph.serialize(engine, format=format_, prefixes=prefixes) or b""


def _triple_terms(quads: Iterable[Quad]) -> Iterator[Any]:
    """``rdf:reifies`` for every node that has a subject, a predicate and an object."""
    parts = (f"{RDF}subject", f"{RDF}predicate", f"{RDF}object")
    ends: dict[IRI | Blank, dict[str, Quad]] = {}
    for quad in quads:
        if quad.predicate in parts:
            ends.setdefault(quad.subject, {})[quad.predicate] = quad
    for node, found in ends.items():
        if len(found) == len(parts):
            triple = pyoxigraph.Triple(*(engine_term(found[part].object) for part in parts))
            yield pyoxigraph.Quad(_engine_node(node), pyoxigraph.NamedNode(REIFIES), triple, _engine_graph(found[parts[0]].graph))


def _engine_quad(quad: Quad) -> Any:
    return pyoxigraph.Quad(
        _engine_node(quad.subject), pyoxigraph.NamedNode(quad.predicate), engine_term(quad.object), _engine_graph(quad.graph)
    )


def _engine_graph(graph: str) -> Any:
    return pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph()


def nquads(quads: Iterable[Quad]) -> bytes:
    """Canonical N-Quads: one line a quad, sorted by code point, no duplicates.

    Without blank nodes this is the RDFC-1.0 canonical form.
    """
    return "".join(f"{line}\n" for line in sorted({quad.n3() for quad in quads})).encode("utf-8")


def from_engine(quad: Any) -> Quad:
    """A quad or triple of the engine as ours."""
    graph = getattr(quad, "graph_name", None)
    return Quad(
        _node(quad.subject),
        IRI(quad.predicate.value),
        term_from_engine(quad.object),
        graph.value if isinstance(graph, pyoxigraph.NamedNode) else "",
    )


def term_from_engine(term: Any) -> Term:
    """A term of the engine as ours."""
    if isinstance(term, pyoxigraph.Literal):
        return Literal(term.value, term.language or "", term.datatype.value)
    return _node(term)


def _node(term: Any) -> IRI | Blank:
    return IRI(term.value) if isinstance(term, pyoxigraph.NamedNode) else Blank(getattr(term, "value", str(term)))


def triples(quads: Iterable[Quad]) -> Iterator[Any]:
    """Quads of ours as triples of the engine (the graph is left out)."""
    for quad in quads:
        yield pyoxigraph.Triple(_engine_node(quad.subject), pyoxigraph.NamedNode(quad.predicate), engine_term(quad.object))


def turtle(quads: Iterable[Quad], prefixes: dict[str, str]) -> str:
    """The triples as Turtle, in subject order."""
    ordered = sorted(set(quads), key=Quad.n3)
    data = pyoxigraph.serialize(triples(ordered), format=pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes)
    return data.decode("utf-8") if data else ""


def write(quads: Iterable[Quad], media_type: str, prefixes: dict[str, str]) -> bytes:
    """The triples in the RDF syntax of a media type, in subject order (graphs are left out)."""
    form = pyoxigraph.RdfFormat.from_media_type(media_type)
    return pyoxigraph.serialize(triples(sorted(set(quads), key=Quad.n3)), format=form, prefixes=prefixes) or b""


def engine_term(term: Term) -> Any:
    """A term of ours as the engine's."""
    if isinstance(term, Literal):
        if term.language:
            return pyoxigraph.Literal(term.value, language=term.language)
        return pyoxigraph.Literal(term.value, datatype=pyoxigraph.NamedNode(term.datatype))
    return _engine_node(term)


def _engine_node(term: IRI | Blank) -> Any:
    return pyoxigraph.NamedNode(term) if isinstance(term, IRI) else pyoxigraph.BlankNode(term)
