"""Confidence by rule: tier of the source, modality of the claim, dispute, independent origins. Never typed in.

The numbers stand in the ontology (ontology/schemes.ttl), the rule in ``claim_score`` and ``combined``.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.vocab import agi


def claim_score(claim: str, facts: TripleIndex, vocabulary: Vocabulary) -> float:
    """Cap of the source's tier, times the factor of the modality, times the factor of a dispute where there is one."""
    source = claim
    for step in ("passage", "inSection", "inSource"):
        source = facts.text(source, agi(step)) or source
    tier = facts.text(source, agi("tier")) or ""
    modality = facts.text(claim, agi("modality")) or ""
    score = (vocabulary.number(tier, "confidenceCap") or 0.0) * (vocabulary.number(modality, "confidenceFactor") or 0.0)
    disputed = facts.objects(claim, agi("disputes")) or facts.having(agi("disputes"), claim)
    return round(score * (vocabulary.number(agi("disputes"), "confidenceFactor") or 1.0 if disputed else 1.0), 4)


def combined(scores: Iterable[float]) -> float:
    """Noisy-or over independent origins: 1 - prod(1 - c)."""
    return 1.0 - prod(1.0 - score for score in scores)


def word_of(score: float, vocabulary: Vocabulary) -> str:
    """The confidence concept that a score earns: the one with the highest floor not above it."""
    earned = [(floor, concept) for concept, floor in floors(vocabulary) if score >= floor]
    return max(earned)[1]


def floors(vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """Confidence concepts with the least score of each."""
    return [(concept, vocabulary.number(concept, "confidenceFloor") or 0.0) for concept in vocabulary.scheme("confidences")]


__all__ = ["claim_score", "combined", "floors", "word_of"]
