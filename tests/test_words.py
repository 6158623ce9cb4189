"""Words in one form, and the index of what claims say."""

from __future__ import annotations

import json

import pytest

from agikg.ask.synonyms import translated
from agikg.ask.wording import plain
from agikg.kg import KnowledgeGraph
from agikg.names import tokenise
from agikg.words import stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("investments", "invested"),
        ("founder", "founded"),
        ("centres", "center"),
        ("regulations", "regulation"),
        ("companies", "company"),
        ("buys", "bought"),
        ("restricted", "restricting"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("model", "mobile"), ("chip", "cheap"), ("owned", "open"), ("7nm", "5nm"), ("data", "date")])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize("word", ["", "a", "s", "ings", "中芯", "910c"])
def test_a_short_word_stays_a_word(word: str) -> None:
    assert stem(word) == word


def test_every_claim_is_found_by_what_it_says(kg: KnowledgeGraph) -> None:
    catalog = kg.catalog
    for position in range(catalog.claim_count):
        for token in tokenise(str(catalog.row(position)["statement"])):
            assert position in catalog.search.postings[stem(token)], token


def test_postings_are_in_order_and_within_the_claims(kg: KnowledgeGraph) -> None:
    postings = kg.catalog.search.postings
    assert list(postings) == sorted(postings)
    assert all(found == sorted(set(found)) and found[-1] < kg.catalog.claim_count for found in postings.values())
    json.dumps(postings)


def test_chinese_words_are_translated_the_longest_first() -> None:
    assert translated("数据中心") == (["data", "center"], [])
    assert translated("龘龘龘") == ([], ["龘龘龘"])


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("Could you tell me who founded DeepSeek?", "who founded DeepSeek?"),
        ("please", "please"),
        ("", ""),
        ("who founded DeepSeek", "who founded DeepSeek"),
    ],
)
def test_only_filler_is_taken_away(asked: str, kept: str) -> None:
    assert plain(asked).strip() == kept
