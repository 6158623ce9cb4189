"""Cut sets as records: of entities, and of the evidence behind a conclusion."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from agikg.analysis.certainty import certainty
from agikg.analysis.cutsets import Progress, cheapest_cut, cut_sets
from agikg.analysis.importance import Draws, importance
from agikg.analysis.spread import Spread
from agikg.analysis.withdrawal import Withdrawals, evidence_cuts
from agikg.errors import BadInput, Refused
from agikg.model.criticality import CutSet, CutSets, EventImportance, Importances, Interval, Member
from agikg.views.lens import Lens

ENTITIES, CLAIMS, SOURCES, ORIGINS = "entities", "claims", "sources", "origins"
_MOST_CONCLUSIONS = 25
"""Single points of failure whose evidence is looked at where nobody names one."""


class Cut(NamedTuple):
    """What to cut.

    Attributes:
        order: most members of a set.
        kind: entities, claims, sources or origins.
        deny: for evidence: whose denial stops the target (all together); empty for each single point of failure.
        cheapest: only the cheapest cut under the costs. costs: name -> cost of denying it, others cost 1; inf forbids.
    """

    order: int = 2
    kind: str = ENTITIES
    deny: Sequence[str] = ()
    cheapest: bool = False
    costs: Mapping[str, float] = {}


def cutsets(lens: Lens, name: str, cut: Cut, progress: Progress | None = None) -> CutSets:
    """Minimal cut sets of a target; see ``KnowledgeGraph.cutsets``."""
    if cut.kind not in (ENTITIES, CLAIMS, SOURCES, ORIGINS):
        raise BadInput(f"no kind of cut set is called {cut.kind!r}", hint="one of entities, claims, sources, origins")
    if cut.costs and not cut.cheapest:
        raise BadInput("costs are for the cheapest cut", hint="add --cheapest")
    target = lens.resolve(name)
    if cut.kind == ENTITIES:
        if cut.deny:
            raise BadInput("what is denied matters for evidence only", hint="add --evidence claims")
        return _of_entities(lens, target, cut, progress)
    if cut.cheapest:
        raise BadInput("the cheapest cut is one of entities", hint="leave out --evidence")
    return _of_evidence(lens, target, cut)


def _of_entities(lens: Lens, target: int, cut: Cut, progress: Progress | None) -> CutSets:
    cone = _cone(lens, target)
    costs = {lens.catalog.resolve(name): cost for name, cost in cut.costs.items()}
    parameters = {"deny": [], "cheapest": cut.cheapest, "costs": {lens.catalog.ref(entity).id: cost for entity, cost in costs.items()}}
    notes = ("The target itself is left out; what the graph does not know of is not counted.",)
    if cut.cheapest:
        found = cheapest_cut(lens.network, target, costs)
        if not found.possible:
            raise Refused(f"no set of entities that may be denied stops {lens.catalog.label(target)}", hint="forbid fewer of them")
        sets = [found.members] if found.members else []
        down, complete, cost = not sets, True, found.cost
    else:
        all_ = cut_sets(lens.network, target, cut.order, progress=progress)
        sets, down, complete, cost = all_.sets, all_.stopped, all_.complete, None
    return CutSets(
        target=lens.catalog.ref(target), order=max([cut.order, *map(len, sets)]) if cut.cheapest else cut.order, complete=complete,
        kind=ENTITIES, sets=tuple(_entity_set(lens, members, cone) for members in sets), unavailable=down, cost=cost, notes=notes,
        **lens.stamp(**parameters),
    )  # fmt: skip


def _entity_set(lens: Lens, members: Sequence[int], cone: Collection[int]) -> CutSet:
    found = tuple(Member(**lens.named(entity), claims=lens.claims(_serving(lens, entity, cone))) for entity in members)
    return CutSet(found, None, tuple(dict.fromkeys(claim for member in found for claim in member.claims)))


def _cone(lens: Lens, target: int) -> frozenset[int]:
    """The target and everything whose failure could matter to it."""
    return frozenset(Spread(lens.network, [target]).cone)


def _serving(lens: Lens, entity: int, cone: Collection[int]) -> list[int]:
    """Links by which an entity serves what matters to a target."""
    network = lens.network
    return [
        link for link in network.needed_by[entity] if network.serves(link) and network.essential(link) and network.dependent[link] in cone
    ]


class _Conclusion(NamedTuple):
    """Denying some entities stops a target."""

    text: str
    denied: tuple[int, ...]
    withdrawals: Withdrawals
    target: int

    def holds(self, withdrawn: Mapping[int, int], columns: int) -> int:
        return self.withdrawals.stopped(withdrawn, columns, self.denied, self.target)


def _conclusion(lens: Lens, target: int, denied: Sequence[int]) -> _Conclusion:
    label = lens.catalog.label
    text = f"denying {' and '.join(map(label, denied))} stops {label(target)}"
    return _Conclusion(text, tuple(denied), Withdrawals(lens.network, [target]), target)


def _conclusions(lens: Lens, target: int, deny: Sequence[str]) -> list[_Conclusion]:
    """The named conclusion, or one for each single point of failure.

    Raises:
        Refused: the target runs on, is down anyway, or has no single point of failure.
    """
    label = lens.catalog.label
    if deny:
        denied = [lens.resolve(name) for name in deny]
        if target in denied:
            raise BadInput(f"{label(target)} is denied itself", hint="name what it depends on")
        found = _conclusion(lens, target, denied)
        if not found.holds({}, 1):
            raise Refused(f"it does not hold that {found.text}", hint="agikg whatif --deny NAME shows what does")
        return [found]
    singles = cut_sets(lens.network, target, 1)
    if not singles.sets:
        why = "it is unavailable with nothing denied" if singles.stopped else "no single denial stops it"
        raise Refused(f"there is no conclusion on {label(target)} to take the evidence of: {why}", hint="name one with --deny")
    return [_conclusion(lens, target, members) for members in singles.sets[:_MOST_CONCLUSIONS]]


def _of_evidence(lens: Lens, target: int, cut: Cut) -> CutSets:
    sets: list[CutSet] = []
    conclusions = _conclusions(lens, target, cut.deny)
    looked_at = 0
    for conclusion in conclusions:
        events = _events(lens, conclusion.withdrawals.claims, cut.kind)
        looked_at = max(looked_at, len(events))
        found = evidence_cuts(conclusion.holds, list(events.values()), cut.order)
        keys = list(events)
        sets += [_evidence_set(lens, [keys[event] for event in members], events, cut.kind, conclusion.text) for members in found.sets]
    notes = (f"Every set of at most {cut.order} of up to {looked_at} {cut.kind} was tried.",)
    parameters = {"deny": [lens.catalog.ref(lens.resolve(name)).id for name in cut.deny], "cheapest": False, "costs": {}}
    return CutSets(
        target=lens.catalog.ref(target), order=cut.order, complete=len(conclusions) < _MOST_CONCLUSIONS or bool(cut.deny), kind=cut.kind,
        sets=tuple(sets), unavailable=False, cost=None, notes=notes, **lens.stamp(**parameters),
    )  # fmt: skip


def _events(lens: Lens, claims: Sequence[int], kind: str) -> dict[str, list[int]]:
    """Key of each event (claim id, source id, origin id) -> its claims."""
    column = {CLAIMS: "id", SOURCES: "source", ORIGINS: "origin"}[kind]
    found: dict[str, list[int]] = {}
    for claim in claims:
        found.setdefault(str(lens.catalog.row(claim)[column]), []).append(claim)
    return found


def _evidence_set(lens: Lens, keys: Sequence[str], events: Mapping[str, list[int]], kind: str, conclusion: str) -> CutSet:
    titles = {source.id: source.title for source in lens.catalog.sources()}
    members = []
    for key in keys:
        claims = tuple(str(lens.catalog.row(claim)["id"]) for claim in events[key])
        label = lens.catalog.row(events[key][0])["statement"] if kind == CLAIMS else titles.get(key, key)
        members.append(Member(key, label, None, claims))
    return CutSet(tuple(members), conclusion, tuple(dict.fromkeys(claim for member in members for claim in member.claims)))


class Doubt(NamedTuple):
    """What to take as uncertain.

    Attributes:
        probabilities: name -> probability of being unavailable; empty for structural importance.
        deny: if given, the conclusion that denying these stops the target, each claim right with its confidence.
        samples, seed: of the Monte Carlo sample, where there are too many events to enumerate.
        cluster: address of a Dask scheduler that draws it; not for a conclusion.
    """

    probabilities: Mapping[str, float] = {}
    deny: Sequence[str] = ()
    samples: int = 20_000
    seed: int = 0
    cluster: str | None = None


def importances(lens: Lens, name: str, doubt: Doubt, progress: Progress | None = None) -> Importances:
    """How likely a target is down or a conclusion right, and what decides it; see ``KnowledgeGraph.importance``."""
    if doubt.probabilities and doubt.deny:
        raise BadInput("probabilities of entities and a conclusion were both given", hint="give one of them")
    if doubt.cluster is not None and doubt.deny:
        raise BadInput("a conclusion is not worked out on a cluster", hint="leave the cluster out: it hangs on few claims")
    target = lens.resolve(name)
    return _of_conclusion(lens, target, doubt) if doubt.deny else _of_target(lens, target, doubt, progress)


def _of_target(lens: Lens, target: int, doubt: Doubt, progress: Progress | None) -> Importances:
    given = {lens.resolve(name): probability for name, probability in doubt.probabilities.items()}
    found = importance(lens.network, target, given or None, samples=doubt.samples, seed=doubt.seed, draws=_draws(doubt, progress))
    cone = _cone(lens, target)
    items = tuple(
        EventImportance(
            **lens.named(row.event), probability=row.probability, birnbaum=_short(row.birnbaum) or 0.0,
            risk_achievement=_short(row.risk_achievement), risk_reduction=_short(row.risk_reduction),
            fussell_vesely=_short(row.fussell_vesely), claims=lens.claims(_serving(lens, row.event, cone)),
        )
        for row in found.measures
        if row.birnbaum > 0
    )  # fmt: skip
    notes = [f"Entities fail independently; {found.method}."]
    if found.order is not None:
        notes.append(f"Fussell-Vesely uses the minimal cut sets up to order {found.order}.")
    unused = [lens.catalog.label(entity) for entity in given if entity not in {row.event for row in found.measures} and given[entity] > 0]
    if unused:
        notes.append(f"It does not need {', '.join(unused)}.")
    return Importances(
        conclusion=None, probability=_interval(found.unavailable), items=items, method=found.method, structural=found.structural,
        **_about(lens, target, notes, doubt),
    )  # fmt: skip


def _of_conclusion(lens: Lens, target: int, doubt: Doubt) -> Importances:
    (conclusion,) = _conclusions(lens, target, doubt.deny)
    claims = conclusion.withdrawals.claims
    rows = [lens.catalog.row(claim) for claim in claims]
    scores = [float(row["confidence_score"]) for row in rows]
    found = certainty(conclusion.holds, claims, scores, samples=doubt.samples, seed=doubt.seed)
    items = [
        EventImportance(row["id"], row["statement"], None, _short(1 - score) or 0.0, _short(weight) or 0.0, None, None, None, (row["id"],))
        for row, score, weight in zip(rows, scores, found.influence, strict=True)
        if abs(weight) > 1e-12
    ]
    items.sort(key=lambda item: (-item.birnbaum, item.id))
    notes = [f"Claims are right independently, each with its confidence; {found.method}. A confidence is a judgement, not a frequency."]
    return Importances(
        conclusion=conclusion.text, probability=_interval(found.probability), items=tuple(items), method=found.method, structural=False,
        **_about(lens, target, notes, doubt),
    )  # fmt: skip


def _draws(doubt: Doubt, progress: Progress | None) -> Draws | None:
    """What draws the samples where it is not done here."""
    if doubt.cluster is None:
        return None
    from agikg.analysis.cluster import draws_on

    return draws_on(doubt.cluster, progress=progress)


def _interval(probability: tuple[float, float, float]) -> Interval:
    return Interval(*(_short(value) or 0.0 for value in probability))


def _about(lens: Lens, target: int, notes: list[str], doubt: Doubt) -> dict[str, Any]:
    """What every importance says: of what, with which notes, from which parameters."""
    return {
        "target": lens.catalog.ref(target),
        "notes": tuple(notes),
        **lens.stamp(
            probabilities={lens.catalog.ref(lens.resolve(name)).id: value for name, value in doubt.probabilities.items()},
            deny=[lens.catalog.ref(lens.resolve(name)).id for name in doubt.deny],
            samples=doubt.samples,
            seed=doubt.seed,
        ),
    }


def _short(value: float | None) -> float | None:
    """Four significant digits at most."""
    return None if value is None else float(f"{value:.4g}")
