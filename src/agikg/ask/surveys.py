"""Plans that set claims side by side: members of a group, entities of a class, two entities compared."""

from __future__ import annotations

from typing import Any

from agikg.ask.draft import Draft, Task, named
from agikg.ask.lexicon import GENERIC
from agikg.ask.phrasing import join, say, sentences
from agikg.ask.ranking import Asked
from agikg.ask.retrieval import Wanted, retrieval_in
from agikg.ask.stated import clause, confidence_of, fact, missing, wanted
from agikg.views.figures import figures

_COMPARED = 0.05
"""Least chance of a claim that is set beside one that says the same of the other."""


def listing(task: Task) -> Draft:
    """Members of a group, or all entities of a class that the graph knows."""
    catalog = task.catalog
    if task.entities:
        found = _members(task, task.entities[0])
        if found and any(word not in GENERIC for word in task.content):
            said = fact(task)  # more is asked of them than that they belong to it
            if said.reason is None:
                return said
        if found:
            group = task.label(task.entities[0])
            text = say(task.lang, "members", group=group, count=len(found), names=join(task.lang, [task.label(e) for e in found]))
            entities = (named(catalog, task.entities[0], "subject", None), *_listed(task, found))
            return Draft(answer=sentences(task.lang, [text]), entities=entities, claims=_of(found))
        return fact(task) if task.content or task.kind else missing(task)
    if task.kind is None or task.content:
        return fact(task)
    chosen = [position for position in range(len(catalog.position)) if task.kind in catalog.kinds(position)]
    kind = task.name_of(catalog.classes[task.kind])
    text = say(task.lang, "all_of", kind=kind, count=len(chosen), names=join(task.lang, [task.label(e) for e in chosen]))
    claims = {e: [str(catalog.row(c)["id"]) for c in catalog.claims_of.get(catalog.ref(e).id, [])[:1]] for e in chosen}
    return Draft(answer=sentences(task.lang, [text]), entities=tuple(_listed(task, claims)), claims=_of(claims))


def _of(found: dict[int, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(claim for claims in found.values() for claim in claims))


def _listed(task: Task, found: dict[int, list[str]]) -> list[Any]:
    return [
        named(task.catalog, entity, "direct", confidence_of(task, claims) if claims else None, tuple(claims))
        for entity, claims in found.items()
    ]


def _members(task: Task, group: int) -> dict[int, list[str]]:
    """Members of a group (or parts of a whole) with the claims that say so."""
    catalog = task.catalog
    found: dict[int, list[str]] = {}
    for told_ in ("group", "whole"):
        for link in catalog.links:
            if link.object == group and told_ in catalog.predicates[link.predicate]["tells"]:
                evidence = catalog.evidence(link, task.scope, dated=False)
                if evidence and (task.kind is None or task.kind in catalog.kinds(link.subject)):
                    found[link.subject] = [str(catalog.row(claim)["id"]) for claims in evidence for claim in claims]
        if found:
            break
    return found


def comparison(task: Task) -> Draft:
    """Two entities side by side: what claims say between them, then what they say of each, the same of both first."""
    catalog = task.catalog
    retrieval = retrieval_in(catalog, task.scope)
    both = [hit for hit in retrieval.hits(wanted(task)) if hit.coverage >= 0.99][:6]
    rows = [catalog.row(claim) for hit in both for claim in hit.claims]
    rows += _of_both(task)
    for entity in task.entities if not rows or not task.content else ():
        one = Wanted(((entity, task.words_for(entity)),), task.content)
        own = [
            hit for hit in retrieval.hits(one) if hit.coverage >= 0.99 and catalog.ref(entity).id == catalog.row(hit.claims[0])["subject"]
        ]
        rows += [catalog.row(hit.claims[0]) for hit in own][:4]
    rows = list({row["id"]: row for row in rows}.values())
    if not rows:
        return missing(task)
    return Draft(
        answer=sentences(task.lang, [clause(task, row) for row in rows]),
        entities=tuple(named(catalog, entity, "subject", None) for entity in task.entities),
        values=figures(catalog, rows),
        claims=tuple(row["id"] for row in rows),
    )


def _of_both(task: Task) -> list[dict[str, Any]]:
    """The likeliest claims that say the same of each entity: one figure or relation of both."""
    catalog, found = task.catalog, dict[str, dict[int, tuple[float, dict[str, Any]]]]()
    for hit, chance in Asked(task).ranked():
        row = catalog.row(hit.claims[0])
        entity = catalog.position.get(row["subject"])
        if entity in task.entities and chance >= _COMPARED:
            found.setdefault(row["predicate"], {}).setdefault(entity, (chance, row))
    same = [list(rows.values()) for rows in found.values() if len(rows) > 1]
    best = max(same, key=lambda pairs: sum(chance for chance, _ in pairs), default=[])
    return [row for _, row in best]
