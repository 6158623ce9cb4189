"""Entities found by a piece of a name: for people who look around, not for questions that need one answer."""

from __future__ import annotations

from collections.abc import Iterator

from agikg.catalog import Catalog
from agikg.model.facts import Entity
from agikg.model.listing import Found
from agikg.views.listing import entities

_MOST = 200


def found(catalog: Catalog, text: str | None, layer: str | None = None, kind: str | None = None) -> list[Found]:
    """Entities that a text may name, best first; all by id where there is no text; of a layer and a class only, where given.

    Raises:
        BadInput: no such layer or class.
    """
    chosen = {entity.id: entity for entity in entities(catalog, layer, kind)}
    if text is None:
        return [_scored(entity, None) for entity in chosen.values()]
    scores: dict[str, float] = {}
    for match in (*catalog.names.match(text), *catalog.names.near(text, _MOST)):
        scores.setdefault(catalog.ref(match.entity).id, match.score)
    ordered = sorted(scores, key=lambda identifier: -scores[identifier])
    return [_scored(chosen[identifier], scores[identifier]) for identifier in ordered if identifier in chosen]


def beginning(catalog: Catalog, typed: str) -> Iterator[Entity]:
    """Entities whose slug, label or Chinese label begins with what was typed."""
    wanted = typed.casefold()
    for entity in catalog.entities():
        if any(name.casefold().startswith(wanted) for name in (entity.id[2:], entity.label, entity.label_zh or "")):
            yield entity


def _scored(entity: Entity, score: float | None) -> Found:
    return Found(**{name: getattr(entity, name) for name in Entity.__dataclass_fields__}, score=score)
