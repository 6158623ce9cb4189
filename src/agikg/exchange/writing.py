"""Puts finished bytes where the user wants them: all or nothing. Knows files, not what is in them."""

from __future__ import annotations

import io
import os
import shutil
import stat
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from agikg.durable import replace_file, replace_folder, umask, write_synced
from agikg.errors import BadInput, StoreError

STDOUT = "-"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_file(target: str, data: bytes) -> None:
    """Writes a file beside its place, synced, then renames it; ``-`` is standard output, devices and pipes are written to.

    Raises:
        BadInput: the target is a folder.
        StoreError: it cannot be written; what was there before is untouched.
    """
    if target == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    place = Path(os.path.realpath(target))
    if place.is_dir():
        raise BadInput(f"{target} is a folder", hint="give the name of a file")
    try:
        if place.exists() and not stat.S_ISREG(place.stat().st_mode):
            with place.open("wb") as out:
                out.write(data)
            return
        replace_file(place, data)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}", hint="what was there before is untouched") from None


def write_folder(target: str, files: Mapping[str, bytes], mark: str) -> None:
    """Writes a folder beside its place, then renames it; an older one of the same kind is replaced.

    Args:
        target: the folder.
        files: names and contents.
        mark: name of the file by which an older one is known to be one.

    Raises:
        BadInput: something else is there.
        StoreError: it cannot be written.
    """
    place = Path(os.path.realpath(target))
    if place.exists() and not (place.is_dir() and ((place / mark).is_file() or not any(place.iterdir()))):
        raise BadInput(f"{target} is not an earlier export and not empty", hint="give an empty or new folder")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        try:
            for name, data in files.items():
                write_synced(staging / name, data)
            staging.chmod(0o777 & ~umask())
            replace_folder(staging, place)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror}") from None


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive that is the same for the same contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return out.getvalue()
