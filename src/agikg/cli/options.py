"""Options shared by the reading commands, and names as arguments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, TypeVar

import click

from agikg.errors import BadInput

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from agikg.kg import KnowledgeGraph

P = ParamSpec("P")
R = TypeVar("R")
FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


class Reading(NamedTuple):
    """What the common options of a reading command say."""

    format: str
    limit: int | None
    store: str | None
    scope: dict[str, Any]
    imports: bool = True

    def open(self) -> KnowledgeGraph:
        """The graph of the chosen store."""
        from agikg.kg import KnowledgeGraph

        kg = KnowledgeGraph.open(self.store, imports=self.imports)
        if kg.imported:
            click.echo(f"agikg: with imported data: {', '.join(kg.imported)} (--no-imports leaves it out)", err=True)
        return kg

    def cut(self, items: tuple[Any, ...] | list[Any]) -> tuple[Any, ...]:
        """The items that the limit leaves."""
        return tuple(items[: self.limit])


store_option = click.option("--store", metavar="DESCRIPTOR", help="mem:, a folder made by 'agikg build --store', or an endpoint's URL.")
_SCOPE = (
    click.option("--as-of", metavar="DATE", help="Links have to hold on this date (2025, 2025-03, 2024-H1 ...)."),
    click.option("--known-at", metavar="DATE", help="Claims have to be published by this date."),
    click.option("--source", "sources", multiple=True, metavar="ID", help="Only claims of this source (repeatable)."),
    click.option("--min-confidence", type=click.Choice(("low", "medium", "high")), help="Only claims at least this sure."),
    store_option,
    click.option("--no-imports", "imports", flag_value=False, type=bool, default=True, help="Leave imported data out."),
)


def reading(command: Callable[..., R]) -> Callable[..., R]:
    """Adds the common options to a command, which gets them as one ``Reading``."""

    @wraps(command)
    def run(*args: Any, reading: Reading, format_: str, limit: int | None, **rest: Any) -> R:
        return command(*args, reading=reading._replace(format=format_, limit=limit), **rest)

    chosen = click.option("--format", "format_", type=click.Choice(FORMATS), default="table", help="How to print.", show_default=True)
    return chosen(scoped(click.option("--limit", type=click.IntRange(min=1), help="At most so many items.")(run)))


def scoped(command: Callable[..., R]) -> Callable[..., R]:
    """Adds the options that choose store and claims; the command gets them as one ``Reading``, with format and limit left open."""

    @wraps(command)
    def run(
        *args: Any,
        as_of: str | None,
        known_at: str | None,
        sources: tuple[str, ...],
        min_confidence: str | None,
        store: str | None,
        imports: bool,
        **rest: Any,
    ) -> R:
        scope = {"as_of": as_of, "known_at": known_at, "sources": sources, "min_confidence": min_confidence}
        return command(*args, reading=Reading("table", None, store, scope, imports), **rest)

    for option in reversed(_SCOPE):
        run = option(run)
    return run


class Assignment(click.ParamType[tuple[str, float]]):
    """``NAME=NUMBER``; the last equals sign parts them, so that names may hold one."""

    name = "NAME=NUMBER"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, float]:
        """The name and its number."""
        name, _, number = str(value).rpartition("=")
        try:
            parsed = float(number)
        except ValueError:
            name = ""
        if not name.strip():
            self.fail(f"{value!r} is not a name and a number, as in 'SMIC=0.4'", param, ctx)
        return name.strip(), parsed


def assigned(pairs: tuple[tuple[str, float], ...]) -> dict[str, float]:
    """Assignments as a mapping.

    Raises:
        BadInput: a name is given two numbers.
    """
    found: dict[str, float] = {}
    for name, number in pairs:
        if name in found:
            raise BadInput(f"{name!r} is given twice", hint="give each name one number")
        found[name] = number
    return found


def complete_name(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Slugs that begin with what was typed, with the label as help (names with spaces complete badly in shells)."""
    from click.shell_completion import CompletionItem

    from agikg.kg import KnowledgeGraph
    from agikg.views.finding import beginning

    catalog = KnowledgeGraph.open(progress=lambda _: None).catalog
    return [CompletionItem(entity.id.partition(":")[2], help=entity.label) for entity in beginning(catalog, incomplete)]


def name_argument(command: Callable[P, R]) -> Callable[P, R]:
    """A name whose words may stand without quotes."""
    return click.argument("name", nargs=-1, required=True, shell_complete=complete_name)(command)
