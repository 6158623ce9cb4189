"""Evidence of one page: claims numbered in the order in which they are first cited. Knows the catalog, no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agikg.catalog import Catalog
    from agikg.model.facts import Claim


class Evidence:
    """The numbers of a page."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._numbers: dict[str, int] = {}

    def numbers(self, claims: Iterable[str]) -> list[int]:
        """The numbers of some claims; those not yet cited get the next ones."""
        return [self._numbers.setdefault(claim, len(self._numbers) + 1) for claim in dict.fromkeys(claims)]

    def __iter__(self) -> Iterator[tuple[int, Claim]]:
        return ((number, self._catalog.claim_by_id(claim)) for claim, number in self._numbers.items())

    def __len__(self) -> int:
        return len(self._numbers)
