"""How clients reach the tool server: standard input and output, or streamable HTTP on a socket. Knows no tool."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from agikg import settings

_BODY = 2_097_152
"""Bytes of an HTTP request: twice the longest query."""
_CONNECTIONS = 200
WAITING = 128
"""Connections that may wait to be taken."""


def serve_stdio(server: MCPServer[Any]) -> None:
    """Serves one client on standard input and output, until it hangs up or the process is interrupted."""
    # The thread that reads standard input cannot be woken; waiting for it would make Ctrl-C wait for the client.
    before = signal.signal(signal.SIGINT, _leave)
    try:
        server.run("stdio")
    finally:
        signal.signal(signal.SIGINT, before)


def _leave(_number: int, _frame: object) -> None:
    os.write(2, b"agikg: stopped\n")
    os._exit(0)


def address(found: socket.socket) -> str:
    """Where a client finds the server."""
    host, port = found.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/mcp"


def _posts_only(app: ASGIApp) -> ASGIApp:
    """Turns away GET: it would open a stream on which nothing is ever sent, and hold the connection for good."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            refusal = PlainTextResponse("POST messages of the Model Context Protocol here\n", 405, {"Allow": "POST"})
            await refusal(scope, receive, send)
        else:
            await app(scope, receive, send)

    return answer


def local(found: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ip_address(found.getsockname()[0].partition("%")[0]).is_loopback


def serve_http(server: MCPServer[Any], found: socket.socket, allowed: Sequence[str] = ()) -> None:
    """Serves any number of clients over streamable HTTP, until the process is told to stop.

    Args:
        server: see ``tool_server``.
        found: where to listen, see ``sockets.listen``.
        allowed: hosts by which clients may call it besides those of this machine; others are turned away (DNS rebinding).
    """
    host = found.getsockname()[0]
    hosts = dict.fromkeys(("127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host, *allowed))
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=[name for host in hosts for name in (host, f"{host}:*")],
        allowed_origins=[f"{scheme}://{name}" for host in hosts for name in (host, f"{host}:*") for scheme in ("http", "https")],
    )
    # Every call stands alone, so no sessions are kept that a client could pile up.
    app = server.streamable_http_app(json_response=True, stateless_http=True, max_request_body_size=_BODY, transport_security=security)
    config = uvicorn.Config(
        _posts_only(app), log_config=None, log_level="warning", access_log=False, server_header=False, limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=20, timeout_graceful_shutdown=int(max(settings.value("tool_seconds"), settings.value("query_seconds"))) + 1,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[found])
