"""A compiled build on disk: folder layout, sidecar, atomic publishing. Knows files and hashes, not what they mean.

    <cache>/<root id>/current          name of the snapshot last built
    <cache>/<root id>/<key>/graph.nq   all quads, canonical: the content hash is over this file
    <cache>/<root id>/<key>/index.json the compiled facts that every reading command starts from
    <cache>/<root id>/<key>/claims.jsonl  the claims, a line each, read one by one when they are shown
    <cache>/<root id>/<key>/search.bin   what claims are found by, parsed only where something is asked
    <cache>/<root id>/<key>/manifest.json  the sidecar: quad count, content hash, checksums of the others

The key is the fingerprint of the input, so a snapshot is fresh if and only if its folder exists.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zlib import crc32

from agikg.durable import write_synced
from agikg.errors import Damaged, NotFound, StoreError
from agikg.packed import Lines
from agikg.resources import compiler

GRAPH_FILE, INDEX_FILE, CLAIMS_FILE, SEARCH_FILE = "graph.nq", "index.json", "claims.jsonl", "search.bin"
MANIFEST_FILE, CURRENT_FILE = "manifest.json", "current"
_COMPILED = (INDEX_FILE, CLAIMS_FILE, SEARCH_FILE)


@dataclass(frozen=True, eq=False, repr=False)
class Snapshot:
    """A finished, immutable build.

    Attributes:
        folder: where it lies.
        content_hash: ``sha256:...`` of its canonical N-Quads.
        quads: number of quads.
        key: fingerprint of the input it was compiled from.
        sums: checksum of each file that a reading command starts from, by its name.
    """

    folder: Path
    content_hash: str
    quads: int
    key: str
    sums: Mapping[str, str]

    def graph(self) -> bytes:
        """The N-Quads, checked against the sidecar.

        Raises:
            Damaged: they are not what was written.
        """
        return _checked(self.folder / GRAPH_FILE, self.content_hash, sha256)

    def index(self) -> dict[str, Any]:
        """The compiled facts, checked against the sidecar; ``claim_rows`` holds the claims, a line of JSON each, ``search`` what
        they are found by, packed.

        Raises:
            Damaged: they are not what was written.
        """
        return self._index

    @cached_property
    def _index(self) -> dict[str, Any]:
        index, claims, search = (_checked(self.folder / name, self.sums[name], crc) for name in _COMPILED)
        loaded: dict[str, Any] = json.loads(index)
        return {**loaded, "claim_rows": Lines(claims), "search": search}


def sha256(data: bytes) -> str:
    """``sha256:`` and the hex digest."""
    import hashlib  # a start needs none

    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def crc(data: bytes) -> str:
    """``crc32:`` and eight hex digits: what a start reads is checked for damage; a hash takes three times as long."""
    return f"crc32:{crc32(data):08x}"


def _checked(file: Path, expected: str, summed: Callable[[bytes], str]) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _damaged(file.parent, f"{file.name} cannot be read: {error.strerror}") from None
    if summed(data) != expected:
        raise _damaged(file.parent, f"{file.name} is not what was written")
    return data


def _damaged(folder: Path, what: str) -> Damaged:
    return Damaged(f"the snapshot {folder} is damaged: {what}", hint="agikg build makes it anew")


def open_folder(folder: Path, compiled_by: str | None = None) -> Snapshot:
    """Opens a snapshot by its sidecar; ``compiled_by`` is ``resources.compiler()`` where it is known already.

    Raises:
        NotFound: no snapshot there, or one that another version of agikg compiled.
        Damaged: the sidecar cannot be read, or the graph is missing or has another size.
    """
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if manifest["compiler"] != (compiled_by or compiler()):
            raise NotFound(f"{folder} was compiled by another version of agikg", hint="agikg build makes it anew")
        sums = {name: str(manifest["sums"][name]) for name in _COMPILED}
        found = Snapshot(folder, manifest["content"], manifest["quads"], manifest["key"], sums)
        size = (folder / GRAPH_FILE).stat().st_size
    except FileNotFoundError as error:
        if folder.is_dir() and (folder / MANIFEST_FILE).is_file():
            raise _damaged(folder, f"{Path(error.filename).name} is missing") from None
        raise NotFound(f"{folder} is not an agikg snapshot") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"its sidecar cannot be read ({error})") from None
    if size != manifest["bytes"]:
        raise _damaged(folder, f"{GRAPH_FILE} has {size} bytes, {manifest['bytes']} were written")
    return found


def current(home: Path) -> Snapshot | None:
    """The snapshot last published in a home, if it is still whole."""
    try:
        name = (home / CURRENT_FILE).read_text(encoding="utf-8").strip()
        return open_folder(home / name) if name and Path(name).name == name else None
    except (OSError, StoreError):
        return None


def write(folder: Path, key: str, graph: bytes, index: Mapping[str, Any]) -> Snapshot:
    """Writes a snapshot: all files into a folder beside its place, synced, then one rename.

    A process killed on the way leaves only a staging folder; whoever publishes first wins, and the contents are equal.

    Raises:
        StoreError: the place cannot be written.
    """
    import shutil
    import tempfile

    rest = {name: part for name, part in index.items() if name not in ("claim_rows", "search")}
    compiled = {
        INDEX_FILE: json.dumps(rest, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8"),
        CLAIMS_FILE: b"".join(row + b"\n" for row in index["claim_rows"]),
        SEARCH_FILE: index["search"],
    }
    manifest = {
        "compiler": compiler(),
        "key": key,
        "content": sha256(graph),
        "sums": {name: crc(data) for name, data in compiled.items()},
        "quads": graph.count(b"\n"),
        "bytes": len(graph),
    }
    files = {GRAPH_FILE: graph, **compiled, MANIFEST_FILE: json.dumps(manifest, indent=1, sort_keys=True).encode()}
    staging: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=folder.parent))
        for name, data in files.items():
            write_synced(staging / name, data)
        _publish(staging, folder)
    except OSError as error:
        raise StoreError(f"cannot write the snapshot to {folder}: {error.strerror}", hint="set AGIKG_HOME") from None
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
    return open_folder(folder)


def set_current(snapshot: Snapshot, keep: int) -> None:
    """Names a snapshot the current one of its home and removes all but the ``keep`` newest."""
    import shutil
    import tempfile

    home = snapshot.folder.parent
    handle, name = tempfile.mkstemp(prefix=".current-", dir=home)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(snapshot.folder.name)
    Path(name).replace(home / CURRENT_FILE)
    finished = [folder for folder in home.iterdir() if (folder / MANIFEST_FILE).is_file() and not folder.name.startswith(".")]
    finished.sort(key=lambda folder: (folder != snapshot.folder, -folder.stat().st_mtime))
    for old in finished[max(keep, 1) :]:
        shutil.rmtree(old, ignore_errors=True)


def _publish(staging: Path, folder: Path) -> None:
    try:
        staging.replace(folder)
    except OSError:
        # Taken: by an equal build of another process, or by a damaged one that has to go.
        try:
            open_folder(folder).graph(), open_folder(folder).index()
        except StoreError:
            import shutil

            shutil.rmtree(folder)
            staging.replace(folder)
