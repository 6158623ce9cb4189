"""``/id/...`` and ``/ontology``: every identifier answers, as a page for people or as RDF, by Accept or by ending.

Translation only: the facts come from the facade, the triples from ``triples``, the pages from ``things``.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from agikg.errors import AgikgError
from agikg.kg import KnowledgeGraph
from agikg.server import caching, markup, things
from agikg.server.replies import HttpError, accepted
from agikg.server.state import ServerState
from agikg.server.triples import JSON_LD, N_TRIPLES, TURTLE, Description, describe, named_graph, written
from agikg.vocab import AGI, GRAPH_ONTOLOGY, ID

HTML = markup.HTML
_OFFERS = (HTML, TURTLE, JSON_LD, N_TRIPLES)
_ENDINGS = {"html": HTML, "ttl": TURTLE, "jsonld": JSON_LD, "nt": N_TRIPLES}


class Asked(NamedTuple):
    """What an address asks for.

    Attributes:
        found: the thing, described.
        document: its address on this server, without an ending.
        kind: media type, if the ending names one.
    """

    found: Description
    document: str
    kind: str | None


def routes(state: ServerState) -> list[BaseRoute]:
    """The addresses of identifiers."""
    pages = EntityPages(state)
    return [
        Route("/ontology", pages.ontology),
        Route("/ontology.{ending}", pages.ontology),
        Route("/ontology/{name}", pages.term),
        Route("/id/{slug}/report", pages.report),
        Route("/id/{rest:path}", pages.thing),
    ]


class EntityPages:
    """The handlers, over one state."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def thing(self, request: Request) -> Response:
        """Anything with an identifier below ``/id/``."""
        return await self._answer(request, ID, "/id/", request.path_params["rest"])

    async def term(self, request: Request) -> Response:
        """One term of the vocabulary."""
        return await self._answer(request, AGI, "/ontology/", request.path_params["name"])

    async def _answer(self, request: Request, namespace: str, base: str, rest: str) -> Response:
        graph = self._state.graph
        try:
            asked = await self._state.call(_find, graph, namespace, base, rest)
            kind = asked.kind or accepted(request, _OFFERS)
            tag = caching.etag(request, graph.snapshot, kind)
            kept = markup.unchanged(request, tag) if kind == HTML else caching.unchanged(request, tag)
            if kept is not None:
                return kept
            links = _links(asked)
            if kind == HTML:
                text = await self._state.call(things.page, graph, asked.found, asked.document, request.query_params)
                return markup.reply(text, headers={**caching.headers(tag), "Link": links})
            text = await self._state.call(written, asked.found.quads(), kind, graph.snapshot)
            return Response(text.encode(), headers={**caching.headers(tag), "Link": links}, media_type=_typed(kind))
        except AgikgError as error:
            return self._failed(request, error)

    async def ontology(self, request: Request) -> Response:
        """The whole vocabulary; its terms are places on this page."""
        graph = self._state.graph
        try:
            ending = request.path_params.get("ending")
            if ending is not None and ending not in _ENDINGS:
                raise HttpError(404, f"the ontology cannot be had as .{ending[:20]}", hint=f"as {', '.join(_ENDINGS)}")
            kind = _ENDINGS[ending] if ending else accepted(request, _OFFERS)
            tag = caching.etag(request, graph.snapshot, kind)
            kept = markup.unchanged(request, tag) if kind == HTML else caching.unchanged(request, tag)
            if kept is not None:
                return kept
            if kind == HTML:
                return markup.reply(await self._state.call(things.ontology, graph), headers=caching.headers(tag))
            text = await self._state.call(_ontology, graph, kind)
            return Response(text.encode(), headers=caching.headers(tag), media_type=_typed(kind))
        except AgikgError as error:
            return self._failed(request, error)

    async def report(self, request: Request) -> Response:
        """The briefing on an entity: a page of its own that carries its own policy."""
        graph, slug = self._state.graph, request.path_params["slug"]
        try:
            if f"e:{slug}" not in graph.catalog.position:  # a name that is only near has no address here
                raise things.unknown(graph, ID, slug)
            return markup.framed_page(await self._state.call(lambda: markup.encoded(graph.report(f"e:{slug}").html())))
        except AgikgError as error:
            return self._failed(request, error)

    def _failed(self, request: Request, error: AgikgError) -> Response:
        """A page for people; programs get the shape that all errors have."""
        if isinstance(error, HttpError) and error.status == 406:
            raise error
        if markup.wants_page(request):
            return markup.error_page(self._state.graph, error)
        raise error


def _typed(kind: str) -> str:
    return kind if kind == JSON_LD else f"{kind}; charset=utf-8"


def _links(asked: Asked) -> str:
    """What is described, and where else it is described, as RFC 8288 has it."""
    place = quote(asked.document, safe="/")
    others = [f'<{place}.{ending}>; rel="alternate"; type="{kind}"' for ending, kind in _ENDINGS.items()]
    return ", ".join([f'<{quote(asked.found.iri, safe=":/#?")}>; rel="describes"', *others])


def _find(graph: KnowledgeGraph, namespace: str, base: str, rest: str) -> Asked:
    """The thing an address names, with or without an ending: identifiers may hold dots themselves.

    Raises:
        UnknownName: nothing is called that; with what is near.
    """
    found = describe(graph, namespace + rest)
    if found.known:
        return Asked(found, base + rest, None)
    name, dot, ending = rest.rpartition(".")
    if dot and ending in _ENDINGS:
        found = describe(graph, namespace + name)
        if found.known:
            return Asked(found, base + name, _ENDINGS[ending])
    raise things.unknown(graph, namespace, name if dot and ending in _ENDINGS else rest)


def _ontology(graph: KnowledgeGraph, kind: str) -> str:
    return written(named_graph(graph, GRAPH_ONTOLOGY), kind, graph.snapshot)


def redirect(address: str) -> Response:
    """To an address of this server."""
    return RedirectResponse(address, status_code=303)
