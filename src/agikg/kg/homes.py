"""Where snapshots of a data folder lie, which imported sets count, and which of them had to be left out."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from zlib import adler32, crc32

from agikg import imported, resources, settings
from agikg.durable import replace_file
from agikg.errors import InvalidGraph, StoreError
from agikg.imported import ImportedSet

_REFUSED, _SEEN = ".refused", "seen"
_SAME_TIME = 2_000_000_000
"""Nanoseconds within which two changes may bear the same time: the coarsest file system in use counts in two seconds."""


def snapshot_home(root: Path) -> Path:
    """Folder below the cache that holds the snapshots of a data folder."""
    path = str(root.resolve()).encode()  # two folders with one name would only share what each finds by its content
    return settings.cache_home() / f"{crc32(path):08x}{adler32(path):08x}"


def key_of(root: Path, home: Path, sets: Sequence[ImportedSet]) -> tuple[str, str]:
    """The key of the snapshot of a data folder and imported sets, and the hash of the modules that compile it.

    By the contents of all files; from the second time on by their sizes and times, if none was changed so shortly before the
    contents were read that a further change could bear the same time.
    """
    try:
        seen, latest = resources.listing(root)
    except OSError:  # something is being moved about, or cannot be read: the contents decide, and the build says so
        return resources.key(root, sets), resources.compiler()
    seen = "\n".join([seen, *(f"{found.name} {found.content}" for found in sets)])
    note = home / _SEEN
    try:
        key, compiler, told = note.read_text(encoding="utf-8").split("\n", 2)
        if told == seen:
            return key, compiler
    except (OSError, ValueError):
        pass  # nothing noted yet, or not whole
    started = time.time_ns()
    key, compiler = resources.key(root, sets), resources.compiler()
    if latest + _SAME_TIME < started and home.is_dir():
        with contextlib.suppress(OSError):  # the next start reads them again
            replace_file(note, f"{key}\n{compiler}\n{seen}".encode(errors="surrogateescape"))
    return key, compiler


def switched_on(folder: str | None = None) -> tuple[ImportedSet, ...]:
    """The imported sets that reading commands see. A folder that cannot be read has none, and a warning says so."""
    try:
        return tuple(found for found in imported.all_sets(imported.folder_of(folder)) if found.on)
    except StoreError as error:
        print(f"agikg: {error.message}; imported sets are left out", file=sys.stderr, flush=True)
        return ()


def refuse(home: Path, key: str, sets: Sequence[ImportedSet], error: InvalidGraph) -> Collection[str]:
    """Notes which sets break the graph, so that the next start need not find out again; returns their names.

    Those in whose files the problems are; all of them where the problems show elsewhere.
    """
    reasons = {
        found.name: [str(problem) for problem in error.problems if problem.path == found.shown]
        for found in sets
    }  # fmt: skip
    faulty = {name: lines for name, lines in reasons.items() if lines} or {name: list(map(str, error.problems)) for name in reasons}
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / f"{key}{_REFUSED}").write_text(json.dumps(faulty, ensure_ascii=False), encoding="utf-8")
    except OSError:
        pass  # the next start finds out again
    return faulty.keys()


def refused(home: Path, key: str) -> dict[str, list[str]]:
    """Names of the sets that were found to break the graph, with their problems."""
    try:
        found: dict[str, list[str]] = json.loads((home / f"{key}{_REFUSED}").read_text(encoding="utf-8"))
        return found
    except (OSError, ValueError):
        return {}


def forget_refusals() -> None:
    """After a change of the sets: what was found of them need not be so any more."""
    for file in settings.cache_home().glob(f"*/*{_REFUSED}"):
        file.unlink(missing_ok=True)


def to_stderr(message: str) -> None:
    """Progress as a line on standard error."""
    print(f"agikg: {message} ...", file=sys.stderr, flush=True)
