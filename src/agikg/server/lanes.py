"""Lanes of worker processes for SPARQL from outside. Knows queries as orders, no HTTP.

Every query begins in the fast lane, in one of a few warm workers. One that does not end there in a moment steps aside: it goes on
with less priority, and another worker takes its place at once, so that queries that do end in a moment need not wait for it; while
others wait, it works a part of the time only. From there it goes on in the slow lane with the rest of its time, if there is room; when
it must wait for room, its worker is killed and it begins anew later. A worker that stepped aside, overran, died or was given up is
never used again. The graph does not change while it is served, so results are remembered.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from time import monotonic

from agikg import settings
from agikg.errors import OutOfTime, StoreError
from agikg.server.budget import Budgets, OverBudget
from agikg.server.limits import Limits
from agikg.server.remembered import Remembered
from agikg.server.turns import Turns
from agikg.server.workers import Nursery, Worker
from agikg.store.embedded import Written
from agikg.store.resident import Order, Setup
from agikg.store.worker import Place

_SPARE_SECONDS = 5
_PATIENCE = 4
_REMEMBERED = 1_000
_BETWEEN_TRIES = 0.5
_WORK_SECONDS, _REST_SECONDS = 0.02, 0.08
"""How long a query that stepped back works and rests in turn while others wait."""
_BESIDES = 500
"""Bytes that a result takes besides itself and its query."""
_CHANGING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\s*\(", re.IGNORECASE)
"""What makes a query that has another result each time."""


class Overruns:
    """Remembers orders that overran the fast lane the last two times, or killed a worker, so that they do not cost a warm worker again."""

    def __init__(self) -> None:
        self._times: OrderedDict[Order, int] = OrderedDict()

    def expected(self, order: Order) -> bool:
        """Whether the order will overrun."""
        return self._times.get(order, 0) >= 2

    def note(self, order: Order, times: int = 1) -> None:
        """It overran."""
        self._times[order] = self._times.get(order, 0) + times
        self._times.move_to_end(order)
        if len(self._times) > _REMEMBERED:
            self._times.popitem(last=False)

    def forget(self, order: Order) -> None:
        """It did not."""
        self._times.pop(order, None)


class Lanes:
    """Worker processes that answer SPARQL, for one event loop.

    Args:
        place: the graph.
        limits: how many workers, how long, how large.
        union: whether queries without FROM see the union of all named graphs.
        forks: whether workers are forked off one process; None decides by the system.
        clock: seconds that only grow.
    """

    def __init__(
        self, place: Place, limits: Limits, *, union: bool = True, forks: bool | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        on_disk = place.path.is_dir()
        # Kept here, so that a child can be started when the snapshot's folder is long gone.
        nquads = b"" if on_disk else place.path.read_bytes()
        setup = Setup(
            str(place.path) if on_disk else "", len(nquads), place.content_hash, place.quads, union,
            limits.server_worker_memory, limits.query_seconds + _SPARE_SECONDS,
        )  # fmt: skip
        # What the child's guard keeps to.
        environment = settings.environment({"query_bytes": limits.query_bytes, "query_nesting": limits.query_nesting})
        self._nursery = Nursery(setup, nquads, environment, forks)
        self._limits = limits
        self._clock = clock
        self._fast: Turns[Worker] = Turns(limits.waiting_queries, "a worker")
        self._slots: Turns[object] = Turns(limits.slow_workers * 8, "the slow lane")
        self._overruns = Overruns()
        self._results: Remembered[Order, Written] = Remembered(limits.remembered_bytes)
        self._budgets = Budgets(limits.client_seconds, clock)
        self._workers: set[Worker] = set()
        self._behind: set[Worker] = set()
        self._pace: asyncio.Task[None] | None = None
        self._aside: dict[Worker, asyncio.Future[Written | None]] = {}
        self._starting: set[asyncio.Task[None]] = set()
        self._leaving: set[asyncio.Task[None]] = set()
        self._closed = False
        self.graphs: frozenset[str] = frozenset()
        """IRIs of the named graphs, known after ``start``."""

    async def start(self) -> None:
        """Starts the fast lane.

        Raises:
            StoreError: no worker can be started, or the graph cannot be read.
        """
        begun = await asyncio.gather(*(self._new() for _ in range(int(self._limits.fast_workers))), return_exceptions=True)
        for worker in begun:
            if isinstance(worker, BaseException):
                raise worker
            self.graphs = frozenset(worker.graphs)
            self._fast.give(worker)
        for _ in range(int(self._limits.slow_workers)):
            self._slots.give(object())
        self._pace = asyncio.create_task(self._give_way())

    async def close(self) -> None:
        """Kills every worker and waits until they are gone."""
        self._closed = True
        if self._pace is not None:
            self._pace.cancel()
        for task in self._starting:
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._workers:
            worker.kill()
        await asyncio.gather(*(worker.gone() for worker in self._workers), *self._leaving)
        await self._nursery.close()

    async def run(self, order: Order, client: str) -> Written:
        """Runs an order, or gives the result that is remembered of it; whoever cancels this stops the query too.

        Args:
            order: a query, as it came.
            client: whose budget it is.

        Raises:
            ForbiddenQuery: it writes or reaches out.
            BadQuery: it does not parse or cannot be run.
            Unacceptable: none of the media types fits its result.
            TooLarge: its result is larger than it may be.
            OutOfTime: it was stopped after ``query_seconds``.
            OverBudget: its client has used up its seconds, and the query does not end in the fast lane.
            Busy: there is too much to do.
            LimitHit: it needs too much memory, or is too deep for the engine.
        """
        result = self._results.get(order)
        if result is None:
            result = await self._run(order, client)
            if not _CHANGING.search(order.text):
                self._results.put(order, result, len(result.body) + len(order.text) + _BESIDES)
        return result

    async def _run(self, order: Order, client: str) -> Written:
        deadline = self._clock() + self._limits.query_seconds
        worker = None
        if not self._overruns.expected(order):
            result, worker = await self._in_fast_lane(order, client, deadline)
            if result is not None:
                return result
        return await self._in_slow_lane(order, client, deadline, worker)

    async def _in_fast_lane(self, order: Order, client: str, deadline: float) -> tuple[Written | None, Worker | None]:
        """The result; or the worker that is still at it and has a place in the slow lane; or neither."""
        worker = await self._warm(client, deadline)
        begun = self._clock()
        aside = promoted = False
        try:
            worker.begin(order)
            result = await self._within(self._limits.prompt_seconds, worker, min(deadline, begun + self._limits.fast_seconds), wanted=True)
            if result is None:
                if self._fast.waiting and worker.worked() >= self._limits.prompt_seconds:
                    self._keep_to_budget(order, client)
                aside = True
                self._replace()
                result = await self._beside(worker, min(deadline, begun + _PATIENCE * self._limits.fast_seconds))
            if result is not None:
                self._overruns.forget(order)
                return result, None
            self._overruns.note(order)
            self._budgets.check(client)
            self._budgets.spend(client, self._limits.fast_seconds)
            promoted = self._slots.take_free() is not None
            return None, worker if promoted else None
        finally:
            if worker.died:
                # It would kill the next one too.
                self._overruns.note(order, 2)
            if worker.fit and not aside:
                self._fast.give(worker)
            else:
                if not promoted:
                    self._retire(worker)
                if not aside:
                    self._replace()

    def _keep_to_budget(self, order: Order, client: str) -> None:
        """Gives up an order that takes a while, of a client that has used up its seconds."""
        try:
            self._budgets.check(client)
        except OverBudget:
            self._overruns.note(order)
            raise

    async def _within(self, seconds: float, worker: Worker, until: float, *, wanted: bool = False) -> Written | None:
        """The result if it comes while the worker has not worked longer (on a busy machine, it cannot always work).

        With ``wanted``, it goes on longer as long as nobody waits for a worker.
        """
        while (result := await worker.ended(min(seconds, until - self._clock()))) is None:
            over = worker.worked() >= (self._limits.fast_seconds if wanted and not self._fast.waiting else seconds)
            if over or self._clock() >= until:
                return None
        return result

    async def _beside(self, worker: Worker, until: float) -> Written | None:
        """The result if it comes in the rest of the time of the fast lane; those longest aside make room for others."""
        self._step_back(worker)
        if len(self._aside) >= self._limits.fast_workers:
            self._aside.pop(next(iter(self._aside))).cancel()
        self._aside[worker] = going_on = asyncio.ensure_future(self._within(self._limits.fast_seconds, worker, until))
        try:
            await asyncio.wait({going_on})
            return None if going_on.cancelled() else going_on.result()
        finally:
            going_on.cancel()
            self._aside.pop(worker, None)

    async def _warm(self, client: str, deadline: float) -> Worker:
        """A worker of the fast lane that is still alive: the system may have killed one while it was idle."""
        while not (worker := await self._fast.take(client, deadline - self._clock())).fit:
            self._retire(worker)
            self._replace()
        return worker

    async def _in_slow_lane(self, order: Order, client: str, deadline: float, worker: Worker | None) -> Written:
        """Goes on with a worker that has a place already, or waits for a place and begins anew."""
        if worker is None:
            self._budgets.check(client)
            await self._slots.take(client, deadline - self._clock())
        started = self._clock()
        try:
            if worker is None:
                worker = await self._new()
                worker.begin(order)
            self._step_back(worker)
            result = await worker.ended(deadline - self._clock())
            if result is None:
                raise OutOfTime(f"the query ran longer than {self._limits.query_seconds:g} s and was stopped", hint="narrow it")
            if self._clock() - started < self._limits.fast_seconds:
                self._overruns.forget(order)
            return result
        finally:
            self._budgets.spend(client, self._clock() - started)
            if worker is not None:
                self._retire(worker)
            self._slots.give(object())

    async def _new(self) -> Worker:
        worker = await self._nursery.worker()
        self._workers.add(worker)
        return worker

    def _step_back(self, worker: Worker) -> None:
        worker.step_back()
        self._behind.add(worker)

    async def _give_way(self) -> None:
        """While queries wait, lets those that stepped back work a part of the time only: not every system heeds priorities."""
        while True:
            await asyncio.sleep(_WORK_SECONDS)
            resting = set(self._behind) if self._fast.waiting else set()
            for worker in resting:
                worker.rest()
            await asyncio.sleep(_REST_SECONDS)
            for worker in resting:
                worker.go_on()

    def _retire(self, worker: Worker) -> None:
        self._behind.discard(worker)
        worker.kill()
        self._workers.discard(worker)
        self._keep(worker.gone(), self._leaving)

    def _replace(self) -> None:
        if not self._closed:
            self._keep(self._refill(), self._starting)

    def _keep(self, work: Coroutine[None, None, None], among: set[asyncio.Task[None]]) -> None:
        """Runs something on the side; asyncio forgets tasks that nobody holds."""
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    async def _refill(self) -> None:
        """Puts a new worker into the fast lane, however often it takes."""
        while not self._closed:
            with contextlib.suppress(StoreError):
                self._fast.give(await self._new())
                return
            await asyncio.sleep(_BETWEEN_TRIES)
