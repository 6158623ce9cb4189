"""What the question door promises: the same set for every wording, hedges kept, honest refusals."""

from __future__ import annotations

from itertools import pairwise

import pytest

from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from agikg.model.figure import Figure
from agikg.views.figures import in_words

ASSERTED = ("direct", "transitive")
NEVER = {
    "Kunlun 2.0",
    "Kunlun 3.0",
    "Kunlun series",
    "Tencent Zixiao V2",
    "Zixiao V2",
    "Cambricon MLU 590",
    "MLU 590",
    "Hygon",
    "NVIDIA",
    "TSMC",
}


def labels(answer: Answer, *roles: str) -> set[str]:
    return {entity.label for entity in answer.entities if entity.role in (roles or ASSERTED)}


SMIC_DUV = [
    "what depends on SMIC DUV", "What depends on SMIC DUV?", "what relies on SMIC's DUV lithography", "中芯国际DUV 依赖",
    "什么依赖中芯国际DUV？", "哪些东西依赖中芯国际DUV光刻", "SMIC DUV dependents", "dependents of smic duv", "what needs SMIC DUV",
    "list everything that depends on SMIC DUV lithography systems", "tell me what depends on the SMIC DUV",
    "which entities are dependent on SMIC DUV", "what depnds on SMIC DUV", "what depends on SMCI DUV",
    "what cannot run without SMIC DUV", "依赖中芯国际DUV的有哪些", "what is downstream of SMIC DUV",
]  # fmt: skip


@pytest.mark.parametrize("question", SMIC_DUV)
def test_every_wording_gives_the_same_set(kg: KnowledgeGraph, question: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.family) == ("answered", "dependents")
    assert {"Ascend series", "Ascend 910B", "Ascend 910C"} <= labels(answer, "direct")
    assert {"ByteDance", "Baidu"} <= labels(answer, "transitive")
    assert not labels(answer) & NEVER
    assert labels(answer) == {item.label for item in kg.dependents("smic duv").items if item.role in ASSERTED}


def test_every_part_of_an_answer_rests_on_claims(kg: KnowledgeGraph) -> None:
    answer = kg.ask("what depends on SMIC DUV")
    cited = {claim.id for claim in answer.claims}
    assert all(entity.claims and set(entity.claims) <= cited for entity in answer.entities)
    assert all(set(hop.claims) <= cited for path in answer.paths for hop in path)
    for path in answer.paths:
        assert path[-1].to == "SMIC DUV lithography"
        assert all(a.to_id == b.from_id for a, b in pairwise(path))
    assert all(claim.locator and claim.statement and claim.modality for claim in answer.claims)
    assert answer.sparql
    assert answer.snapshot == kg.snapshot


def test_understood_names_stand_as_they_were_written(kg: KnowledgeGraph) -> None:
    for question, text in (("what relies on SMIC's DUV lithography", "SMIC's DUV lithography"), ("什么依赖中芯国际 DUV", "中芯国际 DUV")):
        (link,) = kg.ask(question).understood.entities
        assert (link.text, link.id, link.score) == (text, "e:smic-duv", 1.0)


def test_hedges_reach_the_sentence(kg: KnowledgeGraph) -> None:
    assert "reportedly" in kg.ask("what depends on SMIC DUV").answer
    assert "one of several" in kg.ask("what depends on SMIC DUV").answer
    broadcom = kg.ask("how do we know that ByteDance collaborates with Broadcom")
    assert broadcom.status == "answered"
    assert "reportedly" in broadcom.answer
    assert "据报道" in kg.ask("什么依赖中芯国际DUV").answer


@pytest.mark.parametrize(
    "question",
    [
        "what is the yield of the 910C",
        "910C yield",
        "ascend 910c yield rate",
        "how high is the yield of the Ascend 910C",
        "昇腾910C的良率是多少",
        "how did the yield of the 910C change",
        "910C yield history",
        "what's the 910C's yield?",
    ],
)
def test_the_two_yields_stand_in_order(kg: KnowledgeGraph, question: str) -> None:
    answer = kg.ask(question)
    assert [(value.value, value.modality) for value in answer.values] == [(20, "estimated"), (40, "reported")]
    assert answer.answer.index("20%") < answer.answer.index("40%")
    assert "nearly" in answer.answer


@pytest.mark.parametrize(
    ("question", "verbatim"),
    [
        ("what share of the Chinese market did domestic chips have in the first half of 2024", "about 20%"),
        ("国产芯片2022年的市场份额", "less than 15%"),
        ("how many users does the DeepSeek app have", "over 100 million users"),
        ("how much did the government spend on Eastern Data, Western Computing", "CNY 43.5 billion"),
        ("monthly active users of Kimi Chat", "over 36 million monthly active users"),
        ("kimi chat users", "over 36 million monthly active users"),
        ("what is the process node of the Ascend series", "7nm"),
    ],
)
def test_figures(kg: KnowledgeGraph, question: str, verbatim: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.family) == ("answered", "figure"), answer.answer
    assert verbatim in {value.verbatim for value in answer.values}
    assert {value.claims[0] for value in answer.values} <= {claim.id for claim in answer.claims}


def test_another_figure_is_no_answer(kg: KnowledgeGraph) -> None:
    """Shares of the energy are stated at a PUE of 1.25: they are no PUE. The limit that regulations set is one."""
    answer = kg.ask("PUE of large data centers")
    assert answer.status == "answered"
    assert {value.value for value in answer.values} == {1.25}


@pytest.mark.parametrize(
    ("question", "family", "label"),
    [
        ("what does the 910C depend on", "dependencies", "SMIC DUV lithography"),
        ("华为依赖什么", "dependencies", "SMIC DUV lithography"),
        ("dependencies of Ascend 910B", "dependencies", "Huawei"),
        ("what is SMIC", "identity", "SMIC"),
        ("who is Liang Wenfeng", "identity", "Liang Wenfeng"),
        ("Huawei", "identity", "Huawei"),
        ("什么是大基金", "identity", "China IC Industry Investment Fund"),
        ("how are SMIC and DeepSeek all-in-one devices connected", "path", "SMIC"),
        ("中芯国际和字节跳动有什么关系", "path", "ByteDance"),
        ("where is it written that the 910C yield is nearly 40%", "provenance", "Ascend 910C"),
        ("what is the evidence that the 910C is made with SMIC DUV", "provenance", "SMIC DUV lithography"),
        ("which companies depend on SMIC DUV", "dependents", "ByteDance"),
        ("which chips depend on SMIC DUV", "dependents", "Ascend 910C"),
    ],
)
def test_families(kg: KnowledgeGraph, question: str, family: str, label: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.family) == ("answered", family), answer.answer
    assert label in {entity.label for entity in answer.entities}
    assert answer.claims


def test_a_kind_restricts_the_answer(kg: KnowledgeGraph) -> None:
    chips = labels(kg.ask("which chips depend on SMIC DUV"))
    companies = labels(kg.ask("哪些公司依赖中芯国际DUV"))
    assert "ByteDance" not in chips
    assert {"ByteDance", "Baidu", "Huawei"} <= companies
    assert "Ascend 910C" not in companies


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("what depends on ASML", "unknown_entity"),
        ("what depends on the Foobar 3000", "unknown_entity"),
        ("what does Frobnicator depend on", "unknown_entity"),
        ("what is the weather", "out_of_scope"),
        ("who won the world cup in 1998", "out_of_scope"),
        ("how much money is in Big Fund III", "not_in_graph"),
        ("what is the yield of Kunlun 3.0", "not_in_graph"),
        ("why does SMIC hate lithography so much", "unsupported_question"),
        ("what depends on SMIC DUV in Germany", "unknown_entity"),
        ("what depends on the 910C", "not_in_graph"),
        ("", "unsupported_question"),
        ("???", "unsupported_question"),
    ],
)
def test_refusals(kg: KnowledgeGraph, question: str, reason: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.reason) == ("refused", reason), answer.answer
    assert answer.answer
    assert not labels(answer)
    for suggestion in answer.suggestions:
        assert kg.ask(suggestion).status == "answered", suggestion


def test_a_refusal_offers_three_questions_and_the_nearest_facts(kg: KnowledgeGraph) -> None:
    answer = kg.ask("how much money is in Big Fund III")
    assert len(answer.suggestions) == 3
    assert answer.claims
    assert answer.not_known
    assert {entity.role for entity in answer.entities} == {"nearest"}


def test_scope_changes_answers_and_says_so(kg: KnowledgeGraph) -> None:
    answer = kg.ask("what depends on SMIC DUV", known_at="2020")
    assert (answer.status, answer.reason) == ("refused", "not_in_graph")
    assert any("outside" in line for line in answer.not_known)
    sure = kg.ask("what depends on SMIC DUV", min_confidence="high")
    assert sure.reason == "below_confidence"


@pytest.mark.usefixtures("small")
def test_misspelt_names_are_understood_and_ties_are_shown() -> None:
    kg = KnowledgeGraph.open(progress=lambda _: None)
    answer = kg.ask("what is Rlue X")
    assert answer.status == "answered"
    assert [(link.text, link.label) for link in answer.understood.entities] == [("Rlue X", "Rule X")]
    assert answer.understood.entities[0].score < 1
    tie = kg.ask("what depends on Lines")
    assert (tie.status, tie.reason) == ("refused", "ambiguous_entity")
    assert "Line A" in tie.answer
    assert "Line B" in tie.answer


@pytest.mark.parametrize(
    "text",
    ["\x00", "\u202e", "<script>alert(1)</script>", "a" * 5000, "' OR 1=1 --", "{{7*7}}", "%n%s", "\n\n", "🦊 depends on 🐺", "中" * 300],
)
def test_hostile_questions_are_refused_calmly(kg: KnowledgeGraph, text: str) -> None:
    for question in (text, f"what depends on {text}", f"{text} SMIC DUV", f"SMIC DUV {text}"):
        answer = kg.ask(question)
        answer.model_dump_json()
        if "SMIC" not in question:
            assert answer.status == "refused"


def test_answers_are_json_as_in_the_contract(kg: KnowledgeGraph) -> None:
    data = kg.ask("what depends on SMIC DUV").model_dump()
    assert list(data)[:17] == [
        "question", "status", "reason", "family", "lang", "answer", "entities", "values", "paths", "claims", "not_known", "understood",
        "suggestions", "sparql", "snapshot", "as_of", "known_at",
    ]  # fmt: skip
    assert {"id", "label", "aliases", "layer", "role", "confidence", "claims"} <= set(data["entities"][0])
    assert {"from", "predicate", "to", "claims"} <= set(data["paths"][0][0])
    assert {"text", "id", "score", "alternatives"} <= set(data["understood"]["entities"][0])
    claim_keys = {
        "id", "subject", "predicate", "object", "statement", "modality", "attributed_to", "valid_from", "published", "source", "locator", "confidence",
    }  # fmt: skip
    assert claim_keys <= set(data["claims"][0])
    assert Answer.model_validate(data) == kg.ask("what depends on SMIC DUV")
    assert Answer.model_json_schema()["properties"]["status"]


@pytest.mark.parametrize(
    ("verbatim", "bound", "value", "high", "unit", "lang", "words"),
    [
        ("nearly 40%", "nearly", 40.0, None, "percent", "en", "nearly 40%"),
        ("نحو 39%", "about", 39.0, None, "percent", "en", "about 39 %"),
        ("约970万片", "about", 9_700_000.0, None, "wafers", "en", "about 9,700,000 wafers"),
        ("约970万片", "about", 9_700_000.0, None, "wafers", "zh", "约970万片"),
        ("每月29萬到30萬片", "range", 290_000.0, 300_000.0, "wafers", "en", "290,000 to 300,000 wafers"),
        ("全球第四", None, 4.0, None, "none", "en", "4"),
        ("dozens", "vague", None, None, "none", "en", "dozens"),
        ("€5 million", None, 5e6, None, "EUR", "en", "€5 million"),
    ],
)
def test_figures_are_told_in_letters_of_the_readers_language(
    verbatim: str, bound: str | None, value: float | None, high: float | None, unit: str, lang: str, words: str
) -> None:
    figure = Figure("Chip", "yield", value, unit, bound, None, "stated", (), high, verbatim, None, None, False)
    assert in_words(figure, lang) == words


def test_abf_film_is_no_movie(full: KnowledgeGraph) -> None:
    answer = full.ask("what stops if Ajinomoto cuts off ABF film")
    assert answer.status == "answered", answer.answer
    assert full.ask("which film star is from Shenzhen").reason == "out_of_scope"
