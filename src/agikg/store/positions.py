"""Where in an RDF file a subject and its predicates stand, and how deep the text nests.

Parsers of RDF forget lines; a problem without a line is not worth reporting. Reads tokens, not meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agikg.store.terms import Quad
from agikg.vocab import TYPE

# Without backtracking: a text of many megabytes must not take many gigabytes.
_TOKEN = re.compile(
    r'''(?P<skip>\s+|\#[^\n]*)
    |(?P<long>"""[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*+"""|\'\'\'[^'\\]*+(?:(?:\\.|'{1,2}+(?!'))[^'\\]*+)*+\'\'\')
    |(?P<string>"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<mark><<\(?|\)?>>|[\[\](){};,]|\.(?=\s|$|\#))
    |(?P<word>(?:[^\s;,.\[\](){}<>"'\#]|\.(?!\s|$|\#)|\\.)+)
    |(?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)
_OPEN, _CLOSE = frozenset({"[", "(", "{", "<<", "<<("}), frozenset({"]", ")", "}", ">>", ")>>"})


class Positions(NamedTuple):
    """What a scan of a Turtle text finds.

    Attributes:
        subjects: IRI -> line of its first statement.
        predicates: subject and predicate IRI -> line.
        repeated: subject IRIs that begin more than one block, with the line of each later block.
        depth: deepest nesting of brackets.
    """

    subjects: dict[str, int]
    predicates: dict[tuple[str, str], int]
    repeated: list[tuple[str, int]]
    depth: int

    def line(self, subject: str, predicate: str | None = None) -> int:
        """Line of a predicate of a subject, else of the subject, else 0."""
        if predicate is not None and (subject, predicate) in self.predicates:
            return self.predicates[subject, predicate]
        return self.subjects.get(subject, 0)


class Part(NamedTuple):
    """What one file states, already read.

    Attributes:
        path: the file as the user knows it.
        positions: where its subjects stand.
        quads: its statements; their graphs do not count.
    """

    path: str
    positions: Positions
    quads: list[Quad]


def scan(text: str, *, graphs: bool = False) -> Positions:
    """Positions in a Turtle text, or with ``graphs`` in a TriG text; text that does not parse gives what can be told."""
    found = Positions({}, {}, [], 0)
    prefixes: dict[str, str] = {}
    statement: list[tuple[str, int]] = []
    depth = deepest = 0
    for token, line in _tokens(text):
        if graphs and depth == 0 and token in ("{", "}"):
            if token == "}":
                _read_statement(statement, prefixes, found)
            statement = []
            continue
        if token in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif token in _CLOSE:
            depth = max(depth - 1, 0)
        elif token == "." and depth == 0:
            _read_statement(statement, prefixes, found)
            statement = []
            continue
        if depth == 0:
            statement.append((token, line))
            if len(statement) == 3 and statement[0][0].upper() == "PREFIX":
                _read_statement(statement, prefixes, found)
                statement = []
    return found._replace(depth=deepest)


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, at = 1, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "skip":
            continue
        line += text.count("\n", at, match.start())
        at = match.start()
        yield ('""' if match.lastgroup in ("string", "long") else match[0]), line


def _read_statement(statement: list[tuple[str, int]], prefixes: dict[str, str], found: Positions) -> None:
    words = [word for word, _ in statement]
    if not words:
        return
    if words[0].lower() in ("@prefix", "prefix"):
        if len(words) > 2:
            prefixes[words[1].rstrip(":")] = words[2].strip("<>")
        return
    subject, line = _iri(words[0], prefixes), statement[0][1]
    if subject in found.subjects:
        found.repeated.append((subject, line))
    found.subjects.setdefault(subject, line)
    expect_predicate = True
    for word, place in statement[1:]:
        if word == ";":
            expect_predicate = True
        elif expect_predicate:
            found.predicates.setdefault((subject, TYPE if word == "a" else _iri(word, prefixes)), place)
            expect_predicate = False


def _iri(word: str, prefixes: dict[str, str]) -> str:
    if word.startswith("<"):
        return word[1:-1]
    prefix, colon, name = word.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + name.replace("\\", "") if colon else word
