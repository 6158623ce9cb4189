"""A worker that stays: a child process that holds the graph and answers queries one after another, as a server wants them.

``python -m agikg.store.resident`` is the child; who starts it may kill it at any moment. Knows no HTTP, no limits but those it is given.

Over standard input it gets one line of JSON (see ``Setup``), then the N-Quads if it is to hold them in memory, then one order a line;
over standard output it gives one line of JSON and the bytes that line announces, for the setup and for each order.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from agikg.errors import AgikgError, Damaged, ForbiddenQuery
from agikg.store import embedded, guard
from agikg.store.child import limit_memory
from agikg.store.embedded import Dataset, Media, Size, Unacceptable
from agikg.store.worker import PASSED_ON

_ERRORS = {**PASSED_ON, "ForbiddenQuery": ForbiddenQuery, "Unacceptable": Unacceptable}


class Setup(NamedTuple):
    """What a child holds.

    Attributes:
        folder: of a store on disk, or "" for N-Quads that follow.
        length: of these N-Quads in bytes.
        content_hash: ``sha256:...`` of the snapshot.
        quads: how many quads that is.
        union: whether queries without FROM see the union of all named graphs.
        memory: address space it may use, in bytes.
        seconds: after which it ends itself over one order, should nobody else end it.
        check_files: whether to check the files of a store on disk.
    """

    folder: str
    length: int
    content_hash: str
    quads: int
    union: bool
    memory: float
    seconds: float
    check_files: bool = True


class Order(NamedTuple):
    """One query.

    Attributes:
        text: the query, from outside.
        results: media type for the result of SELECT and ASK, "" for none.
        rdf: media type for the result of CONSTRUCT and DESCRIBE, "" for none.
        rows: rows or triples it may have.
        bytes: bytes it may have.
        default: graphs of the dataset, by IRI; None with ``named`` leaves it to the query.
        named: graphs that GRAPH finds.
    """

    text: str
    results: str
    rdf: str
    rows: float
    bytes: float
    default: tuple[str, ...] | None = None
    named: tuple[str, ...] | None = None


class Told(NamedTuple):
    """The line before a child's bytes.

    Attributes:
        length: how many bytes follow.
        media_type: what they are.
        error: name of the error instead, or "".
        message: of the error.
        hint: of the error.
        graphs: names of the graphs it holds (the answer to a setup).
        pid: of the child (the answer to a setup).
        spent: whether the child should not be asked again.
        worked: seconds of processor time that the child has used since it was there.
    """

    length: int = 0
    media_type: str = ""
    error: str = ""
    message: str = ""
    hint: str = ""
    graphs: tuple[str, ...] = ()
    pid: int = 0
    spent: bool = False
    worked: float = 0.0


def line_of(record: Setup | Order | Told) -> bytes:
    """A record as one line."""
    return json.dumps(record._asdict()).encode("ascii") + b"\n"


def error_of(told: Told) -> AgikgError | None:
    """The error that a child tells, as the error it was."""
    return _ERRORS.get(told.error, AgikgError)(told.message, hint=told.hint) if told.error else None


def main() -> None:
    """The child: answers until its input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    opened = open_graph(source, sink)
    if opened is not None:
        setup, store = opened
        answer_all(setup, store, _lines(source), sink)


def open_graph(source: BinaryIO, sink: BinaryIO) -> tuple[Setup, embedded.EmbeddedStore] | None:
    """Reads the setup and opens what it names; None if that failed, which has been told then."""
    setup = Setup(**json.loads(source.readline()))
    limit_memory(setup.memory)
    try:
        return setup, _open(setup, source)
    except AgikgError as error:
        _tell(sink, _failure(error))
        return None


def answer_all(setup: Setup, store: embedded.EmbeddedStore, orders: Iterable[bytes], sink: BinaryIO) -> None:
    """Tells what it holds, then answers order after order until there are no more."""
    graphs = frozenset(store.graph_names())
    if not setup.folder:
        _open_nothing_more()
    _tell(sink, Told(graphs=tuple(sorted(graphs)), pid=os.getpid(), worked=time.process_time()))
    for line in orders:
        order = Order(**json.loads(line))
        with _ending_after(setup.seconds):
            told, body = _answer(store, graphs, order)
        _tell(sink, told._replace(worked=time.process_time()), body)


@contextlib.contextmanager
def _ending_after(seconds: float) -> Iterator[None]:
    """Ends this process should that take longer: a query that nobody waits for any more, whatever the engine is at."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # without a handler, the system itself ends the process
        yield
        signal.setitimer(signal.ITIMER_REAL, 0)
    else:
        faulthandler.dump_traceback_later(seconds, exit=True, file=sys.stderr)
        yield
        faulthandler.cancel_dump_traceback_later()


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Lines as they come; the process ends, even in the midst of a query, when who sends them is gone."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        for line in source:
            lines.put(line)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield lines.get()


def _open(setup: Setup, source: BinaryIO) -> embedded.EmbeddedStore:
    if not setup.folder:
        return embedded.in_memory(source.read(setup.length), setup.content_hash, setup.quads, setup.union)
    store = embedded.on_disk(Path(setup.folder), setup.check_files)
    if store.content_hash != setup.content_hash:
        raise Damaged(f"the store {setup.folder} was replaced while it was served", hint="start the server again")
    return store


def _open_nothing_more() -> None:
    """Takes away the right to open files and sockets: beyond the guard, so that no query can reach out."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on Windows
        import resource

        lowest = os.open(os.devnull, os.O_RDONLY)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, lowest))


def _answer(store: embedded.EmbeddedStore, graphs: frozenset[str], order: Order) -> tuple[Told, bytes]:
    dataset = None
    if order.default is not None or order.named is not None:
        dataset = Dataset(tuple(order.default or ()), tuple(order.named or ()))
    try:
        # What the protocol says goes before FROM, which is then not even looked at.
        guard.check(order.text, graphs.__contains__ if dataset is None else lambda _: True)
        media_type, body = store.write(order.text, Media(order.results, order.rdf), Size(order.rows, order.bytes), dataset)
        return Told(length=len(body), media_type=media_type), body
    except AgikgError as error:
        return _failure(error), b""
    except MemoryError:
        return Told(error="LimitHit", message="the query needs more memory than allowed", hint="narrow it", spent=True), b""


def _failure(error: AgikgError) -> Told:
    return Told(error=type(error).__name__, message=error.message, hint=error.hint)


def _tell(sink: BinaryIO, told: Told, body: bytes = b"") -> None:
    try:
        sink.write(line_of(told) + body)
        sink.flush()
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
