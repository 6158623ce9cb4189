"""A graph in an endpoint, opened: its snapshot is read once, compared with its hash, compiled, and kept by that hash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from agikg import settings, snapshot
from agikg.errors import Damaged, StoreError
from agikg.store.remote import RemoteStore, connect

_SHOWN_EVERY = 10_000


def open_remote(descriptor: str, progress: Callable[[str], None]) -> tuple[snapshot.Snapshot, RemoteStore]:
    """The snapshot that an endpoint states and a store that asks the endpoint.

    Args:
        descriptor: URL of the endpoint.
        progress: told what is being read, should the snapshot not be here yet.

    Raises:
        StoreError: see ``connect``; or what the endpoint holds is not the snapshot it states.
    """
    store = connect(descriptor)
    folder = snapshot_home() / _key(store)
    found = _kept(folder)
    if found is None:
        found = _compiled(_graph(folder, store, progress), folder, store, progress)
    return found, store


def _kept(folder: Path) -> snapshot.Snapshot | None:
    """The snapshot of a folder, if it is there, whole, and compiled by this version."""
    try:
        found = snapshot.open_folder(folder)
        found.index()
    except StoreError:
        return None
    return found


def snapshot_home() -> Path:
    """Folder of the cache that holds the snapshots read from endpoints, each by its hash."""
    return settings.cache_home() / "remote"


def _key(store: RemoteStore) -> str:
    return store.content_hash.removeprefix("sha256:")[:32]


def _graph(folder: Path, store: RemoteStore, progress: Callable[[str], None]) -> bytes:
    """The canonical N-Quads that the endpoint states: kept here by an earlier version, or read from there.

    Raises:
        Damaged: what is there has another hash.
    """
    try:
        kept = (folder / snapshot.GRAPH_FILE).read_bytes()
    except OSError:
        kept = b""
    if snapshot.sha256(kept) == store.content_hash:
        return kept
    progress(f"reading {len(store):,} quads from {store.descriptor}")
    shown = 0

    def step(done: int, total: int) -> None:
        nonlocal shown
        if total > _SHOWN_EVERY and done // _SHOWN_EVERY > shown:
            shown = done // _SHOWN_EVERY
            progress(f"{done:,} of {total:,} quads read")

    try:
        graph = store.canonical(step)
    except ValueError as error:
        raise _foreign(store, error) from None
    if snapshot.sha256(graph) != store.content_hash:
        raise Damaged(
            f"what {store.descriptor} holds is not the snapshot it states ({store.content_hash[:19]}...)",
            hint="it was changed after it was loaded, or keeps other values than were loaded; agikg export --to URL loads it anew",
        )
    return graph


def _compiled(graph: bytes, folder: Path, store: RemoteStore, progress: Callable[[str], None]) -> snapshot.Snapshot:
    from agikg.projection.compiled import compile_index
    from agikg.store.syntax import parse

    progress("compiling")
    try:
        index = compile_index(parse(graph, ".nq"))
    except (LookupError, TypeError, ValueError) as error:
        raise _foreign(store, error) from None
    found = snapshot.write(folder, folder.name, graph, index)
    snapshot.set_current(found, int(settings.value("kept_snapshots")))
    return found


def _foreign(store: RemoteStore, error: Exception) -> Damaged:
    return Damaged(
        f"what {store.descriptor} holds is no graph of this version of agikg ({type(error).__name__}: {error})",
        hint="load it anew with this version: agikg export --to URL",
    )
