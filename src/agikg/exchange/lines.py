"""JSON lines: one record a line, its table named. Knows rows, no file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agikg.exchange.records import Number, Row
from agikg.exchange.schema import TABLES

TYPE = "type"
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")


def json_lines(rows: Mapping[str, Iterable[Row]]) -> bytes:
    """All rows, table by table; numbers keep the form in which they were written."""
    lines = [_line(table.record, row) for table in TABLES for row in rows.get(table.name, ())]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _line(record: str, row: Row) -> str:
    pairs = [f"{json.dumps(TYPE)}: {json.dumps(record)}", *(f"{json.dumps(key)}: {_value(value)}" for key, value in row.items())]
    return f"{{{', '.join(pairs)}}}"


def _value(value: Any) -> str:
    if isinstance(value, Number) and _JSON_NUMBER.fullmatch(value):
        return str(value)
    return json.dumps(value, ensure_ascii=False)
