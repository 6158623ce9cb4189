"""Lanes of worker processes for SPARQL from outside."""

from __future__ import annotations

from agikg.server.limits import Limits
from agikg.store.worker import Place


class Lanes:
    """Worker processes that answer SPARQL."""

    def __init__(self, place: Place, limits: Limits) -> None:
        self._place = place
        self._limits = limits

    async def start(self) -> None:
        """Starts the workers."""

    async def close(self) -> None:
        """Ends the workers."""
