"""HTML pages from templates: what every page knows, and the reply it is sent in. Escapes everything; knows no route."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from math import ceil
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agikg._version import __version__
from agikg.catalog import Catalog
from agikg.errors import AgikgError, AmbiguousName, Busy, UnknownName
from agikg.explore.facts import web
from agikg.kg import KnowledgeGraph
from agikg.server import caching
from agikg.server.citing import Evidence
from agikg.server.links import address, local
from agikg.server.replies import CLOSED_POLICY, PAGE_POLICY, negotiate, status_of
from agikg.vocab import curie, expand

_TEMPLATES = Path(__file__).parent / "templates"
HTML = "text/html"
_OWN_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)"')


class ShownError(Exception):
    """An error that a page tells in its own place, so that the form stays as it was filled in.

    Attributes:
        error: what went wrong.
        text: the page.
    """

    def __init__(self, error: AgikgError, text: str) -> None:
        super().__init__(error.message)
        self.error = error
        self.text = text


@lru_cache(maxsize=1)
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    made.globals |= {"local": local, "address": address, "web": web, "curie": curie, "expand": expand, "version": __version__}
    return made


def render(template: str, graph: KnowledgeGraph, **context: Any) -> str:
    """A page as text.

    Args:
        template: name of the file.
        graph: what it is about.
        context: what the template shows besides.
    """
    catalog = graph.catalog
    known = {
        "evidence": Evidence(catalog), "snapshot": graph.snapshot, "layer_of": lambda identifier: layer_of(catalog, identifier),
        "layers": catalog.concepts("layers"), "here": "", "scope": None, "chosen": {},
    }  # fmt: skip
    text: str = _environment().get_template(f"{template}.jinja").render(**(known | context))
    return text


def layer_of(catalog: Catalog, identifier: str) -> str:
    """Layer of an entity; nothing for anything else."""
    position = catalog.position.get(identifier)
    return "" if position is None else catalog.ref(position).layer


def encoded(text: str) -> bytes:
    """A page as bytes; a lone surrogate, which has no UTF-8, becomes a question mark."""
    return text.encode("utf-8", "replace")


def reply(text: str | bytes, status: int = 200, headers: dict[str, str] | None = None, *, policy: str = PAGE_POLICY) -> Response:
    """A page as the browser gets it: scripts and styles of this server only."""
    sent = {"Content-Security-Policy": policy, **(headers or {"Cache-Control": "no-store", "Vary": "Accept"})}
    return Response(encoded(text) if isinstance(text, str) else text, status, sent, media_type=f"{HTML}; charset=utf-8")


def error_page(graph: KnowledgeGraph, error: AgikgError, here: str = "") -> Response:
    """A page that says what went wrong and what is near."""
    near = error.candidates if isinstance(error, UnknownName | AmbiguousName) else ()
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    if isinstance(error, Busy):
        headers["Retry-After"] = str(max(1, ceil(error.seconds)))
    return reply(render("error", graph, error=error, status=status_of(error), near=near, here=here), status_of(error), headers)


def unchanged(request: Request, tag: str) -> Response | None:
    """304 for a page that the browser has already."""
    return caching.unchanged(request, tag, {"Content-Security-Policy": PAGE_POLICY})


def wants_page(request: Request) -> bool:
    """Whether the asker would rather read a page than JSON."""
    return negotiate(",".join(request.headers.getlist("accept")), ("application/json", HTML)) == HTML


def framed_page(html: bytes) -> Response:
    """A page of ``explore``, which carries its own policy (hashes of its own script and style): the header repeats it."""
    found = _OWN_POLICY.search(html)
    policy = unescape(found[1].decode()) if found else CLOSED_POLICY
    return reply(html, policy=f"{policy}; frame-ancestors 'none'")
