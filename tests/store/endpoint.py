"""An endpoint for tests: SPARQL protocol, Update and Graph Store over Oxigraph, which misbehaves as it is told to."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pyoxigraph as ox

REALM, NONCE = "agikg", "c0ffee"


class Request(NamedTuple):
    """A request as it came."""

    method: str
    path: str
    parameters: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """A reply that is sent as it is."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Endpoint:
    """What an endpoint holds and how it behaves.

    Attributes:
        url: its address, without a path.
        data: its quads.
        cap: rows or triples at which answers are cut without a word; None for no limit.
        announces: whether it says so in a header, as Virtuoso does for tables.
        ignores_dataset: whether it asks all graphs whatever it is told.
        password: what ``user`` has to give, by basic or digest (``scheme``); None lets everybody in.
        snapshot_header: what every answer says of the snapshot, as ``agikg serve`` does.
        fault: called with each request; its reply is sent instead of the true one, if it is one.
        requests: all that came.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.data = ox.Store()
        self.cap: int | None = None
        self.announces = False
        self.ignores_dataset = False
        self.password: str | None = None
        self.scheme = "basic"
        self.snapshot_header: str | None = None
        self.fault: Callable[[Request], Reply | None] = lambda _request: None
        self.requests: list[Request] = []

    def answer(self, request: Request) -> Reply:
        """The reply to a request."""
        self.requests.append(request)
        reply = self.fault(request)
        if reply is not None:
            return reply
        if self.password is not None and not self._may_enter(request):
            challenge = f'Digest realm="{REALM}", nonce="{NONCE}", qop="auth"' if self.scheme == "digest" else f'Basic realm="{REALM}"'
            return Reply(401, b"who is there?", (("WWW-Authenticate", challenge),))
        try:
            return {"/sparql": self._query, "/update": self._update, "/store": self._store}.get(request.path, _nowhere)(request)
        except (SyntaxError, ValueError) as error:
            return Reply(400, str(error).encode())

    def _may_enter(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != self.scheme:
            return False
        if self.scheme == "basic":
            return base64.b64decode(given).decode() == f"user:{self.password}"
        fields = dict(re.findall(r'(\w+)="?([^",]+)"?', given))
        first = _md5(f"user:{REALM}:{self.password}")
        second = _md5(f"{request.method}:{fields['uri']}")
        return str(fields["response"]) == _md5(":".join((first, NONCE, fields["nc"], fields["cnonce"], "auth", second)))

    def _query(self, request: Request) -> Reply:
        given = parse_qs(request.body.decode())
        (text,) = given["query"]
        graphs = {
            "default_graph": [ox.NamedNode(name) for name in given.get("default-graph-uri", [])],
            "named_graphs": [ox.NamedNode(name) for name in given.get("named-graph-uri", [])],
        }
        dataset: dict[str, Any] = {"use_default_graph_as_union": True} if self.ignores_dataset or not any(graphs.values()) else graphs
        found = self.data.query(text, **dataset)
        extra: tuple[tuple[str, str], ...] = (("X-Agikg-Snapshot", self.snapshot_header),) if self.snapshot_header else ()
        if isinstance(found, ox.QueryTriples):
            body = found.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
            return Reply(200, b"".join(body.splitlines(keepends=True)[: self.cap]), (("Content-Type", "application/n-triples"), *extra))
        body = found.serialize(format=ox.QueryResultsFormat.JSON) or b""
        if self.cap is not None and isinstance(found, ox.QuerySolutions):
            body, cut = _cut(body, self.cap)
            extra += (("X-SPARQL-MaxRows", str(self.cap)),) if cut and self.announces else ()
        return Reply(200, body, (("Content-Type", "application/sparql-results+json"), *extra))

    def _update(self, request: Request) -> Reply:
        self.data.update(request.body.decode())
        return Reply(204)

    def _store(self, request: Request) -> Reply:
        graph = ox.NamedNode(request.parameters["graph"][0])
        if request.method == "DELETE":
            if not self.data.contains_named_graph(graph):
                return Reply(404)
            self.data.remove_graph(graph)
            return Reply(204)
        if request.method == "PUT":
            self.data.remove_graph(graph)
        self.data.load(request.body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
        return Reply(204)


@contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """An endpoint that answers for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.casefold(): value for name, value in self.headers.items()}
            reply = endpoint.answer(Request(self.command, parts.path, parse_qs(parts.query), headers, body))
            if reply.status == 0:  # hangs up
                self.close_connection = True
                self.wfile.write(reply.body)
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if not any(name == "Content-Length" for name, _ in reply.headers):
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 (http.server's names)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    class Server(ThreadingHTTPServer):
        def get_request(self) -> tuple[Any, Any]:
            connection, peer = super().get_request()
            return (connection if tls is None else tls.wrap_socket(connection, server_side=True)), peer

        def handle_error(self, *_: Any) -> None:
            """Says nothing: clients that hang up are what is tested."""

    with Server(("127.0.0.1", 0), Handler) as server:
        endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield endpoint
        finally:
            server.shutdown()
            thread.join()


def query_of(request: Request) -> str:
    """The query of a request to ``/sparql``."""
    return dict(parse_qsl(request.body.decode())).get("query", "")


def _cut(body: bytes, cap: int) -> tuple[bytes, bool]:
    import json

    table = json.loads(body)
    rows = table["results"]["bindings"]
    table["results"]["bindings"] = rows[:cap]
    return json.dumps(table).encode(), len(rows) > cap


def _nowhere(_: Request) -> Reply:
    return Reply(404, b"nothing here")


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
