"""What belongs to a choice of claims: their passages, sources, entities, requirements. Knows triples, no file."""

from __future__ import annotations

from collections.abc import Iterable

from agikg import vocab
from agikg.store.index import TripleIndex
from agikg.store.terms import Quad
from agikg.vocab import agi

_REFERS = (
    vocab.SUBJECT, vocab.OBJECT, agi("attributedTo"), agi("party"), agi("requirement"), agi("requiredBy"),
    agi("passage"), agi("alsoIn"), agi("inSection"), agi("inSource"), agi("origin"),
)  # fmt: skip
_BETWEEN_CLAIMS = frozenset({agi("supersedes"), agi("disputes")})


def belonging(quads: Iterable[Quad], claims: set[str]) -> list[Quad]:
    """The authored quads of the claims and of everything they refer to, at any remove.

    What would promise or name claims that are left out is left out too: links to other claims, minimum counts and
    reviewed reasons of sections that are no longer whole. What stays is a valid graph of its own.

    Args:
        quads: authored quads, without the vocabulary.
        claims: IRIs of the chosen claims.
    """
    quads = list(quads)
    facts = TripleIndex(quads)
    kept, waiting = set(claims), list(claims)
    while waiting:
        record = waiting.pop()
        new = {target for relation in _REFERS for target in facts.iris(record, relation)} - kept
        kept |= new
        waiting.extend(new)
    broken = _sections(facts, set(facts.having(vocab.TYPE, agi("Claim"))) - claims)
    return [quad for quad in quads if quad.subject in kept and _stays(quad, kept, broken)]


def _sections(facts: TripleIndex, claims: Iterable[str]) -> set[str]:
    return {
        section for claim in claims for passage in facts.iris(claim, agi("passage")) for section in facts.iris(passage, agi("inSection"))
    }


def _stays(quad: Quad, kept: set[str], broken: set[str]) -> bool:
    if quad.predicate in _BETWEEN_CLAIMS:
        return str(quad.object) in kept
    return not (quad.predicate == agi("minimumClaims") and quad.subject in broken)
