"""What a question asks for by name, and what says the contrary of it."""

from __future__ import annotations

import pytest

from agikg.ask.attributes import asked_attributes, contraries, contrary, knowing
from agikg.kg import KnowledgeGraph


@pytest.mark.parametrize(
    ("text", "word"),
    [("what does a server cost", "price"), ("寒武纪的创始人是谁", "founder"), ("how many employees has the firm", "staff")],
)
def test_an_attribute_is_asked_for_by_one_of_its_words(text: str, word: str) -> None:
    assert any(word in words for words in asked_attributes(text))
    assert not asked_attributes("which chips does the cluster contain")


def test_only_claims_that_know_an_attribute_tell_of_it(kg: KnowledgeGraph) -> None:
    (words,) = asked_attributes("who is the founder")
    known = knowing(kg.catalog, words)
    predicates = {kg.catalog.row(claim)["predicate"] for claim in known}
    assert "founderOf" in predicates and len(known) < kg.catalog.claim_count / 10


@pytest.mark.parametrize(
    ("asked", "statement", "against"),
    [
        ("why is the gap larger", "The gap is smaller than it was.", True),
        ("why is the gap larger", "The gap is larger than ever.", False),
        ("why is the gap smaller", "The smaller gap is larger in chips.", False),
        ("who builds in the east", "The centres are built in the west.", True),
        ("who builds in the east", "Centres in the west serve the east.", False),
        ("who builds them", "The centres are built in the west.", False),
    ],
)
def test_a_statement_is_against_a_question_that_says_the_contrary(asked: str, statement: str, against: bool) -> None:
    assert contrary(contraries(asked), statement) is against


@pytest.mark.parametrize(
    "question",
    [
        "How much does a Kunlun 3.0 chip cost?",
        "Who is the CEO of Huawei?",
        "Who founded Hygon?",
        "How many people does Moonshot employ as staff?",
    ],
)
def test_what_another_has_or_what_nobody_says_is_no_answer(kg: KnowledgeGraph, question: str) -> None:
    assert kg.ask(question).status == "refused"


def test_another_of_the_kind_is_no_answer(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Who founded StepFun?")
    assert answer.status == "refused" and "DeepSeek" not in answer.answer


def test_what_denies_something_near_is_no_no(kg: KnowledgeGraph) -> None:
    assert kg.ask("Does China have a comprehensive open data law?").answer.startswith("No, a claim denies it.")
    assert not kg.ask("Does China have a comprehensive open data law for satellites' telemetry?").answer.startswith("No, ")
