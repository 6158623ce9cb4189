"""Finds the data that comes with agikg: ontology/, graph/ and queries/.

In an installed package they lie in ``agikg/_data``, in a checkout at its top level. Knows paths, no formats.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from agikg.errors import NotFound

FOLDERS = ("ontology", "graph", "queries")
_KEY = 32
"""Digits of a fingerprint that name a snapshot."""
_PACKAGE = Path(__file__).parent
# What the compiled snapshot depends on besides the data: a changed module makes it stale.
_COMPILERS = (
    "build", "store", "projection", "network.py", "likeness.py", "meaning.py", "names.py", "passages.py", "words.py", "thesaurus.txt",
    "vocab.py", "dates.py", "packed.py", "snapshot.py",
)  # fmt: skip


def data_root() -> Path:
    """Folder that holds ``ontology``, ``graph`` and ``queries``.

    ``AGIKG_DATA`` overrides it.

    Raises:
        NotFound: no such folder has all three.
    """
    given = os.environ.get("AGIKG_DATA")
    places = [Path(given).expanduser()] if given else [_PACKAGE / "_data", _PACKAGE.parent.parent]
    for place in places:
        if all((place / folder).is_dir() for folder in FOLDERS):
            return place
    raise NotFound(
        f"no graph data in {' or '.join(str(place) for place in places)}",
        hint="reinstall agikg, or set AGIKG_DATA to a folder with ontology/, graph/ and queries/",
    )


def turtle_files(root: Path) -> list[Path]:
    """Files of ontology and graph, in a fixed order."""
    return [root / name for name in _turtle_names(root)]


def _turtle_names(root: Path) -> list[str]:
    """The same below the root, as texts: there are hundreds, and paths are slow to make and to compare."""
    found: list[str] = []
    cut = len(str(root)) + 1
    for folder in _turtle_folders(root):
        inside = [entry.path[cut:] for entry in _entries([folder], ".ttl")]
        found += sorted(inside, key=lambda name: name.split(os.sep))  # noqa: PTH206 (see above)
    return found


def listing(root: Path) -> tuple[str, int]:
    """What ``fingerprint`` reads, without reading it: a line for each file with its size and times; and the latest of the times.

    A file that is changed, replaced or put back gets another time of change, even if it is given its old date.
    """
    lines, latest = [], 0
    for file in (*_entries(_turtle_folders(root), ".ttl"), *_compiling()):
        found = file.stat()
        lines.append(f"{file.path} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}")
        latest = max(latest, found.st_mtime_ns, found.st_ctime_ns)
    return "\n".join(sorted(lines)), latest


def _turtle_folders(root: Path) -> list[str]:
    return [f"{root}{os.sep}{folder}" for folder in ("ontology", "graph")]


def _entries(folders: list[str], ending: str) -> Iterator[os.DirEntry[str]]:
    """The files below folders, as the system lists them; nothing of a folder that cannot be listed."""
    while folders:
        try:
            found = os.scandir(folders.pop())
        except OSError:
            continue
        with found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                elif entry.name.endswith(ending):
                    yield entry


def _compiling() -> Iterator[os.DirEntry[str]]:
    """The modules of ``_COMPILERS``."""
    with os.scandir(_PACKAGE) as found:
        for entry in found:
            if entry.name in _COMPILERS:
                yield from _entries([entry.path], ".py") if entry.is_dir() else [entry]


class Named(Protocol):
    """Something with a name and a hash of its content."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def content(self) -> str:
        """``sha256:...`` of its content."""


def fingerprint(root: Path, imported: Iterable[Named] = ()) -> str:
    """Hash of everything a snapshot is compiled from: names and contents of the data, imported sets, the compiling modules.

    Reads them all; ``homes.key_of`` spares a start that while nothing has changed.
    """
    import hashlib  # its library takes longer to load than a start has to find that nothing has changed

    digest = hashlib.sha256(compiler().encode())
    for name in _turtle_names(root):
        digest.update(f"{name.replace(os.sep, '/')}\0".encode())
        try:
            with open(f"{root}{os.sep}{name}", "rb", buffering=0) as file:  # noqa: PTH123 (a path for each would take longer than reading)
                digest.update(hashlib.sha256(file.read()).digest())
        except OSError as error:
            # An unreadable file must reach the build, which names it; here it only must not look unchanged.
            digest.update(str(error.errno).encode())
    for found in imported:
        digest.update(f"\0{found.name}\0{found.content}".encode())
    return digest.hexdigest()


def key(root: Path, imported: Iterable[Named] = ()) -> str:
    """The fingerprint as it names a snapshot."""
    return fingerprint(root, imported)[:_KEY]


@lru_cache(maxsize=1)
def compiler() -> str:
    """Hash of the modules that compile: a snapshot made by others may have another layout."""
    import hashlib

    digest = hashlib.sha256()
    for module in sorted(entry.path for entry in _compiling()):
        digest.update(Path(module).read_bytes())
    return digest.hexdigest()[:16]
