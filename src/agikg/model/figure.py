"""A figure as results show it."""

from __future__ import annotations

from dataclasses import dataclass

from agikg.model.record import Record


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Figure(Record):
    """A value with its dates and hedges."""

    subject: str
    metric: str
    value: float | int | None
    unit: str | None
    bound: str | None
    as_of: str | None
    modality: str
    claims: tuple[str, ...]
    value_high: float | int | None
    verbatim: str | None
    scope: str | None
    attributed_to: str | None
    superseded: bool
