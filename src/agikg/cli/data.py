"""build, validate, verify, fingerprints."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agikg.cli import layout
from agikg.cli.emit import emit
from agikg.cli.options import Reading, reading
from agikg.errors import BadInput, InvalidGraph, NotFound
from agikg.kg import KnowledgeGraph, to_stderr

if TYPE_CHECKING:
    from agikg.views.review import Reviewed
    from agikg.views.verification import Verification


@click.command()
@click.option("--store", metavar="FOLDER", help="Also write a store on disk there, to be used with --store FOLDER.")
def build(store: str | None) -> None:
    """Compile and check the graph; the last good snapshot stays if anything is wrong."""
    started = time.perf_counter()
    kg = KnowledgeGraph.build(store=store, progress=to_stderr)
    click.echo(f"snapshot {kg.snapshot}")
    click.echo(
        f"{kg.quads} quads, {kg.catalog.claim_count} claims, {len(kg.catalog.position)} entities, {time.perf_counter() - started:.1f} s"
    )
    click.echo(f"in {kg.folder}")
    if store:
        click.echo(f"store in {store}")


@click.command()
@click.argument("files", nargs=-1)
def validate(files: tuple[str, ...]) -> None:
    """Check the graph's files, or FILEs of your own beside them; every problem with file and line."""
    from agikg.kg import validate as run

    problems = run(files)
    if problems:
        raise InvalidGraph(problems)
    click.echo(f"{', '.join(files)}: no problems" if files else "no problems")


@click.command()
@click.argument("source")
@click.argument("file")
@reading
def verify(source: str, file: str, reading: Reading) -> None:
    """Check every locator and fingerprint of SOURCE against FILE, your own copy of it as plain text."""
    kg = reading.open()
    result = kg.verify(source, read_text(file))
    if reading.format == "table":
        click.echo(_verified(result, file, reading.limit or 10))
    else:
        click.echo(result.model_dump_json(indent=2))
    if result.mismatches:
        raise BadInput(
            f"{len(result.mismatches)} sentences of {source} are not confirmed", hint="the first one named is where the copies part"
        )


def _verified(result: Verification, file: str, most: int) -> str:
    """What was confirmed, and the first mismatches with the line of the reader's file."""
    sentences = f"{result.passages - len(result.mismatches)} of {result.passages} sentences"
    lines = [f"{result.source}: {sentences} and {result.confirmed} of {result.claims} claims confirmed in {file}"]
    for mismatch in result.mismatches[:most]:
        place = f"{file}:{mismatch.line}" if mismatch.line else file
        what = f"moved to {mismatch.moved_to}" if mismatch.moved_to else "its words differ" if mismatch.found else "it is missing"
        lines.append(f"{place}: {mismatch.locator}: {what}; {mismatch.claims} claims rest on it")
        if mismatch.found and not mismatch.moved_to:
            lines.append(layout.paragraph(layout.clean(mismatch.found), "           ", "    reads: "))
    if len(result.mismatches) > most:
        lines.append(f"and {len(result.mismatches) - most} more")
    return "\n".join(lines)


@click.command()
@click.argument("source")
@click.argument("file")
@click.option("--section", metavar="KEY", help="Only this section (chips, models ...).")
@click.option("--open", "only_open", is_flag=True, help="Only sentences with neither a claim nor a reviewed reason.")
@reading
def review(source: str, file: str, section: str | None, only_open: bool, reading: Reading) -> None:
    """Show FILE, your own copy of SOURCE, sentence by sentence, each with the claims made of it."""
    kg = reading.open()
    found = kg.review(source, read_text(file), section)
    shown = reading.cut([sentence for sentence in found if not only_open or not (sentence.claims or sentence.also or sentence.reason)])
    rows = [sentence.model_dump() for sentence in shown]
    emit(reading.format, None, rows, lambda: "\n\n".join(_reviewed(kg, sentence) for sentence in shown) or "none")


def _reviewed(kg: KnowledgeGraph, sentence: Reviewed) -> str:
    lines = [click.style(sentence.locator, bold=True), layout.paragraph(layout.clean(sentence.text), "  ")]
    if sentence.also:
        lines.append(layout.paragraph(f"also behind {', '.join(sentence.also)}", "  "))
    elif not sentence.claims:
        lines.append(f"  -- {sentence.reason or 'NO CLAIM AND NO REASON'}")
    for claim in sentence.claims:
        predicate = kg.catalog.predicates[claim.predicate]["label"]
        object_ = claim.object_label or claim.object or " ".join(filter(None, [claim.bound, claim.verbatim, claim.scope]))
        by = f" by {claim.attributed_to}" if claim.attributed_to else ""
        dates = ", ".join(
            f"{name} {value}" for name, value in (("from", claim.valid_from), ("until", claim.valid_until), ("as of", claim.as_of)) if value
        )
        lead = f"  {claim.id.rpartition('-')[2]:>4} "
        told = f"{claim.subject_label} — {predicate} — {object_} [{claim.modality}{by}{', ' + dates if dates else ''}]"
        lines.append(layout.paragraph(layout.clean(told), " " * len(lead), lead))
        lines.append(click.style(layout.paragraph(layout.clean(claim.statement), " " * len(lead)), dim=True))
    return "\n".join(lines)


@click.command()
@click.argument("source")
@click.argument("file")
def fingerprints(source: str, file: str) -> None:
    """Write passages.ttl of SOURCE from FILE, your own copy of it: locators and fingerprints, never the words."""
    kg = KnowledgeGraph.open()
    sys.stdout.write(kg.passages(source, read_text(file)))


def read_text(file: str) -> str:
    """A text file of the user's.

    Raises:
        NotFound: it cannot be read.
        BadInput: it is not UTF-8 text.
    """
    try:
        place = Path(file)
        if place.exists() and not place.is_file():
            raise NotFound(f"{file} is not a regular file")
        return place.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise NotFound(f"cannot read {file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 text (byte {error.start})", hint="convert it: iconv -t UTF-8, or pdftotext for a PDF") from None
