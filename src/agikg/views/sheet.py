"""The fact sheet of one entity."""

from __future__ import annotations

from collections.abc import Sequence

from agikg.analysis import reach as analysis
from agikg.catalog import Catalog
from agikg.model.reach import Reached
from agikg.model.scope import Hop, Scope
from agikg.model.sheet import Need, Sheet
from agikg.network import DependencyNetwork
from agikg.views.figures import figure, timeline
from agikg.views.path import link_hop
from agikg.views.reach import LinkScores, item


def sheet(catalog: Catalog, position: int, scope: Scope, snapshot: str) -> Sheet:
    """Identity, figures over time, needs, dependents, relations, texts, controls and evidence of an entity."""
    entity = catalog.entity(position)
    network = catalog.network_in(scope)
    scores = LinkScores(catalog, network)
    said = [claim for claim in catalog.claims_of.get(entity.id, []) if catalog.said(claim, scope)]
    rows = [catalog.row(claim) for claim in said]
    own = [row for row in rows if row["subject"] == entity.id]
    party = [row["id"] for row in rows if entity.id in row["party_ids"]]
    kinds = {name: row["kind"] for name, row in catalog.predicates.items()}
    controls = [claim for link in (*network.needs_of[position], *network.needed_by[position]) for claim in network.bars[link]]
    return Sheet(
        entity=entity,
        kind_label=catalog.classes[entity.kind]["label"],
        values=tuple(figure(catalog, row) for row in timeline(catalog, own)),
        needs=needs(catalog, network, position, scores),
        dependents=_direct_dependents(catalog, network, position, scores),
        relations=_relations(catalog, position, scope),
        texts=tuple(row["id"] for row in own if kinds[row["predicate"]] == "text"),
        says=tuple(row["id"] for row in rows if row["attributed_id"] == entity.id),
        controls=tuple(dict.fromkeys((*(network.claims[claim] for claim in controls), *party))),
        contested=tuple(row["id"] for row in rows if row["disputes"] or row["disputed_by"]),
        claims=tuple(catalog.claim(claim) for claim in said),
        snapshot=snapshot,
        as_of=scope.as_of,
        known_at=scope.known_at,
        scope=scope,
    )


def needs(catalog: Catalog, network: DependencyNetwork, position: int, scores: Sequence[float]) -> tuple[Need, ...]:
    """Requirements of an entity with their alternatives, essential ones first."""
    groups: dict[int, list[int]] = {}
    for link in network.needs_of[position]:
        groups.setdefault(network.group[link], []).append(link)
    ordered = sorted(groups.items(), key=lambda pair: (not network.group_essential[pair[0]], pair[0]))
    return tuple(
        Need(
            function=network.group_function[group] or _reading(catalog, network, links[0]),
            essential=bool(network.group_essential[group]),
            minimum=network.group_minimum[group],
            alternatives=tuple(_as_item(catalog, network, link, scores) for link in links),
        )
        for group, links in ordered
    )


def _reading(catalog: Catalog, network: DependencyNetwork, link: int) -> str:
    return str(catalog.predicates[network.predicates[network.predicate[link]]]["label"])


def _as_item(catalog: Catalog, network: DependencyNetwork, link: int, scores: Sequence[float]) -> Reached:
    step = analysis.Step(network.supplier[link], link, 1, analysis.role_of(network, link))
    return item(catalog, network, step, analysis.Reached([step], {}), scores, up=False)


def _direct_dependents(catalog: Catalog, network: DependencyNetwork, position: int, scores: Sequence[float]) -> tuple[Reached, ...]:
    found = analysis.dependents(network, position, 1, scores)
    return tuple(item(catalog, network, step, found, scores, up=True) for step in found.steps)


def _relations(catalog: Catalog, position: int, scope: Scope) -> tuple[Hop, ...]:
    """Links that are no dependencies, read from this entity."""
    hops = []
    for link in catalog.links:
        if link.role != "none" or position not in (link.subject, link.object):
            continue
        if catalog.evidence(link, scope, dated=False):
            hops.append(link_hop(catalog, link, position, scope))
    return tuple(sorted(hops, key=lambda hop: (hop.reading, hop.to)))
