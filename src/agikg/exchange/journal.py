"""What an endpoint has acknowledged of an upload, on disk, so that a killed upload goes on where it was. Knows no endpoint."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from agikg.errors import StoreError


class Journal:
    """Steps of one upload that are done; each is on disk before the next one begins.

    Args:
        file: where it is kept; another upload's journal there is replaced.
        upload: what identifies the upload: nothing is skipped that belongs to another one.
    """

    def __init__(self, file: Path, upload: dict[str, Any]) -> None:
        self._file = file
        lines = _lines(file)
        self._done = {json.dumps(line) for line in lines[1:]} if lines[:1] == [upload] else set()
        try:
            if not self._done:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(upload) + "\n", encoding="utf-8")
        except OSError as error:
            raise _unwritten(file, error) from None

    def __contains__(self, step: list[Any]) -> bool:
        return json.dumps(step) in self._done

    def add(self, step: list[Any]) -> None:
        """Notes that a step is done."""
        try:
            with self._file.open("a", encoding="utf-8") as out:
                out.write("\n" if self._torn() else "")
                out.write(json.dumps(step) + "\n")
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise StoreError(
                f"cannot write {self._file}: {error.strerror}", hint="set AGIKG_HOME to a folder that can be written to"
            ) from None
        self._done.add(json.dumps(step))

    def close(self) -> None:
        """The upload is over: whatever comes next begins anew."""
        self._file.unlink(missing_ok=True)

    def _torn(self) -> bool:
        """Whether the last line was cut by a kill."""
        with self._file.open("rb") as file:
            file.seek(0, os.SEEK_END)
            if file.tell() == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def _unwritten(file: Path, error: OSError) -> StoreError:
    return StoreError(f"cannot write {file}: {error.strerror}", hint="set AGIKG_HOME to a folder that can be written to")


def _lines(file: Path) -> list[Any]:
    found = []
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue  # cut by a kill: that step is sent again
    return found
