"""Large bodies, sent piece by piece and counted while they are on their way. Knows bytes, not what they mean."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agikg.errors import Busy

_PIECE = 65_536


class Outgoing:
    """How many bytes of large results are being sent, so that slow readers cannot fill the memory.

    Args:
        most: bytes that may be on their way at once.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._now = 0

    def reply(self, body: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
        """A response of these bytes.

        Raises:
            Busy: too many bytes are on their way.
        """
        kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
        if len(body) <= _PIECE:
            return Response(body, 200, dict(headers), kind)
        if self._now + len(body) > self._most:
            raise Busy("too many large results are being sent already", seconds=5)
        return _Pieces(self, body, dict(headers), kind)

    def count(self, change: int) -> None:
        """Adds bytes, or takes them off again."""
        self._now += change


class _Pieces(Response):
    """A body that waits for its reader after each piece."""

    def __init__(self, outgoing: Outgoing, body: bytes, headers: dict[str, str], media_type: str) -> None:
        super().__init__(body, 200, headers, media_type)
        self._outgoing = outgoing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (ASGI's signature)
        whole = memoryview(self.body)
        self._outgoing.count(len(whole))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            for start in range(0, len(whole), _PIECE):
                await send({"type": "http.response.body", "body": bytes(whole[start : start + _PIECE]), "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._outgoing.count(-len(whole))
