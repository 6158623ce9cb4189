"""From a question to an answer: read, choose the family, run its plan, or refuse with the reason."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

from agikg.ask.draft import Draft, Task, finish
from agikg.ask.grammar import candidates, worded
from agikg.ask.kinds import take_kind
from agikg.ask.lexicon import GRAMMAR_CHARACTERS, GRAMMAR_WORDS, STOP_CHARACTERS, STOP_WORDS
from agikg.ask.metrics import content_words, named_metrics
from agikg.ask.phrasing import join, refusal
from agikg.ask.reading import MARK, Question, joined, read
from agikg.ask.sparql import reproducing
from agikg.catalog import Catalog
from agikg.dates import dates_in_words
from agikg.model.answer import Answer
from agikg.model.scope import Scope
from agikg.names import tied

# Family -> module and function of its plan; a start loads the one it needs.
_PLANS = {
    "dependents": ("reaching", "dependents"),
    "dependencies": ("reaching", "dependencies"),
    "path": ("reaching", "connection"),
    "identity": ("facts", "identity"),
    "figure": ("facts", "figures"),
    "history": ("facts", "figures"),
    "provenance": ("facts", "provenance"),
}
_ACCOUNT_FOR_WORDS = ("figure", "history", "provenance")
"""Families whose plans account for the remaining words themselves."""
_KNOWN_WORDS = STOP_WORDS | GRAMMAR_WORDS | STOP_CHARACTERS | GRAMMAR_CHARACTERS


def answer(catalog: Catalog, text: str, scope: Scope, snapshot: str) -> Answer:
    """Answers a question, or refuses with one of the reasons of the contract."""
    kind, rest = take_kind(catalog, dates_in_words(text) if any(map(str.isdigit, text)) else text)
    metric_words = catalog.words("metric")
    question = read(catalog, rest, _KNOWN_WORDS | metric_words | catalog.words("relation"), GRAMMAR_WORDS | metric_words)
    question = Question(text, question.lang, question.mentions, question.masked, question.words)
    family, draft = _drafted(catalog, question, kind, scope, snapshot)
    if draft.reason is not None:
        draft = _refused(catalog, question, draft, scope)
    return finish(catalog, question, family, scope, snapshot, draft)


def _drafted(catalog: Catalog, question: Question, kind: str | None, scope: Scope, snapshot: str) -> tuple[str | None, Draft]:
    for mention in question.mentions:
        if mention.ambiguous:
            return None, _ambiguous(catalog, question.lang, mention.text, [m.entity for m in tied(mention.matches)])
    if not question.mentions:
        return None, _without_entity(question)
    entities = tuple(dict.fromkeys(mention.entity for mention in question.mentions))
    metrics = named_metrics(catalog, question.words)
    used = frozenset(word for words in metrics.values() for word in words)
    rest = tuple(word for word in content_words(question.words) if word not in used)
    family = _family(question, len(entities), bool(metrics))
    if family is None:
        return None, Draft(answer=join(question.lang, rest or [question.text]), reason="unsupported_question")
    task = Task(catalog, question, scope, snapshot, family, entities, tuple(metrics), tuple(sorted(used)), rest, kind)
    if rest and family not in _ACCOUNT_FOR_WORDS:
        return family, Draft(answer=join(question.lang, rest), reason="unsupported_question")
    module, plan = _PLANS[family]
    draft: Draft = getattr(import_module(f"agikg.ask.{module}"), plan)(task)
    return family, replace(draft, sparql=reproducing(task, draft))


def _family(question: Question, entities: int, has_metric: bool) -> str | None:
    """The family asked for: wording first; a metric named beside an entity asks for its figure."""
    worded_as = (family.name for family in candidates(question.masked, entities))
    first = next(worded_as, None)
    if not has_metric or entities > 2:
        return first
    if first in ("provenance", "history", "dependents", "dependencies", "path"):
        return first
    return next((name for name in worded_as if name == "history"), "figure")


def _without_entity(question: Question) -> Draft:
    """Nothing in the question is known by name: which part was meant to be, or is it out of the domain altogether."""
    unknown = content_words(question.words)
    parts: list[str] = []
    for word in question.words:
        part = f"{MARK}0" if word in unknown else word
        if part != f"{MARK}0" or parts[-1:] != [part]:
            parts.append(part)
    would_be = worded(joined(parts))
    if unknown and would_be is not None and would_be.name != "identity":
        return Draft(answer=joined(unknown), reason="unknown_entity")
    return Draft(answer="", reason="out_of_scope" if unknown else "unsupported_question")


def _ambiguous(catalog: Catalog, lang: str, text: str, entities: list[int]) -> Draft:
    names = join(lang, [catalog.label(entity, lang) for entity in entities])
    return Draft(answer=f"{text}|{names}", reason="ambiguous_entity")


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
