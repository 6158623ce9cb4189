"""One worker process as the server sees it: started, asked, waited for, killed. Knows pipes, no HTTP, no lanes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping

from agikg.errors import LimitHit, StoreError
from agikg.store.embedded import Written
from agikg.store.resident import Order, Setup, Told, error_of, line_of

_CHILD = (sys.executable, "-m", "agikg.store.resident")
_LINE = 1_048_576
_LESS_URGENT = 10


class Worker:
    """A child that holds the graph. Made by ``started``; one order at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._running: asyncio.Task[Written] | None = None
        self._spent = False
        self.graphs: tuple[str, ...] = ()

    @classmethod
    async def started(cls, setup: Setup, nquads: bytes, environment: Mapping[str, str]) -> Worker:
        """Starts a child and waits until it holds the graph.

        Raises:
            StoreError: it could not be started, or cannot read the graph.
        """
        try:
            # In a session of its own, so that Ctrl-C reaches the server, which then ends its children.
            process = await asyncio.create_subprocess_exec(
                *_CHILD, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE, start_new_session=True, env={**os.environ, **environment}
            )
        except OSError as error:
            raise StoreError(f"no worker process can be started: {error.strerror}") from None
        worker = cls(process)
        try:
            told, _ = await worker._exchange(line_of(setup), nquads)
        except LimitHit:
            raise StoreError("a worker process ended before it held the graph", hint="raise AGIKG_SERVER_WORKER_MEMORY") from None
        except BaseException:
            worker.kill()
            raise
        failure = error_of(told)
        if failure is not None:
            worker.kill()
            raise failure
        worker.graphs = told.graphs
        return worker

    def begin(self, order: Order) -> None:
        """Starts an order; ``ended`` waits for it."""
        self._running = asyncio.create_task(self._run(order))

    async def ended(self, seconds: float) -> Written | None:
        """The result, or None if the order still runs after so many seconds.

        Raises:
            BadQuery, Unacceptable, TooLarge, LimitHit, StoreError: what the child told, or that it died of the query.
        """
        if self._running is None:
            return None
        await asyncio.wait({self._running}, timeout=max(seconds, 0))
        return self._running.result() if self._running.done() else None

    @property
    def fit(self) -> bool:
        """Whether it can take another order."""
        idle = self._running is None or self._running.done()
        return idle and not self._spent and self._process.returncode is None

    def step_back(self) -> None:
        """Lets others go before it, from now on."""
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, _LESS_URGENT)

    def kill(self) -> None:
        """Ends it at once, whatever it does."""
        self._spent = True
        if self._running is not None:
            self._running.cancel()
        if self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                # Not Process.kill: that may collect the child, and asyncio then complains that it is unknown.
                os.kill(self._process.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Waits until the process has ended."""
        await self._process.wait()

    async def _run(self, order: Order) -> Written:
        self._spent = True  # until the exchange is whole
        told, body = await self._exchange(line_of(order))
        self._spent = told.spent
        error = error_of(told)
        if error is not None:
            raise error
        return Written(told.media_type, body)

    async def _exchange(self, *parts: bytes) -> tuple[Told, bytes]:
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None and sink is not None
        try:
            for part in parts:
                sink.write(part)
            await sink.drain()
            told = Told(**json.loads(await source.readuntil(b"\n")))
            return told, await source.readexactly(told.length)
        except (asyncio.IncompleteReadError, ConnectionError):
            self._spent = True
            raise LimitHit("the query was too deep or too large for the engine and was stopped", hint="simplify it") from None
