"""query, sparql."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agikg.cli import layout
from agikg.cli.emit import emit
from agikg.cli.options import Reading, reading
from agikg.errors import BadInput, NotFound

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph
    from agikg.store.port import Result


@click.command()
@click.argument("name", required=False)
@click.argument("values", nargs=-1, metavar="[key=value ...]")
@reading
def query(name: str | None, values: tuple[str, ...], reading: Reading) -> None:
    """List the named queries, or run one: agikg query timeline entity="Ascend 910C"."""
    kg = reading.open()
    if name is None:
        _list(kg, reading)
        return
    result = kg.query(name, dict(map(_pair, values)))
    rows = [dict(zip(result.columns, row, strict=True)) for row in reading.cut(result.rows)]

    def text() -> str:
        lines = [[_readable(kg, cell) for cell in row.values()] for row in rows]
        more = f"{len(rows)} of {len(result.rows)} rows" if len(rows) < len(result.rows) else f"{len(rows)} rows"
        return f"{layout.table(result.columns, lines)}\n{more} · snapshot {result.snapshot[:19]}"

    emit(reading.format, result if reading.limit is None else None, rows, text)


def _readable(kg: KnowledgeGraph, cell: object) -> str:
    """A cell for people: labels for entities and relations; programs get the identifiers."""
    text = "" if cell is None else str(cell)
    if text in kg.catalog.position:
        return kg.catalog.label(kg.catalog.position[text])
    predicate = kg.catalog.predicates.get(text.removeprefix("agi:")) if text.startswith("agi:") else None
    return str(predicate["label"]) if predicate else text


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise BadInput(f"{text!r} is not key=value", hint='for example: agikg query timeline entity="Ascend 910C"')
    return key, value


def _list(kg: KnowledgeGraph, reading: Reading) -> None:
    rows = [
        {"name": found.name, "summary": found.summary, "parameters": found.usage, "columns": list(found.columns)}
        for found in kg.queries.values()
    ]

    def text() -> str:
        lines = [(str(row["name"]), str(row["summary"]), ", ".join(row["parameters"])) for row in rows]
        return layout.table(("query", "what it lists", "parameters (? may be left out)"), lines)

    emit(reading.format, None, rows[: reading.limit], text)


@click.command()
@click.argument("text", required=False)
@click.option("-f", "--file", "file", metavar="FILE", help="Read the query from a file (- for standard input).")
@reading
def sparql(text: str | None, file: str | None, reading: Reading) -> None:
    """Run any read-only SPARQL 1.1 query; without TEXT or -f it is read from standard input.

    Prefixes agi:, e:, c:, s:, rdf:, rdfs:, skos:, dcterms:, prov: are known.
    """
    kg = reading.open()
    _print(kg.sparql(_text(text, file)), reading)


def _text(text: str | None, file: str | None) -> str:
    if text is not None and file is not None:
        raise BadInput("give the query as text or with -f, not both")
    if text is not None and text != "-":
        return text
    try:
        data = sys.stdin.buffer.read() if file in (None, "-") else Path(str(file)).read_bytes()
        return data.decode("utf-8")
    except OSError as error:
        raise NotFound(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput("the query is not valid UTF-8 text") from None


def _print(result: Result, reading: Reading) -> None:
    from agikg.store.port import Solutions, Truth, flat
    from agikg.store.syntax import turtle
    from agikg.vocab import PREFIXES

    columns, found = flat(result, reading.limit)
    rows: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in found]

    def text() -> str:
        if isinstance(result, Truth):
            return "true" if result.value else "false"
        if isinstance(result, Solutions):
            cells = [["" if value is None else str(value) for value in row] for row in found]
            return f"{layout.table(columns, cells)}\n{len(rows)} of {len(result.rows)} rows"
        return turtle(reading.cut(result.triples), PREFIXES).rstrip()

    emit(reading.format, None, rows, text)
