"""Three questions that work, to offer with a refusal."""

from __future__ import annotations

from agikg.ask.reading import Question
from agikg.catalog import Catalog

_TEMPLATES = {
    "en": {
        "dependents": "what depends on {name}",
        "dependencies": "what does {name} depend on",
        "identity": "what is {name}",
        "provenance": "what is the evidence on {name}",
    },
    "zh": {"dependents": "什么依赖{name}", "dependencies": "{name}依赖什么", "identity": "{name}是什么", "provenance": "{name}的依据"},
}


def suggestions(catalog: Catalog, question: Question) -> tuple[str, ...]:
    """Questions about what was understood, or about what is near it, that the graph answers."""
    found = [
        _TEMPLATES[question.lang][family].format(name=catalog.label(entity, question.lang))
        for entity in _nearest(catalog, question)
        for family in _answerable(catalog, entity)
    ]
    first = [text for text in found if text.strip(" ?？") != question.text.strip(" ?？")]
    return tuple(first[:3])


def _answerable(catalog: Catalog, entity: int) -> list[str]:
    """Families that have something to say of an entity."""
    families = []
    if catalog.network.needed_by[entity]:
        families.append("dependents")
    if catalog.network.needs_of[entity]:
        families.append("dependencies")
    families.append("identity")
    return [*families, "provenance"] if catalog.claims_of.get(catalog.ref(entity).id) else families


def _nearest(catalog: Catalog, question: Question) -> list[int]:
    """Entities mentioned, else those with names like the question's words, else those with the most dependents."""
    mentioned = [match.entity for mention in question.mentions for match in mention.matches[: 3 if mention.ambiguous else 1]]
    if mentioned:
        return list(dict.fromkeys(mentioned))[:3]
    found = [match.entity for match in catalog.names.near(" ".join(question.words))]
    busiest = sorted(range(len(catalog.network.names)), key=lambda entity: -len(catalog.network.needed_by[entity]))
    return list(dict.fromkeys([*found, *busiest]))[:3]
