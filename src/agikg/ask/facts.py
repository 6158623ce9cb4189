"""Plans for single facts: what something is, its figures and their history, and on whose word."""

from __future__ import annotations

from typing import Any

from agikg.ask.draft import Draft, Task, named
from agikg.ask.metrics import is_narrower, rows_with
from agikg.ask.phrasing import article, hedge, join, say, sentences
from agikg.model.answer import Named
from agikg.views import figures as views
from agikg.views.figures import date_of, figure, first_day, timeline

_FACTS = 6
_PREPOSITIONS = ("of", "in", "for", "among", "per", "to", "by", "from", "within", "before", "after", "over", "on", "at", "as", "with")


def identity(task: Task) -> Draft:
    """What an entity is: its kind, layer, names and closest relations."""
    catalog, position = task.catalog, task.entities[0]
    entity = catalog.entity(position)
    from agikg.views.sheet import sheet

    found = sheet(catalog, position, task.scope, task.snapshot)
    kind = catalog.classes[entity.kind]
    layer = next(c for c in catalog.concepts("layers") if c["key"] == entity.layer)
    name = f"{entity.label} ({entity.label_zh})" if task.lang == "en" and entity.label_zh else task.label(position)
    if task.lang == "en":
        head = say("en", "identity", name=name, article=article(kind["label"]), kind=kind["label"], layer=layer["label"])
    else:
        head = say("zh", "identity", name=name, kind=kind["label_zh"], layer=layer["label_zh"])
    claims = _telling(task, position)
    return Draft(
        answer=sentences(task.lang, [head, *(_as_clause(row) for row in claims[:_FACTS])]),
        reason=None,
        entities=(
            named(catalog, position, "subject", None, tuple(row["id"] for row in claims[:_FACTS])),
            *_known_by(task, position, claims),
        ),
        values=found.values,
        claims=tuple(claim.id for claim in found.claims),
        not_known=() if found.claims else (f"no claim in scope speaks of {entity.label}",),
    )


def _known_by(task: Task, position: int, claims: list[dict[str, Any]]) -> list[Named]:
    """What a person is known by, from the claim that tells most; who is in a group."""
    catalog, kinds = task.catalog, task.catalog.kinds(position)
    own = catalog.entity(position).id
    if "Person" in kinds:
        rows = [row for row in claims[:1] if row["subject"] == own and row["object_label"]]
        return [named(catalog, catalog.position[row["object"]], "direct", None, (row["id"],)) for row in rows]
    if "Group" not in kinds:
        return []
    rows = [row for row in claims if row["object"] == own and "group" in catalog.predicates[row["predicate"]]["tells"]]
    return [named(catalog, catalog.position[row["subject"]], "direct", None, (row["id"],)) for row in rows]


def _telling(task: Task, position: int) -> list[dict[str, Any]]:
    """Claims about an entity, those that tell most first.

    What is said of it before what is said of others, dependencies before other relations, figures and texts, the
    section on its own layer before the others, and a new relation before one already told.
    """
    catalog = task.catalog
    entity = catalog.entity(position)
    rows = [catalog.row(claim) for claim in catalog.claims_of.get(entity.id, []) if catalog.said(claim, task.scope)]
    told: dict[tuple[str, bool], int] = {}

    def weight(row: dict[str, Any]) -> tuple[Any, ...]:
        predicate = catalog.predicates[row["predicate"]]
        key = (row["predicate"], row["subject"] == entity.id)
        told[key] = told.get(key, -1) + 1
        kind = ("relation", "metric", "text").index(predicate["kind"])
        elsewhere = row["locator"].partition(" ")[0] != entity.layer
        return told[key] > 0, not key[1], predicate["role"] == "none", elsewhere, kind, -row["confidence_score"], row["id"]

    return sorted(rows, key=weight)


def _as_clause(row: dict[str, Any]) -> str:
    return str(row["statement"]).rstrip(".。")


def figures(task: Task) -> Draft:
    """The figures of an entity that the question means, oldest first, each with its hedges."""
    catalog = task.catalog
    rows = figure_rows(task)
    if not rows:
        from agikg.ask.stated import find, missing, refuted, reversed_beside, told  # most figures are found without a search

        hits = find(task, values=True)
        if hits and (turned := reversed_beside(task, hits[0])):
            return refuted(task, turned)  # "by how much does A exceed B": it is B that exceeds A
        return told(task, hits) if hits else _no_figure(task) if task.entities else missing(task)
    position = catalog.position[rows[0]["subject"]]
    values = [figure(catalog, row) for row in rows]
    parts = []
    for metric in dict.fromkeys(row["predicate"] for row in rows):
        listed = [_value(task, row) for row in rows if row["predicate"] == metric]
        label = task.name_of(catalog.predicates[metric])
        parts.append(say(task.lang, "figure", metric=label, name=task.label(position), values=join(task.lang, listed)))
    return Draft(
        answer=sentences(task.lang, parts),
        entities=(named(catalog, position, "subject", None, tuple(row["id"] for row in rows)),),
        values=tuple(values),
        claims=tuple(row["id"] for row in rows),
    )


def figure_rows(task: Task) -> list[dict[str, Any]]:
    """Rows of the metrics named (or of all) that account for every other word of the question, in order of time.

    With two entities, the figures of each in which the other is spoken of.
    """
    found: list[dict[str, Any]] = []
    for position in task.entities:
        others = tuple(word for entity in task.entities if entity != position for word in task.words_for(entity))
        found += _rows_of(task, position, (*task.rest, *others))
    return found


def _rows_of(task: Task, position: int, words: tuple[str, ...]) -> list[dict[str, Any]]:
    catalog = task.catalog
    identifier = catalog.entity(position).id
    said = (catalog.row(claim) for claim in catalog.claims_of.get(identifier, []) if catalog.said(claim, task.scope))
    rows = timeline(catalog, (row for row in said if row["subject"] == identifier))
    exact = [row for row in rows if not task.metrics or row["predicate"] in task.metrics]
    # "users" names one metric, but an entity may only have a narrower one (monthly active users).
    narrower = [row for row in rows if is_narrower(catalog, row["predicate"], task.metric_words)]
    return rows_with(catalog, exact, words) or rows_with(catalog, narrower, words)


def _value(task: Task, row: dict[str, Any]) -> str:
    scope, aside = row["scope"] or "", ""
    if scope in row["verbatim"]:
        scope = ""
    elif scope.partition(" ")[0] not in _PREPOSITIONS:
        scope, aside = "", scope
    said = [aside, hedge(task.lang, row["modality"], row["attributed_to"])]
    said.append(date_of(row) or "")
    if row["superseded_by"]:
        said.append(say(task.lang, "superseded"))
    told = [word for word in said if word]
    hedges = "" if not told else f" ({'; '.join(told)})" if task.lang == "en" else f"（{'；'.join(told)}）"
    printed = views.in_words(figure(task.catalog, row), task.lang)
    return say(task.lang, "value", verbatim=printed, scope=f" {scope}" if scope else "", hedges=hedges)


def _no_figure(task: Task) -> Draft:
    """Understood, but not in the graph: says so and gives what is nearest."""
    catalog, position = task.catalog, task.entities[0]
    identifier = catalog.entity(position).id
    rows = [row for row in _telling(task, position) if row["subject"] == identifier]
    metrics = [row for row in rows if views.is_figure(catalog, row)]
    near = [*metrics, *(row for row in rows if row not in metrics)][:2]
    asked = [task.name_of(catalog.predicates[metric]) for metric in task.metrics]
    wanted = join(task.lang, asked or list(task.rest) or [task.question.text.strip(" ?？")])
    return Draft(
        answer=f"{wanted} – {task.label(position)}",
        reason="not_in_graph",
        entities=(named(catalog, position, "nearest", None, tuple(row["id"] for row in near)),),
        claims=tuple(row["id"] for row in near),
        not_known=(f"{wanted} of {task.label(position)}",),
    )


def provenance(task: Task) -> Draft:
    """On whose word: the claims between the entities named, or on the figure named, or about the entity."""
    catalog = task.catalog
    rows = _rows_asked(task)
    if not rows:
        from agikg.ask.stated import find

        rows = [catalog.row(claim) for hit in find(task) for claim in hit.claims]
    if not rows:
        names = join(task.lang, [task.label(entity) for entity in task.entities])
        return Draft(answer=names, reason="not_in_graph", entities=tuple(named(catalog, e, "nearest", None) for e in task.entities))
    places = join(task.lang, [_place(task, row) for row in rows[:8]])
    verb = "say" if len(rows) > 1 else "says"
    text = say(task.lang, "provenance", count=len(rows), s="s" if len(rows) > 1 else "", verb=verb, places=places)
    more = [] if len(rows) <= 8 else [f"+{len(rows) - 8}"]
    return Draft(
        answer=sentences(task.lang, [text, *more]),
        entities=(*(named(catalog, entity, "subject", None) for entity in task.entities), *_speakers(task, rows)),
        values=views.figures(catalog, rows),
        claims=tuple(row["id"] for row in rows),
    )


def _speakers(task: Task, rows: list[dict[str, Any]]) -> list[Named]:
    """Whose word the claims are: who is said to say it, or the person of whom a claim tells what is said."""
    catalog, found = task.catalog, dict[int, list[str]]()
    for row in rows:
        person = "Person" in catalog.kinds(catalog.position[row["subject"]])
        speaker = row["attributed_id"] or (row["subject"] if person else None)
        if speaker is not None:
            found.setdefault(catalog.position[speaker], []).append(row["id"])
    return [
        named(task.catalog, speaker, "direct", None, tuple(claims)) for speaker, claims in found.items() if speaker not in task.entities
    ]


def _place(task: Task, row: dict[str, Any]) -> str:
    said = hedge(task.lang, row["modality"], row["attributed_to"])
    inner = f"{row['source']}, {row['locator']}" + (f", {said}" if said else "")
    return f"{_as_clause(row)} ({inner})" if task.lang == "en" else f"{_as_clause(row)}（{inner}）"


def _rows_asked(task: Task) -> list[dict[str, Any]]:
    if not task.entities:
        return []
    if len(task.entities) > 1:
        return rows_with(task.catalog, _between(task), task.rest) or _between(task)
    if task.metrics:
        return figure_rows(task)
    rows = _telling(task, task.entities[0])
    return rows_with(task.catalog, rows, task.rest)


def _between(task: Task) -> list[dict[str, Any]]:
    """Rows that carry an edge between the first entity and one of the others, inherited edges with all they rest on."""
    catalog = task.catalog
    first, others = task.entities[0], set(task.entities[1:])
    found: dict[int, None] = {}
    for link in catalog.links:
        if (link.subject == first and link.object in others) or (link.object == first and link.subject in others):
            for evidence in catalog.evidence(link, task.scope, dated=False):
                found |= dict.fromkeys(evidence)
    return sorted((catalog.row(claim) for claim in found), key=lambda row: (first_day(row), row["id"]))
