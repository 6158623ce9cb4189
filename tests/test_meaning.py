"""Where words and texts point."""

from __future__ import annotations

import hashlib
from math import isclose, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg import meaning
from agikg.ask.expected import known_tokens, meant_alike, meant_together
from agikg.kg import KnowledgeGraph
from agikg.likeness import lasting, tokens_of
from agikg.projection.directions import directions_of, middles, spread

WORDS = ("chip", "silicon", "founder", "perk", "良率", "e:smic", "qqqzzz", "server", "law", "芯片")


def test_the_table_is_the_one_that_snapshots_rest_on() -> None:
    data = meaning.table()
    assert f"sha256:{hashlib.sha256(data).hexdigest()}" == meaning.TABLE_HASH
    count, rest = divmod(len(data), 8 + meaning.DIMENSIONS)
    sums = np.frombuffer(data, "<u4", count)
    assert rest == 0 and count > 20_000
    assert (sums[1:] > sums[:-1]).all()


def test_a_word_is_found_by_its_checksum() -> None:
    data = meaning.table()
    count = len(data) // (8 + meaning.DIMENSIONS)
    sums = np.frombuffer(data, "<u4", count).tolist()
    place = sums.index(meaning.checksum("chip"))
    scale = float(np.frombuffer(data, "<f4", count, 4 * count)[place])
    steps = np.frombuffer(data, np.int8, meaning.DIMENSIONS, 8 * count + meaning.DIMENSIONS * place)
    assert meaning.word("chip") == pytest.approx(tuple(scale * steps.astype(float)))
    assert meaning.word("qqqzzz") is None


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_a_text_points_where_the_sum_of_its_words_does(tokens: list[str]) -> None:
    known = [np.array(found) for token in tokens if (found := meaning.word(token)) is not None]
    found = meaning.direction(tokens)
    if not known:
        assert found == ()
        return
    total = np.sum(known, axis=0)
    assert found == pytest.approx(tuple(total / np.linalg.norm(total)), abs=1e-9)
    assert isclose(sqrt(sum(step * step for step in found)), 1.0)
    packed = directions_of([tokens, []])
    assert packed[0] == pytest.approx(np.array(found) * meaning.FULL, abs=0.51)
    assert not packed[1].any()


@given(st.lists(st.integers(1, 7), min_size=1, max_size=6), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_the_texts_kept_of_a_claim_are_the_least_alike(sizes: list[int], most: int, seed: int) -> None:
    owners = [owner for owner, size in enumerate(sizes) for _ in range(size)]
    rows = np.random.default_rng(seed).integers(-127, 128, (len(owners), 4)).astype(np.int8)
    wanted: list[int] = []
    for owner in range(len(sizes)):
        numbers = [number for number, other in enumerate(owners) if other == owner]
        chosen = [numbers[0]]
        while len(chosen) < min(most, len(numbers)):
            left = [number for number in numbers if number not in chosen]
            chosen.append(min(left, key=lambda one: (max(int(rows[one].astype(int) @ rows[kept].astype(int)) for kept in chosen), one)))
        wanted += sorted(chosen)
    assert spread(owners, rows, most) == wanted


@given(st.lists(st.integers(1, 5), max_size=5), st.integers(0, 2**32 - 1))
def test_the_middle_of_a_claim_is_the_sum_of_its_texts(sizes: list[int], seed: int) -> None:
    owners = [3 * owner for owner, size in enumerate(sizes) for _ in range(size)]
    rows = np.random.default_rng(seed).integers(-127, 128, (len(owners), meaning.DIMENSIONS)).astype(np.int8)
    claims, found = middles(owners, rows)
    assert claims == sorted(set(owners))
    for claim, middle in zip(claims, found, strict=True):
        total = sum(rows[number].astype(float) for number, owner in enumerate(owners) if owner == claim)
        assert middle == pytest.approx(total / np.linalg.norm(total) * meaning.FULL, abs=0.51)


def test_a_question_is_likened_to_all_texts_of_a_claim_together(kg: KnowledgeGraph) -> None:
    """Against the definition, over all that is kept."""
    (pointed, packed), text = kg.catalog.search.middles, "Which outfit builds the silicon that Huawei sells?"
    rows = np.frombuffer(packed, np.int8).reshape(-1, meaning.DIMENSIONS).astype(float) / meaning.FULL
    assert list(pointed) == sorted(set(kg.catalog.search.directions.owners)) and len(rows) == len(pointed)
    asked = np.array(meaning.direction(known_tokens(kg.catalog, text)))
    found = meant_together(kg.catalog, text, [*pointed[:40], 10**9])
    assert found == pytest.approx(dict(zip(pointed[:40], rows[:40] @ asked, strict=True)), abs=1e-6)


def test_claims_point_as_their_texts_do(kg: KnowledgeGraph) -> None:
    """Against the definition, over all that is kept."""
    owners, packed = kg.catalog.search.directions
    some = sorted(set(owners))[:40]
    rows = np.frombuffer(packed, np.int8).reshape(-1, meaning.DIMENSIONS).astype(float) / meaning.FULL
    assert len(rows) == len(owners) and list(owners) == sorted(owners)
    text = "Which outfit builds the silicon that Huawei sells?"
    asked = np.array(meaning.direction(known_tokens(kg.catalog, text)))
    found = meant_alike(kg.catalog, text, [*some, 10**9])
    assert found == pytest.approx({claim: max((rows @ asked)[np.array(owners) == claim]) for claim in some}, abs=1e-6)


def test_a_statement_means_what_its_claim_does(kg: KnowledgeGraph) -> None:
    claim = kg.catalog.search.directions.owners[100]
    assert meant_alike(kg.catalog, str(kg.catalog.row(claim)["statement"]), [claim])[claim] > 0.98
    assert meant_alike(kg.catalog, "qqqzzz", [claim]) == {}


def test_entities_are_known_by_id_from_one_graph_to_the_next(kg: KnowledgeGraph) -> None:
    tokens = tokens_of("Who owns SMIC?", kg.catalog.names).all
    assert "e:smic" in lasting(tokens, lambda position: kg.catalog.ref(position).id)
