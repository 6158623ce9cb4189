"""The JSON API under ``/api/``: requests checked by the declarations of ``operations``, answered with the library's own objects.

Translation only; knows HTTP and the facade.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agikg.errors import BadInput, TooLarge
from agikg.server import caching
from agikg.server.openapi import describe
from agikg.server.operations import OPERATIONS, Operation, query_operation
from agikg.server.parameters import read_body, read_query
from agikg.server.replies import HttpError, accepted
from agikg.server.state import ServerState

JSON = "application/json"


def routes(state: ServerState) -> list[BaseRoute]:
    """All addresses below ``/api/``."""
    api = Api(state)
    found: list[BaseRoute] = [Route("/api/openapi.json", api.description)]
    for operation in OPERATIONS:
        methods = ["GET", "POST"] if operation.posts else ["GET"]
        found.append(Route(f"/api/{operation.name}", api.endpoint(operation), methods=methods))
    return [*found, Route("/api/queries/{name}", api.query), Route("/api", api.index), Route("/api/", api.index)]


class Api:
    """The handlers, over one state."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._kept = caching.Kept(state)

    def endpoint(self, operation: Operation) -> Any:
        """The handler of an operation."""

        async def handle(request: Request) -> Response:
            return await self._answer(request, operation)

        return handle

    async def query(self, request: Request) -> Response:
        """A named query."""
        name = request.path_params["name"]
        operation = query_operation(self._state.graph, name)
        if operation is None:
            raise HttpError(404, f"no query is called {name[:80]!r}", hint="/api/queries lists them")
        return await self._answer(request, operation)

    async def description(self, request: Request) -> Response:
        """The OpenAPI description."""
        accepted(request, (JSON,))
        return await self._send(request, describe, self._state.graph)

    async def index(self, request: Request) -> Response:
        """What there is."""
        accepted(request, (JSON,))
        rows = {operation.name: {"summary": operation.summary, "address": f"/api/{operation.name}"} for operation in OPERATIONS}
        return _reply(_encoded({"openapi": "/api/openapi.json", "snapshot": self._state.graph.snapshot, "operations": rows}))

    async def _answer(self, request: Request, operation: Operation) -> Response:
        accepted(request, (JSON,))
        graph = self._state.graph
        if request.method == "POST":
            if request.query_params:
                raise BadInput("parameters stand in the address and in the body", hint="put all of them into the JSON body")
            given = await self._body(request)
            values = read_body(operation.parameters, given)
            return _reply(await self._state.call(lambda: _encoded(operation.run(graph, values))))
        values = read_query(operation.parameters, _grouped(request))
        return await self._send(request, operation.run, graph, values)

    async def _send(self, request: Request, function: Any, *given: Any) -> Response:
        """A reply that caches may keep; not worked out where the asker has it."""
        tag = caching.etag(request, self._state.graph.snapshot)
        unchanged = caching.unchanged(request, tag)
        return unchanged or _reply(await self._kept.body(tag, lambda: _encoded(function(*given))), caching.headers(tag))

    async def _body(self, request: Request) -> dict[str, Any]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != JSON:
            raise HttpError(415, f"the body is {kind[:80] or 'of no named type'}, {JSON} is expected")
        most, data = self._state.limits.request_bytes, b""
        try:
            async for part in request.stream():
                data += part
                if len(data) > most:
                    raise TooLarge(f"the body has more than {most:.0f} bytes")
        except ClientDisconnect:
            raise BadInput("the body ended early") from None
        return _object(data)


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the body is no JSON: {str(error)[:200]}") from None
    if not isinstance(found, dict):
        raise BadInput("the body is no JSON object", hint='for example {"question": "what depends on SMIC DUV"}')
    return found


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number of JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return found


def _grouped(request: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in request.query_params.multi_items():
        found.setdefault(name, []).append(text)
    return found


def _encoded(data: Any) -> bytes:
    # Lone surrogates have no UTF-8; JSON can carry them escaped.
    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8", "backslashreplace") + b"\n"


def _reply(body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, headers=headers or {"Cache-Control": "no-store"}, media_type=JSON)
