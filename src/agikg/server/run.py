"""A server from its start to its end: socket, signals, workers. Knows uvicorn, no routes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from agikg.errors import BadInput
from agikg.server.app import application
from agikg.server.connection import Crowd, protocol
from agikg.server.envelope import HEADER_BYTES
from agikg.server.limits import Limits
from agikg.server.state import ServerState

_GRACE = 3
WAITING = 1024
"""Connections that may wait to be taken."""
_FILES_BESIDES = 100


def serve(
    state: ServerState, sockets: list[socket.socket], *, cors: bool = True, proxies: str = "", log: bool = False,
    ready: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    """Serves until SIGINT or SIGTERM, then ends every request and worker, and returns.

    Args:
        state: what to serve.
        sockets: listening sockets; they are closed at the end.
        cors: whether pages of other origins may read it.
        proxies: addresses whose X-Forwarded-For and X-Forwarded-Proto are believed, separated by commas.
        log: whether to log a line for each request on standard error.
        ready: called once requests are taken.

    Raises:
        StoreError: the workers could not be started.
    """
    gc.enable()  # the command line switches it off, which suits short processes only
    _allow_files(state.limits)
    _log_to_stderr(log)
    known = [address.strip() for address in proxies.split(",") if address.strip()]
    config = uvicorn.Config(
        application(state, cors=cors), http=protocol(Crowd(state.limits, known)), ws="none", loop="asyncio", lifespan="off",
        access_log=log, log_config=None, server_header=False, proxy_headers=bool(known), forwarded_allow_ips=known or None,
        timeout_keep_alive=max(1, int(state.limits.request_seconds)), timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=int(state.limits.url_bytes) + HEADER_BYTES,
    )  # fmt: skip
    server = _Server(config, ready)
    try:
        with _ending(server):
            asyncio.run(_whole(server, state, sockets))
    finally:
        for found in sockets:
            found.close()


class _Server(uvicorn.Server):
    """uvicorn's, which says when it is ready."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


async def _whole(server: _Server, state: ServerState, sockets: list[socket.socket]) -> None:
    # Not in uvicorn's lifespan: that would only log that it failed.
    try:
        await state.start()
        await server.serve(sockets)
    finally:
        await state.close()


@contextlib.contextmanager
def _ending(server: _Server) -> Iterator[None]:
    """Signals end the server. uvicorn raises them once more when it is done; by then there is nothing left to end."""

    def end(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _allow_files(limits: Limits) -> None:
    """As many open files as connections, if the system lets us.

    Raises:
        BadInput: it does not.
    """
    try:
        import resource
    except ImportError:  # not on Windows
        return
    needed = int(limits.connections) + _FILES_BESIDES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            told = f"{limits.connections:.0f} connections need {needed} open files, the system allows {hard}"
            raise BadInput(told, hint=f"set AGIKG_CONNECTIONS to {hard - _FILES_BESIDES} or less")
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _log_to_stderr(requests: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    for name, level in (("uvicorn.error", logging.ERROR), ("uvicorn.access", logging.INFO if requests else logging.CRITICAL)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
