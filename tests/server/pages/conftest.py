"""Fixtures of the tests of API, pages and workbench: a client without a network, and a server with a browser before it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agikg.kg import KnowledgeGraph
from tests.conftest import optional


def application(kg: KnowledgeGraph) -> Any:
    """The whole server."""
    optional("starlette", "'agikg'")
    from agikg.server.app import application as make
    from agikg.server.state import ServerState

    return make(ServerState.of(kg))


@pytest.fixture(scope="session")
def client(kg: KnowledgeGraph) -> Iterator[Any]:
    """A client of the application; what goes wrong inside is a 500, as it would be outside."""
    testclient = optional("starlette.testclient", "'agikg[test]'")
    with testclient.TestClient(application(kg), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def served(kg: KnowledgeGraph) -> Iterator[str]:
    """A server on a free port of this machine: its address."""
    uvicorn = optional("uvicorn", "'agikg'")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(application(kg), host="127.0.0.1", port=port, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def visit(browser: Any, served: str) -> Iterator[Callable[..., Any]]:
    """Opens an address; at the end nothing may have gone wrong in the page, and nothing may have been fetched elsewhere."""
    contexts: list[Any] = []
    troubles: list[str] = []
    told: list[int] = []

    def open_(
        path: str, *, width: int = 1280, height: int = 860, scheme: str = "light", expected: tuple[int, ...] = (), scripts: bool = True
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", java_script_enabled=scripts, accept_downloads=True,
        )  # fmt: skip
        contexts.append(context)
        told.extend(expected)
        tab = context.new_page()

        def refuse(dialog: Any) -> None:
            troubles.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        def heard(message: Any) -> None:
            # A browser itself logs replies such as 400; those a test expects are named.
            if message.type in ("error", "warning") and not any(f"status of {status}" in message.text for status in told):
                troubles.append(f"console: {message.text}")

        tab.on("console", heard)
        tab.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        tab.on("dialog", refuse)
        tab.on("request", lambda request: None if request.url.startswith((served, "data:", "blob:")) else troubles.append(request.url))
        tab.goto(served + path)
        if scripts and not path.startswith("/explore"):
            tab.wait_for_selector("html[data-ready]", state="attached")
        return tab

    yield open_
    for context in contexts:
        context.close()
    if troubles:
        pytest.fail(f"the browser tells of {troubles}")
