"""The analyses of a KnowledgeGraph: names in, records out; one view each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agikg.catalog import Catalog
    from agikg.model.comparison import Changes, CommonDependencies
    from agikg.model.criticality import Chokepoints, CutSets, Exposure, Importances
    from agikg.model.market import Markets
    from agikg.model.reach import Paths, Reach
    from agikg.model.scenario import WhatIf
    from agikg.model.scope import Scope
    from agikg.views.lens import Lens

Progress = Callable[[int, int], None]


class Analyses(ABC):
    """What can be computed on a snapshot; every method takes the scope as keywords (see ``Scope``)."""

    @property
    @abstractmethod
    def snapshot(self) -> str:
        """Hash of the snapshot."""

    @property
    @abstractmethod
    def catalog(self) -> Catalog:
        """The compiled facts."""

    @abstractmethod
    def catalog_in(self, scope: Scope | None) -> Catalog:
        """The facts that count in a scope's sources."""

    @abstractmethod
    def scope(
        self, as_of: str | None = None, known_at: str | None = None, sources: Iterable[str] = (), min_confidence: str | None = None
    ) -> Scope:
        """Which claims count."""

    def lens(self, **scope: Any) -> Lens:
        """The graph seen in a scope: the dependency network for analyses of your own is ``lens().network``."""
        from agikg.views.lens import Lens

        return Lens(*self._within(**scope), self.snapshot)

    def _within(self, **scope: Any) -> tuple[Catalog, Scope]:
        """The facts that count in a scope, and the scope."""
        chosen = self.scope(**scope)
        return self.catalog_in(chosen), chosen

    def dependents(self, name: str, *, depth: int | None = None, **scope: Any) -> Reach:
        """What depends on an entity, with the link, the claims and how sure they are."""
        return self._reach(name, "dependents", depth, **scope)

    def dependencies(self, name: str, *, depth: int | None = None, **scope: Any) -> Reach:
        """What an entity depends on."""
        return self._reach(name, "dependencies", depth, **scope)

    def _reach(self, name: str, direction: str, depth: int | None, **scope: Any) -> Reach:
        from agikg.views.reach import reach

        catalog, within = self._within(**scope)
        return reach(catalog, catalog.resolve(name), direction, depth, within, self.snapshot)

    def common_dependencies(self, *names: str, **scope: Any) -> CommonDependencies:
        """What two or more entities all depend on, nearest first, and which of them stop without it."""
        from agikg.views.comparison import common_dependencies

        return common_dependencies(self.lens(**scope), names)

    def path(self, a: str, b: str, *, k: int = 1, by: str = "length", **scope: Any) -> Paths:
        """How two entities are connected over any relation, shortest (or by ``confidence``) first, each hop with its claims."""
        from agikg.views.path import paths

        catalog, within = self._within(**scope)
        return paths(catalog, catalog.resolve(a), catalog.resolve(b), k, within, self.snapshot, by)

    def whatif(
        self,
        deny: Sequence[str] = (),
        lift: Sequence[str] = (),
        capacity: Mapping[str, float] | None = None,
        *,
        deny_links: Sequence[tuple[str, str]] = (),
        deny_countries: Sequence[str] = (),
        deny_layers: Sequence[str] = (),
        deny_owners: Sequence[str] = (),
        by: str = "either",
        **scope: Any,
    ) -> WhatIf:
        """What fails, degrades, is substituted, barred or restored, against the baseline.

        Args:
            deny: entities to take away.
            lift: controls to lift, or what they are part of.
            capacity: name -> most it can run at, 0-1.
            deny_links: pairs of a dependent and what it needs.
            deny_countries: countries whose entities are taken away; ``by`` headquarters, site or either.
            deny_layers: layers to take away.
            deny_owners: owners to take away, with what they own.
            by: see ``deny_countries``.
            scope: which claims count.

        Raises:
            BadInput: an empty scenario, or a capacity outside 0-1.
            Refused: the graph knows nothing of what is named.
        """
        from agikg.views.whatif import Scenario, whatif

        return whatif(self.lens(**scope), Scenario(deny, deny_links, deny_countries, deny_layers, deny_owners, by, lift, capacity or {}))

    def chokepoints(
        self,
        targets: Sequence[str] = (),
        *,
        layer: str | None = None,
        weights: Mapping[str, float] | None = None,
        measure: str = "stops",
        stability: bool = False,
        limit: int | None = 20,
        cluster: str | None = None,
        progress: Progress | None = None,
        **scope: Any,
    ) -> Chokepoints:
        """Entities whose denial alone stops others: the exact sweep, with other measures beside it.

        Args:
            targets: whose loss counts; empty for everything (or the ``layer``).
            layer: count the loss of this layer's entities.
            weights: name -> weight of a target, others weigh 1.
            measure: what to rank by: stops, dependents_lost, capacity_lost, esri_d, dominates, concentration, betweenness.
            stability: also give the ranks when everything below each confidence is dropped.
            limit: most items; None for all.
            cluster: address of a Dask scheduler that does the sweep (extra ``[cluster]``).
            progress: told (done, total).
            scope: which claims count.
        """
        from agikg.views.chokepoints import Wanted, chokepoints

        return chokepoints(self.lens(**scope), Wanted(targets, layer, weights or {}, measure, stability, cluster), limit, progress)

    def cutsets(
        self,
        name: str,
        *,
        order: int = 2,
        kind: str = "entities",
        deny: Sequence[str] = (),
        cheapest: bool = False,
        costs: Mapping[str, float] | None = None,
        progress: Progress | None = None,
        **scope: Any,
    ) -> CutSets:
        """Minimal sets that stop an entity, or (claims, sources, origins) whose withdrawal removes a conclusion about it.

        Args:
            name: the target.
            order: most members of a set; the list is complete up to it.
            kind: entities, claims, sources or origins.
            deny: for evidence: the conclusion is that denying these stops the target; empty for each single point of failure.
            cheapest: only the cheapest cut of entities under the costs (extra ``[solve]``).
            costs: name -> cost of denying it; others cost 1, ``inf`` forbids.
            progress: told (done, total).
            scope: which claims count.
        """
        from agikg.views.cuts import Cut, cutsets

        return cutsets(self.lens(**scope), name, Cut(order, kind, deny, cheapest, costs or {}), progress)

    def importance(
        self,
        name: str,
        probabilities: Mapping[str, float] | None = None,
        *,
        deny: Sequence[str] = (),
        samples: int = 20_000,
        seed: int = 0,
        cluster: str | None = None,
        progress: Progress | None = None,
        **scope: Any,
    ) -> Importances:
        """How likely an entity is unavailable, or a conclusion about it right, and what decides it.

        Args:
            name: the target.
            probabilities: name -> probability of being unavailable; without any, structural importance.
            deny: instead: how sure it is that denying these stops the target, each claim being right with its confidence.
            samples: of the Monte Carlo sample, where there is too much to enumerate.
            seed: of that sample.
            cluster: address of a Dask scheduler that draws the samples of entities (extra ``[cluster]``); not with ``deny``.
            progress: told (done, total) samples that a cluster has drawn.
            scope: which claims count.
        """
        from agikg.views.cuts import Doubt, importances

        return importances(self.lens(**scope), name, Doubt(probabilities or {}, deny, samples, seed, cluster), progress)

    def exposure(self, name: str, *, order: int = 2, **scope: Any) -> Exposure:
        """How much of what an entity needs touches each country, by headquarters and by site."""
        from agikg.views.exposure import exposure

        return exposure(self.lens(**scope), name, order)

    def markets(self, about: str | None = None, *, members: int = 2, **scope: Any) -> Markets:
        """How concentrated the markets are of which claims give shares: HHI with coverage, and countries to three quarters.

        Args:
            about: an entity with a share, or words that a market is described with.
            members: how many shares have to be known of a market.
            **scope: as everywhere, see ``Scope``.

        Raises:
            Refused: no claim gives shares of such a market.
        """
        from agikg.views.markets import markets

        return markets(self.lens(**scope), about, members)

    def changes(self, name: str, since: str, until: str | None = None, **scope: Any) -> Changes:
        """What changed for an entity between two dates: links, controls, availability, single points of failure."""
        from agikg.views.comparison import changed

        lens = self.lens(as_of=until, **scope)
        return changed(lens, name, since, lens.scope.as_of)
