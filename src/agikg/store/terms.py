"""RDF terms that belong to no engine."""

from __future__ import annotations

import re
from math import isfinite
from typing import NamedTuple, TypeAlias

from agikg.vocab import RDF, XSD, curie

STRING = f"{XSD}string"
LANG_STRING = f"{RDF}langString"
_NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"))
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\n\r\t\x08\x0c]|[\x00-\x1f\x7f]')
# What the grammar of IRIREF leaves out.
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class IRI(str):
    """An IRI; as text, the IRI itself."""

    __slots__ = ()

    def n3(self) -> str:
        """N-Triples form.

        Raises:
            ValueError: a character that no IRI may hold (so that nothing can be smuggled into a query).
        """
        if _NOT_IN_IRI.search(self) or ":" not in self:
            raise ValueError(f"not an absolute IRI: {str(self)!r}")
        return f"<{self}>"


class Blank(str):
    """A blank node; as text, its label."""

    __slots__ = ()

    def n3(self) -> str:
        """N-Triples form."""
        return f"_:{self}"


class Literal(NamedTuple):
    """A literal with its lexical form as written.

    Attributes:
        value: lexical form.
        language: language tag, or "".
        datatype: IRI of the datatype.
    """

    value: str
    language: str = ""
    datatype: str = STRING

    def __str__(self) -> str:
        return self.value

    def n3(self) -> str:
        """N-Triples form, escaped."""
        quoted = '"' + _ESCAPED.sub(_escape, self.value) + '"'
        if self.language:
            return f"{quoted}@{self.language}"
        return quoted if self.datatype == STRING else f"{quoted}^^<{self.datatype}>"


Term: TypeAlias = IRI | Blank | Literal


class Quad(NamedTuple):
    """A triple and the named graph it stands in ("" for the default graph)."""

    subject: IRI | Blank
    predicate: IRI
    object: Term
    graph: str = ""

    def n3(self) -> str:
        """One line of N-Quads, without the line end."""
        graph = f" <{self.graph}>" if self.graph else ""
        return f"{self.subject.n3()} {self.predicate.n3()} {self.object.n3()}{graph} ."


def python_value(term: Term | None) -> str | int | float | bool | None:
    """What a table or JSON shows of a term: numbers as numbers, IRIs as CURIEs."""
    if not isinstance(term, Literal):
        return None if term is None else curie(term) if isinstance(term, IRI) else term.n3()
    if term.datatype in _NUMERIC:
        try:
            number = int(term.value) if term.value.lstrip("+-").isdigit() else float(term.value)
        except ValueError:
            return term.value
        return number if isinstance(number, int) or isfinite(number) else term.value  # JSON has no infinity
    if term.datatype == f"{XSD}boolean":
        return term.value in ("true", "1")
    return term.value


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
