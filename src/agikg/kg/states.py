"""States of the graph that can be compared: snapshots by hash, data folders, stores, files; composition only."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from agikg import resources, settings, snapshot, vocab
from agikg.errors import BadInput, InvalidGraph, NotFound, StoreError

if TYPE_CHECKING:
    from agikg.exchange.difference import State
    from agikg.model.exchange import Difference

CURRENT = "current"
_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{6,64})")


def diff(old: str, new: str = CURRENT, *, imports: bool = True) -> Difference:
    """How two states of the graph differ: records added, changed and removed, with the fields that changed.

    Args:
        old: the hash of a snapshot in the cache (or its beginning), a file that ``export`` wrote, a folder with ontology/ and
            graph/, a store on disk, or ``current``: the graph as it is now.
        new: the same.
        imports: whether imported sets are part of ``current``.

    Raises:
        NotFound: nothing there.
        BadInput: a hash that fits more than one snapshot.
        InvalidGraph: a file that does not parse.
    """
    from agikg.exchange.difference import compare

    return compare(_state(old, imports), _state(new, imports), (old, new))


def _state(text: str, imports: bool) -> State:
    place = Path(text).expanduser()
    if text == CURRENT:
        from agikg.kg.graph import KnowledgeGraph

        return _of_snapshot(snapshot.open_folder(KnowledgeGraph.open(imports=imports).folder))
    if place.is_dir():
        return _of_folder(place, text)
    if place.exists():
        return _of_file(text)
    match = _HASH.fullmatch(text)
    if match is None:
        raise NotFound(f"there is no file or snapshot {text!r}", hint=f"give a hash that answers print, a file, a folder, or {CURRENT}")
    return _of_snapshot(_kept(match[1], text))


def _kept(digits: str, text: str) -> snapshot.Snapshot:
    """The snapshot in the cache whose hash begins so."""
    found: dict[str, snapshot.Snapshot] = {}
    for folder in settings.cache_home().glob(f"*/*/{snapshot.MANIFEST_FILE}"):
        try:
            kept = snapshot.open_folder(folder.parent)
        except StoreError:
            continue  # made by another version, or damaged: it answers nothing, so it is none of those meant
        if kept.content_hash.removeprefix("sha256:").startswith(digits):
            found[kept.content_hash] = kept
    if not found:
        raise NotFound(f"no snapshot {text} is kept", hint="the cache keeps the newest few; agikg export -o old.nq keeps one for good")
    if len(found) > 1:
        raise BadInput(f"{text} can be {' or '.join(sorted(found))}", hint="give more of it")
    return next(iter(found.values()))


def _of_snapshot(found: snapshot.Snapshot) -> State:
    from agikg.exchange.difference import state_of
    from agikg.projection.vocabulary import Vocabulary
    from agikg.store.index import TripleIndex
    from agikg.store.syntax import parse

    quads = parse(found.graph(), ".nq")
    return state_of(quads, Vocabulary(TripleIndex(quad for quad in quads if quad.graph == vocab.GRAPH_ONTOLOGY)))


def _of_folder(place: Path, text: str) -> State:
    from agikg.build.read import read_root
    from agikg.exchange.difference import state_of
    from agikg.projection.vocabulary import Vocabulary
    from agikg.store.index import TripleIndex

    for folder in (place, place / "snapshot"):
        if (folder / snapshot.MANIFEST_FILE).is_file():
            return _of_snapshot(snapshot.open_folder(folder))
    if not all((place / folder).is_dir() for folder in ("ontology", "graph")):
        return _of_file(text)
    files = read_root(place)
    if files.problems:
        raise InvalidGraph(files.problems)
    return state_of(files.quads, Vocabulary(TripleIndex(quad for quad in files.quads if quad.graph == vocab.GRAPH_ONTOLOGY)))


def _of_file(text: str) -> State:
    """A file is read as an import would read it, in a process with limits, and with the vocabulary of the graph."""
    from agikg.build.read import read_root
    from agikg.exchange.difference import state_of
    from agikg.exchange.reading import read
    from agikg.kg.imports import drafted
    from agikg.projection.vocabulary import Vocabulary
    from agikg.store.index import TripleIndex

    content = read(text)
    files = read_root(resources.data_root())
    parts, problems = drafted(content, text, files)
    if problems:
        raise InvalidGraph(problems)
    return state_of((quad for part in parts for quad in part.quads), Vocabulary(TripleIndex(files.quads)))
