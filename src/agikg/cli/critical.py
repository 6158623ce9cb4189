"""chokepoints, cutsets, importance, exposure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, closing, emit
from agikg.cli.options import Assignment, Reading, assigned, complete_name, name_argument, reading
from agikg.cli.progress import Progress
from agikg.kg import KnowledgeGraph
from agikg.model.criticality import Chokepoint, Chokepoints, CutSets, Exposure, Importances

_MEASURES = ("stops", "dependents_lost", "capacity_lost", "esri_d", "dominates", "concentration", "betweenness")
_SHOWN = 20
_CLUSTER = click.option("--cluster", metavar="ADDRESS", help="Work on a Dask cluster, such as tcp://10.0.0.1:8786.")


@click.command()
@click.option(
    "--for", "targets", multiple=True, metavar="NAME", shell_complete=complete_name, help="Count the loss of this target (repeatable)."
)
@click.option("--layer", metavar="KEY", help="Count the loss of this layer's entities.")
@click.option("--weight", multiple=True, type=Assignment(), help="Weight of a target; others weigh 1.")
@click.option("--measure", type=click.Choice(_MEASURES), default="stops", show_default=True, help="What to rank by.")
@click.option("--stability", is_flag=True, help="Also rank with everything below each confidence dropped.")
@_CLUSTER
@reading
def chokepoints(targets: tuple[str, ...], weight: tuple[tuple[str, float], ...], reading: Reading, **more: Any) -> None:
    """Entities whose denial alone stops others, ranked; other measures beside it, substitutes, disagreement."""
    kg = reading.open()
    with Progress("denials") as progress:
        result = kg.chokepoints(
            targets, weights=assigned(weight), limit=reading.limit or _SHOWN, progress=progress.step, **more, **reading.scope
        )
    emit(reading.format, result, _chokepoint_rows(result), lambda: _chokepoints_text(kg, result))


def _chokepoint_rows(result: Chokepoints) -> list[dict[str, Any]]:
    return [
        {
            "rank": item.rank, "id": item.id, "label": item.label, "layer": item.layer, **item.measures,
            "stopped": [stop.label for stop in item.stops],
            "substitutes": [s.label for entry in item.substitutes for s in entry.remaining], "disagreement": item.disagreement,
            "confidence": item.confidence, "claims": list(item.claims),
            **({f"rank_{word}": rank for word, rank in item.ranks.items()} if item.ranks else {}),
        }
        for item in result.items
    ]  # fmt: skip


def _chokepoints_text(kg: KnowledgeGraph, result: Chokepoints) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    head = result.explain().split("\n")[0].rstrip(":")
    parts = [layout.paragraph(click.style(head, bold=True))]
    for item in result.items:
        parts += ["", *_chokepoint_lines(item, evidence)]
    if result.items:
        parts += ["", layout.table(*_measure_table(result))]
    parts += ["", *(layout.paragraph(note) for note in result.notes), "", evidence.lines()]
    return closing(parts, result)


def _chokepoint_lines(item: Chokepoint, evidence: Evidence) -> list[str]:
    lead = f"{item.rank:>3}. "
    lines = [layout.paragraph(f"{click.style(item.label, bold=True)} · {item.layer} · {layout.confidence(item.confidence)}", " " * 5, lead)]
    if item.stops:
        stopped = "; ".join(f"{stop.label} {evidence.cite(stop.claims)}" for stop in item.stops[:8])
        more = f"; and {len(item.stops) - 8} more" if len(item.stops) > 8 else ""
        lines.append(layout.paragraph(f"stops {stopped}{more}", " " * 5))
    for entry in item.substitutes:
        left = ", ".join(s.label + ("" if s.in_use else " (possible)") for s in entry.remaining) or "nothing"
        closed = "; ".join(f"{bar.alternative.label} is closed {evidence.cite(bar.barred_by)}" for bar in entry.barred)
        lines.append(layout.paragraph(f"left for {entry.owner.label} ({entry.function}): {left}{'; ' + closed if closed else ''}", " " * 5))
    if item.disagreement:
        lines.append(layout.paragraph(item.disagreement, " " * 5))
    if item.ranks:
        told = ", ".join(f"{word} and above: {rank or 'stops nothing'}" for word, rank in item.ranks.items())
        lines.append(layout.paragraph(f"rank by confidence kept — {told}", " " * 5))
    return lines


def _measure_table(result: Chokepoints) -> tuple[list[str], list[list[str]]]:
    short = {
        "stops": "stops", "dependents_lost": "all lost", "capacity_lost": "capacity", "esri_d": "ESRI_d", "dominates": "domin.",
        "concentration": "HHI", "betweenness": "betw.",
    }  # fmt: skip
    header = ["rank", "entity", *short.values()]
    rows = [
        [str(item.rank), item.label, *(f"{item.measures[name]:.3g}" if name in item.measures else "" for name in short)]
        for item in result.items
    ]
    return header, rows


@click.command()
@name_argument
@click.option("--order", type=click.IntRange(min=1), default=2, show_default=True, help="Most members of a set.")
@click.option("--evidence", type=click.Choice(("claims", "sources", "origins")), help="Sets of evidence instead of entities.")
@click.option("--deny", multiple=True, metavar="NAME", help="For evidence: the conclusion that denying this stops NAME.")
@click.option("--cheapest", is_flag=True, help="Only the cheapest cut of entities (needs agikg[solve]).")
@click.option("--cost", multiple=True, type=Assignment(), help="Cost of denying an entity; others cost 1, inf forbids.")
@reading
def cutsets(
    name: tuple[str, ...], order: int, evidence: str | None, deny: tuple[str, ...], cheapest: bool, cost: tuple[tuple[str, float], ...],
    reading: Reading,
) -> None:  # fmt: skip
    """Smallest sets that stop NAME; or of claims or sources whose withdrawal removes a conclusion about it."""
    kg = reading.open()
    with Progress("branches") as progress:
        result = kg.cutsets(
            " ".join(name), order=order, kind=evidence or "entities", deny=deny, cheapest=cheapest, costs=assigned(cost),
            progress=progress.step, **reading.scope,
        )  # fmt: skip
    shown = replace(result, sets=reading.cut(result.sets))
    rows = [
        {"set": number, "conclusion": one.conclusion, "members": [m.id for m in one.members], "labels": [m.label for m in one.members]}
        for number, one in enumerate(shown.sets, start=1)
    ]
    emit(reading.format, shown, rows, lambda: _cutsets_text(kg, shown, result))


def _cutsets_text(kg: KnowledgeGraph, shown: CutSets, whole: CutSets) -> str:
    evidence = Evidence(kg.catalog_in(whole.scope))
    head = whole.explain().split("\n")[0].rstrip(":")
    parts = [layout.paragraph(click.style(head, bold=True))]
    if whole.cost is not None and whole.sets:
        parts.append(f"the cheapest costs {whole.cost:g}")
    conclusion = None
    for number, one in enumerate(shown.sets, start=1):
        if one.conclusion != conclusion:
            conclusion = one.conclusion
            parts += ["", layout.paragraph(f"{conclusion}, unless one of these sets is withdrawn:")]
        joined = " + ".join(f"{member.label} {evidence.cite(member.claims[:8])}" for member in one.members)
        parts.append(layout.paragraph(joined, "       ", f"{number:>5}. "))
    if len(whole.sets) > len(shown.sets):
        parts.append(f"showing {len(shown.sets)} of {len(whole.sets)}")
    parts += ["", *(layout.paragraph(note) for note in whole.notes), "", evidence.lines()]
    return closing(parts, whole)


@click.command()
@name_argument
@click.option("--probability", multiple=True, type=Assignment(), help="Probability that an entity is unavailable; without any, structural.")
@click.option("--deny", multiple=True, metavar="NAME", help="Instead: how sure it is that denying this stops NAME.")
@click.option("--samples", type=click.IntRange(min=1), default=20_000, show_default=True, help="Monte Carlo samples, where needed.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the sample.")
@_CLUSTER
@reading
def importance(name: tuple[str, ...], probability: tuple[tuple[str, float], ...], reading: Reading, **more: Any) -> None:
    """How likely NAME is unavailable, or a conclusion about it right, and what decides it."""
    kg = reading.open()
    with Progress("samples") as progress:
        result = kg.importance(" ".join(name), assigned(probability), progress=progress.step, **more, **reading.scope)
    shown = replace(result, items=reading.cut(result.items))
    emit(reading.format, shown, [item.model_dump() for item in shown.items], lambda: _importance_text(kg, shown))


def _importance_text(kg: KnowledgeGraph, result: Importances) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [layout.paragraph(click.style(result.explain().split("\n")[0], bold=True))]
    if result.items:
        columns = ["Birnbaum"] if result.conclusion else ["structural" if result.structural else "Birnbaum", "RAW", "RRW", "Fussell-Vesely"]
        rows = []
        for item in result.items:
            numbers = [item.birnbaum, *([] if result.conclusion else [item.risk_achievement, item.risk_reduction, item.fussell_vesely])]
            rows.append([f"{item.label} {evidence.cite(item.claims)}", *("∞" if n is None else f"{n:.2g}" for n in numbers)])
        parts += ["", layout.table(["claim" if result.conclusion else "entity", *columns], rows)]
        if not result.conclusion:
            parts.append(layout.paragraph("RAW: risk achievement worth P(S|e)/P(S). RRW: risk reduction worth P(S)/P(S|not e)."))
    parts += ["", *(layout.paragraph(note) for note in result.notes), "", evidence.lines()]
    return closing(parts, result)


@click.command()
@name_argument
@click.option("--order", type=click.IntRange(min=1), default=2, show_default=True, help="Order of the cut sets looked at.")
@reading
def exposure(name: tuple[str, ...], order: int, reading: Reading) -> None:
    """How much of what NAME needs touches each country, by headquarters and by site."""
    kg = reading.open()
    result = kg.exposure(" ".join(name), order=order, **reading.scope)
    shown = replace(result, items=reading.cut(result.items))
    rows = [
        {
            "id": item.id, "label": item.label, "headquarters": [r.label for r in item.headquarters], "site": [r.label for r in item.site],
            "requirements": item.requirements, "cut_sets": item.cut_sets, "denial_stops": item.denial_stops, "claims": list(item.claims),
        }
        for item in shown.items
    ]  # fmt: skip
    emit(reading.format, shown, rows, lambda: _exposure_text(kg, shown))


def _exposure_text(kg: KnowledgeGraph, result: Exposure) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [layout.paragraph(click.style(result.explain().split("\n")[0], bold=True))]
    for item in result.items:
        stops = " — denying all of it stops the target" if item.denial_stops else ""
        cuts = "" if item.cut_sets is None else f", {item.cut_sets:.0%} of the cut sets"
        parts += [
            "",
            layout.paragraph(
                f"{click.style(item.label, bold=True)}: {item.requirements:.0%} of the needs{cuts}{stops} {evidence.cite(item.claims)}"
            ),
        ]
        for way, refs in (("headquarters", item.headquarters), ("site", item.site)):
            if refs:
                parts.append(layout.paragraph(", ".join(ref.label for ref in refs), "     ", f"  by {way}: "))
    if result.countries_to_75 is not None:
        parts += ["", f"three quarters of the needs belong to {result.countries_to_75} place(s)"]
    parts += ["", *(layout.paragraph(note) for note in result.notes), "", evidence.lines()]
    return closing(parts, result)
