"""Where an endpoint is and who asks: URL, credentials, names of its graphs. Knows no HTTP; its text never shows a secret."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from agikg.errors import BadInput
from agikg.store.terms import IRI

USER, PASSWORD = "AGIKG_STORE_USER", "AGIKG_STORE_PASSWORD"


@dataclass(frozen=True)
class Address:
    """An endpoint as ``--store`` names it.

    Attributes:
        url: without user, password and fragment.
        user: of the URL, else of ``AGIKG_STORE_USER``; None for nobody.
        password: of the URL, else of ``AGIKG_STORE_PASSWORD``. Never shown.
        graphs: what the names of its graphs begin with, from the fragment; "" where the URL says nothing.
    """

    url: str
    user: str | None = field(default=None, repr=False)
    password: str = field(default="", repr=False)
    graphs: str = ""

    def __str__(self) -> str:
        return f"{self.url}#{self.graphs}" if self.graphs else self.url


def address(text: str) -> Address:
    """Reads ``http(s)://[user:password@]host[:port]/path[#prefix of its graphs]``.

    Raises:
        BadInput: not such a URL.
    """
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme.casefold() not in ("http", "https") or any(character <= " " for character in text):
        raise BadInput("the address of the endpoint is not a URL", hint="for example https://host/sparql")
    place = f"[{host}]" if ":" in host else host
    url = urlunsplit((parts.scheme.casefold(), f"{place}:{port}" if port else place, parts.path or "/", parts.query, ""))
    graphs = parts.fragment
    if graphs:
        check_prefix(graphs)
    user = unquote(parts.username) if parts.username else os.environ.get(USER) or None
    password = unquote(parts.password or "") if parts.username else os.environ.get(PASSWORD, "")
    return Address(url, user, password, graphs)


def check_prefix(graphs: str) -> None:
    """Lets a prefix of graph names pass.

    Raises:
        BadInput: no IRI can begin so.
    """
    try:
        IRI(graphs).n3()
    except ValueError:
        raise BadInput(f"{graphs!r} cannot begin the name of a graph", hint="for example https://example.org/graph/") from None
