"""Which entities stand on the map, and what it is about: the whole chain, an entity, paths, or a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from agikg.errors import BadInput
from agikg.explore.facts import Facts
from agikg.model.reach import Paths
from agikg.model.scenario import WhatIf, because
from agikg.model.scope import Hop
from agikg.views.lens import Lens
from agikg.views.path import paths as find_paths
from agikg.views.whatif import Scenario, whatif

MOST = 160
"""Cards on the map unless somebody asks for more: what can still be read on a laptop."""


_CHAIN = 100_000.0
"""Weight of being part of the chain at all: more than any number of other links."""


class Subject(NamedTuple):
    """What a page is about.

    Attributes:
        name: an entity to stand in the middle. hops: how many links around it.
        path: two entities to connect.
        deny, lift: a scenario.
    """

    name: str | None = None
    hops: int = 1
    path: tuple[str, str] | None = None
    deny: Sequence[str] = ()
    lift: Sequence[str] = ()


class Chosen(NamedTuple):
    """What stands on the map.

    Attributes:
        entities: positions.
        story: what the page tells besides the facts, ready for JSON: kind, focus, paths or states.
        command: options of the command line that makes the page again; ``words`` are its arguments.
        steps: entity -> how many links from the start, where the map is drawn by distance.
    """

    entities: list[int]
    story: dict[str, Any]
    command: dict[str, Any]
    steps: Mapping[int, int] = {}


def choose(lens: Lens, known: Facts, subject: Subject, most: int) -> Chosen:
    """The entities of a page.

    Raises:
        BadInput: more than one subject, or hops below 1.
        UnknownName, AmbiguousName, Refused: names that mean nothing here.
    """
    if sum((subject.name is not None, subject.path is not None, bool(subject.deny or subject.lift))) > 1:
        raise BadInput("a page is about one thing", hint="give a NAME, or --path A B, or --whatif with --deny and --lift")
    if subject.hops < 1:
        raise BadInput(f"{subject.hops} hops lead nowhere", hint="give 1 or more")
    if subject.path is not None:
        return _path(lens, known, subject.path)
    if subject.deny or subject.lift:
        return _scenario(lens, known, subject, most)
    if subject.name is not None:
        return _around(lens, known, subject, most)
    return Chosen(_first(_weights(known), most), {"kind": "whole"}, {})


def _weights(known: Facts) -> dict[int, float]:
    """How much an entity has to say on a map of a value chain: first whether it depends or is depended on, then its links."""
    found: dict[int, float] = {}
    for (a, b), dependency in zip(known.links, known.dependency, strict=True):
        for end in (a, b) if a != b else ():
            weight = found.get(end, 0.0) + (4.0 if dependency else 1.0)
            found[end] = weight + _CHAIN if dependency and weight < _CHAIN else weight
    return found


def _first(weights: Mapping[int, float], most: int) -> list[int]:
    return sorted(sorted(weights, key=lambda entity: (-weights[entity], entity))[:most])


def _near(known: Facts) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for a, b in known.links:
        near.setdefault(a, set()).add(b)
        near.setdefault(b, set()).add(a)
    return near


def _around(lens: Lens, known: Facts, subject: Subject, most: int) -> Chosen:
    """An entity and what is within some hops of it, over any relation; the nearest where there are too many."""
    root = lens.catalog.resolve(str(subject.name))
    near, weights = _near(known), _weights(known)
    reached = {root: 0}
    front = {root}
    for hop in range(1, subject.hops + 1):
        front = {other for entity in front for other in near.get(entity, ())} - reached.keys()
        reached.update(dict.fromkeys(front, hop))
    order = sorted(reached, key=lambda entity: (reached[entity], -weights.get(entity, 0.0), entity))
    story = {"kind": "around", "focus": root, "hops": subject.hops, "left": max(0, len(order) - most)}
    options = {"hops": subject.hops} if subject.hops != 1 else {}
    return Chosen(sorted(order[:most]), story, {"words": [lens.catalog.ref(root).id], **options})


def _path(lens: Lens, known: Facts, ends: tuple[str, str]) -> Chosen:
    """What stands on the three shortest connections of two entities."""
    a, b = (lens.catalog.resolve(name) for name in ends)
    found: Paths = find_paths(lens.catalog, a, b, 3, lens.scope, lens.snapshot)
    at = lens.catalog.position
    entities = {a, b, *(at[end] for path in found.paths for hop in path for end in (hop.from_id, hop.to_id))}
    rows = [[_hop(lens, known, hop) for hop in path] for path in found.paths]
    steps = dict.fromkeys(entities, 0)
    for path in reversed(rows):
        steps.update({hop[2]: place for place, hop in enumerate(path, start=1)})
    steps[b] = max((len(path) for path in rows), default=1)
    return Chosen(sorted(entities), {"kind": "path", "ends": [a, b], "paths": rows}, {"path": [(found.a.id, found.b.id)]}, steps)


def _hop(lens: Lens, known: Facts, hop: Hop) -> list[Any]:
    return [lens.catalog.position[hop.from_id], hop.reading, lens.catalog.position[hop.to_id], claims(lens, known, hop.claims)]


def claims(lens: Lens, known: Facts, identifiers: Iterable[str]) -> list[int]:
    """Claims of a result as the page counts them; those that its scope leaves out are left out."""
    places = (known.claims.get(lens.catalog.claim_position[identifier]) for identifier in identifiers)
    return [place for place in places if place is not None]


def _scenario(lens: Lens, known: Facts, subject: Subject, most: int) -> Chosen:
    """What a scenario touches, with the states in which it leaves things, and what is linked with them."""
    result = whatif(lens, Scenario(deny=subject.deny, lift=subject.lift))
    at = lens.catalog.position
    states = _states(lens, known, result)
    touched = {row[0] for rows in states.values() for row in rows}
    touched |= {other for rows in states.values() for row in rows for other in row[2]}
    near, weights = _near(known), _weights(known)
    beside = {other for entity in touched for other in near.get(entity, ()) if weights.get(other, 0.0) >= _CHAIN} - touched
    shown = sorted(touched) + sorted(beside, key=lambda entity: -weights[entity])[: max(0, min(most - len(touched), 40))]
    story = {
        "kind": "whatif", "states": states, "summary": result.explain().partition("\n")[0], "untouched": result.untouched,
        "denied": [at[ref.id] for ref in result.denied], "lifted": [at[ref.id] for ref in result.lifted],
    }  # fmt: skip
    return Chosen(sorted(shown), story, {"whatif": True, "deny": result.parameters["deny"], "lift": result.parameters["lift"]})


def _states(lens: Lens, known: Facts, result: WhatIf) -> dict[str, list[list[Any]]]:
    """State -> rows of entity, what about it in words, other entities involved, claims."""
    at = lens.catalog.position

    def row(item: Any, told: str, others: Iterable[Any]) -> list[Any]:
        return [at[item.id], told, [at[other.id] for other in others], claims(lens, known, (*item.claims, *getattr(item, "barred_by", ())))]

    substituted = {(item.id, item.function) for item in result.substituted}
    weaker = [item for item in result.degraded if (item.id, item.function) not in substituted]
    return {
        "denied": [[at[ref.id], "", [], []] for ref in result.denied],
        "lifted": [[at[ref.id], "", [], []] for ref in result.lifted],
        "failed": [row(item, because(item), ()) for item in result.failed],
        "substituted": [row(item, item.function, item.by) for item in result.substituted],
        "degraded": [row(item, item.function, item.remaining) for item in weaker],
        "barred": [row(item, item.since or "", (item.alternative, *item.controls)) for item in result.barred],
        "restored": [row(item, "", (item.alternative,)) for item in result.restored],
        "baseline": [row(item, because(item), ()) for item in result.baseline_unavailable],
    }
