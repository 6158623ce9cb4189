"""Dependents and dependencies as records: every item with its link, its claims and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from agikg.analysis import reach as analysis
from agikg.catalog import Catalog
from agikg.model.reach import Reach, Reached
from agikg.model.scope import EntityRef, Hop, Scope
from agikg.network import DependencyNetwork

ESSENTIAL, ONE_OF, SUPPORTING = "essential", "one of several", "supporting"


def reach(catalog: Catalog, root: int, direction: str, depth: int | None, scope: Scope, snapshot: str) -> Reach:
    """What depends on an entity (``dependents``) or what it depends on (``dependencies``)."""
    network = catalog.network_in(scope)
    up = direction == "dependents"
    run = analysis.dependents if up else analysis.dependencies
    scores = LinkScores(catalog, network)
    found = run(network, root, depth, scores)
    items = sorted((item(catalog, network, step, found, scores, up=up) for step in found.steps), key=_order)
    return Reach(
        root=catalog.ref(root),
        items=tuple(items),
        snapshot=snapshot,
        as_of=scope.as_of,
        known_at=scope.known_at,
        scope=scope,
        parameters={"direction": direction, "depth": depth},
        left_out=tuple(catalog.left_out(scope)),
    )


def _order(reached: Reached) -> tuple[bool, int, int, str]:
    """Open links before closed ones, near before far, what a source says in so many words before what follows."""
    return reached.role in (analysis.ALTERNATIVE, analysis.BARRED), reached.depth, len(reached.claims), reached.label


class LinkScores(Sequence[float]):
    """Confidence of the links of a network, worked out when first asked for."""

    def __init__(self, catalog: Catalog, network: DependencyNetwork) -> None:
        self._catalog = catalog
        self._network = network
        self._known: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._network)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[float]: ...
    def __getitem__(self, index: int | slice) -> float | Sequence[float]:
        if isinstance(index, slice):
            return [self[position] for position in range(*index.indices(len(self)))]
        if index not in self._known:
            self._known[index] = self._catalog.score(self._network.evidence[index])
        return self._known[index]


def item(
    catalog: Catalog, network: DependencyNetwork, step: analysis.Step, found: analysis.Reached, scores: Sequence[float], *, up: bool
) -> Reached:
    """One step of a reach as a record."""
    chain = found.chain(network, step, up=up)
    ends = network.supplier if up else network.dependent
    hop = link_hop(catalog, network, step.link, scores[step.link])
    ref = catalog.ref(step.entity)
    return Reached(
        id=ref.id,
        label=ref.label,
        layer=ref.layer,
        depth=step.depth,
        role=step.role,
        via=hop,
        claims=hop.claims,
        necessity=necessity(network, step.link),
        alternatives=tuple(catalog.ref(network.supplier[other]) for other in serving_alternatives(network, step.link)),
        confidence=catalog.word(min(scores[link] for link in chain)),
        chain=(ref.id, *(network.names[ends[link]] for link in chain)),
        barred_by=tuple(network.claims[claim] for claim in network.bars[step.link]),
    )


def link_hop(catalog: Catalog, network: DependencyNetwork, link: int, score: float) -> Hop:
    """A dependency link as a hop from the dependent to what it needs."""
    predicate = network.predicates[network.predicate[link]]
    forward = catalog.predicates[predicate]["dependent_end"] == "subject"
    ends = catalog.ref(network.dependent[link]), catalog.ref(network.supplier[link])
    return make_hop(catalog, predicate, ends, network.evidence[link], score, forward=forward)


def make_hop(
    catalog: Catalog, predicate: str, ends: tuple[EntityRef, EntityRef], evidence: Sequence[Sequence[int]], score: float, *, forward: bool
) -> Hop:
    """A hop between two ends that reads truly: against the claim it carries the name of the inverse."""
    declared = catalog.predicates[predicate]
    name = declared["name"] if forward else declared["inverse"]
    reading = declared["label"] if forward else declared["inverse_label"]
    claims = tuple(dict.fromkeys(str(catalog.row(claim)["id"]) for claims in evidence for claim in claims))
    a, b = ends
    return Hop(a.label, name, b.label, claims, a.id, b.id, reading, catalog.word(score), catalog.modality(evidence))


def necessity(network: DependencyNetwork, link: int) -> str:
    """Whether the link's loss stops the dependent, leaves others to serve, or only weakens it."""
    if not network.essential(link):
        return SUPPORTING
    others = len(serving_alternatives(network, link))
    return ONE_OF if others >= network.group_minimum[network.group[link]] else ESSENTIAL


def serving_alternatives(network: DependencyNetwork, link: int) -> list[int]:
    """Other links of the same requirement that serve."""
    return [other for other in network.alternatives(link) if network.serves(other)]
