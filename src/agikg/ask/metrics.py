"""Finds the metric a question means, by the words the ontology gives it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from agikg.ask.lexicon import GRAMMAR_CHARACTERS, GRAMMAR_WORDS, STOP_CHARACTERS, STOP_WORDS
from agikg.catalog import Catalog
from agikg.names import tokenise

_ENDINGS = ("ings", "ing", "ies", "ed", "es", "s", "e", "y")


def stem(word: str) -> str:
    """A word without its commonest endings, so that "investments" meets "invested"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def content_words(words: Iterable[str], keep: frozenset[str] = frozenset()) -> list[str]:
    """Words that are neither filler nor grammar, in order; ``keep`` is content even if it is grammar."""
    skipped = (STOP_WORDS | GRAMMAR_WORDS | STOP_CHARACTERS | GRAMMAR_CHARACTERS) - keep
    return [word for word in words if word not in skipped]


def named_metrics(catalog: Catalog, words: Iterable[str]) -> dict[str, set[str]]:
    """Metrics one of whose names stands in the words, each with the words that name it.

    A longer name beats a shorter one it contains ("market share" beats "share").
    """
    given = list(words)
    stems = {stem(word) for word in given}
    found: dict[str, tuple[int, set[str]]] = {}
    for name, count, phrase in _phrases(catalog):
        if phrase <= stems and count > found.get(name, (0, set()))[0]:
            found[name] = (count, {word for word in given if stem(word) in phrase})
    longest = max((size for size, _ in found.values()), default=0)
    return {name: used for name, (size, used) in found.items() if size == longest}


@lru_cache(maxsize=4)
def _phrases(catalog: Catalog) -> list[tuple[str, int, frozenset[str]]]:
    """Names of metrics: the metric, how many words, their stems."""
    found = []
    for name, row in catalog.predicates.items():
        for phrase in (row["label"], *row["alt"], *filter(None, [row["label_zh"]])) if row["kind"] == "metric" else ():
            tokens = [token for token in tokenise(phrase) if token not in STOP_WORDS]
            if tokens:
                found.append((name, len(tokens), frozenset(map(stem, tokens))))
    return found


def is_narrower(catalog: Catalog, metric: str, words: Iterable[str]) -> bool:
    """Whether a metric's own names have every one of the words."""
    row = catalog.predicates[metric]
    named = {stem(token) for phrase in (row["label"], row["label_zh"] or "", *row["alt"]) for token in tokenise(phrase)}
    wanted = {stem(word) for word in words}
    return bool(wanted) and wanted <= named


def rows_with(catalog: Catalog, rows: Iterable[dict[str, Any]], words: Iterable[str]) -> list[dict[str, Any]]:
    """Rows whose metric, scope, statement, date or unit has every one of the words."""
    wanted = {stem(word) for word in words}

    def spoken(row: dict[str, Any]) -> set[str]:
        metric = catalog.predicates[row["predicate"]]
        texts = (metric["label"], *metric["alt"], metric["label_zh"] or "", row["scope"] or "", row["statement"], row["verbatim"] or "")
        dates = (row["valid_from"] or "", row["valid_until"] or "", row["as_of"] or "", row["unit"] or "")
        return {stem(token) for text in (*texts, *dates) for token in tokenise(text)}

    return [row for row in rows if wanted <= spoken(row)]
