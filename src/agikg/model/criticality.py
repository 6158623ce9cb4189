"""What others hang on: chokepoints, cut sets, importance, exposure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record
from agikg.model.result import Result, command_line, counted, listed
from agikg.model.scenario import BarredLink, Substitute
from agikg.model.scope import EntityRef, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stopped(Record):
    """An entity that a chokepoint stops, with the claims of the shortest chain and how sure its weakest link is."""

    id: str
    label: str
    layer: str
    confidence: str
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Replacement(Record):
    """What is left for a requirement that a chokepoint serves.

    Attributes:
        owner: whose requirement. function: what for.
        remaining: alternatives that serve. barred: alternatives that controls close.
    """

    owner: EntityRef
    function: str
    remaining: tuple[Substitute, ...]
    barred: tuple[BarredLink, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chokepoint(Record):
    """An entity whose denial alone stops others.

    Attributes:
        rank: by the chosen measure; equals share the better one.
        stops: what stops, targets only.
        measures: name -> value; see ``docs/analysis.md``.
        substitutes: what is left for each requirement it serves directly.
        disagreement: a sentence where another measure sees it quite differently, or None.
        ranks: rank under each confidence floor, where stability was asked for (None where it stops nothing any more).
    """

    id: str
    label: str
    layer: str
    rank: int
    stops: tuple[Stopped, ...]
    measures: dict[str, float]
    substitutes: tuple[Replacement, ...]
    disagreement: str | None
    confidence: str
    claims: tuple[str, ...]
    ranks: dict[str, int | None] | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chokepoints(Result):
    """Chokepoints of some targets, ranked.

    Attributes:
        targets: whose loss counts; empty for every entity.
        swept: how many entities were denied, each alone.
        notes: what the numbers do not say.
    """

    targets: tuple[EntityRef, ...]
    items: tuple[Chokepoint, ...]
    swept: int
    notes: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The ranking in sentences."""
        found, layer = self.parameters["found"], self.parameters["layer"]
        whose = f"the layer {layer}" if layer else listed([ref.label for ref in self.targets]) if self.targets else "the whole chain"
        if not self.items:
            return f"Of {self.swept} entities denied one by one, none alone stops anything of {whose} as of {self.as_of}."
        shown = f", the first {len(self.items)} shown" if len(self.items) < found else ""
        lines = [f"Of {self.swept} entities denied one by one, {found} count for {whose} as of {self.as_of}{shown}:"]
        for item in self.items:
            stopped = listed([s.label for s in item.stops], 6) or "nothing"
            lines.append(f"{item.rank}. {item.label} stops {stopped} ({item.confidence} confidence).")
            for entry in item.substitutes:
                if entry.remaining:
                    lines.append(
                        f"   {listed([s.label for s in entry.remaining])} would still serve {entry.owner.label} ({entry.function})."
                    )
            for bar in (bar for entry in item.substitutes for bar in entry.barred):
                lines.append(f"   {bar.alternative.label} is closed to {bar.label} by {listed([c.label for c in bar.controls])}.")
            if item.disagreement:
                lines.append(f"   {item.disagreement}")
        return "\n".join([*lines, *self.notes])

    def command(self) -> str:
        """The command line that repeats the ranking."""
        p = self.parameters
        weights = [f"{name}={weight:g}" for name, weight in p["weights"].items()]
        options = {"for": p["for"], "layer": p["layer"], "measure": p["measure"], "weight": weights, "stability": p["stability"]}
        return command_line("chokepoints", scope=self.scope, options=options)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member(Record):
    """An entity, claim, source or origin in a cut set: ``label`` is a claim's statement, a source's title."""

    id: str
    label: str
    layer: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutSet(Record):
    """One minimal set.

    Attributes:
        members: all of them together stop the target; or withdrawn together they remove the conclusion.
        conclusion: for evidence: what is removed ("denying X stops Y"); None for entities.
    """

    members: tuple[Member, ...]
    conclusion: str | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CutSets(Result):
    """Minimal cut sets of a target, complete up to an order.

    Attributes:
        kind: entities, claims, sources or origins.
        complete: whether these are all up to the order.
        unavailable: the target is down with nothing denied.
        cost: of the cheapest cut, where that was asked for.
        notes: what the sets do not say.
    """

    target: EntityRef
    order: int
    complete: bool
    kind: str
    sets: tuple[CutSet, ...]
    unavailable: bool
    cost: float | None
    notes: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The sets in sentences."""
        if self.unavailable:
            return f"{self.target.label} is unavailable with nothing denied, as of {self.as_of}: there is nothing to cut."
        extent = "all" if self.complete else "not all"
        what = "stop it" if self.kind == "entities" else "remove the conclusion when withdrawn"
        lines = [
            f"{self.target.label}: {len(self.sets)} minimal sets of at most {self.order} {self.kind} {what} ({extent} up to that order)."
        ]
        for one in self.sets:
            lead = f"{one.conclusion}: " if one.conclusion else ""
            lines.append(f"- {lead}{' + '.join(member.label for member in one.members)}")
        return "\n".join([*lines, *self.notes])

    def command(self) -> str:
        """The command line that repeats the analysis."""
        p = self.parameters
        options = {
            "order": self.order, "evidence": None if self.kind == "entities" else self.kind, "deny": p["deny"], "cheapest": p["cheapest"],
            "cost": [f"{name}={cost:g}" for name, cost in p["costs"].items()],
        }  # fmt: skip
        return command_line("cutsets", self.target.id, scope=self.scope, options=options)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EventImportance(Record):
    """Measures of one entity or claim; None where a denominator is 0.

    Attributes:
        probability: of being unavailable (for a claim: of being wrong).
        birnbaum: P(S | e) - P(S | not e). structural where nobody gave probabilities.
        risk_achievement, risk_reduction, fussell_vesely: see ``docs/analysis.md``; None for claims.
    """

    id: str
    label: str
    layer: str | None
    probability: float
    birnbaum: float
    risk_achievement: float | None
    risk_reduction: float | None
    fussell_vesely: float | None
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Interval(Record):
    """A probability; ``low`` and ``high`` equal it where it is exact, else they are a 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if self.low == self.high:
            return f"{self.value:.2g}"
        return f"{self.value:.2g} (95 % interval {self.low:.2g} to {self.high:.2g})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Importances(Result):
    """How likely a target is down, or a conclusion right, and what decides it.

    Attributes:
        conclusion: None for the unavailability of the target; else the conclusion whose probability is given.
        probability: of that.
        items: largest Birnbaum measure first.
        method: exact or monte carlo. structural: all probabilities are 1/2, because nobody gave any.
        notes: what the numbers do not say.
    """

    target: EntityRef
    conclusion: str | None
    probability: Interval
    items: tuple[EventImportance, ...]
    method: str
    structural: bool
    notes: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The numbers in sentences."""
        if self.structural:
            lines = [
                f"Nobody gave probabilities: structural importance, the share of states in which each decides about {self.target.label}."
            ]
        elif self.conclusion:
            lines = [f"{self.conclusion}: holds with probability {self.probability} if each claim is right with its confidence."]
        else:
            lines = [f"{self.target.label} is unavailable with probability {self.probability}."]
        lines += [f"- {item.label}: {item.birnbaum:.2g}" for item in self.items]
        return "\n".join([*lines, *self.notes])

    def command(self) -> str:
        """The command line that repeats the analysis."""
        p = self.parameters
        given = [f"{name}={value:g}" for name, value in p["probabilities"].items()]
        options = {"probability": given, "deny": p["deny"], "samples": p["samples"], "seed": p["seed"]}
        return command_line("importance", self.target.id, scope=self.scope, options=options)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exposed(Record):
    """A place and how much of what the target needs touches it.

    Attributes:
        headquarters, site: entities that touch it by headquarters of theirs or of whose they are, and by where they stand.
        requirements: share (0-1) of the transitive essential needs that touch it by either way.
        headquarters_share, site_share: the same by one way.
        cut_sets: share of the minimal cut sets (up to the order) that it could bring about alone; None if there are none.
        denial_stops: whether denying everything that touches it stops the target.
    """

    id: str
    label: str
    layer: str
    headquarters: tuple[EntityRef, ...]
    site: tuple[EntityRef, ...]
    requirements: float
    headquarters_share: float
    site_share: float
    cut_sets: float | None
    denial_stops: bool
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Exposure(Result):
    """Exposure of a target to countries and other places.

    Attributes:
        needs: how many entities it needs, through any number of essential links.
        placed: how many of them have a known headquarters, site, or neither (the rest).
        countries_to_75: smallest number of places that together hold three quarters of the needs; None if unknown.
    """

    target: EntityRef
    needs: int
    placed: dict[str, int]
    items: tuple[Exposed, ...]
    countries_to_75: int | None
    notes: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The exposure in sentences."""
        known = self.placed
        placed = f"{known['headquarters']} with known headquarters, {known['site']} with a known site, {known['unknown']} with neither"
        lines = [f"{self.target.label} needs {counted(self.needs, 'entity', 'entities')} as of {self.as_of}: {placed}."]
        for item in self.items:
            stops = "; denying all of it stops the target" if item.denial_stops else ""
            lines.append(f"- {item.label}: {len(item.headquarters)} by headquarters, {len(item.site)} by site{stops}")
        return "\n".join([*lines, *self.notes])

    def command(self) -> str:
        """The command line that repeats the analysis."""
        return command_line("exposure", self.target.id, scope=self.scope, options={"order": self.parameters["order"]})
