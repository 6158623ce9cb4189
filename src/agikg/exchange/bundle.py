"""A bundle of CSV tables with its data dictionary. Knows rows and columns, writes no file.

The dictionary is a Frictionless Data Package (datapackage.json), so tools for tables can check types and references.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agikg.exchange.cells import SEPARATOR, guarded, joined
from agikg.exchange.records import Number, Row
from agikg.exchange.schema import EDGES, EXTRA, LIST_FORMS, SHOWN, TABLES, Table

MARK = "datapackage.json"


def csv_table(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV table as RFC 4180 has it, safe for spreadsheets."""
    out = io.StringIO()
    # With other line ends, the module leaves a carriage return in a cell without quotes.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return out.getvalue().encode("utf-8")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Number | int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return guarded(joined(value))
    return guarded(str(value).lower() if isinstance(value, bool) else str(value))


def bundle(rows: Mapping[str, Sequence[Row]], edges: Sequence[Row], about: Mapping[str, Any]) -> dict[str, bytes]:
    """The files of a bundle by name.

    Args:
        rows: by table; claims may have the ``SHOWN`` columns besides.
        edges: derived edges.
        about: what the package says of itself: ``snapshot``, ``scope``, ``sources`` with their licences.
    """
    shown = {table.name: _columns(table, rows.get(table.name, ())) for table in TABLES}
    files = {f"{table.name}.csv": csv_table(shown[table.name], rows.get(table.name, ())) for table in TABLES}
    files["edges.csv"] = csv_table(tuple(EDGES), edges)
    resources = [_resource(table, shown[table.name]) for table in TABLES] + [_edges_resource()]
    package = {"profile": "tabular-data-package", "name": "agikg", **about, "resources": resources}
    files[MARK] = (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
    files["README.md"] = _readme(resources, about).encode("utf-8")
    return files


def _columns(table: Table, rows: Iterable[Row]) -> tuple[str, ...]:
    """The columns of a table: all its own, and those of languages, leftovers and readers that some row fills."""
    used = {column for row in rows for column in row}
    own = [c for column in table.columns for c in (column, f"{column}_language") if c == column or c in used]
    return (*own, *sorted(used & SHOWN.keys() - set(own), key=list(SHOWN).index), *([EXTRA] if EXTRA in used else []))


def _resource(table: Table, columns: Sequence[str]) -> dict[str, Any]:
    fields = []
    for column in columns:
        field = table.field(column)
        if field is not None:
            type_ = {"number": "number", "flag": "boolean"}.get(field.form, "string")
            note = f"; several parted by {SEPARATOR}" if field.form in LIST_FORMS else ""
            fields.append({"name": column, "type": type_, "description": field.help + note, "rdfProperty": field.predicate})
        else:
            fields.append({"name": column, "type": "string", "description": _described(column, table)})
    return {
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.help,
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
    }


def _described(column: str, table: Table) -> str:
    if column == "id":
        return f"identifier, {table.prefix}: and a name"
    if column == EXTRA:
        return "further statements: N-Triples without the subject, a line each"
    if column.endswith("_language"):
        return f"language of {column.removesuffix('_language')}, if not the usual one; none for a text without language"
    return f"{SHOWN[column]} (for readers; not read on import)"


def _edges_resource() -> dict[str, Any]:
    fields = [{"name": name, "type": "number" if name == "score" else "string", "description": help_} for name, help_ in EDGES.items()]
    title = "Links that follow from the claims, by the date of the export; derived, so not read on import"
    return {"name": "edges", "path": "edges.csv", "title": title, "schema": {"fields": fields, "missingValues": [""]}}


def _readme(resources: Iterable[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    lines = ["# agikg: tables", "", f"Snapshot {about['snapshot']}; {about['scope']}.", ""]
    lines += ["UTF-8, comma-separated, first line names the columns. A cell that a spreadsheet would take for a formula, and one that"]
    lines += [
        "begins with two apostrophes or with an apostrophe and such a sign, carries one apostrophe in front; `agikg import` takes it off.",
        "",
    ]
    lines += ["## Terms of use", ""]
    for source in about["sources"]:
        limit = " **Non-commercial use only.**" if source.get("nonCommercial") else ""
        lines.append(f"- {source['name']}: {source['title']} ({source['license']}).{limit}")
    for resource in resources:
        lines += ["", f"## {resource['path']}", "", f"{resource['title']}.", "", "| column | meaning |", "|---|---|"]
        lines += [f"| `{field['name']}` | {field['description'].replace('|', chr(92) + '|')} |" for field in resource["schema"]["fields"]]
    return "\n".join(lines) + "\n"
