"""Importance measures against enumerating every state, textbook formulas, and published intervals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import isclose, prod
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agikg.analysis import importance as module
from agikg.analysis.importance import EXACT_UP_TO, Estimate, Importance, Sample, Uncertainty, drawn, importance, stretches, wilson
from agikg.errors import BadInput
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, large, minimal_cuts, networks

CHANCES = st.dictionaries(st.integers(0, 5), st.sampled_from((0.0, 0.01, 0.1, 0.25, 0.5, 0.9, 1.0)), min_size=1)


class Weighed(NamedTuple):
    """Measures of one event, by enumeration."""

    birnbaum: float
    risk_achievement: float | None
    risk_reduction: float | None
    fussell_vesely: float | None


def all_states(chances: Mapping[int, float]) -> Iterator[tuple[set[int], float]]:
    """Every set of unavailable entities with its probability."""
    for down in product((False, True), repeat=len(chances)):
        yield (
            {entity for entity, is_down in zip(chances, down, strict=True) if is_down},
            prod(p if is_down else 1 - p for p, is_down in zip(chances.values(), down, strict=True)),
        )


def unavailable(network: DependencyNetwork, target: int, chances: Mapping[int, float]) -> float:
    return sum(probability for down, probability in all_states(chances) if probability and target in failures(network, down))


def over(a: float, b: float) -> float | None:
    return a / b if b > 1e-13 else None


def weighed(network: DependencyNetwork, target: int, chances: dict[int, float], event: int) -> Weighed:
    whole = unavailable(network, target, chances)
    given, spared = (unavailable(network, target, {**chances, event: p}) for p in (1.0, 0.0))
    cuts = [set(cut) for cut in minimal_cuts(network, target, chances, len(chances)) if event in cut]
    through = sum(probability for down, probability in all_states(chances) if any(cut <= down for cut in cuts))
    return Weighed(given - spared, over(given, whole), over(whole, spared), over(through, whole))


def close(a: float | None, b: float | None) -> bool:
    return a is b if a is None or b is None else isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


# --- exact --------------------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(0, 5), CHANCES)
def test_measures_are_those_of_all_states(network: DependencyNetwork, target: int, chances: dict[int, float]) -> None:
    target %= len(network.names)
    chances = {entity: chance for entity, chance in chances.items() if entity < len(network.names)}
    events = {e: p for e, p in chances.items() if p > 0 and e != target and e not in failures(network)}
    found = importance(network, target, chances)
    assert (found.method, found.structural, found.order) == ("exact", False, None)
    assert close(found.unavailable.value, unavailable(network, target, events))
    assert found.unavailable.low == found.unavailable.value == found.unavailable.high
    told = {row.event: row for row in found.measures}
    assert len(told) == len(found.measures)
    assert told.keys() <= events.keys()
    for event, chance in events.items():
        expected = weighed(network, target, events, event)
        if event in told:
            row = told[event]
            assert row.probability == chance
            assert all(map(close, row[2:], expected)), (row, expected)
        else:
            assert expected.birnbaum == pytest.approx(0, abs=1e-12)
    assert [(-row.birnbaum, row.event) for row in found.measures] == sorted((-row.birnbaum, row.event) for row in found.measures)


@settings(max_examples=100, deadline=None)
@given(networks(), st.integers(0, 5))
def test_structural_importance_is_the_share_of_states_in_which_an_entity_decides(network: DependencyNetwork, target: int) -> None:
    target %= len(network.names)
    found = importance(network, target)
    assert found.structural
    told = {row.event: row.birnbaum for row in found.measures}
    for entity in range(len(network.names)):
        others = {other: 0.5 for other in range(len(network.names)) if other not in (target, entity)}
        decides = [target in failures(network, down | {entity}) and target not in failures(network, down) for down, _ in all_states(others)]
        share = sum(decides) / len(decides) if entity != target else 0.0
        assert told.get(entity, 0.0) == pytest.approx(share, abs=1e-12)


def measures(found: Uncertainty) -> dict[int, Importance]:
    return {row.event: row for row in found.measures}


P, Q, R = 0.1, 0.2, 0.3
SERIES = DependencyNetwork.from_columns(3, [0, 0], [0, 1], [1, 2])
PARALLEL = DependencyNetwork.from_columns(3, [0], [0, 0], [1, 2])
TWO_OF_THREE = DependencyNetwork.from_columns(4, [0], [0, 0, 0], [1, 2, 3], minimum=[2])


def test_in_series() -> None:
    found = importance(SERIES, 0, {1: P, 2: Q})
    whole = 1 - (1 - P) * (1 - Q)
    assert found.unavailable.value == pytest.approx(whole)
    rows = measures(found)
    assert rows[1] == pytest.approx((1, P, 1 - Q, 1 / whole, whole / Q, P / whole))
    assert rows[2] == pytest.approx((2, Q, 1 - P, 1 / whole, whole / P, Q / whole))


def test_in_parallel() -> None:
    found = importance(PARALLEL, 0, {1: P, 2: Q})
    assert found.unavailable.value == pytest.approx(P * Q)
    rows = measures(found)
    assert rows[1][:4] == pytest.approx((1, P, Q, 1 / P))
    assert rows[2][:4] == pytest.approx((2, Q, P, 1 / Q))
    assert [rows[event].risk_reduction for event in (1, 2)] == [None, None]
    assert [rows[event].fussell_vesely for event in (1, 2)] == pytest.approx([1, 1])


def test_two_of_three() -> None:
    """Down when two are down: P(S) = pq + pr + qr - 2pqr; Birnbaum of the first is q + r - 2qr."""
    found = importance(TWO_OF_THREE, 0, {1: P, 2: Q, 3: R})
    whole = P * Q + P * R + Q * R - 2 * P * Q * R
    assert found.unavailable.value == pytest.approx(whole)
    rows = measures(found)
    assert rows[1].birnbaum == pytest.approx(Q + R - 2 * Q * R)
    assert rows[2].birnbaum == pytest.approx(P + R - 2 * P * R)
    assert rows[3].birnbaum == pytest.approx(P + Q - 2 * P * Q)
    assert rows[1].risk_achievement == pytest.approx((Q + R - Q * R) / whole)
    assert rows[1].risk_reduction == pytest.approx(whole / (Q * R))
    assert rows[1].fussell_vesely == pytest.approx(P * (Q + R - Q * R) / whole)
    assert [row.birnbaum for row in importance(TWO_OF_THREE, 0).measures] == pytest.approx([0.5] * 3)


@pytest.mark.parametrize("p", [1e-3, 1e-5, 1e-7, 1e-9, 1e-12])
def test_small_probabilities_keep_their_digits(p: float) -> None:
    found = importance(PARALLEL, 0, {1: p, 2: p})
    assert found.unavailable.value == pytest.approx(p * p, rel=1e-9, abs=0)
    row = found.measures[0]
    assert row.birnbaum == pytest.approx(p, rel=1e-9, abs=0)
    assert row.risk_achievement == pytest.approx(1 / p, rel=1e-9, abs=0)
    assert row.fussell_vesely == pytest.approx(1, rel=1e-9, abs=0)
    alone = importance(SERIES, 0, {1: p, 2: p / 2})
    assert alone.unavailable.value == pytest.approx(1.5 * p - p * p / 2, rel=1e-9, abs=0)
    assert measures(alone)[1].risk_reduction == pytest.approx(3 - p, rel=1e-9, abs=0)


def test_single_points_do_not_count_towards_the_limit() -> None:
    """Thirty in series and two in parallel are exact."""
    network = DependencyNetwork.from_columns(33, [0] * 31, [*range(30), 30, 30], range(1, 33))
    chances = dict.fromkeys(range(1, 31), 0.01) | {31: 0.5, 32: 0.4}
    found = importance(network, 0, chances)
    assert found.method == "exact"
    assert found.unavailable.value == pytest.approx(1 - 0.99**30 * (1 - 0.2))
    assert measures(found)[7].birnbaum == pytest.approx(0.99**29 * 0.8)
    assert measures(found)[31].birnbaum == pytest.approx(0.99**30 * 0.4)


def test_a_target_that_is_down_is_down() -> None:
    closed = DependencyNetwork.from_columns(3, [0, 0], [0, 1], [1, 2], barred=[True, False])
    found = importance(closed, 0, {1: 0.5, 2: 0.5})
    assert found.unavailable == Estimate(1.0, 1.0, 1.0)
    assert all(row.birnbaum == 0 for row in found.measures)


# --- Monte Carlo --------------------------------------------------------------------------------------------------


def test_intervals_contain_the_exact_value_as_often_as_they_should() -> None:
    contained, off = 0, 0.0
    for seed in range(60):
        network = large(seed, 9)
        target = max(range(9), key=lambda entity: len(importance(network, entity).measures))
        chances = {entity: (entity % 4 + 1) / 10 for entity in range(9)}
        exact, sampled = (
            importance(network, target, chances, method=method, samples=4_000, seed=seed) for method in ("exact", "monte carlo")
        )
        assert (exact.method, sampled.method, sampled.order) == ("exact", "monte carlo", 2)
        contained += sampled.unavailable.low <= exact.unavailable.value <= sampled.unavailable.high
        rows = measures(sampled)
        assert rows.keys() == measures(exact).keys()
        for row in exact.measures:
            off = max(off, abs(row.birnbaum - rows[row.event].birnbaum))
            assert row.probability == rows[row.event].probability
    assert contained >= 54
    assert off < 0.05


def test_the_same_seed_gives_the_same_numbers() -> None:
    first = importance(TWO_OF_THREE, 0, {1: P, 2: Q, 3: R}, method="monte carlo", seed=5)
    assert first == importance(TWO_OF_THREE, 0, {1: P, 2: Q, 3: R}, method="monte carlo", seed=5)
    assert first != importance(TWO_OF_THREE, 0, {1: P, 2: Q, 3: R}, method="monte carlo", seed=6)


def test_stretches_can_be_drawn_anywhere_in_any_order() -> None:
    network = large(4, 40)
    samples = 3 * module._STRETCH // 2
    drawn_twice: list[tuple[int, int]] = []

    def backwards(network: DependencyNetwork, sample: Sample, parts: Sequence[tuple[int, int]]) -> list[list[int]]:
        drawn_twice.extend(parts)
        return [drawn(network, sample, *part) for part in reversed(parts)]

    target = max(range(40), key=lambda entity: len(importance(network, entity, samples=1).measures))
    here = importance(network, target, samples=samples, method="monte carlo")
    assert importance(network, target, samples=samples, method="monte carlo", draws=backwards) == here
    assert drawn_twice == stretches(samples)
    assert sum(size for _, size in drawn_twice) == samples and len(drawn_twice) == 2


def test_sampled_measures_of_two_of_three() -> None:
    row = measures(importance(TWO_OF_THREE, 0, {1: P, 2: Q, 3: R}, method="monte carlo", samples=200_000, seed=1))[1]
    whole = P * Q + P * R + Q * R - 2 * P * Q * R
    assert row.birnbaum == pytest.approx(Q + R - 2 * Q * R, abs=0.01)
    assert row.risk_achievement == pytest.approx((Q + R - Q * R) / whole, rel=0.03)
    assert row.risk_reduction == pytest.approx(whole / (Q * R), rel=0.03)
    assert row.fussell_vesely == pytest.approx(P * (Q + R - Q * R) / whole, rel=0.05)


def test_too_many_events_are_sampled() -> None:
    wide = DependencyNetwork.from_columns(
        EXACT_UP_TO + 2, [0], [0] * (EXACT_UP_TO + 1), range(1, EXACT_UP_TO + 2), minimum=[EXACT_UP_TO - 1]
    )
    found = importance(wide, 0)
    assert (found.method, found.structural, found.order) == ("monte carlo", True, 2)
    with pytest.raises(BadInput, match=f"{EXACT_UP_TO + 1} events are too many") as caught:
        importance(wide, 0, method="exact")
    assert "Monte Carlo" in caught.value.hint
    fewer = dict.fromkeys(range(1, EXACT_UP_TO + 1), 0.1)
    assert importance(wide, 0, fewer, method="exact").method == "exact"


# --- intervals and errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hits", "samples", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals_are_those_of_newcombe(hits: int, samples: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3."""
    found = wilson(hits, samples)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.value == hits / samples
    mirrored = wilson(samples - hits, samples)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low))


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_intervals_hold_their_share(case: tuple[int, int]) -> None:
    found = wilson(*case)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize("chance", [-0.1, 1.5, float("nan"), float("inf")])
def test_probabilities_that_make_no_sense(chance: float) -> None:
    with pytest.raises(BadInput, match="probability of 1 is") as caught:
        importance(PARALLEL, 0, {1: chance, 2: 0.5})
    assert "0 to 1" in caught.value.hint


def test_samples_and_methods_that_make_no_sense() -> None:
    with pytest.raises(BadInput, match="0 samples"):
        importance(PARALLEL, 0, samples=0)
    with pytest.raises(BadInput, match="'guess'"):
        importance(PARALLEL, 0, method="guess")
