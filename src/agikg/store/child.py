"""Work in a process of its own, with a deadline and a memory limit. Knows bytes in and out, not what is done."""

from __future__ import annotations

import subprocess
import sys

from agikg.errors import LimitHit


def run_child(module: str, order: bytes, seconds: float, late: LimitHit) -> bytes | None:
    """Runs ``python -m module``, gives it the order and returns what it prints; None if it died or printed nothing.

    Raises:
        LimitHit: ``late``, when it did not end in time.
    """
    command = [sys.executable, "-m", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            answer, _ = child.communicate(order, timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise late from None
        except BaseException:
            child.kill()
            raise
    return answer if child.returncode == 0 and answer else None


def limit_memory(size: float) -> None:
    """Bounds the address space of this process, in bytes, where the platform can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (int(size), int(size)))


def limit_time(seconds: float) -> None:
    """Bounds the processor time of this process: it must not outlive a parent that was killed and can no longer stop it."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
