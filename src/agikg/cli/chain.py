"""dependents, dependencies, path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from agikg.cli import layout
from agikg.cli.emit import Evidence, closing, emit, footer, hop_lines, linked
from agikg.cli.options import Reading, complete_name, name_argument, reading
from agikg.errors import BadInput
from agikg.kg import KnowledgeGraph
from agikg.model.reach import Paths, Reach, Reached

if TYPE_CHECKING:
    from agikg.model.comparison import CommonDependencies


@click.command()
@name_argument
@click.option("--depth", type=click.IntRange(min=1), help="Follow at most so many links.")
@click.option("--direct", is_flag=True, help="Only direct links.")
@reading
def dependents(name: tuple[str, ...], depth: int | None, direct: bool, reading: Reading) -> None:
    """What depends on NAME, as a tree with the link and its evidence."""
    kg = reading.open()
    _print_reach(kg, kg.dependents(" ".join(name), depth=1 if direct else depth, **reading.scope), reading)


@click.command()
@name_argument
@click.option("--depth", type=click.IntRange(min=1), help="Follow at most so many links.")
@click.option("--direct", is_flag=True, help="Only direct links.")
@click.option("--with", "others", multiple=True, metavar="NAME", help="Only what NAME and this one both depend on (repeatable).")
@reading
def dependencies(name: tuple[str, ...], depth: int | None, direct: bool, others: tuple[str, ...], reading: Reading) -> None:
    """What NAME depends on, as a tree with the link and its evidence."""
    kg = reading.open()
    if others:
        if depth or direct:
            raise BadInput("--with looks at all depths", hint="leave out --depth and --direct")
        _print_common(kg, kg.common_dependencies(" ".join(name), *others, **reading.scope), reading)
        return
    _print_reach(kg, kg.dependencies(" ".join(name), depth=1 if direct else depth, **reading.scope), reading)


@click.command()
@click.argument("ends", nargs=-1, required=True, metavar="A B", shell_complete=complete_name)
@click.option("--k", type=click.IntRange(1, 50), default=1, show_default=True, help="How many paths.")
@click.option("--by", type=click.Choice(("length", "confidence")), default="length", show_default=True, help="Shortest or surest first.")
@reading
def path(ends: tuple[str, ...], k: int, by: str, reading: Reading) -> None:
    """How A and B are connected, shortest first, each hop with its claim."""
    kg = reading.open()
    a, b = _two_names(kg, ends)
    result = kg.path(a, b, k=k, by=by, **reading.scope)
    result = replace(result, paths=reading.cut(result.paths))
    emit(reading.format, result, _path_rows(result), lambda: _path_text(kg, result))


def _two_names(kg: KnowledgeGraph, words: tuple[str, ...]) -> tuple[str, str]:
    """Two names from words that may stand without quotes.

    Raises:
        BadInput: there is no way, or more than one, to read them as two known names.
    """
    if len(words) == 2:
        return words[0], words[1]
    splits = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    exact = [pair for pair in splits if all(_is_exact(kg, name) for name in pair)]
    if len(exact) != 1:
        raise BadInput(f"cannot tell two names in {' '.join(words)!r}", hint='quote them: agikg path "SMIC DUV" DeepSeek')
    return exact[0]


def _is_exact(kg: KnowledgeGraph, name: str) -> bool:
    matches = kg.catalog.names.match(name)
    return bool(matches) and matches[0].score == 1.0


def _print_common(kg: KnowledgeGraph, result: CommonDependencies, reading: Reading) -> None:
    shown = replace(result, items=reading.cut(result.items))
    rows = [
        {
            "id": item.id, "label": item.label, "layer": item.layer, "depth": item.depth, "stops": [ref.label for ref in item.stops],
            "claims": list(item.claims),
        }
        for item in shown.items
    ]  # fmt: skip
    emit(reading.format, shown, rows, lambda: _common_text(kg, shown))


def _common_text(kg: KnowledgeGraph, result: CommonDependencies) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [click.style(layout.paragraph(f"What {', '.join(ref.label for ref in result.roots)} all depend on"), bold=True)]
    if not result.items:
        parts.append("The graph knows of nothing." if not result.left_out else "Nothing within the chosen scope.")
    for item in result.items:
        stops = f" — alone stops {', '.join(ref.label for ref in item.stops)}" if item.stops else ""
        parts += ["", layout.paragraph(f"{click.style(item.label, bold=True)} · {item.layer}{stops}", "    ")]
        for root, found in zip(result.roots, item.reached, strict=True):
            told = f"{root.label}: {found.depth} link{'s' if found.depth > 1 else ''}, {layout.confidence(found.confidence)}"
            parts.append(layout.paragraph(told, "      ", "    · "))
        parts.append(layout.paragraph(evidence.cite(item.claims), "      "))
    return closing([*parts, "", evidence.lines()], result)


def _print_reach(kg: KnowledgeGraph, result: Reach, reading: Reading) -> None:
    shown = replace(result, items=reading.cut(result.items))
    emit(reading.format, shown, _reach_rows(shown), lambda: _reach_text(kg, shown, len(result.items)))


def _reach_rows(result: Reach) -> list[dict[str, Any]]:
    return [
        {
            "depth": item.depth, "role": item.role, "id": item.id, "label": item.label, "layer": item.layer,
            "from": item.via.from_, "relation": item.via.reading, "to": item.via.to, "necessity": item.necessity,
            "confidence": item.confidence, "claims": list(item.claims),
        }
        for item in result.items
    ]  # fmt: skip


def _reach_text(kg: KnowledgeGraph, result: Reach, total: int) -> str:
    up = result.parameters["direction"] == "dependents"
    title = f"What depends on {result.root.label}" if up else f"What {result.root.label} depends on"
    evidence = Evidence(kg.catalog_in(result.scope))
    direct = sum(item.role == "direct" for item in result.items)
    open_ = [item for item in result.items if item.role in ("direct", "transitive")]
    parts = [click.style(title, bold=True)]
    if not result.items:
        parts.append("The graph knows of nothing." if not result.left_out else "Nothing within the chosen scope.")
    else:
        parts.append(
            f"{direct} direct, {len(open_) - direct} through others"
            + (f", showing {len(result.items)} of {total}" if total > len(result.items) else "")
        )
        parts += ["", reach_tree(result, evidence, up=up)]
        parts += ["", evidence.lines()]
    return "\n".join([*parts, "", footer(result.snapshot, result.as_of, result.known_at, result.left_out)])


def reach_tree(result: Reach, evidence: Evidence, *, up: bool) -> str:
    """The items as a tree below the root: each under the entity by which it is reached."""
    children: dict[str, list[Reached]] = {}
    for item in result.items:
        children.setdefault(item.chain[1], []).append(item)
    lines = [result.root.label]

    def grow(parent: str, indent: str) -> None:
        below = children.get(parent, [])
        for index, item in enumerate(below):
            last = index == len(below) - 1
            branch, rest = ("└─ ", "   ") if last else ("├─ ", "│  ")
            lines.append(layout.paragraph(_headline(item), f"{indent}{rest}", f"{indent}{branch}"))
            inner = indent + rest + ("│  " if item.id in children else "   ")
            lines.extend(layout.paragraph(text, inner) for text in _link_lines(item, evidence, up=up))
            grow(item.id, indent + rest)

    grow(result.root.id, "")
    # With a limit, an item may hang below one that is not shown.
    shown = {result.root.id, *(item.id for item in result.items)}
    for parent in children:
        if parent not in shown:
            grow(parent, "")
    return "\n".join(lines)


def _headline(item: Reached) -> str:
    marks = {"barred": " — BARRED", "alternative": " — possible alternative, not in use"}.get(item.role, "")
    return f"{click.style(item.label, bold=True)} · {item.layer} · {layout.confidence(item.confidence)}{marks}"


def _link_lines(item: Reached, evidence: Evidence, *, up: bool) -> list[str]:
    other = item.via.to if up else item.via.from_
    subject = "" if up else f"{other} "
    text = linked(item.via, item.via.to) if up else f"{subject}{linked(item.via, 'it')}"
    lines = [f"{text} {evidence.cite(item.claims)}"]
    if item.necessity == "one of several":
        lines.append(f"one of several; the others: {', '.join(ref.label for ref in item.alternatives)}")
    elif item.necessity == "supporting" and item.role != "barred":
        lines.append("weakened, not stopped, without it" if up else "weakens, does not stop, when gone")
    if item.barred_by:
        lines.append(f"closed by a control {evidence.cite(item.barred_by)}")
    return lines


def _path_rows(result: Paths) -> list[dict[str, Any]]:
    return [
        {
            "path": number,
            "hop": step,
            "from": hop.from_,
            "relation": hop.reading,
            "to": hop.to,
            "confidence": hop.confidence,
            "claims": list(hop.claims),
        }
        for number, hops in enumerate(result.paths, start=1)
        for step, hop in enumerate(hops, start=1)
    ]


def _path_text(kg: KnowledgeGraph, result: Paths) -> str:
    evidence = Evidence(kg.catalog_in(result.scope))
    parts = [click.style(f"How {result.a.label} and {result.b.label} are connected", bold=True)]
    if result.a.id == result.b.id:
        parts.append("They are the same entity.")
    elif not result.paths:
        parts.append("The graph knows of no connection in this scope.")
    for number, hops in enumerate(result.paths, start=1):
        parts += ["", f"{number}. {len(hops)} hop{'s' if len(hops) > 1 else ''}", *hop_lines(hops, evidence)]
    if result.paths:
        parts += ["", evidence.lines()]
    return "\n".join([*parts, "", footer(result.snapshot, result.as_of, result.known_at)])
