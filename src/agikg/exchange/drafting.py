"""Rows as users write them, made into statements with their places. Knows tables and names, no store and no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from agikg import vocab
from agikg.errors import Problem
from agikg.exchange.cells import parted
from agikg.exchange.claimrows import ClaimRows
from agikg.exchange.known import Known, Unknown
from agikg.exchange.records import BadCell, Number, Row, Terms, statements
from agikg.exchange.schema import CLAIMS, COMPLETED, ENTITIES, EXTRA, LIST_FORMS, SHOWN, TABLES, Table
from agikg.exchange.tables import Line
from agikg.store.positions import Part, Positions
from agikg.store.terms import Quad
from agikg.vocab import expand

CHECK = "import"
"""Key of the problems that the import itself finds."""
MOST = 1000
"""Problems after which the rest of a file is not looked at: it is another kind of file then."""

_TABLES = {table.record: table for table in TABLES}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Draft:
    """Statements of a file, each with the line that says it, and what is wrong with the rest."""

    def __init__(self) -> None:
        self._parts: dict[str, Part] = {}
        self.problems: list[Problem] = []
        self.given_up = False

    def state(self, line: Line, quads: Iterable[Quad]) -> None:
        """Takes in what a row states."""
        part = self._parts.setdefault(line.path, Part(line.path, Positions({}, {}, [], 0), []))
        for quad in quads:
            part.quads.append(quad)
            part.positions.subjects.setdefault(str(quad.subject), line.line)
            part.positions.predicates.setdefault((str(quad.subject), str(quad.predicate)), line.line)

    def refuse(self, line: Line, message: str) -> None:
        """Notes a problem of a row."""
        self.problems.append(Problem(line.path, line.line, message, CHECK))

    @property
    def parts(self) -> list[Part]:
        """One a file."""
        return list(self._parts.values())


def draft(lines: Iterable[Line], known: Known, terms: Terms) -> Draft:
    """Statements of rows; every problem of every row is listed, not only the first.

    Args:
        lines: rows as read; claims may leave out records that the import makes for them (``COMPLETED``).
        known: names in use; those of the file are added.
        terms: keys of concepts.
    """
    made = Draft()
    lines = list(lines)
    made.problems += _unknown_columns(lines)
    for line in lines:
        if line.record != CLAIMS.record and not _enough(made, line):
            _record(made, line, known, terms)
    claims = ClaimRows(known, terms, {subject for part in made.parts for subject in part.positions.subjects})
    for line in lines:
        if line.record == CLAIMS.record and not _enough(made, line):
            _claim(made, line, claims, terms)
    return made


def _enough(made: Draft, line: Line) -> bool:
    """Whether so much is wrong that to go on would help nobody; says so once."""
    if len(made.problems) >= MOST and not made.given_up:
        made.refuse(line, f"{len(made.problems):,} problems; what follows was not looked at")
        made.given_up = True
    return made.given_up


def _unknown_columns(lines: Iterable[Line]) -> Iterator[Problem]:
    """Columns that mean nothing, once each."""
    seen: set[tuple[str, str]] = set()
    for line in lines:
        table = _TABLES[line.record]
        allowed = {*table.columns, *(f"{column}_language" for column in table.columns), EXTRA}
        allowed |= {*SHOWN, *COMPLETED} if table is CLAIMS else set()
        for column in line.cells:
            if column not in allowed and (line.path, column) not in seen:
                seen.add((line.path, column))
                near = get_close_matches(column, allowed, n=1)
                hint = f"did you mean {near[0]}?" if near else f"the columns: {', '.join(table.columns)}"
                yield Problem(line.path, line.line, f"column {column!r} is unknown; {hint}", CHECK)


def _record(made: Draft, line: Line, known: Known, terms: Terms) -> None:
    table = _TABLES[line.record]
    try:
        row = typed(table, line.cells)
        identifier = str(row.get("id") or "")
        if not identifier and table is ENTITIES and row.get("label"):
            row["id"] = identifier = f"e:{known.free_slug(str(row['label']))}"
        check_identifier(table, identifier)
        quads = list(statements(table, row, terms))
    except (BadCell, Unknown) as error:
        made.refuse(line, _said(error))
        return
    made.state(line, quads)
    if table is ENTITIES:
        names = [
            row.get("label"),
            row.get("label_zh"),
            *row.get("aliases", ()),
            *row.get("aliases_zh", ()),
            *row.get("aliases_zh_hant", ()),
        ]
        known.add(expand(identifier), [str(name) for name in names if name], [str(q.object) for q in quads if q.predicate == vocab.TYPE])


def _claim(made: Draft, line: Line, claims: ClaimRows, terms: Terms) -> None:
    cells = {column: cell for column, cell in line.cells.items() if column in COMPLETED or column == "fingerprint" or column not in SHOWN}
    own = {column: cell for column, cell in cells.items() if column not in COMPLETED and column != "fingerprint"}
    try:
        row = typed(CLAIMS, own)
    except BadCell as error:
        made.refuse(line, _said(error))
        return
    besides, problems = claims.complete(line, row, cells)
    for problem in problems:
        made.refuse(line, problem)
    if problems:
        return
    try:
        check_identifier(CLAIMS, str(row["id"]))
        made.state(line, [*besides, *statements(CLAIMS, row, terms)])
    except BadCell as error:
        made.refuse(line, _said(error))


def typed(table: Table, cells: Mapping[str, Any]) -> Row:
    """Cells as a row: lists parted, numbers checked.

    Raises:
        BadCell: a cell of the wrong form.
    """
    row: Row = {}
    for column, cell in cells.items():
        field = table.field(column)
        many = field is not None and field.form in LIST_FORMS
        if isinstance(cell, dict) or (isinstance(cell, list) and not (many and all(isinstance(item, str) for item in cell))):
            raise BadCell(column, "takes one text, not a list or an object" if not many else "takes a list of texts")
        if many:
            row[column] = cell if isinstance(cell, list) else parted(str(cell))
        elif field is not None and field.form == "number":
            if not _NUMBER.fullmatch(str(cell).strip()):
                raise BadCell(column, f"{cell!r} is not a plain number (no thousands separators, no signs of units)")
            row[column] = Number(str(cell).strip())
        else:
            row[column] = str(cell).strip() if field is not None and field.form not in ("text", "object") else str(cell)
    return row


def check_identifier(table: Table, identifier: str) -> None:
    """Refuses an identifier of another kind of record.

    Raises:
        BadCell: it is missing, or has another prefix.
    """
    if not identifier.startswith(f"{table.prefix}:") or not identifier.partition(":")[2]:
        raise BadCell("id", f"{identifier!r} is no identifier of a {table.record}: {table.prefix}: and a name")


def _said(error: BadCell | Unknown) -> str:
    return f"{error.column}: {error}" if isinstance(error, BadCell) else str(error)
