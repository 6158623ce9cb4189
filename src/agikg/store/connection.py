"""HTTP to one endpoint: credentials, redirects, retries, deadlines, sizes. Knows no SPARQL and no RDF.

Credentials go to the endpoint's own host only, and only after it asked for them (or when told how); they are in no message.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Generator, Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

import httpx

from agikg import settings
from agikg._version import __version__
from agikg.errors import BadInput, StoreError
from agikg.store.address import PASSWORD, USER, Address

_BUSY = (429, 503)
_MOVED = (301, 302, 303, 307, 308)
_TRIES = 5
_REDIRECTS = 5
_CONNECT_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 8.0


class NoAnswer(StoreError):
    """The endpoint did not answer in the time it had."""


class Reply(NamedTuple):
    """A whole answer of an endpoint.

    Attributes:
        status: of HTTP, neither a redirect nor 401, 403, 429, 503.
        media: media type, without parameters.
        headers: the others, names in lower case.
        body: decoded from any content coding.
    """

    status: int
    media: str
    headers: Mapping[str, str]
    body: bytes

    def text(self) -> str:
        """What the body says, in one line that a terminal can show."""
        words = self.body[:2000].decode("utf-8", "replace").split()
        line = "".join(character for character in " ".join(words) if character.isprintable())
        return f"{line[:300]} ..." if len(line) > 300 else line


class Connection:
    """Requests to an endpoint.

    Args:
        where: the endpoint.
        scheme: basic or digest; "" takes what the endpoint asks for.
    """

    def __init__(self, where: Address, scheme: str = "") -> None:
        self.where = where
        self._auth = None if where.user is None else _Asked(where.user, where.password, scheme)
        self._clients: dict[str, httpx.Client] = {}
        try:
            self._home = _origin(httpx.URL(where.url))
        except httpx.InvalidURL as error:
            raise BadInput(f"the address of the endpoint is not a URL: {error}") from None

    def send(
        self,
        method: str,
        headers: Mapping[str, str],
        body: bytes = b"",
        parameters: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> Reply:
        """Sends a request that may be sent again, and waits for the whole answer.

        Args:
            method: of HTTP.
            headers: besides those of the client.
            body: what is sent.
            parameters: of the URL, beside those it has.
            seconds: for all tries together; None for the setting ``store_seconds``.

        Raises:
            NoAnswer: no whole answer in that time.
            StoreError: unreachable, refused, busy for longer than there is time, broken off, or too long.
        """
        deadline = time.monotonic() + (seconds or settings.value("store_seconds"))
        url = httpx.URL(self.where.url)
        if parameters:
            url = url.copy_merge_params(dict(parameters))
        pause = _FIRST_PAUSE
        for tries_left in reversed(range(_TRIES)):
            reply, why = self._try(method, url, headers, body, deadline)
            if reply is not None and reply.status not in _BUSY:
                return self._checked(reply)
            wait = pause if reply is None else _retry_after(reply, pause)
            if not tries_left or time.monotonic() + wait > deadline:
                raise StoreError(
                    f"{self.where} {why}"
                    if reply is None
                    else f"{self.where} is too busy (HTTP {reply.status}): {reply.text() or 'no reason'}",
                    hint="try again later" if reply is None else f"it asks to wait {wait:.0f} s",
                )
            time.sleep(wait)
            pause = min(pause * 2, _LONGEST_PAUSE)
        raise AssertionError("the last try returns or raises")

    def _try(self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, deadline: float) -> tuple[Reply | None, str]:
        """One try: the reply, or None and why another one makes sense."""
        try:
            return self._follow(method, url, headers, body, deadline), ""
        except (httpx.ConnectTimeout, httpx.PoolTimeout):
            raise StoreError(
                f"{self.where} cannot be reached: no connection in time", hint="is the address right, and the server up?"
            ) from None
        except httpx.TimeoutException:
            raise self._late() from None
        except httpx.ConnectError as error:
            raise StoreError(f"{self.where} cannot be reached: {error}", hint="is the address right, and the server up?") from None
        except (httpx.DecodingError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise StoreError(f"{self.where} gave an answer that cannot be read: {error}") from None
        except httpx.TransportError as error:
            return None, f"broke off: {str(error) or type(error).__name__}"

    def _follow(self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, deadline: float) -> Reply:
        for _ in range(_REDIRECTS + 1):
            reply, target = self._once(method, url, headers, body, deadline)
            if reply.status not in _MOVED or target is None:
                return reply
            if target.scheme not in ("http", "https") or (url.scheme, target.scheme) == ("https", "http"):
                raise StoreError(f"{self.where} redirects to {target.scheme}, which is not followed")
            if reply.status == 303:
                method, body = "GET", b""
            url = target
        raise StoreError(f"{self.where} redirects more than {_REDIRECTS} times")

    def _once(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes, deadline: float
    ) -> tuple[Reply, httpx.URL | None]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise self._late()
        at_home = _origin(url) == self._home
        timeout = httpx.Timeout(left, connect=min(left, _CONNECT_SECONDS))
        client = self._client(url.scheme)
        request = client.build_request(method, url, headers=dict(headers), content=body or None, timeout=timeout)
        response = client.send(request, auth=self._auth if at_home else None, follow_redirects=False, stream=True)
        try:
            target = url.join(response.headers["location"]) if "location" in response.headers else None
            if response.status_code in (401, 403):
                raise self._denied(response.status_code, url, at_home)
            data = self._read(response, deadline)
        finally:
            response.close()
        media = response.headers.get("content-type", "").partition(";")[0].strip().casefold()
        return Reply(response.status_code, media, {name.casefold(): value for name, value in response.headers.items()}, data), target

    def _client(self, scheme: str) -> httpx.Client:
        """One client a scheme: reading certificates takes longer than a query, and without TLS none are needed."""
        if scheme not in self._clients:
            client = httpx.Client(headers={"User-Agent": f"agikg/{__version__}"}, verify=scheme != "http")
            weakref.finalize(self, client.close)
            self._clients[scheme] = client
        return self._clients[scheme]

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        """The body; a peer that drips or floods is left."""
        limit = settings.value("store_bytes")
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > limit:
                raise StoreError(f"{self.where} sent more than {limit:,.0f} bytes", hint="narrow the query, or raise AGIKG_STORE_BYTES")
            if time.monotonic() > deadline:
                raise self._late()
            parts.append(part)
        return b"".join(parts)

    def _late(self) -> NoAnswer:
        return NoAnswer(f"{self.where} did not answer in time", hint="try again, or raise AGIKG_STORE_SECONDS")

    def _denied(self, status: int, url: httpx.URL, at_home: bool) -> StoreError:
        if not at_home:
            return StoreError(f"{self.where} redirects to {url.host}, which wants credentials; none are sent to another host")
        if self._auth is None:
            return StoreError(f"{self.where} wants credentials (HTTP {status})", hint=f"set {USER} and {PASSWORD}")
        return StoreError(
            f"{self.where} refused the credentials (HTTP {status})", hint=f"check {USER} and {PASSWORD}, and the rights of that user"
        )

    def _checked(self, reply: Reply) -> Reply:
        if reply.status in _MOVED:
            raise StoreError(f"{self.where} redirects to nowhere (HTTP {reply.status})")
        return reply


class _Asked(httpx.Auth):
    """Sends credentials when asked for them, by basic or digest authentication as the endpoint wants it."""

    def __init__(self, user: str, password: str, scheme: str) -> None:
        self._pair = (user, password)
        self._chosen: httpx.Auth | None = self._make(scheme) if scheme else None

    def _make(self, scheme: str) -> httpx.Auth:
        return httpx.DigestAuth(*self._pair) if scheme == "digest" else httpx.BasicAuth(*self._pair)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """One request, repeated with credentials if the endpoint asks for them."""
        if self._chosen is None:
            response = yield request
            if response.status_code != 401:
                return
            offered = " ".join(response.headers.get_list("www-authenticate")).casefold()
            self._chosen = self._make("digest" if "digest" in offered else "basic")
        yield from self._chosen.auth_flow(request)


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or (443 if url.scheme == "https" else 80)


def _retry_after(reply: Reply, otherwise: float) -> float:
    """Seconds that the endpoint asks to wait: given as seconds or as a date."""
    given = reply.headers.get("retry-after", "").strip()
    if given.isdigit():
        return float(given)
    try:
        return max(parsedate_to_datetime(given).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError):
        return otherwise
