"""The user's imported sets: read, checked with the whole graph, kept or refused; composition only."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agikg import imported, resources, vocab
from agikg.errors import BadInput, Damaged, InvalidGraph, NotFound, Problem
from agikg.imported import ImportedSet
from agikg.kg.homes import forget_refusals, refused, snapshot_home
from agikg.model.exchange import Imported, ImportReport

if TYPE_CHECKING:
    from agikg.build.read import Files
    from agikg.exchange.reading import Read
    from agikg.exchange.tables import Line
    from agikg.store.index import TripleIndex
    from agikg.store.positions import Part


class _Checked(NamedTuple):
    """An import that may enter: its Turtle, what it adds, and what was known already."""

    turtle: bytes
    about: dict[str, Any]
    known: int


class Imports:
    """Sets of statements that a user has imported, beside the graph that comes with agikg and never mixed with it.

    Args:
        folder: where they are kept; the user's own place (``AGIKG_IMPORTS``) if None.
    """

    def __init__(self, folder: str | None = None) -> None:
        self.folder = imported.folder_of(folder)

    def sets(self) -> tuple[Imported, ...]:
        """All sets by name, on or off; with what keeps one out of the graph although it is on."""
        found = imported.all_sets(self.folder)
        root = resources.data_root()
        on = [each for each in found if each.on]
        why = refused(snapshot_home(root), resources.key(root, on)) if on else {}
        return tuple(_record(each, tuple(why.get(each.name, ()))) for each in found)

    def add(
        self, place: str, name: str | None = None, format: str | None = None, *, replace: bool = False, dry_run: bool = False
    ) -> ImportReport:
        """Imports a file or folder: all of it, or nothing.

        Args:
            place: an RDF file, claims as CSV or JSON lines, an export of agikg, or the folder of the ETO dataset.
            name: of the set; made of the file's name if None.
            format: see ``agikg.exchange.reading.SYNTAXES``; told by the ending if None.
            replace: put it in the place of a set of that name.
            dry_run: only check.

        Raises:
            InvalidGraph: every problem with file and line; nothing was imported.
            BadInput: no such format, or another set has the name.
            NotFound, LimitHit, StoreError: it cannot be read, is too large, or cannot be kept.
        """
        from agikg.exchange.reading import read

        chosen = imported.check_name(name or imported.name_for(place))
        content = read(place, format)
        if not content.lines and not any(part.quads for part in content.parts):
            raise BadInput(f"{place} states nothing", hint="is it in another format? --format says in which")
        if dry_run:
            return self._report("checked", chosen, self._check(chosen, place, content))
        with imported.locked(self.folder):
            return self._add(chosen, place, content, replace)

    def _add(self, name: str, place: str, content: Read, replace: bool) -> ImportReport:
        before = {each.name: each for each in imported.all_sets(self.folder)}.get(name)
        checked = self._check(name, place, content)
        if not checked.turtle:
            return self._report("nothing new", name, checked)
        if before is not None and _intact(before, checked.turtle):
            return self._report("unchanged", name, checked, before.on)
        if before is not None and not replace and before.content != imported.hash_of(checked.turtle):
            raise BadInput(
                f"another set is called {name!r}", hint="give --name for a new one, or --replace to put it in the place of the old"
            )
        imported.put(self.folder, name, checked.turtle, checked.about, on=before.on if before else True)
        forget_refusals()
        return self._report("imported", name, checked, before.on if before else True)

    def _report(self, status: str, name: str, checked: _Checked, on: bool = True) -> ImportReport:
        if not checked.turtle:
            return ImportReport("nothing new", None, checked.known)
        found = ImportedSet(name, on, imported.hash_of(checked.turtle), self.folder / "", checked.about)
        return ImportReport(status, _record(found, ()), checked.known)

    def _check(self, name: str, place: str, content: Read) -> _Checked:
        """What of the content may enter the graph, checked together with all of it.

        Raises:
            InvalidGraph: with every problem.
        """
        from agikg.build.pipeline import checked
        from agikg.build.read import graph_of_set, read_imported, read_root
        from agikg.exchange.sifting import bare_edges, sift
        from agikg.projection.vocabulary import Vocabulary
        from agikg.store.index import TripleIndex

        files = read_root(resources.data_root())
        facts = TripleIndex(files.quads)
        vocabulary = Vocabulary(facts)
        for other in imported.all_sets(self.folder):
            if other.on and other.name != name:
                read_imported(files, other)
        if files.problems:
            raise InvalidGraph(files.problems)
        parts, problems = drafted(content, place, files)
        sifted = sift(parts, facts, vocabulary)
        problems = [*problems, *sifted.problems]
        new = TripleIndex(quad for part in sifted.parts for quad in part.quads)
        for part in sifted.parts:
            files.add(part, graph_of_set(name))
        if any(part.quads for part in sifted.parts):
            problems += checked(files)[2]
        if not problems:
            problems += bare_edges(sifted.edges, _derived(files, vocabulary))
        if problems:
            raise InvalidGraph(sorted(set(problems)))
        return _Checked(_turtle(sifted.parts), _about(new, facts, content.format, place), sifted.known + len(sifted.edges))

    def switch(self, name: str, on: bool) -> Imported:
        """Switches a set on or off.

        Raises:
            NotFound: no such set.
            InvalidGraph: the graph would be broken then: other sets need it, or it no longer fits.
        """
        with imported.locked(self.folder):
            found = self._named(name)
            if found.on != on:
                self._check_change([each._replace(on=on) if each.name == name else each for each in imported.all_sets(self.folder)])
                found = imported.switch(self.folder, found, on)
                forget_refusals()
            return _record(found, ())

    def remove(self, name: str) -> Imported:
        """Takes a set away for good.

        Raises:
            NotFound: no such set.
            InvalidGraph: other sets that are on need it.
        """
        with imported.locked(self.folder):
            found = self._named(name)
            if found.on:
                self._check_change([each for each in imported.all_sets(self.folder) if each.name != name])
            imported.remove(self.folder, name)
            forget_refusals()
            return _record(found, ())

    def _named(self, name: str) -> ImportedSet:
        found = {each.name: each for each in imported.all_sets(self.folder)}
        if name not in found:
            raise NotFound(f"no imported set is called {name!r}", hint=f"there are: {', '.join(found) or 'none'}")
        return found[name]

    def _check_change(self, sets: Sequence[ImportedSet]) -> None:
        """Refuses a change of the sets that breaks what was whole; what is broken already may be taken away.

        Raises:
            InvalidGraph: with the problems that are new.
        """
        problems = _problems(sets)
        if problems:
            problems -= _problems(imported.all_sets(self.folder))
        if problems:
            raise InvalidGraph(sorted(problems))


def _problems(sets: Iterable[ImportedSet]) -> set[Problem]:
    """What is wrong with the graph and the sets that are on."""
    from agikg.build.pipeline import checked
    from agikg.build.read import read_root

    on = [each for each in sets if each.on]
    return set(checked(read_root(resources.data_root(), imported=on))[2]) if on else set()


def drafted(content: Read, place: str, files: Files) -> tuple[list[Part], list[Problem]]:
    """The parts of RDF as they are; rows made into statements."""
    from agikg.exchange import eto
    from agikg.exchange.drafting import draft
    from agikg.exchange.known import Known
    from agikg.exchange.records import Terms
    from agikg.projection.vocabulary import Vocabulary
    from agikg.store.index import TripleIndex

    if not content.lines:
        return content.parts, []
    facts = TripleIndex(files.quads)
    vocabulary = Vocabulary(facts)
    lines: list[Line] = content.lines
    problems: list[Problem] = []
    if content.format == "eto":
        lines, problems = eto.rows(lines, Known(facts, vocabulary), _last_changed(Path(place)))
    made = draft(lines, Known(facts, vocabulary), Terms(vocabulary))
    return made.parts, [*problems, *made.problems]


def _last_changed(folder: Path) -> str:
    """The day on which the newest table of a folder was written: the source is as it was read then."""
    newest = max(file.stat().st_mtime for file in folder.glob("*.csv"))
    return time.strftime("%Y-%m-%d", time.localtime(min(newest, time.time())))


def _intact(before: ImportedSet, turtle: bytes) -> bool:
    try:
        return before.data() == turtle
    except Damaged:
        return False


def _derived(files: Files, vocabulary: Any) -> set[tuple[str, str, str]]:
    from agikg.build.derive import derive
    from agikg.store.index import TripleIndex

    return {(str(quad.subject), str(quad.predicate), str(quad.object)) for quad in derive(TripleIndex(files.quads), vocabulary)}


def _turtle(parts: list[Part]) -> bytes:
    from agikg.store.syntax import turtle

    return turtle((quad._replace(graph="") for part in parts for quad in part.quads), vocab.PREFIXES).encode("utf-8")


def _about(new: TripleIndex, facts: TripleIndex, format_: str, place: str) -> dict[str, Any]:
    """What a set says of itself in lists."""
    from agikg.projection.vocabulary import Vocabulary

    classes = Vocabulary(facts).classes
    sources = new.having(vocab.TYPE, vocab.agi("Source"))
    passages = [target for claim in new.having(vocab.TYPE, vocab.agi("Claim")) for target in new.iris(claim, vocab.agi("passage"))]
    sections = [section for passage in passages for index in (new, facts) for section in index.iris(passage, vocab.agi("inSection"))]
    named = {source for section in sections for index in (new, facts) for source in index.iris(section, vocab.agi("inSource"))}
    found = sorted(named | set(sources))
    limited = [
        source
        for source in found
        if "true" in (new.text(source, vocab.agi("nonCommercial")), facts.text(source, vocab.agi("nonCommercial")))
    ]
    return {
        "origin": str(Path(place).resolve()),
        "format": format_,
        "claims": len(new.having(vocab.TYPE, vocab.agi("Claim"))),
        "entities": len({str(subject) for subject, kind in new.pairs(vocab.TYPE) if str(kind) in classes}),
        "sources": [vocab.curie(source).partition(":")[2] for source in found],
        "non_commercial": [vocab.curie(source).partition(":")[2] for source in limited],
    }


def _record(found: ImportedSet, left_out: tuple[str, ...]) -> Imported:
    about = found.about
    return Imported(
        found.name, found.on, about["origin"], about["format"], about["claims"], about["entities"],
        tuple(about["sources"]), tuple(about["non_commercial"]), found.content, left_out,
    )  # fmt: skip
