"""The last results, as many as fit. Knows sizes, not what the results are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Results by what was asked; the one asked for longest ago is forgotten first.

    Args:
        most: bytes of all results together; one larger than an eighth of it is not remembered.
    """

    def __init__(self, most: float) -> None:
        self._most = most
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._size = 0

    def get(self, key: K) -> V | None:
        """The result, or None."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: K, result: V, size: int) -> None:
        """Remembers a result of so many bytes."""
        if size > self._most / 8:
            return
        self._size += size - self._kept.pop(key, (result, 0))[1]
        self._kept[key] = result, size
        while self._size > self._most:
            self._size -= self._kept.popitem(last=False)[1][1]
