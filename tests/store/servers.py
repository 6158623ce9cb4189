"""Engines started for tests: the oxigraph server, Virtuoso, ``agikg serve``; each in its own folder, on free ports of the loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from agikg.exchange.upload import Target


class Server(NamedTuple):
    """A running engine.

    Attributes:
        name: of the engine.
        query_url: where it answers queries.
        targets: ways to load it, by protocol; none where it holds the graph already.
        environment: credentials for loading.
    """

    name: str
    query_url: str
    targets: dict[str, Target]
    environment: dict[str, str]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def oxigraph(folder: Path) -> Iterator[Server]:
    """The ``oxigraph`` server (PyPI package of that name)."""
    binary = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if binary is None:
        pytest.skip("no oxigraph server: pip install oxigraph, to run this")
    base = f"http://127.0.0.1:{free_port()}"
    command = [binary, "serve", "--location", str(folder / "oxigraph"), "--bind", base.removeprefix("http://")]
    with _running(command, folder, f"{base}/query"):
        query = f"{base}/query"
        targets = {"gsp": Target(f"{base}/store", query_url=query), "update": Target(f"{base}/update", "update", query_url=query)}
        yield Server("oxigraph", query, targets, {})


@contextmanager
def virtuoso(folder: Path) -> Iterator[Server]:
    """Virtuoso 7 (Debian package virtuoso-opensource-7-bin), with its own settings but for places and ports."""
    binary = shutil.which("virtuoso-t")
    if binary is None:
        pytest.skip("no Virtuoso: apt-get install virtuoso-opensource-7-bin, to run this")
    port, sql = free_port(), free_port()
    files = {"DatabaseFile": "db", "ErrorLogFile": "log", "LockFile": "lck", "TransactionFile": "trx", "xa_persistent_file": "pxa"}
    places = "\n".join(f"{key} = {folder}/virtuoso.{end}" for key, end in files.items())
    ini = folder / "virtuoso.ini"
    ini.write_text(
        f"[Database]\n{places}\nErrorLogLevel = 7\nFileExtend = 200\nStriping = 0\n"
        f"[TempDatabase]\nDatabaseFile = {folder}/temp.db\nTransactionFile = {folder}/temp.trx\nStriping = 0\n"
        f"[Parameters]\nServerPort = {sql}\nDisableUnixSocket = 1\nServerThreads = 10\nNumberOfBuffers = 4000\nMaxDirtyBuffers = 3000\n"
        f"CheckpointInterval = 0\n[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerThreads = 8\n"
        # The cap that Debian's own settings have.
        "[SPARQL]\nResultSetMaxRows = 10000\nMaxQueryCostEstimationTime = 400\nMaxQueryExecutionTime = 60\n",
        encoding="utf-8",
    )
    base = f"http://127.0.0.1:{port}"
    with _running([binary, "+configfile", str(ini), "+foreground"], folder, f"{base}/sparql"):
        query = f"{base}/sparql"
        targets = {
            "gsp": Target(f"{base}/sparql-graph-crud-auth", auth="digest", query_url=query),
            "update": Target(f"{base}/sparql-auth", "update", query_url=query),
        }
        yield Server("virtuoso", query, targets, {"AGIKG_STORE_USER": "dba", "AGIKG_STORE_PASSWORD": "dba"})


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """``agikg serve`` with the graph that comes with agikg; nothing is loaded into it."""
    port = free_port()
    query = f"http://127.0.0.1:{port}/sparql"
    with _running([sys.executable, "-m", "agikg", "serve", "--port", str(port)], folder, query):
        yield Server("agikg serve", query, {}, {})


ENGINES = {"oxigraph": oxigraph, "virtuoso": virtuoso, "served": served}


@contextmanager
def _running(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """A server that answers at a URL for as long as the context lasts."""
    with (folder / "output").open("wb") as output, subprocess.Popen(command, cwd=folder, stdout=output, stderr=output) as process:
        try:
            deadline = time.monotonic() + 60
            while not _answers(url):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start: {(folder / 'output').read_text(errors='replace')[-500:]}")
                time.sleep(0.1)
            yield
        finally:
            process.terminate()  # agikg serve has workers of its own to end
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
