"""Decision trees: their sum, their file, and what a claim has against the best."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.ask.forest import BEHIND, FILE, LEAF, Tree, against_the_best, forest, packed, parsed, planted

NAMES = ("a", "b", "c")
VALUES = st.floats(-4, 4, width=16)
TREES = st.recursive(VALUES, lambda below: st.tuples(st.integers(0, 2), VALUES, below, below), max_leaves=8)


def summed(tree: Tree, found: Mapping[str, float]) -> float:
    """What a tree adds, by the definition."""
    if isinstance(tree, float):
        return tree
    feature, limit, low, high = tree
    return summed(low if found.get(NAMES[feature], 0.0) <= limit else high, found)


@given(st.lists(TREES, max_size=4), st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_trees_add_up_by_their_definition_and_survive_their_file(trees: list[Tree], found: dict[str, float]) -> None:
    made = planted(NAMES, 0.5, trees)
    assert made.log_odds(found) == pytest.approx(0.5 + sum(summed(tree, found) for tree in trees))
    assert parsed(packed(made)) == made


def test_the_trees_of_the_package_are_whole() -> None:
    trees = forest()
    assert packed(trees) == FILE.read_bytes()
    assert set(BEHIND) <= set(trees.names)
    for place, (feature, _, above) in enumerate(trees.nodes):
        assert feature == LEAF or (0 <= feature < len(trees.names) and place + 1 < above < len(trees.nodes))


def test_what_is_behind_the_best() -> None:
    rows = against_the_best([{"coverage": 0.5, "words": -0.2}, {"coverage": 0.75}, {}])
    assert [row.get("coverage behind") for row in rows] == [-0.25, 0.0, None], "nothing is known of the last"
    assert [row.get("words behind") for row in rows] == [0.0, None, None]
    assert against_the_best([]) == []


def test_the_trees_are_as_scikit_learn_grows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np
    import sklearn.ensemble
    from benchmarks.fit import Example, grow, table

    grown: list[sklearn.ensemble.HistGradientBoostingClassifier] = []

    class Kept(sklearn.ensemble.HistGradientBoostingClassifier):  # type: ignore[misc]
        def __init__(self, **settings: object) -> None:
            super().__init__(**settings)
            grown.append(self)

    monkeypatch.setattr(sklearn.ensemble, "HistGradientBoostingClassifier", Kept)
    rng = np.random.default_rng(0)
    data: list[Example] = []
    for _ in range(60):
        rows = [dict(zip(NAMES, map(float, rng.normal(size=3)), strict=True)) for _ in range(10)]
        right = np.array([float(row["a"] > 0.5 and row["b"] < 0.2) for row in rows])
        data.append((bool(right.any()), rows, right, 1.0))
    trees = grow(data, NAMES)
    x, y, _ = table(data, NAMES)
    odds = np.array([trees.log_odds(dict(zip(NAMES, row, strict=True))) for row in x])
    assert odds == pytest.approx(grown[0].decision_function(x), abs=1e-9)
    assert np.mean((odds > 0) == (y > 0)) > 0.95
    assert parsed(packed(trees)).log_odds(dict(zip(NAMES, x[0], strict=True))) == pytest.approx(odds[0], abs=1e-4)
