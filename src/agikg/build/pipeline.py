"""The build: read, validate, derive, compile, publish. Each step is a module; this one puts them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agikg import resources, settings, snapshot
from agikg.build.checks import cross_problems
from agikg.build.derive import derive
from agikg.build.read import Files, read_root
from agikg.build.shapes import shape_problems
from agikg.errors import InvalidGraph, Problem
from agikg.imported import ImportedSet
from agikg.projection.compiled import compile_index
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import nquads

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Compiled:
    """A validated graph before it is written: canonical N-Quads and the index."""

    graph: bytes
    index: dict[str, object]


def quiet(_: str) -> None:
    """Progress that nobody sees."""


def validate(root: Path, extra: Iterable[Path] = (), *, strict_syntax: bool = True) -> tuple[Files, TripleIndex, list[Problem]]:
    """Reads everything and collects every problem.

    With broken syntax the other checks would report what is merely missing, so they run only on what parses whole.
    """
    return checked(read_root(root, extra), strict_syntax=strict_syntax)


def checked(files: Files, *, strict_syntax: bool = True) -> tuple[Files, TripleIndex, list[Problem]]:
    """All problems of files that were read; see ``validate``."""
    facts = TripleIndex(files.quads)
    if files.problems and strict_syntax:
        return files, facts, sorted(files.problems)
    problems = {*files.problems, *shape_problems(files), *cross_problems(files, facts, Vocabulary(facts))}
    return files, facts, sorted(problems)


def compiled(root: Path, imported: Iterable[ImportedSet] = (), progress: Progress = quiet) -> Compiled:
    """Validates and derives; nothing is written.

    Raises:
        InvalidGraph: with all problems.
    """
    progress("reading and validating")
    files, facts, problems = checked(read_root(root, imported=imported))
    if problems:
        raise InvalidGraph(problems)
    progress("deriving")
    quads = [*files.quads, *derive(facts, Vocabulary(facts))]
    progress("compiling")
    return Compiled(nquads(quads), compile_index(quads))


def build(root: Path, home: Path, progress: Progress = quiet, imported: Sequence[ImportedSet] = ()) -> snapshot.Snapshot:
    """Compiles the data of ``root`` and imported sets into a snapshot below ``home`` and makes it the current one.

    Raises:
        InvalidGraph: with all problems; the home is untouched.
        StoreError: the home cannot be written.
    """
    key = resources.key(root, imported)
    result = compiled(root, imported, progress)
    progress("writing")
    finished = snapshot.write(home / key, key, result.graph, result.index)
    snapshot.set_current(finished, int(settings.value("kept_snapshots")))
    return finished
