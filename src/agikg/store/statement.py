"""What an endpoint states about the snapshot it holds: hash and number of quads, in a graph of its own, written last.

In VoID and Dublin Core terms; the graph ``<prefix>-snapshot`` is no part of the snapshot.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from agikg.errors import BadInput, Damaged, NotFound
from agikg.store.port import Solutions
from agikg.store.terms import IRI, Literal, Quad, Term
from agikg.vocab import DCTERMS, GRAPH, TYPE, XSD

VOID = "http://rdfs.org/ns/void#"
QUERY = """SELECT ?set ?hash ?quads ?part ?triples {
  GRAPH ?set {
    ?set <http://purl.org/dc/terms/identifier> ?hash ;
      <http://rdfs.org/ns/void#triples> ?quads ;
      <http://rdfs.org/ns/void#subset> ?part .
    ?part <http://rdfs.org/ns/void#triples> ?triples
  }
}"""
"""Finds every statement of an endpoint."""
HASH = re.compile(r"sha256:[0-9a-f]{64}")
_NAME = "-snapshot"


class Statement(NamedTuple):
    """A snapshot as an endpoint states it.

    Attributes:
        content_hash: ``sha256:...`` of its canonical N-Quads.
        graphs: name of each graph at the endpoint -> number of triples.
        prefix: what those names begin with; in the snapshot itself that is ``GRAPH``.
        in_header: whether it stands in a header of each answer, not in a graph.
    """

    content_hash: str
    graphs: dict[str, int]
    prefix: str = GRAPH
    in_header: bool = False

    @property
    def quads(self) -> int:
        """Number of quads of the snapshot."""
        return sum(self.graphs.values())

    @property
    def name(self) -> IRI:
        """The graph that states it."""
        return statement_name(self.prefix)

    def own_name(self, graph: str) -> str:
        """The name that a graph of the endpoint has in the snapshot."""
        return GRAPH + graph.removeprefix(self.prefix) if graph.startswith(self.prefix) else graph

    def triples(self) -> list[Quad]:
        """What is written into the graph that states it."""
        rows: list[tuple[IRI, str, Term]] = [
            (self.name, TYPE, IRI(f"{VOID}Dataset")),
            (self.name, f"{DCTERMS}identifier", Literal(self.content_hash)),
            (self.name, f"{VOID}triples", _number(self.quads)),
        ]
        for graph, count in self.graphs.items():
            rows += [(self.name, f"{VOID}subset", IRI(graph)), (IRI(graph), f"{VOID}triples", _number(count))]
        return [Quad(subject, IRI(predicate), object_) for subject, predicate, object_ in rows]


def statement_name(prefix: str) -> IRI:
    """Name of the graph that states a snapshot whose graphs begin with a prefix."""
    return IRI(prefix + _NAME)


def _number(value: int) -> Literal:
    return Literal(str(value), "", f"{XSD}integer")


def choose(found: Solutions, wanted: str, where: object) -> Statement:
    """The snapshot that an endpoint states.

    Args:
        found: what ``QUERY`` gave.
        wanted: prefix of its graphs, "" for the only one there is.
        where: the endpoint, for messages.

    Raises:
        NotFound: none there.
        BadInput: several, and none was chosen.
        Damaged: the statement contradicts itself.
    """
    rows = [tuple(map(str, row)) for row in found.rows]
    sets = sorted({row[0] for row in rows if row[0].endswith(_NAME)})
    prefixes = [name.removesuffix(_NAME) for name in sets]
    if wanted:
        prefixes = [prefix for prefix in prefixes if prefix == wanted]
    if not prefixes:
        named = f" with graphs {wanted}..." if wanted else ""
        raise NotFound(f"{where} holds no finished agikg snapshot{named}", hint="agikg export --to URL loads one")
    if len(prefixes) > 1:
        raise BadInput(f"{where} holds {len(prefixes)} snapshots", hint=f"choose one by its graphs: URL#{' or URL#'.join(prefixes)}")
    return _read([row for row in rows if row[0] == statement_name(prefixes[0])], prefixes[0], where)


def _read(rows: list[tuple[str, ...]], prefix: str, where: object) -> Statement:
    hashes, totals = {row[1] for row in rows}, {row[2] for row in rows}
    try:
        (content_hash,), (total,) = hashes, map(int, totals)
        graphs = {row[3]: int(row[4]) for row in sorted(rows)}
        whole = len(graphs) == len(rows) and sum(graphs.values()) == total and all(graph.startswith(prefix) for graph in graphs)
    except ValueError:
        whole = False
    if not whole or not HASH.fullmatch(content_hash):
        raise Damaged(f"{where} states a snapshot that contradicts itself", hint="agikg export --to URL loads it anew")
    return Statement(content_hash, graphs, prefix)
