"""Where words point: each has a direction in a space of few dimensions, and texts that mean alike point alike. Knows words, no claims.

The directions are data (``meaning.bin``): ``python -m benchmarks.meaning`` made them from the questions of the graph itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import sqrt
from mmap import mmap
from operator import mul
from pathlib import Path
from zlib import crc32

from agikg.packed import found_at, mapped

DIMENSIONS = 64
TABLE = Path(__file__).with_name("meaning.bin")
"""By rising CRC-32 of a token's UTF-8: all checksums (4 bytes each), then all scales (4-byte floats), then all directions (signed
bytes); everything little-endian."""
TABLE_HASH = "sha256:adcf124c34389bbadcbcb808b31bec5a009b224e3de08bfa409de97e46ebb3fc"
"""What the table has to be: a changed one makes compiled snapshots stale, as a changed module does."""
RECORD = 4 + 4 + DIMENSIONS
"""Bytes that a token takes."""
FULL = 127
"""The number that a signed byte holds for 1."""


@lru_cache(maxsize=1)
def table() -> mmap:
    """The whole table; mapped, as a question needs a few records of it."""
    return mapped(TABLE)


def checksum(token: str) -> int:
    """By what a token is found."""
    return crc32(token.encode("utf-8"))


@lru_cache(maxsize=4_096)
def word(token: str) -> tuple[float, ...] | None:
    """The direction of a token, longer the more it tells; None if it is not in the table. O(log n)."""
    data = table()
    count = len(data) // RECORD
    place = found_at(data, count, checksum(token))
    if place is None:
        return None
    scale: float = struct.unpack_from("<f", data, 4 * (count + place))[0]
    return tuple(scale * step for step in struct.unpack_from(f"{DIMENSIONS}b", data, 8 * count + DIMENSIONS * place))


def direction(tokens: Iterable[str]) -> tuple[float, ...]:
    """The direction of a text: the sum of those of its tokens, of length 1; empty if none is known."""
    known = [found for token in sorted(tokens) if (found := word(token)) is not None]
    summed = [sum(steps) for steps in zip(*known, strict=True)]
    length = sqrt(sum(map(mul, summed, summed)))
    return tuple(step / length for step in summed) if length else ()


def likest(asked: Sequence[float], packed: bytes) -> float:
    """The most that a direction has in common with any of those packed one behind the other as signed bytes: their cosine."""
    steps = memoryview(packed).cast("b")
    return max((sum(map(mul, asked, steps[at : at + DIMENSIONS])) for at in range(0, len(steps), DIMENSIONS)), default=0.0) / FULL
