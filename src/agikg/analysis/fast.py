"""The sweep in loops compiled by numba (extra ``[fast]``): the same numbers as the Python engine, bit by bit.

Denials are followed one by one; where a sample shows that they spread far, only as long as their effect stays small, and
the others advance together as bit-sets, 64 to a word. Imported only when it is used: numba takes a second to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from agikg.analysis import kernels
from agikg.analysis.sweep import check_summable
from agikg.network import DependencyNetwork

if TYPE_CHECKING:
    from agikg.analysis.sweep import Progress, Weights

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
_SAMPLE = 64
_BATCH = 20_000
_ONE_BY_ONE = 6.0
"""Cost of following one link in a single denial, in operations on a word of 64 denials (measured)."""
_FEW = 64
"""Links over which each denial is followed by itself before it advances with others (measured: 32 to 128 hardly differ)."""
_ALL = 1 << 62
_STATE_WORDS = 1 << 25
"""Most words that the state of a batch may hold (256 MiB)."""


class Arrays(NamedTuple):
    """The serving, essential part of a network.

    Attributes:
        owner: int32, one a group.
        spare: int32, one a group: members that may fail before the group does, negative where it is short from the start.
        slack: the same after the baseline has failed.
        start: int64, shape (entities + 1,), and group: int32: groups that each entity serves.
        first: int64, shape (groups + 1,), and member: int32: members of each group.
        of: int64, shape (entities + 1,), and own: int32: groups of each entity.
        base: bool, one an entity: unavailable with nothing denied.
    """

    owner: Ints
    spare: Ints
    slack: Ints
    start: Longs
    group: Ints
    first: Longs
    member: Ints
    of: Longs
    own: Ints
    base: NDArray[np.bool_]


def arrays(network: DependencyNetwork) -> Arrays:
    """The arrays of a scoped network. O(links)."""
    size, groups = len(network.names), len(network.group_owner)
    owner = np.frombuffer(network.group_owner, dtype=np.int32)
    minimum = np.frombuffer(network.group_minimum, dtype=np.int32)
    essential = np.frombuffer(network.group_essential, dtype=np.uint8) == 1
    group = np.frombuffer(network.group, dtype=np.int32)
    known = np.bincount(group, minlength=groups) > 0
    serves = (np.frombuffer(network.barred, dtype=np.uint8) == 0) & essential[group]
    group, supplier = group[serves], np.frombuffer(network.supplier, dtype=np.int32)[serves]
    spare = (np.bincount(group, minlength=groups) - minimum).astype(np.int32)
    start, by_supplier = kernels.rows(size, supplier, group)
    first, member = kernels.rows(groups, group, supplier)
    of, own = kernels.rows(size, owner[essential], np.flatnonzero(essential).astype(np.int32))
    base = np.zeros(size, dtype=np.bool_)
    short = np.unique(owner[essential & known & (spare < 0)])
    slack = spare.copy()
    kernels.settle(short.astype(np.int32), owner, slack, start, by_supplier, base)
    return Arrays(owner, spare, slack, start, by_supplier, first, member, of, own, base)


def lost(network: DependencyNetwork, asked: list[int], chosen: Weights, progress: Progress | None) -> list[float]:
    """Weights lost by each single denial; see ``sweep.sweep``.

    Raises:
        BadInput: the weights are too fine for 64-bit sums.
    """
    check_summable(chosen)
    parts = arrays(network)
    whole = np.zeros(len(network.names), dtype=np.int64)
    whole[list(chosen.whole)] = list(chosen.whole.values())
    total = np.zeros(len(network.names), dtype=np.int64)
    wanted = np.zeros(len(network.names), dtype=np.bool_)
    wanted[asked] = True
    candidates = np.flatnonzero(wanted & kernels.critical(parts.slack, parts.start, parts.group) & ~parts.base).astype(np.int32)
    sample = candidates[:: max(len(candidates) // _SAMPLE, 1)]
    serving = (parts.owner, parts.slack, parts.start, parts.group, parts.base)
    # The sample is followed only until it has cost its part of what all denials together would.
    dear = (len(parts.member) + 4 * len(whole)) * -(-len(candidates) // 64) * len(sample)
    cost = _ONE_BY_ONE * len(candidates)
    sampled = kernels.one_by_one(sample, whole, _ALL, int(min(dear / cost, _ALL)) if cost else _ALL, serving)
    # Without the sample's word for it a limit would cost more than it saves: a few wide denials are best followed to the end.
    most = _FEW if (sampled < 0).any() else _ALL
    rest, done = [candidates[:0]], 0
    for begin in range(0, len(candidates), _BATCH):
        batch = candidates[begin : begin + _BATCH]
        found = kernels.one_by_one(batch, whole, most, _ALL, serving)
        total[batch] = found
        rest.append(batch[found < 0])
        if len(rest[-1]) < len(batch):
            done += len(batch) - len(rest[-1])
            if progress is not None:
                progress(done, len(candidates))
    wide = np.concatenate(rest)
    if len(wide):
        told = None if progress is None else lambda more, _: progress(done + more, len(candidates))
        _together(parts, wide, whole, total, told)
    return [sum_ / chosen.denominator for sum_ in total[asked].tolist()]


def _together(parts: Arrays, candidates: Ints, whole: Longs, total: Longs, progress: Progress | None) -> None:
    """All denials of a batch at once, over the strongly connected components in topological order."""
    size = len(whole)
    rows = parts.first, parts.member, parts.of, parts.own
    part, ended, found = kernels.components(size, *rows)
    order = np.lexsort((ended, part)).astype(np.int32)
    ends = np.concatenate(([0], np.cumsum(np.bincount(part, minlength=found)))).astype(np.int64)
    kind = kernels.kinds(part, ends, parts.spare, *rows)
    rank = np.empty(size, dtype=np.int64)
    rank[order] = np.arange(size)
    candidates = candidates[np.argsort(rank[candidates])]
    width = int(min(max(64, _STATE_WORDS // size), 64)) * 64
    planes = int(whole.sum()).bit_length() + 1
    done = 0
    for begin in range(0, len(candidates), width):
        batch = candidates[begin : begin + width]
        state = np.zeros((size, -(-len(batch) // 64)), dtype=np.uint64)
        kernels.mark(state, batch, parts.base)
        kernels.spread(state, order, ends, kind, (parts.spare, *rows), parts.base)
        sums = np.zeros((planes, state.shape[1]), dtype=np.uint64)
        kernels.add_rows(state, whole, parts.base, sums)
        kernels.collect(sums, batch, whole, total)
        done += len(batch)
        if progress is not None:
            progress(done, len(candidates))
