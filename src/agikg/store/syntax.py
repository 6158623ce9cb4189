"""Reads and writes RDF text (with pyoxigraph's parsers); knows files, not stores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyoxigraph

from agikg.store.terms import IRI, Blank, Literal, Quad, Term

FORMATS = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
}


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
