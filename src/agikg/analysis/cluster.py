"""Sweeps and Monte Carlo on a Dask cluster given by its address (extra ``[cluster]``): the same numbers as here, bit by bit.

The network is shipped once, as the bare columns that decide about failures; each worker process rebuilds it once. Shares
of the work depend neither on each other nor on their order, so the share of a worker that is lost is done again.
Knows nothing of what a share is made of: that is ``sweep`` and ``importance``.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cached_property
from importlib import import_module
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NamedTuple, TypeVar

from agikg.analysis.importance import Draws, Sample, drawn
from agikg.analysis.sweep import Progress, Sweep, check_entities, check_summable, engine_for, sweep, weights_of
from agikg.errors import BadInput, LimitHit, NotFound
from agikg.network import DependencyNetwork

R = TypeVar("R")
SECONDS = 30.0
"""How long to wait for a scheduler to answer, and for a first worker."""
_PER_THREAD = 3
"""Shares for each thread of the cluster: so many that none waits long for another, so few that preparing them costs little."""
_LEAST = 256
"""Fewest candidates of a share: fewer take hardly less time."""
_SHIPMENTS = 3
"""How often the network is sent out, if all workers that hold it are lost."""
_BEAT = 2.0
"""Seconds without news after which to look whether anybody still works."""


def sweep_on(
    address: str, network: DependencyNetwork, candidates: Collection[int] | None = None, targets: Collection[int] | None = None,
    weights: Mapping[int, float] | None = None, *, engine: str = "auto", progress: Progress | None = None, seconds: float = SECONDS,
) -> Sweep:  # fmt: skip
    """``sweep.sweep`` on a cluster: the same arguments, the same result.

    Best with workers of one thread each: threads of one process wait for each other, except in the loops of the fast engine.

    Args:
        address: of the scheduler, such as ``tcp://10.0.0.1:8786``.
        network: scoped network; what it rests on (names, claims, evidence) stays here.
        candidates: entities to deny, each alone; None for all.
        targets: entities whose loss counts; None for all (or for those that have weights).
        weights: weight of each target, finite and at least 0; None for 1 each.
        engine: as in ``sweep``; ``auto`` is decided by each worker, ``fast`` needs numba there, not here.
        progress: told (done, total) candidates after each share; an exception it raises, like Ctrl-C, takes everything off
            the cluster. A share that is running ends after its current batch.
        seconds: how long to wait for the scheduler, for a first worker, and for a new one when all are lost.

    Returns:
        Exact weights lost. Each share prepares the network anew, O(links), and sweeps its part as ``sweep`` does.

    Raises:
        BadInput: see ``sweep``; the address is none; ``distributed`` is not installed.
        NotFound: no scheduler answers; it has no workers, or workers without this version of agikg.
        LimitHit: workers died again and again over the same share.
    """
    weighed = weights_of(network, targets, weights)
    chosen = array("i", weighed.whole)
    asked = list(range(len(network.names)) if candidates is None else candidates)
    check_entities(network, asked)
    engine_for("auto" if engine == "fast" else engine, len(network))
    if engine == "fast":
        check_summable(weighed)
    order = _Order(chosen, None if weights is None else array("d", (float(weights.get(target, 1.0)) for target in chosen)), engine)
    if not asked:
        return Sweep([], [])
    with _connected(address, seconds, numba=engine == "fast") as client:
        threads = sum(client.nthreads().values())
        count = max(1, min(_PER_THREAD * threads, len(asked) // _LEAST))
        # Every so-many-th candidate: neighbours tend to cost alike, so the shares do too.
        shares = [array("i", asked[start::count]) for start in range(count)]
        told = None if progress is None else _counted(progress, [len(share) for share in shares])
        found = _done_on(client, address, seconds, (Cargo.of(network), order), _share, shares, told)
    lost = [0.0] * len(asked)
    for start, part in enumerate(found):
        lost[start::count] = part
    return Sweep(asked, lost)


def draws_on(address: str, *, progress: Progress | None = None, seconds: float = SECONDS) -> Draws:
    """Draws for ``importance.importance`` on a cluster: its ``draws`` argument; the numbers are those drawn here.

    Args:
        address: of the scheduler; it is connected to when samples are drawn.
        progress: told (done, total) samples; see ``sweep_on``.
        seconds: see ``sweep_on``.

    Returns:
        A function of (network, sample, stretches) that gives the hits of each stretch, in their order; it raises what
        ``sweep_on`` raises.
    """

    def draws(network: DependencyNetwork, sample: Sample, parts: Sequence[tuple[int, int]]) -> list[list[int]]:
        with _connected(address, seconds) as client:
            told = None if progress is None else _counted(progress, [columns for _, columns in parts])
            return _done_on(client, address, seconds, (Cargo.of(network), sample), _stretch, parts, told)

    return draws


# --- what travels -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Cargo:
    """The columns of a network that decide about failures: 4 to 9 bytes a link and a group, no names, no claims.

    Attributes:
        entities: how many there are. The columns are those of ``DependencyNetwork``.
    """

    entities: int
    group: array[int]
    supplier: array[int]
    barred: bytes
    group_owner: array[int]
    group_minimum: array[int]
    group_essential: bytes

    @classmethod
    def of(cls, network: DependencyNetwork) -> Cargo:
        """What to ship of a network."""
        columns = (getattr(network, field.name) for field in fields(cls)[1:])
        return cls(len(network.names), *columns)

    @cached_property
    def network(self) -> DependencyNetwork:
        """The network again. A worker process holds one copy of the cargo, so it is rebuilt there once. O(links)."""
        return DependencyNetwork.from_columns(
            self.entities, self.group_owner, self.group, self.supplier,
            minimum=self.group_minimum, essential=map(bool, self.group_essential), barred=map(bool, self.barred),
        )  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        """The columns alone: the rebuilt network does not travel."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class _Order(NamedTuple):
    """What of the network is to be swept; shipped with it. Weights belong to the targets one by one."""

    targets: array[int]
    weights: array[float] | None
    engine: str


class _Unwanted(Exception):
    """Nobody waits for this share any more."""


def _share(cargo: Cargo, order: _Order, candidates: array[int]) -> array[float]:
    """On a worker: a part of the candidates."""
    weights = None if order.weights is None else dict(zip(order.targets, order.weights, strict=True))
    try:
        found = sweep(cargo.network, candidates, order.targets, weights, engine=order.engine, progress=_still_wanted)
    except _Unwanted:
        return array("d")
    return array("d", found.lost)


def _stretch(cargo: Cargo, sample: Sample, part: tuple[int, int]) -> list[int]:
    """On a worker: one stretch of a sample."""
    return drawn(cargo.network, sample, *part)


def _still_wanted(_done: int, _total: int) -> None:
    # Dask does not stop a task that runs; so the task looks itself whether it has been cancelled.
    worker = _distributed().get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    if task is None or task.state == "cancelled":
        raise _Unwanted


# --- the cluster --------------------------------------------------------------------------------------------------


def _distributed() -> Any:
    """The package of the extra; ``Any`` because not all of it is typed."""
    try:
        return import_module("distributed")
    except ImportError:
        raise BadInput("work on a cluster needs distributed", hint="pip install 'agikg[cluster]'") from None


@contextmanager
def _connected(address: str, seconds: float, *, numba: bool = False) -> Iterator[Any]:
    """A client of a cluster that has workers with this agikg. Whatever it asked for is dropped when it closes."""
    distributed = _distributed()
    silent = NotFound(f"no Dask scheduler answers at {address} within {seconds:g} seconds", hint="start one: dask scheduler")
    try:
        distributed.comm.resolve_address(address)
        client = distributed.Client(address, timeout=seconds, set_as_default=False)
    except ValueError as error:
        raise BadInput(f"{address!r} is no address of a scheduler: {error}", hint="such as tcp://127.0.0.1:8786") from None
    except OSError:
        raise silent from None
    try:
        _check_workers(client, address, seconds, numba)
        yield client
    except OSError:
        if client.status == "running":
            raise  # not ours: what was told of progress failed
        raise _lost(address) from None
    finally:
        client.close()


def _check_workers(client: Any, address: str, seconds: float, numba: bool) -> None:
    try:
        client.wait_for_workers(1, timeout=seconds)
    except TimeoutError:
        raise NotFound(
            f"the cluster at {address} has no workers, and none came within {seconds:g} seconds", hint=f"start some: dask worker {address}"
        ) from None
    versions = client.get_versions(packages=["agikg", *(["numba"] if numba else [])])
    here = versions["client"]["packages"]["agikg"]
    wrong = []
    for worker, info in sorted(versions["workers"].items()):
        there = info["packages"]["agikg"]
        if there != here:
            wrong.append(f"{worker} has no agikg" if there is None else f"{worker} has agikg {there}")
        elif numba and info["packages"]["numba"] is None:
            raise BadInput(f"the fast engine needs numba, and {worker} has none", hint="pip install 'agikg[fast]' there")
    if wrong:
        more = f", and {len(wrong) - 3} more are wrong" if len(wrong) > 3 else ""
        raise NotFound(f"agikg {here} is needed on all workers: {', '.join(wrong[:3])}{more}", hint=f"pip install agikg=={here} there")


def _done_on(
    client: Any, address: str, seconds: float, cargo: tuple[object, object], work: Callable[[Any, Any, Any], R], parts: Sequence[Any],
    told: Callable[[int], None] | None,
) -> list[R]:  # fmt: skip
    """Results of ``work(*cargo, part)``, in the order of the parts; ``told`` learns of each that is done."""
    results: dict[int, R] = {}
    for _ in range(_SHIPMENTS):
        try:
            shipped = client.scatter(list(cargo), broadcast=True, hash=False)  # a name of its own: nobody else can drop it
        except OSError:
            raise _lost(address) from None
        futures = {client.submit(work, *shipped, part, pure=False): n for n, part in enumerate(parts) if n not in results}
        try:
            for future in _finished(client, address, seconds, futures):
                if not _take(future, futures[future], results):
                    break  # all copies of the network are gone: dask cannot make them again, we can
                if told is not None:
                    told(futures[future])
        finally:
            if client.status == "running":
                client.cancel([*futures, *shipped])
        if len(results) == len(parts):
            return [results[n] for n in range(len(parts))]
        if client.status != "running":
            raise _lost(address)
    raise LimitHit(f"all workers that held the network were lost, {_SHIPMENTS} times", hint="look at their logs; they may need more memory")


def _finished(client: Any, address: str, seconds: float, futures: Collection[Any]) -> Iterator[Any]:
    """Futures as they end, however they end."""
    news: SimpleQueue[Any] = SimpleQueue()
    for future in futures:
        future.add_done_callback(news.put)
    ended, working = 0, monotonic()
    while ended < len(futures):
        try:
            future = news.get(timeout=_BEAT)
        except Empty:
            if _workers(client):
                working = monotonic()
            elif monotonic() - working > seconds:
                raise _lost(address) from None
            continue
        yield future
        ended, working = ended + 1, monotonic()


def _lost(address: str) -> NotFound:
    return NotFound(f"the cluster at {address} lost its scheduler or all its workers, and none came back", hint="start it again")


def _workers(client: Any) -> int:
    """How many work; none if the scheduler does not say."""
    try:
        return len(client.nthreads())
    except OSError:
        return 0


def _take(future: Any, number: int, results: dict[int, Any]) -> bool:
    """Takes the result of a part; False if it is lost for good."""
    distributed = _distributed()
    try:
        results[number] = future.result()
    except distributed.CancelledError:
        return False
    except distributed.KilledWorker as error:
        raise LimitHit(
            f"workers died again and again over the same share: {error}", hint="look at their logs; they may need more memory"
        ) from None
    return True


def _counted(progress: Progress, sizes: Sequence[int]) -> Callable[[int], None]:
    """Tells of parts as (done, total)."""
    done, total = 0, sum(sizes)

    def told(number: int) -> None:
        nonlocal done
        done += sizes[number]
        progress(done, total)

    return told
