"""What the search for claims promises: words and phrases for the same thing, parts of questions, gates that no chance outweighs."""

from __future__ import annotations

from math import exp

import pytest

from agikg.ask.forest import BEHIND, forest
from agikg.ask.parts import carried_on, several_questions
from agikg.ask.ranking import Asked
from agikg.ask.synonyms import chinese, reworded, translated, unknown_stretches
from agikg.ask.weights import PLAIN
from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from agikg.words import stem, thesaurus


def asserted(answer: Answer) -> set[str]:
    return {entity.label for entity in answer.entities if entity.role in ("direct", "transitive")}


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("Where does Sinolytics have its seat, and who runs it?", "Where does Sinolytics have its seat", ["who runs it"]),
        ("who founded DeepSeek", "who founded DeepSeek", []),
        ("Which chips are made by Baidu and Tencent?", "Which chips are made by Baidu and Tencent?", []),
        ("东数西算规划了几个枢纽、几个集群?", "东数西算规划了几个枢纽", ["几个集群"]),
    ],
)
def test_a_question_is_parted_only_where_another_begins(text: str, first: str, others: list[str]) -> None:
    assert several_questions(text) == (first, others)


def test_the_second_part_carries_on() -> None:
    assert carried_on("How many users did the app gain", "in how many days") == "users did the app gain, in how many days"


def test_both_parts_are_answered(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Where does Sinolytics have its seat, and who runs it?")
    assert asserted(answer) == {"Berlin", "Björn Conrad"}


def test_the_first_word_of_a_line_stands_for_the_others_and_they_for_it() -> None:
    words = thesaurus()
    assert stem("purchase") in words[stem("buy")]
    assert stem("buy") in words[stem("purchase")]
    assert all(word not in others for word, others in words.items())


def test_phrases_are_reworded_longest_first() -> None:
    assert reworded(["what", "stands", "in", "the", "way", "of", "it"]) == ["what", "hinder/bottleneck/challenge", "of", "it"]


def test_chinese_words_are_found_longest_first_and_the_rest_is_left_over() -> None:
    assert translated("出口管制") == (["export", "control"], [])
    assert unknown_stretches("摩尔线程的芯片", "的") == [(0, 4)]
    assert all(chinese())


def test_every_feature_is_known(kg: KnowledgeGraph) -> None:
    """The trees and the plain constants know each other's features, but for those that need questions or the other claims."""
    from benchmarks.fit import KNOWN, task_of

    names = forest().names
    assert set(PLAIN) == {name for name in names if not name.startswith(KNOWN) and name not in BEHIND.values()}
    read = task_of(kg, "what is the yield of the Ascend 910C, and who says so")
    assert read is not None
    described = Asked(read[0]).described
    assert described
    assert {name for row in described for name in row} <= set(names)


def test_claims_of_which_no_question_is_known_are_weighed_by_themselves(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph of one's own has no questions yet; its answers must not hang on them."""
    from benchmarks.fit import task_of

    read = task_of(kg, "who founded DeepSeek")
    assert read is not None
    asked = Asked(read[0])
    hit, with_questions = asked.ranked()[0]
    found = asked.described[asked.candidates.index(hit)]
    assert with_questions == asked.chance(hit, found) == pytest.approx(1 / (1 + exp(-forest().log_odds(found))))
    monkeypatch.setitem(asked.retrieval.__dict__, "expecting", frozenset())
    plain = sum(PLAIN.get(name, 0.0) * value for name, value in found.items())
    assert asked.chance(hit, found) == pytest.approx(1 / (1 + exp(-plain)))
    assert asked.chance(hit, found) > 0.3 and with_questions > 0.3


@pytest.mark.parametrize("question", ["寒武季的芯片", "寒五纪的芯片"])
def test_chinese_names_are_known_by_their_sound(kg: KnowledgeGraph, question: str) -> None:
    assert [link.label for link in kg.ask(question).understood.entities] == ["Cambricon"]


def test_a_chinese_degree_makes_no_name_of_a_word(kg: KnowledgeGraph) -> None:
    answer = kg.ask("谁在2024年对AI投资最积极")
    assert "MiraclePlus" in asserted(answer)


def test_a_refusal_names_only_what_is_unknown(kg: KnowledgeGraph) -> None:
    answer = kg.ask("哪些企业参与了阿布扎比的项目")
    assert answer.status == "refused" and answer.reason == "unknown_entity"
    assert "阿布扎比" in answer.answer and "company" not in answer.answer


def test_what_is_told_beside_an_answer_is_not_asserted(kg: KnowledgeGraph) -> None:
    answer = kg.ask("who founded DeepSeek")
    assert asserted(answer) == {"Liang Wenfeng"}
    assert answer.claims[0].subject == "Liang Wenfeng"


@pytest.mark.parametrize(
    "question",
    [
        "Which smartphones use the Ascend 910C?",  # nothing in the graph is called so
        "Who founded Zhipu AI?",  # the relation is said of others
        "What does Mistral rely on?",  # a name that no claim says
        "Which companies, besides DeepSeek, bought more than 10,000 A100s?",  # only what is left out is known
        "SMIC market share 2024",  # a figure of others
    ],
)
def test_no_chance_outweighs_what_a_claim_leaves_out(kg: KnowledgeGraph, question: str) -> None:
    answer = kg.ask(question)
    assert answer.status == "refused", answer.answer
    assert not asserted(answer)


def test_a_list_is_what_one_relation_says_of_several(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Which equipment in data centres is covered by the energy efficiency standards?")
    assert len(asserted(answer) & {entity.label for entity in answer.entities}) >= 3


def test_a_chance_is_a_probability(kg: KnowledgeGraph) -> None:
    from benchmarks.fit import task_of

    read = task_of(kg, "who founded DeepSeek")
    assert read is not None
    chances = [ranked.chance for ranked in Asked(read[0]).ranked()]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


def test_what_a_scope_leaves_out_tells_nothing(kg: KnowledgeGraph) -> None:
    """How much a word or an entity tells is counted over the claims in scope alone, so that other sources change no scoped answer."""
    from math import log

    from agikg.ask.retrieval import retrieval_in

    scope = kg.scope(min_confidence="medium")
    said = kg.catalog.all_said(scope)
    assert 0 < sum(said) < len(said)
    retrieval = retrieval_in(kg.catalog, scope)
    for word in ("chips", "founder", "ascend"):
        inside = sum(said[claim] for claim in kg.catalog.search.postings[stem(word)])
        if inside:
            assert retrieval.weight(word) == pytest.approx(min(max(log(sum(said) / inside), 1.0), 4.0))
    assert all(said[claim] for word in ("chips", "ascend") for claim in retrieval.saying(word))
