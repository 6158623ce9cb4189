"""A server over any data, asked over HTTP by a client of its own thread: for suites that bring their data. Knows no suite.

It is what ``agikg serve`` runs (socket, uvicorn, application, lanes, workers), but for one thing: queries that name no dataset see the
default graph, as SPARQL has it, and not the union of all graphs.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import httpx
import pyoxigraph
from tests.server.conftest import made

from agikg.server.calls import Calls
from agikg.server.lanes import Lanes
from agikg.server.limits import Limits
from agikg.server.run import WAITING, serve
from agikg.server.sending import Outgoing
from agikg.server.sockets import listen
from agikg.server.state import ServerState

R = TypeVar("R")


class Data(NamedTuple):
    """A file: where it is, the address its relative IRIs are resolved against, and the graph it goes to (None: the default graph)."""

    file: Path
    address: str
    graph: str | None


class Reply(NamedTuple):
    """A response: its status, media type without parameters, and body."""

    status: int
    media_type: str
    body: bytes


class Server(NamedTuple):
    """A running server, as a client sees it."""

    client: httpx.Client

    def post(self, query: str, accept: str, default: Sequence[str] = (), named: Sequence[str] = ()) -> Reply:
        """Posts a query as a form; graphs make up the dataset that the request names."""
        form = {"query": query, "default-graph-uri": list(default), "named-graph-uri": list(named)}
        reply = self.client.post("/sparql", data=form, headers={"Accept": accept})
        return Reply(reply.status_code, reply.headers.get("Content-Type", "").partition(";")[0], reply.content)


def load(engine: pyoxigraph.Store, data: Sequence[Data]) -> None:
    """Puts files into a store of the engine."""
    for part in data:
        graph = pyoxigraph.DefaultGraph() if part.graph is None else pyoxigraph.NamedNode(part.graph)
        form = pyoxigraph.RdfFormat.from_extension(part.file.suffix[1:])
        engine.load(part.file.read_bytes(), format=form, base_iri=part.address, to_graph=graph)


def serving(data: Sequence[Data], asking: Callable[[Server], R]) -> R:
    """Serves data, asks, ends the server. Has to run in the main thread, which gets the signals.

    Args:
        data: what is served.
        asking: called in another thread once requests are taken.
    """
    engine = pyoxigraph.Store()
    load(engine, data)
    nquads = (engine.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode("utf-8")
    with tempfile.TemporaryDirectory() as folder, listen("127.0.0.1", 0, WAITING) as listening:
        graph = made(Path(folder) / "graph.nq", nquads)
        limits = Limits.declared(fast_workers=1, client_seconds=1e6)
        lanes = Lanes(graph.sparql_place(), limits, union=False)
        state = ServerState(graph, limits, lanes, Calls(limits), Outgoing(limits.response_bytes))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        found: list[R] = []

        def ask() -> None:
            try:
                with httpx.Client(base_url=address, timeout=60) as client:
                    found.append(asking(Server(client)))
            finally:
                os.kill(os.getpid(), signal.SIGTERM)  # as whoever runs `agikg serve` ends it

        serve(state, [listening], ready=threading.Thread(target=ask).start)
    if not found:
        raise RuntimeError("the client failed; its own error stands above")
    return found[0]
