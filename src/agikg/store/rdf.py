"""The same graph as rdflib knows it: a read-only Dataset over the same store."""

from __future__ import annotations

from typing import Any, NoReturn

import rdflib
import rdflib.plugins.sparql
from oxrdflib import OxigraphStore

from agikg.errors import BadInput
from agikg.store.embedded import EmbeddedStore
from agikg.store.rdflib_terms import to_rdflib
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
    copy = to_rdflib(store.quads())
    for prefix, namespace in PREFIXES.items():
        copy.bind(prefix, namespace, replace=True)
    return copy
