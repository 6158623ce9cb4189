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
    home = snapshot_home()
    try:
        found = snapshot.open_folder(home / _key(store))
        found.graph(), found.index()
    except StoreError:  # not here, damaged, or compiled by another version
        found = _read(store, home, progress)
    return found, store


def snapshot_home() -> Path:
    """Folder of the cache that holds the snapshots read from endpoints, each by its hash."""
    return settings.cache_home() / "remote"


def _key(store: RemoteStore) -> str:
    return store.content_hash.removeprefix("sha256:")[:32]


def _read(store: RemoteStore, home: Path, progress: Callable[[str], None]) -> snapshot.Snapshot:
    from agikg.projection.compiled import compile_index
    from agikg.store.canonical import canonical_quad
    from agikg.store.syntax import nquads

    progress(f"reading {len(store):,} quads from {store.descriptor}")
    shown = 0

    def step(done: int, total: int) -> None:
        nonlocal shown
        if total > _SHOWN_EVERY and done // _SHOWN_EVERY > shown:
            shown = done // _SHOWN_EVERY
            progress(f"{done:,} of {total:,} quads read")

    quads = [canonical_quad(quad) for quad in store.quads(step)]
    try:
        graph = nquads(quads)
        if snapshot.sha256(graph) != store.content_hash:
            raise Damaged(
                f"what {store.descriptor} holds is not the snapshot it states ({store.content_hash[:19]}...)",
                hint="it was changed after it was loaded, or keeps other values than were loaded; agikg export --to URL loads it anew",
            )
        progress("compiling")
        index = compile_index(quads)
    except (LookupError, TypeError, ValueError) as error:
        raise Damaged(
            f"what {store.descriptor} holds is no graph of this version of agikg ({type(error).__name__}: {error})",
            hint="load it anew with this version: agikg export --to URL",
        ) from None
    found = snapshot.write(home / _key(store), _key(store), graph, index)
    snapshot.set_current(found, int(settings.value("kept_snapshots")))
    return found
