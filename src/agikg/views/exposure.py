"""Exposure of what a target needs to countries and other places, as a record."""

from __future__ import annotations

from collections.abc import Sequence

from agikg.analysis.cutsets import CutSets, cut_sets
from agikg.analysis.denial import outage
from agikg.analysis.measures import to_part
from agikg.analysis.spread import Spread
from agikg.model.criticality import Exposed, Exposure
from agikg.views.lens import Lens
from agikg.views.places import Placed, Places


def exposure(lens: Lens, name: str, order: int = 2) -> Exposure:
    """How much of what a target needs touches each place; see ``KnowledgeGraph.exposure``."""
    target = lens.resolve(name)
    places = Places(lens)
    needs = [entity for entity in Spread(lens.network, [target]).cone if entity != target]
    needed = frozenset(needs)
    placed = {entity: where for entity, where in places.placed.items() if entity in needed}
    cuts = cut_sets(lens.network, target, order)
    found = {place for where in placed.values() for place in (*where.headquarters, *where.site)}
    items = [_exposed(lens, target, place, needs, placed, cuts) for place in found]
    # Each need counts for one place only: the widest of its headquarters, else of its site.
    roots = set(places.roots(found))
    widest = [next((place for place in (*where.headquarters, *where.site) if place in roots), None) for where in placed.values()]
    shares = [(str(place), 1 / len(needs)) for place in widest if place is not None]
    known = {
        "headquarters": sum(bool(where.headquarters) for where in placed.values()),
        "site": sum(bool(where.site) for where in placed.values()),
        "unknown": len(needs) - len(placed),
    }
    notes = [f"Cut sets up to order {order}; shares are of all {len(needs)} needs, placed or not."]
    if known["unknown"]:
        notes.append("What is not placed may belong anywhere: every share is a lower bound.")
    return Exposure(
        target=lens.catalog.ref(target), needs=len(needs), placed=known,
        items=tuple(sorted(items, key=lambda row: (-row.requirements, row.label))), countries_to_75=to_part(shares), notes=tuple(notes),
        **lens.stamp(order=order),
    )  # fmt: skip


def _exposed(lens: Lens, target: int, place: int, needs: Sequence[int], placed: dict[int, Placed], cuts: CutSets) -> Exposed:
    by_headquarters = [entity for entity, where in placed.items() if place in where.headquarters]
    by_site = [entity for entity, where in placed.items() if place in where.site]
    touching = set(by_headquarters) | set(by_site)
    claims = [where.headquarters.get(place, ()) + where.site.get(place, ()) for where in placed.values()]
    return Exposed(
        **lens.named(place),
        headquarters=lens.refs(by_headquarters),
        site=lens.refs(by_site),
        requirements=round(len(touching) / len(needs), 4),
        headquarters_share=round(len(by_headquarters) / len(needs), 4),
        site_share=round(len(by_site) / len(needs), 4),
        cut_sets=round(sum(touching.issuperset(members) for members in cuts.sets) / len(cuts.sets), 4) if cuts.sets else None,
        denial_stops=target in outage(lens.network, touching).failed and not cuts.stopped,
        claims=tuple(dict.fromkeys(claim for some in claims for claim in some)),
    )
