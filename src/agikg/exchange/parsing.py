"""Reads what is to be imported, in a process of its own. Knows texts and syntaxes, no store and no graph.

``python -m agikg.exchange.parsing`` is the child: a line of JSON that lists the files, then their bytes; out comes JSON.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from agikg.exchange import tables
from agikg.exchange.guards import Fault, check_depth, check_xml, json_value, no_foreign_context, text_of
from agikg.store.child import limit_memory
from agikg.store.positions import Positions, scan
from agikg.store.syntax import SyntaxFault, nquads, parse_as
from agikg.vocab import curie

_QUAD = re.compile(r"^[ \t]*<([^>]*)>[ \t]*<([^>]*)>", re.MULTILINE)
_JSON_ID = re.compile(r'"@id"\s*:\s*"([^"]*)"(\s*[,}])')
_XML_ABOUT = re.compile(r'rdf:(?:about|ID)\s*=\s*["\']([^"\']*)["\']')


def rdf(data: bytes, syntax: str, limit: float) -> tuple[bytes, Positions]:
    """Canonical N-Quads of an RDF text, and where its subjects stand.

    Raises:
        Fault: it does not parse, nests too deep, or reaches out.
    """
    text = text_of(data)
    positions = _POSITIONS[syntax](text)
    check_depth(positions.depth, limit)
    if syntax == "rdfxml":
        check_xml(text.encode("utf-8"), limit)
    if syntax == "jsonld":
        no_foreign_context(json_value(text, limit, str), text)
    try:
        return nquads(parse_as(text.encode("utf-8"), syntax)), positions
    except SyntaxFault as error:
        raise Fault(f"does not parse: {error}", error.line) from None
    except ValueError as error:
        raise Fault(f"does not parse: {error}") from None


def _lines(text: str, found: Iterable[re.Match[str]]) -> Iterator[tuple[re.Match[str], int]]:
    line, at = 1, 0
    for match in found:
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match, line


def _quad_positions(text: str) -> Positions:
    positions = Positions({}, {}, [], 0)
    for match, line in _lines(text, _QUAD.finditer(text)):
        positions.subjects.setdefault(match[1], line)
        positions.predicates.setdefault((match[1], match[2]), line)
    return positions


def _json_positions(text: str) -> Positions:
    """Where an object says its ``@id`` and more; a bare reference counts only where there is nothing else."""
    full: dict[str, int] = {}
    bare: dict[str, int] = {}
    for match, line in _lines(text, _JSON_ID.finditer(text)):
        (full if match[2].endswith(",") else bare).setdefault(match[1], line)
    return Positions(bare | full, {}, [], 0)


def _xml_positions(text: str) -> Positions:
    positions = Positions({}, {}, [], 0)
    for match, line in _lines(text, _XML_ABOUT.finditer(text)):
        positions.subjects.setdefault(match[1], line)
    return positions


_POSITIONS: dict[str, Callable[[str], Positions]] = {
    "turtle": scan,
    "trig": lambda text: scan(text, graphs=True),
    "ntriples": _quad_positions,
    "nquads": _quad_positions,
    "jsonld": _json_positions,
    "rdfxml": _xml_positions,
}


def read(files: Iterable[tuple[str, str, bytes]], limit: float, most: float) -> dict[str, Any]:
    """Parts, rows and problems of files.

    Args:
        files: path, syntax (of RDF, or csv, jsonl, zip, eto) and bytes of each.
        limit: deepest nesting.
        most: bytes that an archive may unpack to.
    """
    answer: dict[str, Any] = {"parts": [], "lines": [], "problems": []}
    for path, syntax, data in files:
        try:
            if syntax in _POSITIONS:
                quads, positions = rdf(data, syntax, limit)
                predicates = [[subject, predicate, line] for (subject, predicate), line in positions.predicates.items()]
                subjects = {_full(subject): line for subject, line in positions.subjects.items()}
                answer["parts"].append([path, quads.decode("utf-8"), subjects, predicates])
            else:
                answer["lines"] += _rows(path, syntax, data, limit, most)
        except Fault as error:
            answer["problems"].append([path, error.line, str(error), "syntax"])
    return answer


def _full(subject: str) -> str:
    """JSON-LD may write our own prefixes."""
    from agikg.vocab import expand

    return expand(subject) if curie(expand(subject)) == subject else subject


def _rows(path: str, syntax: str, data: bytes, limit: float, most: float) -> list[tables.Line]:
    if syntax == "jsonl":
        return list(tables.json_lines(path, data, limit))
    if syntax == "zip":
        unpacked = tables.zip_tables(data, most).items()
        return [line for name, table in unpacked for line in tables.csv_lines(f"{path}/{name}", table, tables.record_of(name))]
    if syntax == "eto":
        return list(tables.csv_lines(path, data, f"eto {path.replace(chr(92), '/').rpartition('/')[2]}", escaped=False))
    return list(tables.csv_lines(path, data, tables.record_of(path)))


def main() -> None:
    """The child: one order in, one answer out."""
    order = json.loads(sys.stdin.buffer.readline())
    limit_memory(order["memory"])
    files = [(path, syntax, sys.stdin.buffer.read(size)) for path, syntax, size in order["files"]]
    try:
        answer = read(files, order["nesting"], order["most"])
    except MemoryError:
        answer = {"parts": [], "lines": [], "problems": [], "memory": True}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
