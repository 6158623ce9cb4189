"""By what words relations are asked for: those by which their predicates read. Knows words, no claims."""

from __future__ import annotations

from functools import lru_cache

from agikg.catalog import Catalog
from agikg.names import tokenise
from agikg.words import stem

UNTELLING = frozenset(
    ["is", "a", "an", "of", "in", "on", "to", "by", "with", "from", "the", "has", "be", "for", "being", "at", "under", "off"]
)


@lru_cache(maxsize=2)
def readings(catalog: Catalog) -> dict[str, float]:
    """Stem of a word by which predicates read -> square root of how many do."""
    found: dict[str, int] = {}
    for name in catalog.predicates:
        for word in reading(catalog, name):
            found[word] = found.get(word, 0) + 1
    return {word: count**0.5 for word, count in found.items()}


@lru_cache(maxsize=512)
def reading(catalog: Catalog, predicate: str) -> frozenset[str]:
    """Stems of how a predicate reads."""
    row = catalog.predicates[predicate]
    texts = [row["label"], row["inverse_label"] or "", *row["alt"]]
    return frozenset(stem(token) for text in texts for token in tokenise(text) if token not in UNTELLING and token.isascii())
