"""The workbench: ask, map, query, scenario, browse. Pages are made here and work without scripts, but for the query editor.

Translation only; knows HTTP and the facade.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from agikg.errors import AgikgError, BadInput
from agikg.explore.page import LIBRARY, vis_network
from agikg.server import browsing, caching, markup, question_page, scenario_page
from agikg.server.entity_pages import redirect
from agikg.server.links import local
from agikg.server.replies import accepted, status_of
from agikg.server.state import ServerState

_STATIC = Path(__file__).parent / "static"
Maker = Callable[..., str]


def routes(state: ServerState) -> list[BaseRoute]:
    """The pages, and the files they are made of."""
    bench = Workbench(state)
    return [
        Route("/", bench.page(question_page.page)),
        Route("/scenario", bench.page(scenario_page.page)),
        Route("/query", bench.page(browsing.query)),
        Route("/entities", bench.page(browsing.entities)),
        Route("/sources", bench.page(browsing.sources)),
        Route("/explore", bench.explore),
        Route("/find", bench.find),
        Route("/vis/vis-network.min.js", bench.library),
        Mount("/static", _Static(directory=_STATIC), name="static"),
    ]


class _Static(StaticFiles):
    """Our own files: browsers ask each time whether theirs is the newest, so that no page meets the script of an older version."""

    def file_response(self, *given: Any, **more: Any) -> Response:
        """See ``StaticFiles``."""
        found = super().file_response(*given, **more)
        found.headers["Cache-Control"] = "no-cache"
        return found


class Workbench:
    """The handlers, over one state."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._kept = caching.Kept(state)

    def page(self, make: Maker) -> Callable[[Request], Any]:
        """The handler of a page that is made of the graph and the parameters of the address."""

        async def handle(request: Request) -> Response:
            accepted(request, (markup.HTML,))
            graph = self._state.graph
            tag = caching.etag(request, graph.snapshot, markup.HTML)
            kept = markup.unchanged(request, tag)
            if kept is not None:
                return kept
            try:
                body = await self._kept.body(tag, lambda: markup.encoded(make(graph, request.query_params)))
                return markup.reply(body, headers=caching.headers(tag))
            except markup.ShownError as shown:
                return markup.reply(shown.text, status_of(shown.error))
            except AgikgError as error:
                return markup.error_page(graph, error)

        return handle

    async def explore(self, request: Request) -> Response:
        """The interactive map: a file of its own, with its own policy."""
        graph = self._state.graph
        accepted(request, (markup.HTML,))
        tag = caching.etag(request, graph.snapshot, markup.HTML)
        try:
            made = await self._kept.body(tag, lambda: markup.encoded(browsing.explore(graph, request.query_params)))
        except AgikgError as error:
            return markup.error_page(graph, error, "map")
        return markup.framed_page(made)

    async def find(self, request: Request) -> Response:
        """To the page of a name: the find box, for browsers without scripts."""
        graph = self._state.graph
        try:
            name = request.query_params.get("name", "").strip()
            if not name or len(name) > 300:
                raise BadInput("no name to look for, or one too long", hint="give a label, a Chinese name, an alias or an identifier")
            entity = await self._state.call(graph.entity, name)
            return redirect(str(local(entity.id)))
        except AgikgError as error:
            return markup.error_page(graph, error)

    async def library(self, _request: Request) -> Response:
        """vis-network as pyvis brings it, where it is installed."""
        vis_network()  # says what to install where it is missing
        return FileResponse(_library(), media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})


@lru_cache(maxsize=1)
def _library() -> Path:
    """Where pyvis has it, found without importing pyvis."""
    found = find_spec("pyvis")
    return Path(str(found and found.origin)).parent / LIBRARY
