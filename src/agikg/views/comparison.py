"""What several entities share, and what changed between two dates, as records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agikg.analysis import reach as analysis
from agikg.analysis.cutsets import cut_sets
from agikg.analysis.denial import outage
from agikg.dates import period
from agikg.errors import BadInput
from agikg.model.comparison import Change, Changes, CommonDependencies, Shared
from agikg.views.lens import Lens
from agikg.views.reach import item


def common_dependencies(lens: Lens, names: Sequence[str]) -> CommonDependencies:
    """What several entities all depend on; see ``KnowledgeGraph.common_dependencies``.

    Raises:
        BadInput: fewer than two different entities.
    """
    roots = list(dict.fromkeys(map(lens.resolve, names)))
    if len(roots) < 2:
        raise BadInput("one entity shares its dependencies with nobody", hint="name at least two different ones")
    network = lens.network
    reached = [analysis.dependencies(network, root, None, lens.scores) for root in roots]
    open_ = [{step.entity: step for step in found.steps if step.role in (analysis.DIRECT, analysis.TRANSITIVE)} for found in reached]
    down = outage(network).failed
    items = []
    for entity in set.intersection(*map(set, open_)):
        steps = [found[entity] for found in open_]
        stopped = outage(network, [entity]).failed
        items.append(
            Shared(
                **lens.named(entity),
                depth=max(step.depth for step in steps),
                stops=lens.refs(root for root in roots if root in stopped and root not in down),
                reached=tuple(
                    item(lens.catalog, network, step, found, lens.scores, up=False) for step, found in zip(steps, reached, strict=True)
                ),
                claims=tuple(
                    dict.fromkeys(
                        c for step, found in zip(steps, reached, strict=True) for c in lens.claims(found.chain(network, step, up=False))
                    )
                ),
            )
        )
    items.sort(key=lambda shared: (shared.depth, shared.label))
    return CommonDependencies(roots=lens.refs(roots), items=tuple(items), **lens.stamp(names=[ref.id for ref in lens.refs(roots)]))


def changed(lens: Lens, name: str, since: str, until: str) -> Changes:
    """What changed for a target between two dates; see ``KnowledgeGraph.changes``.

    Raises:
        BadInput: a date that is none, or the first after the second.
    """
    if period(since).first > period(until).last:
        raise BadInput(f"{since} is after {until}", hint="the earlier date comes first")
    target = lens.resolve(name)
    early, late = (Lens(lens.catalog, replace(lens.scope, as_of=date), lens.snapshot) for date in (since, until))
    before, after = _Seen(early, target), _Seen(late, target)
    links = []
    for key in sorted({*before.links, *after.links}):
        old, new = before.links.get(key), after.links.get(key)
        what = _what(early, old, late, new)
        if what is not None:
            shown, link = (late, new) if new is not None else (early, old)
            hop = shown.hop(link if link is not None else 0)
            bars = (early.bars([old]) if old is not None else ()) + (late.bars([new]) if new is not None else ())
            links.append(Change(what, hop, hop.claims, tuple(dict.fromkeys(bars))))
    undated = sum(
        all(row["valid_from"] is None and row["valid_until"] is None for row in map(lens.catalog.row, late.network.link_claims(link)))
        for link in after.links.values()
    )
    return Changes(
        target=lens.catalog.ref(target), since=since, until=until, available=(before.available, after.available), links=tuple(links),
        needs_gained=lens.refs(sorted(after.needs - before.needs)), needs_lost=lens.refs(sorted(before.needs - after.needs)),
        chokepoints_gained=lens.refs(sorted(after.singles - before.singles)),
        chokepoints_lost=lens.refs(sorted(before.singles - after.singles)),
        undated=undated, **{**lens.stamp(since=since, until=until), "as_of": until, "scope": late.scope},
    )  # fmt: skip


class _Seen:
    """What a target needs in one scope."""

    def __init__(self, lens: Lens, target: int) -> None:
        network = lens.network
        steps = analysis.dependencies(network, target).steps
        self.needs = {step.entity for step in steps if step.role in (analysis.DIRECT, analysis.TRANSITIVE)}
        cuts = cut_sets(network, target, 1)
        self.available = not cuts.stopped
        self.singles = {entity for (entity,) in cuts.sets}
        around = [target, *self.needs]
        self.links = {
            (network.dependent[link], network.predicate[link], network.supplier[link]): link
            for entity in around
            for link in network.needs_of[entity]
        }


def _what(early: Lens, old: int | None, late: Lens, new: int | None) -> str | None:
    """How a link differs between two dates, or None."""
    if old is None or new is None:
        return "appeared" if old is None else "disappeared"
    closed = bool(early.network.barred[old]), bool(late.network.barred[new])
    return {(False, True): "closed", (True, False): "opened"}.get(closed)
