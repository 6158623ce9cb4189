"""One client's connection: how many there may be, and how slow. Knows sockets and bytes (uvicorn's h11 protocol), no routes.

uvicorn closes idle connections between requests, but waits for ever for the rest of a request or for a reader; this does not.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Collection
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from agikg.server.limits import Limits
from agikg.server.replies import SECURITY_HEADERS


class Crowd:
    """All open connections of one server: who came first, how many each client has.

    Args:
        limits: how many, how slow.
        proxies: addresses that speak for many clients.
    """

    def __init__(self, limits: Limits, proxies: Collection[str] = ()) -> None:
        self.limits = limits
        self._proxies = frozenset(proxies)
        self._clients: Counter[str] = Counter()
        self._waiting: dict[Connection, None] = {}
        self._idle: dict[Connection, None] = {}
        self._open = 0

    def enter(self, client: str) -> str | None:
        """Counts a connection of a client in; gives the reason if there are too many.

        When the server is full, the connection that has waited longest for its own request to arrive makes room; if all
        requests have arrived, the one that has longest been kept open for another one.
        """
        if self._clients[client] >= self.limits.client_connections and client not in self._proxies:
            return f"more than {self.limits.client_connections:.0f} connections of one client"
        if self._open >= self.limits.connections:
            slowest = next(iter(self._waiting or self._idle), None)
            if slowest is None:
                return f"more than {self.limits.connections:.0f} connections"
            slowest.drop()
        self._clients[client] += 1
        self._open += 1
        return None

    def leave(self, connection: Connection, client: str) -> None:
        """Counts a connection out."""
        self._open -= 1
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]
        self.arrived(connection)

    def awaits(self, connection: Connection) -> None:
        """A connection whose request has not arrived yet."""
        self._idle.pop(connection, None)
        self._waiting.setdefault(connection)

    def rests(self, connection: Connection) -> None:
        """A connection that is kept open between two requests."""
        self._idle.setdefault(connection)

    def arrived(self, connection: Connection) -> None:
        """Its request is here."""
        self._waiting.pop(connection, None)
        self._idle.pop(connection, None)


def protocol(crowd: Crowd) -> type[H11Protocol]:
    """The protocol class of one server, for uvicorn's ``http=``."""
    return type("Connection", (Connection,), {"crowd": crowd})


class Connection(H11Protocol):
    """uvicorn's protocol, with a time in which a request must arrive, and one in which a reader must take what is held for it."""

    crowd: Crowd
    _counted = False
    _peer = ""
    _clock: asyncio.TimerHandle | None = None
    _reader: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(transport)
        self._peer = self.client[0] if self.client else ""
        refused = self.crowd.enter(self._peer)
        if refused is not None:
            self._refuse(503, refused)
            return
        self._counted = True
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """A client is gone."""
        self._stop_clocks()
        if self._counted:
            self._counted = False
            self.crowd.leave(self, self._peer)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        if self._clock is None and not self._answering():
            self._await_request()
        super().data_received(data)

    def handle_events(self) -> None:
        """Reads what has come, which may be the next request too, or half of it."""
        super().handle_events()
        if self.conn.their_state is h11.SEND_BODY:
            if self._clock is None:
                self._await_request()
        elif self.conn.their_state is not h11.IDLE:
            self._arrived()

    def on_response_complete(self) -> None:
        """The next request has its own time; until it begins, the connection can make room for others."""
        self._arrived()
        super().on_response_complete()
        if not self._answering() and not self.transport.is_closing():
            self.crowd.rests(self)

    def pause_writing(self) -> None:
        """The reader is slower than the server: what is held for it now has to be taken in time."""
        super().pause_writing()
        if self._reader is None:
            self._reader = self.loop.call_later(self.crowd.limits.response_seconds, self.drop)

    def resume_writing(self) -> None:
        """The reader has taken what there was."""
        if self._reader is not None:
            self._reader.cancel()
            self._reader = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What h11 could not read, in our shape and with the status that fits."""
        error = sys.exception()
        self._refuse(getattr(error, "error_status_hint", 400), str(error) if isinstance(error, h11.RemoteProtocolError) else msg)

    def drop(self) -> None:
        """Closes the connection at once."""
        self.transport.abort()

    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_request(self) -> None:
        self.crowd.awaits(self)
        self._clock = self.loop.call_later(self.crowd.limits.request_seconds, self._too_slow)

    def _arrived(self) -> None:
        self.crowd.arrived(self)
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _too_slow(self) -> None:
        self._clock = None
        if self._answering() and self.cycle.response_started:
            self.drop()  # the answer is on its way already, and the rest of the request is still not there
        else:
            self._refuse(408, f"the request did not arrive in {self.crowd.limits.request_seconds:g} s")

    def _stop_clocks(self) -> None:
        for clock in (self._clock, self._reader):
            if clock is not None:
                clock.cancel()
        self._clock = self._reader = None

    def _refuse(self, status: int, message: str) -> None:
        """Answers without the application, which may not even have been asked, and closes."""
        self._stop_clocks()
        if self.transport.is_closing():
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = json.dumps({"error": {"status": status, "message": message, "hint": None}}).encode() + b"\n"
            fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close", **SECURITY_HEADERS}
            if status == 503:
                fields["Retry-After"] = "1"
            headers = [(name.encode("ascii"), text.encode("ascii")) for name, text in fields.items()]
            head = h11.Response(status_code=status, headers=headers, reason=HTTPStatus(status).phrase.encode())
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
        # A peer that reads nothing must not keep it open.
        self.loop.call_later(1, self.drop)
