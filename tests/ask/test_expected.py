"""Claims found by how people ask for them."""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.ask.expected import expected, ordinary
from agikg.kg import KnowledgeGraph
from agikg.likeness import looked_up, table, tokens_of

TOKENS = st.text(st.characters(categories=["Ll", "Lo", "Nd"], include_characters="#"), min_size=1, max_size=4)


@given(st.dictionaries(TOKENS, st.lists(st.integers(0, 99_999), max_size=5), max_size=30), TOKENS)
def test_a_table_gives_what_was_put_in(rows: dict[str, list[int]], other: str) -> None:
    text = table(rows)
    for token, numbers in rows.items():
        assert looked_up(text, token) == numbers
    assert looked_up(text, other) == rows.get(other)


def test_likeness_is_the_cosine_of_weighted_tokens(kg: KnowledgeGraph, known: list[tuple[int, str]]) -> None:
    """Against the definition, worked out for every known question."""
    sets = [tokens_of(text, kg.catalog.names).all for _, text in known]
    having = Counter(token for found in sets for token in found)
    most = max(len(known) / 25, 50)

    def weight(token: str) -> float:
        if token not in having:
            return 0.5 * log(1 + len(known))
        return log(1 + len(known) / having[token]) if having[token] <= most else 0.0

    lengths = [sqrt(sum(weight(token) ** 2 for token in found)) for found in sets]
    for text in ("Who runs the firm behind Kimi?", "华为昇腾910C的良率是多少", "which zebra makes memory for Huawei", known[17][1]):
        asked = tokens_of(text, kg.catalog.names).all
        length = sqrt(sum(weight(token) ** 2 for token in asked))
        wanted: dict[int, float] = defaultdict(float)
        for (claim, _), found, own in zip(known, sets, lengths, strict=True):
            shared = sum(weight(token) ** 2 for token in asked & found)
            if shared:
                wanted[claim] = max(wanted[claim], shared / (own * length))
        got = expected(kg.catalog, text)
        assert got.claims == pytest.approx(dict(wanted), rel=0.01)
        assert got.best == pytest.approx(max(wanted.values()), rel=0.01)


def test_a_known_question_is_most_like_itself(kg: KnowledgeGraph, known: list[tuple[int, str]]) -> None:
    for claim, text in known[:: len(known) // 40]:
        assert expected(kg.catalog, text).claims[claim] == pytest.approx(1.0, abs=0.01)


def test_relations_are_told_by_the_words_outside_of_names(kg: KnowledgeGraph, known: list[tuple[int, str]]) -> None:
    """Against naive Bayes worked out from the questions."""
    asked: Counter[str] = Counter()
    having: dict[str, Counter[str]] = defaultdict(Counter)
    for claim, text in known:
        relation = kg.catalog.row(claim)["predicate"]
        asked[relation] += 1
        for token in tokens_of(text, kg.catalog.names).asking:
            having[token][relation] += 1
    text = "Who founded DeepSeek?"
    wanted = {relation: log(count / len(known)) for relation, count in asked.items()}
    for token in tokens_of(text, kg.catalog.names).asking:
        share = having[token].total() / len(known)
        if having[token].total() > 1:
            for relation, count in asked.items():
                wanted[relation] += log((having[token][relation] + 2 * share) / (count + 2) / share)
    most = max(wanted.values())
    got = expected(kg.catalog, text).relations
    assert got == pytest.approx({relation: max(each - most, log(1e-4)) for relation, each in wanted.items()})
    assert max(got, key=lambda relation: got[relation]) == "founderOf"
    assert expected(kg.catalog, "Who founded Baidu?").relations == got, "names play no part"


def test_tokens_meet_across_languages_and_names(kg: KnowledgeGraph) -> None:
    english, chinese = (tokens_of(text, kg.catalog.names) for text in ("Who founded DeepSeek?", "深度求索是谁创立的？"))
    (shared,) = english.all & chinese.all
    assert shared == f"#{kg.catalog.position['e:deepseek']}"
    assert "创立" in chinese.asking
    assert not {"深度", "度求", "求索"} & chinese.asking
    assert {"深度", "度求", "求索"} <= chinese.all


def test_chinese_words_that_people_ask_with_are_no_names(kg: KnowledgeGraph) -> None:
    assert ordinary(kg.catalog, "利用率")
    assert not ordinary(kg.catalog, "斑马星")


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("what strained the power network in Memphis", "c:sinolytics-2025.computing-13-1b"),
        ("who's the boss at Alibaba", "c:sinolytics-2025.computing-7-3a"),
        ("西部数据中心为什么利用率不高？", "c:sinolytics-2025.computing-18-6e"),
    ],
)
def test_other_words_find_the_claim(kg: KnowledgeGraph, question: str, claim: str) -> None:
    answer = kg.ask(question)
    assert claim in {found.id for found in answer.claims}, answer.answer


def test_known_questions_are_never_shown(kg: KnowledgeGraph, known: list[tuple[int, str]]) -> None:
    texts = {text for _, text in known}
    for question in ("who's the boss at Alibaba", "what is the Ascend 910C"):
        told = kg.ask(question).model_dump_json()
        assert not [text for text in texts if len(text) > 20 and text in told]
