"""Sets of columns against plain Python sets."""

from __future__ import annotations

from itertools import combinations, product
from math import isclose, prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis.bits import PRECISION, batches, counts, draw, measure, of_sets, ones, pairs, positions, states

COLUMNS = st.sets(st.integers(0, 200))


def row_of(columns: set[int]) -> int:
    return sum(1 << column for column in columns)


@given(COLUMNS)
def test_positions_are_the_columns_of_a_row(columns: set[int]) -> None:
    assert positions(row_of(columns)) == sorted(columns)


def test_ones() -> None:
    assert [positions(ones(count)) for count in range(4)] == [[], [0], [0, 1], [0, 1, 2]]


@given(st.lists(st.tuples(COLUMNS, st.one_of(st.integers(0, 20), st.integers(0, 1 << 70)))))
def test_counts_are_sums_of_weights(rows: list[tuple[set[int], int]]) -> None:
    found = counts([(row_of(columns), weight) for columns, weight in rows], 201)
    assert found == [sum(weight for columns, weight in rows if column in columns) for column in range(201)]


@given(st.lists(st.sets(st.integers(0, 6)), max_size=40))
def test_rows_from_columns(sets: list[set[int]]) -> None:
    assert of_sets(sets, 7) == [row_of({column for column, members in enumerate(sets) if row in members}) for row in range(7)]


@pytest.mark.parametrize("count", range(7))
def test_pairs_are_all_pairs(count: int) -> None:
    rows, found = pairs(count)
    assert found == list(combinations(range(count), 2))
    assert [positions(row) for row in rows] == [[c for c, pair in enumerate(found) if thing in pair] for thing in range(count)]


@pytest.mark.parametrize("count", range(8))
def test_states_are_all_states(count: int) -> None:
    rows = states(count)
    assert len(rows) == count
    for state in range(2**count):
        assert [row >> state & 1 for row in rows] == [state >> thing & 1 for thing in range(count)]
    assert all(row < 1 << 2**count for row in rows)


@pytest.mark.parametrize("probability", [0.5, 0.1, 0.9, 0.25, 1 / 3, 0.001, 0.9999, 2.0**-10])
@pytest.mark.parametrize("seed", [1, 2])
def test_drawn_bits_are_as_frequent_as_they_should_be(probability: float, seed: int) -> None:
    columns = 40_000
    hits = draw(Random(seed), probability, columns).bit_count()
    deviation = (columns * probability * (1 - probability)) ** 0.5
    assert abs(hits - columns * probability) <= 4 * deviation + 1


def test_certain_and_impossible_bits() -> None:
    random = Random(0)
    assert draw(random, 0.0, 99) == 0
    assert draw(random, 1.0, 99) == ones(99)
    assert draw(random, 2.0**-PRECISION / 3, 99) == 0
    assert draw(random, 0.7, 0) == 0
    assert 0 <= draw(random, 1 - 2.0**-PRECISION, 99) <= ones(99)


def test_draws_repeat_with_the_seed_and_are_independent_of_each_other() -> None:
    assert draw(Random(7), 0.3, 1000) == draw(Random(7), 0.3, 1000) != draw(Random(8), 0.3, 1000)
    random = Random(7)
    a, b = draw(random, 0.5, 40_000), draw(random, 0.5, 40_000)
    assert abs((a & b).bit_count() - 10_000) < 4 * (40_000 * 3 / 16) ** 0.5


@given(st.integers(0, 5).flatmap(lambda n: st.tuples(st.sets(st.integers(0, 2**n - 1)), st.lists(st.floats(0, 1), min_size=n, max_size=n))))
def test_measure_is_the_sum_over_states(case: tuple[set[int], list[float]]) -> None:
    members, probabilities = case
    expected = 0.0
    for on in product((0, 1), repeat=len(probabilities)):
        if sum(bit << thing for thing, bit in enumerate(on)) in members:
            expected += prod(p if bit else 1 - p for p, bit in zip(probabilities, on, strict=True))
    assert isclose(measure(row_of(members), probabilities), expected, rel_tol=1e-9, abs_tol=1e-12)


@given(st.lists(st.integers()), st.integers(1, 5))
def test_batches_are_stretches(items: list[int], width: int) -> None:
    found = list(batches(items, width))
    assert [item for batch in found for item in batch] == items
    assert all(len(batch) == width for batch in found[:-1]) and all(0 < len(batch) <= width for batch in found)
