"""Where words point: each has a direction in a space of few dimensions, and texts that mean alike point alike. Knows words, no claims.

The directions are data (``meaning.bin``): ``python -m benchmarks.meaning`` made them from the questions of the graph itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import sqrt
from operator import mul
from pathlib import Path
from zlib import crc32

DIMENSIONS = 64
TABLE = Path(__file__).with_name("meaning.bin")
"""By rising CRC-32 of a token's UTF-8: all checksums (4 bytes each), then all scales (4-byte floats), then all directions (signed
bytes); everything little-endian."""
TABLE_HASH = "sha256:abee24b0225f3a5d370a4483eb59290ca969bc84e4bae2454b89a20c7049ebbe"
"""What the table has to be: a changed one makes compiled snapshots stale, as a changed module does."""
_RECORD = 4 + 4 + DIMENSIONS
FULL = 127
"""The number that a signed byte holds for 1."""


@lru_cache(maxsize=1)
def table() -> bytes:
    """The whole table."""
    return TABLE.read_bytes()


def checksum(token: str) -> int:
    """By what a token is found."""
    return crc32(token.encode("utf-8"))


@lru_cache(maxsize=4_096)
def word(token: str) -> tuple[float, ...] | None:
    """The direction of a token, longer the more it tells; None if it is not in the table. O(log n)."""
    data, wanted = table(), checksum(token)
    count = len(data) // _RECORD
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if int.from_bytes(data[4 * middle : 4 * middle + 4], "little") < wanted:
            low = middle + 1
        else:
            high = middle
    if low == count or int.from_bytes(data[4 * low : 4 * low + 4], "little") != wanted:
        return None
    scale: float = struct.unpack_from("<f", data, 4 * (count + low))[0]
    start = 8 * count + DIMENSIONS * low
    return tuple(scale * step for step in memoryview(data)[start : start + DIMENSIONS].cast("b"))


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
