"""Text for terminals: widths that count Chinese as two, wrapping, tables, trees. Knows strings only.

Written out because rich takes longer to import than a warm answer takes in all.
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Sequence

import click

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MOST = 32
"""Words longer than this may be cut by a column of a table."""
CONFIDENCE_COLORS = {"high": "green", "medium": "yellow", "low": "red"}


def columns() -> int:
    """Width to print for: COLUMNS or the terminal, at least 40."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given):
        return max(int(given), 40)
    try:
        return max(os.get_terminal_size(sys.stdout.fileno()).columns, 40)
    except (OSError, ValueError, AttributeError):
        return 80  # no terminal: a pipe, a file, a test


def width(text: str) -> int:
    """Cells a text takes on a terminal."""
    if text.isascii() and "\x1b" not in text:
        return len(text)
    plain = _ANSI.sub("", text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in plain)


def clean(text: str) -> str:
    """The text without control characters, so that data cannot steer a terminal."""
    return _CONTROL.sub("\ufffd", text)


def pad(text: str, cells: int) -> str:
    """The text filled with spaces to a width."""
    return text + " " * max(cells - width(text), 0)


def wrap(text: str, cells: int) -> list[str]:
    """Lines of at most so many cells; Chinese may break anywhere, words only when they are too long for a line."""
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        taken = width(word)
        if (joined := used + 1 + taken if line else taken) <= cells:
            line, used = f"{line} {word}" if line else word, joined
            continue
        if line:
            lines.append(line)
        line, used = word, taken
        while used > cells:
            cut = _fit(line, cells)
            lines.append(line[:cut])
            line = line[cut:]
            used = width(line)
    return [*lines, line] if line or not lines else lines


def _fit(text: str, cells: int) -> int:
    """How many characters fit, at least one."""
    used = 0
    for index, character in enumerate(text):
        used += width(character)
        if used > cells:
            return max(index, 1)
    return len(text)


def paragraph(text: str, indent: str = "", first: str | None = None) -> str:
    """Wrapped text with an indent; ``first`` stands before the first line instead."""
    head = indent if first is None else first
    lines = wrap(text, columns() - max(width(indent), width(head)))
    return "\n".join(f"{head if index == 0 else indent}{line}" for index, line in enumerate(lines))


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that fits the width: the widest columns give way and wrap; with too many columns, a block a row."""
    if not rows:
        return "(no rows)"
    rows = [[clean(cell) for cell in row] for row in rows]
    wide = [max(width(cell) for cell in column) for column in zip(header, *rows, strict=True)]
    room = columns() - 2 * (len(wide) - 1)
    words = [_longest_word(column) for column in zip(header, *rows, strict=True)]
    if sum(words) > room:
        return "\n\n".join(_block(header, row) for row in rows)
    narrow = _shrink(wide, words, room)
    lines = [_row(header, narrow, bold=True), "  ".join("─" * cells for cells in narrow)]
    return "\n".join([*lines, *(_row(row, narrow) for row in rows)])


def _longest_word(cells: Sequence[str]) -> int:
    """Width below which a column would cut its words; a Chinese text may be cut anywhere."""
    return max(min(width(word), _MOST) if width(word) == len(word) else 4 for cell in cells for word in (cell.split() or [""]))


def _shrink(wide: list[int], least: list[int], room: int) -> list[int]:
    """Widths that fit the room: the widest column gives way, none below its longest word."""
    narrow = list(wide)
    while sum(narrow) > room:
        widest = max((index for index in range(len(narrow)) if narrow[index] > least[index]), key=lambda index: narrow[index])
        narrow[widest] -= 1
    return narrow


def _row(cells: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> str:
    wrapped = [wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    lines = []
    for index in range(max(len(cell) for cell in wrapped)):
        parts = [pad(cell[index] if index < len(cell) else "", size) for cell, size in zip(wrapped, widths, strict=True)]
        line = "  ".join(parts).rstrip()
        lines.append(click.style(line, bold=True) if bold else line)
    return "\n".join(lines)


def _block(header: Sequence[str], row: Sequence[str]) -> str:
    """One row as lines of name and value; empty cells are left out."""
    lead = max(map(width, header)) + 2
    return "\n".join(paragraph(cell, " " * lead, pad(name, lead)) for name, cell in zip(header, row, strict=True) if cell)


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, bars escaped."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(clean(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(header), "|" + " --- |" * len(header), *map(line, rows)])


def confidence(word: str) -> str:
    """A confidence word, coloured."""
    return click.style(word, fg=CONFIDENCE_COLORS.get(word))
