"""A process that holds the graph and forks workers off, which share its memory and are there at once. Linux only; knows no queries.

``python -m agikg.store.nursery FD`` reads a setup as ``resident`` does. Over the socket FD it gets commands of eight bytes: ``F`` with
a socket attached forks a worker that talks over that socket; with a process id, ``K`` kills one, ``S`` stops one and ``C`` lets it go on.
When FD ends, all of them do.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import struct
import sys
from typing import NoReturn

from agikg.store import embedded
from agikg.store.resident import Setup, Told, answer_all, line_of, open_graph

COMMAND = struct.Struct("!cxxxI")
"""A letter and a process id."""
_SIGNALS = {b"K": signal.SIGKILL, b"S": signal.SIGSTOP, b"C": signal.SIGCONT}
_REAP_SECONDS = 0.5
_DIE_WITH_PARENT = 1
"""Of prctl(2)."""


def main() -> None:
    """The nursery."""
    control = socket.socket(fileno=int(sys.argv[1]))
    opened = open_graph(sys.stdin.buffer, sys.stdout.buffer)
    if opened is None:
        return
    setup, store = opened
    gc.freeze()  # what is there now is shared with every worker, and the collector would copy it by looking at it
    sys.stdout.buffer.write(line_of(Told(pid=os.getpid())))
    sys.stdout.buffer.flush()
    workers: set[int] = set()
    try:
        while _obey(control, setup, store, workers):
            _reap(workers)
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGKILL)


def _obey(control: socket.socket, setup: Setup, store: embedded.EmbeddedStore, workers: set[int]) -> bool:
    """Waits a while for a command and carries it out; False when there will be no more."""
    if not select.select([control], [], [], _REAP_SECONDS)[0]:
        return True
    # One at a time: a stream may hold the next command already.
    data, files, _, _ = socket.recv_fds(control, COMMAND.size, 1)
    if len(data) < COMMAND.size:
        return False
    letter, pid = COMMAND.unpack(data)
    if letter == b"F" and files:
        _fork(control, files[0], setup, store, workers)
    elif pid in workers:
        # Not collected yet, so the number still is this worker's.
        os.kill(pid, _SIGNALS[letter])
    return True


def _fork(control: socket.socket, file: int, setup: Setup, store: embedded.EmbeddedStore, workers: set[int]) -> None:
    try:
        pid = os.fork()
    except OSError:
        os.close(file)  # whoever waits for the worker sees the end of its stream
        return
    if pid == 0:
        _work(control, file, setup, store)
    os.close(file)
    workers.add(pid)


def _work(control: socket.socket, file: int, setup: Setup, store: embedded.EmbeddedStore) -> NoReturn:
    """The worker's whole life; it must never come back into the nursery's loop."""
    try:
        control.close()
        # One that is stopped would not see that its streams end, should the nursery be killed.
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        # The nursery's pipes have to end with the nursery; 2 leads nowhere.
        os.dup2(2, 0)
        os.dup2(2, 1)
        with socket.socket(fileno=file) as stream, stream.makefile("rb") as source, stream.makefile("wb") as sink:
            # No thread that listens meanwhile: whoever is to end it tells the nursery.
            answer_all(setup, store, source, sink)
    finally:
        os._exit(0)


def _reap(workers: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            workers.discard(pid)


if __name__ == "__main__":
    main()
