"""Things that are handed out in turn over clients, so that one client's queue never stands before another's. Knows no HTTP."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, TypeVar

from agikg.errors import Busy

T = TypeVar("T")


class Turns(Generic[T]):
    """A pool with one queue a client; clients are served in turn.

    Args:
        most: how many may wait; more are turned away.
        what: what they wait for, for messages.
    """

    def __init__(self, most: float, what: str) -> None:
        self._free: deque[T] = deque()
        self._queues: dict[str, deque[asyncio.Future[T]]] = {}
        self._waiting = 0
        self._most = most
        self._what = what

    @property
    def waiting(self) -> int:
        """How many wait."""
        return self._waiting

    def give(self, thing: T) -> None:
        """Puts something back, into the hands of the next client if one waits."""
        while self._queues:
            client = next(iter(self._queues))
            queue = self._queues.pop(client)
            waiter = queue.popleft()
            if queue:
                self._queues[client] = queue  # to the end: its next turn comes after everybody else's
            if not waiter.done():
                waiter.set_result(thing)
                return
        self._free.append(thing)

    def take_free(self) -> T | None:
        """Something that is free, or None."""
        return self._free.pop() if self._free else None

    def free(self) -> list[T]:
        """Takes out everything that is free."""
        taken = list(self._free)
        self._free.clear()
        return taken

    async def take(self, client: str, seconds: float) -> T:
        """Waits for something.

        Raises:
            Busy: too many wait, or none came free in time.
        """
        found = self.take_free()
        if found is not None:
            return found
        if self._waiting >= self._most:
            raise Busy(f"too many queries wait for {self._what} already", seconds=1)
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(waiter)
        self._waiting += 1
        try:
            done, _ = await asyncio.wait({waiter}, timeout=seconds)
            if not done:
                raise Busy(f"{self._what} did not come free in {seconds:.0f} s", seconds=2)
            return waiter.result()
        except BaseException:
            if waiter.done() and not waiter.cancelled():
                self.give(waiter.result())
            waiter.cancel()
            raise
        finally:
            self._waiting -= 1
