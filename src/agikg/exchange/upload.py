"""Loads a snapshot into an endpoint, so that ``--store URL`` can read it from there. Knows HTTP and SPARQL, no engine.

Whatever is acknowledged is not sent again after a kill. What says that a whole snapshot is there goes first when an upload
begins and comes last when it ends, so that half of one is never taken for the whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from agikg import settings
from agikg.errors import BadInput, Damaged, NotFound, StoreError
from agikg.exchange.journal import Journal
from agikg.snapshot import sha256
from agikg.store.address import address, check_prefix
from agikg.store.connection import Connection, Reply
from agikg.store.remote import RemoteStore, connect, counts
from agikg.store.statement import Statement
from agikg.store.terms import IRI
from agikg.vocab import GRAPH

CHUNKS = {"gsp": 10_000, "update": 500}
"""Protocol -> triples sent at once: Virtuoso takes no INSERT DATA of 2,000."""
Progress = Callable[[int, int], None]


class Target(NamedTuple):
    """Where a snapshot goes.

    Attributes:
        url: of the Graph Store Protocol (``?graph=`` is added) or of SPARQL Update.
        protocol: gsp or update.
        auth: basic, digest, or "" for what the endpoint asks for.
        prefix: what the names of the graphs begin with there.
        query_url: endpoint for queries, by which what arrived is counted; None counts nothing.
        chunk: triples sent at once; 0 for ``CHUNKS``.
    """

    url: str
    protocol: str = "gsp"
    auth: str = ""
    prefix: str = GRAPH
    query_url: str | None = None
    chunk: int = 0


class Uploaded(NamedTuple):
    """What an upload did.

    Attributes:
        quads: number of quads of the snapshot.
        sent: number of quads sent; fewer after an upload that was stopped, 0 if all was there.
        checked: whether the endpoint was asked how many arrived.
    """

    quads: int
    sent: int
    checked: bool


def upload(graph: bytes, content_hash: str, target: Target, progress: Progress, journals: Path | None = None) -> Uploaded:
    """Loads a snapshot.

    Args:
        graph: its canonical N-Quads.
        content_hash: ``sha256:...`` of them.
        target: where to.
        progress: told the number of quads that are there, and of all.
        journals: folder for what was acknowledged; None for one in the cache.

    Raises:
        BadInput: a URL or prefix that is none.
        Damaged: another number of quads arrived than was sent.
        StoreError: unreachable, refused, broken.
    """
    prefix = target.prefix
    check_prefix(prefix)
    parts = _by_graph(graph, prefix)
    statement = Statement(content_hash, {name: len(lines) for name, lines in parts.items()}, prefix)
    there = Connection(address(target.url), target.auth)
    chunk = target.chunk or CHUNKS[target.protocol]
    journal = Journal(
        _journal_file(journals or settings.cache_home() / "uploads", there, target), {"snapshot": content_hash, "chunk": chunk}
    )
    if target.query_url and _is_there(statement, target.query_url):
        journal.close()
        return Uploaded(statement.quads, 0, True)
    protocol = _PROTOCOLS[target.protocol](there)
    protocol.remove(statement.name)
    if target.query_url and _was_loaded(statement, target):
        journal.close()
        protocol.put(statement.name, [f"{triple.n3()}\n" for triple in statement.triples()])
        return Uploaded(statement.quads, 0, True)
    sent = done = 0
    for name, lines in parts.items():
        for start in range(0, len(lines), chunk):
            piece, step = lines[start : start + chunk], [name, start]
            if step not in journal:
                protocol.put(name, piece) if start == 0 else protocol.add(name, piece)
                journal.add(step)
                sent += len(piece)
            done += len(piece)
            progress(done, statement.quads)
    if target.query_url:
        _check(statement, target.query_url, target.auth, journal)
    protocol.put(statement.name, [f"{triple.n3()}\n" for triple in statement.triples()])
    journal.close()
    if target.query_url:
        connect(_asked(target.query_url, prefix))
    return Uploaded(statement.quads, sent, bool(target.query_url))


def _by_graph(graph: bytes, prefix: str) -> dict[str, list[str]]:
    """Name of each graph at the endpoint -> its lines of N-Triples."""
    found: dict[str, list[str]] = {}
    for line in graph.decode("utf-8").splitlines():
        triple, _, name = line.removesuffix(" .").rpartition(" ")
        if not name.startswith(f"<{GRAPH}"):
            raise BadInput(f"a graph of the snapshot is called {name}, which cannot be renamed", hint="report it, please")
        found.setdefault(prefix + name[len(GRAPH) + 1 : -1], []).append(f"{triple} .\n")
    return found


def _journal_file(folder: Path, there: Connection, target: Target) -> Path:
    place = "\0".join((there.where.url, target.protocol, target.prefix))
    return folder / f"{hashlib.sha256(place.encode()).hexdigest()[:24]}.jsonl"


def _asked(query_url: str, prefix: str) -> str:
    return f"{query_url.partition('#')[0]}#{prefix}"


def _is_there(statement: Statement, query_url: str) -> bool:
    """Whether the endpoint holds just this snapshot already."""
    try:
        return connect(_asked(query_url, statement.prefix)).statement == statement
    except (NotFound, Damaged):
        return False


def _was_loaded(statement: Statement, target: Target) -> bool:
    """Whether all quads are there and only nobody says so: loaded by the engine's own loader. They are read back to tell."""
    connection = Connection(address(_asked(target.query_url or "", statement.prefix)), target.auth)
    if counts(connection, statement.graphs) != statement.graphs:
        return False
    try:
        return sha256(RemoteStore(connection, statement).canonical()) == statement.content_hash
    except (Damaged, ValueError):
        return False


def _check(statement: Statement, query_url: str, auth: str, journal: Journal) -> None:
    """Counts what arrived, before anything says that it is whole."""
    found = counts(Connection(address(query_url), auth), statement.graphs)
    for name, expected in statement.graphs.items():
        if found.get(name, 0) != expected:
            journal.close()
            raise Damaged(
                f"{found.get(name, 0)} triples arrived in {name}, {expected} were sent",
                hint="somebody else writes there, or the engine drops triples; the next upload begins anew",
            )


class _GraphStore:
    """SPARQL 1.1 Graph Store Protocol."""

    def __init__(self, there: Connection) -> None:
        self._there = there

    def put(self, name: str, lines: list[str]) -> None:
        """Replaces a graph."""
        self._send("PUT", name, lines)

    def add(self, name: str, lines: list[str]) -> None:
        """Adds to a graph."""
        self._send("POST", name, lines)

    def remove(self, name: str) -> None:
        """Removes a graph, which need not be there."""
        reply = self._there.send("DELETE", {}, parameters={"graph": name})
        if reply.status != 404:
            _accepted(reply, self._there)

    def _send(self, method: str, name: str, lines: list[str]) -> None:
        headers = {"Content-Type": "application/n-triples"}
        _accepted(self._there.send(method, headers, "".join(lines).encode("utf-8"), {"graph": name}), self._there)


class _Update:
    """SPARQL 1.1 Update."""

    def __init__(self, there: Connection) -> None:
        self._there = there

    def put(self, name: str, lines: list[str]) -> None:
        """Replaces a graph."""
        self.remove(name)
        self.add(name, lines)

    def add(self, name: str, lines: list[str]) -> None:
        """Adds to a graph."""
        self._send(" ".join(("INSERT DATA { GRAPH", IRI(name).n3(), "{\n", *lines, "} }")))

    def remove(self, name: str) -> None:
        """Removes a graph, which need not be there."""
        self._send(f"DROP SILENT GRAPH {IRI(name).n3()}")

    def _send(self, text: str) -> None:
        _accepted(self._there.send("POST", {"Content-Type": "application/sparql-update"}, text.encode("utf-8")), self._there)


_PROTOCOLS: dict[str, type[_GraphStore] | type[_Update]] = {"gsp": _GraphStore, "update": _Update}


def _accepted(reply: Reply, there: Connection) -> None:
    if not 200 <= reply.status < 300:
        raise StoreError(
            f"{there.where} did not take the data (HTTP {reply.status}): {reply.text() or 'no reason'}",
            hint="is it the right URL for the protocol (--protocol gsp or update)? Large chunks can be the reason: try --chunk 100",
        )
