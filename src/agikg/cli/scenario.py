"""whatif, changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, closing, emit, linked
from agikg.cli.options import Assignment, Reading, assigned, complete_name, name_argument, reading
from agikg.errors import BadInput
from agikg.kg import KnowledgeGraph
from agikg.model.comparison import Changes
from agikg.model.scenario import BarredLink, Degraded, Failed, Restored, Substituted, WhatIf


@click.command()
@click.option("--deny", multiple=True, metavar="NAME", shell_complete=complete_name, help="Take an entity away (repeatable).")
@click.option("--deny-link", "deny_links", nargs=2, multiple=True, metavar="A B", help="Cut the link between A and what it needs, B.")
@click.option("--deny-country", "deny_countries", multiple=True, metavar="NAME", help="Take away all that belongs to a country (see --by).")
@click.option("--deny-layer", "deny_layers", multiple=True, metavar="KEY", help="Take a whole layer away (materials ... applications).")
@click.option("--deny-owner", "deny_owners", multiple=True, metavar="NAME", help="Take an owner away with all it owns.")
@click.option(
    "--by", type=click.Choice(("headquarters", "site", "either")), default="either", show_default=True, help="How to belong to a country."
)
@click.option("--lift", multiple=True, metavar="NAME", shell_complete=complete_name, help="Lift a control, or all that are part of it.")
@click.option("--capacity", multiple=True, type=Assignment(), help="Cap an entity: 0.4 is 40 percent.")
@reading
def whatif(deny: tuple[str, ...], lift: tuple[str, ...], capacity: tuple[tuple[str, float], ...], reading: Reading, **more: Any) -> None:
    """What fails, degrades, is substituted or barred when something is denied, lifted or capped, against the baseline."""
    kg = reading.open()
    result = kg.whatif(deny, lift, assigned(capacity), **more, **reading.scope)
    shown = replace(
        result,
        failed=reading.cut(result.failed),
        degraded=reading.cut(result.degraded),
        substituted=reading.cut(result.substituted),
        barred=reading.cut(result.barred),
        capacity=reading.cut(result.capacity),
    )
    emit(reading.format, shown, _rows(shown), lambda: _text(kg, shown, result))


def _rows(result: WhatIf) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(state: str, items: tuple[Any, ...], **more: Any) -> None:
        for item in items:
            row = {"state": state, "id": item.id, "label": item.label, "layer": item.layer}
            rows.append({**row, **{name: get(item) for name, get in more.items()}, "claims": list(item.claims)})

    add("failed", result.failed, because=lambda i: " > ".join(hop.to for hop in i.because), confidence=lambda i: i.confidence)
    add("degraded", result.degraded, function=lambda i: i.function, lost=_labels("lost"), remaining=_labels("remaining"))
    add("substituted", result.substituted, function=lambda i: i.function, lost=_labels("lost"), remaining=_labels("by"))
    add("barred", result.barred, lost=lambda i: i.alternative.label, because=_labels("controls"))
    add("restored", result.restored, remaining=lambda i: i.alternative.label)
    add("baseline_unavailable", result.baseline_unavailable, because=lambda i: " > ".join(hop.to for hop in i.because))
    add("capacity", result.capacity, optimistic=lambda i: i.optimistic, pessimistic=lambda i: i.pessimistic)
    return rows


def _labels(name: str) -> Any:
    return lambda item: [ref.label for ref in getattr(item, name)]


def _text(kg: KnowledgeGraph, shown: WhatIf, whole: WhatIf) -> str:
    evidence = Evidence(kg.catalog_in(whole.scope))
    head, *_ = whole.explain().partition("\n")
    parts = [layout.paragraph(click.style(head, bold=True))]
    parts += _section("Stops", [_failed(item, evidence) for item in shown.failed], len(whole.failed))
    parts += _section(
        "Goes on: something else can serve", [_substituted(item, evidence) for item in shown.substituted], len(whole.substituted)
    )
    told = {(item.id, item.function) for item in whole.substituted}
    weakened = [item for item in shown.degraded if (item.id, item.function) not in told]
    parts += _section("Goes on with less", [_degraded(item, evidence) for item in weakened], len(weakened))
    if shown.capacity:
        parts += ["", click.style("Levels, with all alternatives stepping in or sharing evenly", bold=True), _levels(shown, evidence)]
    back = [_restored(item, evidence) for item in shown.restored]
    parts += _section("Has an alternative again", back, len(back))
    parts += _section("Closed by a control", [_barred(item, evidence) for item in shown.barred], len(whole.barred))
    parts += _section(
        "Unavailable with nothing denied", [_failed(item, evidence) for item in shown.baseline_unavailable], len(shown.baseline_unavailable)
    )
    return closing([*parts, "", evidence.lines()], whole)


def _section(title: str, lines: list[str], total: int) -> list[str]:
    if not lines:
        return []
    more = f" (showing {len(lines)} of {total})" if total > len(lines) else ""
    return ["", click.style(f"{title}{more}", bold=True), *(layout.paragraph(line, "      ", "  · ") for line in lines)]


def _failed(item: Failed, evidence: Evidence) -> str:
    name = click.style(item.label, bold=True)
    if not item.because:
        return f"{name}: nothing serves {item.function} {evidence.cite(item.claims)}{evidence.cite(item.barred_by)}"
    chain = ", which ".join(linked(hop, hop.to) for hop in item.because)
    return f"{name}: {chain} {evidence.cite(item.claims)} · {layout.confidence(item.confidence)}"


def _substituted(item: Substituted, evidence: Evidence) -> str:
    others = "; ".join(f"{s.label}{'' if s.in_use else ' (possible, not said to be in use)'} {evidence.cite(s.claims)}" for s in item.by)
    lost = ", ".join(ref.label for ref in item.lost)
    return f"{click.style(item.label, bold=True)}: loses {lost} {evidence.cite(item.claims)} for {item.function}; left: {others}"


def _degraded(item: Degraded, evidence: Evidence) -> str:
    lost = ", ".join(ref.label for ref in item.lost)
    rest = f"left: {', '.join(ref.label for ref in item.remaining)}" if item.remaining else "weakened, not stopped"
    return f"{click.style(item.label, bold=True)}: loses {lost} ({item.function}) {evidence.cite(item.claims)}; {rest}"


def _barred(item: BarredLink, evidence: Evidence) -> str:
    controls = ", ".join(ref.label for ref in item.controls)
    since = f" since {item.since}" if item.since else ""
    return f"{item.alternative.label} to {click.style(item.label, bold=True)}: {controls}{since} {evidence.cite(item.barred_by)}"


def _restored(item: Restored, evidence: Evidence) -> str:
    again = " — available again" if item.available else ""
    return f"{item.label}: {item.alternative.label}{again} {evidence.cite(item.claims)}, lifted {evidence.cite(item.barred_by)}"


def _levels(result: WhatIf, evidence: Evidence) -> str:
    rows = [[f"{item.label} {evidence.cite(item.claims)}", f"{item.pessimistic:.0%}", f"{item.optimistic:.0%}"] for item in result.capacity]
    text = layout.table(["entity", "pessimistic", "optimistic"], rows)
    if result.shares_known is not None:
        known, all_ = result.shares_known
        text += "\n" + layout.paragraph(f"shares are known for {known} of {all_} links: the two columns are bounds, not estimates")
    return text


@click.command()
@name_argument
@click.option("--from", "since", required=True, metavar="DATE", help="The earlier date.")
@click.option("--to", "until", metavar="DATE", help="The later date (default: --as-of, else today).")
@reading
def changes(name: tuple[str, ...], since: str, until: str | None, reading: Reading) -> None:
    """What changed for NAME between two dates: links, controls, availability, single points of failure."""
    kg = reading.open()
    scope = dict(reading.scope)
    as_of = scope.pop("as_of")
    if until and as_of:
        raise BadInput("--to and --as-of both name the later date", hint="give one of them")
    result = kg.changes(" ".join(name), since, until or as_of, **scope)
    emit(reading.format, result, _change_rows(result), lambda: _changes_text(kg, result))


def _change_rows(result: Changes) -> list[dict[str, Any]]:
    return [
        {"what": c.what, "from": c.hop.from_, "relation": c.hop.reading, "to": c.hop.to, "claims": [*c.claims, *c.barred_by]}
        for c in result.links
    ]  # fmt: skip


def _changes_text(kg: KnowledgeGraph, result: Changes) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    words = {True: "available", False: "unavailable"}
    before, after = (words[state] for state in result.available)
    parts = [click.style(f"{result.target.label} between {result.since} and {result.until}", bold=True), f"{before} before, {after} after"]
    lines = [
        f"{change.what}: {change.hop.from_} {linked(change.hop, change.hop.to)} {evidence.cite(change.claims)}"
        f"{' by ' + evidence.cite(change.barred_by) if change.barred_by else ''}"
        for change in result.links
    ]  # fmt: skip
    parts += _section("Links", lines, len(lines)) or ["", "No link that the graph dates changed."]
    for title, refs in (
        ("Stops it alone now, did not before", result.chokepoints_gained), ("Stopped it alone before, not now", result.chokepoints_lost),
        ("Needed now, not before", result.needs_gained), ("Needed before, not now", result.needs_lost),
    ):  # fmt: skip
        parts += _section(title, [ref.label for ref in refs], len(refs))
    if result.undated:
        parts += ["", layout.paragraph(f"{result.undated} links carry no date and are taken to hold on both dates.")]
    return closing([*parts, "", evidence.lines()], result)
