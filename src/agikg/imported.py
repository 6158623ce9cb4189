"""The user's imported sets on disk: which there are, on or off, whole. Knows files and hashes, not what is in them.

    <imports>/NAME.json              the record of a set: the set exists if and only if this file does
    <imports>/data/NAME-<hash>.ttl   what it states; written before the record, never changed

Whatever happens on the way, a record and what it names are whole: the record comes last, by one rename.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from agikg import settings
from agikg.durable import replace_file, sync_folder
from agikg.errors import BadInput, Damaged, StoreError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DATA, _LOCK = "data", ".lock"
_ORPHAN_SECONDS = 3600
_LOCK_SECONDS = 60


class ImportedSet(NamedTuple):
    """A set of imported statements.

    Attributes:
        name: what the user calls it.
        on: whether reading commands see it.
        content: ``sha256:...`` of its Turtle.
        file: the Turtle.
        about: what it was made from and holds: ``origin``, ``format``, ``claims``, ``entities``, ``sources``, ``non_commercial``.
    """

    name: str
    on: bool
    content: str
    file: Path
    about: Mapping[str, Any]

    @property
    def shown(self) -> str:
        """How problems name its file."""
        return f"imported/{self.name}.ttl"

    def data(self) -> bytes:
        """Its Turtle, checked against its record.

        Raises:
            Damaged: it is not what was imported.
        """
        try:
            data = self.file.read_bytes()
        except OSError as error:
            raise Damaged(f"the imported set {self.name!r} cannot be read: {error.strerror}", hint="import its file again") from None
        if hash_of(data) != self.content:
            raise Damaged(f"the imported set {self.name!r} is damaged: its file is not what was imported", hint="import its file again")
        return data


def folder_of(given: str | None = None) -> Path:
    """Folder of imported sets: the one given, else the user's own."""
    return Path(given).expanduser() if given else settings.imports_home()


def all_sets(folder: Path) -> tuple[ImportedSet, ...]:
    """All sets of a folder, by name.

    Raises:
        StoreError: the folder cannot be read.
        Damaged: a record cannot be read.
    """
    try:
        records = sorted(folder.glob("[a-z0-9]*.json"))
    except OSError as error:
        raise StoreError(f"cannot read the imports in {folder}: {error.strerror}") from None
    return tuple(_read(record) for record in records)


def _read(record: Path) -> ImportedSet:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
        content = str(found["content"])
        return ImportedSet(record.stem, bool(found["on"]), content, _file(record.parent, record.stem, content), dict(found["about"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"the record {record} cannot be read ({error})", hint="import the file again, with --replace") from None


def put(folder: Path, name: str, data: bytes, about: Mapping[str, Any], *, on: bool = True) -> ImportedSet:
    """Writes a set, or puts it in the place of an older one, all or nothing.

    Raises:
        StoreError: it cannot be written.
    """
    content = hash_of(data)
    file = _file(folder, name, content)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, data)
        _write_record(folder, ImportedSet(name, on, content, file, about))
        _sweep(folder)
    except OSError as error:
        raise StoreError(f"cannot write the import to {folder}: {error.strerror}", hint="nothing was imported") from None
    return ImportedSet(name, on, content, file, about)


def switch(folder: Path, found: ImportedSet, on: bool) -> ImportedSet:
    """Switches a set on or off."""
    changed = found._replace(on=on)
    try:
        _write_record(folder, changed)
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {error.strerror}", hint="nothing was changed") from None
    return changed


def remove(folder: Path, name: str) -> None:
    """Takes a set away: first its record, then what it named."""
    try:
        (folder / f"{name}.json").unlink(missing_ok=True)
        sync_folder(folder)
        _sweep(folder)
    except OSError as error:
        raise StoreError(f"cannot remove {name} from {folder}: {error.strerror}") from None


def check_name(name: str) -> str:
    """The name, if a set can be called so.

    Raises:
        BadInput: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(f"a set cannot be called {name!r}", hint="small letters, digits and hyphens, at most 64: --name my-claims")
    return name


def name_for(file: str) -> str:
    """A name for the set made from a file."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(file).name.partition(".")[0].casefold()).strip("-")[:64].strip("-")
    return stem or "imported"


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keeps other processes from changing the sets meanwhile, where the platform can.

    Raises:
        StoreError: another process does not let go, or the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / _LOCK).open("a") as handle:
            _acquire(handle.fileno(), folder)
            yield
    except OSError as error:
        raise StoreError(
            f"cannot write to {folder}: {error.strerror}", hint="give another folder: --into FOLDER, or AGIKG_IMPORTS"
        ) from None


def _acquire(handle: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # not on Windows
        return
    given_up = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > given_up:
                raise StoreError(f"another import into {folder} does not end", hint="try again when it is done") from None
            time.sleep(0.05)


def _write_record(folder: Path, found: ImportedSet) -> None:
    record = {"content": found.content, "on": found.on, "about": dict(found.about)}
    replace_file(folder / f"{found.name}.json", (json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8"))


def _file(folder: Path, name: str, content: str) -> Path:
    return folder / _DATA / f"{name}-{content.removeprefix('sha256:')[:16]}.ttl"


def _sweep(folder: Path) -> None:
    """Removes what no record names: older states at once, what a killed process left behind after an hour."""
    named = {found.file.name for found in all_sets(folder)}
    for file in [*(folder / _DATA).iterdir(), *folder.glob(".*.json-*")]:
        if file.name in named:
            continue
        staged = file.name.startswith(".")
        if not staged or time.time() - file.stat().st_mtime > _ORPHAN_SECONDS:
            file.unlink(missing_ok=True)


def hash_of(data: bytes) -> str:
    """``sha256:...`` of the Turtle of a set."""
    import hashlib

    return f"sha256:{hashlib.sha256(data).hexdigest()}"
