"""Confidence by rule: tier of the source, modality of the claim, dispute, independent origins. Never typed in.

The numbers stand in the ontology (ontology/schemes.ttl), the rule in ``claim_score``; ``Catalog.score`` combines claims.
"""

from __future__ import annotations

from agikg.build.places import source_of
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.vocab import agi


def claim_score(claim: str, facts: TripleIndex, vocabulary: Vocabulary) -> float:
    """Cap of the source's tier, times the factor of the modality, times the factor of a dispute where there is one."""
    tier = facts.text(source_of(claim, facts) or "", agi("tier")) or ""
    modality = facts.text(claim, agi("modality")) or ""
    score = (vocabulary.number(tier, "confidenceCap") or 0.0) * (vocabulary.number(modality, "confidenceFactor") or 0.0)
    disputed = facts.objects(claim, agi("disputes")) or facts.having(agi("disputes"), claim)
    return round(score * (vocabulary.number(agi("disputes"), "confidenceFactor") or 1.0 if disputed else 1.0), 4)


def word_of(score: float, vocabulary: Vocabulary) -> str:
    """The confidence concept that a score earns: the one with the highest floor not above it."""
    earned = [(floor, concept) for concept, floor in floors(vocabulary) if score >= floor]
    return max(earned)[1]


def floors(vocabulary: Vocabulary) -> list[tuple[str, float]]:
    """Confidence concepts with the least score of each."""
    return [(concept, vocabulary.number(concept, "confidenceFloor") or 0.0) for concept in vocabulary.scheme("confidences")]
