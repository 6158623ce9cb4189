"""Answers of an endpoint as results: SPARQL JSON, N-Triples, Turtle. Knows the formats and where engines bend them."""

from __future__ import annotations

import json
from typing import Any

from agikg.errors import StoreError
from agikg.store.connection import Reply
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.syntax import SyntaxFault, parse
from agikg.store.terms import IRI, LANG_STRING, STRING, Blank, Literal, Quad, Term

JSON_RESULTS = "application/sparql-results+json, application/json;q=0.5"
RDF = "application/n-triples, text/turtle;q=0.5"
_SUFFIXES = {"application/n-triples": ".nt", "text/plain": ".nt", "text/turtle": ".ttl", "application/x-turtle": ".ttl"}


class BrokenAnswer(Exception):
    """An answer that is not what its format demands; the text says why."""


def read(form: str, reply: Reply, where: object) -> Result:
    """The result of a query.

    Args:
        form: select, ask, construct or describe.
        reply: what came, with a status of success.
        where: the endpoint, for messages.

    Raises:
        StoreError: it cannot be read, or is no answer to such a query.
    """
    try:
        if form in ("construct", "describe"):
            return Triples(tuple(_triples(reply)))
        found = _table(reply)
        return _truth(found) if form == "ask" else _solutions(found)
    except BrokenAnswer as error:
        hint = "is it a SPARQL endpoint? It may also have run out of time or memory on the way"
        raise StoreError(f"{where} gave a broken answer: {error}", hint=hint) from None


def _triples(reply: Reply) -> list[Quad]:
    suffix = _SUFFIXES.get(reply.media)
    if suffix is None:
        raise BrokenAnswer(f"triples were asked for, {reply.media or 'something without a media type'} came")
    try:
        return parse(reply.body, suffix)
    except SyntaxFault as error:
        raise BrokenAnswer(f"line {error.line} does not parse: {error}") from None


def _table(reply: Reply) -> dict[str, Any]:
    try:
        found = json.loads(reply.body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BrokenAnswer(f"no SPARQL JSON ({reply.media or 'no media type'}, {len(reply.body)} bytes)") from None
    if not isinstance(found, dict):
        raise BrokenAnswer("no SPARQL JSON")
    return found


def _truth(found: dict[str, Any]) -> Truth:
    if isinstance(found.get("boolean"), bool):
        return Truth(found["boolean"])
    # Virtuoso answers ASK with a table: one row, or none.
    columns, rows = _solutions(found)
    if columns == ("__ASK_RETVAL",) and len(rows) <= 1:
        return Truth(bool(rows))
    raise BrokenAnswer("neither true nor false")


def _solutions(found: dict[str, Any]) -> Solutions:
    try:
        columns = tuple(str(name) for name in found["head"]["vars"])
        rows = tuple(tuple(_term(row.get(name)) for name in columns) for row in found["results"]["bindings"])
    except (KeyError, TypeError, AttributeError):
        raise BrokenAnswer("no table in it") from None
    return Solutions(columns, rows)


def _term(cell: dict[str, Any] | None) -> Term | None:
    if cell is None:
        return None
    kind, value = cell["type"], cell["value"]
    if not isinstance(value, str):
        raise BrokenAnswer(f"a cell of type {kind!r} that this version cannot read")
    if kind == "uri":
        return IRI(value)
    if kind == "bnode":
        return Blank(value)
    if kind not in ("literal", "typed-literal"):
        raise BrokenAnswer(f"a cell of type {kind!r}")
    language = cell.get("xml:lang", "")
    if language:
        # Parsers fold the case of language tags; an engine that keeps it must not make another literal of it.
        return Literal(value, str(language).casefold(), LANG_STRING)
    return Literal(value, "", str(cell.get("datatype", STRING)))
