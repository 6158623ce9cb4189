"""Formats by name and ending, and what each makes of a selection. Knows content, writes no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from agikg.errors import BadInput
from agikg.exchange import bundle, cypher, lines, networks
from agikg.exchange.records import Row, Terms, rows
from agikg.exchange.schema import SHOWN
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import nquads, serialise
from agikg.store.terms import Quad
from agikg.vocab import PREFIXES

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True)
class Content:
    """What an export holds.

    Attributes:
        quads: for RDF: authored quads in scope, and, unless left out, vocabulary and derived quads.
        authored: the authored quads in scope.
        vocabulary: of the graph.
        claims: catalogue rows of the claims in scope, by id.
        sources: catalogue rows of their sources.
        network: makes the graph of links for network tools.
        snapshot: hash of the snapshot it was taken from.
        scope: in words, what was chosen.
    """

    quads: Sequence[Quad]
    authored: Sequence[Quad]
    vocabulary: Vocabulary
    claims: Mapping[str, Row]
    sources: Sequence[Row]
    network: Callable[[], networkx.MultiDiGraph[str]]
    snapshot: str
    scope: str

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """Records by table."""
        return rows(TripleIndex(self.authored), Terms(self.vocabulary))

    @cached_property
    def shown(self) -> dict[str, list[Row]]:
        """Records by table, claims with what their readers want to see."""
        found = []
        for row in self.rows["claims"]:
            claim = self.claims[row["id"]]
            told = {**claim, "non_commercial": claim["non_commercial"] or None}
            found.append(row | {column: told[column] for column in SHOWN if told[column] is not None and column not in row})
        return {**self.rows, "claims": found}

    @cached_property
    def edges(self) -> list[Row]:
        """The links of the network as rows."""
        graph = self.network()
        found = []
        for start, end, data in graph.edges(data=True):
            named = {
                "subject": start,
                "subject_label": graph.nodes[start]["label"],
                "object": end,
                "object_label": graph.nodes[end]["label"],
            }
            found.append({key: value for key, value in (named | data).items() if value is not None})
        return sorted(found, key=lambda row: (row["subject"], row["predicate"], row["object"]))


class Format(NamedTuple):
    """A format of export.

    Attributes:
        endings: of file names, the first for new files.
        help: one line.
        write: makes the file, or the files of a folder.
    """

    endings: tuple[str, ...]
    help: str
    write: Callable[[Content], bytes | dict[str, bytes]]


def _rdf(syntax: str, *, triple_terms: bool = False) -> Callable[[Content], bytes]:
    if syntax == "nquads":
        return lambda content: nquads(content.quads)
    return lambda content: serialise(content.quads, syntax, PREFIXES, triple_terms=triple_terms)


def _bundle(content: Content) -> dict[str, bytes]:
    sources = [
        {"name": row["id"], "title": row["title"], "path": row["url"], "license": row["license"], "nonCommercial": row["non_commercial"]}
        for row in content.sources
    ]
    about = {"title": "agikg: China's AGI value chain", "snapshot": content.snapshot, "scope": content.scope, "sources": sources}
    return bundle.bundle(content.shown, content.edges, about)


FORMATS: dict[str, Format] = {
    "turtle": Format((".ttl",), "RDF: Turtle", _rdf("turtle")),
    "trig": Format((".trig",), "RDF: TriG, with named graphs", _rdf("trig")),
    "ntriples": Format((".nt",), "RDF: N-Triples", _rdf("ntriples")),
    "nquads": Format((".nq",), "RDF: N-Quads, canonical, with named graphs", _rdf("nquads")),
    "jsonld": Format((".jsonld",), "RDF: JSON-LD, with named graphs", _rdf("jsonld")),
    "rdfxml": Format((".rdf", ".owl"), "RDF: RDF/XML", _rdf("rdfxml")),
    "rdf12": Format((".trig12",), "RDF 1.2: TriG, claims as triple terms too", _rdf("trig", triple_terms=True)),
    "csv": Format((".zip", "/"), "tables with a data dictionary, zipped or in a folder", _bundle),
    "jsonl": Format((".jsonl", ".ndjson"), "JSON lines, a record each", lambda content: lines.json_lines(content.rows)),
    "graphml": Format((".graphml",), "network: yEd, Cytoscape, igraph", lambda content: networks.graphml(content.network())),
    "gexf": Format((".gexf",), "network: Gephi", lambda content: networks.gexf(content.network(), content.snapshot)),
    "cypher": Format(
        (".cypher", ".cql"), "script for Neo4j", lambda content: cypher.script(content.shown, content.edges, content.snapshot)
    ),
}


def format_of(target: str, chosen: str | None) -> str:
    """The format that was chosen, or that the ending of the target names.

    Raises:
        BadInput: neither says one.
    """
    if chosen is not None:
        if chosen not in FORMATS:
            raise BadInput(f"no format is called {chosen!r}", hint=f"the formats: {', '.join(FORMATS)}")
        return chosen
    for name, format_ in FORMATS.items():
        if target.casefold().endswith(format_.endings):
            return name
    endings = ", ".join(ending for format_ in FORMATS.values() for ending in format_.endings)
    raise BadInput(
        f"{PurePath(target).name or target!r} does not say in which format", hint=f"give --format, or one of the endings {endings}"
    )


def written(content: Content, format_: str) -> Any:
    """The export in a format: bytes, or for tables the files of a folder by name."""
    return FORMATS[format_].write(content)
