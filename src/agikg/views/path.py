"""How two entities are connected, over any relation and in either direction."""

from __future__ import annotations

from itertools import pairwise
from math import log

from agikg.analysis.paths import shortest_paths
from agikg.catalog import Catalog, Link
from agikg.errors import BadInput
from agikg.model.reach import Paths
from agikg.model.scope import Hop, Scope
from agikg.views.reach import make_hop

LENGTH, CONFIDENCE = "length", "confidence"
_HUB = 1e-3
"""Too little to make a longer way better: at most twelve steps of the most connected entities weigh less than one step."""


def paths(catalog: Catalog, a: int, b: int, k: int, scope: Scope, snapshot: str, by: str = LENGTH, *, past: bool = False) -> Paths:
    """The k shortest (or surest) connections, each hop with the claims it rests on.

    The surest is the one whose confidences have the largest product: cost of a link is minus its logarithm. Dependencies that
    have ended on the date of the scope connect only if ``past`` is set.

    Raises:
        BadInput: paths are ranked by neither length nor confidence.
    """
    if by not in (LENGTH, CONFIDENCE):
        raise BadInput(f"paths are not ranked by {by!r}", hint="by length or by confidence")
    between = connections(catalog, scope, past=past)
    neighbours: dict[int, list[int]] = {}
    for first, second in between:
        neighbours.setdefault(first, []).append(second)

    def hubs(start: int, end: int) -> float:
        # Of equally long ways, the one through what the fewest others are linked with says the most.
        return 1 + _HUB * (log(len(neighbours[start])) + log(len(neighbours[end])))

    def doubt(start: int, end: int) -> float:
        link = between[start, end]
        return -log(max(catalog.score(_evidence(catalog, link, scope, past=past)), 1e-9))

    found = tuple(
        tuple(link_hop(catalog, between[first, second], first, scope, past=past) for first, second in pairwise(path))
        for path in shortest_paths(
            {node: sorted(set(others)) for node, others in neighbours.items()}, a, b, k, cost=doubt if by == CONFIDENCE else hubs
        )
        if len(path) > 1
    )
    return Paths(
        a=catalog.ref(a),
        b=catalog.ref(b),
        paths=found,
        claims=tuple(dict.fromkeys(claim for path in found for hop in path for claim in hop.claims)),
        snapshot=snapshot,
        as_of=scope.as_of,
        known_at=scope.known_at,
        scope=scope,
        parameters={"k": k, "by": by},
    )


def connections(catalog: Catalog, scope: Scope, *, past: bool = False) -> dict[tuple[int, int], Link]:
    """The best-evidenced link between each pair of entities, in both directions of travel."""
    best: dict[tuple[int, int], tuple[float, Link]] = {}
    for link in catalog.links:
        evidence = _evidence(catalog, link, scope, past=past)
        if not evidence or link.subject == link.object:
            continue
        # A dependency says more of a value chain than another relation of the same confidence.
        score = catalog.score(evidence) + (0.01 if link.role != "none" else 0.0)
        for pair in ((link.subject, link.object), (link.object, link.subject)):
            if pair not in best or score > best[pair][0]:
                best[pair] = (score, link)
    return {pair: link for pair, (_, link) in best.items()}


def _evidence(catalog: Catalog, link: Link, scope: Scope, *, past: bool) -> tuple[tuple[int, ...], ...]:
    return catalog.evidence(link, scope, dated=link.role != "none" and not past)


def link_hop(catalog: Catalog, link: Link, start: int, scope: Scope, *, past: bool = False) -> Hop:
    """A link travelled from one of its ends."""
    evidence = _evidence(catalog, link, scope, past=past)
    forward = start == link.subject
    start_ref, end_ref = catalog.ref(start), catalog.ref(link.object if forward else link.subject)
    return make_hop(catalog, link.predicate, (start_ref, end_ref), evidence, catalog.score(evidence), forward=forward)
