"""The sweep against denying each entity by hand, and its engines against each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from types import ModuleType

import networkx as nx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agikg.analysis import sweep as module
from agikg.analysis.denial import outage
from agikg.analysis.spread import Spread
from agikg.analysis.sweep import Sweep, engine_for, sweep
from agikg.errors import BadInput
from agikg.network import DependencyNetwork
from tests.analysis.networks import failures, large, needs_graph, networks, plain
from tests.conftest import optional

WEIGHTS = st.dictionaries(st.integers(0, 5), st.sampled_from((0.0, 0.1, 0.2, 0.3, 0.7, 1 / 3, 2.5, 1e-3, 7.0)), min_size=1)
SOME = st.none() | st.lists(st.integers(0, 5), min_size=1, max_size=8)


def inside(network: DependencyNetwork, chosen: list[int] | None) -> list[int] | None:
    """What of a choice exists, at least one."""
    return None if chosen is None else [entity % len(network.names) for entity in chosen]


def by_hand(network: DependencyNetwork, entity: int, weights: dict[int, Fraction]) -> float:
    """Weight that denying one entity stops, from the definition."""
    lost = failures(network, {entity}) - failures(network) - {entity}
    return 0.0 if entity in failures(network) else float(sum((weights.get(target, Fraction(0)) for target in lost), Fraction(0)))


def as_written(weights: dict[int, float]) -> dict[int, Fraction]:
    return {target: Fraction(str(weight)) for target, weight in weights.items()}


@pytest.fixture(scope="module")
def fast() -> ModuleType:
    """The compiled engine."""
    optional("numba", "'agikg[fast]'")
    from agikg.analysis import fast

    return fast


@contextmanager
def forced(fast: ModuleType, together: bool, few: int = 0) -> Iterator[list[int]]:
    """Makes the compiled engine follow denials one by one, or together; yields a list that grows when it is together.

    Together means those that take more than ``few`` links.
    """
    used: list[int] = []
    original = fast._together

    def told(*arguments: object) -> None:
        used.append(1)
        original(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast, "_ONE_BY_ONE", 1e30 if together else 0.0)
        patch.setattr(fast, "_together", told)
        patch.setattr(fast, "_FEW", few)
        yield used


# --- the Python engine against the definition ---------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(networks())
def test_every_denial_stops_what_the_definition_says(network: DependencyNetwork) -> None:
    ones = dict.fromkeys(range(len(network.names)), Fraction(1))
    found = sweep(network, engine="python")
    assert found == Sweep(list(ones), [by_hand(network, entity, ones) for entity in ones])


@settings(max_examples=200, deadline=None)
@given(networks(), SOME, SOME)
def test_targets_and_candidates(network: DependencyNetwork, candidates: list[int] | None, targets: list[int] | None) -> None:
    candidates, targets = inside(network, candidates), inside(network, targets)
    every = list(range(len(network.names)))
    weights = dict.fromkeys(every if targets is None else targets, Fraction(1))
    asked = every if candidates is None else candidates
    found = sweep(network, candidates, targets, engine="python")
    assert found == Sweep(asked, [by_hand(network, entity, weights) for entity in asked])


@settings(max_examples=200, deadline=None)
@given(networks(), WEIGHTS, SOME)
def test_weights_are_summed_exactly(network: DependencyNetwork, weights: dict[int, float], targets: list[int] | None) -> None:
    weights = {entity: weight for entity, weight in weights.items() if entity < len(network.names)} or {0: 0.1}
    targets = inside(network, targets)
    exact = as_written(weights)
    if targets is not None:
        exact = {target: exact.get(target, Fraction(1)) for target in targets}
    found = sweep(network, targets=targets, weights=weights, engine="python")
    assert found.lost == [by_hand(network, entity, exact) for entity in range(len(network.names))]


@given(plain())
def test_and_only_networks_agree_with_networkx(network: DependencyNetwork) -> None:
    graph = needs_graph(network)
    assert sweep(network, engine="python").lost == [len(nx.ancestors(graph, entity) - {entity}) for entity in range(len(network.names))]


@given(networks(), st.lists(st.integers(0, 5), min_size=1, max_size=3))
def test_only_critical_entities_stop_anything(network: DependencyNetwork, targets: list[int]) -> None:
    spread = Spread(network)
    stopping = {e for e in range(len(network.names)) if failures(network, {e}) - failures(network) - {e}}
    assert stopping - failures(network) <= spread.critical
    assert spread.critical.isdisjoint(failures(network))
    assert spread.baseline == failures(network)
    limited = Spread(network, inside(network, targets))
    assert limited.baseline & set(limited.cone) == failures(network) & set(limited.cone)


def test_nothing_outside_the_cone_of_the_targets_is_worked_out() -> None:
    """Entity 1 needs nothing; that 0 is down is none of its business."""
    network = DependencyNetwork.from_columns(2, [0], [0], [0], minimum=[2])
    spread = Spread(network, [1])
    assert spread.cone == [1]
    assert spread.baseline == set()
    assert spread.run([0, 0], 1) == [0, 0]


@given(networks(), st.lists(st.sets(st.integers(0, 5), max_size=3), min_size=1, max_size=10), SOME)
def test_columns_are_independent_denials(network: DependencyNetwork, denials: list[set[int]], targets: list[int] | None) -> None:
    """What spreads in a column is what denying the set of that column stops."""
    size = len(network.names)
    denials = [{entity for entity in members if entity < size} for members in denials]
    spread = Spread(network, inside(network, targets))
    state = [sum(1 << column for column, members in enumerate(denials) if entity in members) for entity in range(size)]
    spread.run(state, len(denials))
    for column, members in enumerate(denials):
        assert {e for e in spread.cone if state[e] >> column & 1} == failures(network, members) & set(spread.cone)


def test_a_tenth_is_a_tenth() -> None:
    network = DependencyNetwork.from_columns(12, range(1, 12), range(11), [0] * 11)
    assert sweep(network, [0], weights=dict.fromkeys(range(1, 12), 0.1)).lost == [1.1]
    assert sweep(network, [0], weights={1: 0.1, 2: 0.2}).lost == [0.3]


def test_without_weights_for_anything_all_count() -> None:
    network = DependencyNetwork.from_columns(3, [0, 1], [0, 1], [1, 2])
    assert sweep(network, weights={}).lost == [0.0, 1.0, 2.0]
    assert sweep(network, []) == Sweep([], [])
    assert sweep(network, [2, 2, 0]) == Sweep([2, 2, 0], [2.0, 2.0, 0.0])


@pytest.mark.parametrize("seed", range(3))
def test_a_larger_network_against_single_outages(seed: int) -> None:
    network = large(seed, 200)
    before = set(outage(network).failed)
    expected = [0.0 if e in before else float(len(outage(network, [e]).failed.keys() - before - {e})) for e in range(200)]
    assert sweep(network, engine="python").lost == expected
    assert sum(expected) > 200


# --- batches, progress, errors ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_batches_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = large(seed, 300)
    whole = sweep(network, engine="python")
    monkeypatch.setattr(module, "_STATE_BITS", 1)
    told: list[tuple[int, int]] = []
    assert sweep(network, engine="python", progress=lambda done, total: told.append((done, total))) == whole
    assert len(told) > 1
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert {total for _, total in told} == {told[-1][0]}


class Stop(Exception):
    """Raised by a progress function."""


@pytest.mark.parametrize("engine", ["python", "fast"])
def test_an_exception_of_progress_ends_the_sweep(engine: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    network = large(1, 300)
    monkeypatch.setattr(module, "_STATE_BITS", 1)
    if engine == "fast":
        monkeypatch.setattr(request.getfixturevalue("fast"), "_BATCH", 16)
        monkeypatch.setattr(request.getfixturevalue("fast"), "_ONE_BY_ONE", 0.0)
    before = sweep(network, engine=engine)
    told: list[int] = []

    def stop(done: int, total: int) -> None:
        told.append(done)
        if len(told) == 2:
            raise Stop

    with pytest.raises(Stop):
        sweep(network, engine=engine, progress=stop)
    assert len(told) == 2
    assert sweep(network, engine=engine) == before


NETWORK = DependencyNetwork.from_columns(3, [0, 1], [0, 1], [1, 2])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"targets": []}, "no targets"),
        ({"targets": [3]}, "no entity 3"),
        ({"targets": [0, -1]}, "no entity -1"),
        ({"candidates": [3]}, "no entity 3"),
        ({"candidates": [1, -2]}, "no entity -2"),
        ({"weights": {9: 1.0}}, "no entity 9"),
        ({"weights": {0: -0.5}}, "weight of 0 is -0.5"),
        ({"weights": {1: float("nan")}}, "weight of 1 is nan"),
        ({"weights": {2: float("inf")}}, "weight of 2 is inf"),
        ({"engine": "quick"}, "no engine is called 'quick'"),
    ],
)
@pytest.mark.parametrize("network", [NETWORK, DependencyNetwork.from_columns(3, [], [], [])])
def test_what_makes_no_sense_is_refused(arguments: dict[str, object], told: str, network: DependencyNetwork) -> None:
    with pytest.raises(BadInput, match=told):
        sweep(network, **arguments)  # type: ignore[arg-type]


def test_a_network_of_nothing_has_no_targets() -> None:
    with pytest.raises(BadInput, match="no targets"):
        sweep(DependencyNetwork.from_columns(0, [], [], []))


def test_which_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    many = module._WORTH_COMPILING
    monkeypatch.setattr(module, "find_spec", lambda _: object())
    assert [engine_for(engine, 10) for engine in ("auto", "python", "fast")] == ["python", "python", "fast"]
    assert [engine_for(engine, many) for engine in ("auto", "python", "fast")] == ["fast", "python", "fast"]
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    assert engine_for("auto", many) == "python"
    with pytest.raises(BadInput, match="needs numba") as caught:
        engine_for("fast", 10)
    assert "agikg[fast]" in caught.value.hint


# --- the compiled engine ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("together", "few"), [(False, 0), (True, 0), (True, 2)])
@settings(max_examples=300, deadline=None)
@given(network=networks(), candidates=SOME, targets=SOME, weights=st.none() | WEIGHTS)
@example(network=DependencyNetwork.from_columns(3, [], [], []), candidates=None, targets=None, weights=None)
def test_both_engines_agree(
    fast: ModuleType, together: bool, few: int, network: DependencyNetwork, candidates: list[int] | None,
    targets: list[int] | None, weights: dict[int, float] | None,
) -> None:  # fmt: skip
    candidates, targets = inside(network, candidates), inside(network, targets)
    if weights is not None:
        weights = {entity: weight for entity, weight in weights.items() if entity < len(network.names)}
    expected = sweep(network, candidates, targets, weights, engine="python")
    with forced(fast, together, few):
        assert sweep(network, candidates, targets, weights, engine="fast") == expected


@pytest.mark.parametrize("together", [False, True])
@settings(max_examples=100, deadline=None)
@given(network=plain(largest=12))
def test_the_fast_engine_agrees_with_networkx(fast: ModuleType, together: bool, network: DependencyNetwork) -> None:
    graph = needs_graph(network)
    with forced(fast, together):
        found = sweep(network, engine="fast").lost
    assert found == [len(nx.ancestors(graph, entity) - {entity}) for entity in range(len(network.names))]


@pytest.mark.parametrize(("together", "few"), [(False, 0), (True, 0), (True, 64)])
@pytest.mark.parametrize("cyclic", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_engines_agree_on_larger_networks(fast: ModuleType, together: bool, few: int, cyclic: bool, seed: int) -> None:
    network = large(seed, 400, cyclic=cyclic)
    weights = {entity: (entity % 7) / 10 for entity in range(0, 400, 3)}
    with forced(fast, together, few) as used:
        assert sweep(network, engine="fast") == sweep(network, engine="python")
        assert sweep(network, weights=weights, engine="fast") == sweep(network, weights=weights, engine="python")
    assert together >= bool(used)
    assert used or few or not together


def test_engines_agree_where_a_group_can_spare_many(fast: ModuleType) -> None:
    """More spare members than the counters of the compiled loops are made for."""
    members = [1 + index % 50 for index in range(150)]
    network = DependencyNetwork.from_columns(52, [0, 51], [0] * 150 + [1], [*members, 0], minimum=[148, 1])
    expected = sweep(network, engine="python")
    assert expected.lost[1] == 2
    chain = DependencyNetwork.from_columns(
        300, [0, *range(101, 300)], [0] * 100 + list(range(1, 200)), [*range(1, 101), *([200] * 199)], minimum=[10] + [1] * 199
    )
    for together in (False, True):
        with forced(fast, together):
            assert sweep(network, engine="fast") == expected
            assert sweep(chain, engine="fast") == sweep(chain, engine="python")


def test_batches_of_the_fast_engine(fast: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    network = large(3, 14_000)
    expected = sweep(network, engine="python")
    monkeypatch.setattr(fast, "_STATE_WORDS", 1)
    monkeypatch.setattr(fast, "_BATCH", 1_000)
    for together, few in ((False, 0), (True, 0), (True, 2)):
        told: list[tuple[int, int]] = []
        with forced(fast, together, few):
            assert sweep(network, engine="fast", progress=lambda *numbers: told.append(numbers)) == expected  # noqa: B023
        assert len(told) > 1
        assert [done for done, _ in told] == sorted({done for done, _ in told})
        assert {total for _, total in told} == {told[-1][0]}


FINE = ({0: 1 / 3, 1: 1000.0}, {0: 1e300}, {0: 1e-300, 1: 1.0}, {0: 1e300, 1: 1e-300}, {0: float(1 << 61), 1: float(1 << 61)})


@pytest.mark.parametrize("weights", FINE)
def test_weights_too_fine_for_the_fast_engine_are_summed_all_the_same(
    fast: ModuleType, weights: dict[int, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WORTH_COMPILING", 0)
    assert engine_for("auto", len(NETWORK)) == "fast"
    assert sweep(NETWORK, weights=weights) == sweep(NETWORK, weights=weights, engine="python")


@pytest.mark.parametrize("weights", FINE)
def test_the_fast_engine_refuses_weights_too_fine_for_it(fast: ModuleType, weights: dict[int, float]) -> None:
    with pytest.raises(BadInput, match=r"too fine for the fast engine: .* at most 62 were expected") as caught:
        sweep(NETWORK, weights=weights, engine="fast")
    assert "engine 'python'" in caught.value.hint
    with pytest.raises(BadInput, match="too fine"):
        fast.lost(NETWORK, [0], module.weights_of(NETWORK, None, weights), None)


def test_the_largest_weights_of_the_fast_engine(fast: ModuleType) -> None:
    weights = {0: float(1 << 61), 1: float((1 << 61) - 512)}
    for together in (False, True):
        with forced(fast, together):
            assert sweep(NETWORK, weights=weights, engine="fast") == sweep(NETWORK, weights=weights, engine="python")
