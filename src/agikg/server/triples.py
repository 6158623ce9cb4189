"""What the graph says of one thing, as RDF: its own triples and those that point to it, in the common syntaxes.

Found by the named queries ``description``, ``mentions``, ``graphs`` and ``triples``; knows terms, no HTTP and no HTML.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from agikg.store.port import Solutions
from agikg.store.syntax import turtle
from agikg.store.terms import IRI, Quad, Term
from agikg.vocab import GRAPH, PREFIXES, TYPE, curie

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph

_VOID = "http://rdfs.org/ns/void#"
TURTLE, JSON_LD, N_TRIPLES = "text/turtle", "application/ld+json", "application/n-triples"


class Description(NamedTuple):
    """A thing and what is said of it.

    Attributes:
        iri: the thing.
        own: predicate and object of its triples.
        mentions: subject and predicate of the triples that point to it.
    """

    iri: str
    own: tuple[tuple[IRI, Term], ...]
    mentions: tuple[tuple[IRI, IRI], ...]

    @property
    def known(self) -> bool:
        """Whether the graph says anything of it."""
        return bool(self.own or self.mentions)

    def values(self, predicate: str) -> list[Term]:
        """Objects of one predicate."""
        return [value for name, value in self.own if name == predicate]

    def quads(self) -> list[Quad]:
        """All triples."""
        thing = IRI(self.iri)
        return [Quad(thing, name, value) for name, value in self.own] + [Quad(one, name, thing) for one, name in self.mentions]


def describe(kg: KnowledgeGraph, iri: str) -> Description:
    """The description of an IRI; empty where the graph says nothing of it, or where it is no IRI."""
    try:
        IRI(iri).n3()
    except ValueError:
        return Description(iri, (), ())
    if iri.startswith(GRAPH):
        return _named_graph(kg, iri)
    own, mentions = _rows(kg, "description", thing=iri), _rows(kg, "mentions", thing=iri)
    return Description(iri, tuple((row[0], row[1]) for row in own), tuple((row[0], row[1]) for row in mentions))


def _named_graph(kg: KnowledgeGraph, iri: str) -> Description:
    """A named graph, which no triple describes: how much it holds, as VoID says it."""
    counted = _rows(kg, "graphs", graph=iri)
    own = ((IRI(TYPE), IRI(f"{_VOID}Dataset")), (IRI(f"{_VOID}triples"), counted[0][1])) if counted and counted[0][0] else ()
    return Description(iri, own, ())


def named_graph(kg: KnowledgeGraph, iri: str) -> list[Quad]:
    """The triples of a named graph."""
    return [Quad(*row) for row in _rows(kg, "triples", graph=iri)]


def _rows(kg: KnowledgeGraph, name: str, **values: str) -> Sequence[Sequence[Any]]:
    found = kg.store.query(kg.queries[name].bind({key: IRI(value) for key, value in values.items()}))
    return found.rows if isinstance(found, Solutions) else ()


def written(quads: Sequence[Quad], kind: str, snapshot: str) -> str:
    """Triples in a syntax: ``TURTLE``, ``JSON_LD`` or ``N_TRIPLES``; where it has comments, the snapshot stands in the first."""
    if kind == JSON_LD:
        return _json_ld(quads)
    if kind == N_TRIPLES:
        return "\n".join([f"# {snapshot}", *sorted({quad._replace(graph="").n3() for quad in quads}), ""])
    return f"# {snapshot}\n{turtle(quads, _prefixes(quads))}"


def _prefixes(quads: Sequence[Quad]) -> dict[str, str]:
    """The prefixes that some triples need."""
    iris = {term if isinstance(term, IRI) else getattr(term, "datatype", "") for quad in quads for term in quad[:3]}
    used = {curie(iri).partition(":")[0] for iri in iris}
    return {prefix: name for prefix, name in PREFIXES.items() if prefix in used}


def _json_ld(quads: Sequence[Quad]) -> str:
    """Compacted with the prefixes as context, in one order: rdflib's own differs from run to run."""
    from agikg.store.rdflib_terms import to_rdflib

    text: str = to_rdflib(quads).serialize(format="json-ld", context=_prefixes(quads))
    return json.dumps(_ordered(json.loads(text)), ensure_ascii=False, indent=1) + "\n"


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: value[key] if key == "@list" else _ordered(value[key]) for key in sorted(value)}
    return sorted(map(_ordered, value), key=json.dumps) if isinstance(value, list) else value
