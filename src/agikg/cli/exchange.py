"""import, export, diff."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from agikg.cli import layout
from agikg.cli.emit import emit
from agikg.cli.options import FORMATS, Reading, scoped
from agikg.cli.upload import destination, upload_to
from agikg.errors import BadInput

if TYPE_CHECKING:
    from agikg.exchange.upload import Target
    from agikg.kg.imports import Imports
    from agikg.model.exchange import Change, Difference, Imported, ImportReport


def _formats(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    """The name of a format, checked when the command runs: the list is imported then."""
    if value is None:
        return None
    from agikg.exchange.export import FORMATS

    if value not in FORMATS:
        raise click.BadParameter(f"{value!r} is none of {', '.join(FORMATS)}")
    return value


@click.command()
@click.option("-o", "--output", "output", metavar="FILE", help="A file, a folder (tables), or - for standard output.")
@click.option("--format", "format_", metavar="FORMAT", callback=_formats, help="See below; told by the ending of FILE if left out.")
@click.option("--authored", is_flag=True, help="RDF without the vocabulary and without what the build derives.")
@destination
@scoped
def export(output: str | None, format_: str | None, authored: bool, target: Target | None, reading: Reading) -> None:
    """Write the graph, or the part that the scope leaves, for other programs; or load it into an endpoint.

    Formats: turtle, trig, ntriples, nquads, jsonld, rdfxml (RDF), rdf12 (TriG with triple terms),
    csv (tables with a data dictionary, .zip or a folder), jsonl (a record a line),
    graphml, gexf (network tools), cypher (Neo4j). The ending tells: .ttl, .trig, .nt, .nq, .jsonld, .rdf, .zip, .jsonl,
    .graphml, .gexf, .cypher. Without dates, claims of all times are written.

    \b
    agikg export -o graph.trig
    agikg export --source sinolytics-2025 --min-confidence medium -o tables.zip
    agikg export --format jsonl -o - | head
    agikg export --to http://localhost:7878/store
    """  # noqa: D301 (click wants the control character itself)
    if target is not None:
        narrowed = [name for name, value in reading.scope.items() if value]
        if output or format_ or authored or narrowed:
            raise BadInput(
                "--to loads the whole snapshot: it goes with no file, format or scope", hint="agikg export --to URL [--store DESCRIPTOR]"
            )
        upload_to(reading.open(), target)
        return
    if output is None:
        raise BadInput("where to is missing", hint="agikg export -o graph.trig, or -o - for standard output")
    claims = reading.open().export(output, format_, authored_only=authored, **reading.scope)
    if output != "-":
        click.echo(f"{claims} claims written to {output}", err=True)


@click.command("import")
@click.argument("file", required=False)
@click.option("--name", metavar="NAME", help="Name of the set; made of the file's name if left out.")
@click.option("--format", "format_", metavar="FORMAT", help="turtle, trig, ntriples, nquads, rdfxml, jsonld, csv, jsonl, zip, eto.")
@click.option("--dry-run", is_flag=True, help="Only check: list every problem, import nothing.")
@click.option("--replace", "replace_", is_flag=True, help="Put it in the place of a set of the same name.")
@click.option("--into", metavar="FOLDER", help="Keep the sets there; reading commands look there if AGIKG_IMPORTS says so.")
@click.option("--list", "list_", is_flag=True, help="List the sets.")
@click.option("--on", metavar="NAME", help="Switch a set on.")
@click.option("--off", metavar="NAME", help="Switch a set off: it stays, and counts no more.")
@click.option("--remove", metavar="NAME", help="Remove a set.")
@click.option("--template", type=click.Choice(("csv", "jsonl")), help="Print a template for claims.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_(
    file: str | None, *, name: str | None, format_: str | None, dry_run: bool, replace_: bool, into: str | None, list_: bool,
    on: str | None, off: str | None, remove: str | None, template: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Take in claims of your own or of others, as a set beside the graph; all of it, or nothing.

    FILE is RDF in the vocabulary of agikg (.ttl, .trig, .nt, .nq, .rdf, .jsonld), claims as a table (.csv, .jsonl: see
    --template), an export of agikg (also .zip or a folder of tables), or the folder of the ETO dataset
    "Advanced Semiconductor Supply Chain". Every problem is listed with its line, and then nothing is imported.

    \b
    agikg import --template csv > claims.csv
    agikg import --dry-run claims.csv
    agikg import claims.csv --name my-claims
    agikg import --list
    agikg import --off my-claims
    """  # noqa: D301 (click wants the control character itself)
    chosen = [file is not None, list_, on is not None, off is not None, remove is not None, template is not None]
    if sum(chosen) != 1:
        raise BadInput("give a FILE, or one of --list, --on, --off, --remove, --template", hint="agikg import --help shows examples")
    if template is not None:
        from agikg.exchange.template import template_of

        click.echo(template_of(template), nl=False)
        return
    from agikg.kg import to_stderr
    from agikg.kg.imports import Imports

    imports = Imports(into)
    if file is not None:
        to_stderr("reading and checking")
        _report(imports.add(file, name, format_, replace=replace_, dry_run=dry_run), imports, into, as_json)
    elif list_:
        _list(imports.sets(), as_json)
    elif remove is not None:
        _told(imports.remove(remove), "removed", as_json)
    else:
        _told(imports.switch(on or off or "", on is not None), "on" if on else "off", as_json)


def _report(report: ImportReport, imports: Imports, into: str | None, as_json: bool) -> None:
    if as_json:
        click.echo(report.model_dump_json(indent=2))
        return
    if report.set is None:
        click.echo(f"nothing new: the graph has all of it already ({report.known} statements)")
        return
    adds = f"{report.set.claims} claims, {report.set.entities} entities of {', '.join(report.set.sources) or 'no source'}"
    said = {"imported": "imported as", "unchanged": "unchanged:", "checked": "no problems; would be imported as"}[report.status]
    click.echo(f"{said} {report.set.name}: {adds}")
    if report.known:
        click.echo(f"{report.known} statements were in the graph already, or follow from it")
    if report.set.non_commercial:
        click.echo(f"for non-commercial use only: {', '.join(report.set.non_commercial)}")
    if report.status == "imported" and into is not None:
        click.echo(f"kept in {imports.folder}; AGIKG_IMPORTS={imports.folder} lets reading commands see it")
    elif report.status == "imported":
        from agikg.kg import KnowledgeGraph

        click.echo(f"snapshot {KnowledgeGraph.open().snapshot}")


def _list(sets: tuple[Imported, ...], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([found.model_dump() for found in sets], ensure_ascii=False, indent=2))
        return
    if not sets:
        click.echo("nothing is imported")
        return
    lines = [
        (
            found.name,
            "left out" if found.left_out else "on" if found.on else "off",
            str(found.claims),
            str(found.entities),
            ", ".join(found.sources),
            "non-commercial use only" if found.non_commercial else "",
            found.origin,
        )
        for found in sets
    ]
    click.echo(layout.table(("name", "state", "claims", "entities", "sources", "terms", "from"), lines))
    for found in sets:
        for problem in found.left_out:
            click.echo(f"{found.name} is left out: {problem}")


def _told(found: Imported, what: str, as_json: bool) -> None:
    click.echo(found.model_dump_json(indent=2) if as_json else f"{found.name}: {what}")


@click.command()
@click.argument("old")
@click.argument("new", default="current")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
@click.option("--only", type=click.Choice(("entities", "claims", "sources", "sections", "passages", "requirements")), help="Only these.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records.")
@click.option("--no-imports", "imports", flag_value=False, type=bool, default=True, help="Leave imported data out of current.")
def diff(old: str, new: str, format_: str, only: str | None, limit: int | None, imports: bool) -> None:
    """What changed from OLD to NEW: records added, changed, removed, with what changed; counts by source and layer.

    Each is the hash of a snapshot (or its beginning), a file that agikg export wrote, a folder with ontology/ and graph/, a
    store, or "current", the graph as it is now.

    \b
    agikg export -o before.nq
    agikg diff before.nq
    agikg diff sha256:4f1c09 current --only claims --format md
    """  # noqa: D301 (click wants the control character itself)
    from agikg.kg.states import diff as compare

    found = compare(old, new, imports=imports)
    shown = [change for change in found.changes if only in (None, change.table)][:limit]
    rows = [
        {**change.model_dump(), "fields": "; ".join(_field_line(name, *pair) for name, pair in change.fields.items())} for change in shown
    ]
    if format_ == "jsonl":
        rows = [change.model_dump() for change in shown]
    emit(format_, replace(found, changes=tuple(shown)), rows, lambda: _difference(found, shown))


def _difference(found: Difference, shown: list[Change]) -> str:
    from agikg.exchange.difference import totals

    if not found.changes:
        return f"no difference: {found.same} records are the same"
    counts = [(table, *map(str, row.values())) for table, row in totals(found).items()]
    parts = [layout.table(("", "added", "changed", "removed"), counts), f"{found.same} records are the same"]
    for title, groups in (("claims by source", found.by_source), ("claims and entities by layer", found.by_layer)):
        lines = [(group, *map(str, row.values())) for group, row in groups.items()]
        parts += ["", layout.table((title, "added", "changed", "removed"), lines)] if lines else []
    marks = {"added": "+", "removed": "-", "changed": "~"}
    for table in dict.fromkeys(change.table for change in shown):
        parts += ["", click.style(table, bold=True)]
        for change in shown:
            if change.table == table:
                parts.append(layout.paragraph(layout.clean(f"{change.id}  {change.label}"), "    ", f"  {marks[change.change]} "))
                fields = (_field_line(name, *pair) for name, pair in change.fields.items())
                parts += [layout.paragraph(layout.clean(line), "          ", "      ") for line in fields]
    return "\n".join(parts)


def _field_line(name: str, old: object, new: object) -> str:
    return f"{name}: {_shown(old)} → {_shown(new)}"


def _shown(value: object) -> str:
    return "nothing" if value is None else " | ".join(map(str, value)) if isinstance(value, list) else str(value)
