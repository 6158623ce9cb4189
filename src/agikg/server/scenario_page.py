"""The page of scenarios: what to deny, cut, lift and cap; the result beside the baseline. Knows no HTTP."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, NamedTuple

from starlette.datastructures import QueryParams

from agikg.errors import AgikgError, AmbiguousName, BadInput, UnknownName
from agikg.kg import KnowledgeGraph
from agikg.model.scenario import WhatIf, because
from agikg.model.scope import EntityRef, Hop
from agikg.server import markup, scoping
from agikg.server.links import address
from agikg.server.parameters import LONGEST_NAME, MOST_VALUES
from agikg.views.places import EITHER, HEADQUARTERS, SITE

_AVAILABLE, _UNAVAILABLE = ("good", "available"), ("bad", "unavailable")
_LISTS = ("deny", "deny_country", "deny_owner", "deny_layer", "lift")
_PAIRS = {"deny_link": ("link_from", "link_to"), "capacity": ("capped", "percent")}
"""What a row of two fields gives, and how these are called."""
_WAYS = ((EITHER, "headquarters or site"), (HEADQUARTERS, "headquarters"), (SITE, "site"))
"""How to belong to a country."""


class Row(NamedTuple):
    """An entity, or a link, before and after: each state is a colour and a word."""

    about: EntityRef | Hop
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
    context: dict[str, Any] = {"here": "scenario", "chosen": chosen, "ways": _WAYS, "result": None, "error": None, "near": ()}
    if not any(chosen[name] for name in (*_LISTS, *_PAIRS)):
        return markup.render("scenario", kg, **context, examples=_examples(kg))
    try:
        result = _whatif(kg, chosen, given)
    except AgikgError as error:
        near = error.candidates if isinstance(error, UnknownName | AmbiguousName) else ()
        raise markup.ShownError(error, markup.render("scenario", kg, **{**context, "error": error, "near": near})) from None
    return markup.render("scenario", kg, **{**context, "result": result, "scope": result.scope, **_told(result, chosen)})


def _chosen(given: QueryParams) -> dict[str, Any]:
    """What the form holds; empty rows left out."""
    lists = {name: [text.strip() for text in given.getlist(name) if text.strip()][:MOST_VALUES] for name in _LISTS}
    return {
        **lists,
        **{name: _pairs(given, *fields) for name, fields in _PAIRS.items()},
        "by": given.get("by"),
        "scope": scoping.texts(given),
    }


def _pairs(given: QueryParams, first: str, second: str) -> list[tuple[str, str]]:
    """Rows of two fields: the form sends both of each row, in order."""
    rows = [(one.strip(), other.strip()) for one, other in zip_longest(given.getlist(first), given.getlist(second), fillvalue="")]
    return [row for row in rows if any(row)][:MOST_VALUES]


def _whatif(kg: KnowledgeGraph, chosen: dict[str, Any], given: QueryParams) -> WhatIf:
    ends = [end for link in chosen["deny_link"] for end in link]
    names = [*(name for group in _LISTS for name in chosen[group]), *ends, *(name for name, _ in chosen["capacity"])]
    if any(len(name) > LONGEST_NAME for name in names):
        raise BadInput(f"a name has more than {LONGEST_NAME} characters")
    lone = next((first or second for first, second in chosen["deny_link"] if not (first and second)), None)
    if lone is not None:
        raise BadInput(f"the link of {lone[:80]} has one end", hint="name both: what needs, and what it needs")
    capped = [name for name, _ in chosen["capacity"]]
    if len(set(capped)) < len(capped):
        raise BadInput("a name has two capacities", hint="give each name one")
    levels = {name: _level(name, percent) for name, percent in chosen["capacity"]}
    return kg.whatif(
        chosen["deny"], chosen["lift"], levels, deny_links=chosen["deny_link"], deny_countries=chosen["deny_country"],
        deny_layers=chosen["deny_layer"], deny_owners=chosen["deny_owner"], by=chosen["by"] or EITHER, **scoping.keywords(given),
    )  # fmt: skip


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
    # A map can show what is denied and lifted by name; everything else is for the table.
    drawn = not any(chosen[name] for name in (*_LISTS, *_PAIRS) if name not in ("deny", "lift"))
    levels = [f"{name}={level:g}" for name, level in result.parameters["capacity"].items()]
    p, scope = result.parameters, chosen["scope"]
    return {
        "summary": result.explain().partition("\n")[0], "weaker": weaker, "replaced": len({item.id for item in result.substituted}),
        "rows": rows(result), "command": result.command(),
        "map_link": address("/explore", deny=chosen["deny"], lift=chosen["lift"], **scope) if drawn else None,
        "json_link": address(
            "/api/whatif", deny=p["deny"], deny_link=["->".join(link) for link in p["deny_links"]], deny_country=p["deny_countries"],
            deny_layer=p["deny_layers"], deny_owner=p["deny_owners"], by=p["by"] if p["deny_countries"] else None, lift=p["lift"],
            capacity=levels, **scope,
        ),
    }  # fmt: skip


def rows(result: WhatIf) -> list[Row]:
    """Every link that the scenario cuts and every entity that it touches, once, worst first: its state before and after."""
    cut = [Row(hop, ("plain", "linked"), ("bad", "cut"), "taken away by the scenario", hop.claims) for hop in result.denied_links]
    found: dict[str, Row] = {}

    def add(item: Any, before: tuple[str, str], after: tuple[str, str], why: str, claims: tuple[str, ...]) -> None:
        found.setdefault(item.id, Row(EntityRef(item.id, item.label, item.layer), before, after, why, claims))

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
    return [*cut, *found.values()]


def _examples(kg: KnowledgeGraph) -> list[tuple[str, str]]:
    """Scenarios about what matters most: the worst chokepoints, and a control that closes something."""
    worst = [item for item in kg.chokepoints(limit=4).items if item.stops]
    found = [(f"Without {item.label}", address("/scenario", deny=item.id[2:])) for item in worst]
    if len(worst) > 1:
        found.append((f"Without {worst[0].label} and {worst[1].label}", address("/scenario", deny=[item.id[2:] for item in worst[:2]])))
    controls = list(kg.lens().closing)[:2]
    return found + [(f"{kg.catalog.label(at)} lifted", address("/scenario", lift=kg.catalog.ref(at).id[2:])) for at in controls]
