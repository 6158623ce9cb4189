"""The page of scenarios: what to deny, lift and cap; the result beside the baseline. Knows no HTTP."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from agikg.errors import AgikgError, AmbiguousName, BadInput, UnknownName
from agikg.kg import KnowledgeGraph
from agikg.model.scenario import WhatIf, because
from agikg.server import markup, scoping
from agikg.server.links import address
from agikg.server.parameters import LONGEST_NAME, MOST_VALUES

_AVAILABLE, _UNAVAILABLE = ("good", "available"), ("bad", "unavailable")


class Row(NamedTuple):
    """An entity before and after: each state is a colour and a word."""

    id: str
    label: str
    before: tuple[str, str]
    after: tuple[str, str]
    why: str
    claims: tuple[str, ...]


def page(kg: KnowledgeGraph, given: QueryParams) -> str:
    """The form, and the result of what it holds.

    Raises:
        ShownError: a name that means nothing, or several things; a number or date that is none.
    """
    chosen = _chosen(given)
    context: dict[str, Any] = {"here": "scenario", "chosen": chosen, "result": None, "error": None, "near": ()}
    if not any(chosen[name] for name in ("deny", "lift", "capacity", "deny_country")):
        return markup.render("scenario", kg, **context, examples=_examples(kg))
    try:
        result = _whatif(kg, chosen, given)
    except AgikgError as error:
        near = error.candidates if isinstance(error, UnknownName | AmbiguousName) else ()
        raise markup.ShownError(error, markup.render("scenario", kg, **{**context, "error": error, "near": near})) from None
    return markup.render("scenario", kg, **{**context, "result": result, "scope": result.scope, **_told(result, chosen)})


def _chosen(given: QueryParams) -> dict[str, Any]:
    """What the form holds; empty rows left out."""
    lists = {name: [text.strip() for text in given.getlist(name) if text.strip()][:MOST_VALUES] for name in ("deny", "lift")}
    caps = [(name.strip(), percent.strip()) for name, percent in zip(given.getlist("capped"), given.getlist("percent"), strict=False)]
    capacity = [(name, percent) for name, percent in caps if name or percent][:MOST_VALUES]
    return {**lists, "capacity": capacity, "deny_country": given.get("deny_country", "").strip(), "scope": scoping.texts(given)}


def _whatif(kg: KnowledgeGraph, chosen: dict[str, Any], given: QueryParams) -> WhatIf:
    names = (*chosen["deny"], *chosen["lift"], *(name for name, _ in chosen["capacity"]), chosen["deny_country"])
    if any(len(name) > LONGEST_NAME for name in names):
        raise BadInput(f"a name has more than {LONGEST_NAME} characters")
    countries = (chosen["deny_country"],) if chosen["deny_country"] else ()
    levels = {name: _level(name, percent) for name, percent in chosen["capacity"]}
    return kg.whatif(chosen["deny"], chosen["lift"], levels, deny_countries=countries, **scoping.keywords(given))


def _level(name: str, percent: str) -> float:
    """A share from a percentage.

    Raises:
        BadInput: not a number from 0 to 100, or a number without a name.
    """
    try:
        number = float(percent.removesuffix("%").replace(",", "."))
    except ValueError:
        number = -1.0
    if not name or not 0 <= number <= 100:
        raise BadInput(f"{percent[:40]!r} is no capacity of {name[:80] or 'a named entity'}", hint="give a percentage from 0 to 100")
    return number / 100


def _told(result: WhatIf, chosen: dict[str, Any]) -> dict[str, Any]:
    substituted = {(item.id, item.function) for item in result.substituted}
    weaker = [item for item in result.degraded if (item.id, item.function) not in substituted]
    # A map can show what is denied and lifted; capacities and countries are for the table.
    drawn = not (chosen["capacity"] or chosen["deny_country"])
    levels = [f"{name}={level:g}" for name, level in result.parameters["capacity"].items()]
    p, scope = result.parameters, chosen["scope"]
    return {
        "summary": result.explain().partition("\n")[0], "weaker": weaker, "replaced": len({item.id for item in result.substituted}),
        "rows": rows(result), "command": result.command(),
        "map_link": address("/explore", deny=chosen["deny"], lift=chosen["lift"], **scope) if drawn else None,
        "json_link": address("/api/whatif", deny=p["deny"], lift=p["lift"], deny_country=p["deny_countries"], capacity=levels, **scope),
    }  # fmt: skip


def rows(result: WhatIf) -> list[Row]:
    """Every entity that the scenario touches, once, worst first: its state before and after."""
    found: dict[str, Row] = {}

    def add(item: Any, before: tuple[str, str], after: tuple[str, str], why: str, claims: tuple[str, ...]) -> None:
        found.setdefault(item.id, Row(item.id, item.label, before, after, why, claims))

    for ref in result.denied:
        add(ref, _AVAILABLE, ("bad", "denied"), "taken away by the scenario", ())
    for stopped in result.failed:
        add(stopped, _AVAILABLE, ("bad", "stops"), because(stopped), (*stopped.claims, *stopped.barred_by))
    for item in result.substituted:
        others = ", ".join(by.label for by in item.by)
        add(item, _AVAILABLE, ("swap", "something steps in"), f"for {item.function}: {others}", item.claims)
    for loss in result.degraded:
        add(loss, _AVAILABLE, ("warn", "goes on with less"), f"loses {', '.join(ref.label for ref in loss.lost)}", loss.claims)
    for level in result.capacity:
        span = f"{level.pessimistic:.0%} to {level.optimistic:.0%}" if level.pessimistic != level.optimistic else f"{level.optimistic:.0%}"
        add(level, ("good", "full"), ("warn", f"runs at {span}"), "of its capacity", level.claims)
    for back in result.restored:
        before = _UNAVAILABLE if back.available else _AVAILABLE
        add(back, before, ("good", "has an alternative again"), back.alternative.label, back.claims)
    for down in result.baseline_unavailable:
        add(down, _UNAVAILABLE, _UNAVAILABLE, because(down), (*down.claims, *down.barred_by))
    return list(found.values())


def _examples(kg: KnowledgeGraph) -> list[tuple[str, str]]:
    """Scenarios about what matters most: the worst chokepoints, and a control that closes something."""
    worst = [item for item in kg.chokepoints(limit=4).items if item.stops]
    found = [(f"Without {item.label}", address("/scenario", deny=item.id[2:])) for item in worst]
    if len(worst) > 1:
        found.append((f"Without {worst[0].label} and {worst[1].label}", address("/scenario", deny=[item.id[2:] for item in worst[:2]])))
    controls = list(kg.lens().closing)[:2]
    return found + [(f"{kg.catalog.label(at)} lifted", address("/scenario", lift=kg.catalog.ref(at).id[2:])) for at in controls]
