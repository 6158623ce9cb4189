"""The options of ``agikg export --to`` and the upload itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agikg.cli.progress import Progress

if TYPE_CHECKING:
    from agikg.exchange.upload import Target
    from agikg.kg import KnowledgeGraph

R = TypeVar("R")
_GRAPHS = "https://w3id.org/agikg/id/graph/"


def destination(command: Callable[..., R]) -> Callable[..., R]:
    """Adds the options of an upload to a command, which gets them as ``target``: a ``Target``, or None without ``--to``."""
    options = (
        click.option("--to", metavar="URL", help="Load the whole snapshot into a SPARQL endpoint: its Graph Store or Update URL."),
        click.option("--protocol", type=click.Choice(("gsp", "update")), default="gsp", show_default=True, help="How it takes data."),
        click.option("--auth", type=click.Choice(("basic", "digest")), help="Instead of what the endpoint asks for."),
        click.option("--graph-prefix", default=_GRAPHS, metavar="IRI", help="What the names of the graphs begin with there."),
        click.option("--query-url", metavar="URL", help="Its URL for queries, by which what arrived is counted."),
        click.option("--chunk", type=click.IntRange(min=1), help="Triples sent at once (gsp 10000, update 500)."),
    )

    @wraps(command)
    def run(
        *args: Any,
        to: str | None,
        protocol: str,
        auth: str | None,
        graph_prefix: str,
        query_url: str | None,
        chunk: int | None,
        **rest: Any,
    ) -> R:
        from agikg.exchange.upload import Target

        target = None if to is None else Target(to, protocol, auth or "", graph_prefix, query_url, chunk or 0)
        return command(*args, target=target, **rest)

    for option in reversed(options):
        run = option(run)
    return run


def upload_to(kg: KnowledgeGraph, target: Target) -> None:
    """Loads the snapshot, with progress, and says on standard error what was done."""
    with Progress("quads") as progress:
        done = kg.upload(target, progress.step)
    what = f"{done.sent:,} of {done.quads:,} quads sent" if done.sent else f"all {done.quads:,} quads were there already"
    counted = "counted there" if done.checked else "not counted there: give --query-url"
    click.echo(f"agikg: {what}, {counted}; snapshot {kg.snapshot[:19]}", err=True)
