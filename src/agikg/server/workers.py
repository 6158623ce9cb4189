"""Worker processes as the server sees them: started, asked, waited for, killed. Knows pipes and sockets, no HTTP, no lanes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

from agikg.errors import LimitHit, StoreError
from agikg.store.embedded import Written
from agikg.store.resident import Order, Setup, Told, error_of, line_of

_LINE = 1_048_576
_LESS_URGENT = 15


async def exchange(source: StreamReader, sink: StreamWriter, *parts: bytes) -> tuple[Told, bytes]:
    """Sends something to a child and reads its answer.

    Raises:
        LimitHit: it ended instead.
    """
    try:
        for part in parts:
            sink.write(part)
        await sink.drain()
        told = Told(**json.loads(await source.readuntil(b"\n")))
        return told, await source.readexactly(told.length)
    except (asyncio.IncompleteReadError, ConnectionError):
        raise LimitHit("the query was too deep or too large for the engine and was stopped", hint="simplify it") from None


class Worker:
    """A child that holds the graph, told so over its streams; one order at a time. Made by a ``Nursery``."""

    def __init__(self, nursery: Nursery, source: StreamReader, sink: StreamWriter, told: Told, process: Process | None = None) -> None:
        self._nursery = nursery
        self._source = source
        self._sink = sink
        self._process = process
        self._running: asyncio.Task[Written] | None = None
        self._spent = False
        self._worked = told.worked
        self._begun = 0.0
        self.pid = told.pid
        self.graphs = told.graphs

    def begin(self, order: Order) -> None:
        """Starts an order; ``ended`` waits for it."""
        self._begun = monotonic()
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
        return idle and not self._spent and not self._source.at_eof()

    @property
    def died(self) -> bool:
        """Whether it ended by itself in the midst of an order."""
        return self._running is not None and self._running.done() and self._source.at_eof()

    def worked(self) -> float:
        """Seconds of processor time that the order has taken so far, to some ten milliseconds; where that cannot be told, seconds."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_bytes().rpartition(b")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") - self._worked
        except (OSError, ValueError, IndexError):
            return monotonic() - self._begun

    def step_back(self) -> None:
        """Lets others go before it, from now on."""
        if hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _LESS_URGENT)

    def rest(self) -> None:
        """Stops its work until ``go_on``; no worker that was started on its own does, as it would outlive a server that is killed."""
        if self._process is None:
            self._nursery.tell(b"S", self.pid)

    def go_on(self) -> None:
        """Lets it work again."""
        if self._process is None:
            self._nursery.tell(b"C", self.pid)

    def kill(self) -> None:
        """Ends it at once, whatever it does."""
        self._spent = True
        if self._running is not None:
            self._running.cancel()
        if self._process is not None:
            _kill(self._process)
        else:
            self._nursery.tell(b"K", self.pid)

    async def gone(self) -> None:
        """Waits until the process has ended and its streams are closed."""
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)
        self._sink.close()
        await _to_the_end(self._source)
        if self._process is not None:
            await self._process.wait()

    async def _run(self, order: Order) -> Written:
        self._spent = True  # until the exchange is whole
        told, body = await exchange(self._source, self._sink, line_of(order))
        self._spent = told.spent
        self._worked = told.worked
        error = error_of(told)
        if error is not None:
            raise error
        return Written(told.media_type, body)


class Nursery:
    """Where workers come from: forked off a process that holds the graph, or each started on its own where that cannot be.

    A store on disk is opened by each worker for itself, because its engine has threads, which a fork would lose.

    Args:
        setup: what workers hold.
        nquads: the graph, unless it is a store on disk.
        environment: variables that workers see besides those of this process.
        forks: None decides by the system.
    """

    def __init__(self, setup: Setup, nquads: bytes, environment: Mapping[str, str], forks: bool | None = None) -> None:
        self._setup = setup
        self._nquads = nquads
        self._environment = environment
        self._forks = (sys.platform == "linux" and not setup.folder) if forks is None else forks
        self._mother: Process | None = None
        self._control: socket.socket | None = None
        self._opening = asyncio.Lock()

    async def worker(self) -> Worker:
        """A new worker.

        Raises:
            StoreError: it could not be started, or cannot read the graph.
        """
        if not self._forks:
            process, told = await self._started("agikg.store.resident")
            self._setup = self._setup._replace(check_files=False)  # its files never change
            return Worker(self, *_pipes(process), told, process)
        for _ in range(2):  # the process that forks may have died since it was last asked
            control = await self._opened()
            ours, theirs = socket.socketpair()
            with theirs:
                try:
                    socket.send_fds(control, [_command(b"F", 0)], [theirs.fileno()])
                except OSError:
                    ours.close()
                    await self._lost()
                    continue
            source, sink = await asyncio.open_connection(sock=ours, limit=_LINE)
            try:
                told, _ = await exchange(source, sink)
                return Worker(self, source, sink, told)
            except LimitHit:
                sink.close()
                await self._lost()
            except BaseException:
                sink.close()
                raise
        raise StoreError("worker processes cannot be started", hint="the machine may be out of memory")

    def tell(self, letter: bytes, pid: int) -> None:
        """Kills (``K``), stops (``S``) or lets go on (``C``) a worker that was forked off; if its mother is gone, so is it."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.sendall(_command(letter, pid))

    async def close(self) -> None:
        """Ends the process that forks, and with it every worker that it forked off."""
        await self._lost()

    async def _opened(self) -> socket.socket:
        """The way to the process that forks, which is started if it is not there."""
        async with self._opening:
            if self._control is None:
                ours, theirs = socket.socketpair()
                with theirs:
                    try:
                        self._mother, _ = await self._started("agikg.store.nursery", theirs)
                    except BaseException:
                        ours.close()
                        raise
                self._control = ours
            return self._control

    async def _lost(self) -> None:
        async with self._opening:
            control, mother = self._control, self._mother
            self._control = self._mother = None
            if control is not None:
                control.close()
            if mother is not None:
                await _ended(mother)

    async def _started(self, module: str, handed_on: socket.socket | None = None) -> tuple[Process, Told]:
        """Starts a child and waits until it holds the graph."""
        numbers = () if handed_on is None else (handed_on.fileno(),)
        try:
            # In a session of its own, so that Ctrl-C reaches the server, which then ends its children.
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", module, *map(str, numbers), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE,
                start_new_session=True, pass_fds=numbers, env={**os.environ, **self._environment},
            )  # fmt: skip
        except OSError as error:
            raise StoreError(f"no worker process can be started: {error.strerror}") from None
        try:
            told, _ = await exchange(*_pipes(process), line_of(self._setup), self._nquads)
            failure = error_of(told)
            if failure is not None:
                raise failure
            return process, told
        except BaseException as error:
            _kill(process)
            await _ended(process)
            if isinstance(error, LimitHit):
                told_why = "a worker process ended before it held the graph"
                raise StoreError(told_why, hint="raise AGIKG_SERVER_WORKER_MEMORY") from None
            raise


def _command(letter: bytes, pid: int) -> bytes:
    from agikg.store.nursery import COMMAND

    return COMMAND.pack(letter, pid)


def _pipes(process: Process) -> tuple[StreamReader, StreamWriter]:
    source, sink = process.stdout, process.stdin
    assert source is not None  # both are pipes, as asked for
    assert sink is not None
    return source, sink


def _kill(process: Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            # Not Process.kill: that may collect the child, and asyncio then complains that it is unknown.
            os.kill(process.pid, signal.SIGKILL)


async def _ended(process: Process) -> None:
    source, sink = _pipes(process)
    sink.close()
    await _to_the_end(source)
    await process.wait()


async def _to_the_end(source: StreamReader) -> None:
    """A stream that is not read to its end stays open."""
    with contextlib.suppress(ConnectionError):
        while await source.read(_LINE):
            pass
