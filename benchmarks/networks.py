"""Generated value chains to measure on: layered, heavy-tailed, partly cyclic; soft, mixed, brittle or AND-only.

Not the graph of agikg: shapes like it, at any size, with a seed.
"""

from __future__ import annotations

import numpy as np

from agikg.network import DependencyNetwork

# Kind -> probability of 1, 2, 3, 4, 5 alternatives in a requirement.
KINDS = {
    "soft": (0.1, 0.2, 0.3, 0.25, 0.15),
    "mixed": (0.5, 0.2, 0.15, 0.1, 0.05),
    "brittle": (0.85, 0.1, 0.05, 0.0, 0.0),
    "and-only": (1.0, 0.0, 0.0, 0.0, 0.0),
}
_LAYERS = 9


def network(kind: str, entities: int, links: int, *, cyclic: float = 0.01, seed: int = 1) -> DependencyNetwork:
    """A value chain of a kind.

    Entities lie in nine layers. Each requirement of an entity is served from the layers below (mostly the next one) by
    entities drawn with Zipf weights, so that a few serve many; a part ``cyclic`` of the links leads to the same or a
    higher layer instead, which closes cycles. One requirement of three or more in twenty needs two of its alternatives, one in
    ten is supporting, one link in a thousand is barred where it can be spared (all this not in and-only networks).
    Nobody serves a requirement twice.

    Args:
        kind: key of ``KINDS``.
        entities: how many.
        links: about how many.
        cyclic: part of the links that leads upwards.
        seed: of the random generator.
    """
    rng = np.random.default_rng(seed)
    sizes = np.arange(1, 6)
    mean = float(np.dot(sizes, KINDS[kind]))
    layer = np.sort(rng.integers(0, _LAYERS, entities))
    upper = np.flatnonzero(layer > 0)
    groups = int(links / mean)
    owner = np.sort(rng.choice(upper, groups))
    alternatives = rng.choice(sizes, groups, p=KINDS[kind])
    group = np.repeat(np.arange(groups), alternatives)
    first = np.searchsorted(layer, np.arange(_LAYERS + 1))
    below = layer[owner][group] - 1 - np.minimum(rng.geometric(0.7, len(group)) - 1, layer[owner][group] - 1)
    # A Zipf-like draw within a layer: the cube of a uniform number crowds towards its first entities.
    share = rng.random(len(group)) ** 3
    supplier = first[below] + (share * (first[below + 1] - first[below])).astype(np.int64)
    upward = rng.random(len(group)) < cyclic
    own = first[layer[owner[group[upward]]]]
    supplier[upward] = own + (rng.random(len(own)) * (entities - own)).astype(np.int64)
    once = np.unique(group * entities + supplier)
    group, supplier = once // entities, once % entities
    keep = supplier != owner[group]
    group, supplier = group[keep], supplier[keep]
    plain = kind == "and-only"
    members = np.bincount(group, minlength=groups)
    minimum = np.where((members > 2) & (rng.random(groups) < 0.05), 2, 1)
    # At most one of a requirement, and only where it can be spared: nothing is down from the start.
    drawn = np.flatnonzero((rng.random(len(group)) < 0.001) & (members > minimum)[group])
    barred = np.zeros(len(group), dtype=bool)
    barred[drawn[np.unique(group[drawn], return_index=True)[1]]] = True
    return DependencyNetwork.from_columns(
        entities,
        owner.tolist(),
        group.tolist(),
        supplier.tolist(),
        minimum=minimum.tolist(),
        essential=[True] * groups if plain else (rng.random(groups) > 0.1).tolist(),
        barred=[False] * len(group) if plain else barred.tolist(),
    )
