"""Templates for claims: example rows that import as they stand. Knows two files beside it."""

from __future__ import annotations

from pathlib import Path


def template_of(format_: str) -> str:
    """The template for ``csv`` or ``jsonl``: a header where there is one, and three claims of an invented source."""
    return (Path(__file__).parent / f"template.{format_}").read_text(encoding="utf-8")
