"""The plan that answers with what claims state: facts of any kind, found by what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from agikg.ask.draft import Draft, Task, named
from agikg.ask.focus import PLACES, Focus
from agikg.ask.lexicon import CONTENT_FREE, GRAMMAR_WORDS, STOP_WORDS
from agikg.ask.metrics import is_narrower
from agikg.ask.phrasing import hedge, join, say, sentences
from agikg.ask.reading import MARK
from agikg.ask.retrieval import Hit, Retrieval, Wanted, retrieval_in
from agikg.ask.wording import worded_as
from agikg.catalog import Catalog
from agikg.names import tokenise
from agikg.views.figures import date_of, figures, is_figure
from agikg.words import stem

MOST = 10
_ENOUGH, _ENOUGH_FOCUSED, ENOUGH_TRUE = 0.55, 0.5, 0.85
"""Least coverage of an answer: without and with something asked for that the claim has, and for what is said to be true."""
_SURE, _SURER = 0.72, 0.85
"""Coverage from which the relation asked for may be worded in a way of its own."""
_SPECIFIC = 2.4
"""Weight from which an entity has to be what a claim is about."""
_BROAD = frozenset(["Concept", "Group", "Market", "ValueChainLayer"])
"""Classes of what is spoken of in many words; a claim need not name it as the question does."""
_WEAK = frozenset(
    stem(word)
    for word in """
    use make build hold lead open good run put come move change behind first get give take set go keep face bring see work call
    """.split()
)
"""Relation words that are too common to tell which relation is asked for."""
_CLOSE = 0.12
"""Claims whose coverage is this much below the best one's are not part of the answer."""


def fact(task: Task) -> Draft:
    """What claims say that account for every word of the question."""
    counted = worded_as("counted", task.question.masked) is not None
    only_wording = not task.entities and task.kind is None and all(word in GRAMMAR_WORDS for word in task.content)
    if only_wording or (not task.content and worded_as("reason", task.question.masked)):
        return replace(missing(task), reason="unsupported_question")
    hits = find(task, values=counted) or _denying(task)
    if worded_as("whether", task.question.masked):
        hits = [hit for hit in hits if relates(task, hit)]
    if not hits:
        return missing(task)
    rows = [task.catalog.row(hit.claims[0]) for hit in hits]
    presumed = worded_as("presuming", task.question.masked) is not None
    denied = [row for row in rows if row["modality"] == "denied" or (presumed and worded_as("denying", row["statement"]))]
    if denied[:1] == rows[:1] and not worded_as("whether", task.question.masked) and not negative(task.question.text):
        # It asks why, when or where something is that a claim says is not so.
        return replace(missing(task), reason="false_premise", answer=clause(task, denied[0]), claims=tuple(row["id"] for row in denied))
    return told(task, hits)


def _denying(task: Task) -> list[Hit]:
    """Where no date answers "when": claims, dated or not, that deny what it asks the date of."""
    if task.family != "when":
        return []
    hits = find(task._replace(family="fact"))
    said = task.catalog.row(hits[0].claims[0]) if hits else None
    return hits if said and (said["modality"] == "denied" or worded_as("denying", said["statement"])) else []


def find(task: Task, *, values: bool = False, enough: float | None = None) -> list[Hit]:
    """The claims that answer, or none.

    What is asked for (the noun behind "which", "how many") has to be there: said by the claim, or the class of one of its
    ends. Then the claim has to account for enough of the rest.

    Args:
        task: the question.
        values: only claims that carry a figure.
        enough: least coverage; None for what the kind of question needs.
    """
    catalog = task.catalog
    among = None
    if values:
        among = {claim for claim in range(catalog.claim_count) if is_figure(catalog, catalog.row(claim))}
    retrieval = retrieval_in(catalog, task.scope)
    focus = Focus(task, retrieval)
    if focus.kind == "Place":
        task = task._replace(content=tuple(word for word in task.content if word not in PLACES))
    least = enough if enough is not None else _ENOUGH_FOCUSED if focus.words or focus.kind or values else _ENOUGH
    lacks = _lacks(task, retrieval)
    hits = [hit for hit in retrieval.hits(wanted(task), among) if hit.coverage >= least and not lacks(hit) and focus.met(hit)]
    if task.family == "when":
        hits = [hit for hit in hits if dated(catalog.row(hit.claims[0]))]
    if not task.entities:
        spoken = [word for word in task.content if word.isalpha()]
        hits = [hit for hit in hits if sum(word not in hit.missing for word in spoken) >= (2 if hit.missing else 1)]
    if (values and task.content) or not all(map(retrieval.known, task.content)):
        hits = [hit for hit in hits if not set(task.content) <= set(hit.missing)]
    if task.metrics:
        hits = [hit for hit in hits if not _another(task, hit)]
    if not hits:
        return []
    if values and len(task.entities) == 1:
        name = " ".join(task.words_for(task.entities[0]))
        about = {task.entities[0]} | retrieval.kin(task.entities[0])
        kind = catalog.entity(task.entities[0]).kind
        # A claim that only mentions it may give a figure of it, but not where it is another of its class that has the figure.
        hits = [
            hit
            for hit in hits
            if name not in hit.missing and (about & set(hit.ends) or all(catalog.entity(end).kind != kind for end in hit.ends))
        ]
    if worded_as("coming", task.question.text):
        hits = [hit for hit in hits if catalog.row(hit.claims[0])["modality"] in ("expected", "targeted", "estimated")]
    if not hits:
        return []
    fitting = [hit for hit in hits if focus.ends(hit) or _named_ends(task, focus, hit)]
    if not fitting and focus.kind is not None and (focus.strict or hits[0].coverage < 0.8):
        return []
    hits = fitting or hits
    best = hits[0]
    return [hit for hit in hits if hit.coverage >= best.coverage - _CLOSE][:MOST]


def _lacks(task: Task, retrieval: Retrieval) -> Callable[[Hit], bool]:
    """Whether a claim leaves out what it may not: numbers, years, the relation asked for, entities not spoken of everywhere."""
    numbers = {word for word in task.content if any(map(str.isdigit, word))}
    relations = task.catalog.words("relation")
    asked = [word for word in task.content if (word in relations or stem(word) in _stems(task.catalog)) and stem(word) not in _WEAK]
    named_ = [e for e in task.entities if retrieval.entity_weight(e) >= _SPECIFIC and not _BROAD & set(task.catalog.kinds(e))]
    specific = {" ".join(task.words_for(e)) for e in named_}
    weights = {" ".join(task.words_for(e)): retrieval.entity_weight(e) for e in task.entities}
    first = {name for name in specific if weights[name] >= max(weights.values())} if len(specific) > 1 else specific
    whether = worded_as("whether", task.question.masked) is not None
    spare = 1 if len(specific) >= 3 and not whether else 0
    joined = _joined(task)

    def lacks(hit: Hit) -> bool:
        missing_ = set(hit.missing)
        gone = sum(word in missing_ for word in asked)
        lost = {name for name in specific & missing_ if not joined.get(name, frozenset()) - missing_}
        return (
            bool(numbers & missing_)
            or (gone > 0 and gone == len(asked) and hit.coverage < (_SURE if len(specific) > 1 else _SURER))
            or len(lost) > spare
            or (len(first) == 1 and bool(first & lost))
        )

    return lacks


def _joined(task: Task) -> dict[str, frozenset[str]]:
    """Name -> names that the question joins to it ("A and B"): a claim about one of them tells its part."""
    found: dict[str, frozenset[str]] = {}
    for match in re.finditer(rf"{MARK}\d+(?:(?: ?,| and| or|[和与及、]) ?{MARK}\d+)+", task.question.masked):
        entities = [task.question.mentions[int(number)].entity for number in re.findall(r"\d+", match[0])]
        names = frozenset(" ".join(task.words_for(entity)) for entity in entities)
        found.update({name: names - {name} for name in names})
    return found


@lru_cache(maxsize=2)
def _stems(catalog: Catalog) -> frozenset[str]:
    """Stems of the words by which relations are asked for."""
    return frozenset(stem(word) for word in catalog.words("relation") if word not in STOP_WORDS | CONTENT_FREE)


def _another(task: Task, hit: Hit) -> bool:
    """Whether a claim gives another figure than the one that the question names."""
    catalog = task.catalog
    row = catalog.row(hit.claims[0])
    predicate = row["predicate"]
    if not is_figure(catalog, row) or predicate in task.metrics:
        return False
    # A share or a limit says in its scope of what it is.
    of = {stem(token) for token in tokenise(f"{row['scope'] or ''} {row['verbatim'] or ''}")}
    return not is_narrower(catalog, predicate, task.metric_words) and not of & {stem(word) for word in task.metric_words}


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
    """Whether a claim has any date of its own."""
    return bool(row["valid_from"] or row["valid_until"] or row["as_of"])


def told(task: Task, hits: Sequence[Hit]) -> Draft:
    """An answer made of claims: their statements, and the entities at their other ends."""
    catalog = task.catalog
    focus = Focus(task, retrieval_in(catalog, task.scope))
    rows = [catalog.row(claim) for claim in dict.fromkeys(claim for hit in hits for claim in hit.claims)]
    found: dict[int, list[str]] = {}
    for hit in hits:
        ends = _asked_ends(task, hit)
        named_ends = _named_ends(task, focus, hit)
        for end in [end for end in focus.ends(hit) if end in ends] or named_ends or ends:
            found.setdefault(end, []).extend(str(catalog.row(claim)["id"]) for claim in hit.claims)
    listed = [named(catalog, entity, "subject", None) for entity in dict.fromkeys(task.entities)]
    listed += [named(catalog, end, "direct", confidence_of(task, claims), tuple(dict.fromkeys(claims))) for end, claims in found.items()]
    return Draft(
        answer=sentences(task.lang, [clause(task, row) for row in rows]),
        entities=tuple(listed),
        values=figures(catalog, rows),
        claims=tuple(row["id"] for row in rows),
        not_known=_undated(rows),
    )


def _named_ends(task: Task, focus: Focus, hit: Hit) -> list[int]:
    """Entities of the class asked for that the statement of a claim names without being about them."""
    if focus.kind is None:
        return []
    catalog = task.catalog
    spans = catalog.names.spans(tokenise(str(catalog.row(hit.claims[0])["statement"])))
    found = [span.matches[0].entity for span in spans if len(span.matches) == 1]
    return [entity for entity in found if focus.kind in catalog.kinds(entity) and entity not in task.entities]


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
    if len(task.entities) == 2 and not task.content:
        return set(task.entities) <= set(hit.ends)  # "is A one of B": only a claim that links the two says so
    if len(task.entities) < 2 or not row["object_label"]:
        return True
    first = task.entities[0]  # "does A own B": what is said of others that only go along with A says nothing of A
    if str(row["statement"]).startswith(task.catalog.label(first)):
        return True
    return bool(({first} | retrieval_in(task.catalog, task.scope).kin(first)) & set(hit.ends))
