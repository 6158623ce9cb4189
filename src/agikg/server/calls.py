"""Library calls in threads, so that none holds up the event loop. Knows no HTTP and no graph."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from agikg.errors import Busy, OutOfTime
from agikg.server.limits import Limits

P = ParamSpec("P")
R = TypeVar("R")


class Calls:
    """A bounded pool of threads with a bounded queue before it."""

    def __init__(self, limits: Limits) -> None:
        self._threads = ThreadPoolExecutor(int(limits.call_threads), thread_name_prefix="agikg-call")
        self._most = int(limits.call_threads + limits.waiting_calls)
        self._seconds = limits.call_seconds
        self._open = 0

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a call and gives what it gives; what it raises goes through.

        Raises:
            Busy: too many calls wait already.
            OutOfTime: it took longer than ``call_seconds``. Its thread is free again only when the call has ended.
        """
        if self._open >= self._most:
            raise Busy("too many requests wait for an answer already", seconds=1)
        self._open += 1
        started = asyncio.get_running_loop().run_in_executor(self._threads, lambda: function(*args, **kwargs))
        started.add_done_callback(self._ended)
        try:
            return await asyncio.wait_for(asyncio.shield(started), self._seconds)
        except TimeoutError:
            raise OutOfTime(f"the answer took longer than {self._seconds:g} s", hint="ask for less at once") from None

    def _ended(self, call: asyncio.Future[Any]) -> None:
        self._open -= 1
        if not call.cancelled():
            call.exception()  # looked at, so that nobody is told it was not: the asker may have left

    def close(self) -> None:
        """Lets running calls end and starts no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
