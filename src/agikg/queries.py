"""Named queries: .rq files with a machine-read header, loaded, checked, bound. Knows SPARQL text, not the graph.

A header line begins with ``#+``: ``summary:``, ``param NAME TYPE [optional]: what it is``, ``columns:``. The file stays
valid SPARQL: a parameter is a ``VALUES ?name { example }`` block whose body is replaced by the given term; where an optional one
is not given, the block goes (``VALUES ?name { UNDEF }`` means the same, but Virtuoso answers wrongly or never).
A column's name may be followed by what its cells are where engines differ in how they say it: ``direct:boolean``
(Virtuoso says 1 for true), ``claims:set`` (joined by blanks in any order).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agikg.dates import period
from agikg.errors import BadInput, BadQuery, NotFound
from agikg.store.terms import IRI, Blank, Literal, Term
from agikg.vocab import XSD, expand

CELLS = ("boolean", "set")
TYPES = ("entity", "claim", "concept", "date", "text", "number", "iri")
_PARAM = re.compile(r"param\s+(?P<name>\w+)\s+(?P<type>\w+)(?P<optional>\s+optional)?\s*:\s*(?P<help>.+)")


class Parameter(NamedTuple):
    """A parameter of a named query.

    Attributes:
        name: its variable, without the question mark.
        type: one of ``TYPES``.
        optional: whether it may be left out.
        help: what it is.
        example: the body of its VALUES block in the file.
    """

    name: str
    type: str
    optional: bool
    help: str
    example: str


class NamedQuery(NamedTuple):
    """A query of ``queries/``.

    Attributes:
        name: of its file.
        summary: what it lists.
        parameters: what can be given.
        columns: names of its columns.
        text: the file, which runs as it is, with the examples as values.
        cells: column -> one of ``CELLS``, where it says so.
    """

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    text: str
    cells: Mapping[str, str]

    @property
    def usage(self) -> list[str]:
        """Its parameters as ``name: type``, a question mark after the name of those that may be left out."""
        return [f"{parameter.name}{'?' if parameter.optional else ''}: {parameter.type}" for parameter in self.parameters]

    def bind(self, values: Mapping[str, Term | Sequence[Term]]) -> str:
        """The query with its parameters filled in, each with one term or several; optional ones may be left out.

        Raises:
            BadInput: an unknown parameter, or a needed one is missing.
        """
        known = {parameter.name for parameter in self.parameters}
        for name in values:
            if name not in known:
                raise BadInput(
                    f"query {self.name!r} has no parameter {name!r}", hint=f"its parameters: {', '.join(sorted(known)) or 'none'}"
                )
        bodies: dict[str, str | None] = {}
        for parameter in self.parameters:
            if parameter.name in values:
                bodies[parameter.name] = _body(values[parameter.name])
            elif parameter.optional:
                bodies[parameter.name] = None
            else:
                raise BadInput(
                    f"query {self.name!r} needs {parameter.name}=... ({parameter.help})",
                    hint=f"for example {parameter.name}={_plain(parameter.example)}",
                )
        return _fill(self.text, bodies)


def term(type_: str, text: str) -> Term:
    """A parameter value given as text, as a term. Entities must have been resolved to their IRI or CURIE before.

    Raises:
        BadInput: the text is not of the type.
    """
    if type_ == "date":
        return Literal(period(text).first, "", f"{XSD}date")
    if type_ == "number":
        if not re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
            raise BadInput(f"{text!r} is not a number")
        return Literal(text, "", XSD + ("decimal" if "." in text else "integer"))
    if type_ == "text":
        return Literal(text)
    found = IRI(expand(text))
    try:
        found.n3()
    except ValueError:
        raise BadInput(f"{text!r} is not an identifier", hint="give a CURIE such as e:huawei, or an IRI") from None
    return found


def load_all(folder: Path) -> dict[str, NamedQuery]:
    """All queries of a folder by name.

    Raises:
        BadQuery: a header or a VALUES block is missing or does not fit the other.
    """
    return {file.stem: load(file) for file in sorted(folder.glob("*.rq"))}


def load(file: Path) -> NamedQuery:
    """Reads one query file.

    Raises:
        NotFound: no such file.
        BadQuery: its header and its text do not fit together.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise NotFound(f"cannot read {file}: {error.strerror}") from None
    header = {}
    parameters = []
    blocks = _value_blocks(text)
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("#+"):
            continue
        match = _PARAM.fullmatch(line[2:].strip())
        if match is None:
            key, colon, rest = line[2:].strip().partition(":")
            if not colon or key not in ("summary", "columns"):
                raise BadQuery(f"{file}:{number}: header line is none of summary:, param ...:, columns:")
            header[key] = rest.strip()
            continue
        if match["name"] not in blocks:
            raise BadQuery(f"{file}:{number}: parameter {match['name']} has no VALUES ?{match['name']} {{ ... }} block")
        if match["type"] not in TYPES:
            raise BadQuery(f"{file}:{number}: type {match['type']} is none of {', '.join(TYPES)}")
        parameters.append(Parameter(match["name"], match["type"], bool(match["optional"]), match["help"], blocks[match["name"]].body))
    for key in ("summary", "columns"):
        if key not in header:
            raise BadQuery(f"{file}: the header lacks {key}:")
    columns, cells = _columns(file, header["columns"])
    return NamedQuery(file.stem, header["summary"], tuple(parameters), columns, text, cells)


def _columns(file: Path, text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Names of columns, and what the cells are where the header says it."""
    found = [word.partition(":")[::2] for word in text.split()]
    for name, cell in found:
        if cell and cell not in CELLS:
            raise BadQuery(f"{file}: cells {cell} of column {name} are none of {', '.join(CELLS)}")
    return tuple(name for name, _ in found), {name: cell for name, cell in found if cell}


class _Block(NamedTuple):
    """A ``VALUES ?name { body }`` in a text: where it begins and ends, and its body."""

    start: int
    end: int
    body: str


def _value_blocks(text: str) -> dict[str, _Block]:
    """Each ``VALUES ?name { body }`` by its name; names with several blocks are refused."""
    found: dict[str, _Block] = {}
    for match in re.finditer(r"VALUES\s+\?(\w+)\s*\{([^{}]*)\}", _blank_comments(text)):
        if match[1] in found:
            raise BadQuery(f"two VALUES blocks for ?{match[1]}: bind it once and use the variable")
        found[match[1]] = _Block(match.start(), match.end(), text[match.start(2) : match.end(2)].strip())
    return found


def _blank_comments(text: str) -> str:
    """The text with comment lines blanked, positions kept."""
    return re.sub(r"^[ \t]*#[^\n]*", lambda match: " " * len(match[0]), text, flags=re.MULTILINE)


def _fill(text: str, bodies: Mapping[str, str | None]) -> str:
    blocks = sorted(((block, name) for name, block in _value_blocks(text).items() if name in bodies), reverse=True)
    for block, name in blocks:
        body = bodies[name]
        text = text[: block.start] + ("" if body is None else f"VALUES ?{name} {{ {body} }}") + text[block.end :]
    return text


def _body(value: Term | Sequence[Term]) -> str:
    terms = (value,) if isinstance(value, IRI | Blank | Literal) else value
    try:
        return " ".join(term.n3() for term in terms)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _plain(example: str) -> str:
    from agikg.store.guard import tokens

    found = [token.text for token in tokens(example)]
    return found[0].strip("<>\"'") if found else "..."
