"""What a claim hardly may leave out of a question, however likely it is otherwise: names, numbers, the figure that is asked for.

Knows claims and words, no family of questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from agikg.ask.draft import Task
from agikg.ask.lexicon import GENERIC
from agikg.ask.reading import MARK
from agikg.ask.retrieval import Hit, Retrieval
from agikg.ask.wording import worded_as
from agikg.catalog import Catalog

_BROAD = frozenset(["Concept", "Group", "Market", "ValueChainLayer", "Capability", "Activity", "Technique", "Place"])
"""Classes of what is spoken of in many words; a claim need not name it as the question does."""
_SPOKEN = _BROAD - {"Place"}
"""Of these, the classes of which one thing is not another in the way that two countries are."""
_MONEY = frozenset(["CNY", "USD", "EUR", "HKD", "JPY"])
"""Units of money."""
_SPECIFIC, _SAID = 2.4, 0.6
"""Weight from which an entity has to be what a claim is about; how well a claim has to account for it."""


class Gates:
    """What claims have to account for in a question."""

    def __init__(self, task: Task, retrieval: Retrieval, numbers: set[str]) -> None:
        self._task, self._retrieval = task, retrieval
        self._numbers = numbers
        self._specific = _specific(task, retrieval)
        self._joined = joined_names(task)
        self._either = len(numbers) > 1 and worded_as("either", task.question.masked) is not None
        self._since = {word for word in numbers if f"since {word}" in task.question.masked}
        self.unnamed = worded_as("naming", task.question.masked) is not None and any(map(_unnamed(task.catalog, retrieval), task.entities))
        self.measured = bool(set(task.metric_words) - GENERIC)

    def names_lost(self, met: Mapping[int, float]) -> int:
        """How many specific names a claim does not account for, nor for one that the question joins to it."""
        return sum(not self._said(entity, met) for entity in self._specific)

    def swapped(self, hit: Hit, met: Mapping[int, float]) -> bool:
        """Whether a claim is about another of the kind of something that the question names, and not about that."""
        catalog, around = self._task.catalog, self._retrieval.around
        for entity in self._task.entities:
            kind = catalog.entity(entity).kind
            if kind in _SPOKEN or around.has_members(entity) or self._said(entity, met):
                continue
            near = {*self._task.entities, *around.kin(entity), *around.groups(entity)}
            if any(catalog.entity(end).kind == kind and end not in near for end in hit.ends):
                return True
        return False

    def _said(self, entity: int, met: Mapping[int, float]) -> bool:
        """Whether a claim accounts for an entity, or for one that the question joins to it."""
        return any(met.get(one, 0.0) >= _SAID for one in (entity, *self._joined.get(entity, ())))

    def unit_unlike(self, unit: str | None) -> bool:
        """Whether a figure has another kind of unit than the question asks for: money, a share, or a number of things."""
        given = "money" if unit in _MONEY else "shares" if unit == "percent" else "many"
        return self._unit not in (None, given)

    @cached_property
    def _unit(self) -> str | None:
        """The kind of unit that the question asks for, if it says."""
        return next((kind for kind in ("money", "shares", "many") if worded_as(kind, self._task.question.masked)), None)

    def number_lost(self, hit: Hit) -> bool:
        """Whether a claim has not the number of the question, or none of those it has the choice of."""
        gone = (self._numbers - self._since) & set(hit.missing)
        return bool(gone) and not (self._either and gone != self._numbers)


def _specific(task: Task, retrieval: Retrieval) -> list[int]:
    """Entities that a claim has to account for: those not spoken of everywhere, nor in many words."""
    catalog, weight = task.catalog, retrieval.entity_weight
    why = worded_as("reason", task.question.masked) is not None  # it takes for granted what it names
    return [
        entity
        for entity in task.entities
        if "Place" not in catalog.kinds(entity) and (why or (weight(entity) >= _SPECIFIC and not _BROAD & catalog.kinds(entity)))
    ]


def _unnamed(catalog: Catalog, retrieval: Retrieval) -> Callable[[int], bool]:
    """Whether an entity is a set of which no source names the members."""
    return lambda entity: catalog.entity(entity).unnamed and not retrieval.around.kin(entity)


def joined_names(task: Task) -> dict[int, frozenset[int]]:
    """Entity -> entities that the question joins to it ("A and B"): a claim about one of them tells its part."""
    found: dict[int, frozenset[int]] = {}
    for match in re.finditer(rf"{MARK}\d+(?:(?: ?,| and| or| vs| versus|、|和|与|及| ) ?{MARK}\d+)+", task.question.masked):
        entities = frozenset(task.question.mentions[int(number)].entity for number in re.findall(r"\d+", match[0]))
        found.update({entity: entities - {entity} for entity in entities})
    return found


def excepted(task: Task) -> set[int]:
    """Entities that a question leaves out ("besides DeepSeek")."""
    if not any(word in task.question.masked for word in ("besides", "apart", "other than", "aside", "except", "除")):
        return set()
    pattern = (
        rf"(?<!{MARK}\d )\b(?:besides|apart from|other than|aside from|except(?: for)?) [^{MARK}]{{0,12}}{MARK}(\d+)"
        rf"|除了?[^{MARK}]{{0,4}}{MARK}(\d+)"
    )
    found = (number for numbers in re.findall(pattern, task.question.masked) for number in numbers if number)
    return {task.question.mentions[int(number)].entity for number in found}
