"""The compiled engine of :mod:`agikg.analysis.esri`: many shocks side by side, each in a lane of its own.

A link is read once for all lanes, and the lanes of a firm lie side by side in memory. A lane whose cascade has settled is
frozen, its index is taken, and the next firm moves in. Sums are taken in the order of the numpy engine and nothing is fused or
reordered, so both give the same bits. Needs the extra ``[fast]``; imported only when it is used, for numba is slow to start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import numba
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from agikg.analysis.esri import Floats, Positions, ProductionNetwork, Side

F = TypeVar("F", bound=Callable[..., object])
LANES = 64
FRESH, STALE = np.uint8(1), np.uint8(2)


def _compiled(function: F) -> F:
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder can be written for the cache
        return cast(F, numba.njit(nogil=True)(function))


class Lanes(NamedTuple):
    """What all lanes have lost in one direction; L lanes, n firms.

    Attributes:
        loss: float64[n, L], losses by now.
        seen: float64[n, L], losses as of the end of the last round.
        felt: float64[n, L], what of them cannot be replaced; the same array as ``seen`` where nothing is.
        mark: uint8[n], FRESH where ``loss`` may differ from ``seen``, STALE where a source moved.
    """

    loss: Floats
    seen: Floats
    felt: Floats
    mark: npt.NDArray[np.uint8]


class Markets(NamedTuple):
    """Where lost supplies are replaced; empty without replaceability.

    Attributes:
        start: intp[markets + 1], first firm of each market.
        firm: intp[n], firms by market, in order.
        of: intp[n], market of each firm.
        output: float64[n], what each firm supplies when unharmed.
        stirred: uint8[markets], whether a firm's loss moved.
    """

    start: Positions
    firm: Positions
    of: Positions
    output: Floats
    stirred: npt.NDArray[np.uint8]


# Arrays are passed with a position, not as rows of them: a view made for every link would be counted for every link.


@_compiled
def _add4(total: Floats, felt: Floats, share: Floats, source: Positions, link: int) -> None:
    a, b, c, d = share[link], share[link + 1], share[link + 2], share[link + 3]
    i, j, k, m = source[link], source[link + 1], source[link + 2], source[link + 3]
    for lane in range(len(total)):
        total[lane] = (((total[lane] + a * felt[i, lane]) + b * felt[j, lane]) + c * felt[k, lane]) + d * felt[m, lane]


@_compiled
def _add1(total: Floats, felt: Floats, share: float, source: int) -> None:
    for lane in range(len(total)):
        total[lane] += share * felt[source, lane]


@_compiled
def _raise_to(loss: Floats, firm: int, total: Floats, cap: Floats) -> None:
    for lane in range(len(total)):
        capped = total[lane] if total[lane] < cap[lane] else cap[lane]
        loss[firm, lane] = capped if capped > loss[firm, lane] else loss[firm, lane]


@_compiled
def _show(loss: Floats, seen: Floats, firm: int, change: Floats) -> bool:
    moved = 0
    for lane in range(len(change)):
        rise = loss[firm, lane] - seen[firm, lane]
        moved |= rise > 0.0
        change[lane] = rise if rise > change[lane] else change[lane]
        seen[firm, lane] = loss[firm, lane]
    return moved != 0


@_compiled
def _sweep(side: Side, lanes: Lanes, cap: Floats, total: Floats) -> None:
    """One synchronous round for the firms with a source that moved."""
    group_start, link_start, share, source = side.group_start, side.link_start, side.share, side.source
    loss, felt, mark = lanes.loss, lanes.felt, lanes.mark
    for firm in range(len(mark)):
        if mark[firm] != STALE:
            continue
        mark[firm] = FRESH
        for group in range(group_start[firm], group_start[firm + 1]):
            link, end = link_start[group], link_start[group + 1]
            total[:] = 0.0
            while link + 4 <= end:
                _add4(total, felt, share, source, link)
                link += 4
            while link < end:
                _add1(total, felt, share[link], source[link])
                link += 1
            _raise_to(loss, firm, total, cap)


@_compiled
def _alert(reader_start: Positions, reader: Positions, mark: npt.NDArray[np.uint8], firm: int) -> None:
    for place in range(reader_start[firm], reader_start[firm + 1]):
        mark[reader[place]] |= STALE


@_compiled
def _publish(side: Side, lanes: Lanes, markets: Markets, change: Floats, total: Floats) -> None:
    """Shows the losses of the round to the others and takes each lane's largest change."""
    reader_start, reader, of, stirred = side.reader_start, side.reader, markets.of, markets.stirred
    loss, seen, mark = lanes.loss, lanes.seen, lanes.mark
    for firm in range(len(mark)):
        if not mark[firm] & FRESH:
            continue
        mark[firm] &= STALE
        if _show(loss, seen, firm, change):
            if len(of):
                stirred[of[firm]] = 1
            else:
                _alert(reader_start, reader, mark, firm)
    for market in range(len(stirred)):
        if stirred[market]:
            stirred[market] = 0
            _replace(side, lanes, markets, market, total)


@_compiled
def _replace(side: Side, lanes: Lanes, markets: Markets, market: int, left: Floats) -> None:
    """What of the losses in a market its other firms cannot make good."""
    reader_start, reader, output = side.reader_start, side.reader, markets.output
    seen, felt, mark = lanes.seen, lanes.felt, lanes.mark
    members = markets.firm[markets.start[market] : markets.start[market + 1]]
    left[:] = 0.0
    for firm in members:
        _supply(left, output[firm], seen, firm)
    for firm in members:
        if _feel(felt, seen, firm, output[firm], left):
            _alert(reader_start, reader, mark, firm)


@_compiled
def _supply(left: Floats, output: float, seen: Floats, firm: int) -> None:
    for lane in range(len(left)):
        left[lane] += output * (1.0 - seen[firm, lane])


@_compiled
def _feel(felt: Floats, seen: Floats, firm: int, output: float, left: Floats) -> bool:
    moved = 0
    for lane in range(len(left)):
        part = output / left[lane] if left[lane] > 0.0 else 1.0
        new = (part if part < 1.0 else 1.0) * seen[firm, lane]
        moved |= new != felt[firm, lane]
        felt[firm, lane] = new
    return moved != 0


class Progress(NamedTuple):
    """Where each lane stands.

    Attributes:
        place: intp[L], which of the asked firms is in the lane, -1 none.
        age: intp[L], rounds so far.
        cap: float64[L], most a firm can lose, 1; 0 freezes a lane.
        change: float64[L], largest change of the round.
        scratch: float64[L].
    """

    place: Positions
    age: Positions
    cap: Floats
    change: Floats
    scratch: Floats


@_compiled
def _advance(
    sides: tuple[Side, Side], both: tuple[Lanes, Lanes], markets: tuple[Markets, Markets], lanes: Progress, limits: tuple[float, int, int]
) -> bool:
    """Rounds until so many lanes have settled that it pays to empty them; False if one would take too many."""
    eps, max_rounds, enough = limits
    running, settled = int((lanes.cap > 0).sum()), 0
    for side in (0, 1):  # shows the shocks that have just moved in
        _publish(sides[side], both[side], markets[side], lanes.change, lanes.scratch)
    while running and settled < enough:
        lanes.change[:] = 0.0
        for side in (0, 1):
            _sweep(sides[side], both[side], lanes.cap, lanes.scratch)
            _publish(sides[side], both[side], markets[side], lanes.change, lanes.scratch)
        for lane in range(len(lanes.cap)):
            if lanes.cap[lane] == 0.0:
                continue
            lanes.age[lane] += 1
            if lanes.change[lane] <= eps:
                lanes.cap[lane] = 0.0
                running -= 1
                settled += 1
            elif lanes.age[lane] >= max_rounds:
                return False
    return True


@_compiled
def _sum_up(down: Floats, up: Floats, weights: Floats, lanes: Positions, sums: Floats) -> None:
    for firm in range(len(weights)):
        for number in range(len(lanes)):
            below, above = down[firm, lanes[number]], up[firm, lanes[number]]
            sums[0, number] += weights[firm] * (below if below > above else above)
            sums[1, number] += weights[firm] * below
            sums[2, number] += weights[firm] * above


@_compiled
def _wipe(losses: Floats, lanes: Positions) -> None:
    for firm in range(len(losses)):
        for lane in lanes:
            losses[firm, lane] = 0.0


def _empty(both: tuple[Lanes, Lanes], lanes: Progress, weights: Floats, found: Floats) -> int:
    """Takes the index of settled lanes and wipes them; the number of firms done."""
    down, up = both
    settled = np.flatnonzero((lanes.cap == 0.0) & (lanes.place >= 0))
    sums = np.zeros((3, len(settled)))
    _sum_up(down.loss, up.loss, weights, settled, sums)
    for losses in (down.loss, down.seen, up.loss, up.seen):
        _wipe(losses, settled)
    if down.felt is not down.seen:
        _wipe(down.felt, settled)
    found[:, lanes.place[settled]] = sums
    lanes.place[settled] = -1
    return len(settled)


@_compiled
def _fill(both: tuple[Lanes, Lanes], lanes: Progress, firms: Positions, following: int) -> int:
    """Moves firms that wait into empty lanes; the next to move in."""
    for lane in range(len(lanes.cap)):
        if lanes.place[lane] < 0 and following < len(firms):
            firm = firms[following]
            lanes.place[lane], lanes.age[lane], lanes.cap[lane] = following, 0, 1.0
            for direction in both:
                direction.loss[firm, lane] = 1.0
                direction.mark[firm] |= FRESH
            following += 1
    return following


def _lanes(firms: int, width: int, replaceability: bool) -> Lanes:
    seen = np.zeros((firms, width))
    return Lanes(np.zeros((firms, width)), seen, np.zeros((firms, width)) if replaceability else seen, np.zeros(firms, np.uint8))


def _markets(network: ProductionNetwork, replaceability: bool) -> Markets:
    of = network.markets if replaceability else np.empty(0, np.intp)
    sizes = np.bincount(of)
    return Markets(np.append(0, np.cumsum(sizes)), np.argsort(of, kind="stable"), of, network.output, np.zeros(len(sizes), np.uint8))


def _by_reach(network: ProductionNetwork, firms: Positions) -> Positions:
    """Places of firms, those on whom somebody depends most first: far-reaching shocks share rounds, and so do trifling ones."""
    hold = np.zeros(len(network))
    for side in (network.downstream, network.upstream):
        np.maximum.at(hold, side.source, side.share)
    return np.argsort(-hold[firms], kind="stable")


def _narrowed(both: tuple[Lanes, Lanes], lanes: Progress) -> tuple[tuple[Lanes, Lanes], Progress]:
    """Only the lanes in use, so that the last slow cascades do not drag empty ones along."""
    used = np.flatnonzero(lanes.place >= 0)
    narrow: list[Lanes] = []
    for one in both:
        loss, seen = np.ascontiguousarray(one.loss[:, used]), np.ascontiguousarray(one.seen[:, used])
        narrow.append(Lanes(loss, seen, seen if one.felt is one.seen else np.ascontiguousarray(one.felt[:, used]), one.mark))
    standing = (lanes.place[used], lanes.age[used], lanes.cap[used], lanes.change[used], lanes.scratch[used])
    return (narrow[0], narrow[1]), Progress(*standing)


def fast_index(
    network: ProductionNetwork,
    firms: Positions,
    weights: Floats,
    replaceability: bool,
    eps: float,
    max_rounds: int,
    report: Callable[[int, int], None],
) -> Floats:
    """The index of firms, the same bits as by numpy.

    Args:
        network: n firms, m links.
        firms: intp[k], positions of firms.
        weights: float64[n], what each firm counts for, summing to 1.
        replaceability: whether lost inputs are replaced within markets.
        eps: largest change (0-1) of a round at which a cascade has settled.
        max_rounds: most rounds of a cascade.
        report: called with the firms done and all.

    Returns:
        float64[3, k]: total, down and up, shares 0-1. O(rounds (n + m)) a firm, O(n L + m) memory with L lanes.

    Raises:
        LimitHit: a cascade still changes after ``max_rounds``.
    """
    from agikg.analysis.esri import not_settled

    queue = _by_reach(network, firms)
    width = max(1, min(LANES, len(firms)))
    both = _lanes(len(network), width, replaceability), _lanes(len(network), width, False)
    markets = _markets(network, replaceability), _markets(network, False)
    lanes = Progress(np.full(width, -1), np.zeros(width, np.intp), np.zeros(width), np.zeros(width), np.zeros(width))
    found = np.zeros((3, len(firms)))
    done, following = 0, _fill(both, lanes, firms[queue], 0)
    while done < len(firms):
        if following == len(firms) and 2 * (len(firms) - done) <= len(lanes.cap):
            both, lanes = _narrowed(both, lanes)
        enough = max(1, len(lanes.cap) // 8)
        if not _advance((network.downstream, network.upstream), both, markets, lanes, (eps, max_rounds, enough)):
            raise not_settled(max_rounds, eps)
        done += _empty(both, lanes, weights, found)
        following = _fill(both, lanes, firms[queue], following)
        report(done, len(firms))
    answer = np.empty_like(found)
    answer[:, queue] = found
    return answer
