"""Results in notebooks: as HTML, offline, and as pandas data frames. Never imports IPython or pandas unless they are there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from agikg.errors import BadInput
from agikg.model.answer import Answer
from agikg.model.record import Record
from agikg.model.result import Result
from agikg.model.sheet import Table

if TYPE_CHECKING:
    import pandas

_SHOWN = 200
_WIDEST = 160
# Where the rows of a result are, for those that have more than one list.
_ROWS = ("items", "paths", "sets", "rows", "links", "values", "claims")
_CITED = ("statement", "modality", "attributed_to", "source", "locator", "confidence", "id")
"""What is shown of the claims of an answer."""
_STATES = ("failed", "substituted", "degraded", "barred", "restored", "baseline_unavailable", "capacity")


def register() -> bool:
    """Makes results show themselves as tables in the running notebook; True if there is one.

    Registers a formatter with IPython instead of a method on the records: what shows a result is not part of it.
    """
    shell = sys.modules.get("IPython")
    running = shell.get_ipython() if shell is not None else None
    formatter = getattr(getattr(running, "display_formatter", None), "formatters", {}).get("text/html")
    if formatter is None:
        return False
    for kind in (Result, Table, Answer):
        formatter.for_type(kind, html)
    return True


def framed(page: str, height: int = 720) -> str:
    """A page inside a notebook: in a frame of its own that may run its script and save pictures, and reach nothing."""
    source = escape(page, quote=True)
    style = f"width:100%;height:{height}px;border:1px solid #8886;border-radius:8px"
    return f'<iframe sandbox="allow-scripts allow-downloads allow-popups" style="{style}" srcdoc="{source}"></iframe>'


def html(result: Record) -> str:
    """A result as HTML: what it says in sentences, its rows, and the command that repeats it."""
    parts = []
    if isinstance(result, Result):
        parts += [f"<p>{escape(line)}</p>" for line in result.explain().splitlines()[:12]]
    if isinstance(result, Answer):
        refused = f"<b>refused: {escape(str(result.reason))}</b>. " if result.status == "refused" else ""
        parts.append(f"<p>{refused}{escape(result.answer)}</p>")
    found = rows(result)
    header = list(dict.fromkeys(name for row in found for name in row))
    head = "".join(f"<th>{escape(name)}</th>" for name in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(_cell(row.get(name)))}</td>" for name in header) + "</tr>" for row in found[:_SHOWN])
    if found:
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")
    if len(found) > _SHOWN:
        parts.append(f"<p>{len(found) - _SHOWN} more rows: to_frame(result) has them all.</p>")
    if isinstance(result, Result):
        parts.append(f"<p><code>{escape(result.command())}</code></p>")
    return "".join(parts)


def to_frame(result: Record | Iterable[Record]) -> pandas.DataFrame:
    """A result, or a list of claims or entities, as a pandas data frame: one row an item, one column a field.

    Raises:
        BadInput: pandas is not installed.
    """
    try:
        import pandas
    except ImportError:
        raise BadInput("data frames need pandas, which is not installed", hint="pip install pandas") from None
    found = rows(result)
    header = list(dict.fromkeys(name for row in found for name in row))
    frame: pandas.DataFrame = pandas.DataFrame.from_records([{name: row.get(name) for name in header} for row in found], columns=header)
    return frame


def rows(result: Record | Iterable[Record]) -> list[dict[str, Any]]:
    """The rows of a result: entities by label with their ids beside, claims as lists of ids."""
    if isinstance(result, Table):
        return [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    if not isinstance(result, Record):
        return [_flat(item) for item in result]
    fields = result.model_dump()
    if isinstance(result, Answer):
        return [{name: claim[name] for name in _CITED} for claim in fields["claims"]]
    if all(name in fields for name in _STATES):
        return [{"state": state, **_plain(item)} for state in _STATES for item in fields[state]]
    if isinstance(fields.get("paths"), list) and "items" not in fields:
        return [
            {"path": number, "hop": step, **_plain(hop)}
            for number, path in enumerate(fields["paths"], start=1)
            for step, hop in enumerate(path, start=1)
        ]
    for name in _ROWS:
        if isinstance(fields.get(name), list):
            return [_plain(item) for item in fields[name]]
    return [_plain(fields)]


def _flat(item: Record) -> dict[str, Any]:
    return _plain(item.model_dump())


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """One level of columns: links and measures are spread out, entities become their labels."""
    row: dict[str, Any] = {}
    for name, value in item.items():
        if name == "via" and isinstance(value, dict):
            row |= {"from": value["from"], "relation": value["reading"], "to": value["to"], "modality": value["modality"]}
        elif name == "measures" and isinstance(value, dict):
            row |= value
        else:
            row[name] = _short(value)
    return row


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("label", value)
    return [_short(one) for one in value] if isinstance(value, list) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = "; ".join(map(_cell, value)) if isinstance(value, list) else f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
