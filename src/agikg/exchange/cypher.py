"""A Cypher script that loads the graph into Neo4j: entities, relations, claims and sources. Knows rows, no store.

Labels and relationship types cannot be parameters in Cypher; they come from the vocabulary and are quoted, values are escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from agikg.exchange.records import Number, Row
from agikg.exchange.schema import EXTRA

_BATCH = 200
_BETWEEN = re.compile(r"(?<=\\)(?=u)")
_ENDS = ("subject", "object", "predicate", "subject_label", "object_label")
_CLAIM_LINKS = (
    ("subject", "SUBJECT", "Entity"),
    ("object", "OBJECT", "Entity"),
    ("attributed_to", "ATTRIBUTED_TO", "Entity"),
    ("party", "PARTY", "Entity"),
    ("requirement", "SERVES", "Requirement"),
    ("supersedes", "SUPERSEDES", "Claim"),
    ("disputes", "DISPUTES", "Claim"),
)
_CONSTRAINTS = ("Entity", "Claim", "Source", "Requirement")


def script(rows: Mapping[str, Sequence[Row]], edges: Iterable[Row], snapshot: str) -> bytes:
    """The script; running it twice changes nothing.

    Args:
        rows: by table; claims with the column ``source``.
        edges: derived edges, as in the CSV bundle.
        snapshot: hash that the script names.
    """
    parts = [f"// agikg snapshot {snapshot}", "// Load with: cypher-shell -f FILE"]
    parts += [f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE;" for label in _CONSTRAINTS]
    for kind, found in _grouped(rows["entities"], "kind").items():
        labels = "".join(f":{name(part)}" for part in ("Entity", *kind))
        parts += _merge(f"MERGE (n:Entity {{id: row.id}}) SET n{labels}, n += row.props", found, ("id", "kind"))
    parts += _merge("MERGE (n:Source {id: row.id}) SET n += row.props", rows["sources"], ("id", "origin"))
    parts += _merge("MERGE (n:Requirement {id: row.id}) SET n += row.props", rows["requirements"], ("id", "required_by"))
    parts += _merge("MERGE (n:Claim {id: row.id}) SET n += row.props", rows["claims"], ("id",))
    parts += _links(rows["requirements"], "required_by", "Requirement", "REQUIRED_BY", "Entity")
    for column, type_, label in _CLAIM_LINKS:
        found = [row for row in rows["claims"] if column != "object" or "object_label" in row]
        parts += _links(found, column, "Claim", type_, label)
    parts += _links([{**row, "source": f"s:{row['source']}"} for row in rows["claims"]], "source", "Claim", "FROM", "Source")
    for predicate, found in _grouped(edges, "predicate").items():
        type_ = name(relationship(str(predicate)))
        maps = [{"a": row["subject"], "b": row["object"], "props": _properties(row, _ENDS)} for row in found]
        parts += _unwound(f"MATCH (a:Entity {{id: row.a}}), (b:Entity {{id: row.b}}) MERGE (a)-[r:{type_}]->(b) SET r += row.props", maps)
    return ("\n".join(parts) + "\n").encode("utf-8")


def _grouped(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        key = row.get(column)
        groups.setdefault(tuple(key) if isinstance(key, list) else key, []).append(row)
    return dict(sorted(groups.items(), key=lambda item: str(item[0])))


def _merge(text: str, rows: Iterable[Row], left_out: tuple[str, ...]) -> list[str]:
    return _unwound(text, [{"id": row["id"], "props": _properties(row, left_out)} for row in rows])


def _properties(row: Row, left_out: tuple[str, ...]) -> Row:
    return {column: value for column, value in row.items() if column not in (*left_out, EXTRA) and value is not None}


def _links(rows: Iterable[Row], column: str, start: str, type_: str, end: str) -> list[str]:
    text = f"MATCH (a:{start} {{id: row.a}}), (b:{end} {{id: row.b}}) MERGE (a)-[:{type_}]->(b)"
    pairs = [
        {"a": row["id"], "b": target}
        for row in rows
        if row.get(column) is not None
        for target in (row[column] if isinstance(row[column], list) else [row[column]])
    ]
    return _unwound(text, pairs)


def _unwound(text: str, maps: Sequence[Row]) -> list[str]:
    """Statements of a bounded number of rows each."""
    batches = (",\n  ".join(map(literal, maps[start : start + _BATCH])) for start in range(0, len(maps), _BATCH))
    return [f"UNWIND [\n  {batch}\n] AS row\n{text};" for batch in batches]


def literal(value: Any) -> str:
    """A value as Cypher writes it."""
    if isinstance(value, Number) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return str(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name(key)}: {literal(item)}' for key, item in value.items())}}}"
    return _text(str(value))


def _text(text: str) -> str:
    """A string that ends where it should.

    Neo4j resolves backslash-u before it reads strings, a doubled backslash notwithstanding; so the two never meet.
    """
    return " + ".join(json.dumps(part, ensure_ascii=False) for part in _BETWEEN.split(text))


def name(text: str) -> str:
    """An identifier, quoted unless it is plain."""
    return text if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text) else f"`{text.replace('`', '``')}`"


def relationship(predicate: str) -> str:
    """``dependsOn`` as Neo4j's users write types: ``DEPENDS_ON``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", predicate).upper()
