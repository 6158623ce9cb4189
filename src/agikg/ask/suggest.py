"""Three questions that work, to offer with a refusal."""

from __future__ import annotations

from collections.abc import Iterable

from agikg.ask.metrics import content_words
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
    near = _nearest(catalog, question)
    around = [other for entity in near[:1] for other in _neighbours(catalog, entity)]
    asked = [(entity, family) for entity in near for family in _answerable(catalog, entity)]
    asked += [(entity, "identity") for entity in (*around, *_busiest(catalog))]
    texts = (_TEMPLATES[question.lang][family].format(name=catalog.label(entity, question.lang)) for entity, family in asked)
    return tuple(list(dict.fromkeys(text for text in texts if text != question.text.strip(" ?？")))[:3])


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
    words = content_words(question.words)
    found = [match.entity for match in catalog.names.near(" ".join(words))] if words else []
    return list(dict.fromkeys([*found, *_busiest(catalog)]))[:3]


def _busiest(catalog: Catalog) -> list[int]:
    """Entities that most others need."""
    network = catalog.network
    return sorted(range(len(network.names)), key=lambda entity: -len(network.needed_by[entity]))[:3]


def _neighbours(catalog: Catalog, entity: int) -> list[int]:
    """Entities linked to one, nearest in the order of the links."""
    return [link.object if link.subject == entity else link.subject for link in catalog.links if entity in (link.subject, link.object)]


def follow_ups(catalog: Catalog, entities: Iterable[int], lang: str, most: int = 4, *, but: str | None = None) -> tuple[str, ...]:
    """Questions about some entities that the graph answers, but none of a family: what a reader of an answer may ask next."""
    asked = [(entity, family) for entity in entities for family in _answerable(catalog, entity) if family != but]
    texts = (_TEMPLATES[lang][family].format(name=catalog.label(entity, lang)) for entity, family in asked)
    return tuple(list(dict.fromkeys(texts))[:most])
