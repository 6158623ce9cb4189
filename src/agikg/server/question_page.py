"""The page of questions: the box, the answer with its evidence numbered, refusals as they are, what to ask next. Knows no HTTP."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from starlette.datastructures import QueryParams

from agikg.ask.suggest import follow_ups
from agikg.errors import AgikgError, BadInput
from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from agikg.model.criticality import Chokepoint
from agikg.model.result import command_line
from agikg.model.scope import Hop
from agikg.server import markup, scoping
from agikg.server.links import address
from agikg.server.parameters import LONGEST_TEXT

_REASONS = {
    "unknown_entity": "nothing in the graph is called that", "ambiguous_entity": "the name can mean several things",
    "unsupported_question": "the question is not of a kind that is understood", "not_in_graph": "understood, but no claim says it",
    "below_confidence": "no claim is sure enough", "out_of_scope": "outside what the graph covers",
    "false_premise": "the question takes something for granted that no claim says",
}  # fmt: skip
_ROLES = (
    ("direct", "Direct"), ("transitive", "Through others"), ("barred", "Closed by a control"), ("alternative", "Possible, not in use"),
    ("nearest", "Nearest in the graph, no answer"),
)  # fmt: skip
_OTHERS = (("direct", "In the answer"), ("transitive", "Also part of it"), *_ROLES[2:])
"""For answers that are no chains."""
_NARROW = 6


def page(kg: KnowledgeGraph, given: QueryParams) -> str:
    """The start, or the answer to ``q`` in the scope that the address gives.

    Raises:
        ShownError: the question is too long, or the scope does not exist.
    """
    question = given.get("q", "").strip()
    chosen = scoping.texts(given)
    context: dict[str, Any] = {"question": question[:LONGEST_TEXT], "chosen": chosen, "here": "ask", "result": None, "error": None}
    if not question:
        return markup.render("home", kg, **context, **_start(kg))
    try:
        if len(question) > LONGEST_TEXT:
            raise BadInput(f"the question has {len(question)} characters, at most {LONGEST_TEXT} are read")
        result = kg.ask(question, **scoping.keywords(given))
    except AgikgError as error:
        raise markup.ShownError(error, markup.render("home", kg, **{**context, "error": error, "examples": ()})) from None
    return markup.render("home", kg, **{**context, "result": result, "scope": result.scope, **_told(kg, result, chosen)})


def _told(kg: KnowledgeGraph, result: Answer, chosen: dict[str, Any]) -> dict[str, Any]:
    """What the template needs beside the answer."""
    position = kg.catalog.position
    subjects = [position[link.id] for link in result.understood.entities if link.id in position]
    others = [position[entity.id] for entity in result.entities if entity.role == "direct"]
    asked = (*follow_ups(kg.catalog, subjects, result.lang, 3, but=result.family), *follow_ups(kg.catalog, others[:3], result.lang, 3))
    return {
        "reasons": _REASONS, "roles": _ROLES if result.family in ("dependents", "dependencies") else _OTHERS, "via": _links(result),
        "zh": {entity.id: kg.catalog.entity(position[entity.id]).label_zh for entity in result.entities if entity.id in position},
        "next": result.suggestions or list(dict.fromkeys(asked))[:5], "also": _also(kg, result),
        "command": command_line("ask", result.question, options={name.replace("_", "-"): value for name, value in chosen.items()}),
    }  # fmt: skip


def _links(result: Answer) -> dict[str, Hop]:
    """The link by which each entity of a chain is reached: the first of what depends, the last of what is needed."""
    if result.family == "dependencies":
        return {path[-1].to_id: path[-1] for path in reversed(result.paths) if path}
    return {path[0].from_id: path[0] for path in reversed(result.paths) if path}


def _also(kg: KnowledgeGraph, result: Answer) -> list[tuple[str, str]]:
    """The same on the map, or as a scenario."""
    named = [link.id[2:] for link in result.understood.entities if link.id and link.id in kg.catalog.position]
    if result.family == "path" and len(named) == 2:
        return [("on the map", address("/explore", path=named))]
    if result.family == "whatif" and named:
        return [("as a scenario", address("/scenario", deny=named)), ("on the map", address("/explore", deny=named))]
    modes = {"dependents": "needed", "dependencies": "needs"}
    return [("on the map", address("/explore", name=named[0], mode=modes.get(result.family or "")))] if named else []


def _start(kg: KnowledgeGraph) -> dict[str, Any]:
    narrow = _chokepoints(kg, kg.snapshot, kg.scope().as_of)
    counts: dict[str, int] = {}
    for entity in kg.catalog.entities():
        counts[entity.layer] = counts.get(entity.layer, 0) + 1
    return {
        "narrow": narrow, "counts": counts, "examples": _examples(kg, narrow), "entity_count": len(kg.catalog.position),
        "claim_count": kg.catalog.claim_count, "source_count": len(kg.sources()),
    }  # fmt: skip


@lru_cache(maxsize=4)
def _chokepoints(kg: KnowledgeGraph, _snapshot: str, _day: str) -> tuple[Chokepoint, ...]:
    """The worst; worked out once a snapshot and day."""
    return tuple(item for item in kg.chokepoints(limit=_NARROW).items if item.stops)


def _examples(kg: KnowledgeGraph, narrow: tuple[Chokepoint, ...]) -> list[str]:
    """Questions that the graph answers, about what matters most in it; the last in Chinese."""
    found: list[str] = []
    for index, item in enumerate(narrow):
        questions = follow_ups(kg.catalog, [kg.catalog.position[item.id]], "zh" if index % 3 == 2 else "en", 3)
        found += [questions[min(index % 2, len(questions) - 1)]] if questions else []
    return list(dict.fromkeys(found))[:5]
