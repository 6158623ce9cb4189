"""Slow, crowding, malformed and vanishing clients, over raw sockets."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from agikg.kg import KnowledgeGraph
from tests.server.conftest import Outside, ended, serving, workers

GET = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: a.org\r\n\r\n"
# A text of its own: one that others have run would be known for slow, and not begin in a warm worker.
RUNAWAY = "SELECT (COUNT(*) AS ?hung) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@contextlib.contextmanager
def connected(outside: Outside, times: int = 1) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(("127.0.0.1", outside.port), timeout=10)) for _ in range(times)]


def answer(sock: socket.socket) -> bytes:
    """Everything until the server closes or says no more."""
    parts = []
    with contextlib.suppress(ConnectionError, TimeoutError):
        while part := sock.recv(65536):
            parts.append(part)
    return b"".join(parts)


def said(outside: Outside, *parts: bytes) -> bytes:
    """What the server says to these bytes before it closes."""
    with connected(outside) as (sock,):
        with contextlib.suppress(ConnectionError):
            for part in parts:
                sock.sendall(part)
        return answer(sock)


def until(condition: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        time.sleep(0.05)
    return bool(condition())  # type: ignore[operator]


def test_slow_headers_do_not_block_others_and_are_given_up(outside: Outside) -> None:
    with connected(outside, 300) as socks:
        for sock in socks:
            with contextlib.suppress(ConnectionError):
                sock.sendall(b"GET /sparql HTTP/1.1\r\nHost: a.org\r\nX-Slow: ")
        assert outside.alive()
        started = time.monotonic()
        # More than may be open: the first made room. The last ones are told why.
        assert answer(socks[0]) == b""
        assert answer(socks[-1]).startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - started < 8
    assert outside.alive()


def test_dripping_does_not_buy_time(outside: Outside) -> None:
    with connected(outside) as (sock,):
        sock.sendall(b"GET /sparql HTTP/1.1\r\nHost: a.org\r\n")
        started = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - started < 8:
                sock.sendall(b"X-A: b\r\n")
                time.sleep(0.2)
        assert time.monotonic() - started < 6


def test_slow_bodies_do_not_block_others_and_are_given_up(outside: Outside) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK"
    with connected(outside, 101) as socks:
        for sock in socks[1:]:
            sock.sendall(head)
        socks[0].sendall(GET[:-2] + b"\r\n" + head)
        assert outside.alive()
        assert answer(socks[1]).startswith(b"HTTP/1.1 408 ")
        assert answer(socks[0]).count(b"HTTP/1.1 ") == 2  # one answer, and 408 for what waits behind it


@pytest.fixture
def patient(kg: KnowledgeGraph) -> Iterator[Outside]:
    """A server that gives queries their time, and readers little."""
    server = serving(AGIKG_RESPONSE_SECONDS="1")
    yield server
    ended(server)


def test_slow_readers_do_not_block_others_and_are_dropped(patient: Outside) -> None:
    large = b"GET /sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%2018000 HTTP/1.1\r\nHost: a.org\r\n\r\n"
    with contextlib.ExitStack() as stack:
        socks = []
        for _ in range(8):
            sock = stack.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", patient.port))
            sock.settimeout(10)
            sock.sendall(large)
            socks.append(sock)
        assert patient.alive()
        time.sleep(2)
        assert patient.alive()
        head, _, body = answer(socks[0]).partition(b"\r\n\r\n")
        assert b"200 OK" in head
        assert len(body) < int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 414),
        (b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: a.org\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a.org\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a.org\r\n" + b"X: y\r\n" * 20_000 + b"\r\n", 431),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nASK{}", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Length: -3\r\n\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Length: 3, 4\r\n\r\nASK", 400),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 501),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST /sparql HTTP/1.1\r\nHost : a.org\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a.org\r\nHost: b.org\r\n\r\n", 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: a.org\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: a.org\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\nHost: a.org\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /%00 HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
        (b"GET /sparql?query=%ZZ%C0%AF HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 400),
        (b"GET /sparql?query=\xe4 HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 400),
        (b"BREW /sparql HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 405),
        (b"GET http://evil.example/sparql HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
        (b"GET /../../etc/passwd HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
        (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
        (b"GET /..%5c..%5cetc/passwd HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
        (b"GET //etc/passwd HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n", 404),
    ],
    ids=lambda value: repr(value)[:40],
)  # fmt: skip
def test_requests_that_are_wrong(outside: Outside, request_: bytes, status: int) -> None:
    head, _, body = said(outside, request_).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), head
    assert b"nosniff" in head
    assert b'"status": %d' % status in body
    assert outside.alive()


def test_a_length_beside_chunks_smuggles_nothing(outside: Outside) -> None:
    body = b"0\r\n\r\nGET /limits HTTP/1.1\r\nHost: a.org\r\n\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
    received = said(outside, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    assert b"query_seconds" not in received


ENDLESS = [
    (b"GET / HTTP/1.1\r\nHost: a.org\r\n", b"X: yyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 1000),
    (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n", b"fff0\r\n" + b"x" * 0xFFF0 + b"\r\n"),
    (b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Type: application/sparql-query\r\nContent-Length: 200000000\r\n\r\n", b"x" * 65536),
]  # fmt: skip


def test_endless_headers_and_bodies_are_cut_off(outside: Outside) -> None:
    def send(head: bytes, part: bytes) -> float:
        """Seconds until the server has enough."""
        with connected(outside) as (sock,):
            sock.sendall(head)
            started = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while time.monotonic() - started < 8:
                    sock.sendall(part)
                    time.sleep(0.01)
            return time.monotonic() - started

    with ThreadPoolExecutor(len(ENDLESS)) as clients:
        sent = [clients.submit(send, *each) for each in ENDLESS]
        assert outside.alive()
        assert max(each.result() for each in sent) < 7
    assert outside.alive()


def test_a_long_body_is_refused_before_it_is_read(outside: Outside) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: a.org\r\nContent-Type: application/sparql-query\r\nContent-Length: 200000000\r\nExpect: 100-continue\r\n\r\n"
    with connected(outside) as (sock,):
        sock.sendall(head)
        assert sock.recv(65536).startswith(b"HTTP/1.1 413 ")


def test_pipelined_requests_are_answered_in_order(outside: Outside) -> None:
    other = GET.replace(b"ASK%7B%7D", b"ASK%7B%3Cu:a%3E%20%3Cu:b%3E%20%3Cu:c%3E%7D")
    last = GET[:-2] + b"Connection: close\r\n\r\n"
    received = said(outside, GET + other + GET + last)
    assert [b"true" in part for part in received.split(b"HTTP/1.1 200 OK")[1:]] == [True, False, True, True]


def test_a_client_that_hangs_up_takes_its_query_along(outside: Outside) -> None:
    before = set(workers(outside.process.pid))
    with connected(outside) as (sock,):
        sock.sendall(b"GET /sparql?query=" + RUNAWAY.replace(" ", "%20").replace("?", "%3F").encode() + b" HTTP/1.1\r\nHost: a.org\r\n\r\n")
        time.sleep(0.4)
    # Well before the query's own limit the worker that was at it is gone, and the lane is whole again.
    assert until(lambda: not before <= set(workers(outside.process.pid)))
    assert until(lambda: len(workers(outside.process.pid)) == 3)
    assert outside.alive()


def test_idle_connections_are_closed(outside: Outside) -> None:
    with connected(outside) as (sock,):
        sock.sendall(GET)
        started = time.monotonic()
        assert answer(sock).endswith(b'"boolean":true}')
        assert 1 < time.monotonic() - started < 8
