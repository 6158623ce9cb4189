"""The graph of chosen sources alone: what a build of nothing but their files would give.

Knows authored quads and which graph each stands in; a part is kept in a folder of the snapshot it is a part of.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from agikg import snapshot, vocab
from agikg.build.derive import derive
from agikg.build.pipeline import Compiled
from agikg.build.places import source_of
from agikg.errors import Damaged, NotFound, StoreError
from agikg.projection.compiled import compile_index
from agikg.projection.selection import belonging
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import nquads, parse
from agikg.store.terms import Quad, Term
from agikg.vocab import agi

PARTS = "parts"
"""Folder of a snapshot that holds what was compiled for some of its sources."""
KEPT = 32
"""How many parts of a snapshot are kept."""
_VOCABULARY_IN_CLAIMS = frozenset((vocab.PREDICATE, agi("unit")))


def part_index(whole: snapshot.Snapshot, sources: Iterable[str]) -> dict[str, Any]:
    """The index of chosen sources alone; compiled when it is not there yet, and kept where the snapshot can be written to.

    Raises:
        Damaged: the snapshot is not what was written.
    """
    chosen = sorted(set(sources))
    key = hashlib.sha256("\0".join([whole.key, *chosen]).encode()).hexdigest()[:32]
    folder = whole.folder / PARTS / key
    try:
        return snapshot.open_folder(folder).index()
    except (NotFound, Damaged):
        result = compiled_part(whole.graph(), chosen)
    try:
        index = snapshot.write(folder, key, result.graph, result.index).index()
    except StoreError:
        return result.index  # a store on a medium that cannot be written to
    _forget(folder)
    return index


def _forget(newest: Path) -> None:
    """Removes all but the newest parts: there are more choices of sources than disks hold."""
    finished = [folder for folder in newest.parent.iterdir() if not folder.name.startswith(".") and folder != newest]
    finished.sort(key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in finished[KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)


def compiled_part(graph: bytes, sources: Sequence[str]) -> Compiled:
    """The part of a snapshot that rests on some of its sources, derived and compiled anew.

    What other sources say leaves no trace in it: not as a name, not as an edge that joins their claims, not as a dispute.

    Args:
        graph: canonical N-Quads of the whole.
        sources: ids of sources.
    """
    quads = part(parse(graph, ".nq"), sources)
    facts = TripleIndex(quads)
    quads += derive(facts, Vocabulary(facts))
    return Compiled(nquads(quads), compile_index(quads))


def part(quads: Iterable[Quad], sources: Sequence[str]) -> list[Quad]:
    """Authored quads of the vocabulary, of the claims of the sources, and of all that these speak of."""
    ontology, authored = [], []
    for quad in quads:
        if quad.graph == vocab.GRAPH_ONTOLOGY:
            ontology.append(quad)
        elif quad.graph != vocab.GRAPH_DERIVED:
            authored.append(quad)
    facts = TripleIndex(authored)
    chosen = {f"{vocab.PREFIXES['s']}{source}" for source in sources}
    told = belonging(authored, {claim for claim in facts.having(vocab.TYPE, agi("Claim")) if source_of(claim, facts) in chosen})
    foreign = _foreign(ontology, told)
    return [*(quad for quad in ontology if quad.subject not in foreign), *told]


def _foreign(ontology: Sequence[Quad], own: Iterable[Quad]) -> set[Term]:
    """Extensions of the vocabulary that the sources do not state, with the inverses of such predicates.

    A question is read by the words of the vocabulary: what entered it for others must not change how the sources answer.
    """
    foreign: set[Term] = {quad.subject for quad in ontology if quad.predicate == agi("extension")}
    foreign -= {quad.object for quad in own if quad.predicate in _VOCABULARY_IN_CLAIMS}
    return foreign | {quad.object for quad in ontology if quad.predicate == vocab.INVERSE_OF and quad.subject in foreign}
