"""The scope that the address of a page gives. Knows parameters and the facade's keywords; no request."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams

from agikg.server.operations import SCOPE, scope_of
from agikg.server.parameters import read_query


def texts(given: QueryParams) -> dict[str, Any]:
    """The scope as it was written, for the fields of forms and for links to the same in another form."""
    found = {parameter.name: _filled(given, parameter.name) for parameter in SCOPE}
    return {parameter.name: found[parameter.name] if parameter.many else next(iter(found[parameter.name]), None) for parameter in SCOPE}


def keywords(given: QueryParams) -> dict[str, Any]:
    """The scope as the facade's keywords; fields that a form sends empty are left out.

    Raises:
        BadInput: not a date, no such confidence, or one of them twice.
    """
    return scope_of(read_query(SCOPE, {parameter.name: _filled(given, parameter.name) for parameter in SCOPE}))


def _filled(given: QueryParams, name: str) -> list[str]:
    return [text.strip() for text in given.getlist(name) if text.strip()]
