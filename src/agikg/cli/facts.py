"""show, claims, sources, entities."""

from __future__ import annotations

from collections.abc import Iterable

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, emit, footer, linked
from agikg.cli.options import Reading, name_argument, reading
from agikg.kg import KnowledgeGraph
from agikg.model.figure import Figure
from agikg.model.reach import Reached
from agikg.model.sheet import Need, Sheet
from agikg.views.figures import in_words


@click.command()
@name_argument
@reading
def show(name: tuple[str, ...], reading: Reading) -> None:
    """One entity: identity, figures over time, what it needs, what needs it, controls, evidence."""
    kg = reading.open()
    sheet = kg.show(" ".join(name), **reading.scope)
    rows = [claim.model_dump() for claim in sheet.claims][: reading.limit]
    emit(reading.format, sheet, rows, lambda: _sheet_text(kg, sheet))


@click.command()
@click.option("--about", metavar="NAME", help="Only claims with this entity as subject or object.")
@click.option("--predicate", metavar="NAME", help="Only this relation, text or metric (fabricatedWith, yieldRate ...).")
@click.option("--modality", metavar="WORD", help="Only stated, reported, estimated, expected, targeted, claimed, opinion ...")
@click.option("--section", metavar="KEY", help="Only this section of a source (chips, models ...).")
@reading
def claims(about: str | None, predicate: str | None, modality: str | None, section: str | None, reading: Reading) -> None:
    """List, filter or dump claims (--format jsonl: one JSON object a claim)."""
    kg = reading.open()
    found = kg.claims(about, predicate, modality, section, **reading.scope)
    rows = [claim.model_dump() for claim in reading.cut(found)]

    def text() -> str:
        lines = [(row["id"], row["statement"], row["modality"], row["locator"], row["confidence"]) for row in rows]
        more = f"\n{len(rows)} of {len(found)} claims" if len(rows) < len(found) else f"\n{len(found)} claims"
        return layout.table(("id", "statement", "modality", "where", "confidence"), lines) + more

    emit(reading.format, None, rows, text)


@click.command()
@reading
def sources(reading: Reading) -> None:
    """List the sources: who published what, when, and how many claims rest on it."""
    kg = reading.open()
    wanted = reading.scope["sources"]
    rows = [source.model_dump() for source in kg.sources() if not wanted or source.id in wanted][: reading.limit]

    def text() -> str:
        limited = {True: "non-commercial use only", False: ""}
        lines = [
            (row["id"], row["title"], row["publisher"], row["published"], row["tier"], str(row["claims"]), limited[row["non_commercial"]])
            for row in rows
        ]
        columns = ("id", "title", "publisher", "published", "tier", "claims", "terms")
        used = len(columns) if any(line[-1] for line in lines) else len(columns) - 1
        return layout.table(columns[:used], [line[:used] for line in lines])

    emit(reading.format, None, rows, text)


@click.command()
@click.option("--layer", metavar="KEY", help="Only this layer (materials ... applications, policy).")
@click.option("--kind", metavar="CLASS", help="Only this class and its sub-classes (company, chip, model ...).")
@reading
def entities(layer: str | None, kind: str | None, reading: Reading) -> None:
    """List, filter or dump entities."""
    kg = reading.open()
    found = kg.entities(layer, kind, **reading.scope)
    rows = [entity.model_dump() for entity in reading.cut(found)]

    def text() -> str:
        lines = [(row["id"], row["label"], row["label_zh"] or "", row["kind"], row["layer"]) for row in rows]
        return layout.table(("id", "label", "中文", "kind", "layer"), lines) + f"\n{len(rows)} of {len(found)} entities"

    emit(reading.format, None, rows, text)


def _sheet_text(kg: KnowledgeGraph, sheet: Sheet) -> str:
    entity, evidence = sheet.entity, Evidence(kg.catalog_in(sheet.scope))
    heading = click.style(entity.label, bold=True) + (f" {entity.label_zh}" if entity.label_zh else "")
    parts = [heading, f"{sheet.kind_label} · {entity.layer} · {entity.id}"]
    if entity.aliases:
        parts.append(layout.paragraph(", ".join(entity.aliases), "               ", "also called    "))
    if entity.unnamed:
        parts.append("a set whose members the source does not name")
    parts += _section("Figures, oldest first", (figure_line(figure, evidence) for figure in sheet.values))
    parts += _section("Needs", (line for need in sheet.needs for line in _need_lines(need, evidence)))
    parts += _section("Is needed by", (_dependent_line(item, evidence) for item in sheet.dependents))
    parts += _section("Controls", (_claim_line(kg, claim, evidence) for claim in sheet.controls))
    parts += _section("Relations", (f"{linked(hop, hop.to)} {evidence.cite(hop.claims)} · {hop.confidence}" for hop in sheet.relations))
    parts += _section("Said of it", (_text_line(kg, claim, evidence) for claim in sheet.texts))
    parts += _section("Its word", (_claim_line(kg, claim, evidence) for claim in sheet.says))
    parts += _section("Contested", (_claim_line(kg, claim, evidence) for claim in sheet.contested))
    if not sheet.claims:
        parts += ["", "No claim in scope speaks of it."]
    evidence_lines = evidence.lines()
    return "\n".join([*parts, "", *([evidence_lines, ""] if evidence_lines else []), footer(sheet.snapshot, sheet.as_of, sheet.known_at)])


def _section(title: str, lines: Iterable[str]) -> list[str]:
    found = [
        layout.paragraph(line, "    ", "  · ") if not line.startswith(" ") else layout.paragraph(line.strip(), "        ", "      ")
        for line in lines
    ]
    return ["", click.style(title, bold=True), *found] if found else []


def figure_line(figure: Figure, evidence: Evidence) -> str:
    """A figure with its scope, date, hedges and evidence."""
    scope = f" {figure.scope}" if figure.scope else ""
    when = f", {figure.as_of}" if figure.as_of else ""
    by = f" by {figure.attributed_to}" if figure.attributed_to else ""
    old = ", superseded" if figure.superseded else ""
    return f"{figure.metric}: {in_words(figure)}{scope} ({figure.modality}{by}{when}{old}) {evidence.cite(figure.claims)}"


def _need_lines(need: Need, evidence: Evidence) -> Iterable[str]:
    several = len(need.alternatives) > 1
    kind = "" if need.essential else " (weakened, not stopped, without it)"
    if not several:
        item = need.alternatives[0]
        function = f" — {need.function}" if need.function != item.via.reading else ""
        yield f"{linked(item.via, item.label)}{_mark(item)}{function}{kind} {evidence.cite(item.claims)} · {item.confidence}"
        return
    yield f"{need.function}: {'any one' if need.minimum == 1 else f'at least {need.minimum}'} of{kind}"
    for item in need.alternatives:
        cited = evidence.cite((*item.claims, *item.barred_by))
        yield f"  {linked(item.via, item.label)}{_mark(item)} {cited} · {item.confidence}"


def _mark(item: Reached) -> str:
    return {"barred": " [BARRED]", "alternative": " [not in use]"}.get(item.role, "")


def _dependent_line(item: Reached, evidence: Evidence) -> str:
    weak = " (weakened, not stopped, without it)" if item.necessity == "supporting" else ""
    several = f" (one of {len(item.alternatives) + 1} alternatives)" if item.necessity == "one of several" else ""
    return f"{item.label} {linked(item.via, 'it')}{_mark(item)}{weak}{several} {evidence.cite(item.claims)} · {item.confidence}"


def _claim_line(kg: KnowledgeGraph, identifier: str, evidence: Evidence) -> str:
    claim = kg.claim(identifier)
    return f"{claim.statement} ({claim.modality}) {evidence.cite((identifier,))}"


def _text_line(kg: KnowledgeGraph, identifier: str, evidence: Evidence) -> str:
    """A claim with a text as object, under the heading of its subject."""
    claim = kg.claim(identifier)
    return f"{kg.catalog.predicates[claim.predicate]['label']}: {claim.object} ({claim.modality}) {evidence.cite((identifier,))}"
