"""Terms and quads as rdflib has them. Imports rdflib when called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from agikg.store.terms import IRI, Literal, Quad, Term

if TYPE_CHECKING:
    import rdflib


def to_rdflib(quads: Iterable[Quad]) -> rdflib.Graph:
    """The triples as an rdflib graph; each term is converted once, lexical forms stay as written."""
    from rdflib import BNode, Graph, URIRef
    from rdflib import Literal as RdfLiteral

    graph = Graph()
    known: dict[Term, Any] = {}

    def convert(term: Term) -> Any:
        if term not in known:
            if isinstance(term, Literal):
                datatype = None if term.language else URIRef(term.datatype)
                known[term] = RdfLiteral(term.value, lang=term.language or None, datatype=datatype, normalize=False)
            else:
                known[term] = URIRef(term) if isinstance(term, IRI) else BNode(str(term))
        return known[term]

    for quad in quads:
        graph.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return graph
