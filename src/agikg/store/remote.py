"""A snapshot in any SPARQL 1.1 endpoint. Knows the protocol and where engines bend it, not what the graph says.

The graphs of the snapshot are named with every query, so that whatever else the endpoint holds stays out of answers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlencode

from agikg import settings
from agikg.errors import BadQuery, Damaged, LimitHit, OutOfTime, StoreError
from agikg.store import answers, guard
from agikg.store.address import address
from agikg.store.canonical import canonical_quad
from agikg.store.connection import Connection, NoAnswer, Reply
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.spelling import Spelling, spelling
from agikg.store.statement import HASH, QUERY, Statement, choose
from agikg.store.syntax import nquads
from agikg.store.terms import Quad, Term
from agikg.vocab import GRAPH

_GRAPHS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_COUNT_ALL = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
# Virtuoso sorts at most 10,000 rows before a LIMIT; it has no such bound for an inner query.
_PAGE = "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o } }"
_EVERY_SUBJECT = "SELECT ?s { ?s ?p ?o }"
_PAGE_ROWS = 20_000
_NO_CAP_BELOW = 1_000
"""Rows from which an answer may have been cut: no engine is known to cut below."""

RELOAD = "agikg export --to URL loads it anew"
Progress = Callable[[int, int], None]


class RemoteStore:
    """An endpoint that holds a snapshot; open it with ``connect``."""

    def __init__(self, connection: Connection, statement: Statement) -> None:
        self._connection = connection
        self._cap: int | None = None
        self._cap_known = False
        self.statement = statement
        self.descriptor = str(connection.where)
        self.content_hash = statement.content_hash

    def __len__(self) -> int:
        return self.statement.quads

    def query(self, text: str) -> Result:
        """See ``Store.query``.

        Raises:
            BadQuery: the endpoint cannot run it.
            LimitHit: the endpoint cut the answer.
            StoreError: unreachable, broken, too slow.
        """
        return self._run(spelling(text, self.statement.prefix), settings.value("store_seconds"))

    def outside(self, text: str) -> Result:
        """Runs a query from outside, within the limits on time and rows.

        Raises:
            ForbiddenQuery, BadQuery: see ``guard.check``.
            LimitHit: out of time or rows.
            StoreError: unreachable or broken.
        """
        guard.check(text, lambda _graph: True)
        query = spelling(text, self.statement.prefix)
        guard.check(query.whole, self.statement.graphs.__contains__)  # only here g: stands for what it stands for there
        seconds, most = settings.value("query_seconds"), settings.value("query_rows")
        try:
            found = self._run(query, seconds)
        except NoAnswer:
            raise OutOfTime(f"the query ran longer than {seconds:g} s", hint="narrow it, or raise AGIKG_QUERY_SECONDS") from None
        if _size(found) > most:
            raise LimitHit(f"the query has more than {most:.0f} rows", hint="add LIMIT, or raise AGIKG_QUERY_ROWS")
        return found

    def quads(self, progress: Progress | None = None) -> Iterator[Quad]:
        """Everything in it, page by page, named as in the snapshot; ``progress`` gets the number of quads read and of all.

        Raises:
            Damaged: the endpoint gives fewer than it states.
        """
        done = 0
        for graph, expected in self.statement.graphs.items():
            start, size = 0, _PAGE_ROWS
            while start < expected:
                asked = min(size, expected - start)
                page = self._page(graph, asked, start)
                if not page:
                    raise Damaged(f"{self.descriptor} gives {start} of {expected} triples of {graph}", hint=RELOAD)
                # Fewer than asked for: the endpoint cuts without a word, and further pages have to fit.
                size = len(page) if len(page) < asked else size
                start += len(page)
                yield from (quad._replace(graph=self.statement.own_name(graph)) for quad in page)
                if progress is not None:
                    progress(done + start, self.statement.quads)
            done += start

    def canonical(self, progress: Progress | None = None) -> bytes:
        """Everything in it as canonical N-Quads, over which the content hash is.

        Raises:
            ValueError: a term that N-Quads cannot hold.
            StoreError: see ``quads``.
        """
        return nquads(canonical_quad(quad) for quad in self.quads(progress))

    def _page(self, graph: str, rows: int, start: int) -> tuple[Quad, ...]:
        text = f"{_PAGE} LIMIT {rows} OFFSET {start}"
        found = answers.read("construct", _ask(self._connection, text, "construct", [graph], []), self.descriptor)
        assert isinstance(found, Triples)
        return found.triples

    # --- running a query ----------------------------------------------------------------------------------------

    def _run(self, query: Spelling, seconds: float) -> Result:
        graphs = [] if query.has_dataset else list(self.statement.graphs)
        reply = _ask(self._connection, query.whole, query.form, graphs, graphs, seconds)
        found = answers.read(query.form, reply, self.descriptor)
        self._check_whole(query, reply, _size(found), seconds)
        return found

    def _check_whole(self, query: Spelling, reply: Reply, size: int, seconds: float) -> None:
        """Refuses an answer that the endpoint cut without a word."""
        most = reply.headers.get("x-sparql-maxrows", "")
        if "x-sql-state" in reply.headers or (most.isdigit() and size >= int(most)):
            raise self._cut(int(most) if most.isdigit() else size)
        rows = size
        if query.form == "construct":
            # What is cut are solutions, and how many triples they make is another matter.
            rows = self._solutions(query, seconds)
        if rows >= _NO_CAP_BELOW:
            cap = self._most_rows()
            if cap is not None and rows >= cap:
                raise self._cut(cap)

    def _cut(self, rows: int) -> LimitHit:
        return LimitHit(
            f"{self.descriptor} cuts answers at {rows} rows", hint="page with ORDER BY, LIMIT and OFFSET, or have its limit raised"
        )

    def _solutions(self, query: Spelling, seconds: float) -> int:
        """Number of solutions of a CONSTRUCT query; past any cap where the endpoint cannot tell."""
        graphs = [] if query.has_dataset else list(self.statement.graphs)
        try:
            return _number(self._connection, query.counted, graphs, graphs, seconds)
        except BadQuery:
            return sys.maxsize

    def _most_rows(self) -> int | None:
        """Number of rows at which the endpoint cuts answers, None if it gives as many as may be asked for here."""
        if not self._cap_known:
            wanted = min(self.statement.quads, int(settings.value("query_rows")) + 1)
            graphs = list(self.statement.graphs)
            found = len(_rows(self._connection, f"{_EVERY_SUBJECT} LIMIT {wanted}", graphs, graphs))
            self._cap, self._cap_known = (found if found < wanted else None), True
        return self._cap


def connect(descriptor: str) -> RemoteStore:
    """Opens the snapshot that an endpoint states, after it was tried whether it keeps graphs apart, and their triples were counted.

    Args:
        descriptor: see ``address``.

    Raises:
        BadInput: not a URL, or a choice between several snapshots has to be made.
        NotFound: no finished snapshot there.
        Damaged: it holds another number of triples than it states.
        StoreError: unreachable, broken, refused, or it ignores which graphs are asked.
    """
    where = address(descriptor)
    connection = Connection(where)
    statement = stated(connection)
    _check_dataset(connection, statement)
    check_counts(statement, counts(connection, statement.graphs), where)
    return RemoteStore(connection, statement)


def stated(connection: Connection) -> Statement:
    """What an endpoint states: in a graph (see ``statement.choose``), or, as ``agikg serve`` does, in a header of every answer."""
    where = connection.where
    reply = _ask(connection, QUERY, "select", [], [])
    found = answers.read("select", reply, where)
    assert isinstance(found, Solutions)
    served = reply.headers.get("x-agikg-snapshot", "")
    if not found.rows and HASH.fullmatch(served) and where.graphs in ("", GRAPH):
        return Statement(served, _served(connection), in_header=True)
    return choose(found, where.graphs, where)


def counts(connection: Connection, graphs: Iterable[str]) -> dict[str, int]:
    """Number of triples in each of the graphs: a request a graph, because Virtuoso counts several at once a hundred times slower."""
    return {graph: _number(connection, _COUNT, [graph], [graph]) for graph in graphs}


def _served(connection: Connection) -> dict[str, int]:
    """Number of triples in each graph there is."""
    return {str(graph): int(str(number)) for graph, number in sorted(_rows(connection, _GRAPHS, [], []), key=str)}


def _number(connection: Connection, text: str, default: list[str], named: list[str], seconds: float | None = None) -> int:
    try:
        ((number,),) = _rows(connection, text, default, named, seconds)
        return int(str(number))
    except ValueError:
        raise StoreError(f"{connection.where} gave a broken answer: a number was asked for") from None


def _rows(
    connection: Connection, text: str, default: list[str], named: list[str], seconds: float | None = None
) -> tuple[tuple[Term | None, ...], ...]:
    found = answers.read("select", _ask(connection, text, "select", default, named, seconds), connection.where)
    assert isinstance(found, Solutions)  # of a SELECT
    return found.rows


def check_counts(statement: Statement, found: dict[str, int], where: object) -> None:
    """Compares what was counted with what is stated.

    Raises:
        Damaged: a graph holds another number of triples.
    """
    for graph, count in statement.graphs.items():
        if found.get(graph, 0) != count:
            raise Damaged(f"{where} holds {found.get(graph, 0)} triples in {graph}, {count} were loaded", hint=RELOAD)


def _check_dataset(connection: Connection, statement: Statement) -> None:
    """Whether the endpoint asks just the graphs it is told to ask: tried on one whose triples are known, and on one that is none."""
    expected = 0 if statement.in_header else len(statement.triples())
    if _number(connection, _COUNT_ALL, [statement.name], [f"{statement.name}-none"]) != expected:
        raise StoreError(
            f"{connection.where} ignores default-graph-uri or named-graph-uri, so its answers could hold what is not the snapshot's",
            hint="docs/scaling.md lists engines that follow the protocol",
        )


def _ask(connection: Connection, text: str, form: str, default: list[str], named: list[str], seconds: float | None = None) -> Reply:
    """Sends a query by POST, which knows no limit of length."""
    fields = [("query", text), *(("default-graph-uri", graph) for graph in default), *(("named-graph-uri", graph) for graph in named)]
    headers = {
        "Accept": answers.JSON_RESULTS if form in ("select", "ask") else answers.RDF,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    reply = connection.send("POST", headers, urlencode(fields).encode("ascii"), seconds=seconds)
    if reply.status == 200:
        return reply
    said = reply.text() or "no reason"
    if "transitive start not given" in said:
        hint = "write one end of the path as a constant, or bind it by a triple pattern before the path (VALUES is not enough)"
        raise BadQuery("this engine follows a path only from an end that is given", hint=hint)
    if reply.status == 400:
        raise BadQuery(f"{connection.where} cannot run the query: {said}")
    if reply.status == 504 or reply.status == 408:
        raise NoAnswer(f"{connection.where} ran out of time: {said}", hint="narrow the query")
    raise StoreError(f"{connection.where} failed (HTTP {reply.status}): {said}", hint="is it a SPARQL endpoint?")


def _size(found: Result) -> int:
    if isinstance(found, Truth):
        return 1
    return len(found.rows) if isinstance(found, Solutions) else len(found.triples)
