"""Every error agikg raises on purpose.

Knows nothing but itself. The tree:

    AgikgError
    ├── BadInput            what the user gave is wrong (exit 2)
    │   ├── InvalidGraph    files that break the rules of the graph: all problems at once
    │   ├── BadQuery        SPARQL that does not parse, or a parameter that does not fit
    │   └── ForbiddenQuery  SPARQL that writes, reaches out, or nests absurdly
    ├── Refused             understood, but the graph cannot answer (exit 3)
    │   ├── UnknownName     no entity is called that
    │   └── AmbiguousName   several entities are called that
    ├── LimitHit            time, rows or memory ran out (exit 4)
    │   ├── OutOfTime       it ran longer than it may
    │   ├── TooLarge        a text or a result is larger than it may be
    │   └── Busy            too much is asked at once: later it may be possible
    └── StoreError          a store or source cannot be read (exit 5)
        ├── NotFound        nothing there
        └── Damaged         there, but not what its sidecar says
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """One fault in an input file.

    Attributes:
        path: file as the user knows it.
        line: line from 1, or 0 where none can be named.
        message: what is wrong and what was expected.
        check: key of the check that found it (``shape``, ``R2`` ...).
    """

    path: str
    line: int
    message: str
    check: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message} [{self.check}]"


class AgikgError(Exception):
    """Base of all errors raised on purpose.

    Args:
        message: what failed, on which input, what was expected.
        hint: what to do next.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(AgikgError):
    """The user's input is wrong."""


class InvalidGraph(BadInput):
    """Files of the graph break its rules; ``problems`` lists all of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        files = len({problem.path for problem in problems})
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''} in {files} file{'s' if files != 1 else ''}"
        super().__init__(count, hint="mend the places named; nothing was written, the last good snapshot is untouched")
        self.problems = tuple(problems)


class BadQuery(BadInput):
    """A query that cannot be run as it is."""


class ForbiddenQuery(BadQuery):
    """A query that is valid SPARQL but not allowed here."""


class Refused(AgikgError):
    """The graph cannot answer."""


class Candidate(NamedTuple):
    """An entity that a name may have meant."""

    id: str
    label: str
    score: float


class UnknownName(Refused):
    """No entity goes by this name; ``candidates`` are the nearest."""

    def __init__(self, name: str, candidates: Sequence[Candidate] = ()) -> None:
        near = ", ".join(candidate.label for candidate in candidates)
        super().__init__(f"no entity is called {name!r}", hint=f"near it: {near}" if near else "agikg entities lists all names")
        self.name = name
        self.candidates = tuple(candidates)


class AmbiguousName(Refused):
    """Several entities fit a name equally well."""

    def __init__(self, name: str, candidates: Sequence[Candidate]) -> None:
        either = " or ".join(f"{candidate.label} ({candidate.id})" for candidate in candidates)
        super().__init__(f"{name!r} can mean {either}", hint="give the full name or the identifier in brackets")
        self.name = name
        self.candidates = tuple(candidates)


class LimitHit(AgikgError):
    """Time, rows or memory ran out before the work was done."""


class OutOfTime(LimitHit):
    """It ran longer than it may."""


class TooLarge(LimitHit):
    """A text or a result is larger than it may be; the asker can ask for less."""


class Busy(LimitHit):
    """Too much is asked at once.

    Args:
        message: what there is too much of.
        seconds: after how many seconds it is worth another try.
    """

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message, hint=f"try again in {max(1, round(seconds))} s")
        self.seconds = seconds


class StoreError(AgikgError):
    """A store or source could not be used."""


class NotFound(StoreError):
    """Nothing is there."""


class Damaged(StoreError):
    """What is there is not what its sidecar says."""
