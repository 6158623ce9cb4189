"""A scenario as a record: what fails, degrades, is substituted, barred, restored, against the baseline."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from agikg.analysis.capacity import OPTIMISTIC, PESSIMISTIC, Levels
from agikg.analysis.denial import DENIED, Change, Outage, causes, changes, outage
from agikg.errors import BadInput, Refused
from agikg.model.scenario import BarredLink, Degraded, Failed, Level, Restored, Substitute, Substituted, WhatIf
from agikg.network import DependencyNetwork
from agikg.views.lens import Lens
from agikg.views.places import EITHER, Places


class Scenario(NamedTuple):
    """What to change, by name.

    Attributes:
        deny: entities. deny_links: pairs of a dependent and what it needs (or the other way round).
        deny_countries, deny_layers, deny_owners: everything that belongs to them; ``by`` says how to a country.
        lift: controls, or what they are part of.
        capacity: name -> most it can run at, 0-1.
    """

    deny: Sequence[str] = ()
    deny_links: Sequence[tuple[str, str]] = ()
    deny_countries: Sequence[str] = ()
    deny_layers: Sequence[str] = ()
    deny_owners: Sequence[str] = ()
    by: str = EITHER
    lift: Sequence[str] = ()
    capacity: Mapping[str, float] = {}


class Setting(NamedTuple):
    """A scenario, resolved: positions of entities, links and claims."""

    denied: list[int]
    cut: list[int]
    lifted: list[int]
    lifted_claims: set[int]
    caps: dict[int, float]


def whatif(lens: Lens, scenario: Scenario) -> WhatIf:
    """Runs a scenario; see ``KnowledgeGraph.whatif``."""
    setting = resolve(lens, scenario)
    return _Run(lens, setting).record(_parameters(lens, scenario))


def resolve(lens: Lens, scenario: Scenario) -> Setting:
    """Names to positions.

    Raises:
        BadInput: an empty scenario, a capacity outside 0-1, or something both denied and capped.
        UnknownName, AmbiguousName, Refused: names that mean nothing here.
    """
    if not any(
        (
            scenario.deny,
            scenario.deny_links,
            scenario.deny_countries,
            scenario.deny_layers,
            scenario.deny_owners,
            scenario.lift,
            scenario.capacity,
        )
    ):
        raise BadInput("an empty scenario changes nothing", hint="deny, lift or cap something: agikg whatif --deny NAME")
    places = Places(lens)
    denied = [lens.resolve(name) for name in scenario.deny]
    for name in scenario.deny_owners:
        denied += sorted(places.owned_by(lens.catalog.resolve(name)))
    for name in scenario.deny_countries:
        denied += sorted(places.in_place(lens.catalog.resolve(name), scenario.by))
    for layer in scenario.deny_layers:
        denied += in_layer(lens, layer)
    lifted: list[int] = []
    lifted_claims: set[int] = set()
    for name in scenario.lift:
        controls = lifts(lens, places, lens.catalog.resolve(name))
        lifted += controls
        lifted_claims |= {claim for control in controls for claim in lens.closing.get(control, set())}
    caps = {lens.resolve(name): level for name, level in scenario.capacity.items()}
    both = set(caps) & set(denied)
    if both:
        raise BadInput(f"{lens.catalog.label(min(both))} is both denied and given a capacity", hint="a capacity of 0 is a denial")
    cut = [link for a, b in scenario.deny_links for link in links_between(lens, lens.resolve(a), lens.resolve(b))]
    return Setting(list(dict.fromkeys(denied)), cut, list(dict.fromkeys(lifted)), lifted_claims, caps)


def in_layer(lens: Lens, layer: str) -> list[int]:
    """Entities of a layer of which the dependency network knows anything.

    Raises:
        BadInput: no such layer. Refused: nothing of it is known there.
    """
    layers = [concept["key"] for concept in lens.catalog.concepts("layers")]
    if layer not in layers:
        raise BadInput(f"no layer is called {layer!r}", hint=f"the layers: {', '.join(layers)}")
    found = sorted(entity for entity in lens.connected if lens.catalog.ref(entity).layer == layer)
    if not found:
        raise Refused(f"the graph knows no dependency of or on anything in the layer {layer}")
    return found


def links_between(lens: Lens, a: int, b: int) -> list[int]:
    """Dependency links between two entities, in whichever direction there are.

    Raises:
        Refused: there are none in scope.
    """
    network = lens.network
    ends = {(a, b), (b, a)}
    found = [link for link in (*network.needs_of[a], *network.needs_of[b]) if (network.dependent[link], network.supplier[link]) in ends]
    if not found:
        labels = f"{lens.catalog.label(a)} and {lens.catalog.label(b)}"
        raise Refused(
            f"neither of {labels} directly depends on the other in this scope", hint="agikg path A B shows how they are connected"
        )
    return found


def lifts(lens: Lens, places: Places, name: int) -> list[int]:
    """The controls that lifting something lifts: itself or its parts.

    Raises:
        Refused: neither closes any link.
    """
    closing = lens.closing
    found = sorted(places.parts_of(name) & closing.keys())
    if not found:
        known = ", ".join(lens.catalog.label(control) for control in sorted(closing))
        hint = f"these close links: {known}" if known else "no control of the graph closes a link"
        raise Refused(f"{lens.catalog.label(name)} closes no dependency of the graph, so lifting it changes nothing", hint=hint)
    return found


def _parameters(lens: Lens, scenario: Scenario) -> dict[str, object]:
    def ids(names: Sequence[str]) -> list[str]:
        return [lens.catalog.ref(lens.catalog.resolve(name)).id for name in names]

    return {
        "deny": ids(scenario.deny), "deny_links": [ids(pair) for pair in scenario.deny_links],
        "deny_countries": ids(scenario.deny_countries), "deny_layers": list(scenario.deny_layers),
        "deny_owners": ids(scenario.deny_owners), "by": scenario.by, "lift": ids(scenario.lift),
        "capacity": dict(zip(ids(list(scenario.capacity)), scenario.capacity.values(), strict=True)),
    }  # fmt: skip


class _Run:
    """One scenario on its network."""

    def __init__(self, lens: Lens, setting: Setting) -> None:
        self.lens = lens
        self.setting = setting
        self.before = lens.network
        cut = set(setting.cut)
        self.after: DependencyNetwork = self.before.with_bars(
            link in cut or not all(claim in setting.lifted_claims for claim in bars) for link, bars in enumerate(self.before.bars)
        )
        self.was = outage(self.before)
        self.now = outage(self.after, setting.denied)

    def record(self, parameters: dict[str, object]) -> WhatIf:
        lens, setting = self.lens, self.setting
        denied = set(setting.denied)
        fresh = [entity for entity in self.now.failed if entity not in self.was.failed and entity not in denied]
        altered = changes(self.before, self.was, self.after, self.now)
        levels, shares = self._levels()
        capped = {lens.catalog.position[level.id] for level in levels}
        concerned = {*fresh, *denied, *altered, *self.was.failed, *capped}
        return WhatIf(
            denied=lens.refs(setting.denied),
            lifted=lens.refs(setting.lifted),
            denied_links=tuple(map(lens.hop, setting.cut)),
            capped=lens.refs(setting.caps),
            failed=tuple(self._failed(self.after, self.now, fresh)),
            degraded=tuple(self._degraded(owner, change) for owner, found in altered.items() for change in found if change.lost),
            substituted=tuple(entry for owner, found in altered.items() for change in found for entry in self._substituted(owner, change)),
            barred=tuple(self._barred([*fresh, *altered])),
            restored=tuple(self._restored()),
            baseline_unavailable=tuple(self._failed(self.before, self.was, self.was.failed)),
            capacity=tuple(levels),
            untouched=len(lens.connected - concerned),
            shares_known=shares,
            **lens.stamp(**parameters),
        )

    def _failed(self, network: DependencyNetwork, result: Outage, entities: Collection[int]) -> list[Failed]:
        lens, chains = self.lens, causes(network, result)
        found = []
        for entity in entities:
            chain, group = chains[entity], result.failed[entity]
            if group == DENIED:
                continue
            if chain:
                group = network.group[chain[0]]
            closed = [link for link in network.members[group] if network.bars[link] and not network.serves(link)]
            reasons = chain or network.members[group]
            found.append(
                Failed(
                    **lens.named(entity),
                    because=tuple(map(lens.hop, chain)),
                    function=lens.function(group),
                    confidence=lens.word(reasons),
                    claims=lens.claims(reasons),
                    barred_by=lens.bars(closed),
                )
            )
        return sorted(found, key=lambda item: (len(item.because), item.label))

    def _suppliers(self, links: Sequence[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self.before.supplier[link] for link in links))

    def _degraded(self, owner: int, change: Change) -> Degraded:
        lens = self.lens
        return Degraded(
            **lens.named(owner),
            function=lens.function(change.group),
            essential=bool(self.before.group_essential[change.group]),
            lost=lens.refs(self._suppliers(change.lost)),
            remaining=lens.refs(self._suppliers(change.remaining)),
            claims=lens.claims(change.lost),
        )

    def _substituted(self, owner: int, change: Change) -> list[Substituted]:
        lens = self.lens
        used = [link for link in change.lost if self.before.in_use[link]]
        if not (used and change.remaining and self.before.group_essential[change.group]):
            return []
        by = tuple(substitute(lens, link) for link in change.remaining)
        lost = lens.refs(self._suppliers(used))
        return [Substituted(**lens.named(owner), function=lens.function(change.group), lost=lost, by=by, claims=lens.claims(used))]

    def _barred(self, entities: Sequence[int]) -> list[BarredLink]:
        """Closed alternatives of what fails or changes."""
        network = self.after
        links = [link for entity in dict.fromkeys(entities) for link in network.needs_of[entity]]
        return [barred_link(self.lens, link) for link in links if network.bars[link] and not network.serves(link)]

    def _restored(self) -> list[Restored]:
        lens = self.lens
        found = []
        for link in range(len(self.before)):
            opened = self.before.barred[link] and not self.after.barred[link]
            if opened and self.before.supplier[link] not in self.now.failed:
                owner = self.before.dependent[link]
                found.append(
                    Restored(
                        **lens.named(owner),
                        alternative=lens.catalog.ref(self.before.supplier[link]),
                        available=owner in self.was.failed and owner not in self.now.failed,
                        claims=lens.claims([link]),
                        barred_by=lens.bars([link]),
                    )
                )
        return sorted(found, key=lambda item: item.label)

    def _levels(self) -> tuple[list[Level], tuple[int, int] | None]:
        """Levels under both bounds, where the scenario sets capacities."""
        if not self.setting.caps:
            return [], None
        lens = self.lens
        caps = {**self.setting.caps, **dict.fromkeys(self.setting.denied, 0.0)}
        best, worst = (self._fallen(bound, caps) for bound in (OPTIMISTIC, PESSIMISTIC))
        found = []
        for entity in sorted({*best, *worst}, key=lambda entity: (worst.get(entity, 1.0), lens.catalog.label(entity))):
            links = [link for link in self.after.needs_of[entity] if self.after.supplier[link] in {*best, *worst}]
            pair = best.get(entity, 1.0), worst.get(entity, 1.0)
            found.append(
                Level(**lens.named(entity), optimistic=round(pair[0], 4), pessimistic=round(pair[1], 4), claims=lens.claims(links))
            )
        links = [link for entity in {*best, *worst} for link in self.after.needs_of[entity]]
        known = sum(self.after.share[link] == self.after.share[link] for link in links)
        return found, (known, len(links))

    def _fallen(self, bound: str, caps: Mapping[int, float]) -> dict[int, float]:
        """Levels that are below the baseline's, by entity: closed links and caps together."""
        before, after = Levels(self.before, bound), Levels(self.after, bound)
        levels = {**dict(enumerate(after.baseline)), **after.under(caps)}
        return {entity: level for entity, level in levels.items() if level < before.baseline[entity] - 1e-6}


def substitute(lens: Lens, link: int) -> Substitute:
    """The supplier of a link as something that can serve."""
    network = lens.network
    entity = network.supplier[link]
    return Substitute(**lens.named(entity), in_use=bool(network.in_use[link]), confidence=lens.word([link]), claims=lens.claims([link]))


def barred_link(lens: Lens, link: int) -> BarredLink:
    """A link that controls close, with the controls and since when."""
    network, catalog = lens.network, lens.catalog
    rows = [catalog.row(claim) for claim in network.bars[link]]
    dates = sorted(row["valid_from"] for row in rows if row["valid_from"])
    return BarredLink(
        **lens.named(network.dependent[link]),
        alternative=catalog.ref(network.supplier[link]),
        controls=lens.refs(dict.fromkeys(catalog.position[row["subject"]] for row in rows)),
        since=dates[0] if dates else None,
        claims=lens.claims([link]),
        barred_by=lens.bars([link]),
    )
