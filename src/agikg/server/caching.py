"""Equal requests of one day on one snapshot have equal answers: ETags, and the last answers kept. Knows HTTP, no graph."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from agikg import dates
from agikg._version import __version__
from agikg.server.remembered import Remembered
from agikg.server.state import ServerState

CACHED: Mapping[str, str] = {"Cache-Control": "public, no-cache", "Vary": "Accept"}
"""Caches may keep it, and ask before each use whether it still holds: the answer to that costs nothing."""


_KEPT_BYTES = 32 * 1024 * 1024
"""How much of the last answers is kept: some thirty maps, or hundreds of pages."""


class Kept:
    """The last answers by their entity tag, the one asked for longest ago forgotten first.

    Args:
        state: where answers are worked out.
    """

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._bodies: Remembered[str, bytes] = Remembered(_KEPT_BYTES)

    async def body(self, tag: str, make: Callable[[], bytes]) -> bytes:
        """The body that a tag stands for; worked out in a thread where it is not kept. What fails is not kept."""
        body = self._bodies.get(tag)
        if body is None:
            body = await self._state.call(make)
            self._bodies.put(tag, body, len(body))
        return body


def etag(request: Request, snapshot: str, kind: str = "") -> str:
    """The entity tag of a GET: of the snapshot, the address, the media type, this version, and the day (dates default to today)."""
    parts = (snapshot, request.url.path, request.url.query, kind, __version__, dates.today())
    return f'"{hashlib.sha256(chr(0).join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def headers(tag: str) -> dict[str, str]:
    """Headers of a reply that may be cached."""
    return {**CACHED, "ETag": tag}


def unchanged(request: Request, tag: str, more: Mapping[str, str] | None = None) -> Response | None:
    """304, where the asker has the answer already.

    ``more`` are the headers that the whole answer would carry: a browser puts those of a 304 over the ones it has kept.
    """
    known = [one.strip().removeprefix("W/") for one in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return Response(status_code=304, headers={**headers(tag), **(more or {})}) if tag in known or "*" in known else None
