"""Cutting results: whatever the result, it gets small enough where that is possible, keeps its shape, and says what is missing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import optional

optional("pydantic")

from agikg.server.tool_bounds import bounded, compact  # noqa: E402

texts = st.sampled_from(["", "a", "中" * 40, "b" * 60])
inner = texts | st.lists(texts, max_size=9) | st.lists(st.dictionaries(texts, texts, max_size=2), max_size=5)
items = st.dictionaries(st.sampled_from(["id", "stops", "claims", "because"]), inner, max_size=3)
lists = st.lists(items, max_size=9) | st.lists(st.lists(items, max_size=3), max_size=4)
results = st.dictionaries(st.sampled_from(["items", "sets", "notes", "label", "paths"]), texts | lists, max_size=4)
several = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@several
@given(results, st.integers(1, 15), st.integers(50, 3000), st.integers(0, 15))
def test_lists_are_cut_from_the_end_and_counted(result: dict[str, Any], limit: int, size: int, offset: int) -> None:
    made = bounded(result, limit, size, "items", offset)
    told = made["truncated"]
    cuts = {} if told is None else {cut["list"]: cut for cut in told["lists"]}
    assert set(made) == {*result, "truncated"}
    for name, value in result.items():
        if isinstance(value, list) and value:
            first = offset if name == "items" else 0
            assert len(made[name]) <= limit
            cut = cuts.get(name)
            assert (cut is None) == (len(made[name]) == len(value))
            if cut is not None:
                assert (cut["first"], cut["shown"], cut["total"]) == (first, len(made[name]), len(value))
            for ours, theirs in zip(made[name], value[first:], strict=False):
                assert _part_of(ours, theirs, top=True)
        else:
            assert made[name] == value
    if told is None:
        assert {name: made[name] for name in result} == result


@several
@given(results, st.integers(1, 15), st.integers(2500, 3000))
def test_the_size_is_kept(result: dict[str, Any], limit: int, size: int) -> None:
    """Whatever can be cut fits below 2,500 bytes here: single texts are short."""
    made = bounded(result, limit, size)
    del made["truncated"]
    assert len(compact(made).encode("utf-8", "surrogatepass")) <= size


def _part_of(ours: Any, theirs: Any, *, top: bool = False) -> bool:
    """Whether a value is another one with lists cut from the end."""
    if isinstance(theirs, dict):
        if ours.keys() != theirs.keys():
            return False
        return all(ours[key] == theirs[key] if key == "because" else _part_of(ours[key], theirs[key]) for key in theirs)
    if isinstance(theirs, list):
        whole = not top or len(ours) == len(theirs)
        return whole and all(_part_of(one, other) for one, other in zip(ours, theirs, strict=False))
    return bool(ours == theirs)


def test_chains_are_never_cut_and_long_texts_are_last() -> None:
    chain = [{"from": "a", "to": "b"}] * 30
    made = bounded({"failed": [{"id": "x", "because": chain}]}, 5, 10_000)
    assert made["failed"][0]["because"] == chain
    assert made["truncated"] is None
    made = bounded({"rows": [["x" * 10_000]], "sparql": "y" * 10_000}, 5, 5_000)
    assert [len(made["rows"][0][0]), len(made["sparql"])] == [2_001, 2_001]
    assert {cut["list"] for cut in made["truncated"]["lists"]} == {"rows", "sparql"}


@pytest.mark.parametrize("offset", [0, 3, 4])
def test_advice_says_where_to_go_on(offset: int) -> None:
    made = bounded({"items": [{"n": n} for n in range(6)]}, 2, 10_000, "items", offset)
    assert [item["n"] for item in made["items"]] == [offset, offset + 1]
    assert ("offset=" in made["truncated"]["advice"]) == (offset < 4)
