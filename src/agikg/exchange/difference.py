"""How two states of the graph differ, record by record and field by field. Knows rows, no store and no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from agikg import vocab
from agikg.exchange.records import Row, Terms, rows
from agikg.exchange.schema import CLAIMS, ENTITIES, TABLES
from agikg.exchange.sifting import computed
from agikg.model.exchange import Change, Difference
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.terms import Quad

State = dict[str, dict[str, Row]]
"""Table -> id -> row."""


def state_of(quads: Iterable[Quad], vocabulary: Vocabulary) -> State:
    """The records that quads describe; what the build derives is left out, since it follows from the rest."""
    own = [quad for quad in quads if quad.subject.startswith(vocab.ID) and quad.graph != vocab.GRAPH_DERIVED]
    facts = TripleIndex(own)
    authored = TripleIndex(quad for quad in own if quad.predicate not in vocabulary.properties and not computed(quad, facts))
    return {table: {row["id"]: row for row in found} for table, found in rows(authored, Terms(vocabulary)).items()}


def compare(old: State, new: State, names: tuple[str, str]) -> Difference:
    """What was added, changed and removed.

    Args:
        old: the earlier state.
        new: the later one.
        names: what they are called in the result.
    """
    changes = [change for table in TABLES for change in _changes(table.name, old, new)]
    total = len({(table, key) for state in (old, new) for table, found in state.items() for key in found})
    return Difference(
        old=names[0],
        new=names[1],
        changes=tuple(changes),
        by_source=_counted((change.source, change.change) for change in changes if change.table == CLAIMS.name),
        by_layer=_counted((change.layer, change.change) for change in changes if change.table in (CLAIMS.name, ENTITIES.name)),
        same=total - len(changes),
    )


def _changes(table: str, old: State, new: State) -> Iterator[Change]:
    before, after = old.get(table, {}), new.get(table, {})
    for key in sorted({*before, *after}):
        was, is_ = before.get(key), after.get(key)
        if was == is_:
            continue
        state, row = (old, was) if is_ is None else (new, is_)
        kind = "added" if was is None else "removed" if is_ is None else "changed"
        fields = _fields(was, is_) if was is not None and is_ is not None else {}
        yield Change(key, table, kind, _label(row or {}), _source(table, row or {}, state), _layer(table, row or {}, state), fields)


def _fields(was: Row, is_: Row) -> dict[str, tuple[Any, Any]]:
    columns = [*was, *(column for column in is_ if column not in was)]
    return {column: (was.get(column), is_.get(column)) for column in columns if was.get(column) != is_.get(column)}


def _label(row: Row) -> str:
    return str(
        next((row[column] for column in ("label", "statement", "title", "function", "locator") if row.get(column)), row.get("id", ""))
    )


def _source(table: str, row: Row, state: State) -> str | None:
    """Of a claim, the source that its passage stands in."""
    if table != CLAIMS.name:
        return None
    section = state["passages"].get(str(row.get("passage")), {}).get("section")
    source = state["sections"].get(str(section), {}).get("source")
    # A part of a graph may hold the claim without its passage; the passage's name begins with the source's.
    return str(source or row.get("passage", "")).partition(":")[2].partition(".")[0] or None


def _layer(table: str, row: Row, state: State) -> str | None:
    entity = row if table == ENTITIES.name else state["entities"].get(str(row.get("subject")), {}) if table == CLAIMS.name else {}
    layer = entity.get("layer")
    return None if layer is None else str(layer)


def _counted(pairs: Iterable[tuple[str | None, str]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for group, kind in pairs:
        row = counts.setdefault(group or "unknown", {"added": 0, "changed": 0, "removed": 0})
        row[kind] += 1
    return dict(sorted(counts.items()))


def totals(difference: Difference) -> Mapping[str, dict[str, int]]:
    """Counts by table."""
    return _counted((change.table, change.change) for change in difference.changes)
