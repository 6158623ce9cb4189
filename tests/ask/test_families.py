"""The families beyond dependence and figures: scenarios, comparisons, lists, dates, yes or no, disagreement, gaps."""

from __future__ import annotations

import pytest

from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from agikg.model.scenario import WhatIf


def roles(answer: Answer, *wanted: str) -> set[str]:
    return {entity.label for entity in answer.entities if entity.role in wanted}


def losers(result: WhatIf) -> set[str]:
    """What itself loses something that is gone, and goes on."""
    return {loss.label for loss in result.degraded if {ref.id for ref in loss.lost} & {ref.id for ref in result.denied}}


@pytest.mark.parametrize(
    ("question", "family", "label"),
    [
        ("what if SMIC DUV is cut off", "whatif", "Ascend 910C"),
        ("What happens without SMIC DUV?", "whatif", "Ascend series"),
        ("如果中芯国际DUV断供会怎样", "whatif", "Ascend series"),
        ("what are the chokepoints of the Ascend 910C", "chokepoints", "SMIC DUV lithography"),
        ("昇腾910C的卡脖子环节是什么", "chokepoints", "SMIC DUV lithography"),
        ("what are the alternatives to SMIC DUV", "alternatives", "TSMC advanced manufacturing processes"),
        ("compare the 910B and the 910C", "compare", "Ascend 910B"),
        ("who are China's Six AI Tigers", "list", "Moonshot AI"),
        ("list the members of China's Six AI Tigers", "list", "Zhipu AI"),
        ("which claims disagree about the 910C", "disagreement", "Ascend 910C"),
        ("what does the graph not know about Zhipu", "gaps", "Zhipu AI"),
        ("who founded DeepSeek", "fact", "Liang Wenfeng"),
        ("Is it true that Liang Wenfeng founded DeepSeek?", "verify", "Liang Wenfeng"),
    ],
)
def test_families(kg: KnowledgeGraph, question: str, family: str, label: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.family) == ("answered", family), answer.answer
    assert label in {entity.label for entity in answer.entities}
    assert answer.claims
    assert answer.sparql


def test_a_scenario_says_what_the_engine_says(kg: KnowledgeGraph) -> None:
    answer = kg.ask("what stops if SMIC DUV is no longer available")
    result = kg.whatif(["SMIC DUV"])
    assert roles(answer, "direct", "transitive") == {item.label for item in result.failed} | losers(result)
    assert {claim.id for claim in answer.claims} == set(result.rests_on)


def test_a_control_that_closes_the_alternative_is_named(kg: KnowledgeGraph) -> None:
    answer = kg.ask("alternatives to SMIC DUV")
    assert roles(answer, "barred") == {"TSMC advanced manufacturing processes"}


def test_the_date_of_a_question_is_the_date_of_the_answer(kg: KnowledgeGraph) -> None:
    """Until 2020 the other way to make Ascend chips was open."""
    before = kg.ask("what are the alternatives to SMIC DUV", as_of="2019")
    assert "TSMC advanced manufacturing processes" in roles(before, "direct")


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("Given that Kunlun 2.0 depends on SMIC DUV, what depends on Kunlun 2.0?", "false_premise"),
        ("Since Zhipu founded DeepSeek, what does Zhipu make?", "false_premise"),
        ("Given that the central government has made AGI a formal policy goal, who founded DeepSeek?", "false_premise"),
        ("Given that Kimi Chat has over 50 million monthly active users, who makes Kimi Chat?", "false_premise"),
        ("should I buy Huawei chips", "unsupported_question"),
        ("你觉得华为好吗", "unsupported_question"),
        ("what is the best dumpling restaurant in Shenzhen", "out_of_scope"),
        ("what if Foobarium is cut off", "unknown_entity"),
        ("which smartphones depend on SMIC DUV", "not_in_graph"),
        ("when was Zhipu founded", "not_in_graph"),
        ("how many employees does SMIC have", "not_in_graph"),
        ("Is it true that Huawei owns SMIC?", "not_in_graph"),
        ("DeepSeek的估值是多少?", "not_in_graph"),
        ("Who is its CEO?", "ambiguous_entity"),
        ("how large is the fund?", "ambiguous_entity"),
        ("In which year did the central government make AGI a formal policy goal?", "false_premise"),
        ("Which nuclear-powered data centres does China already have?", "false_premise"),
        ("In which press conference did Broadcom confirm that it works with ByteDance?", "false_premise"),
        ("What explains the quicker pace of product updates at GPU developers since the controls of 2022?", "false_premise"),
        ("how much does one 910C cost", "not_in_graph"),
        ("Is DeepSeek one of the Six AI Tigers?", "not_in_graph"),
        ("Is Tencent's Zixiao made by SMIC?", "not_in_graph"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_reason(kg: KnowledgeGraph, question: str, reason: str) -> None:
    answer = kg.ask(question)
    assert (answer.status, answer.reason) == ("refused", reason), answer.answer
    assert not roles(answer, "direct", "transitive")


def test_a_premise_that_claims_support_is_no_obstacle(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Given that the Ascend 910C depends on SMIC DUV, what depends on SMIC DUV?")
    assert answer.status == "answered"
    assert answer.question.startswith("Given that")


@pytest.mark.parametrize(
    "question",
    ["could you please tell me what depends on SMIC DUV?", "I'd like to know what depends on SMIC DUV", "请问什么依赖中芯国际DUV"],
)
def test_politeness_changes_nothing(kg: KnowledgeGraph, question: str) -> None:
    assert roles(kg.ask(question), "direct", "transitive") == roles(kg.ask("what depends on SMIC DUV"), "direct", "transitive")


def test_a_yes_says_how_sure_it_is(kg: KnowledgeGraph) -> None:
    stated = kg.ask("Is it true that Liang Wenfeng founded DeepSeek?")
    reported = kg.ask("Is it true that ByteDance trains large language models with the 910B?")
    assert stated.answer.startswith("Yes")
    assert "reported" in reported.answer


def test_why_asks_no_what_if(kg: KnowledgeGraph) -> None:
    assert kg.ask("Why has Alibaba gone purely closed-source?").family != "whatif"


def test_another_number_is_not_confirmed(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Is it true that Kimi Chat has over 50 million monthly active users?")
    assert not answer.answer.startswith("Yes")


def test_membership_is_confirmed_only_by_a_claim_that_links_the_two(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Is Zhipu one of the Six AI Tigers?")
    assert answer.answer.startswith("Yes")
    assert {claim.subject for claim in answer.claims} == {"Zhipu AI"}


def test_names_joined_by_and_may_be_told_of_one_by_one(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Do Baidu and ByteDance train models on the 910B?")
    assert answer.status == "answered"
    assert all("910B" in claim.statement for claim in answer.claims)


@pytest.mark.parametrize("question", ["who is the fouder of DeepSeek", "谁创办了深度求索"])
def test_misspelt_words_and_chinese_names_find_english_statements(kg: KnowledgeGraph, question: str) -> None:
    assert "Liang Wenfeng" in {entity.label for entity in kg.ask(question).entities}


@pytest.mark.parametrize("question", ["华为昇腾910C的良率是多少", "Huawei Ascend 910C yield", "yield of Huawei's Ascend 910C"])
def test_a_name_before_the_name_only_says_more_of_it(kg: KnowledgeGraph, question: str) -> None:
    assert [value.value for value in kg.ask(question).values] == [20, 40]


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("What would be affected if Huawei lost access to SMIC's DUV systems?", {"SMIC DUV lithography"}),
        ("如果华为用不了中芯国际的DUV光刻设备，哪些芯片会受影响？", {"SMIC DUV lithography"}),
        ("What stops if Huawei and SMIC are both gone?", {"Huawei", "SMIC"}),
        ("If ByteDance had to take the Doubao series offline, which of its apps would be weakened?", {"Doubao series"}),
    ],
)
def test_who_does_without_something_is_not_gone(kg: KnowledgeGraph, question: str, denied: set[str]) -> None:
    answer = kg.ask(question)
    assert answer.family == "whatif" and roles(answer, "subject") == denied


@pytest.mark.parametrize(
    ("question", "denied"),
    [
        ("Which models stop if Huawei pulled out of China Mobile's data centres?", {"Huawei"}),
        ("If SMIC stopped making chips for Huawei, what would stop?", {"SMIC"}),
        ("What happens if TSMC no longer produced anything for Baidu?", {"TSMC"}),
        ("Which chips stop if SMIC no longer supplied Huawei?", {"SMIC"}),
        ("要是中芯国际的DUV光刻系统停摆，华为哪条产品线最先遭殃？", {"SMIC DUV lithography"}),
        ("What if Huawei stopped using SMIC's DUV lithography?", {"SMIC DUV lithography"}),
    ],
)
def test_who_leaves_another_or_gives_it_nothing_more_is_gone(kg: KnowledgeGraph, question: str, denied: set[str]) -> None:
    answer = kg.ask(question)
    assert answer.family == "whatif" and roles(answer, "subject") == denied


def test_a_control_is_lifted_by_whom_it_keeps_from_what(kg: KnowledgeGraph) -> None:
    """Its name is not said; of what comes back, that is told which is asked for."""
    chips = kg.ask("If the block between Huawei and TSMC were lifted, which chips could be made there?")
    assert "Ascend 910C" in roles(chips, "direct")
    regained = kg.ask("Suppose Washington dropped the bar between Huawei and TSMC: what would Huawei get back?")
    assert roles(regained, "direct") == {"TSMC advanced manufacturing processes"}
    assert {claim.id for claim in regained.claims} & {claim.id for claim in chips.claims}


def test_what_is_denied_of_one_place_may_be_told_of_another(kg: KnowledgeGraph) -> None:
    assert "United States" in roles(kg.ask("Where are nuclear-powered data centres beginning to appear?"), "direct")


def test_what_itself_loses_what_is_gone_is_part_of_the_answer(kg: KnowledgeGraph) -> None:
    found = kg.ask("What happens if the Doubao series is shut down?")
    hit = losers(kg.whatif(["Doubao series"]))
    assert hit and hit <= roles(found, "direct")


def test_where_nothing_stops_a_claim_may_tell_more_or_it_is_refused(kg: KnowledgeGraph) -> None:
    assert kg.ask("飞书停用的话，哪些系统会跟着瘫痪？").status == "refused"
    told = kg.ask("What if low-compute training like DeepSeek R1's spreads, does demand for compute fall or rise?")
    assert told.status == "answered" and told.claims


@pytest.mark.parametrize(
    ("question", "between"),
    [
        ("How do SMIC and China Mobile hang together?", "Ascend series"),
        ("从习近平到西部数据中心，中间隔着哪几环？", "Eastern Data, Western Computing"),
        ("What's the story between OpenAI and ByteDance?", "OpenAI API"),  # which ended in 2023
    ],
)
def test_connections_by_other_words(kg: KnowledgeGraph, question: str, between: str) -> None:
    answer = kg.ask(question)
    assert answer.family == "path" and between in roles(answer, "transitive"), answer.answer


@pytest.mark.parametrize(
    ("question", "end"), [("What's the story between OpenAI and ByteDance?", "until 2023"), ("字节跳动和OpenAI是什么关系？", "至2023")]
)
def test_a_connection_that_has_ended_says_until_when(kg: KnowledgeGraph, question: str, end: str) -> None:
    assert end in kg.ask(question).answer


@pytest.mark.parametrize("question", ["How is Kimi Chat connected to CNPC?", "Enflame and DeepSeek all-in-one: what joins the two?"])
def test_what_is_only_of_one_kind_or_far_apart_is_not_connected(kg: KnowledgeGraph, question: str) -> None:
    """Neither by a group to which both belong, nor by more steps than say anything."""
    assert kg.ask(question).status == "refused"


def test_a_comparison_tells_the_same_figure_of_both(kg: KnowledgeGraph) -> None:
    answer = kg.ask("Compare the PUE limits for large data centres and for national hub data centres.")
    assert {1.25, 1.2} <= {value.value for value in answer.values}


def test_a_claim_in_words_is_told_with_the_entities_of_its_sentence(kg: KnowledgeGraph) -> None:
    answer = kg.ask("What took the pace out of leading GPU developers' product cycles after 2022?")
    assert "2022" in " ".join(roles(answer, "direct"))


def test_whose_word_it_is_may_be_the_person_a_claim_tells_of(kg: KnowledgeGraph) -> None:
    assert "Robin Li" in roles(kg.ask("Who reckons that open-source models will fall ever further behind?"), "direct")


def test_a_model_called_after_a_poem_is_no_poem(kg: KnowledgeGraph) -> None:
    assert kg.ask("Does Doubao-1.5-Pro beat Claude 3.5 Sonnet?").reason != "out_of_scope"
    assert kg.ask("write a sonnet about SMIC").status == "refused"
