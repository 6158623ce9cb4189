"""A server inside the test process, for what it answers; a server as a process of its own, for what it withstands."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple, cast

import httpx
import pytest

from agikg.kg import KnowledgeGraph
from agikg.server.app import application
from agikg.server.limits import Limits
from agikg.server.state import ServerState
from agikg.store.embedded import EmbeddedStore, in_memory
from agikg.store.worker import Place

KASEI = "http://kasei.us/2009/09/sparql/data/"
DOCUMENT = "http://xmlns.com/foaf/0.1/Document"
# Limits under which the hostile tests end soon.
TIGHT = {
    "AGIKG_QUERY_SECONDS": "1", "AGIKG_QUERY_ROWS": "20000", "AGIKG_REQUEST_SECONDS": "2", "AGIKG_RESPONSE_SECONDS": "2",
    "AGIKG_CONNECTIONS": "150", "AGIKG_CLIENT_CONNECTIONS": "1000", "AGIKG_SERVER_WORKER_MEMORY": "600000000",
    "AGIKG_RESULT_BYTES": "8000000", "AGIKG_CLIENT_SECONDS": "100000", "AGIKG_FAST_WORKERS": "3",
}  # fmt: skip


def apart(main: Callable[[], Any]) -> Any:
    """Runs something that needs an event loop in a thread of its own: browser tests keep a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(main).result()


class Inside:
    """An application in an event loop of its own thread, asked without a network."""

    def __init__(self, state: ServerState, cors: bool = True) -> None:
        self.state = state
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        transport = httpx.ASGITransport(application(state, cors=cors), client=("192.0.2.7", 1), raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://kg.example")
        self.wait(state.start())

    def wait(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(60)

    def __call__(self, method: str, url: str, **options: Any) -> httpx.Response:
        return cast(httpx.Response, self.wait(self._client.request(method, url, **options)))

    def sparql(self, query: str, accept: str = "*/*", **options: Any) -> httpx.Response:
        return self("GET", "/sparql", params={"query": query}, headers={"Accept": accept}, **options)

    def close(self) -> None:
        self.wait(self._client.aclose())
        self.wait(self.state.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Made(NamedTuple):
    """Quads that take the place of a graph."""

    file: Path
    snapshot: str
    quads: int

    def sparql_place(self) -> Place:
        return Place(self.file, self.snapshot, self.quads)

    @property
    def store(self) -> EmbeddedStore:
        return in_memory(self.file.read_bytes(), self.snapshot, self.quads)


def made(file: Path, nquads: str) -> KnowledgeGraph:
    file.write_text(nquads, encoding="utf-8")
    snapshot = f"sha256:{hashlib.sha256(nquads.encode()).hexdigest()}"
    return cast(KnowledgeGraph, Made(file, snapshot, nquads.count("\n")))


@pytest.fixture(scope="session")
def inside(kg: KnowledgeGraph) -> Iterator[Inside]:
    """The graph that comes with agikg, served inside this process."""
    running = Inside(ServerState.of(kg, Limits.declared(query_seconds=5, query_rows=40_000, client_seconds=100_000)))
    yield running
    running.close()


@pytest.fixture(scope="session")
def kasei(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """The graphs that the protocol's tests speak of, served inside this process."""
    lines = [
        f"<{KASEI}data{n}.rdf> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{DOCUMENT}> <{KASEI}data{n}.rdf> .\n" for n in (1, 2, 3)
    ]
    running = Inside(ServerState.of(made(tmp_path_factory.mktemp("kasei") / "graph.nq", "".join(lines)), Limits.declared(fast_workers=1)))
    yield running
    running.close()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


class Outside(NamedTuple):
    """A server process and where it listens."""

    process: subprocess.Popen[str]
    port: int
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sparql(self, query: str, timeout: float = 20, **headers: str) -> httpx.Response:
        return self.client.post("/sparql", data={"query": query}, headers=headers, timeout=timeout)

    def alive(self) -> bool:
        """Whether others are still served, and soon: a busy moment may be told, a busy five seconds may not."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            reply = self.client.get("/sparql", params={"query": "ASK {}"}, timeout=5)
            if reply.status_code == 200:
                return bool(reply.json() == {"head": {}, "boolean": True})
            assert (reply.status_code, "retry-after" in reply.headers) == (503, True)
            time.sleep(0.2)
        return False


def serving(*arguments: str, **environment: str) -> Outside:
    """Starts ``agikg serve`` on a free port and waits until it takes requests."""
    process = subprocess.Popen(
        [sys.executable, "-m", "agikg", "serve", "--port", "0", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
    )  # fmt: skip
    assert process.stderr is not None
    line = process.stderr.readline()
    assert "serves snapshot" in line, line + process.stderr.read()
    port = int(line.split("127.0.0.1:")[1].split("/")[0])
    limits = httpx.Limits(max_keepalive_connections=5, keepalive_expiry=1)
    return Outside(process, port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20, limits=limits))


def ended(server: Outside, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
    """Ends a server; its exit code and what it said."""
    server.client.close()
    server.process.send_signal(how)
    _, said = server.process.communicate(timeout=20)
    return server.process.returncode, said


def workers(pid: int) -> list[int]:
    """Worker processes of a server: those that descend from it and have no children themselves."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if fields[0] != "Z":
                parents[int(stat.parent.name)] = int(fields[1])
    nurseries = {child for child, parent in parents.items() if parent == pid}
    return [child for child, parent in parents.items() if parent in nurseries or (parent == pid and child not in parents.values())]


@pytest.fixture(scope="session")
def outside(kg: KnowledgeGraph) -> Iterator[Outside]:
    """A server process with tight limits, for everything that is meant to hurt."""
    server = serving(**TIGHT)
    yield server
    code, said = ended(server)
    assert (code, said) == (0, "")
