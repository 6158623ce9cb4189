"""What a claim may not leave out of a question, however likely it is otherwise: names, numbers, what is asked for.

Knows claims and words, no family of questions.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agikg.ask.draft import Task
from agikg.ask.lexicon import GENERIC
from agikg.ask.ranking import Asked
from agikg.ask.reading import MARK
from agikg.ask.retrieval import Hit
from agikg.ask.wording import worded_as
from agikg.views.figures import is_figure

_BROAD = frozenset(["Concept", "Group", "Market", "ValueChainLayer", "Capability", "Activity", "Technique", "Place"])
"""Classes of what is spoken of in many words; a claim need not name it as the question does."""
_SPECIFIC, _SAID = 2.4, 0.6
"""Weight from which an entity has to be what a claim is about; how well a claim has to account for it."""


def bars(asked: Asked) -> Callable[[Hit], bool]:
    """Whether a claim leaves out what it may not, or is about what the question excepts."""
    task = asked.task
    specific = _specific(asked)
    joined = joined_names(task)
    either = len(asked.numbers) > 1 and worded_as("either", task.question.masked) is not None
    unnamed = worded_as("naming", task.question.masked) is not None and any(map(_unnamed(asked), task.entities))
    measured = bool(set(task.metric_words) - GENERIC)

    def barred(hit: Hit) -> bool:
        if unnamed or asked.focus.unknown or asked.excepted & set(hit.ends) or asked.merely_belongs(hit) or asked.says_nothing(hit):
            return True
        met = asked.met_nearby(hit)
        lost = {entity for entity in specific if met[entity] < _SAID}
        lost -= {entity for entity in lost if any(met.get(other, 0.0) >= _SAID for other in joined.get(entity, ()))}
        gone = {word for word in asked.numbers & set(hit.missing) if f"since {word}" not in task.question.masked}
        another = measured and is_figure(asked.catalog, row := asked.catalog.row(hit.claims[0])) and asked.another(row)
        return bool(lost) or another or bool(gone and not (either and gone != asked.numbers))

    return barred


def _specific(asked: Asked) -> list[int]:
    """Entities that a claim has to account for: those not spoken of everywhere, nor in many words."""
    catalog, weight = asked.catalog, asked.retrieval.entity_weight
    why = worded_as("reason", asked.task.question.masked) is not None  # it takes for granted what it names
    return [
        entity
        for entity in asked.task.entities
        if "Place" not in catalog.kinds(entity) and (why or (weight(entity) >= _SPECIFIC and not _BROAD & catalog.kinds(entity)))
    ]


def _unnamed(asked: Asked) -> Callable[[int], bool]:
    """Whether an entity is a set of which no source names the members."""
    return lambda entity: asked.catalog.entity(entity).unnamed and not asked.retrieval.around.kin(entity)


def joined_names(task: Task) -> dict[int, frozenset[int]]:
    """Entity -> entities that the question joins to it ("A and B"): a claim about one of them tells its part."""
    found: dict[int, frozenset[int]] = {}
    for match in re.finditer(rf"{MARK}\d+(?:(?: ?,| and| or| vs| versus|、|和|与|及| ) ?{MARK}\d+)+", task.question.masked):
        entities = frozenset(task.question.mentions[int(number)].entity for number in re.findall(r"\d+", match[0]))
        found.update({entity: entities - {entity} for entity in entities})
    return found
