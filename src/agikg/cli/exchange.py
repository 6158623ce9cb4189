"""export."""

from __future__ import annotations

import click

from agikg.cli.options import Reading, scoped
from agikg.errors import BadInput


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
@scoped
def export(output: str | None, format_: str | None, authored: bool, reading: Reading) -> None:
    """Write the graph, or the part that the scope leaves, for other programs.

    Formats: turtle, trig, ntriples, nquads, jsonld, rdfxml (RDF), rdf12 (TriG with triple terms),
    csv (tables with a data dictionary, .zip or a folder), jsonl (a record a line),
    graphml, gexf (network tools), cypher (Neo4j). The ending tells: .ttl, .trig, .nt, .nq, .jsonld, .rdf, .zip, .jsonl,
    .graphml, .gexf, .cypher. Without dates, claims of all times are written.

    \b
    agikg export -o graph.trig
    agikg export --source sinolytics-2025 --min-confidence medium -o tables.zip
    agikg export --format jsonl -o - | head
    """  # noqa: D301 (click wants the control character itself)
    if output is None:
        raise BadInput("where to is missing", hint="agikg export -o graph.trig, or -o - for standard output")
    claims = reading.open().export(output, format_, authored_only=authored, **reading.scope)
    if output != "-":
        click.echo(f"{claims} claims written to {output}", err=True)
