"""What is done to every request and response: address length, OPTIONS, headers. Knows HTTP, no graph."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agikg.server.limits import Limits
from agikg.server.replies import CORS_HEADERS, SECURITY_HEADERS, HttpError, error_reply

HEADER_BYTES = 32_768
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


class Envelope:
    """Middleware around all routes."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute], limits: Limits, cors: bool) -> None:
        self._app = app
        self._routes = routes
        self._limits = limits
        self._headers = {**SECURITY_HEADERS, **(CORS_HEADERS if cors else {})}
        self._cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, text in self._headers.items():
                    headers.setdefault(name, text)
            await send(message)

        answer = self._refusal(scope)
        if answer is None and scope["method"] == "OPTIONS":
            answer = self._options(scope)
        await (answer or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        length = len(scope.get("raw_path") or b"") + len(scope["query_string"])
        if length > self._limits.url_bytes:
            told = f"the address has {length} bytes, {self._limits.url_bytes:.0f} are allowed"
            return error_reply(Request(scope), HttpError(414, told, hint="POST the query instead"))
        if any(character < " " or character == "\x7f" for character in scope["path"]):
            # Starlette's patterns let a line end stand after the end of an address.
            return error_reply(Request(scope), HttpError(404, "no address here has control characters"))
        if sum(len(name) + len(text) for name, text in scope["headers"]) > HEADER_BYTES:
            return error_reply(Request(scope), HttpError(431, f"the headers have more than {HEADER_BYTES} bytes"))
        if scope["http_version"] not in ("1.0", "1.1"):
            return error_reply(Request(scope), HttpError(505, "HTTP/1.0 and HTTP/1.1 are spoken here"))
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
            # What one reads as the rest of this request, a proxy before us may have read as another one.
            told = "a request with Content-Length has no Transfer-Encoding"
            return error_reply(Request(scope), HttpError(400, told, headers={"Connection": "close"}))
        return None

    def _options(self, scope: Scope) -> Response | None:
        """What may be done at an address; None where there is nothing."""
        allowed = [method for method in _METHODS if self._matches({**scope, "method": method})]
        if not allowed:
            return None
        headers = {"Allow": ", ".join([*allowed, "OPTIONS"])}
        if self._cors:
            headers |= {"Access-Control-Allow-Methods": headers["Allow"], "Access-Control-Allow-Headers": "Accept, Content-Type"}
            headers["Access-Control-Max-Age"] = "86400"
        return Response(status_code=204, headers=headers)

    def _matches(self, scope: dict[str, Any]) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self._routes)
