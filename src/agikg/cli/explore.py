"""explore, report."""

from __future__ import annotations

from pathlib import Path

import click

from agikg.cli.options import Reading, complete_name, name_argument, reading
from agikg.errors import BadInput

_ENDINGS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md"}


@click.command()
@click.argument("name", nargs=-1, shell_complete=complete_name)
@click.option("-o", "--output", "output", required=True, type=click.Path(dir_okay=False), metavar="FILE.html", help="The file to write.")
@click.option("--hops", type=click.IntRange(min=1), default=1, show_default=True, help="How many links around NAME.")
@click.option("--path", "ends", nargs=2, metavar="A B", help="How A and B are connected, instead of NAME.")
@click.option("--whatif", is_flag=True, help="A scenario, instead of NAME: give --deny and --lift.")
@click.option("--deny", multiple=True, metavar="NAME", shell_complete=complete_name, help="Take an entity away (repeatable).")
@click.option("--lift", multiple=True, metavar="NAME", shell_complete=complete_name, help="Lift a control, or all that are part of it.")
@click.option("--lang", type=click.Choice(("en", "zh")), default="en", show_default=True, help="Language of the page at first.")
@reading
def explore(
    name: tuple[str, ...], *, output: str, hops: int, ends: tuple[str, str] | None, whatif: bool, deny: tuple[str, ...],
    lift: tuple[str, ...], lang: str, reading: Reading,
) -> None:  # fmt: skip
    """Write the interactive page: the whole chain, or around NAME, a path, a scenario. One file, opens offline.

    \b
    agikg explore -o chain.html
    agikg explore "SMIC DUV" --hops 2 -o duv.html
    agikg explore --path "SMIC DUV" DeepSeek -o path.html
    agikg explore --whatif --deny "SMIC DUV" -o whatif.html
    """  # noqa: D301 (click wants the control character itself)
    from agikg.explore.choice import Subject
    from agikg.explore.page import page

    if whatif != bool(deny or lift):
        raise BadInput("--whatif goes with --deny or --lift", hint='agikg explore --whatif --deny "SMIC DUV" -o whatif.html')
    if _ending(output, "html") != "html":
        raise BadInput(f"{output} does not end in .html", hint="name the file ... .html, so that a browser opens it")
    kg = reading.open()
    subject = Subject(" ".join(name) or None, hops, ends, deny, lift)
    made = page(kg.lens(**reading.scope), subject, lang=lang, most=reading.limit)
    _written(made.save(output), f"{made.shown} of {made.total} entities on the map; search finds all")


@click.command()
@name_argument
@click.option("-o", "--output", "output", required=True, type=click.Path(dir_okay=False), metavar="FILE", help="FILE.md or FILE.html.")
@reading
def report(name: tuple[str, ...], output: str, reading: Reading) -> None:
    """Write a briefing on NAME with numbered evidence, in Markdown or HTML.

    \b
    agikg report "Ascend 910C" -o 910c.md
    """  # noqa: D301 (click wants the control character itself)
    from agikg.explore.report import briefing

    ending = _ending(output, None)
    if ending is None:
        raise BadInput(f"{output} ends in neither .md nor .html", hint="the ending says what to write")
    kg = reading.open()
    made = briefing(kg.lens(**reading.scope), " ".join(name), limit=reading.limit)
    _written(made.save(output), f"{len(made.evidence)} claims cited")


def _ending(file: str, default: str | None) -> str | None:
    return _ENDINGS.get(Path(file).suffix.lower()) if Path(file).suffix else default


def _written(file: Path, told: str) -> None:
    """What was written, on standard error: standard output stays for data."""
    click.echo(f"agikg: wrote {file} ({file.stat().st_size / 1000:.0f} kB; {told})", err=True)
