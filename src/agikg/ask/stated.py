"""The plan that answers with what claims state: facts of any kind, found by what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agikg.ask.attributes import contraries, contrary
from agikg.ask.draft import Draft, Task, named
from agikg.ask.focus import Focus
from agikg.ask.lexicon import GENERIC, GRAMMAR_WORDS
from agikg.ask.order import compares, reverses
from agikg.ask.phrasing import hedge, join, say, sentences
from agikg.ask.ranking import Asked, Ranked
from agikg.ask.retrieval import Hit, Wanted, retrieval_in
from agikg.ask.wording import worded_as
from agikg.names import tokenise
from agikg.views.figures import date_of, figures, is_figure

MOST = 10
ENOUGH, ENOUGH_PLAIN, ENOUGH_LITTLE, ENOUGH_TRUE = 0.45, 0.3, 0.5, 0.55
"""Least chance of an answer, of one by a claim of which no question is known (another model tells it), of one that has little
of the question, and of what is said to be true."""
_COMING = ("expected", "targeted", "estimated", "reported", "claimed")
"""How claims speak of what is to come."""
_WHOLLY = 0.6
"""How well a claim has to account for an entity asked about for its figure to count."""
_REFUTES = 0.15
"""Least chance of a claim that refuses what a question takes for granted, where none answers it."""
_DEMONYM = 4
"""Letters that the name of a country and the word for what is of it have in common."""
_ASIDE = 0.4
"""Share of the best chance from which a claim is told beside the answer."""
_PAIRED = 0.15
"""Share of its chance from which a figure has the same of something else set beside it."""
_CLOSE, _LIKE, _SENTENCE = 0.7, 0.5, 0.2
"""Share of the best chance from which a claim is part of the answer: any; one that says the same of something else; one of the
same sentence that does."""


def fact(task: Task) -> Draft:
    """What claims say that account for every word of the question."""
    counted = worded_as("counted", task.question.masked) is not None
    only_wording = not task.entities and task.kind is None and all(word in GRAMMAR_WORDS for word in task.content)
    if only_wording or (not task.content and worded_as("reason", task.question.masked)):
        return replace(missing(task), reason="unsupported_question")
    hits = find(task, values=counted) or _denying(task)
    if worded_as("whether", task.question.masked):
        hits = [hit for hit in hits if relates(task, hit)]
    presumed = worded_as("presuming", task.question.masked) is not None
    if not hits:
        near = find(task, enough=_REFUTES, undated=True)[:1] if presumed and not negative(task.question.text) else []
        denied = [row for hit in near for row in (*_denied_beside(task, hit), task.catalog.row(hit.claims[0])) if _denies(task, row)]
        return refuted(task, denied) if denied else missing(task)
    affirmed = [hit for hit in hits if task.catalog.row(hit.claims[0])["modality"] != "denied"]
    if affirmed and not affirmed[0].aside:
        hits = affirmed
    beside = [*reversed_beside(task, hits[0]), *(_denied_beside(task, hits[0]) if presumed else ())]
    rows = [*beside, *(task.catalog.row(hit.claims[0]) for hit in hits)]
    denied = [row for row in rows if row["modality"] == "denied" or reverses(task.question.text, row) or (presumed and _denies(task, row))]
    if denied[:1] == rows[:1] and not worded_as("whether", task.question.masked) and not negative(task.question.text):
        return refuted(task, denied)
    return told(task, hits)


def refuted(task: Task, denied: Sequence[dict[str, Any]]) -> Draft:
    """It asks why, when or where something is that claims say is not so."""
    claims = tuple(dict.fromkeys(row["id"] for row in denied))
    return replace(missing(task), reason="false_premise", answer=clause(task, denied[0]), claims=claims)


def _denied_beside(task: Task, best: Hit) -> list[dict[str, Any]]:
    """Claims that deny of a place in the question what the likeliest one, of their sentence, says of another."""
    catalog = task.catalog
    told = catalog.row(best.claims[0])
    elsewhere = any("Place" in catalog.kinds(end) and end not in task.entities for end in best.ends)
    return [
        row
        for row in (_of_sentence(task, best) if elsewhere else ())
        if row["modality"] == "denied"
        and (row["subject"], row["predicate"]) == (told["subject"], told["predicate"])
        and row["object"] in catalog.position
        and _speaks_of(task, catalog.position[row["object"]])
    ]


def _speaks_of(task: Task, place: int) -> bool:
    """Whether a question names a place, or what is of it: "Chinese" begins as "China" does."""
    text, entity = task.question.text, task.catalog.entity(place)
    begins = entity.label[:_DEMONYM].casefold()
    return (entity.label_zh or entity.label) in text or any(word.startswith(begins) for word in tokenise(text))


def reversed_beside(task: Task, best: Hit) -> list[dict[str, Any]]:
    """Claims of the likeliest one's sentence that say the contrary of the comparison that a question makes."""
    text = task.question.text
    return [row for row in _of_sentence(task, best) if reverses(text, row)] if compares(text) else []


def _of_sentence(task: Task, hit: Hit) -> list[dict[str, Any]]:
    """The claims of a claim's sentence, itself among them."""
    return [task.catalog.row(claim) for claim in retrieval_in(task.catalog, task.scope).around.in_sentence(hit.claims[0])]


def says_not(row: Mapping[str, Any]) -> bool:
    """Whether a claim denies something, or says that it is not so."""
    return row["modality"] == "denied" or worded_as("denying", str(row["statement"])) is not None


def _denies(task: Task, row: Mapping[str, Any]) -> bool:
    """Whether a claim says that something is not so, or says the contrary of the question."""
    return says_not(row) or contrary(contraries(task.question.masked), str(row["statement"]))


def _denying(task: Task) -> list[Hit]:
    """Where no date answers "when": claims, dated or not, that deny what it asks the date of."""
    if task.family != "when":
        return []
    hits = find(task._replace(family="fact"), undated=True)
    said = task.catalog.row(hits[0].claims[0]) if hits else None
    return hits if said and says_not(said) else []


def find(task: Task, *, values: bool = False, enough: float | None = None, undated: bool = False) -> list[Hit]:
    """The claims that answer, or none: the likeliest, those that say the same of others, and those nearly as likely.

    Args:
        task: the question.
        values: only claims that carry a figure.
        enough: least chance of the likeliest; None for what answers need.
        undated: also claims without a date where one is asked for.
    """
    catalog, asked = task.catalog, Asked(task)
    ranked = asked.ranked()
    if values:
        ranked = [one for one in ranked if is_figure(catalog, catalog.row(one.hit.claims[0])) and _own_figure(task, asked, one.hit)]
    if not undated and (task.family == "when" or worded_as("dating", task.question.masked)):
        ranked = [one for one in ranked if dated(catalog.row(one.hit.claims[0]))]
    if worded_as("coming", task.question.text):
        ranked = [one for one in ranked if catalog.row(one.hit.claims[0])["modality"] in _COMING]
    if not ranked:
        return []
    best = ranked[0]
    if enough is None:
        enough = ENOUGH if asked.known(best.hit) else ENOUGH_PLAIN
        if asked.has_little(best.hit):
            enough = max(enough, ENOUGH_LITTLE)
    if best.chance < enough:
        return []
    if asked.gates.measured and not _another(asked, best.hit):
        ranked = [one for one in ranked if not _another(asked, one.hit)]  # beside the figure that is named no other
    alike = _alike(task, best.hit)
    found = [
        (one.hit, one.chance >= best.chance * alike(one.hit)) for one in ranked if one.chance >= best.chance * min(_ASIDE, alike(one.hit))
    ]
    if _tells_no_end(catalog.row(best.hit.claims[0])) and not any(part and _asked_ends(task, hit) for hit, part in found):
        found = _with_parts(found, _with_ends(task, ranked))
    if worded_as("comparing", task.question.masked):
        found = _with_parts(found, _same_figures(task, ranked))
    return [hit._replace(aside=not part) for hit, part in sorted(found, key=lambda pair: not pair[1])[:MOST]]


def _tells_no_end(row: Mapping[str, Any]) -> bool:
    """Whether a claim tells in words of one thing only, and tells that it is so."""
    return row["object_label"] is None and row["unit"] is None and not says_not(row)


def _with_parts(found: Sequence[tuple[Hit, bool]], parts: Sequence[Hit]) -> list[tuple[Hit, bool]]:
    """What is told, each with whether it is part of the answer, and these as parts of it."""
    return [*((hit, part or hit in parts) for hit, part in found), *((hit, True) for hit in parts if all(hit != one for one, _ in found))]


def _with_ends(task: Task, ranked: Sequence[Ranked]) -> list[Hit]:
    """Claims of the likeliest one's sentence that give an entity."""
    sentence = task.catalog.row(ranked[0].hit.claims[0])["locator"]
    return [one.hit for one in ranked if task.catalog.row(one.hit.claims[0])["locator"] == sentence and _asked_ends(task, one.hit)]


def _same_figures(task: Task, ranked: Sequence[Ranked]) -> list[Hit]:
    """The likeliest figures that are the same of different things, where one of them is likely asked for."""
    found: dict[tuple[str, str], dict[str, Ranked]] = {}
    for one in ranked:
        row = task.catalog.row(one.hit.claims[0])
        if is_figure(task.catalog, row) and row["unit"] is not None:
            of = found.setdefault((str(row["predicate"]), str(row["unit"])), {})
            if not of or one.chance >= _PAIRED * next(iter(of.values())).chance:
                of.setdefault(str(row["subject"]), one)
    pairs = [list(of.values()) for of in found.values() if len(of) > 1]
    best = max(pairs, key=lambda pair: pair[0].chance, default=[])
    return [one.hit for one in best] if best and best[0].chance >= _ASIDE * ranked[0].chance else []


def _another(asked: Asked, hit: Hit) -> bool:
    """Whether a claim gives another figure than the question names."""
    row = asked.catalog.row(hit.claims[0])
    return is_figure(asked.catalog, row) and asked.another(row)


def _own_figure(task: Task, asked: Asked, hit: Hit) -> bool:
    """Whether a figure may be that of the entity asked about: not where another of its class, or of its kind of thing, has it."""
    if len(task.entities) != 1:
        return True
    catalog, entity = task.catalog, task.entities[0]
    about = {entity} | asked.retrieval.around.kin(entity)
    kind = catalog.entity(entity).kind
    label = re.escape(catalog.label(entity))
    within = re.search(rf"\b(?:of|in|within|among) (?:the )?{label}", catalog.row(hit.claims[0])["scope"] or "")  # a share of it
    return within is not None or bool(about & set(hit.ends)) or all(catalog.entity(end).kind != kind for end in hit.ends)


def _alike(task: Task, best: Hit) -> Callable[[Hit], float]:
    """The share of the best chance from which a claim is part of the answer.

    Less where it says the same of something else: by the same relation, the other end (which the question does not name)
    in common; and least where one sentence says both.
    """
    catalog = task.catalog
    told = catalog.row(best.claims[0])
    asked = {catalog.ref(entity).id for entity in task.entities}

    def needed(hit: Hit) -> float:
        row = catalog.row(hit.claims[0])
        if row["predicate"] != told["predicate"]:
            return _CLOSE
        for end, other in (("subject", "object"), ("object", "subject")):
            if row[end] is not None and row[end] == told[end] and told[other] not in asked:
                return _SENTENCE if row["locator"] == told["locator"] else _LIKE
        return _CLOSE

    return needed


def negative(text: str) -> bool:
    """Whether a sentence says that something is not so."""
    return worded_as("negative", text) is not None


def wanted(task: Task) -> Wanted:
    """What the claims have to account for."""
    entities = tuple((entity, task.words_for(entity)) for entity in task.entities)
    return Wanted(entities, task.content)


def _asked_ends(task: Task, hit: Hit) -> list[int]:
    """Entities of a claim that the question does not name itself."""
    return [end for end in hit.ends if end not in task.entities]


def dated(row: dict[str, Any]) -> bool:
    """Whether a claim has any date of its own, or gives a year."""
    return bool(row["valid_from"] or row["valid_until"] or row["as_of"] or row["unit"] == "year")


def told(task: Task, hits: Sequence[Hit]) -> Draft:
    """An answer made of claims: their statements, and the entities at their other ends."""
    catalog = task.catalog
    retrieval = retrieval_in(catalog, task.scope)
    focus = Focus(task, retrieval)
    rows = [catalog.row(claim) for claim in dict.fromkeys(claim for hit in hits for claim in hit.claims)]
    found: dict[int, list[str]] = {}
    for hit in hits:
        if hit.aside:
            continue
        ends = _asked_ends(task, hit)
        named_ends = _named_ends(task, focus, hit)
        fitting = [end for end in focus.ends(hit) if end in ends]
        speaker = retrieval.around.speaker(hit.claims[0]) if focus.kind == "Agent" and not focus.strict and not fitting else None
        for end in fitting or ([speaker] if speaker is not None and speaker not in task.entities else named_ends or ends):
            found.setdefault(end, []).extend(str(catalog.row(claim)["id"]) for claim in hit.claims)
    listed = [named(catalog, entity, "subject", None) for entity in dict.fromkeys(task.entities)]
    listed += [named(catalog, end, "direct", confidence_of(task, claims), tuple(dict.fromkeys(claims))) for end, claims in found.items()]
    return Draft(
        answer=sentences(task.lang, [clause(task, row) for row in rows]),
        entities=tuple(listed),
        values=figures(catalog, (catalog.row(claim) for hit in hits if _of_it(task, hit) for claim in hit.claims)),
        claims=tuple(row["id"] for row in rows),
        not_known=_undated(rows),
    )


def _of_it(task: Task, hit: Hit) -> bool:
    """Whether a claim's figure is one of an entity asked about, where any is."""
    named_ = hit.met[: len(task.entities)]
    return not named_ or max(named_) >= _WHOLLY


def _named_ends(task: Task, focus: Focus, hit: Hit) -> list[int]:
    """Entities of the class asked for that the statement of a claim names without being about them."""
    if focus.kind is None and not focus.words:
        return []
    catalog = task.catalog
    spans = catalog.names.spans(tokenise(str(catalog.row(hit.claims[0])["statement"])))
    found = [span.matches[0].entity for span in spans if len(span.matches) == 1]
    return [entity for entity in found if focus.fits(entity) and entity not in task.entities]


def confidence_of(task: Task, claims: Iterable[str]) -> str:
    """The best confidence of claims, as a word."""
    rows = (task.catalog.row(task.catalog.claim_position[claim]) for claim in claims)
    return task.catalog.word(max(row["confidence_score"] for row in rows))


def clause(task: Task, row: dict[str, Any]) -> str:
    """A claim as a clause: its statement with hedge, date and place."""
    said = [hedge(task.lang, row["modality"], row["attributed_to"]), date_of(row) or ""]
    if row["superseded_by"]:
        said.append(say(task.lang, "superseded"))
    said.append(f"{row['source']}, {row['locator']}")
    inner = "; ".join(part for part in said if part) if task.lang == "en" else "；".join(part for part in said if part)
    text = str(row["statement"]).rstrip(".。")
    return f"{text} ({inner})" if task.lang == "en" else f"{text}（{inner}）"


def _undated(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    undated = sum(not dated(row) for row in rows)
    return (f"since when: {undated} of {len(rows)} claims carry no date",) if undated else ()


def missing(task: Task, what: str | None = None) -> Draft:
    """Understood, but not in the graph: what is missing, and the nearest facts."""
    catalog = task.catalog
    near = retrieval_in(catalog, task.scope).hits(wanted(task))[:2]
    rows = [catalog.row(claim) for hit in near for claim in hit.claims]
    shown = dict.fromkeys(task.entities) or dict.fromkeys(end for hit in near[:1] for end in hit.ends)
    text = what or join(task.lang, [*task.content] or [task.question.text])
    return Draft(
        answer=text if not task.entities else f"{text} – {join(task.lang, [task.label(entity) for entity in task.entities])}",
        reason="not_in_graph",
        entities=tuple(named(catalog, entity, "nearest", None) for entity in shown),
        claims=tuple(row["id"] for row in rows),
        not_known=(text,),
    )


def relates(task: Task, hit: Hit) -> bool:
    """Whether a claim that relates two entities is about what the question says something of."""
    row = task.catalog.row(hit.claims[0])
    if set(hit.missing) & task.catalog.words("relation") - GENERIC:
        return False  # "does A own B": a claim that A relies on B does not say so
    if len(task.entities) == 2 and not task.content:
        return set(task.entities) <= set(hit.ends)  # "is A one of B": only a claim that links the two says so
    if len(task.entities) < 2 or not row["object_label"]:
        return True
    first = task.entities[0]  # "does A own B": what is said of others that only go along with A says nothing of A
    if str(row["statement"]).startswith(task.catalog.label(first)):
        return True
    return bool(({first} | retrieval_in(task.catalog, task.scope).around.kin(first)) & set(hit.ends))
