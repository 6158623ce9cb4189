"""Loops compiled by numba for ``fast``. Arrays as ``fast.Arrays`` describes them; knows nothing else.

Every fixpoint here is unique, so the numbers equal those of the Python engine whatever the order of work. No loop touches
a Python object, so all let other threads run meanwhile.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def rows(size, near, far):
    """Sorts pairs by their near end and keeps their order otherwise: where the row of each begins, and the far ends."""
    start = np.zeros(size + 1, dtype=np.int64)
    for entity in near:
        start[entity + 1] += 1
    for entity in range(size):
        start[entity + 1] += start[entity]
    at = start[:-1].copy()
    found = np.empty(len(far), dtype=far.dtype)
    for i in range(len(near)):
        found[at[near[i]]] = far[i]
        at[near[i]] += 1
    return start, found


@njit(cache=True, nogil=True)
def settle(short, owner, spare, start, group, base):
    """The baseline: what fails with nothing denied; spares are left as they are after it."""
    queue = np.empty(len(base), dtype=np.int32)
    tail = 0
    for entity in short:
        if not base[entity]:
            base[entity] = True
            queue[tail] = entity
            tail += 1
    head = 0
    while head < tail:
        entity = queue[head]
        head += 1
        for i in range(start[entity], start[entity + 1]):
            g = group[i]
            spare[g] -= 1
            if spare[g] < 0 and not base[owner[g]]:
                base[owner[g]] = True
                queue[tail] = owner[g]
                tail += 1


@njit(cache=True, nogil=True)
def critical(spare, start, group):
    """Entities whose loss alone takes more links from some group than can be spared."""
    found = np.zeros(len(start) - 1, dtype=np.bool_)
    for entity in range(len(found)):
        for i in range(start[entity], start[entity + 1]):
            if spare[group[i]] == 0:
                found[entity] = True
                break
            times = 0
            for j in range(start[entity], start[entity + 1]):
                times += group[j] == group[i]
            if times > spare[group[i]] >= 0:
                found[entity] = True
                break
    return found


@njit(cache=True, nogil=True)
def one_by_one(candidates, whole, most, budget, serving):
    """Follows each denial by itself, none over more than ``most`` links, all over no more than ``budget``.

    The weight each one loses, -1 where it was given up. ``serving``: owner, slack, start, group, base.
    """
    owner, spare, start, group, base = serving
    lost = np.full(len(candidates), -1, dtype=np.int64)
    stamp = np.zeros(len(whole), dtype=np.int32)
    touched = np.zeros(len(owner), dtype=np.int32)
    left = np.zeros(len(owner), dtype=np.int32)
    queue = np.empty(len(whole), dtype=np.int32)
    for number in range(len(candidates)):
        now = number + 1
        queue[0] = candidates[number]
        stamp[queue[0]] = now
        head, tail, sum_ = 0, 1, 0
        allowed = min(most, budget)
        remaining = allowed
        while head < tail:
            entity = queue[head]
            head += 1
            remaining -= start[entity + 1] - start[entity]
            if remaining < 0:
                sum_ = -1
                break
            for i in range(start[entity], start[entity + 1]):
                g = group[i]
                needs = owner[g]
                if stamp[needs] == now or base[needs]:
                    continue
                if touched[g] != now:
                    touched[g] = now
                    left[g] = spare[g]
                left[g] -= 1
                if left[g] < 0:
                    stamp[needs] = now
                    sum_ += whole[needs]
                    queue[tail] = needs
                    tail += 1
        lost[number] = sum_
        budget -= allowed - remaining
        if budget < 0:
            break
    return lost


@njit(cache=True, nogil=True)
def components(size, first, member, of, own):
    """Tarjan's algorithm over members of groups, as ``order.components``.

    Component of each entity, suppliers first; when its visit ended; how many components there are.
    """
    index = np.full(size, -1, dtype=np.int64)
    low = np.zeros(size, dtype=np.int64)
    at_group = of[:-1].copy()
    at_member = np.zeros(size, dtype=np.int64)
    part = np.full(size, -1, dtype=np.int64)
    open_ = np.empty(size, dtype=np.int32)
    path = np.empty(size, dtype=np.int32)
    ended = np.empty(size, dtype=np.int64)
    opened, count, finished, found = 0, 0, 0, 0
    for root in range(size):
        if index[root] >= 0:
            continue
        depth = 1
        path[0] = root
        index[root] = low[root] = count
        count += 1
        open_[opened] = root
        opened += 1
        while depth:
            node = path[depth - 1]
            deeper = -1
            while at_group[node] < of[node + 1] and deeper < 0:
                g = own[at_group[node]]
                if at_member[node] < first[g]:
                    at_member[node] = first[g]
                while at_member[node] < first[g + 1]:
                    other = member[at_member[node]]
                    at_member[node] += 1
                    if index[other] < 0:
                        deeper = other
                        break
                    if part[other] < 0 and index[other] < low[node]:
                        low[node] = index[other]
                if deeper < 0:
                    at_group[node] += 1
                    at_member[node] = 0
            if deeper >= 0:
                index[deeper] = low[deeper] = count
                count += 1
                open_[opened] = deeper
                opened += 1
                path[depth] = deeper
                depth += 1
                continue
            depth -= 1
            ended[node] = finished
            finished += 1
            if low[node] == index[node]:
                while True:
                    opened -= 1
                    part[open_[opened]] = found
                    if open_[opened] == node:
                        break
                found += 1
            if depth and low[node] < low[path[depth - 1]]:
                low[path[depth - 1]] = low[node]
    return part, ended, found


@njit(cache=True, nogil=True)
def kinds(part, ends, spare, first, member, of, own):
    """Kind of each component.

    0: one entity, not cyclic; 1: cyclic; 2: cyclic, and every group inside is lost with any one of its members.
    """
    kind = np.zeros(len(ends) - 1, dtype=np.uint8)
    for c in range(len(kind)):
        if ends[c + 1] - ends[c] > 1:
            kind[c] = 2
    for entity in range(len(part)):
        c = part[entity]
        for i in range(of[entity], of[entity + 1]):
            g = own[i]
            for m in range(first[g], first[g + 1]):
                if part[member[m]] == c and (kind[c] == 0 or spare[g] != 0):
                    kind[c] = 1
    return kind


@njit(cache=True, nogil=True)
def mark(state, batch, base):
    """Marks one denial a column, and the baseline in all."""
    for column in range(len(batch)):
        state[batch[column], column // 64] |= np.uint64(1) << np.uint64(column % 64)
    for entity in range(len(base)):
        if base[entity]:
            state[entity, :] = ~np.uint64(0)


@njit(cache=True, nogil=True)
def spread(state, order, ends, kind, needs, base):
    """Adds all that fails, over the components in order; see ``spread.Spread.run``. ``needs``: spare, first, member, of, own."""
    words = state.shape[1]
    failed = np.empty(words, dtype=np.uint64)
    lost = np.empty(words, dtype=np.uint64)
    above = np.empty((64, words), dtype=np.uint64)
    for c in range(len(kind)):
        if kind[c] == 2:
            failed[:] = 0
            for p in range(ends[c], ends[c + 1]):
                _fail(state, order[p], failed, lost, above, needs)
            for p in range(ends[c], ends[c + 1]):
                state[order[p], :] = failed
            continue
        changed = True
        while changed:
            changed = False
            for p in range(ends[c], ends[c + 1]):
                entity = order[p]
                if base[entity]:
                    continue
                failed[:] = 0
                _fail(state, entity, failed, lost, above, needs)
                if kind[c] == 0:
                    state[entity, :] = failed
                else:
                    for w in range(words):
                        if state[entity, w] != failed[w]:
                            state[entity, w] = failed[w]
                            changed = True


@njit(cache=True, nogil=True)
def _fail(state, entity, failed, lost, above, needs):
    """Adds to ``failed`` the columns in which an entity is marked or loses a group."""
    spare, first, member, of, own = needs
    words = len(failed)
    for w in range(words):
        failed[w] |= state[entity, w]
    for i in range(of[entity], of[entity + 1]):
        g = own[i]
        size = first[g + 1] - first[g]
        if size == 0 or spare[g] < 0:
            continue
        need = spare[g]
        if need == 0:
            for m in range(first[g], first[g + 1]):
                a = member[m]
                for w in range(words):
                    failed[w] |= state[a, w]
        elif need == size - 1:
            a = member[first[g]]
            for w in range(words):
                lost[w] = state[a, w]
            for m in range(first[g] + 1, first[g + 1]):
                a = member[m]
                for w in range(words):
                    lost[w] &= state[a, w]
            for w in range(words):
                failed[w] |= lost[w]
        else:
            if need >= above.shape[0]:
                above = np.empty((need + 1, words), dtype=np.uint64)
            above[: need + 1, :] = 0
            for m in range(first[g], first[g + 1]):
                a = member[m]
                for k in range(need, 0, -1):
                    for w in range(words):
                        above[k, w] |= above[k - 1, w] & state[a, w]
                for w in range(words):
                    above[0, w] |= state[a, w]
            for w in range(words):
                failed[w] |= above[need, w]


@njit(cache=True, nogil=True)
def add_rows(state, whole, base, sums):
    """Adds the weighted rows of what is not in the baseline into vertical counters, plane k holding binary digit k."""
    for entity in range(len(whole)):
        if base[entity]:
            continue
        weight, digit = whole[entity], 0
        while weight:
            if weight & 1:
                for w in range(state.shape[1]):
                    carry, plane = state[entity, w], digit
                    while carry:
                        held = sums[plane, w]
                        sums[plane, w] = held ^ carry
                        carry &= held
                        plane += 1
            weight >>= 1
            digit += 1


@njit(cache=True, nogil=True)
def collect(sums, batch, whole, total):
    """Reads the counters: what each denial of the batch stops, itself left out."""
    for column in range(len(batch)):
        sum_ = 0
        for plane in range(sums.shape[0]):
            if sums[plane, column // 64] >> np.uint64(column % 64) & np.uint64(1):
                sum_ += 1 << plane
        total[batch[column]] = sum_ - whole[batch[column]]
