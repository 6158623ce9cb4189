"""What goes out of a KnowledgeGraph, and how two states of it differ; composition only."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from agikg import snapshot, vocab
from agikg.kg.pages import Pages

if TYPE_CHECKING:
    import networkx

    from agikg.catalog import Catalog
    from agikg.exchange.export import Content
    from agikg.exchange.upload import Target, Uploaded
    from agikg.model.scope import Scope

_ALWAYS = "9999"
"""A date that leaves nothing out."""


class Exchanging(Pages):
    """Exports of a snapshot."""

    _snapshot: snapshot.Snapshot

    @abstractmethod
    def _graph(self) -> bytes:
        """The N-Quads of the snapshot."""

    def upload(self, target: Target, progress: Callable[[int, int], None] = lambda _done, _total: None) -> Uploaded:
        """Loads the snapshot into an endpoint, from which ``open`` can read it; after a kill, only what was not acknowledged.

        Raises:
            StoreError: the endpoint cannot be reached, refuses, or holds another number of quads than were sent.
        """
        from agikg.exchange.upload import upload

        return upload(self._graph(), self.snapshot, target, progress)

    def export(
        self,
        target: str,
        format: str | None = None,
        *,
        authored_only: bool = False,
        as_of: str | None = None,
        known_at: str | None = None,
        sources: Iterable[str] = (),
        min_confidence: str | None = None,
    ) -> int:
        """Writes the graph, or what a scope leaves of it, in a format of others; returns the number of claims in it.

        Without dates, claims of all times are written. Links for network tools are those that hold on ``as_of``, or today.

        Args:
            target: a file, a folder (for tables), or ``-`` for standard output.
            format: see ``agikg.exchange.export.FORMATS``; told by the ending if None.
            authored_only: RDF without the vocabulary and without what the build derives.
            as_of: leave out what only began after this date.
            known_at: leave out what was published later.
            sources: only claims of these.
            min_confidence: only claims at least this sure.

        Raises:
            BadInput: no such format, source, date or confidence; the target is something else.
            StoreError: it cannot be written; what was there before is untouched.
        """
        from agikg.exchange import bundle, export, writing

        chosen = export.format_of(target, format)
        scope = {"as_of": as_of, "known_at": known_at, "sources": tuple(sources), "min_confidence": min_confidence}
        content = self.content(authored_only=authored_only, **scope)
        made = export.written(content, chosen)
        if isinstance(made, dict) and target != writing.STDOUT and not target.casefold().endswith(".zip"):
            writing.write_folder(target, made, bundle.MARK)
        else:
            writing.write_file(target, writing.zipped(made) if isinstance(made, dict) else made)
        return len(content.claims)

    def content(self, *, authored_only: bool = False, **scope: Any) -> Content:
        """What an export of a scope holds, before it is put into a format."""
        from agikg.build.derive import derive
        from agikg.exchange.export import Content
        from agikg.projection.selection import belonging
        from agikg.projection.vocabulary import Vocabulary
        from agikg.store.index import TripleIndex
        from agikg.store.syntax import parse

        always = {name: scope.get(name) or _ALWAYS for name in ("as_of", "known_at")}
        catalog, chosen = self._within(**{**scope, **always})
        said = catalog.all_said(chosen)
        claims = {row["id"]: row for position, counts in enumerate(said) if counts for row in (catalog.row(position),)}
        everything = parse(self._snapshot.graph(), ".nq")
        ontology = [quad for quad in everything if quad.graph == vocab.GRAPH_ONTOLOGY]
        authored = [quad for quad in everything if quad.graph not in (vocab.GRAPH_ONTOLOGY, vocab.GRAPH_DERIVED)]
        vocabulary = Vocabulary(TripleIndex(ontology))
        if len(claims) < self.catalog.claim_count:
            authored = belonging(authored, {vocab.expand(claim) for claim in claims})
            everything = [*ontology, *authored, *derive(TripleIndex([*ontology, *authored]), vocabulary)]
        return Content(
            quads=authored if authored_only else everything,
            authored=authored,
            vocabulary=vocabulary,
            claims=claims,
            sources=[source.model_dump() for source in self.catalog.sources() if source.id in {row["source"] for row in claims.values()}],
            network=lambda: _network(*self._within(**scope)),
            snapshot=self.snapshot,
            scope=_in_words(chosen, len(claims), self.catalog.claim_count),
        )


def _network(catalog: Catalog, scope: Scope) -> networkx.MultiDiGraph[str]:
    """The links in scope, each with the sources of its claims and their terms."""
    from agikg.views.listing import to_networkx

    graph = to_networkx(catalog, scope, False)
    graph.remove_nodes_from([node for node, degree in list(graph.degree()) if not degree])
    for _, _, data in graph.edges(data=True):
        rows = [catalog.row(catalog.claim_position[claim]) for claim in data["claims"]]
        data["sources"] = sorted({row["source"] for row in rows})
        if any(row["non_commercial"] for row in rows):
            data["non_commercial"] = True
    return graph


def _in_words(scope: Scope, claims: int, of: int) -> str:
    parts = [f"{claims} of {of} claims"]
    parts += [f"of {', '.join(scope.sources)}"] if scope.sources else []
    parts += [f"as of {scope.as_of}"] if scope.as_of != _ALWAYS else []
    parts += [f"known at {scope.known_at}"] if scope.known_at != _ALWAYS else []
    parts += [f"at least {scope.min_confidence}"] if scope.min_confidence else []
    return ", ".join(parts)
