"""Three questions that work, to offer with a refusal."""

from __future__ import annotations

from agikg.ask.reading import Question
from agikg.catalog import Catalog
from agikg.names import Match

_EN = ("what depends on {name}", "what does {name} depend on", "what is {name}")
_ZH = ("什么依赖{name}", "{name}依赖什么", "{name}是什么")


def suggestions(catalog: Catalog, question: Question) -> tuple[str, ...]:
    """Questions about what was understood, or about what is near it, that the graph answers."""
    near = _nearest(catalog, question)
    templates = _ZH if question.lang == "zh" else _EN
    names = [catalog.label(entity, question.lang) for entity in near]
    if len(names) == 1:
        return tuple(template.format(name=names[0]) for template in templates)
    return tuple(templates[-1].format(name=name) for name in names[:3])


def _nearest(catalog: Catalog, question: Question) -> list[int]:
    """Entities mentioned, else those with names like the question's words, else those with the most dependents."""
    mentioned = [match.entity for mention in question.mentions for match in mention.matches[: 3 if mention.ambiguous else 1]]
    if mentioned:
        return list(dict.fromkeys(mentioned))[:3]
    matches: list[Match] = list(catalog.names.near(" ".join(question.words)))
    found = [match.entity for match in matches]
    busiest = sorted(range(len(catalog.network.names)), key=lambda entity: -len(catalog.network.needed_by[entity]))
    return list(dict.fromkeys([*found, *busiest]))[:3]
