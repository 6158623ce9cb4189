"""Named parts in one run of bytes."""

from __future__ import annotations

import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.packed import Lines, Packed, found_at, mapped, numbers_of, pack, packed_numbers


@given(st.dictionaries(st.text(max_size=5), st.binary(max_size=20), max_size=6))
def test_parts_come_back_as_they_were(parts: dict[str, bytes]) -> None:
    found = Packed(pack(parts))
    assert dict(found) == parts
    assert len(found) == len(parts) and list(found) == list(parts)


@given(st.lists(st.binary(max_size=6).filter(lambda line: b"\n" not in line), max_size=8))
def test_lines_are_cut_out_by_number(lines: list[bytes]) -> None:
    found = Lines(b"".join(line + b"\n" for line in lines))
    assert len(found) == len(lines) and [found[number] for number in range(len(lines))] == lines == list(found)


def test_a_part_that_is_not_there_is_missing() -> None:
    with pytest.raises(KeyError):
        Packed(pack({"one": b"1"}))["two"]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=20))
def test_numbers_come_back_as_they_were(numbers: list[int]) -> None:
    data = packed_numbers(numbers)
    assert data == b"".join(number.to_bytes(4, "little") for number in numbers)
    assert list(numbers_of(data)) == numbers


def test_numbers_are_little_endian_on_any_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = array("I", [1, 258])
    swapped.byteswap()
    other = "big" if sys.byteorder == "little" else "little"
    monkeypatch.setattr(sys, "byteorder", other)
    assert list(numbers_of(array("I", [1, 258]).tobytes())) == (list(swapped) if other == "big" else [1, 258])


@given(st.sets(st.integers(0, 2**32 - 1), min_size=1, max_size=20), st.integers(0, 2**32 - 1))
def test_a_number_is_found_where_it_stands(tmp_path_factory: pytest.TempPathFactory, numbers: set[int], other: int) -> None:
    rising = sorted(numbers)
    file = tmp_path_factory.getbasetemp() / "rising.bin"
    file.write_bytes(packed_numbers(rising))
    data = mapped(file)
    for wanted in (*rising, other):
        assert found_at(data, len(rising), wanted) == (rising.index(wanted) if wanted in numbers else None)
