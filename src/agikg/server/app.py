"""The ASGI application: routes of all modules put together, errors and headers laid over them. Composition only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.util import find_spec

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from agikg.errors import AgikgError
from agikg.server.envelope import Envelope
from agikg.server.replies import HttpError, error_reply
from agikg.server.state import ServerState

# Each has ``routes(state) -> list[BaseRoute]``; of two that match, the first wins.
_PARTS = ("protocol", "graphstore", "api", "entity_pages", "workbench")


def application(state: ServerState, *, cors: bool = True) -> Starlette:
    """The application that serves a graph; its lifespan starts and ends the workers.

    Args:
        state: what is served.
        cors: whether pages of other origins may read it.
    """

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await state.start()
        try:
            yield
        finally:
            await state.close()

    found = routes(state)
    return Starlette(
        routes=found,
        lifespan=lifespan,
        middleware=[Middleware(Envelope, routes=found, limits=state.limits, cors=cors)],
        exception_handlers={AgikgError: _agikg_error, HTTPException: _http_error, Exception: _unexpected},
    )


def routes(state: ServerState) -> list[BaseRoute]:
    """All routes, of the parts that are there."""
    found: list[BaseRoute] = []
    for part in _PARTS:
        name = f"agikg.server.{part}"
        if find_spec(name) is not None:
            found += import_module(name).routes(state)
    return found


def _agikg_error(request: Request, error: Exception) -> Response:
    return error_reply(request, error if isinstance(error, AgikgError) else AgikgError(str(error)))


def _http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such route, no such method) in our shape."""
    if not isinstance(error, HTTPException):
        return _unexpected(request, error)
    told = {404: "there is nothing at this address", 405: f"{request.method} is not allowed here"}.get(error.status_code, error.detail)
    return error_reply(request, HttpError(error.status_code, told, headers=error.headers))


def _unexpected(request: Request, _error: Exception) -> Response:
    """Says nothing of what went wrong inside; that goes to the log."""
    return error_reply(request, HttpError(500, "unexpected failure", hint="the server's log says more; please report it"))
