"""Figures of an entity in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agikg.catalog import Catalog
from agikg.dates import period
from agikg.model.figure import Figure


def figure(catalog: Catalog, row: dict[str, Any]) -> Figure:
    """A claim row of a metric as a figure."""
    return Figure(
        subject=row["subject_label"],
        metric=catalog.predicates[row["predicate"]]["label"],
        value=row["value"],
        unit=row["unit"],
        bound=row["bound"],
        as_of=row["as_of"] or row["valid_from"],
        modality=row["modality"],
        claims=(row["id"],),
        value_high=row["value_high"],
        verbatim=row["verbatim"],
        scope=row["scope"],
        attributed_to=row["attributed_to"],
        superseded=bool(row["superseded_by"]),
    )


def timeline(catalog: Catalog, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by metric, scope and time: what is superseded stands before what supersedes it."""
    known = {row["id"]: row for row in rows if catalog.predicates[row["predicate"]]["kind"] == "metric"}

    def generation(row: dict[str, Any]) -> int:
        return 1 + max((generation(known[other]) for other in row["supersedes"] if other in known), default=-1)

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        when = row["as_of"] or row["valid_from"]
        return row["subject"], row["predicate"], generation(row), period(when).first if when else "", row["id"]

    return sorted(known.values(), key=order)
