"""Prints a result in the chosen format; evidence is numbered the same way everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click

from agikg.catalog import Catalog
from agikg.cli import layout
from agikg.model.record import Record
from agikg.model.scope import Hop


def emit(format_: str, record: Record | None, rows: Iterable[dict[str, Any]], human: Callable[[], str]) -> None:
    """Prints a result.

    Args:
        format_: table, json, jsonl, csv, tsv or md.
        record: the whole result, for json; None prints the rows as one list.
        rows: the result as flat rows, for the line formats.
        human: makes the text for a terminal.
    """
    if format_ == "table":
        click.echo(human())
    elif format_ == "json":
        rows = [] if record is not None else list(rows)
        click.echo(json.dumps(rows if record is None else record.model_dump(), ensure_ascii=False, indent=2))
    elif format_ == "jsonl":
        for row in rows:
            click.echo(json.dumps(row, ensure_ascii=False))
    else:
        _emit_flat(format_, list(rows))


def _emit_flat(format_: str, rows: list[dict[str, Any]]) -> None:
    header = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[_cell(row.get(key)) for key in header] for row in rows]
    if format_ == "md":
        click.echo(layout.markdown_table(header, cells))
        return
    import csv
    import io

    from agikg.exchange.cells import guarded

    out = io.StringIO()
    writer = csv.writer(out, delimiter="," if format_ == "csv" else "\t", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(
        [guarded(cell) if isinstance(row.get(key), str) else cell for cell, key in zip(line, header, strict=True)]
        for line, row in zip(cells, rows, strict=True)
    )
    click.echo(out.getvalue(), nl=False)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "; ".join(_cell(item) for item in value)
    if isinstance(value, dict):
        return str(value.get("label", value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def linked(hop: Hop, end: str) -> str:
    """The relation of a hop, its far end, and the hedge if it is not plainly stated."""
    return f"{hop.reading} {end}" if hop.modality == "stated" else f"{hop.reading} {end} ({hop.modality})"


class Evidence:
    """Numbers claims in the order in which they are first cited, and prints them beneath."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._numbers: dict[str, int] = {}

    def cite(self, claims: Sequence[str]) -> str:
        """``[1][2]`` for claim ids."""
        return "".join(f"[{self._numbers.setdefault(claim, len(self._numbers) + 1)}]" for claim in claims)

    def lines(self) -> str:
        """Every claim cited: statement, then modality, place, confidence and id."""
        if not self._numbers:
            return ""
        parts = [click.style("Evidence", bold=True)]
        for identifier, number in self._numbers.items():
            claim = self._catalog.claim_by_id(identifier)
            lead = f"[{number}]".rjust(5) + " "
            parts.append(layout.paragraph(layout.clean(claim.statement), " " * len(lead), lead))
            by = f" by {claim.attributed_to}" if claim.attributed_to else ""
            about = f"{claim.modality}{by} · {claim.source}, {claim.locator} · {claim.published} · {claim.confidence}"
            about += " · non-commercial use only" if claim.non_commercial else ""
            parts.append(click.style(layout.paragraph(about, " " * len(lead)), dim=True))
            for later in claim.superseded_by:
                parts.append(
                    layout.paragraph(
                        f"superseded by {self.cite([later])}" if later in self._numbers else f"superseded by {later}", " " * len(lead)
                    )
                )
            for other in dict.fromkeys((*claim.disputes, *claim.disputed_by)):
                parts.append(layout.paragraph(f"contested by {other}", " " * len(lead)))
            if claim.note:
                parts.append(layout.paragraph(f"note: {layout.clean(claim.note)}", " " * len(lead)))
        return "\n".join(parts)


def hop_lines(hops: tuple[Hop, ...], evidence: Evidence) -> list[str]:
    """A path, one hop a line."""
    return [
        layout.paragraph(
            f"{hop.from_} {linked(hop, hop.to)} {evidence.cite(hop.claims)} · {layout.confidence(hop.confidence)}", "      ", "   → "
        )
        for hop in hops
    ]


def closing(parts: Sequence[str], result: Any) -> str:
    """The text of an analysis with what makes it repeatable beneath: the command, hash and dates."""
    # Broken as a shell wants it, so that it can be copied.
    repeat = click.style(" \\\n  ".join(layout.wrap(f"repeat: {result.command()}", layout.columns() - 4)), dim=True)
    text = "\n".join([*parts, "", repeat, footer(result.snapshot, result.as_of, result.known_at, result.left_out)])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def footer(snapshot: str, as_of: str, known_at: str, notes: Sequence[str] = ()) -> str:
    """What makes an answer repeatable."""
    line = f"snapshot {snapshot[:19]} · as of {as_of} · known at {known_at}"
    return "\n".join([*(layout.paragraph(note) for note in notes), click.style(line, dim=True)])
