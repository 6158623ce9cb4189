"""Where known questions and statements point, packed for the search. Knows the table of directions, no search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from agikg.meaning import DIMENSIONS, FULL, RECORD, checksum, table

_AT_ONCE = 2_048
"""Texts worked on together: the memory that it takes."""


def spread(owners: Sequence[int], directions: NDArray[np.int8], most: int) -> list[int]:
    """Of texts in order of their owners, the numbers of those to keep: of each owner the first, then always that which is least like
    those already kept, up to ``most``. O(texts of an owner x most).
    """
    kept: list[int] = []
    for _, group in groupby(range(len(owners)), key=owners.__getitem__):
        numbers = list(group)
        rows = directions[numbers].astype(np.float64)
        chosen, nearest = [0], rows @ rows[0]
        while len(chosen) < min(most, len(numbers)):
            nearest[chosen] = np.inf
            chosen.append(int(nearest.argmin()))
            nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
        kept += sorted(numbers[place] for place in chosen)
    return kept


def middles(owners: Sequence[int], directions: NDArray[np.int8]) -> tuple[list[int], NDArray[np.int8]]:
    """Of texts in order of their owners: the owners, and the direction of the sum of each one's texts, as signed bytes."""
    starts = [place for place, owner in enumerate(owners) if place == 0 or owner != owners[place - 1]]
    sums = np.add.reduceat(directions.astype(np.float64), starts, axis=0) if starts else np.zeros((0, DIMENSIONS))
    return [owners[place] for place in starts], _as_bytes(sums)


def directions_of(texts: Sequence[Iterable[str]]) -> NDArray[np.int8]:
    """By text, given by its tokens, the direction that ``meaning.direction`` gives, as signed bytes; zeros if no token is known."""
    sums, scales, steps = _table()
    known: dict[str, int] = {}
    for token in {token for text in texts for token in text}:
        wanted = checksum(token)
        place = int(np.searchsorted(sums, wanted))
        if place < len(sums) and sums[place] == wanted:
            known[token] = place
    packed = []
    for start in range(0, len(texts), _AT_ONCE):
        chunk = [[known[token] for token in sorted(text) if token in known] for text in texts[start : start + _AT_ONCE]]
        found = np.zeros((len(chunk), DIMENSIONS))
        for row, places in enumerate(chunk):
            if places:
                found[row] = (steps[places] * scales[places, None]).sum(axis=0)
        packed.append(_as_bytes(found))
    return np.concatenate(packed) if packed else np.zeros((0, DIMENSIONS), np.int8)


def _as_bytes(rows: NDArray[np.float64]) -> NDArray[np.int8]:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.rint(FULL * rows / np.where(length > 0, length, 1.0)).astype(np.int8)


def _table() -> tuple[NDArray[np.uint32], NDArray[np.float64], NDArray[np.float64]]:
    data = table()
    count = len(data) // RECORD
    sums = np.frombuffer(data, "<u4", count)
    scales = np.frombuffer(data, "<f4", count, 4 * count).astype(np.float64)
    steps = np.frombuffer(data, np.int8, count * DIMENSIONS, 8 * count).reshape(count, DIMENSIONS).astype(np.float64)
    return sums, scales, steps
