"""Writes a file so that either the old one or the new one is there, whole. Knows bytes only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from agikg.errors import BadInput


def replace(file: str | Path, text: str) -> Path:
    """Writes a text as UTF-8, whatever the locale: beside its place, synced, then renamed.

    Raises:
        BadInput: the place cannot be written; what was there is untouched.
    """
    place = Path(file)
    if place.is_dir():
        raise BadInput(f"{place} is a folder", hint="name a file in it")
    # Through a link to the file that it names; a device or pipe cannot be replaced.
    place = place.resolve() if place.is_symlink() else place
    if place.exists() and not place.is_file():
        raise BadInput(f"{place} is not a regular file", hint="name a file that can be replaced")
    staging: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{place.name[:40]}-", suffix=".part", dir=place.parent)
        staging = Path(name)
        with os.fdopen(handle, "wb") as out:
            out.write(text.encode("utf-8", errors="backslashreplace"))
            out.flush()
            os.fsync(out.fileno())
        # A temporary file is private; the page is as readable as any new file.
        staging.chmod(place.stat().st_mode & 0o777 if place.exists() else 0o666 & ~_umask())
        staging.replace(place)
        staging = None
    except OSError as error:
        raise BadInput(f"cannot write {place}: {error.strerror}", hint="choose a folder that exists and can be written") from None
    finally:
        if staging is not None:
            staging.unlink(missing_ok=True)
    return place


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
