"""From a question to an answer: read, choose the family, run its plan, or refuse with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from itertools import chain, groupby
from typing import Any

from agikg.ask.draft import Draft, Task, finish
from agikg.ask.expected import ordinary
from agikg.ask.grammar import candidates
from agikg.ask.kinds import take_kind
from agikg.ask.lexicon import CONNECTING, CONTENT_FREE, COUNTRIES, GRAMMAR_CHARACTERS, GRAMMAR_WORDS, STOP_CHARACTERS, STOP_WORDS
from agikg.ask.metrics import content_words, named_metrics
from agikg.ask.parts import carried_on, several_questions
from agikg.ask.phrasing import join, refusal, say, sentences
from agikg.ask.premise import is_name, premise_of, reason_of, unknown_words
from agikg.ask.reading import MARK, Question, put_right, read
from agikg.ask.sparql import reproducing
from agikg.ask.wording import plain, worded_as
from agikg.catalog import Catalog
from agikg.dates import dates_in_words
from agikg.model.answer import Answer
from agikg.model.scope import Scope
from agikg.names import is_chinese, tied, tokenise
from agikg.words import stem

# Family -> module and function of its plan; a start loads the one it needs.
_PLANS = {
    "dependents": ("reaching", "dependents"),
    "dependencies": ("reaching", "dependencies"),
    "path": ("reaching", "connection"),
    "identity": ("facts", "identity"),
    "figure": ("facts", "figures"),
    "history": ("facts", "figures"),
    "provenance": ("facts", "provenance"),
    "whatif": ("scenarios", "scenario"),
    "chokepoints": ("scenarios", "critical"),
    "alternatives": ("scenarios", "alternatives"),
    "compare": ("surveys", "comparison"),
    "disagreement": ("doubts", "disagreement"),
    "gaps": ("doubts", "gaps"),
    "verify": ("doubts", "verify"),
    "when": ("stated", "fact"),
    "list": ("surveys", "listing"),
    "fact": ("stated", "fact"),
}
_STRICT = ("dependents", "dependencies", "path", "identity")
"""Families whose plans take no other words than their own: any other makes it another question."""
_FIRST = (
    "provenance",
    "history",
    "dependents",
    "dependencies",
    "path",
    "whatif",
    "chokepoints",
    "alternatives",
    "compare",
    "disagreement",
    "gaps",
    "when",
)
"""Families that a metric named beside the entity does not turn into a question for the figure."""
_OPEN = ("compare", "history", "when", "disagreement")
"""Families that leave it to the claims where they have no answer of their own."""
_KNOWN_WORDS = STOP_WORDS | GRAMMAR_WORDS | CONTENT_FREE | STOP_CHARACTERS | GRAMMAR_CHARACTERS


def answer(catalog: Catalog, text: str, scope: Scope, snapshot: str) -> Answer:
    """Answers a question, or refuses with one of the reasons of the contract."""
    for wording, reason in (("elsewhere", "out_of_scope"), ("opinion", "unsupported_question")):
        if worded_as(wording, text):
            question, _ = _read(catalog, text, text)
            return finish(catalog, question, None, scope, snapshot, _refused(catalog, question, Draft(answer="", reason=reason), scope))
    premise, main = premise_of(text)
    if premise and not _holds(catalog, premise, scope, snapshot):
        return _false_premise(catalog, text, premise, scope, snapshot)
    first, others = several_questions(main or text)
    question, kind = _read(catalog, first, text)
    family, draft = _drafted(catalog, question, kind, scope, snapshot)
    if draft.reason is not None and others:
        question, kind = _read(catalog, main or text, text)
        family, draft = _drafted(catalog, question, kind, scope, snapshot)
    for other in others:
        draft = _joined(draft, *_second(catalog, first, other, text), scope, snapshot)
    if draft.reason is not None:
        draft = _refused(catalog, question, draft, scope)
    return finish(catalog, question, family, scope, snapshot, draft)


def _second(catalog: Catalog, first: str, part: str, asked: str) -> tuple[Catalog, Question, str | None]:
    """A question that another one ends in, about what that one is about where it names nothing itself."""
    question, kind = _read(catalog, part, asked)
    if not question.mentions:
        question, kind = _read(catalog, carried_on(first, part), asked)
    return catalog, question, kind


def _joined(draft: Draft, catalog: Catalog, question: Question, kind: str | None, scope: Scope, snapshot: str) -> Draft:
    """An answer and that to a second question, if both have one."""
    if draft.reason is not None:
        return draft
    _, more = _drafted(catalog, question, kind, scope, snapshot)
    return draft if more.reason is not None else draft.joined(more)


def _holds(catalog: Catalog, premise: str, scope: Scope, snapshot: str) -> bool:
    """Whether claims support a premise: what they deny, or state with another number, they do not support."""
    found = answer(catalog, f"is it true that {premise}" if premise.isascii() else f"是否{premise}", scope, snapshot)
    if found.status != "answered":
        return False
    if found.family == "verify":
        heads = tuple(sentences(found.lang, [say(found.lang, name)]) for name in ("yes", "yes_hedged"))
        return found.answer.startswith(heads)
    if not found.claims or worded_as("negative", premise):
        return True
    from agikg.ask.stated import says_not

    likeliest = catalog.row(catalog.claim_position[found.claims[0].id])
    return not says_not(likeliest) and {linked.id for linked in found.understood.entities} <= _spoken_of(catalog, likeliest)


def _spoken_of(catalog: Catalog, row: Mapping[str, Any]) -> set[str]:
    """The entities that a claim is about or that its statement names."""
    named = (span.matches[0].entity for span in catalog.names.spans(tokenise(row["statement"])))
    return {row["subject"], row["object"], row["attributed_id"], *row["party_ids"], *(catalog.ref(entity).id for entity in named)}


def _read(catalog: Catalog, part: str, asked: str) -> tuple[Question, str | None]:
    """The part of a question that is to be answered, as a question whose text is all that was asked; the class it asks for."""
    head, colon, tail = part.partition(": ")
    if colon and catalog.names.spans(tokenise(head)):
        part = f"{head}, {tail}"  # "Kimi Chat: how many users": what stands before names what is asked about
    part = plain(put_right(part))
    kind, rest = take_kind(catalog, dates_in_words(part) if any(map(str.isdigit, part)) else part)
    metric_words = catalog.words("metric")
    known = _KNOWN_WORDS | metric_words | catalog.words("relation") | catalog.words("text")
    return read(catalog, rest, known, GRAMMAR_WORDS | metric_words)._replace(text=asked), kind


def _drafted(catalog: Catalog, question: Question, kind: str | None, scope: Scope, snapshot: str) -> tuple[str | None, Draft]:
    for mention in question.mentions:
        if mention.ambiguous:
            return None, _ambiguous(catalog, question.lang, mention.text, [m.entity for m in tied(mention.matches)])
    entities = _meant(catalog, question)
    metrics = named_metrics(catalog, question.words)
    used = frozenset(word for words in metrics.values() for word in words)
    rest = tuple(word for word in content_words(question.words) if word not in used)
    content = _content(question)
    if not entities and kind is None and all(map(str.isdigit, content)):
        return None, Draft(answer="", reason="unsupported_question")
    vague = _vague(catalog, question) if not entities else []
    if len(vague) > 1:
        match = worded_as("vague", question.masked)
        return None, _ambiguous(catalog, question.lang, (match["pronoun"] or match[0]) if match else "", vague[:6])
    unknown = _unknown_name(catalog, question, content)
    if unknown is not None:
        return None, Draft(answer=unknown, reason="unknown_entity")
    task = Task(catalog, question, scope, snapshot, "fact", entities, tuple(metrics), tuple(sorted(used)), rest, kind, content)
    first: tuple[str, Draft] | None = None
    tried: set[str] = set()
    for family in _families(question, len(entities), bool(metrics), all(map(str.isdigit, rest))):
        if family in tried or (family in _STRICT and not _fits(task._replace(family=family), rest)):
            continue
        tried.add(family)
        draft = _run(task._replace(family=family))
        if draft.reason is None:
            return family, draft
        first = first or (family, draft)
        if family in _FIRST and family not in _OPEN and not (family in _STRICT and kind is not None):
            break
    family, draft = first or ("fact", _run(task))
    reason = reason_of(task, family, draft)
    if reason == "unknown_entity" and (words := unknown_words(task)):
        draft = replace(draft, answer=join(question.lang, words))  # the other words are known
    return family, replace(draft, reason=reason)


def _meant(catalog: Catalog, question: Question) -> tuple[int, ...]:
    """The entities of a question; one that stands right before another it is linked to only says more of that ("Huawei Ascend 910C")."""
    entities = [mention.entity for mention in question.mentions]
    qualifying = set()
    for match in re.finditer(rf"{MARK}(\d+) ?(?={MARK}(\d+))", question.masked):
        one, other = entities[int(match[1])], entities[int(match[2])]
        if any({one, end} == {link.subject, link.object} for end in _line(catalog, other) for link in catalog.links):
            qualifying.add(one)
    return tuple(dict.fromkeys(entity for entity in entities if entity not in qualifying or len(set(entities)) == 1))


def _line(catalog: Catalog, entity: int) -> set[int]:
    """An entity and all that it is a version of."""
    found, fresh = {entity}, {entity}
    while fresh:
        fresh = {x.object for x in catalog.links if x.subject in fresh and catalog.predicates[x.predicate]["carries_party"]} - found
        found |= fresh
    return found


def _unknown_name(catalog: Catalog, question: Question, content: tuple[str, ...]) -> str | None:
    """A word that is written like a name, or is that of a country, and that nothing in the graph says."""
    country = next((word for word in _country_words(question) if stem(word) not in catalog.search.postings), None)
    if country is not None:
        return country
    strange = (word for word in content if is_name(question.text, word) and stem(word) not in catalog.search.postings)
    return next((word for word in strange if not ordinary(catalog, word) and stem(word) not in catalog.search.synonyms), None)


def _country_words(question: Question) -> list[str]:
    """The countries that a question names by words that are no name in the graph, the longest first."""
    words = set(question.masked.split())
    found = (word for word in COUNTRIES if word in words or (not word.isascii() and word in question.masked))
    return sorted(found, key=lambda word: (-len(word), word))


_PLURALS = frozenset(
    ["chips", "models", "apps", "applications", "servers", "users", "people", "tokens", "deals", "companies", "list", "types", "kinds"]
)


def _vague(catalog: Catalog, question: Question) -> list[int]:
    """Entities that "the fund" or "it" may mean where nothing else is named."""
    match = worded_as("vague", question.masked)
    if match is None:
        return []
    everything = range(len(catalog.position))
    if match["pronoun"]:
        before = content_words(tokenise(question.masked[: match.start("pronoun")]))
        # "a foundry that fails to verify its customers": the question itself says whose
        return [] if before else [entity for entity in everything if "Company" in catalog.kinds(entity)]
    noun = (match["noun"] or match[0].strip("这个里")).rstrip("s")
    return [e for e in everything if noun in catalog.label(e).casefold() or (match["noun"] is None and noun in catalog.label(e, "zh"))]


def _fits(task: Task, rest: tuple[str, ...]) -> bool:
    """Whether the words left over are only wording: few, and none of them something the graph speaks of."""
    empty = CONTENT_FREE | CONNECTING if task.family == "path" else CONTENT_FREE
    rest = tuple(word for word in rest if word not in empty)
    if not rest:
        return True
    from agikg.ask.focus import Focus
    from agikg.ask.retrieval import retrieval_in

    retrieval = retrieval_in(task.catalog, task.scope)
    if set(Focus(task, retrieval).words) - task.catalog.words("relation") - GRAMMAR_WORDS:
        return False  # "which smartphones depend on": what is asked for is no class that the graph knows
    relations = task.catalog.words("relation")
    return task.family != "identity" and len(rest) <= 3 and all(word in relations or not retrieval.known(word) for word in rest)


def _run(task: Task) -> Draft:
    module, plan = _PLANS[task.family]
    draft: Draft = getattr(import_module(f"agikg.ask.{module}"), plan)(task)
    return replace(draft, sparql=reproducing(task, draft)) if draft.reason is None else draft


def _families(question: Question, entities: int, has_metric: bool, only: bool) -> Iterator[str]:
    """Families to try, in order: wording first; a metric named beside an entity asks for its figure; last, any fact.

    One by one, since most questions are answered by the first and each costs the compilation of its patterns.
    """
    worded = (family.name for family in candidates(question.masked, entities))
    first = next(worded, "fact")
    asked: Iterable[str] = chain([first], worded)
    if (
        has_metric
        and entities
        and first not in _FIRST
        and (not worded_as("which", question.masked) or worded_as("counted", question.masked))
    ):
        asked = list(asked)
        keywords = len(question.words) <= 4 and not set(question.words) & _PLURALS
        if "figure" in asked or keywords or only:
            yield "figure"
    yield from asked
    yield "fact"


def _content(question: Question) -> tuple[str, ...]:
    """The words that carry meaning, in English; Chinese is translated, and what cannot be counts as unknown.

    Where several words may stand for one, they are told apart by a slash.
    """
    from agikg.ask.synonyms import reworded, translated

    empty = STOP_WORDS | CONTENT_FREE
    # A stretch at a time: no phrase reaches over a name.
    words = [
        word
        for stretch in question.masked.split(MARK)
        for word in reworded([token for token in tokenise(re.sub(r"^\d+", "", stretch)) if not is_chinese(token[0])])
    ]
    for chinese, stretch in groupby(question.masked, is_chinese):
        found, left = translated("".join(stretch), STOP_CHARACTERS) if chinese else ([], [])
        words += found + left
    if question.masked.endswith(" for"):
        words.append("purpose/meant")
    return tuple(dict.fromkeys(word for word in words if word not in empty))


def _ambiguous(catalog: Catalog, lang: str, text: str, entities: list[int]) -> Draft:
    names = join(lang, [catalog.label(entity, lang) for entity in entities])
    return Draft(answer=f"{text}|{names}", reason="ambiguous_entity")


def _false_premise(catalog: Catalog, text: str, premise: str, scope: Scope, snapshot: str) -> Answer:
    question, _ = _read(catalog, premise, text)
    draft = _refused(catalog, question, Draft(answer=premise.strip(" ,，"), reason="false_premise"), scope)
    return finish(catalog, question, None, scope, snapshot, draft)


def _refused(catalog: Catalog, question: Question, draft: Draft, scope: Scope) -> Draft:
    """The refusal in words, with three questions that can be asked instead."""
    reason = draft.reason or "unsupported_question"
    if reason == "not_in_graph" and scope.min_confidence is not None:
        reason = "below_confidence"
    from agikg.ask.suggest import suggestions

    what, _, names = draft.answer.partition("|")
    # A plan that knows what is missing says so in a sentence of its own; otherwise ``what`` goes into the template.
    if not what.endswith((".", "。")) or reason != "not_in_graph":
        what = refusal(question.lang, reason, what=what.rstrip(".。") or question.text, names=names)
    return replace(draft, reason=reason, answer=what, suggestions=suggestions(catalog, question))
