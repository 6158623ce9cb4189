"""The systemic risk index against the published example and a literal reading of the formulas, by both engines."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.analysis import esri as module
from agikg.analysis.esri import ProductionNetwork, cascade, esri
from agikg.errors import BadInput, LimitHit
from tests.conftest import optional

Engine = Literal["auto", "numpy", "fast"]
# No product of small shares, so that no change of a drawn network equals it but for rounding; coarse, because a drawn cycle of
# essential links may need 1 / EPS rounds.
EPS = 7.3e-4


@pytest.fixture(params=["numpy", "fast"], scope="session")
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "fast":
        optional("numba", "'agikg[fast]'")
    name: Engine = request.param
    return name


def example(**changes: Any) -> ProductionNetwork:
    """The published network of seven firms; its firms 1 to 7 are positions 0 to 6."""
    links = [(1, 2, 8), (7, 2, 2), (1, 3, 5), (2, 4, 10), (2, 5, 3), (3, 5, 1), (4, 6, 6), (5, 6, 4)]
    essentiality = np.ones((5, 5))
    essentiality[1, 2] = essentiality[2, 3] = 2
    parts: dict[str, Any] = {
        "supplier": np.array([supplier - 1 for supplier, _, _ in links]), "customer": np.array([customer - 1 for _, customer, _ in links]),
        "weight": np.array([weight for _, _, weight in links]), "sector": np.array([1, 2, 2, 3, 3, 4, 1]), "essentiality": essentiality,
    }  # fmt: skip
    return ProductionNetwork(**(parts | changes))


PUBLISHED = {
    False: (
        [0.8359, 0.8205, 0.1795, 0.6075, 0.3925, 1.0000, 0.1641],
        [0.8359, 0.5641, 0.0513, 0.1538, 0.1026, 0, 0.1641],
        [0.3333, 0.5897, 0.1538, 0.6075, 0.3925, 1, 0.0513],
    ),
    True: (
        [0.8201, 0.8205, 0.1558, 0.6075, 0.3925, 1.0000, 0.0683],
        [0.8201, 0.5641, 0.0276, 0.1538, 0.1026, 0, 0.0683],
        [0.3333, 0.5897, 0.1538, 0.6075, 0.3925, 1, 0.0513],
    ),
}


@pytest.mark.parametrize("replaceability", [False, True])
def test_the_published_example(engine: Engine, replaceability: bool) -> None:
    found = esri(example(), replaceability=replaceability, engine=engine)
    assert [list(side.round(4)) for side in found] == [list(side) for side in PUBLISHED[replaceability]]


def test_several_firms_one_firm_and_none(engine: Engine) -> None:
    every = esri(example(), replaceability=True, engine=engine)
    some = esri(example(), [4, 1, 4], replaceability=True, engine=engine)
    for all_, picked in zip(every, some, strict=True):
        assert picked.dtype == np.float64
        assert list(picked) == [all_[4], all_[1], all_[4]]
    assert list(esri(example(), 3, replaceability=True, engine=engine).total) == [every.total[3]]
    assert [len(side) for side in esri(example(), [], replaceability=True, engine=engine)] == [0, 0, 0]


# --- the formulas read literally


def literal(network: ProductionNetwork, psi: list[float], replaceability: bool, eps: float) -> tuple[list[float], list[float], int]:
    firms, kinds = range(len(network)), range(len(network.essentiality))
    supply = [[0.0] * len(network) for _ in firms]
    for supplier, customer, weight in zip(network.supplier, network.customer, network.weight, strict=True):
        supply[supplier][customer] += float(weight)
    p = [int(sector) for sector in network.sector]
    market = p if network.market is None else [int(name) for name in network.market]
    out = [sum(row) for row in supply]
    into = [sum(supply[i][j] for i in firms) for j in firms]
    bundle = [[sum(supply[i][j] for i in firms if p[i] == k) for k in kinds] for j in firms]
    ess = [[int(network.essentiality[p[i], p[j]]) for j in firms] for i in firms]
    downstream = [[0.0] * len(network) for _ in firms]
    for i in firms:
        for j in firms:
            if supply[i][j] and ess[i][j]:
                downstream[i][j] = supply[i][j] / (bundle[j][p[i]] if ess[i][j] == 2 else into[j])
    h_d, h_u, rounds = list(psi), list(psi), 0
    while True:
        rounds += 1
        left = [sum(h_d[other] * out[other] for other in firms if market[other] == market[i]) for i in firms]
        sigma = [min(1.0, out[i] / left[i]) if replaceability and left[i] > 0 else 1.0 for i in firms]
        new_d, new_u = [], []
        for j in firms:
            r = [1 - sum(sigma[i] * downstream[i][j] * (1 - h_d[i]) for i in firms if p[i] == k) for k in kinds]
            kind = [int(network.essentiality[k, p[j]]) for k in kinds]
            essential = min([r[k] for k in kinds if kind[k] == 2], default=1.0)
            new_d.append(max(0.0, min(psi[j], essential, 1 - sum(1 - r[k] for k in kinds if kind[k] == 1))))
            demand = sum(supply[j][c] / out[j] * (1 - h_u[c]) for c in firms) if out[j] else 0.0
            new_u.append(max(0.0, min(psi[j], 1 - demand)))
        change = max([abs(a - b) for a, b in zip(h_d + h_u, new_d + new_u, strict=True)], default=0.0)
        h_d, h_u = new_d, new_u
        if change <= eps:
            return h_d, h_u, rounds


@st.composite
def networks(draw: st.DrawFn, acyclic: bool = False) -> ProductionNetwork:
    size, kinds = draw(st.integers(1, 7)), draw(st.integers(1, 3))
    firm, sector = st.integers(0, size - 1), st.integers(0, kinds - 1)
    links = draw(st.lists(st.tuples(firm, firm, st.floats(0.1, 20)), max_size=14))
    if acyclic:  # so that a cascade ends exactly
        links = [(min(i, j), max(i, j), weight) for i, j, weight in links if i != j]
    ess = draw(st.lists(st.lists(st.sampled_from([0, 1, 1, 2, 2]), min_size=kinds, max_size=kinds), min_size=kinds, max_size=kinds))
    return ProductionNetwork(
        supplier=np.array([i for i, _, _ in links], int), customer=np.array([j for _, j, _ in links], int),
        weight=np.array([w for _, _, w in links], float), sector=np.array(draw(st.lists(sector, min_size=size, max_size=size))),
        essentiality=np.array(ess),
        market=draw(st.none() | st.lists(st.integers(0, 4), min_size=size, max_size=size).map(np.array)),
        weights=draw(st.none() | st.lists(st.floats(0.5, 3), min_size=size, max_size=size).map(np.array)),
    )  # fmt: skip


@given(networks(), st.lists(st.floats(0, 1), min_size=7, max_size=7), st.booleans())
def test_a_cascade_is_what_the_formulas_say(network: ProductionNetwork, shock: list[float], replaceability: bool) -> None:
    psi = [round(value, 6) for value in shock[: len(network)]]
    found = cascade(network, psi, replaceability=replaceability, eps=EPS)
    down, up, rounds = literal(network, psi, replaceability, EPS)
    assert found.down == pytest.approx(down, abs=1e-12)
    assert found.up == pytest.approx(up, abs=1e-12)
    assert found.rounds == rounds


@given(network=networks(), replaceability=st.booleans())
def test_the_index_is_what_the_formulas_say(engine: Engine, network: ProductionNetwork, replaceability: bool) -> None:
    found = esri(network, replaceability=replaceability, eps=EPS, engine=engine)
    counts = network.output if network.weights is None else network.weights
    share = counts / (counts.sum() or 1)
    for firm in range(len(network)):
        psi = [0.0 if other == firm else 1.0 for other in range(len(network))]
        down, up, _ = literal(network, psi, replaceability, EPS)
        assert found.total[firm] == pytest.approx(sum(w * (1 - min(d, u)) for w, d, u in zip(share, down, up, strict=True)), abs=1e-12)
        assert found.down[firm] == pytest.approx(sum(w * (1 - d) for w, d in zip(share, down, strict=True)), abs=1e-12)
        assert found.up[firm] == pytest.approx(sum(w * (1 - u) for w, u in zip(share, up, strict=True)), abs=1e-12)


# --- properties


def random_network(firms: int, links: int, seed: int) -> ProductionNetwork:
    draw = np.random.default_rng(seed)
    return ProductionNetwork(
        supplier=draw.integers(0, firms, links, np.int32), customer=draw.integers(0, firms, links, np.int32),
        weight=draw.pareto(1.2, links) + 0.01, sector=draw.integers(0, 9, firms, np.int32),
        essentiality=draw.choice(np.array([0, 1, 2], np.int8), (9, 9), p=[0.2, 0.5, 0.3]),
    )  # fmt: skip


@pytest.mark.parametrize("replaceability", [False, True])
@pytest.mark.parametrize(("firms", "links"), [(300, 1500), (200, 150), (40, 900)])
def test_both_engines_give_the_same_bits(firms: int, links: int, replaceability: bool) -> None:
    optional("numba", "'agikg[fast]'")
    network = random_network(firms, links, seed=firms)
    for eps in (1e-2, 1e-4):
        ours = esri(network, replaceability=replaceability, eps=eps, engine="numpy")
        fast = esri(network, replaceability=replaceability, eps=eps, engine="fast")
        for one, other in zip(ours, fast, strict=True):
            assert np.array_equal(one, other)


@given(networks(), st.booleans())
def test_shares_stay_between_nothing_and_all(network: ProductionNetwork, replaceability: bool) -> None:
    found = esri(network, replaceability=replaceability, eps=EPS, engine="numpy")
    for side in found:
        assert (side >= 0).all()
        assert (side <= 1 + 1e-12).all()
    assert (found.total >= np.maximum(found.down, found.up) - 1e-12).all()
    assert (found.total <= found.down + found.up + 1e-12).all()


@given(networks(acyclic=True), st.lists(st.floats(0, 1), min_size=7, max_size=7), st.integers(0, 6), st.booleans())
def test_a_larger_shock_never_leaves_more(network: ProductionNetwork, shock: list[float], firm: int, replaceability: bool) -> None:
    psi = np.array(shock[: len(network)])
    worse = psi.copy()
    worse[firm % len(network)] = 0.0
    before = cascade(network, psi, replaceability=replaceability, eps=0)
    after = cascade(network, worse, replaceability=replaceability, eps=0)
    assert after.down[firm % len(network)] == after.up[firm % len(network)] == 0.0
    assert (before.down <= psi + 1e-15).all()
    assert (after.down <= before.down + 1e-12).all()
    assert (after.up <= before.up + 1e-12).all()


@given(networks(acyclic=True), st.integers(0, 6))
def test_replacement_never_makes_it_worse(network: ProductionNetwork, firm: int) -> None:
    psi = np.ones(len(network))
    psi[firm % len(network)] = 0.0
    with_, without = (cascade(network, psi, replaceability=flag, eps=0) for flag in (True, False))
    assert (with_.down >= without.down - 1e-12).all()
    assert list(with_.up) == list(without.up)


def test_nothing_happens_without_a_shock() -> None:
    calm = cascade(example(), np.ones(7))
    assert (list(calm.down), list(calm.up), calm.rounds) == ([1.0] * 7, [1.0] * 7, 1)


def test_own_weights_show_what_depends_on_a_firm(engine: Engine) -> None:
    end_product = np.eye(7)[5]
    found = esri(example(), 0, replaceability=False, weights=end_product, engine=engine)
    assert list(found.down) == pytest.approx([1 - cascade(example(), 1 - np.eye(7)[0]).down[5]])
    same = esri(example(weights=end_product * 3), 0, replaceability=False, engine=engine)
    assert list(same.down) == list(found.down)


def test_a_network_without_links_loses_nothing(engine: Engine) -> None:
    empty = example(supplier=np.empty(0, int), customer=np.empty(0, int), weight=np.empty(0))
    assert all((side == 0).all() for side in esri(empty, replaceability=True, engine=engine))
    only = esri(empty, replaceability=True, weights=np.ones(7), engine=engine)
    assert only.total == pytest.approx(np.full(7, 1 / 7))


def test_progress_ends_with_all_firms(engine: Engine) -> None:
    seen: list[tuple[int, int]] = []
    esri(
        random_network(150, 600, seed=3),
        replaceability=False,
        eps=1e-2,
        engine=engine,
        progress=lambda done, all_: seen.append((done, all_)),
    )
    assert seen == sorted(seen)
    assert seen[-1] == (150, 150)


# --- errors

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"weight": np.ones(3)}, "8 suppliers, 8 customers and 3 weights"),
    ({"weight": [1, 1, 1, -2, 1, 1, 1, 1]}, "weight has -2.0, expected amounts above 0"),
    ({"weight": [1, 1, 1, 0, 1, 1, 1, 1]}, "weight has 0.0"),
    ({"weight": [1, 1, 1, np.nan, 1, 1, 1, 1]}, "weight has values that are not finite"),
    ({"weight": [1, 1, 1, np.inf, 1, 1, 1, 1]}, "weight has values that are not finite"),
    ({"weight": ["a"] * 8}, "weight must be numbers"),
    ({"supplier": [0, 6, 0, 1, 1, 2, 3, 9]}, "supplier has 9, expected firms from 0 to 6"),
    ({"customer": [0, 6, 0, 1, 1, 2, 3, -1]}, "customer has -1, expected firms"),
    ({"customer": [0, 6, 0, 1, 1, 2, 3, 0.5]}, "customer must be whole numbers"),
    ({"sector": [1, 2, 2, 3, 3, 5, 1]}, "sector has 5, expected sectors of essentiality from 0 to 4"),
    ({"sector": np.ones((7, 1))}, "sector has 2 dimensions, expected 1"),
    ({"essentiality": np.ones((5, 4))}, "essentiality is 5 x 4, expected a square"),
    ({"essentiality": np.full((5, 5), 3)}, "essentiality has 3, expected kinds from 0 to 2"),
    ({"essentiality": np.full((5, 5), 300)}, "essentiality must be whole numbers that fit int8"),
    ({"market": [0, 1]}, "market must have 7 positions"),
    ({"market": [0, 0, 0, 0, 0, 0, -1]}, "market must have 7 positions, one a firm, none negative"),
    ({"weights": np.ones(2)}, "2 weights for 7 firms"),
    ({"weights": np.zeros(7)}, "weights must not be negative and not all be zero"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_network_that_cannot_be(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        example(**changes)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("psi", "message"),
    [
        (np.ones(6), "6 values of psi for 7 firms"),
        ([1, 1, 1, 1, 1, 1, 1.1], "psi must be shares from 0 to 1"),
        ([1, 1, 1, 1, 1, 1, -0.1], "psi must be shares from 0 to 1"),
        ([1, 1, 1, 1, 1, 1, np.nan], "psi has values that are not finite"),
    ],
)
def test_a_shock_that_cannot_be(psi: list[float], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        cascade(example(), psi)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"firms": [7]}, "firms has 7, expected positions from 0 to 6"),
        ({"firms": -1}, "firms has -1"),
        ({"weights": [1, 1, 1, 1, 1, 1, -1]}, "weights must not be negative"),
        ({"weights": [1, 1]}, "2 weights for 7 firms"),
        ({"eps": -1e-9}, "eps is -1e-09"),
        ({"eps": float("nan")}, "eps is nan"),
        ({"max_rounds": 0}, "max_rounds is 0"),
        ({"engine": "gpu"}, "engine is 'gpu', expected auto, numpy or fast"),
    ],
)
def test_a_question_that_cannot_be(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        esri(example(), replaceability=False, **asked)
    assert message in caught.value.message


def test_a_cascade_that_does_not_settle(engine: Engine) -> None:
    with pytest.raises(LimitHit, match="after 2 rounds"):
        esri(example(), replaceability=False, max_rounds=2, engine=engine)
    with pytest.raises(LimitHit):
        cascade(example(), [0, 1, 1, 1, 1, 1, 1], max_rounds=1)


def test_without_numba(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    monkeypatch.setattr(module, "WORTH_COMPILING", 0)
    with pytest.raises(BadInput) as caught:
        esri(example(), replaceability=False, engine="fast")
    assert caught.value.hint == "pip install 'agikg[fast]'"
    assert len(esri(example(), replaceability=False, engine="auto").total) == 7


def test_auto_takes_the_fast_engine_where_it_repays(monkeypatch: pytest.MonkeyPatch) -> None:
    optional("numba", "'agikg[fast]'")
    from agikg.analysis import esri_fast as fast

    calls: list[int] = []
    run = fast.fast_index

    def counted(*arguments: Any) -> Any:
        calls.append(1)
        return run(*arguments)

    monkeypatch.setattr(fast, "fast_index", counted)
    esri(example(), replaceability=False)
    assert not calls
    monkeypatch.setattr(module, "WORTH_COMPILING", 1)
    esri(example(), replaceability=False)
    assert calls
