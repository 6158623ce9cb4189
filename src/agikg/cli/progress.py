"""Progress of long work: one line on standard error, on a terminal only, gone when the work is done."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_PATIENCE = 0.5
"""Seconds before anything is shown: short work shows nothing."""


class Progress:
    """A context in which ``step(done, total)`` shows how far the work is.

    Args:
        what: what is being counted ("denials").
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._begun = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def step(self, done: int, total: int) -> None:
        """Shows the state, if somebody is there to see it."""
        if not sys.stderr.isatty() or time.monotonic() - self._begun < _PATIENCE:
            return
        part = done / total if total else 1.0
        sys.stderr.write(f"\r\x1b[K{done:,} of {total:,} {self._what} ({part:.0%})")
        sys.stderr.flush()
        self._shown = True
