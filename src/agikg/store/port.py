"""What every store offers: read-only SPARQL 1.1 over an agikg snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol, TypeAlias

from agikg.store.terms import Quad, Term, python_value


class Solutions(NamedTuple):
    """Result of a SELECT.

    Attributes:
        columns: names of the variables.
        rows: one tuple a solution, None where a variable is unbound.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]


class Truth(NamedTuple):
    """Result of an ASK."""

    value: bool


class Triples(NamedTuple):
    """Result of a CONSTRUCT or DESCRIBE."""

    triples: tuple[Quad, ...]


Result: TypeAlias = Solutions | Truth | Triples


def flat(result: Result, most: int | None = None) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """Any result as columns and rows of plain values, ``most`` rows at most; a truth is one row, a triple is a row of three."""
    if isinstance(result, Truth):
        return ("boolean",), ((result.value,),)
    if isinstance(result, Solutions):
        return result.columns, tuple(tuple(map(python_value, row)) for row in result.rows[:most])
    return ("subject", "predicate", "object"), tuple(tuple(map(python_value, triple[:3])) for triple in result.triples[:most])


class Store(Protocol):
    """A graph that answers SPARQL. Queries without FROM see the union of all named graphs."""

    @property
    def descriptor(self) -> str:
        """What ``--store`` would say to open it again."""

    @property
    def content_hash(self) -> str:
        """``sha256:...`` of the snapshot it holds."""

    def query(self, text: str) -> Result:
        """Runs a query to its end.

        Raises:
            BadQuery: the text does not parse.
            StoreError: the store cannot be read.
        """

    def quads(self) -> Iterator[Quad]:
        """Everything in it."""

    def __len__(self) -> int:
        """Number of quads."""
