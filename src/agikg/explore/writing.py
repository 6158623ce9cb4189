"""Writes a file so that either the old one or the new one is there, whole. Knows text only."""

from __future__ import annotations

from pathlib import Path

from agikg.durable import replace_file
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
    try:
        replace_file(place, text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise BadInput(f"cannot write {place}: {error.strerror}", hint="choose a folder that exists and can be written") from None
    return place
