"""Plans for how far claims carry: whether it is so, where claims disagree, what the graph does not know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agikg.ask.draft import Draft, Task, named
from agikg.ask.lexicon import GENERIC, GRAMMAR_WORDS
from agikg.ask.order import reverses
from agikg.ask.phrasing import join, say, sentences
from agikg.ask.retrieval import Hit
from agikg.ask.stated import ENOUGH_TRUE, MOST, clause, dated, find, missing, negative, relates, told
from agikg.ask.wording import worded_as
from agikg.views.figures import figures


def verify(task: Task) -> Draft:
    """Whether it is so: what claims say or the engine finds, or that another figure stands there."""
    if len(task.entities) == 2 and worded_as("depends", task.question.masked):
        return _depends(task)
    hits = [hit for hit in find(task, enough=ENOUGH_TRUE) if relates(task, hit)] or _denials(task)
    if hits:
        rows = [task.catalog.row(hit.claims[0]) for hit in hits]
        draft = told(task, hits)
        against = reverses(task.question.text, rows[0])
        denied = against or (_denies(rows[0]) and not negative(task.question.text))
        if denied and not against and set(hits[0].missing) - GENERIC - GRAMMAR_WORDS:
            return draft  # it denies something near to what is asked: that is told, and is no "no"
        head = say(task.lang, "no_denied" if denied else "yes" if rows[0]["modality"] == "stated" else "yes_hedged")
        return _headed(task, head, draft)
    numbers = tuple(word for word in task.content if any(map(str.isdigit, word)))
    if numbers:
        rest = task._replace(content=tuple(word for word in task.content if word not in numbers))
        others = find(rest, values=True)
        if others:
            return _headed(task, say(task.lang, "no_other", what=join(task.lang, list(numbers))), told(rest, others))
    return missing(task)


def _denials(task: Task) -> list[Hit]:
    """Claims that deny what is asked: to say no takes less likeness than to say yes."""
    if negative(task.question.text):
        return []
    hits = find(task)
    # What is denied of something else is no "no": a claim has to speak of all that is named.
    near = hits and _denies(task.catalog.row(hits[0].claims[0])) and all(hits[0].met[: len(task.entities)])
    return hits if near else []


def _denies(row: dict[str, Any]) -> bool:
    return row["modality"] == "denied" or negative(row["statement"])


def _depends(task: Task) -> Draft:
    """Whether the first entity depends on the second, directly or through others."""
    from agikg.ask.reaching import dependencies

    first, second = task.entities
    found = dependencies(task._replace(entities=(first,), kind=None))
    wanted_ = task.catalog.ref(second).id
    there = [item for item in found.entities if item.id == wanted_ and item.role in ("direct", "transitive")]
    if not there:
        return missing(task)
    claims = there[0].claims
    rows = [task.catalog.row(task.catalog.claim_position[claim]) for claim in claims]
    subject = named(task.catalog, first, "subject", None)
    draft = Draft(
        answer=sentences(task.lang, [clause(task, row) for row in rows]),
        entities=(subject, *there),
        paths=tuple(path for path in found.paths if path and wanted_ in {path[0].from_id, path[-1].to_id}),
        claims=claims,
    )
    return _headed(task, say(task.lang, "yes" if all(row["modality"] == "stated" for row in rows) else "yes_hedged"), draft)


def _headed(task: Task, head: str, draft: Draft) -> Draft:
    return replace(draft, answer=sentences(task.lang, [head]) + (" " if task.lang == "en" else "") + draft.answer)


def disagreement(task: Task) -> Draft:
    """Claims that dispute or supersede each other, about an entity or anywhere."""
    catalog = task.catalog
    ids = None if not task.entities else {c for e in task.entities for c in catalog.claims_of.get(catalog.ref(e).id, [])}
    rows = [catalog.row(c) for c in range(catalog.claim_count) if (ids is None or c in ids) and catalog.said(c, task.scope)]
    rows = [row for row in rows if row["disputes"] or row["disputed_by"] or row["supersedes"] or row["superseded_by"]]
    if not rows:
        return missing(task, say(task.lang, "no_disagreement"))
    return Draft(
        answer=sentences(task.lang, [clause(task, row) for row in rows[:MOST]]),
        entities=tuple(
            named(catalog, e, "subject", None) for e in dict.fromkeys(task.entities or [catalog.position[r["subject"]] for r in rows])
        ),
        values=figures(catalog, rows),
        claims=tuple(row["id"] for row in rows),
    )


def gaps(task: Task) -> Draft:
    """What the graph does not know about an entity, compared with what it knows of others of its class."""
    catalog, entity = task.catalog, task.entities[0]
    identifier = catalog.ref(entity).id
    rows = [catalog.row(c) for c in catalog.claims_of.get(identifier, []) if catalog.said(c, task.scope)]
    own = {row["predicate"] for row in rows if row["subject"] == identifier}
    kind = catalog.entity(entity).kind
    peers: dict[str, int] = {}
    for position in range(len(catalog.position)):
        if catalog.entity(position).kind == kind and position != entity:
            ref = catalog.ref(position).id
            for predicate in {catalog.row(c)["predicate"] for c in catalog.claims_of.get(ref, []) if catalog.row(c)["subject"] == ref}:
                peers[predicate] = peers.get(predicate, 0) + 1
    lacking = sorted((name for name in peers if name not in own), key=lambda name: (-peers[name], name))[:6]

    undated = sum(not dated(row) for row in rows)
    network = catalog.network_in(task.scope)
    parts = [say(task.lang, "gaps_head", name=task.label(entity), known=len(rows), undated=undated)]
    if lacking:
        parts.append(say(task.lang, "gaps_lacking", names=join(task.lang, [task.name_of(catalog.predicates[name]) for name in lacking])))
    if not network.needs_of[entity]:
        parts.append(say(task.lang, "gaps_needs"))
    if not network.needed_by[entity]:
        parts.append(say(task.lang, "gaps_dependents"))
    return Draft(
        answer=sentences(task.lang, parts),
        entities=(named(catalog, entity, "subject", None, tuple(row["id"] for row in rows)),),
        claims=tuple(row["id"] for row in rows),
        not_known=tuple(parts[1:]),
    )
