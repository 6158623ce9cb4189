"""HTTP to an endpoint: who gets credentials, what is tried again, what ends in a clear error."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from agikg.errors import BadInput, StoreError
from agikg.store.address import Address, address
from agikg.store.connection import Connection, NoAnswer, Reply
from tests.store.endpoint import Endpoint, running
from tests.store.endpoint import Reply as Sent
from tests.store.endpoint import Request as Came

SECRET = "s3cret/:@ü"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with running() as found:
        yield found


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr("agikg.store.connection.time.sleep", waited.append)
    return waited


def send(endpoint: Endpoint, where: Address | None = None, scheme: str = "", seconds: float | None = 5) -> Reply:
    found = Connection(where or Address(f"{endpoint.url}/sparql"), scheme)
    return found.send("POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"query=ASK%7B%7D", seconds=seconds)


def test_an_address_keeps_its_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    found = address("https://me:s3cret%2F@Host.org:8443/sparql?x=1#https://a.org/g/")
    assert (found.url, found.user, found.password, found.graphs) == (
        "https://host.org:8443/sparql?x=1",
        "me",
        "s3cret/",
        "https://a.org/g/",
    )
    assert "s3cret" not in f"{found} {found!r}"
    monkeypatch.setenv("AGIKG_STORE_USER", "somebody")
    monkeypatch.setenv("AGIKG_STORE_PASSWORD", SECRET)
    assert (address("http://a.org").user, address("http://a.org").password) == ("somebody", SECRET)
    assert address("http://me:x@a.org").password == "x"


@pytest.mark.parametrize(
    "text",
    [
        "sparql",
        "ftp://a.org/",
        "http://",
        "http:///x",
        "http://a.org:port/",
        "http://[::1/",
        "http://a.org/ x",
        "http://a.org/#no prefix",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadInput):
        address(text)


@pytest.mark.parametrize("scheme", ["basic", "digest"])
@pytest.mark.parametrize("given", ["", "same"])
def test_credentials_are_given_when_asked_for(endpoint: Endpoint, scheme: str, given: str) -> None:
    endpoint.password, endpoint.scheme = SECRET, scheme
    assert send(endpoint, Address(f"{endpoint.url}/sparql", "user", SECRET), scheme if given else "").status == 200
    unasked = "authorization" in endpoint.requests[0].headers
    assert unasked == (scheme == "basic" and bool(given))


def test_nobody_who_does_not_ask_gets_credentials(endpoint: Endpoint) -> None:
    assert send(endpoint, Address(f"{endpoint.url}/sparql", "user", SECRET)).status == 200
    assert "authorization" not in endpoint.requests[0].headers


@pytest.mark.parametrize("scheme", ["basic", "digest"])
@pytest.mark.parametrize(("user", "message"), [(None, "wants credentials"), ("user", "refused the credentials")])
def test_refused(endpoint: Endpoint, scheme: str, user: str | None, message: str) -> None:
    endpoint.password, endpoint.scheme = "another", scheme
    with pytest.raises(StoreError, match=message) as error:
        send(endpoint, Address(f"{endpoint.url}/sparql", user, SECRET))
    assert SECRET not in f"{error.value} {error.value.hint}"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_keeps_the_query(endpoint: Endpoint, status: int) -> None:
    endpoint.fault = lambda r: None if r.path == "/sparql" else Sent(status, b"", (("Location", "/sparql"),))
    assert send(endpoint, Address(f"{endpoint.url}/old")).status == 200
    assert [(r.method, r.path, r.body) for r in endpoint.requests] == [
        ("POST", "/old", b"query=ASK%7B%7D"),
        ("POST", "/sparql", b"query=ASK%7B%7D"),
    ]


def test_another_host_gets_no_credentials(endpoint: Endpoint) -> None:
    with running() as other:
        other.password = endpoint.password = SECRET
        asked = Sent(401, b"", (("WWW-Authenticate", "Basic realm=x"),))
        moved = Sent(302, b"", (("Location", f"{other.url}/sparql"),))
        endpoint.fault = lambda r: moved if "authorization" in r.headers else asked
        with pytest.raises(StoreError, match="none are sent to another host"):
            send(endpoint, Address(f"{endpoint.url}/sparql", "user", SECRET))
        assert len(other.requests) == 1
        assert not {"authorization", "cookie"} & set(other.requests[0].headers)


def test_redirects_end(endpoint: Endpoint) -> None:
    endpoint.fault = lambda _: Sent(302, b"", (("Location", "/sparql"),))
    with pytest.raises(StoreError, match="redirects more than"):
        send(endpoint)
    for target in ("file:///etc/passwd", "ftp://a.org/"):
        endpoint.fault = lambda _, target=target: Sent(302, b"", (("Location", target),))  # type: ignore[misc]
        with pytest.raises(StoreError, match="not followed"):
            send(endpoint)
    endpoint.fault = lambda _: Sent(302)
    with pytest.raises(StoreError, match="to nowhere"):
        send(endpoint)


@pytest.mark.parametrize("status", [429, 503])
def test_the_busy_are_asked_again_when_they_say(endpoint: Endpoint, naps: list[float], status: int) -> None:
    replies = [
        Sent(status, b"", (("Retry-After", "2"),)),
        Sent(status, b"", (("Retry-After", formatdate(0, usegmt=True)),)),
        Sent(status),
        Sent(status),
    ]
    endpoint.fault = lambda _: replies.pop(0) if replies else None
    assert send(endpoint, seconds=60).status == 200
    assert naps[:2] == [2.0, 0.0]
    assert 0 < naps[2] < naps[3]


def test_nobody_waits_longer_than_there_is_time(endpoint: Endpoint, naps: list[float]) -> None:
    endpoint.fault = lambda _: Sent(503, b"come back\x1b[31m tomorrow", (("Retry-After", "86400"),))
    with pytest.raises(StoreError, match=r"too busy \(HTTP 503\): come back\[31m tomorrow"):
        send(endpoint)
    assert naps == []
    endpoint.fault = lambda _: Sent(429, b"", (("Retry-After", "0"),))
    endpoint.requests.clear()
    with pytest.raises(StoreError, match="too busy"):
        send(endpoint)
    assert len(endpoint.requests) == 5


def test_a_broken_connection_is_tried_again(endpoint: Endpoint, naps: list[float]) -> None:
    replies = [Sent(0), Sent(0, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    endpoint.fault = lambda _: replies.pop(0) if replies else None
    assert send(endpoint, seconds=60).status == 200
    assert len(naps) == 2
    endpoint.fault = lambda _: Sent(0, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    with pytest.raises(StoreError, match="broke off"):
        send(endpoint, seconds=60)


def test_the_slow_and_the_endless_are_left(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    released = threading.Event()

    def never(_: Came) -> None:
        released.wait(30)

    endpoint.fault = never
    with pytest.raises(NoAnswer, match="did not answer in time"):
        send(endpoint, seconds=0.2)
    released.set()
    monkeypatch.setenv("AGIKG_STORE_BYTES", "1000")
    endpoint.fault = lambda _: Sent(200, b"x" * 5000)
    with pytest.raises(StoreError, match="more than 1,000 bytes"):
        send(endpoint)


def test_a_small_answer_that_unpacks_into_a_large_one_is_left(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    monkeypatch.setenv("AGIKG_STORE_BYTES", "1000000")
    packed = gzip.compress(b"0" * 20_000_000)
    endpoint.fault = lambda _: Sent(200, packed, (("Content-Encoding", "gzip"),))
    with pytest.raises(StoreError, match="more than 1,000,000 bytes"):
        send(endpoint)
    endpoint.fault = lambda _: Sent(200, b"no gzip at all", (("Content-Encoding", "gzip"),))
    with pytest.raises(StoreError, match="cannot be read"):
        send(endpoint)


def test_a_certificate_that_nobody_vouches_for_is_refused(endpoint: Endpoint, tmp_path: Path) -> None:
    """Also when the way there began without TLS."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with: install it, to run this")
    pem = tmp_path / "both.pem"
    made = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "1",
        "-keyout",
        str(pem),
        "-out",
        str(pem) + ".crt",
    ]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{pem}.crt", pem)
    with running(context) as secure:
        there = secure.url.replace("http:", "https:")
        with pytest.raises(StoreError, match=r"cannot be reached: .*certificate"):
            send(endpoint, Address(f"{there}/sparql"))
        endpoint.fault = lambda _: Sent(307, b"", (("Location", f"{there}/sparql"),))
        with pytest.raises(StoreError, match=r"cannot be reached: .*certificate"):
            send(endpoint)
        assert secure.requests == []


def test_nobody_there() -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        Connection(Address("http://127.0.0.1:9/sparql")).send("GET", {}, seconds=5)
    with pytest.raises(StoreError, match="cannot be reached"):
        Connection(Address("http://no-such-host.invalid/sparql")).send("GET", {}, seconds=20)
