"""Tables as text: CSV and JSON lines become rows with their lines, zip archives the tables in them. Knows no vocabulary.

Runs in the child process that reads imports.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from agikg.exchange.cells import unguarded
from agikg.exchange.guards import Fault, json_value, text_of
from agikg.exchange.lines import TYPE
from agikg.exchange.schema import TABLES

_CELL = 1_048_576
_DELIMITERS = (",", ";", "\t")
_RATIO = 200
_RECORDS = {table.name: table.record for table in TABLES}


class Line(NamedTuple):
    """A row as it stands in a file.

    Attributes:
        path: the file as the user knows it.
        line: its line, from 1.
        record: what it is: claim, entity, source ...
        cells: by column; texts, from JSON also lists, numbers as their text, and truth values.
    """

    path: str
    line: int
    record: str
    cells: dict[str, Any]


def record_of(name: str) -> str:
    """What the rows of a file are, by its name; claims unless it is called otherwise."""
    return _RECORDS.get(PurePosixPath(name).stem, "claim")


def csv_lines(path: str, data: bytes, record: str, *, escaped: bool = True) -> Iterator[Line]:
    """Rows of a CSV table with a header; comma, semicolon or tab, whichever the header has most of.

    Raises:
        Fault: not UTF-8, a row of another length than the header, an open quote, a cell or column too many.
    """
    text = text_of(data)
    if not text.strip():
        raise Fault("is empty; the first line names the columns", 1)
    if not text.endswith(("\n", "\r")):
        raise Fault("the last line does not end: is the file whole? If it is, end it with a line break", text.count("\n") + 1)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=lambda mark: (first.count(mark), mark == ","))
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        header = [cell.strip() for cell in next(reader)]
        _check_header(header)
        begun = reader.line_num + 1
        for cells in reader:
            line, begun = begun, reader.line_num + 1
            if not any(cells):
                continue
            if len(cells) != len(header):
                raise Fault(f"{len(cells)} cells where the header has {len(header)}", line)
            shown = map(unguarded, cells) if escaped else cells
            yield Line(path, line, record, {name: cell for name, cell in zip(header, shown, strict=True) if cell != ""})
    except csv.Error as error:
        raise Fault(f"does not parse as CSV: {error}", reader.line_num) from None


def _check_header(header: list[str]) -> None:
    seen: set[str] = set()
    for name in header:
        if not name or name in seen:
            raise Fault(f"column {name!r} has no name or stands twice in the header", 1)
        seen.add(name)


def json_lines(path: str, data: bytes, limit: float) -> Iterator[Line]:
    """Rows of JSON lines: an object each, ``type`` says what it is (a claim if it says nothing).

    Raises:
        Fault: a line that is not such an object.
    """
    known = set(_RECORDS.values())
    for number, text in enumerate(text_of(data).split("\n"), 1):
        if not text.strip():
            continue
        value = json_value(text, limit, str, number)
        if not isinstance(value, dict):
            raise Fault("not a JSON object", number)
        record = value.pop(TYPE, "claim")
        if record not in known:
            raise Fault(f"type {record!r} is none of {', '.join(sorted(known))}", number)
        yield Line(path, number, record, {key: item for key, item in value.items() if item is not None})


def zip_tables(data: bytes, limit: float) -> dict[str, bytes]:
    """The tables in a zip archive, by name; what else lies in it is not looked at.

    Raises:
        Fault: damaged, encrypted, with folders or links, or larger than allowed when unpacked.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        found: dict[str, bytes] = {}
        total = 0
        for entry in archive.infolist():
            _check_entry(entry)
            if PurePosixPath(entry.filename).suffix != ".csv" or PurePosixPath(entry.filename).stem not in _RECORDS:
                continue
            with archive.open(entry) as packed:
                found[entry.filename] = packed.read(int(limit) + 1)
            total += len(found[entry.filename])
            if total > limit or len(found[entry.filename]) > max(entry.compress_size, 1024) * _RATIO:
                raise Fault(f"{entry.filename} unpacks to more than is allowed")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Fault(f"is not a whole zip archive: {error}") from None
    except Exception as error:  # zlib.error has no public base
        if isinstance(error, Fault):
            raise
        raise Fault(f"is not a whole zip archive: {error}") from None
    if not found:
        raise Fault(f"holds no table; the tables are called {', '.join(f'{name}.csv' for name in _RECORDS)}")
    return found


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    if "/" in name or "\\" in name or name in ("", ".", "..") or link or entry.flag_bits & 1:
        raise Fault(f"{name!r}: an archive of tables has no folders, links or passwords")
