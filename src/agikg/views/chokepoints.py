"""Chokepoints as records: the exact sweep, other measures beside it, substitutes, and where the measures disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from agikg.analysis import measures as analysis
from agikg.analysis.capacity import PESSIMISTIC, Levels
from agikg.analysis.denial import causes, outage
from agikg.analysis.reach import dependents
from agikg.analysis.spread import Spread
from agikg.analysis.sweep import Progress, sweep
from agikg.errors import BadInput
from agikg.model.criticality import Chokepoint, Chokepoints, Replacement, Stopped
from agikg.views.lens import Lens
from agikg.views.whatif import barred_link, in_layer, substitute

STOPS, DEPENDENTS, CAPACITY, ESRI, DOMINATES, CONCENTRATION, BETWEENNESS = (
    "stops", "dependents_lost", "capacity_lost", "esri_d", "dominates", "concentration", "betweenness",
)  # fmt: skip
MEASURES = (STOPS, DEPENDENTS, CAPACITY, ESRI, DOMINATES, CONCENTRATION, BETWEENNESS)
_READINGS = {
    STOPS: "what it stops",
    DEPENDENTS: "everything that stops, targets or not",
    CAPACITY: "capacity lost when alternatives share evenly",
    ESRI: "ESRI_d, which also counts what is only weakened",
    DOMINATES: "how much draws on primary inputs through it only",
    CONCENTRATION: "the concentration of what it serves",
    BETWEENNESS: "the chains that pass through it",
}
_HIGHER = {
    STOPS: "its loss is final where it strikes",
    DEPENDENTS: "much of what stops is not among the targets",
    CAPACITY: "alternatives stand beside it, but would have to carry its part",
    ESRI: "it weakens much that it does not stop",
    DOMINATES: "all alternatives of many lead back to it",
    CONCENTRATION: "what it serves has few other suppliers",
    BETWEENNESS: "many chains pass through it, and alternatives lead around it",
}
_MOST_MEASURED = 500
"""Entities for which measures that need a run each are worked out; the rest rank by the sweep alone."""
_FAR = 3
"""Ranks apart from which measures are said to disagree."""


class Wanted(NamedTuple):
    """What to rank for, by name.

    Attributes:
        targets: entities; empty for everything. layer: all of a layer instead.
        weights: name -> weight of a target, at least 0; others weigh 1.
        measure: what to rank by.
        stability: also rank with everything below each confidence dropped.
    """

    targets: Sequence[str] = ()
    layer: str | None = None
    weights: Mapping[str, float] = {}
    measure: str = STOPS
    stability: bool = False
    cluster: str | None = None


def chokepoints(lens: Lens, wanted: Wanted, limit: int | None = None, progress: Progress | None = None) -> Chokepoints:
    """Ranks entities; see ``KnowledgeGraph.chokepoints``.

    Raises:
        BadInput: no such measure or layer, a weight that makes no sense.
        UnknownName, AmbiguousName, Refused: names that mean nothing here.
    """
    if wanted.measure not in MEASURES:
        raise BadInput(f"no measure is called {wanted.measure!r}", hint=f"one of {', '.join(MEASURES)}")
    run = _Run(lens, wanted, progress)
    ranked = run.ranked()
    items = [run.item(entity, rank) for entity, rank in ranked[:limit]]
    parameters = {
        "for": [lens.catalog.ref(lens.resolve(name)).id for name in wanted.targets], "layer": wanted.layer, "measure": wanted.measure,
        "weights": {lens.catalog.ref(lens.resolve(name)).id: weight for name, weight in wanted.weights.items()},
        "stability": wanted.stability, "found": len(ranked),
    }  # fmt: skip
    if wanted.stability:
        items = _with_stability(lens, wanted, items)
    named = lens.refs(run.targets) if wanted.targets or wanted.layer else ()
    return Chokepoints(targets=named, items=tuple(items), swept=len(run.candidates), notes=tuple(run.notes()), **lens.stamp(**parameters))


class _Run:
    """One ranking."""

    def __init__(self, lens: Lens, wanted: Wanted, progress: Progress | None = None) -> None:
        self.lens = lens
        self.wanted = wanted
        self.network = lens.network
        if wanted.targets and wanted.layer:
            raise BadInput("targets and a layer were both given", hint="give one of them")
        weights = {lens.resolve(name): weight for name, weight in wanted.weights.items()}
        if wanted.targets:
            self.targets = sorted({*map(lens.resolve, wanted.targets), *weights})
        elif wanted.layer:
            self.targets = sorted({*in_layer(lens, wanted.layer), *weights})
        else:
            self.targets = sorted(lens.connected)
        self.weights = {target: weights.get(target, 1.0) for target in self.targets}
        self.candidates = sorted({supplier for link, supplier in enumerate(self.network.supplier) if self.network.serves(link)})
        self.lost = dict(zip(self.candidates, self._swept(progress), strict=True)) if self.targets else {}

    def _swept(self, progress: Progress | None) -> list[float]:
        """What the targets lose with each candidate, worked out here or on a cluster."""
        if self.wanted.cluster is None:
            return sweep(self.network, self.candidates, self.targets, self.weights, progress=progress).lost
        from agikg.analysis.cluster import sweep_on

        return sweep_on(self.wanted.cluster, self.network, self.candidates, self.targets, self.weights, progress=progress).lost

    @cached_property
    def measured(self) -> list[int]:
        """Candidates for which the costly measures are worked out: those that stop most."""
        return sorted(self.candidates, key=lambda entity: (-self.lost[entity], entity))[:_MOST_MEASURED]

    @cached_property
    def values(self) -> dict[str, dict[int, float]]:
        """Measure -> value of each measured candidate."""
        network, whole = self.network, sum(self.weights.values()) or 1.0
        everything = self._everything()
        even, linear = Levels(network, PESSIMISTIC, linear=False), Levels(network, PESSIMISTIC)
        dominates, between = analysis.dominated(network), analysis.betweenness(network)
        concentrated = analysis.most_concentrated(network)
        return {
            STOPS: {entity: self.lost[entity] for entity in self.measured},
            DEPENDENTS: everything,
            CAPACITY: {entity: self._loss(even, entity) for entity in self.measured},
            ESRI: {entity: self._loss(linear, entity) / whole for entity in self.measured},
            DOMINATES: {entity: float(dominates[entity]) for entity in self.measured},
            CONCENTRATION: {entity: found.hhi if (found := concentrated[entity]) else 0.0 for entity in self.measured},
            BETWEENNESS: {entity: between[entity] for entity in self.measured},
        }

    def _everything(self) -> dict[int, float]:
        """How many entities each measured candidate stops, targets or not."""
        wanted = self.wanted
        if not (wanted.targets or wanted.layer or wanted.weights):
            return {entity: self.lost[entity] for entity in self.measured}  # the sweep counted everything already
        return dict(zip(self.measured, sweep(self.network, self.measured).lost, strict=True))

    def _loss(self, levels: Levels, entity: int) -> float:
        """Weighted capacity that the targets lose when an entity is denied, its own included, as ESRI counts it."""
        under = levels.under({entity: 0.0})
        return sum(weight * (levels.baseline[t] - under[t]) for t, weight in self.weights.items() if t in under)

    @cached_property
    def ranks(self) -> dict[str, dict[int, int]]:
        """Measure -> rank of each measured candidate, 1 for the largest."""
        found = {}
        for name, values in self.values.items():
            column = [values[entity] for entity in self.measured]
            found[name] = {self.measured[index]: rank for index, rank in analysis.ranks(column).items()}
        return found

    def ranked(self) -> list[tuple[int, int]]:
        """Entities whose value is above 0, best first, with their ranks."""
        if not self.targets:
            return []
        if self.wanted.measure == STOPS:
            column = [self.lost[entity] for entity in self.candidates]
            order = {self.candidates[index]: rank for index, rank in analysis.ranks(column).items()}
            values: Mapping[int, float] = self.lost
        else:
            order, values = self.ranks[self.wanted.measure], self.values[self.wanted.measure]
        chosen = [entity for entity in order if values[entity] > 0]
        return [(entity, order[entity]) for entity in sorted(chosen, key=lambda entity: (order[entity], self._tie(entity)))]

    def _tie(self, entity: int) -> tuple[float, str]:
        everything = self.values[DEPENDENTS].get(entity, 0.0)
        return -everything, self.lens.catalog.label(entity)

    def item(self, entity: int, rank: int) -> Chokepoint:
        """An entity with everything about it."""
        stops = self._stops(entity)
        values = {name: _rounded(column[entity]) for name, column in self.values.items() if entity in column}
        claims = tuple(dict.fromkeys(claim for stop in stops for claim in stop.claims))
        return Chokepoint(
            **self.lens.named(entity),
            rank=rank,
            stops=stops,
            measures=values or {STOPS: self.lost[entity]},
            substitutes=tuple(self._replacements(entity)),
            disagreement=self._disagreement(entity),
            confidence=self._surest(stops),
            claims=claims or self.lens.claims(self.network.needed_by[entity]),
        )

    def _surest(self, stops: Sequence[Stopped]) -> str:
        words = [concept["key"] for concept in self.lens.catalog.concepts("confidences")]
        return min((stop.confidence for stop in stops), key=words.index, default=words[-1])

    def _stops(self, entity: int) -> tuple[Stopped, ...]:
        """The targets that stop, with the shortest chain behind each."""
        result = outage(self.network, [entity])
        chains = causes(self.network, result)
        lens, down = self.lens, self._down
        found = [
            Stopped(**lens.named(other), confidence=lens.word(chains[other]), claims=lens.claims(chains[other]))
            for other in result.failed
            if other != entity and other not in down and other in self.weights
        ]
        return tuple(sorted(found, key=lambda stop: (len(chains[lens.catalog.position[stop.id]]), stop.label)))

    @cached_property
    def _cone(self) -> frozenset[int]:
        """The targets and what they need: whose loss of an alternative matters."""
        return frozenset(Spread(self.network, self.targets).cone)

    @cached_property
    def _down(self) -> frozenset[int]:
        return frozenset(outage(self.network).failed)

    def _replacements(self, entity: int) -> list[Replacement]:
        """What is left for each essential requirement that it serves, of those it matters for."""
        lens, network = self.lens, self.network
        found = []
        for link in network.needed_by[entity]:
            group = network.group[link]
            others = [other for other in network.alternatives(link) if network.supplier[other] != entity]
            matters = network.dependent[link] in self._cone and network.essential(link) and network.serves(link)
            if not (matters and others):
                continue
            found.append(
                Replacement(
                    owner=lens.catalog.ref(network.dependent[link]),
                    function=lens.function(group),
                    remaining=tuple(substitute(lens, o) for o in others if network.serves(o) and network.supplier[o] not in self._down),
                    barred=tuple(barred_link(lens, other) for other in others if not network.serves(other)),
                )
            )
        return found

    def _disagreement(self, entity: int) -> str | None:
        """A sentence on the measure that sees it most differently; else on dependents that do not stop."""
        if entity not in self.values[STOPS]:
            return None
        own = self.ranks[self.wanted.measure][entity]
        others = {
            name: ranks[entity] for name, ranks in self.ranks.items() if name != self.wanted.measure and self.values[name][entity] > 0
        }
        name = min(others, key=lambda other: (others[other] - own, other), default=None)
        if name is not None and own - others[name] >= _FAR:
            return f"It ranks {own} by {_READINGS[self.wanted.measure]}, but {others[name]} by {_READINGS[name]}: {_HIGHER[name]}."
        naive = len([step for step in dependents(self.network, entity).steps if step.role in ("direct", "transitive")])
        stopped = int(self.values[DEPENDENTS][entity])
        if naive > stopped:
            verb = "stops" if stopped == 1 else "stop"
            return f"{naive} entities depend on it, {stopped} {verb}: the others have alternatives or are only weakened."
        return None

    def notes(self) -> list[str]:
        """What the numbers do not say."""
        notes = ["Degree is not shown: it counts how well something is documented, not how critical it is."]
        if all(share != share for share in self.network.share):
            notes.append("No source states shares: concentration counts alternatives, and capacities split evenly between them.")
        if len(self.candidates) > _MOST_MEASURED:
            notes.append(f"Measures other than stops are worked out for the {_MOST_MEASURED} entities that stop most.")
        return notes


def _with_stability(lens: Lens, wanted: Wanted, items: list[Chokepoint]) -> list[Chokepoint]:
    """The items with their ranks when everything below each confidence is dropped."""
    ranks: dict[str, dict[str, int]] = {}
    for concept in reversed(lens.catalog.concepts("confidences")):
        narrower = Lens(lens.catalog, replace(lens.scope, min_confidence=concept["key"]), lens.snapshot)
        found = _Run(narrower, wanted).ranked()
        ranks[concept["key"]] = {lens.catalog.ref(entity).id: rank for entity, rank in found}
    return [replace(item, ranks={word: found.get(item.id) for word, found in ranks.items()}) for item in items]


def _rounded(value: float) -> float:
    """Four significant digits: more would claim to know more."""
    return float(f"{value:.4g}")
