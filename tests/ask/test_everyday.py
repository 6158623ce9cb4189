"""Everyday Chinese words, and what is made of them."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.ask.everyday import LENGTHS, TABLE, everyday, wholly_everyday
from agikg.kg import KnowledgeGraph
from agikg.meaning import checksum

SAMPLE = "算力投入要是继续加码模型会有什么变化背后小道消息麒麟混元"


def table() -> set[int]:
    data = TABLE.read_bytes()
    return set(struct.unpack(f"<{len(data) // 4}I", data))


def test_the_table_is_in_order() -> None:
    data = TABLE.read_bytes()
    sums = struct.unpack(f"<{len(data) // 4}I", data)
    assert list(sums) == sorted(set(sums)) and len(sums) > 30_000


@pytest.mark.parametrize(
    ("word", "is_one"), [("继续", True), ("背后", True), ("外界", True), ("混元", False), ("算力", False), ("", False)]
)
def test_names_are_no_everyday_words(word: str, is_one: bool) -> None:
    assert everyday(word) == is_one


@given(st.lists(st.sampled_from(SAMPLE), max_size=9).map("".join), st.integers(0, 8), st.integers(1, 5))
def test_a_stretch_is_everyday_if_words_cover_it(text: str, start: int, length: int) -> None:
    """Against the definition: every character lies in some word of the text, or is passed over."""
    stretch, passed, known = text[start : start + length], frozenset("会有"), table()
    if not stretch:
        return
    first = text.find(stretch)

    def covered(place: int) -> bool:
        windows = ((begin, begin + size) for size in LENGTHS for begin in range(len(text)) if begin + size <= len(text))
        return any(begin <= place < end and checksum(text[begin:end]) in known for begin, end in windows)

    wanted = all(text[place] in passed or covered(place) for place in range(first, first + len(stretch)))
    assert wholly_everyday(text, stretch, passed) == wanted


def test_a_stretch_may_reach_over_punctuation_but_no_word_does() -> None:
    assert wholly_everyday("起飞，背后有推手", "飞背后", frozenset())
    assert not wholly_everyday("背，后有", "背后", frozenset())


def test_what_is_not_in_a_text_is_not_everyday() -> None:
    assert not wholly_everyday("背后", "继续", frozenset())


@pytest.mark.parametrize("question", ["人形机器人为什么现在加速起飞，背后有哪些推手？", "910C良率接近四成，是华为官宣还是外界报道？"])
def test_everyday_words_are_not_refused_as_names(kg: KnowledgeGraph, question: str) -> None:
    assert kg.ask(question).reason != "unknown_entity"


def test_a_name_that_nobody_knows_is_refused(kg: KnowledgeGraph) -> None:
    assert kg.ask("灵蜥科技的创始人是谁？").reason == "unknown_entity"
