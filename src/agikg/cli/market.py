"""markets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, closing, emit
from agikg.cli.options import Reading, reading

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph
    from agikg.model.market import Market, Markets


@click.command()
@click.argument("about", nargs=-1)
@click.option("--members", type=click.IntRange(min=1), default=2, show_default=True, help="How many shares have to be known of a market.")
@reading
def markets(about: tuple[str, ...], members: int, reading: Reading) -> None:
    """How concentrated the markets are of which sources give shares: HHI with coverage, countries to three quarters.

    ABOUT is somebody with a share, or words that a market is described with; without it, all markets.
    """
    kg = reading.open()
    result = kg.markets(" ".join(about) or None, members=members, **reading.scope)
    shown = replace(result, items=reading.cut(result.items))
    emit(reading.format, shown, [_row(item) for item in shown.items], lambda: _text(kg, shown))


def _row(item: Market) -> dict[str, Any]:
    return {
        "market": item.market, "as_of": item.as_of, "source": item.source, "hhi": item.hhi, "coverage": item.coverage,
        "countries_to_75": item.countries_to_75, "placed": item.placed, "members": [member.label for member in item.members],
        "shares": [member.share for member in item.members], "claims": [member.claims[0] for member in item.members],
    }  # fmt: skip


def _text(kg: KnowledgeGraph, result: Markets) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [click.style(result.explain().split("\n")[0], bold=True)]
    for item in result.items:
        head = f"{click.style(item.market, bold=True)} · {item.as_of or 'undated'} · {item.source}"
        countries = "" if item.countries_to_75 is None else f", three quarters in {item.countries_to_75} country(ies)"
        parts += ["", layout.paragraph(head), f"  HHI at least {item.hhi:.2f}, {item.coverage:.0%} of the market known{countries}"]
        for member in item.members:
            where = f" ({', '.join(place.label for place in member.places)})" if member.places else ""
            bound = f"{member.bound} " if member.bound else ""
            parts.append(
                layout.paragraph(f"{member.label}{where}: {bound}{member.share:.4g} {evidence.cite(member.claims)}", "      ", "  · ")
            )
    parts += ["", *(layout.paragraph(note) for note in result.notes), "", evidence.lines()]
    return closing(parts, result)
