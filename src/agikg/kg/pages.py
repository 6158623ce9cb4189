"""What a KnowledgeGraph shows: the interactive page, briefings, data frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from agikg.kg.analyses import Analyses

if TYPE_CHECKING:
    import pandas

    from agikg.explore.page import Page
    from agikg.explore.report import Briefing
    from agikg.model.record import Record


class Pages(Analyses):
    """Pages for people, made of the analyses; every method takes the scope as keywords (see ``Scope``)."""

    def explore(
        self,
        name: str | None = None,
        *,
        hops: int = 1,
        path: tuple[str, str] | None = None,
        deny: Sequence[str] = (),
        lift: Sequence[str] = (),
        lang: str = "en",
        mode: str = "around",
        most: int | None = None,
        site: str | None = None,
        **scope: Any,
    ) -> Page:
        """The interactive page in one file that opens offline; shows itself in a notebook.

        Args:
            name: what to start from; the whole chain if nothing is given.
            hops: how many links around it.
            path: instead: how two are connected.
            deny: instead: a scenario without these.
            lift: of that scenario, controls that are lifted.
            lang: language of the page at first, en or zh.
            mode: what is lit at first: around, needed (what depends on it) or needs (what it depends on).
            most: most cards on the map; search finds all.
            site: address of the workbench that serves it, to link back to.
            scope: which claims count.
        """
        from agikg.explore.choice import Subject
        from agikg.explore.page import page

        return page(self.lens(**scope), Subject(name, hops, path, deny, lift), lang=lang, mode=mode, most=most, site=site)

    def report(self, name: str, *, limit: int | None = None, **scope: Any) -> Briefing:
        """A briefing on an entity with numbered evidence, as Markdown or HTML.

        Args:
            name: of the entity.
            limit: most items of each list; None for all.
            scope: which claims count.
        """
        from agikg.explore.report import briefing

        return briefing(self.lens(**scope), name, limit)

    @staticmethod
    def to_frame(result: Record | Iterable[Record]) -> pandas.DataFrame:
        """A result, or a list of claims or entities, as a pandas data frame, one row an item.

        Raises:
            BadInput: pandas is not installed.
        """
        from agikg.explore.notebook import to_frame

        return to_frame(result)
