"""Replies every route gives the same way: negotiated types, one shape of error, security headers. Knows HTTP, no graph."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from agikg.errors import (
    AgikgError,
    AmbiguousName,
    BadInput,
    Busy,
    ForbiddenQuery,
    LimitHit,
    OutOfTime,
    Refused,
    StoreError,
    TooLarge,
    UnknownName,
)
from agikg.server.budget import OverBudget

# The most special first. A limit that the asker can stay within is theirs (4xx), one that the server ran into is not (5xx).
_STATUS: tuple[tuple[type[AgikgError], int], ...] = (
    (ForbiddenQuery, 403),
    (BadInput, 400),
    (UnknownName, 404),
    (AmbiguousName, 422),
    (Refused, 422),
    (OutOfTime, 504),
    (TooLarge, 413),
    (OverBudget, 429),
    (Busy, 503),
    (LimitHit, 503),
    (StoreError, 503),
    (AgikgError, 500),
)

CLOSED_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Content-Security-Policy of everything that is data: it can do nothing, and nobody can frame it."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages: scripts and styles from this server's own files only, nothing inline."""

SECURITY_HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": CLOSED_POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CORS_HEADERS: Mapping[str, str] = {
    # Any page may read what anybody may read; no origin is reflected, no credentials are ever allowed.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Allow, ETag, Link, Retry-After, X-Agikg-Snapshot",
}


class HttpError(AgikgError):
    """What only HTTP can get wrong: a method, a media type, an address.

    Args:
        status: the status code.
        message: what failed, on which input, what was expected.
        hint: what to do next.
        headers: sent along, such as ``Allow``.
    """

    def __init__(self, status: int, message: str, *, hint: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.headers = dict(headers or {})


def status_of(error: AgikgError) -> int:
    """The status code of an error."""
    if isinstance(error, HttpError):
        return error.status
    return next(status for kind, status in _STATUS if isinstance(error, kind))


@lru_cache(maxsize=512)
def negotiate(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that suits an Accept header best (RFC 9110, section 12.5.1), or None.

    Args:
        accept: the header; None or empty accepts everything.
        offers: media types without parameters, the one the server likes best first; it also decides between equals.
    """
    ranges = [found for part in (accept or "*/*").split(",") if (found := _media_range(part)) is not None]
    best, quality = None, 0.0
    for offer in offers:
        acceptable = _quality(offer, ranges)
        if acceptable > quality:
            best, quality = offer, acceptable
    return best


def _media_range(text: str) -> tuple[str, float] | None:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    if name.count("/") != 1:
        return None
    quality = 1.0
    for parameter in parameters:
        key, _, given = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = float(given)
            except ValueError:
                quality = 0.0
    return name, quality if 0 <= quality <= 1 else 0.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """What the most specific range that covers an offer gives it."""
    kind = offer.partition("/")[0]
    for wanted in (offer, f"{kind}/*", "*/*"):
        given = [quality for name, quality in ranges if name == wanted]
        if given:
            return max(given)
    return 0.0


def accepted(request: Request, offers: tuple[str, ...]) -> str:
    """The offer that suits a request best.

    Raises:
        HttpError: 406, naming the offers.
    """
    header = ",".join(request.headers.getlist("accept"))
    found = negotiate(header, offers)
    if found is None:
        raise HttpError(406, f"none of what Accept names can be given: {header[:200]}", hint=f"ask for one of {', '.join(offers)}")
    return found


def error_reply(request: Request, error: AgikgError) -> Response:
    """The one shape of every error: JSON ``{"error": {"status", "message", "hint"}}``, or text, or a small page, by Accept."""
    status = status_of(error)
    headers = {"Cache-Control": "no-store", "Vary": "Accept", **getattr(error, "headers", {})}
    if isinstance(error, Busy | OverBudget):
        headers["Retry-After"] = str(max(1, math.ceil(error.seconds)))
    kind = negotiate(",".join(request.headers.getlist("accept")), ("application/json", "text/plain", "text/html")) or "application/json"
    return Response(_error_text(kind, status, error), status, headers, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)


def _error_text(kind: str, status: int, error: AgikgError) -> str:
    if kind == "application/json":
        described: dict[str, Any] = {"status": status, "message": error.message, "hint": error.hint or None}
        if isinstance(error, UnknownName | AmbiguousName):
            described["candidates"] = [{"id": near.id, "label": near.label} for near in error.candidates]
        return json.dumps({"error": described}, ensure_ascii=False) + "\n"
    if kind == "text/plain":
        return f"{error.message}\n{error.hint}\n" if error.hint else f"{error.message}\n"
    message, hint = html.escape(error.message), html.escape(error.hint)
    head = f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{status}</title>'
    return f"{head}\n<h1>{status}</h1>\n<p>{message}</p>\n<p>{hint}</p>\n</html>\n"
