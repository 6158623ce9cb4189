"""Oxigraph in this process: in memory, or on disk and read-only.

A finished store on disk never changes. Its sidecar holds the quad count, the content hash and a hash of every
file, checked before the engine sees them: a truncated store otherwise opens as an empty one, without a word.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph

from agikg.durable import replace_folder
from agikg.errors import BadQuery, Damaged, NotFound, StoreError
from agikg.store.guard import has_dataset, tokens
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.syntax import from_engine, term_from_engine
from agikg.store.terms import Quad
from agikg.vocab import PREFIXES

SIDECAR = "agikg-store.json"
_FORMAT = 1


class EmbeddedStore:
    """An Oxigraph store, opened with ``in_memory`` or ``on_disk``."""

    def __init__(self, engine: pyoxigraph.Store, descriptor: str, content_hash: str) -> None:
        self.engine = engine
        self.descriptor = descriptor
        self.content_hash = content_hash

    def query(self, text: str) -> Result:
        """See ``Store.query``. The caller decides what may run: this does not limit time or memory."""
        try:
            # The union switch would override FROM, so it is set only where there is none.
            found = self.engine.query(text, prefixes=PREFIXES, use_default_graph_as_union=not has_dataset(tokens(text)))
            return _result(found)
        except SyntaxError as error:
            raise _unparsed(text, error.msg) from None
        except (ValueError, RuntimeError) as error:
            raise BadQuery(f"the query cannot be run: {error}") from None
        except OSError as error:
            raise StoreError(f"the store {self.descriptor} cannot be read: {error}") from None

    def quads(self) -> Iterator[Quad]:
        """Everything in it."""
        return (from_engine(quad) for quad in self.engine)

    def __len__(self) -> int:
        return len(self.engine)


def _unparsed(text: str, message: str) -> BadQuery:
    """The engine's complaint in one line: where, near what, and what it expected if that is short enough to help."""
    place, _, expected = message.partition(": expected ")
    line, _, column = place.rpartition(" ")[2].partition(":")
    if not (line.isdigit() and column.isdigit()):
        return BadQuery(f"SPARQL does not parse: {' '.join(message.split())}")
    lines = text.splitlines() or [""]
    near = lines[min(int(line), len(lines)) - 1][max(int(column) - 1, 0) :][:30] or "the end"
    wanted = f"; expected {expected}" if expected and len(expected) < 80 else ""
    return BadQuery(f"SPARQL does not parse at line {line}, column {column}, near {near!r}{wanted}")


def _result(found: Any) -> Result:
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Truth(bool(found))
    if isinstance(found, pyoxigraph.QueryTriples):
        return Triples(tuple(from_engine(triple) for triple in found))
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(None if term is None else term_from_engine(term) for term in row) for row in found)
    return Solutions(columns, rows)


def in_memory(nquads: bytes, content_hash: str, quads: int) -> EmbeddedStore:
    """A store in memory, filled from N-Quads.

    Raises:
        Damaged: the text does not parse or holds another number of quads.
    """
    engine = pyoxigraph.Store()
    try:
        engine.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    except (SyntaxError, ValueError) as error:
        raise Damaged(f"the snapshot does not parse: {error}", hint="agikg build makes it anew") from None
    if len(engine) != quads:
        raise Damaged(f"the snapshot holds {len(engine)} quads, {quads} were written", hint="agikg build makes it anew")
    return EmbeddedStore(engine, "mem:", content_hash)


def create_on_disk(folder: Path, nquads: bytes, content_hash: str, quads: int, beside: Callable[[Path], None] | None = None) -> Path:
    """Writes a finished store: built beside its place, then renamed into it.

    Args:
        folder: its place.
        nquads: what it holds.
        content_hash: ``sha256:...`` of that.
        quads: how many quads that is.
        beside: writes what else belongs into the folder, before it appears.

    Raises:
        StoreError: the place is taken by something else, or cannot be written.
    """
    if folder.exists() and not (folder / SIDECAR).is_file() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not an agikg store and not empty", hint="give an empty or new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise StoreError(f"cannot write beside {folder}: {error.strerror}") from None
    try:
        engine = pyoxigraph.Store(str(staging / "oxigraph"))
        engine.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
        engine.flush()
        del engine
        sidecar = {"format": _FORMAT, "content": content_hash, "quads": quads, "files": _file_hashes(staging / "oxigraph")}
        (staging / SIDECAR).write_text(json.dumps(sidecar, indent=1, sort_keys=True), encoding="utf-8")
        if beside is not None:
            beside(staging)
        replace_folder(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def on_disk(folder: Path) -> EmbeddedStore:
    """Opens a finished store, read-only, after its files were checked against the sidecar.

    Raises:
        NotFound: no store there.
        Damaged: a file is missing, changed or new, or the quad count differs.
    """
    try:
        sidecar = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        files, content_hash, quads = dict(sidecar["files"]), str(sidecar["content"]), int(sidecar["quads"])
    except FileNotFoundError:
        raise NotFound(f"{folder} is not an agikg store", hint=f"agikg build --store {folder} makes one") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"its sidecar cannot be read ({error})") from None
    if _file_hashes(folder / "oxigraph") != files:
        raise _damaged(folder, "its files are not those that were written")
    try:
        engine = pyoxigraph.Store.read_only(str(folder / "oxigraph"))
    except OSError as error:
        raise _damaged(folder, str(error)) from None
    if len(engine) != quads:
        raise _damaged(folder, f"it holds {len(engine)} quads, {quads} were written")
    return EmbeddedStore(engine, str(folder), content_hash)


def _damaged(folder: Path, what: str) -> Damaged:
    return Damaged(f"the store {folder} is damaged: {what}", hint=f"agikg build --store {folder} makes it anew")


def _file_hashes(folder: Path) -> dict[str, str]:
    """Hash of every file of the engine but its log and lock, which opening may touch."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir() if folder.is_dir() else [])
        if file.is_file() and not file.name.startswith("LOG") and file.name != "LOCK"
    }
