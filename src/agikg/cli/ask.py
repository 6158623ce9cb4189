"""ask."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, emit, footer, hop_lines, linked
from agikg.cli.options import Reading, reading
from agikg.errors import BadInput
from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer, Named

_REFUSED = 3


@click.command()
@click.argument("text", nargs=-1)
@reading
def ask(text: tuple[str, ...], reading: Reading) -> None:
    """Answer a question in English or Chinese from the graph, or refuse (exit 3) with the reason."""
    question = " ".join(text).strip()
    if not question:
        raise BadInput("no question given", hint='for example: agikg ask "what depends on SMIC DUV"')
    kg = reading.open()
    result = kg.ask(question, **reading.scope)
    if reading.limit is not None:
        result = replace(result, entities=reading.cut(result.entities), paths=reading.cut(result.paths), claims=reading.cut(result.claims))
    emit(reading.format, result, _rows(result), lambda: _text(kg, result))
    if result.status == "refused":
        sys.exit(_REFUSED)


def _rows(result: Answer) -> list[dict[str, Any]]:
    if result.values:
        return [value.model_dump() for value in result.values]
    if result.entities:
        return [entity.model_dump() for entity in result.entities]
    return [{"status": result.status, "reason": result.reason, "answer": result.answer}]


def _text(kg: KnowledgeGraph, result: Answer) -> str:
    """The answer first, evidence numbered beneath, then what was understood and what can be asked next."""
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [layout.paragraph(click.style("refused: ", fg="red") + result.answer if result.status == "refused" else result.answer)]
    parts += _entity_lines(kg, result, evidence)
    if result.family == "path":
        for number, hops in enumerate(result.paths, start=1):
            parts += ["", f"{number}. {len(hops)} hop{'s' if len(hops) > 1 else ''}", *hop_lines(hops, evidence)]
    evidence.cite([claim.id for claim in result.claims])
    if result.claims:
        parts += ["", evidence.lines()]
    if result.not_known:
        parts += ["", click.style("Not known", bold=True), *(layout.paragraph(line, "    ", "  · ") for line in result.not_known)]
    guessed = [link for link in result.understood.entities if link.score < 1]
    if guessed:
        parts += ["", *(layout.paragraph(f"{link.text!r} was taken for {link.label}") for link in guessed)]
    if result.suggestions:
        parts += ["", click.style("Ask instead", bold=True), *(f'  agikg ask "{question}"' for question in result.suggestions)]
    beyond = [note for note in result.left_out if note not in result.not_known]
    return "\n".join([*parts, "", footer(result.snapshot, result.as_of, result.known_at, beyond)])


def _entity_lines(kg: KnowledgeGraph, result: Answer, evidence: Evidence) -> list[str]:
    """For reaches: one line an entity, by role, with its link and evidence."""
    if result.family not in ("dependents", "dependencies") or result.status == "refused":
        return []
    titles = {"direct": "Direct", "transitive": "Through others", "barred": "Closed by a control", "alternative": "Possible, not in use"}
    via = {path[0].from_id if result.family == "dependents" else path[-1].to_id: path for path in result.paths}
    lines: list[str] = []
    for role, title in titles.items():
        members = [entity for entity in result.entities if entity.role == role]
        if members:
            lines += ["", click.style(title, bold=True), *(_entity_line(kg, entity, via, result, evidence) for entity in members)]
    return lines


def _entity_line(kg: KnowledgeGraph, entity: Named, via: dict[str, Any], result: Answer, evidence: Evidence) -> str:
    hops = via[entity.id]
    hop = hops[0] if result.family == "dependents" else hops[-1]
    zh = kg.entity(entity.id).label_zh
    name = click.style(entity.label, bold=True) + (f" {zh}" if zh else "")
    said = linked(hop, hop.to) if result.family == "dependents" else f"{hop.from_} {linked(hop, 'it')}"
    extra = "" if entity.necessity in (None, "essential") else f" — {entity.necessity}"
    return layout.paragraph(
        f"{name}: {said}{extra} {evidence.cite(entity.claims)} · {layout.confidence(entity.confidence or '')}", "      ", "  · "
    )
