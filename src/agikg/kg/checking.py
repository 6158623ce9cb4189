"""What can be checked of a KnowledgeGraph and of files: sources against a reader's copy, data against its rules."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agikg import resources
from agikg.kg.exchanging import Exchanging

if TYPE_CHECKING:
    from agikg.errors import Problem
    from agikg.model.sheet import Table
    from agikg.queries import NamedQuery
    from agikg.store.port import Store
    from agikg.views.review import Reviewed
    from agikg.views.verification import Verification


class Checking(Exchanging):
    """Comparisons of a source with a reader's own copy of it."""

    @property
    @abstractmethod
    def store(self) -> Store:
        """The store behind named queries."""

    @property
    @abstractmethod
    def queries(self) -> dict[str, NamedQuery]:
        """The named queries."""

    @abstractmethod
    def query(self, name: str, values: Mapping[str, str] | None = None) -> Table:
        """Runs a named query."""

    def verify(self, source: str, text: str) -> Verification:
        """Compares every locator and fingerprint of a source with a reader's own copy of it."""
        from agikg.views.verification import verify

        return verify(self.store, self.queries, source, text)

    def review(self, source: str, text: str, section: str | None = None) -> list[Reviewed]:
        """Sentences of a reader's own copy of a source beside the claims made of them."""
        from agikg.views.review import review

        titles = {str(title): str(key) for key, title in self.query("sections", {"source": source}).rows}
        reasons = {str(row[2]): str(row[3]) for row in self.query("uncovered", {"source": source}).rows if row[3]}
        return review(self.catalog, source, text, titles, reasons, section)

    def passages(self, source: str, text: str) -> str:
        """The Turtle of a source's passages, made from a reader's own copy of it."""
        from agikg.views.verification import passages

        return passages(self.store, self.queries, source, text)


def validate(files: Sequence[str] = ()) -> list[Problem]:
    """Problems of the graph's own files, or of the given ones beside them."""
    from agikg.build.pipeline import validate as run

    root = resources.data_root()
    _, _, problems = run(root, map(Path, files), strict_syntax=not files)
    if not files:
        return problems
    resolved = {Path(file).resolve() for file in files}
    own = {file.relative_to(root).as_posix() for file in resources.turtle_files(root) if file.resolve() in resolved}
    return [problem for problem in problems if problem.path in {*files, *own}]
