"""Briefings written down: CommonMark and HTML. Escapes everything; knows nothing of how a briefing is made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agikg.explore.facts import web

if TYPE_CHECKING:
    from agikg.explore.report import Briefing, Line
    from agikg.model.facts import Claim

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~&#])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def plain(text: str) -> str:
    """A text as CommonMark shows it, on one line: nothing in it is markup, a link, or the start of a list."""
    line = _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text))
    line = re.sub(r"^(\s*)([-+=])", r"\1\\\2", line)
    line = re.sub(r"^(\s*\d+)([.)])", r"\1\\\2", line)
    # Many readers turn bare addresses into links: what the data says is never a way out of the document.
    return re.sub(r"(?i)\b(https?|ftp|www)(:|\.)", r"\1\\\2", line)


def markdown(report: Briefing) -> str:
    """See ``Briefing.markdown``."""
    parts = [f"# {plain(report.title)}", "", f"*{plain(' · '.join(report.stamp))}*"]
    for section in report.sections:
        parts += ["", f"## {plain(section.title)}", ""]
        parts += [f"{'  ' * line.depth}- {plain(line.text)}{_cited(report, line.claims)}" for line in section.lines]
    parts += ["", "## Evidence", ""]
    for number, claim in enumerate(report.evidence, start=1):
        parts += [f"{number}. {plain(claim.statement)}  ", f"   {plain(about(claim))} `{claim.id.replace('`', '')}`"]
        if claim.note:
            parts.append(f"   \n   Note: {plain(claim.note)}")
    parts += ["", "### Sources", "", *(f"- {plain(key)}: {plain(title)}" for key, title in report.sources.items())]
    parts += ["", "## Repeat it", "", *("    " + _CONTROL.sub(" ", command) for command in report.commands), ""]
    return "\n".join(parts)


def _cited(report: Briefing, claims: Sequence[str]) -> str:
    numbers = report.numbers(claims)
    return " " + "".join(f"\\[{number}\\]" for number in numbers) if numbers else ""


def about(claim: Claim) -> str:
    """How a claim is said, by whom, where, when, and how sure it is."""
    by = f" by {claim.attributed_to}" if claim.attributed_to else ""
    held = " to ".join(filter(None, (claim.valid_from, claim.valid_until)))
    holds = f" · holds from {held}" if claim.valid_from else f" · holds until {held}" if held else ""
    return f"{claim.modality}{by} · {claim.source}, {claim.locator} · {claim.published}{holds} · {claim.confidence}"


def html(report: Briefing) -> str:
    """See ``Briefing.html``."""
    from jinja2 import Environment, FileSystemLoader
    from markupsafe import Markup

    from agikg.explore.page import TEMPLATES, policy

    style = (TEMPLATES / "report.css").read_text("utf-8")
    sections = [{"title": section.title, "items": _nested(report, section.lines)} for section in report.sections]
    return (
        Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
        .get_template("report.jinja")
        .render(report=report, sections=sections, about=about, web=web, style=Markup(style), policy=Markup(policy(style)))
    )


def _nested(report: Briefing, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines as a tree: each below the last one that is indented less."""
    top: list[dict[str, Any]] = []
    open_: list[tuple[int, list[dict[str, Any]]]] = [(-1, top)]
    for line in lines:
        while open_[-1][0] >= line.depth:
            open_.pop()
        item: dict[str, Any] = {"text": line.text, "numbers": report.numbers(line.claims), "items": []}
        open_[-1][1].append(item)
        open_.append((line.depth, item["items"]))
    return top
