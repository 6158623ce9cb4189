"""Comparisons the other way round."""

from __future__ import annotations

import pytest

from agikg.ask.order import reverses
from agikg.kg import KnowledgeGraph

ROW = {
    "subject_label": "English-language data",
    "object_label": "Chinese-language data",
    "statement": "In the crawl, data in English have a larger share than data in Chinese.",
}
LESS = {
    **ROW,
    "subject_label": "Chinese models",
    "object_label": "American models",
    "statement": "Chinese models lag behind American ones.",
}


@pytest.mark.parametrize(
    ("question", "row", "reversed_"),
    [
        ("Why is the Chinese share larger than the English one?", ROW, True),
        ("Why is the English share larger than the Chinese one?", ROW, False),
        ("Why is the English share smaller than the Chinese one?", ROW, True),
        ("Why is the Chinese share smaller than the English one?", ROW, False),
        ("How large is the share of Chinese, how large that of English?", ROW, False),
        ("Which is larger, the share of Chinese or of English?", ROW, False),
        ("Why is the French share larger than the English one?", ROW, False),
        ("Why do American models lag behind Chinese ones?", LESS, True),
        ("Why are Chinese models ahead of American ones?", LESS, True),
        ("Why are American models ahead of Chinese ones?", LESS, False),
        ("Why are American models outperformed by Chinese ones?", LESS, True),
        ("Why is the Chinese share larger than the English one?", {**ROW, "object_label": None}, False),
    ],
)
def test_which_is_the_greater(question: str, row: dict[str, str | None], reversed_: bool) -> None:
    assert reverses(question, row) is reversed_


def test_the_other_way_round_is_no_yes(kg: KnowledgeGraph) -> None:
    assert kg.ask("Are Alibaba's open-source models more advanced than its proprietary ones?").answer.startswith("No")
    assert kg.ask("Are Alibaba's proprietary models more advanced than its open-source ones?").answer.startswith("Yes")
    assert kg.ask("By how much does the Chinese part of Common Crawl exceed the English one?").reason == "false_premise"
