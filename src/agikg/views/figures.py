"""Figures of an entity in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agikg.catalog import Catalog
from agikg.dates import period
from agikg.model.figure import Figure
from agikg.names import is_chinese


def date_of(row: dict[str, Any]) -> str | None:
    """The date a claim row refers to, as written."""
    date: str | None = row["as_of"] or row["valid_from"]
    return date


def first_day(row: dict[str, Any]) -> str:
    """The day a claim row is ordered by; undated ones come first."""
    date = date_of(row)
    return period(date).first if date else ""


def figure(catalog: Catalog, row: dict[str, Any]) -> Figure:
    """A claim row of a metric as a figure."""
    return Figure(
        subject=row["subject_label"],
        metric=catalog.predicates[row["predicate"]]["label"],
        value=row["value"],
        unit=row["unit"],
        bound=row["bound"],
        as_of=date_of(row),
        modality=row["modality"],
        claims=(row["id"],),
        value_high=row["value_high"],
        verbatim=row["verbatim"],
        scope=row["scope"],
        attributed_to=row["attributed_to"],
        superseded=bool(row["superseded_by"]),
    )


def in_words(figure: Figure, lang: str = "en") -> str:
    """A figure as the source prints it, or, where its letters are not those of the reader's language, as bound, number and unit."""
    printed, value, bound = figure.verbatim or "", figure.value, figure.bound
    strange = any(letter.isalpha() and not (letter < "\u0250" or (lang == "zh" and is_chinese(letter))) for letter in printed)
    if value is None or (printed and not strange):
        return printed
    number = f"{value:,.12g}" if figure.value_high is None else f"{value:,.12g} to {figure.value_high:,.12g}"
    known = figure.unit if figure.unit not in (None, "none") else ""
    told = number + (" %" if known == "percent" else f" {known}" if known else "")
    return f"{bound} {told}" if bound and bound != "range" else told


def is_figure(catalog: Catalog, row: dict[str, Any]) -> bool:
    """Whether a claim row gives a figure: its predicate is a metric."""
    return bool(catalog.predicates[row["predicate"]]["kind"] == "metric")


def figures(catalog: Catalog, rows: Iterable[dict[str, Any]]) -> tuple[Figure, ...]:
    """The figures among claim rows, in their order."""
    return tuple(figure(catalog, row) for row in rows if is_figure(catalog, row))


def timeline(catalog: Catalog, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by metric, scope and time: what is superseded stands before what supersedes it."""
    known = {row["id"]: row for row in rows if is_figure(catalog, row)}

    def generation(row: dict[str, Any]) -> int:
        return 1 + max((generation(known[other]) for other in row["supersedes"] if other in known), default=-1)

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        return row["subject"], row["predicate"], generation(row), first_day(row), row["id"]

    return sorted(known.values(), key=order)
