"""The Economic Systemic Risk Index of firms in a production network: what output an economy loses when a firm fails.

After Diem, Borsos, Reisch, Kertész and Thurner (2022), Quantifying firm-level economic systemic risk from nation-wide
supply networks, Scientific Reports 12:7719. A failed firm takes inputs from its customers (downstream) and demand from its
suppliers (upstream). An essential input caps a firm's output (Leontief); other inputs reduce it in proportion (linear).

The code follows losses, 1 - level, because they are zero wherever a shock has not arrived: both directions are then the same
rule, "a firm loses the largest of its groups' weighted losses", and a round touches only firms whose inputs changed. Levels
only fall, so what a round leaves out could not have changed, and the results are those of the synchronous definition. The
compiled engine is in :mod:`agikg.analysis.esri_fast`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from agikg.errors import BadInput, LimitHit

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]
Report = Callable[[int, int], None]
NONE, ESSENTIAL = 0, 2
MAX_ROUNDS = 100_000
WORTH_COMPILING = 50_000_000


class EsriResult(NamedTuple):
    """The index of some firms, in the order they were asked for.

    Attributes:
        total: float64[k], share (0-1) of the network's output lost when the firm fails, each firm at the lower of its levels.
        down: float64[k], the same with losses of inputs only.
        up: float64[k], the same with losses of demand only.
    """

    total: Floats
    down: Floats
    up: Floats


class Cascade(NamedTuple):
    """Where one shock ends.

    Attributes:
        down: float64[n], level (0-1) of each firm after losses of inputs, h_d.
        up: float64[n], level (0-1) of each firm after losses of demand, h_u.
        rounds: synchronous rounds until the largest change was small enough, at least 1.
    """

    down: Floats
    up: Floats
    rounds: int


class Side(NamedTuple):
    """One direction of contagion: every firm loses the largest, over its groups, of the weighted losses of the group's sources.

    Attributes:
        group_start: intp[n + 1], first group of each firm.
        link_start: intp[groups + 1], first link of each group.
        group: intp[links], group of each link.
        source: intp[links], firm whose loss is felt.
        share: float64[links], how much of it (0-1).
        reader_start: intp[n + 1], first reader of each firm.
        reader: intp[links], firms that have it as a source.
        rows: intp[r], firms with a group.
    """

    group_start: Positions
    link_start: Positions
    group: Positions
    source: Positions
    share: Floats
    reader_start: Positions
    reader: Positions
    rows: Positions


def _side(firm: Positions, kind: Positions, source: Positions, share: Floats, firms: int) -> Side:
    """Links sorted by firm, kind of group and source: the order in which every engine adds."""
    order = np.lexsort((source, kind, firm))
    firm, kind, source, share = firm[order], kind[order], source[order], share[order]
    opens = (np.diff(firm, prepend=-1) != 0) | (np.diff(kind, prepend=-1) != 0)
    group, owner = np.cumsum(opens) - 1, firm[opens]
    readers, bounds = np.argsort(source, kind="stable"), np.arange(firms + 1)
    return Side(
        group_start=np.searchsorted(owner, bounds), link_start=np.searchsorted(group, np.arange(len(owner) + 1)), group=group,
        source=source, share=share, reader_start=np.searchsorted(source[readers], bounds), reader=firm[readers], rows=np.unique(owner),
    )  # fmt: skip


def _array(name: str, values: npt.ArrayLike, dtype: npt.DTypeLike, dimensions: int = 1) -> npt.NDArray[Any]:
    """A contiguous copy in the right type, if nothing is lost by that."""
    given = np.asarray(values)
    if given.ndim != dimensions:
        raise BadInput(f"{name} has {given.ndim} dimensions, expected {dimensions}")
    if given.size and given.dtype.kind not in "iufb":
        raise BadInput(f"{name} must be numbers, not {given.dtype}")
    if given.dtype.kind == "f" and not np.isfinite(given).all():
        raise BadInput(f"{name} has values that are not finite")
    with np.errstate(invalid="ignore"):
        converted = given.astype(dtype)
    if np.dtype(dtype).kind == "i" and (converted != given).any():
        raise BadInput(f"{name} must be whole numbers that fit {np.dtype(dtype)}")
    return converted


def _within(name: str, values: npt.NDArray[Any], size: int, of: str) -> None:
    outside = values[(values < 0) | (values >= size)]
    if outside.size:
        raise BadInput(f"{name} has {outside[0]}, expected {of} from 0 to {size - 1}")


@dataclass(frozen=True, eq=False)
class ProductionNetwork:
    """Who supplies whom with how much, and which inputs are essential; n firms, m links, k sectors.

    Arrays are copied and converted to the types given here. Parallel links add up; a link from a firm to itself is allowed.

    Attributes:
        supplier: int32[m], position of the supplier of each link.
        customer: int32[m], position of its customer.
        weight: float64[m], amount supplied, above 0, in any one unit (money, pieces).
        sector: int32[n], sector of each firm, 0 to k - 1.
        essentiality: int8[k, k], what an input from sector [row] is to a firm of sector [column]: 0 not needed, 1 reduces
            output in proportion (linear), 2 caps it (Leontief).
        market: int32[n], where a firm's customers look for a replacement; None takes the sector.
        weights: float64[n], not negative, what each firm counts for in the index; None takes the amount it supplies.

    Raises:
        BadInput: shapes that do not fit, NaN, weights that are not positive, unknown firms or sectors, unknown essentiality.
    """

    supplier: npt.NDArray[np.int32]
    customer: npt.NDArray[np.int32]
    weight: Floats
    sector: npt.NDArray[np.int32]
    essentiality: npt.NDArray[np.int8]
    market: npt.NDArray[np.int32] | None = None
    weights: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("supplier", "customer", "sector"):
            self._set(name, _array(name, getattr(self, name), np.int32))
        self._set("weight", _array("weight", self.weight, np.float64))
        self._set("essentiality", _array("essentiality", self.essentiality, np.int8, 2))
        if not len(self.supplier) == len(self.customer) == len(self.weight):
            raise BadInput(
                f"{len(self.supplier)} suppliers, {len(self.customer)} customers and {len(self.weight)} weights; one of each a link"
            )
        if (self.weight <= 0).any():
            raise BadInput(f"weight has {self.weight.min()}, expected amounts above 0")
        sectors, columns = self.essentiality.shape
        if sectors != columns:
            raise BadInput(f"essentiality is {sectors} x {columns}, expected a square of sectors")
        for name in ("supplier", "customer"):
            _within(name, getattr(self, name), len(self), "firms")
        _within("sector", self.sector, sectors, "sectors of essentiality")
        _within("essentiality", self.essentiality, ESSENTIAL + 1, "kinds")
        if self.market is not None:
            self._set("market", _array("market", self.market, np.int32))
            if len(self.market) != len(self) or (self.market < 0).any():
                raise BadInput(f"market must have {len(self)} positions, one a firm, none negative")
        if self.weights is not None:
            self._set("weights", _index_weights(self.weights, len(self)))

    def _set(self, name: str, values: npt.NDArray[Any]) -> None:
        values.flags.writeable = False
        object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.sector)

    @cached_property
    def output(self) -> Floats:
        """float64[n], what each firm supplies in all, in the unit of ``weight``."""
        return np.bincount(self.supplier, self.weight, len(self)).astype(np.float64, copy=False)

    @cached_property
    def markets(self) -> Positions:
        """intp[n], the market of each firm, numbered from 0 without gaps."""
        return np.unique(self.sector if self.market is None else self.market, return_inverse=True)[1].astype(np.intp)

    @cached_property
    def downstream(self) -> Side:
        """Losses of inputs: a group for each essential sector of a customer, one more for all its linear inputs. O(m log m)."""
        supplier, customer = self.supplier.astype(np.intp), self.customer.astype(np.intp)
        sector = self.sector[supplier].astype(np.intp)
        essential = self.essentiality[sector, self.sector[customer]]
        _, bundle = np.unique(customer * len(self.essentiality) + sector, return_inverse=True)
        base = np.where(
            essential == ESSENTIAL, np.bincount(bundle, self.weight)[bundle], np.bincount(customer, self.weight, len(self))[customer]
        )
        kept = essential != NONE
        kind = np.where(essential == ESSENTIAL, sector + 1, 0)
        return _side(customer[kept], kind[kept], supplier[kept], (self.weight / base)[kept], len(self))

    @cached_property
    def upstream(self) -> Side:
        """Losses of demand: each supplier has all its customers in one group. O(m log m)."""
        supplier, customer = self.supplier.astype(np.intp), self.customer.astype(np.intp)
        return _side(supplier, np.zeros_like(supplier), customer, self.weight / self.output[supplier], len(self))


def _index_weights(values: npt.ArrayLike, firms: int) -> Floats:
    weights = _array("weights", values, np.float64)
    if len(weights) != firms:
        raise BadInput(f"{len(weights)} weights for {firms} firms")
    if (weights < 0).any() or not weights.any():
        raise BadInput("weights must not be negative and not all be zero")
    return weights


def _expand(start: Positions, picked: Positions) -> tuple[Positions, Positions]:
    """All positions in the picked slices of a CSR array, and where each slice begins among them."""
    counts = start[picked + 1] - start[picked]
    ends = np.cumsum(counts)
    return np.repeat(start[picked] - (ends - counts), counts) + np.arange(ends[-1] if len(ends) else 0), ends - counts


class _Wave:
    """One direction of one cascade: what each firm has lost by now, and what of it the others have seen and feel."""

    def __init__(self, side: Side, loss: Floats, network: ProductionNetwork, replaceability: bool) -> None:
        self.side, self.loss, self.network, self.replaceability = side, loss.copy(), network, replaceability
        self.seen = np.zeros_like(loss)
        self.felt = np.zeros_like(loss) if replaceability else self.seen
        self.moved = np.empty(0, np.intp)

    def publish(self) -> float:
        """Lets the others see the losses; returns the largest change since they last saw them."""
        fresh = np.flatnonzero(self.loss != self.seen)
        change = float((self.loss[fresh] - self.seen[fresh]).max(initial=0.0))
        self.seen[fresh] = self.loss[fresh]
        self.moved = fresh
        if self.replaceability and len(fresh):  # a market makes good all but a firm's share of what it still supplies
            output, market = self.network.output, self.network.markets
            left = np.bincount(market, output * (1.0 - self.seen))[market]
            felt = np.minimum(np.divide(output, left, out=np.ones_like(output), where=left > 0), 1.0) * self.seen
            self.moved, self.felt = np.flatnonzero(felt != self.felt), felt
        return change

    def sweep(self) -> None:
        """One synchronous round for all firms that have a source that moved; the others would get what they have."""
        side = self.side
        if not len(self.moved):
            return
        if 4 * len(self.moved) > len(self.loss):
            rows, sums = side.rows, np.bincount(side.group, side.share * self.felt[side.source])
            first = side.group_start[rows]
        else:
            touched = np.zeros(len(self.loss), bool)
            touched[side.reader[_expand(side.reader_start, self.moved)[0]]] = True
            rows = np.flatnonzero(touched)
            groups, first = _expand(side.group_start, rows)
            links, begins = _expand(side.link_start, groups)
            counts = np.diff(begins, append=len(links))
            sums = np.bincount(np.repeat(np.arange(len(groups)), counts), side.share[links] * self.felt[side.source[links]])
        if len(rows):
            self.loss[rows] = np.maximum(self.loss[rows], np.minimum(np.maximum.reduceat(sums, first), 1.0))


def _losses(network: ProductionNetwork, loss: Floats, replaceability: bool, eps: float, max_rounds: int) -> tuple[Floats, Floats, int]:
    down = _Wave(network.downstream, loss, network, replaceability)
    up = _Wave(network.upstream, loss, network, False)
    down.publish()
    up.publish()
    for rounds in range(1, max_rounds + 1):
        down.sweep()
        up.sweep()
        if max(down.publish(), up.publish()) <= eps:
            return down.loss, up.loss, rounds
    raise not_settled(max_rounds, eps)


def not_settled(max_rounds: int, eps: float) -> LimitHit:
    """The error of a cascade that still changes after the last round allowed."""
    return LimitHit(f"a cascade still changes by more than {eps:g} after {max_rounds} rounds", hint="raise max_rounds or eps")


def _check_limits(eps: float, max_rounds: int) -> None:
    if not 0 <= eps < 1:
        raise BadInput(f"eps is {eps}, expected a share from 0 to below 1")
    if max_rounds < 1:
        raise BadInput(f"max_rounds is {max_rounds}, expected at least 1")


def cascade(
    network: ProductionNetwork, psi: npt.ArrayLike, *, replaceability: bool = False, eps: float = 1e-6, max_rounds: int = MAX_ROUNDS
) -> Cascade:
    """Where a shock to any number of firms ends, in both directions (Diem et al. 2022, Methods).

    Args:
        network: n firms, m links.
        psi: float64[n], what each firm can still do at best (0-1): 0 failed, 1 unharmed.
        replaceability: whether other firms of the same market replace lost inputs as far as they still produce.
        eps: stop when no level, of either direction, changed by more than this (0-1) in a round.
        max_rounds: give up after this many rounds.

    Returns:
        Levels and rounds. O(links of firms whose sources changed) a round, at most O(n + m).

    Raises:
        BadInput: psi of the wrong length, NaN or outside 0 to 1; eps or max_rounds out of range.
        LimitHit: levels still change after ``max_rounds``.

    >>> chain = ProductionNetwork([0, 1], [1, 2], [4.0, 2.0], [0, 0, 0], [[2]])
    >>> cascade(chain, [0.25, 1, 1]).down.tolist()
    [0.25, 0.25, 0.25]
    """
    _check_limits(eps, max_rounds)
    best = _array("psi", psi, np.float64)
    if len(best) != len(network):
        raise BadInput(f"{len(best)} values of psi for {len(network)} firms")
    if ((best < 0) | (best > 1)).any():
        raise BadInput("psi must be shares from 0 to 1")
    down, up, rounds = _losses(network, 1.0 - best, replaceability, eps, max_rounds)
    return Cascade(1.0 - down, 1.0 - up, rounds)


def esri(
    network: ProductionNetwork,
    firms: int | Sequence[int] | Positions | None = None,
    *,
    replaceability: bool,
    eps: float = 1e-6,
    weights: npt.ArrayLike | None = None,
    engine: Literal["auto", "numpy", "fast"] = "auto",
    progress: Report | None = None,
    max_rounds: int = MAX_ROUNDS,
) -> EsriResult:
    """The Economic Systemic Risk Index: the share of output that is lost when a firm fails alone (Diem et al. 2022).

    Args:
        network: n firms, m links.
        firms: positions of firms, one position, or None for all.
        replaceability: whether other firms of the same market replace lost inputs as far as they still produce.
        eps: stop a cascade when no level changed by more than this (0-1) in a round.
        weights: float64[n], not negative, what each firm counts for; None takes those of the network. Only their proportions
            matter. Amounts supplied give end products no weight: to ask what depends on a firm, set weights and read ``down``.
        engine: ``fast`` needs the extra ``[fast]``; ``auto`` takes it if it is there and the work repays compiling. Both add in
            the same order, so their results are the same to the last bit.
        progress: called with the number of firms done and the number of all, now and then and at the end.
        max_rounds: give up on a cascade after this many rounds.

    Returns:
        float64[k] each, in the order of ``firms``; all 0 in a network without links, unless weights are given. O(rounds (n + m))
        a firm at worst; a firm whose failure reaches few others costs what it reaches. O(n + m) memory; ``fast`` some 64 times n more.

    Raises:
        BadInput: unknown firms or engine; weights that do not fit; eps or max_rounds out of range; ``fast`` without numba.
        LimitHit: a cascade still changes after ``max_rounds``.

    >>> chain = ProductionNetwork([0, 1], [1, 2], [4.0, 2.0], [0, 0, 0], [[2]])
    >>> esri(chain, [0, 2], replaceability=False).total.round(3).tolist()
    [1.0, 1.0]
    """
    _check_limits(eps, max_rounds)
    asked = np.arange(len(network)) if firms is None else _array("firms", np.atleast_1d(firms), np.intp)
    _within("firms", asked, len(network), "positions")
    counts = network.output if network.weights is None else network.weights
    if weights is not None:
        counts = _index_weights(weights, len(network))
    counts = counts / (counts.sum() or 1.0)
    run = _index
    if _takes_fast(engine, len(asked) * len(network.supplier)):
        from agikg.analysis.esri_fast import fast_index as run  # only here: numba is an extra, and slow to import
    return EsriResult(*run(network, asked, counts, replaceability, eps, max_rounds, progress or (lambda _done, _all: None)))


def _takes_fast(engine: str, work: int) -> bool:
    if engine not in ("auto", "numpy", "fast"):
        raise BadInput(f"engine is {engine!r}, expected auto, numpy or fast")
    installed = find_spec("numba") is not None
    if engine == "fast" and not installed:
        raise BadInput("the fast engine needs numba", hint="pip install 'agikg[fast]'")
    return engine == "fast" or (engine == "auto" and installed and work >= WORTH_COMPILING)


def _index(
    network: ProductionNetwork, firms: Positions, weights: Floats, replaceability: bool, eps: float, max_rounds: int, report: Report
) -> Floats:
    """The index by numpy, one firm at a time; float64[3, k]."""
    found = np.zeros((3, len(firms)))
    for number, firm in enumerate(firms):
        shock = np.zeros(len(network))
        shock[firm] = 1.0
        down, up, _ = _losses(network, shock, replaceability, eps, max_rounds)
        for side, loss in enumerate((np.maximum(down, up), down, up)):
            found[side, number] = np.cumsum(weights * loss)[-1]  # from left to right, as the compiled engine adds
        report(number + 1, len(firms))
    return found
