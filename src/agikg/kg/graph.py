"""The graph opened: snapshots, facts, questions, SPARQL, checks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agikg import dates, resources, snapshot
from agikg.catalog import Catalog
from agikg.errors import Damaged, InvalidGraph, NotFound
from agikg.kg.checking import Checking
from agikg.kg.homes import key_of, refuse, refused, snapshot_home, switched_on, to_stderr
from agikg.model.scope import Scope

if TYPE_CHECKING:
    import networkx
    import rdflib

    from agikg.imported import ImportedSet
    from agikg.model.answer import Answer
    from agikg.model.facts import Claim, Entity
    from agikg.model.listing import Found
    from agikg.model.reference import Source
    from agikg.model.sheet import Sheet, Table
    from agikg.queries import NamedQuery
    from agikg.store.embedded import EmbeddedStore
    from agikg.store.port import Result, Store
    from agikg.store.remote import RemoteStore
    from agikg.store.worker import Place

Progress = Callable[[str], None]
_PARTS = 8
"""Choices of sources kept in memory."""


class KnowledgeGraph(Checking):
    """One snapshot of the graph and everything that can be asked of it.

    Open it with ``KnowledgeGraph.open()``. Every reading method takes ``as_of``, ``known_at``, ``sources`` and
    ``min_confidence`` as keywords (see ``Scope``); names are labels, aliases, Chinese names, slugs or CURIEs.
    """

    def __init__(
        self,
        found: snapshot.Snapshot,
        root: Path | None = None,
        warning: str | None = None,
        *,
        imported: Sequence[ImportedSet] = (),
        remote: RemoteStore | None = None,
    ) -> None:
        self._snapshot = found
        self._root = root
        self._parts: dict[frozenset[str], Catalog] = {}
        self._imported = tuple(imported)
        self._remote = remote
        self.warning = warning
        """Why this is not the newest state of the data, or None."""
        if "IPython" in sys.modules:
            from agikg.explore.notebook import register

            register()

    # --- opening -------------------------------------------------------------------------------------------

    @classmethod
    def open(cls, store: str | None = None, *, imports: bool = True, progress: Progress | None = None) -> KnowledgeGraph:
        """The graph that comes with agikg, with the user's imported sets, compiled if its snapshot is missing, stale or damaged.

        Args:
            store: ``mem:`` or None for the data that comes with agikg; a folder made by ``agikg build --store``; or the URL of
                an endpoint that holds a snapshot.
            imports: whether imported sets that are switched on count.
            progress: told what is being done, should a build or a download be needed.

        Raises:
            InvalidGraph: the data breaks its rules and there is no earlier snapshot to fall back on.
            StoreError: the store is missing or damaged.
        """
        if store not in (None, "", "mem:"):
            return cls._open_store(str(store), progress or to_stderr)
        return cls._opened(resources.data_root(), switched_on() if imports else (), progress or to_stderr)

    @classmethod
    def _opened(cls, root: Path, imported: Sequence[ImportedSet], progress: Progress) -> KnowledgeGraph:
        home = snapshot_home(root)
        key, compiler = key_of(root, home, imported)
        try:
            found = snapshot.open_folder(home / key, compiler)
            found.index()
            return cls(found, root, imported=imported)
        except NotFound:
            reason = "compiling the graph"
        except Damaged as error:
            reason = f"{error.message}; compiling it anew"
        if imported and (left_out := refused(home, key)):
            return cls._without(root, imported, left_out, progress)
        return cls._rebuild(root, home, reason, progress, imported)

    @classmethod
    def _without(cls, root: Path, imported: Sequence[ImportedSet], left_out: Collection[str], progress: Progress) -> KnowledgeGraph:
        """The graph without sets that break its rules: what is imported never breaks what is curated."""
        warning = f"left out, because the graph is broken with it: {', '.join(sorted(left_out))} (agikg import --list says why)"
        progress(warning)
        graph = cls._opened(root, [found for found in imported if found.name not in left_out], progress)
        graph.warning = graph.warning or warning
        return graph

    @classmethod
    def _open_store(cls, store: str, progress: Progress) -> KnowledgeGraph:
        if "://" in store:
            from agikg.kg.remote import open_remote

            found, remote = open_remote(store, progress)
            return cls(found, remote=remote)
        folder = Path(store)
        if not folder.is_dir():
            raise NotFound(f"there is no store in {store}", hint=f"agikg build --store {store} makes one")
        found = snapshot.open_folder(folder / "snapshot" if (folder / "snapshot").is_dir() else folder)
        return cls(found)

    @classmethod
    def _rebuild(cls, root: Path, home: Path, reason: str, progress: Progress, imported: Sequence[ImportedSet]) -> KnowledgeGraph:
        from agikg.build.pipeline import build

        progress(reason)
        try:
            return cls(build(root, home, imported=imported), root, imported=imported)
        except InvalidGraph as error:
            if imported:
                left_out = refuse(home, resources.key(root, imported), imported, error)
                return cls._without(root, imported, left_out, progress)
            last = snapshot.current(home)
            if last is None:
                raise
            warning = f"the data has {error.message} (agikg validate lists them); this is the last good snapshot"
            progress(warning)
            return cls(last, root, warning)

    @classmethod
    def build(cls, *, store: str | None = None, progress: Progress | None = None) -> KnowledgeGraph:
        """Compiles the data anew, whether or not a snapshot is there.

        Args:
            store: folder to write a store on disk to, besides.
            progress: told about each step.

        Raises:
            InvalidGraph: with all problems; the last good snapshot stays.
            StoreError: a place cannot be written.
        """
        from agikg.build.pipeline import build, quiet

        root, imported = resources.data_root(), switched_on()
        home = snapshot_home(root)
        try:
            graph = cls(build(root, home, progress or quiet, imported), root, imported=imported)
        except InvalidGraph as error:
            if not imported:
                raise
            left_out = refuse(home, resources.key(root, imported), imported, error)
            graph = cls._without(root, imported, left_out, progress or quiet)
        if store:
            graph.save(store)
        return graph

    def save(self, folder: str) -> None:
        """Writes a store on disk: the snapshot and an Oxigraph database of it, finished before it appears."""
        from agikg.store.embedded import create_on_disk

        whole = self._snapshot

        def beside(staging: Path) -> None:
            snapshot.write(staging / "snapshot", whole.key, whole.graph(), whole.index())

        create_on_disk(Path(folder), whole.graph(), whole.content_hash, whole.quads, beside)

    # --- what it is ------------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> str:
        """``sha256:...`` of the canonical N-Quads: equal for equal data, printed with every answer."""
        return self._snapshot.content_hash

    @property
    def imported(self) -> tuple[str, ...]:
        """Names of the imported sets that are part of it."""
        return tuple(found.name for found in self._imported)

    @property
    def folder(self) -> Path:
        """Where the snapshot lies."""
        return self._snapshot.folder

    @property
    def quads(self) -> int:
        """Number of quads, derived ones included."""
        return self._snapshot.quads

    @cached_property
    def catalog(self) -> Catalog:
        """The compiled facts, by position."""
        return Catalog(self._snapshot.index())

    def catalog_in(self, scope: Scope | None) -> Catalog:
        """The facts that count in a scope's sources: all of them, or those of a graph made of the chosen sources alone."""
        chosen = frozenset(scope.sources if scope else ())
        if not chosen or chosen.issuperset(self.catalog.source_ids):
            return self.catalog
        found = self._parts.get(chosen)
        if found is None:
            from agikg.build.part import part_index

            index = part_index(self._snapshot, chosen)
            found = self._parts[chosen] = Catalog(index, self.catalog.claim_count - len(index["claim_rows"]))
            for old in list(self._parts)[:-_PARTS]:
                self._parts.pop(old, None)
        return found

    def scope(
        self, as_of: str | None = None, known_at: str | None = None, sources: Iterable[str] = (), min_confidence: str | None = None
    ) -> Scope:
        """Which claims count; dates default to today.

        Raises:
            BadInput: a date, source or confidence that does not exist.
        """
        today = dates.today()
        return self.catalog.check_scope(Scope(as_of or today, known_at or today, tuple(sources), min_confidence))

    # --- facts -----------------------------------------------------------------------------------------------

    def entity(self, name: str) -> Entity:
        """The entity a name means.

        Raises:
            UnknownName, AmbiguousName: nothing, or more than one thing, is called that.
        """
        return self.catalog.entity(self.catalog.resolve(name))

    def entities(self, layer: str | None = None, kind: str | None = None, **scope: Any) -> list[Entity]:
        """Entities by id, of a layer, of a class (sub-classes included); where a scope is given those that claims in it tell of."""
        from agikg.views.listing import entities

        if not any(scope.values()):
            return entities(self.catalog, layer, kind)
        catalog, within = self._within(**scope)
        return entities(catalog, layer, kind, within)

    def find(self, text: str | None = None, layer: str | None = None, kind: str | None = None) -> list[Found]:
        """Entities that a text may name, best first, with how well it fits; all of them where there is no text."""
        from agikg.views.finding import found

        return found(self.catalog, text, layer, kind)

    def sources(self) -> list[Source]:
        """All sources."""
        return self.catalog.sources()

    def claim(self, identifier: str) -> Claim:
        """One claim by its id."""
        return self.catalog.claim_by_id(identifier)

    def claims(
        self, about: str | None = None, predicate: str | None = None, modality: str | None = None, section: str | None = None, **scope: Any
    ) -> list[Claim]:
        """Claims in scope, filtered; whatever they are about unless ``about`` names an entity."""
        from agikg.views.listing import claims

        return claims(*self._within(**scope), about, predicate, modality, section)

    def show(self, name: str, **scope: Any) -> Sheet:
        """The fact sheet of an entity."""
        from agikg.views.sheet import sheet

        catalog, within = self._within(**scope)
        return sheet(catalog, catalog.resolve(name), within, self.snapshot)

    # --- questions ----------------------------------------------------------------------------------------------

    def ask(self, question: str, **scope: Any) -> Answer:
        """Answers a question in English or Chinese from the graph, or refuses honestly."""
        from agikg.ask.answering import answer

        catalog, within = self._within(**scope)
        return answer(catalog, question, within, self.snapshot)

    def to_networkx(self, *, dependencies_only: bool = False, **scope: Any) -> networkx.MultiDiGraph[str]:
        """The graph for networkx: nodes by id with label, layer and kind, edges with predicate, claims and confidence."""
        from agikg.views.listing import to_networkx

        return to_networkx(*self._within(**scope), dependencies_only)

    # --- SPARQL --------------------------------------------------------------------------------------------------

    @cached_property
    def store(self) -> Store:
        """The store behind named queries: in this process, or the endpoint that this graph was opened from."""
        return self._remote or self._embedded

    @cached_property
    def _embedded(self) -> EmbeddedStore:
        from agikg.store import embedded

        if self._disk is not None:
            return embedded.on_disk(self._disk)
        return embedded.in_memory(self._graph(), self.snapshot, self.quads)

    @property
    def _disk(self) -> Path | None:
        """The store on disk that this graph was opened from, if it was."""
        from agikg.store.embedded import SIDECAR

        return self.folder.parent if (self.folder.parent / SIDECAR).is_file() else None

    def _graph(self) -> bytes:
        """The N-Quads; compiled anew if they were damaged since the snapshot was opened.

        Raises:
            Damaged: they are, and this graph was opened from a folder that cannot be compiled anew.
        """
        try:
            return self._snapshot.graph()
        except Damaged as error:
            if self._root is None:
                raise
            reason = f"{error.message}; compiling it anew"
            self._snapshot = self._rebuild(self._root, self.folder.parent, reason, to_stderr, self._imported)._snapshot
            return self._snapshot.graph()

    def sparql(self, text: str) -> Result:
        """Runs a read-only SPARQL 1.1 query of the user's, in a process that can be stopped.

        Raises:
            ForbiddenQuery, BadQuery: it writes, reaches out, or does not parse.
            LimitHit: it took too long, too much memory, or too many rows.
        """
        from agikg.store import worker

        if self._remote is not None:
            return self._remote.outside(text)
        return worker.run(self.sparql_place(), text)

    def sparql_place(self) -> Place:
        """Where a process that runs queries finds the graph, after its content hash was checked."""
        from agikg.store.worker import Place

        if self._disk is None:
            self._graph()
        return Place(self._disk or self.folder / snapshot.GRAPH_FILE, self.snapshot, self.quads)

    @cached_property
    def queries(self) -> dict[str, NamedQuery]:
        """The named queries."""
        from agikg.queries import load_all

        return load_all((self._root or resources.data_root()) / "queries")

    def query(self, name: str, values: Mapping[str, str] | None = None) -> Table:
        """Runs a named query.

        Args:
            name: of ``queries``.
            values: parameters as text; entities by any name.

        Raises:
            BadInput: no such query or parameter.
        """
        from agikg.views.listing import run_query

        return run_query(self.catalog, self.store, self.queries, name, values or {})

    def dataset(self) -> rdflib.Dataset:
        """The same data as a read-only ``rdflib.Dataset``."""
        from agikg.store.rdf import dataset

        return dataset(self._embedded)

    def graph(self) -> rdflib.Graph:
        """All triples in an ``rdflib.Graph`` of your own."""
        from agikg.store.rdf import graph

        return graph(self._embedded)
