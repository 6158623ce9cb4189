"""Texts and lists as cells of a table, and back. Knows cells, no table."""

from __future__ import annotations

import re
from collections.abc import Iterable

SEPARATOR = "|"
# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PARTS = re.compile(r"((?:[^\\|]|\\.)*)(?:\||$)", re.DOTALL)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that could be one, or is guarded already, gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_FORMULA) or _is_guarded(cell) else cell


def unguarded(cell: str) -> str:
    """What ``guarded`` was given."""
    return cell[1:] if _is_guarded(cell) else cell


def _is_guarded(cell: str) -> bool:
    return cell[:1] == "'" and cell[1:].startswith((*_FORMULA, "'"))


def joined(items: Iterable[str]) -> str:
    """A list in one cell: items parted by ``|``, which a backslash escapes."""
    return SEPARATOR.join(item.replace("\\", "\\\\").replace(SEPARATOR, f"\\{SEPARATOR}") for item in items)


def parted(cell: str) -> list[str]:
    """What ``joined`` was given; spaces around items do not count."""
    items = [match[1] for match in _PARTS.finditer(cell)][:-1] if cell else []
    return [item for item in (re.sub(r"\\(.)", r"\1", item, flags=re.DOTALL).strip() for item in items) if item]
