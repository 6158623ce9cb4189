"""The words of a question by what is asked of claims, against their definition."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log

import pytest

from agikg.ask.heard import heard
from agikg.kg import KnowledgeGraph
from agikg.likeness import stems_of, tokens_of
from agikg.meaning import direction

QUESTIONS = (
    "Who supplies the motors of the zebra that Xpeng builds?",
    "华为昇腾910C的良率是多少",
    "what strained the power network in Memphis",
)
NEVER_TOLD_APART = 25


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_of_claims(kg: KnowledgeGraph, known: list[tuple[int, str]], question: str) -> None:
    """Worked out from every known question, for some claims near to the question and some far from it."""
    catalog = kg.catalog
    count: dict[str, Counter[int]] = defaultdict(Counter)
    for claim, text in known:
        for token in tokens_of(text, catalog.names).all:
            count[token][claim] += 1
    tokens = [
        token for token in tokens_of(question, catalog.names).asking if count[token].total() <= max(len(known) / NEVER_TOLD_APART, 50)
    ]
    statements = [stems_of(str(catalog.row(claim)["statement"])) for claim in range(catalog.claim_count)]

    def has(token: str, claim: int) -> bool:
        return count[token][claim] > 0 or claim in catalog.search.postings.get(token, ())

    def binding(token: str) -> float:
        again = sum(n for claim, n in count[token].items() if n > 1 or claim in catalog.search.postings.get(token, ()))
        return -log(1 - (again + 1.8) / (count[token].total() + 3))

    near = sorted({claim for token in tokens for claim in list(count[token])[:2]})[:12]
    for claim in (*near, 0, 5):
        sentence = [other for other in range(catalog.claim_count) if _sentence(kg, other) == _sentence(kg, claim)]
        missing = [token for token in tokens if not has(token, claim)]
        got = heard(catalog, question, claim, sentence)
        assert got["heard"] == pytest.approx(-sum(map(binding, missing)))
        assert got["heard near"] == pytest.approx(
            -sum(binding(token) for token in tokens if not any(has(token, other) for other in sentence))
        )
        assert got["heard share"] == pytest.approx(1 - len(missing) / len(tokens))
        assert got["new words"] == sum(not count[token] for token in tokens)
        assert got["heard"] <= got["meant"] <= got["meant least"] <= 0.0, "a word that points where a claim does tells less against it"
        assert -1.0 <= got["word alike least"] <= got["word alike"] <= 1.0
        # What a statement says is heard, whatever people ask with.
        assert all(has(token, claim) for token in set(tokens) & statements[claim])


def test_a_word_that_claims_are_asked_with_points_their_way(kg: KnowledgeGraph) -> None:
    claim = kg.catalog.claim_position["c:sinolytics-2025.computing-13-1b"]
    alike, unlike = (heard(kg.catalog, text, claim, [claim])["word alike"] for text in ("grid", "robot"))
    assert direction(["grid"]) and alike > unlike


def _sentence(kg: KnowledgeGraph, claim: int) -> tuple[str, str]:
    row = kg.catalog.row(claim)
    return row["source"], row["locator"]
