"""SPARQL requests read as HTTP has them: parameters, bodies, media types. Knows the protocol's words, runs nothing."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from agikg.errors import BadInput, ForbiddenQuery, TooLarge
from agikg.server.limits import Limits
from agikg.server.replies import HttpError

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_PARAMETERS = 1_000


class Asked(NamedTuple):
    """What a request asks.

    Attributes:
        text: the query, or None where there is none.
        default: values of default-graph-uri.
        named: values of named-graph-uri.
    """

    text: str | None
    default: tuple[str, ...]
    named: tuple[str, ...]


async def read(request: Request, limits: Limits) -> Asked:
    """The query of a request by the SPARQL 1.1 Protocol: GET, POST of a form, POST of the query itself.

    Raises:
        BadInput: no UTF-8, no query, or more than one.
        ForbiddenQuery: an update.
        HttpError: 415, a body of another type, charset or coding.
        TooLarge: the body is longer than it may be.
    """
    pairs = parameters(request)
    if request.method != "POST":
        return _asked(pairs)
    kind = _media_type(request)
    if kind == UPDATE:
        raise _read_only()
    if kind not in (FORM, QUERY):
        given = kind or "no Content-Type"
        raise HttpError(415, f"a query cannot be read from {given}", hint=f"send {QUERY} or {FORM}")
    body = await _body(request, limits)
    found = _asked(pairs + _pairs(body, "the form")) if kind == FORM else _asked([*pairs, ("query", _text(body, "the body"))])
    if found.text is None:
        raise BadInput("the request has no query", hint=f"send {QUERY}, or a form with query=...")
    return found


def parameters(request: Request) -> list[tuple[str, str]]:
    """The parameters of the address, in order.

    Raises:
        BadInput: they are not UTF-8, or there are too many.
    """
    return _pairs(request.scope["query_string"], "the address")


def client_of(request: Request) -> str:
    """Whose budget a request uses: the address, of IPv6 the network that one customer gets."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and not address.is_loopback:
        return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _asked(pairs: list[tuple[str, str]]) -> Asked:
    queries = [text for name, text in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise BadInput("query and update in one request", hint="send one query") if queries else _read_only()
    if len(queries) > 1:
        raise BadInput(f"{len(queries)} queries in one request", hint="send one")
    default = tuple(graph for name, graph in pairs if name == "default-graph-uri")
    named = tuple(graph for name, graph in pairs if name == "named-graph-uri")
    return Asked(queries[0] if queries else None, default, named)


def _read_only() -> ForbiddenQuery:
    return ForbiddenQuery("updates are not allowed: the graph is read-only", hint="use SELECT, ASK, CONSTRUCT or DESCRIBE")


def _media_type(request: Request) -> str:
    """The body's media type; its charset and coding are ones that can be read."""
    kind, *rest = (part.strip() for part in request.headers.get("content-type", "").split(";"))
    charset = next((part.partition("=")[2].strip(' "') for part in rest if part.casefold().startswith("charset")), "utf-8")
    coding = request.headers.get("content-encoding", "identity")
    if charset.casefold() not in ("utf-8", "utf8", "us-ascii") or coding.casefold() != "identity":
        raise HttpError(415, f"charset {charset}, coding {coding} cannot be read", hint="send plain UTF-8")
    return kind.casefold()


async def _body(request: Request, limits: Limits) -> bytes:
    """The body, given up at the first byte too many."""
    announced = request.headers.get("content-length", "0")
    parts: list[bytes] = []
    length = int(announced) if announced.isdigit() else 0
    if length <= limits.request_bytes:
        length = 0
        try:
            async for part in request.stream():
                parts.append(part)
                length += len(part)
                if length > limits.request_bytes:
                    break
        except ClientDisconnect:
            raise BadInput("the request ended before its body") from None
    if length > limits.request_bytes:
        raise TooLarge(f"the request's body is longer than {limits.request_bytes:.0f} bytes", hint="send a shorter query")
    return b"".join(parts)


def _pairs(data: bytes, what: str) -> list[tuple[str, str]]:
    try:
        # As text of ASCII first: only percent signs may bring other characters in, and those have to be UTF-8.
        return parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_PARAMETERS)
    except UnicodeError:
        raise BadInput(f"{what} is not percent-encoded UTF-8", hint="encode it as UTF-8, and every byte that is not ASCII as %XX") from None
    except ValueError:
        raise BadInput(f"{what} has more than {_PARAMETERS} parameters") from None


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{what} is not UTF-8 text (byte {error.start})", hint="send the query as UTF-8") from None
