"""What imports and comparisons report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Imported(Record):
    """A set of imported statements.

    Attributes:
        name: what the user calls it.
        on: whether reading commands see it.
        origin: the file or folder it came from.
        format: how that was read.
        claims, entities: how many it adds.
        sources: ids of the sources it adds or adds to.
        non_commercial: those whose terms allow non-commercial use only.
        content: hash of what it states.
        left_out: why it does not count although it is on: the problems the graph has with it.
    """

    name: str
    on: bool
    origin: str
    format: str
    claims: int
    entities: int
    sources: tuple[str, ...]
    non_commercial: tuple[str, ...]
    content: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ImportReport(Record):
    """What came of an import.

    Attributes:
        status: imported, unchanged (the same set is there already), nothing new (the graph has it all), or checked (a dry run).
        set: the set, as it is or would be; None where there is nothing new.
        known: statements of the file that the graph has already, or derives, and that were left out for it.
    """

    status: str
    set: Imported | None
    known: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Change(Record):
    """One record that differs.

    Attributes:
        id: of the record.
        table: entities, claims, sources ...
        change: added, removed or changed.
        label: its label, statement or title.
        source: of a claim; None for other records.
        layer: of an entity, or of a claim's subject; None where there is none.
        fields: of a changed record, column -> old and new value.
    """

    id: str
    table: str
    change: str
    label: str
    source: str | None
    layer: str | None
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Difference(Record):
    """How two states differ.

    Attributes:
        old, new: what was compared, as given, and the hash of each where it has one.
        changes: records that differ, by table and id.
        by_source, by_layer: counts of added, changed and removed claims (and entities, by layer).
        same: number of records that are equal.
    """

    old: str
    new: str
    changes: tuple[Change, ...]
    by_source: dict[str, dict[str, int]]
    by_layer: dict[str, dict[str, int]]
    same: int
