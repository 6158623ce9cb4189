"""Writes that are whole or not there at all, and outlast a crash. Knows files, not what is in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def write_synced(file: Path, data: bytes) -> None:
    """Writes a file through to the disk."""
    with file.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def replace_file(place: Path, data: bytes) -> None:
    """Writes a file beside its place, synced, then renames it; an older file keeps its mode.

    Raises:
        OSError: it cannot be written; what was there before is untouched.
    """
    import tempfile

    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0o666 & ~umask()
    # A name may be as long as the system allows, with nothing before or behind it.
    handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}-", dir=place.parent)
    os.close(handle)
    staged = Path(name)
    try:
        write_synced(staged, data)
        staged.chmod(mode)
        staged.replace(place)
        sync_folder(place.parent)
    finally:
        staged.unlink(missing_ok=True)


def replace_folder(staging: Path, place: Path) -> None:
    """Puts a finished folder in its place; an older one is moved away first and then removed."""
    import shutil
    import tempfile

    if not place.exists():
        staging.replace(place)
    else:
        old = Path(tempfile.mkdtemp(prefix=f".{place.name}-old-", dir=place.parent))
        place.replace(old / place.name)
        staging.replace(place)
        shutil.rmtree(old, ignore_errors=True)
    sync_folder(place.parent)


def umask() -> int:
    """The mask of modes in force."""
    found = os.umask(0o022)
    os.umask(found)
    return found


def sync_folder(folder: Path) -> None:
    """Makes a rename in a folder outlast a power cut, where the platform can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
