"""Named parts in one run of bytes, so that a reader gets at one of them without parsing the others. Knows bytes, not what they mean."""

from __future__ import annotations

import json
import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from mmap import ACCESS_READ, mmap
from pathlib import Path


class Packed(Mapping[str, bytes]):
    """Parts by name, as ``pack`` wrote them: a line of JSON with the length of each, then the parts one behind the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        end = self._data.index(b"\n") + 1
        found: dict[str, tuple[int, int]] = {}
        for name, length in json.loads(self._data[:end]).items():
            found[name] = (end, end := end + length)
        return found

    def __getitem__(self, name: str) -> bytes:
        start, end = self._places[name]
        return self._data[start:end]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


class Lines:
    """Lines by number, each cut out when it is asked for: a start looks at a few of thousands."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._ends = [found.start() for found in re.finditer(b"\n", data)]

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        end = self._ends[number]
        return self._data[self._data.rfind(b"\n", 0, end) + 1 : end]

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))


def pack(parts: Mapping[str, bytes]) -> bytes:
    """All parts as one run of bytes; the same for the same parts in the same order."""
    lengths = json.dumps({name: len(part) for name, part in parts.items()})
    return b"".join([lengths.encode("utf-8"), b"\n", *parts.values()])


def as_json(part: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(part, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def packed_numbers(numbers: Iterable[int]) -> bytes:
    """Whole numbers from 0 to 2**32 - 1, four bytes each, little-endian."""
    return _little(array("I", numbers)).tobytes()


def numbers_of(data: bytes) -> array[int]:
    """The numbers that ``packed_numbers`` wrote."""
    found = array("I")
    found.frombytes(data)
    return _little(found)


def mapped(file: Path) -> mmap:
    """A file's bytes, of which only what is looked at is read."""
    with file.open("rb") as opened:
        return mmap(opened.fileno(), 0, access=ACCESS_READ)


def found_at(data: mmap, count: int, wanted: int) -> int | None:
    """Where a number stands among the first ``count`` ones, four bytes each, little-endian and rising; None if nowhere. O(log n)."""

    def at(place: int) -> int:
        return int.from_bytes(data[4 * place : 4 * place + 4], "little")

    place = bisect_left(range(count), wanted, key=at)
    return place if place < count and at(place) == wanted else None


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
