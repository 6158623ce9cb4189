"""The command ``agikg serve``: how it starts, how it ends, what it leaves behind."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agikg.exchange.upload import Target
from agikg.kg import KnowledgeGraph
from tests.conftest import Ran, run_process
from tests.server.conftest import ended, serving, workers
from tests.store.endpoint import running


def gone(pids: list[int], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while any(Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_with_nothing_left_over(kg: KnowledgeGraph, how: signal.Signals) -> None:
    server = serving(AGIKG_FAST_WORKERS="2")
    busy = workers(server.process.pid)
    assert len(busy) == 2
    assert server.alive()
    assert ended(server, how) == (0, "")
    assert gone(busy)


def test_a_server_that_is_killed_leaves_no_workers_not_even_busy_ones(kg: KnowledgeGraph) -> None:
    server = serving("--seconds", "60", AGIKG_FAST_WORKERS="1")
    with pytest.raises(Exception, match="timed out"):
        server.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.5)
    busy = workers(server.process.pid)
    code, _ = ended(server, signal.SIGKILL)
    assert code == -signal.SIGKILL
    assert gone(busy)


def test_it_ends_while_queries_run(kg: KnowledgeGraph) -> None:
    server = serving("--seconds", "60", AGIKG_FAST_WORKERS="1")
    import threading

    replies: list[object] = []

    def ask() -> None:
        try:
            replies.append(server.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
        except Exception as error:
            replies.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(0.3)
    busy = workers(server.process.pid)
    started = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.communicate(timeout=20)
    assert server.process.returncode == 0
    assert time.monotonic() - started < 10
    asking.join(10)
    assert len(replies) == 1
    server.client.close()
    assert gone(busy)


def test_a_port_that_is_taken(agikg: Callable[..., Ran], taken: int) -> None:
    done = agikg("serve", "--port", str(taken))
    assert (done.code, done.out) == (5, "")
    assert f"port {taken} of 127.0.0.1 is in use" in done.err
    assert "--port" in done.err


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "message"),
    [
        (("--host", "nowhere.invalid"), {}, 2, "there is no interface"),
        (("--host", "192.0.2.1"), {}, 5, "cannot listen on 192.0.2.1"),
        (("--store", "nowhere"), {}, 5, "there is no store"),
        (("--public-url", "example.org"), {}, 2, "is not an address"),
        (("--port", "70000"), {}, 2, "70000"),
        ((), {"AGIKG_QUERY_SECONDS": "soon"}, 2, "AGIKG_QUERY_SECONDS"),
        ((), {"AGIKG_SERVER_WORKER_MEMORY": "1000000"}, 5, "AGIKG_SERVER_WORKER_MEMORY"),
        ((), {"AGIKG_CONNECTIONS": "99999999"}, 2, "AGIKG_CONNECTIONS"),
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_said(
    kg: KnowledgeGraph, arguments: tuple[str, ...], environment: dict[str, str], code: int, message: str
) -> None:
    ran = run_process("serve", *(arguments if "--port" in arguments else ("--port", "0", *arguments)), **environment)
    assert ran.code == code, ran.err
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_options_reach_the_server(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.save(str(tmp_path / "store"))
    arguments = ("--seconds", "7", "--rows", "9", "--client-seconds", "11", "--public-url", "https://example.org/kg/", "--no-cors", "--log")
    server = serving("--store", str(tmp_path / "store"), "--proxy", "127.0.0.1", *arguments, AGIKG_FAST_WORKERS="1")
    shown = server.client.get("/limits").json()
    assert {name: shown[name]["value"] for name in ("query_seconds", "query_rows", "client_seconds")} == {
        "query_seconds": 7, "query_rows": 9, "client_seconds": 11,
    }  # fmt: skip
    described = server.client.get("/sparql", headers={"X-Forwarded-For": "192.0.2.1"})
    assert "<https://example.org/kg/sparql>" in described.text
    assert "access-control-allow-origin" not in described.headers
    code, said = ended(server)
    assert code == 0
    assert '192.0.2.1:0 - "GET /sparql HTTP/1.1" 200' in said or "192.0.2.1" in said


def test_the_graph_of_an_endpoint_is_served(small_kg: KnowledgeGraph) -> None:
    with running() as endpoint:
        small_kg.upload(Target(f"{endpoint.url}/store", query_url=f"{endpoint.url}/sparql"))
        KnowledgeGraph.open(f"{endpoint.url}/sparql", progress=lambda _: None)  # read now, so that the server has nothing else to say first
        server = serving("--store", f"{endpoint.url}/sparql", AGIKG_FAST_WORKERS="1")
    reply = server.sparql("ASK { e:chip-one a agi:Chip }")  # it was read once: the endpoint has ended
    assert (reply.json()["boolean"], reply.headers["x-agikg-snapshot"]) == (True, small_kg.snapshot)
    assert server.client.get("/api/show", params={"name": "Chip One"}).status_code == 200
    assert ended(server) == (0, "")


def test_a_snapshot_is_served_on_when_its_folder_is_gone(small: Path) -> None:
    graph = KnowledgeGraph.open(progress=lambda _: None)
    server = serving(AGIKG_FAST_WORKERS="1", AGIKG_QUERY_SECONDS="3")
    shutil.rmtree(graph.folder)
    for worker in workers(server.process.pid):
        os.kill(worker, signal.SIGKILL)
    time.sleep(0.3)
    assert server.alive()
    assert "<http://rdfs.org/ns/void#" in server.client.get("/void").text
    assert ended(server) == (0, "")


def test_the_command_imports_no_server_for_help() -> None:
    ran = run_process("serve", "--help", PYTHONPROFILEIMPORTTIME="1")
    assert ran.code == 0
    assert "starlette" not in ran.err
