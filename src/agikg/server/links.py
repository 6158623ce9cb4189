"""Where this server shows an identifier. Public identifiers stay ``https://w3id.org/agikg/...``; pages link to themselves.

Knows names of namespaces only.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from agikg.vocab import AGI, ID, expand


def local(identifier: str) -> str | None:
    """Address on this server of a CURIE or IRI; the address itself for the web's; None for what nobody can follow."""
    iri = expand(identifier)
    if iri.startswith(AGI):
        return f"/ontology#{quote(iri.removeprefix(AGI), safe='')}"
    if iri.startswith(ID):
        return f"/id/{quote(iri.removeprefix(ID), safe='/')}"
    # Anything but http and https could run or read something.
    return iri if iri.lower().startswith(("https://", "http://")) else None


def address(path: str, /, **parameters: object) -> str:
    """A path with a query string; None and empty values are left out, lists repeated."""
    given = {name.rstrip("_"): value for name, value in parameters.items() if value not in (None, "", (), [])}
    return f"{path}?{urlencode(given, doseq=True, encoding='utf-8', errors='replace')}" if given else path
