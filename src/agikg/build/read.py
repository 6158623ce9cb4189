"""Reads the files of the graph: quads in the right named graph, and where each subject stands. Checks only syntax."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from agikg import settings, vocab
from agikg.errors import Damaged, Problem
from agikg.imported import ImportedSet
from agikg.resources import turtle_files
from agikg.store.canonical import canonical_quad
from agikg.store.positions import Part, Positions, scan
from agikg.store.syntax import FORMATS, SyntaxFault, parse
from agikg.store.terms import Quad

SHAPES = "shapes.ttl"
"""File of ontology/ that validates and is not part of the graph."""


@dataclass
class Files:
    """All quads of a set of files, and where they come from.

    Attributes:
        quads: authored quads, shapes left out.
        shapes: text of the SHACL shapes.
        places: subject IRI -> files that speak of it, with their positions, in order.
        problems: what could not be read.
    """

    quads: list[Quad] = field(default_factory=list)
    shapes: str = ""
    places: dict[str, list[tuple[str, Positions]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, subject: str, predicate: str | None, message: str, check: str) -> Problem:
        """A problem at the place where the subject says the predicate, or begins."""
        for path, positions in self.places.get(subject, []):
            if predicate is not None and (subject, predicate) in positions.predicates:
                return Problem(path, positions.line(subject, predicate), message, check)
        for path, positions in self.places.get(subject, []):
            return Problem(path, positions.line(subject), message, check)
        return Problem(vocab.curie(subject), 0, message, check)

    def add(self, part: Part, graph: str) -> None:
        """Takes in what a file of the user's states, but for what is stated already: to repeat is no fault."""
        known = {quad[:3] for quad in self.quads}
        new = [quad for quad in part.quads if quad[:3] not in known]
        spoken = {(str(quad.subject), str(quad.predicate)) for quad in new}
        found = part.positions
        speaking = {subject for subject, _ in spoken}
        where = found._replace(
            subjects={subject: line for subject, line in found.subjects.items() if subject in speaking},
            predicates={pair: line for pair, line in found.predicates.items() if pair in spoken},
            repeated=[],
        )
        for subject in where.subjects:
            self.places.setdefault(subject, []).append((part.path, where))
        self.quads.extend(quad._replace(graph=graph) for quad in new)

    def paths(self, subject: str) -> list[str]:
        """Files that speak of a subject."""
        return [path for path, _ in self.places.get(subject, [])]


def read_root(root: Path, extra: Iterable[Path] = (), imported: Iterable[ImportedSet] = ()) -> Files:
    """Reads ontology/ and graph/ of a data folder, imported sets, and files of the user's own beside them.

    A file of the user's that is one of the folder's own is read once. The graph a quad goes into follows from its
    place: ``ontology/`` and ``graph/entities/`` have one each, every other folder of ``graph/`` is one source's.
    """
    files = Files()
    own = turtle_files(root)
    for path in own:
        relative = path.relative_to(root)
        _read(files, path, relative.as_posix(), _graph(relative))
    for found in imported:
        read_imported(files, found)
    known = {path.resolve() for path in own}
    for path in extra:
        if path.resolve() not in known:
            _read(files, path, str(path), f"{vocab.GRAPH}{path.stem}")
    return files


def read_imported(files: Files, found: ImportedSet) -> None:
    """An imported set goes into a graph of its own."""
    try:
        data = found.data()
        part = Part(found.shown, scan(data.decode("utf-8")), list(map(canonical_quad, parse(data, ".ttl"))))
    except (Damaged, UnicodeDecodeError, SyntaxFault) as error:
        files.problems.append(
            Problem(found.shown, 0, error.message if isinstance(error, Damaged) else f"does not parse: {error}", "syntax")
        )
        return
    files.add(part, graph_of_set(found.name))


def graph_of_set(name: str) -> str:
    """IRI of the named graph of an imported set."""
    return f"{vocab.GRAPH}imported-{name}"


def _graph(relative: Path) -> str:
    if relative.parts[0] == "ontology":
        return vocab.GRAPH_ONTOLOGY
    return vocab.GRAPH + relative.parts[1]


def _read(files: Files, path: Path, shown: str, graph: str) -> None:
    try:
        if not path.is_file():
            raise OSError(None, "not a regular file" if path.exists() else "no such file")
        data = path.read_bytes()
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        files.problems.append(Problem(shown, line, "not UTF-8 text", "syntax"))
        return
    except OSError as error:
        files.problems.append(Problem(shown, 0, f"cannot be read: {error.strerror}", "syntax"))
        return
    if path.suffix not in FORMATS:
        expected = ", ".join(FORMATS)
        files.problems.append(Problem(shown, 0, f"format {path.suffix or 'unknown'} is none of {expected}", "syntax"))
        return
    positions = scan(text)
    limit = settings.value("query_nesting")
    if positions.depth > limit:
        # Deep nesting kills the parser's process, so it never gets there.
        files.problems.append(Problem(shown, 1, f"brackets nest {positions.depth} deep, {limit:.0f} are allowed", "syntax"))
        return
    try:
        quads = parse(data, path.suffix)
    except SyntaxFault as error:
        files.problems.append(Problem(shown, error.line, f"does not parse: {error}", "syntax"))
        return
    for subject in positions.subjects:
        files.places.setdefault(subject, []).append((shown, positions))
    if path.name == SHAPES:
        files.shapes = text
    else:
        files.quads.extend(canonical_quad(quad)._replace(graph=quad.graph or graph) for quad in quads)
