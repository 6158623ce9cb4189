"""/sparql: the SPARQL 1.1 Protocol for queries, its service description, VoID, and the limits. Knows HTTP, leaves running to the lanes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agikg import settings
from agikg.errors import BadInput
from agikg.server import asking, description
from agikg.server.replies import HttpError, accepted, negotiate
from agikg.server.state import ServerState
from agikg.store.embedded import Unacceptable, Written
from agikg.store.resident import Order

R = TypeVar("R")
RESULTS = (
    "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
    "application/json", "application/xml",
)  # fmt: skip
"""Media types of SELECT and ASK, the favourite first; the last two are the first two by their general names."""
RDF = (
    "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json", "application/trig", "application/n-quads",
    "text/n3", "application/json", "application/xml",
)  # fmt: skip
"""Media types of CONSTRUCT, DESCRIBE and of every other graph, the favourite first."""
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")
_AUTHORITY = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:.]+\](:\d+)?")


def routes(state: ServerState) -> list[BaseRoute]:
    """The endpoint with and without a slash, ``/void``, ``/.well-known/void`` and ``/limits``."""

    async def sparql(request: Request) -> Response:
        asked = await asking.read(request, state.limits)
        if asked.text is None:
            if asked.default or asked.named:
                raise BadInput("a dataset without a query", hint="add query=...")
            return await _description(request, state)
        return await query(request, state, asked)

    async def void(request: Request) -> Response:
        media_type = accepted(request, RDF)
        body = await state.call(description.void, state.graph, base_url(request, state), media_type)
        return Response(body, media_type=media_type, headers={"Vary": "Accept"})

    async def well_known(_request: Request) -> Response:
        return RedirectResponse("/void", 303)

    async def limits(_request: Request) -> Response:
        return JSONResponse(_limits(state))

    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/sparql/", sparql, methods=["GET", "POST"]),
        Route("/void", void),
        Route("/.well-known/void", well_known),
        Route("/limits", limits),
    ]


async def query(request: Request, state: ServerState, asked: asking.Asked) -> Response:
    """Answers a query in the media type that suits the request best.

    Raises:
        HttpError: 406.
        BadInput, LimitHit: see ``Lanes.run``.
    """
    accept = ",".join(request.headers.getlist("accept"))
    results, rdf = negotiate(accept, RESULTS), negotiate(accept, RDF)
    if results is None and rdf is None:
        raise _not_acceptable(accept, "a table")
    bad = next((graph for graph in (*asked.default, *asked.named) if not _IRI.fullmatch(graph)), None)
    if bad is not None:
        raise BadInput(f"{bad[:200]!r} is not an absolute IRI of a graph")
    given = bool(asked.default or asked.named)
    limits = state.limits
    order = Order(
        asked.text or "", results or "", rdf or "", limits.query_rows, limits.result_bytes,
        asked.default if given else None, asked.named if given else None,
    )  # fmt: skip
    try:
        return sent(state, await unless_gone(request, state.runner.run(order, asking.client_of(request))))
    except Unacceptable as error:
        raise _not_acceptable(accept, error.message) from None


def sent(state: ServerState, written: Written) -> Response:
    """A complete result as a response that names the snapshot it is of."""
    return state.outgoing.reply(written.body, written.media_type, {"Vary": "Accept", "X-Agikg-Snapshot": state.graph.snapshot})


async def unless_gone(request: Request, running: Awaitable[R]) -> R:
    """Waits for a result, but stops when the client hangs up.

    Raises:
        HttpError: 499, which nobody will read.
    """

    async def hang_up() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    result, gone = asyncio.ensure_future(running), asyncio.ensure_future(hang_up())
    try:
        await asyncio.wait({result, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not result.done():
            raise HttpError(499, "the client hung up")
        return result.result()
    finally:
        gone.cancel()
        result.cancel()


def base_url(request: Request, state: ServerState) -> str:
    """Where this server says it is: as it was told, or as the request knows it.

    Raises:
        BadInput: the request's Host is not one.
    """
    if state.public_url is not None:
        return state.public_url
    host = request.headers.get("host", "")
    if not _AUTHORITY.fullmatch(host):
        raise BadInput("Host is not the name of a server")
    return f"{request.url.scheme}://{host}"


async def _description(request: Request, state: ServerState) -> Response:
    accept = ",".join(request.headers.getlist("accept"))
    if negotiate(accept, (*RDF, "text/html")) == "text/html":
        return RedirectResponse("/", 303, {"Vary": "Accept"})
    media_type = accepted(request, RDF)
    endpoint = f"{base_url(request, state)}/sparql"
    body = await state.call(description.service, state.graph, endpoint, media_type)
    return Response(body, media_type=media_type, headers={"Vary": "Accept"})


def _not_acceptable(accept: str, kind: str) -> HttpError:
    offers = RESULTS if kind == "a table" else RDF
    return HttpError(406, f"{kind} cannot be given as {accept[:200]}", hint=f"ask for one of {', '.join(offers)}")


def _limits(state: ServerState) -> dict[str, object]:
    told = {setting.name: setting.help for setting in settings.SETTINGS}
    return {name: {"value": number, "help": told[name].removeprefix("agikg serve: ")} for name, number in vars(state.limits).items()}
