"""/rdf-graph-store: the Graph Store HTTP Protocol, for reading. Knows HTTP, leaves running to the lanes."""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from agikg.errors import BadInput
from agikg.server import asking
from agikg.server.protocol import RDF, sent, unless_gone
from agikg.server.replies import HttpError, accepted
from agikg.server.state import ServerState
from agikg.store.resident import Order

_EVERYTHING = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


def routes(state: ServerState) -> list[BaseRoute]:
    """``/rdf-graph-store?graph=IRI`` and ``/rdf-graph-store?default`` (the union of all graphs, as queries see it)."""

    async def graph(request: Request) -> Response:
        name = _graph(request)
        if name is not None and name not in state.runner.graphs:
            raise HttpError(404, f"there is no graph {name[:200]}", hint="/sparql describes all graphs")
        media_type = accepted(request, RDF)
        wanted = None if name is None else (name,)
        # A graph is given whole or not at all: its size is limited in bytes, not in triples.
        order = Order(_EVERYTHING, "", media_type, math.inf, state.limits.result_bytes, wanted, None if name is None else ())
        return sent(state, await unless_gone(request, state.runner.run(order, asking.client_of(request))))

    return [Route("/rdf-graph-store", graph)]


def _graph(request: Request) -> str | None:
    """The graph that a request names; None for the default graph."""
    pairs = asking.parameters(request)
    named = [text for name, text in pairs if name == "graph"]
    default = [text for name, text in pairs if name == "default"]
    if len(named) + len(default) != 1 or any(default):
        raise BadInput("a request names one graph", hint="/rdf-graph-store?default or /rdf-graph-store?graph=IRI")
    return named[0] if named else None
