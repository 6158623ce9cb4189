"""The same graph as rdflib knows it: a read-only Dataset over the same store."""

from __future__ import annotations

from typing import Any, NoReturn

import rdflib
import rdflib.plugins.sparql
from oxrdflib import OxigraphStore

from agikg.errors import BadInput
from agikg.store.embedded import EmbeddedStore
from agikg.vocab import PREFIXES


class _ReadOnlyStore(OxigraphStore):
    """Oxigraph under rdflib, with every way to write closed."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise BadInput("the graph is read-only", hint="copy it first: rdflib.Dataset() and add what you need")

    add = addN = remove = update = add_graph = remove_graph = _refuse  # noqa: N815 (rdflib's names)


def dataset(store: EmbeddedStore) -> rdflib.Dataset:
    """An ``rdflib.Dataset`` whose default graph is the union of all named graphs.

    Queries run in Oxigraph. Prepared queries and ``initBindings`` fall back to rdflib's own engine (slow): write the
    values into a VALUES block instead. rdflib's habit of fetching ``FROM`` graphs is switched off.
    """
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    return rdflib.Dataset(store=_ReadOnlyStore(store=store.engine), default_union=True)


def graph(store: EmbeddedStore) -> rdflib.Graph:
    """A plain ``rdflib.Graph`` of your own with all triples, prefixes bound; changing it changes nothing here."""
    from rdflib import BNode, Graph, URIRef
    from rdflib import Literal as RdfLiteral

    from agikg.store.terms import IRI, Literal, Term

    copy = Graph()
    for prefix, namespace in PREFIXES.items():
        copy.bind(prefix, namespace, replace=True)

    def convert(term: Term) -> Any:
        if isinstance(term, Literal):
            if term.language:
                return RdfLiteral(term.value, lang=term.language)
            return RdfLiteral(term.value, datatype=URIRef(term.datatype), normalize=False)
        return URIRef(term) if isinstance(term, IRI) else BNode(str(term))

    for quad in store.quads():
        copy.add((convert(quad.subject), convert(quad.predicate), convert(quad.object)))
    return copy
