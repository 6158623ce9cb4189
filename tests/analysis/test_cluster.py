"""Work on a real cluster of two processes, against the same work here; workers killed on the way."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Never

import pytest
from hypothesis import given

from agikg.analysis import cluster as module
from agikg.analysis.cluster import Cargo, draws_on, sweep_on
from agikg.analysis.importance import importance
from agikg.analysis.sweep import ENGINES, Sweep, sweep
from agikg.errors import BadInput, LimitHit, NotFound
from agikg.network import DependencyNetwork
from tests.analysis.networks import large, networks
from tests.conftest import optional

NOWHERE = "tcp://127.0.0.1:1"
NETWORK = large(1, 2_500)
SMALL = large(4, 120)
TARGET = 110


@pytest.fixture(scope="module")
def distributed() -> Any:
    return optional("distributed", "'agikg[cluster]'")


def started(distributed: Any, workers: int) -> Any:
    """Worker processes on this machine, without a dashboard, on any free ports."""
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        silence_logs=logging.CRITICAL,
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
    )


@pytest.fixture(scope="module")
def running(distributed: Any) -> Iterator[SimpleNamespace]:
    """A cluster of two, and a client of ours to look at it."""
    with started(distributed, 2) as cluster, distributed.Client(cluster.scheduler_address, set_as_default=False) as observer:
        yield SimpleNamespace(address=cluster.scheduler_address, observer=observer)


@pytest.fixture
def two(running: SimpleNamespace) -> SimpleNamespace:
    """The same with both workers there: dead ones are started again."""
    running.observer.wait_for_workers(2, timeout=20)
    return running


def until(true: Callable[[], bool]) -> None:
    """Waits until something holds, ten seconds at most."""
    ends = time.monotonic() + 10
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


class Killer:
    """A progress that kills workers, the first time it is called, while they work."""

    def __init__(self, observer: Any, victims: int) -> None:
        self.observer, self.victims = observer, victims
        self.pids: dict[str, int] = observer.run(os.getpid)
        self.lost: list[int] = []
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        if self.lost:
            return
        for address, pid in self.pids.items():
            os.kill(pid, signal.SIGSTOP)  # so that it cannot finish while we look
            work = len(self.observer.processing()[address])
            if work and len(self.lost) < self.victims:
                self.lost.append(work)
                os.kill(pid, signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGCONT)


# --- the same numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sweep_is_the_one_made_here(two: SimpleNamespace, engine: str) -> None:
    if engine == "fast":
        optional("numba", "'agikg[fast]'")
    told: list[tuple[int, int]] = []
    found = sweep_on(two.address, NETWORK, engine=engine, progress=lambda done, total: told.append((done, total)))
    assert found == sweep(NETWORK, engine="python")
    assert any(found.lost)
    assert len(told) == 6
    assert told[-1] == (2_500, 2_500)
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("candidates", "targets", "weights"),
    [
        (None, None, {2_499: 0.1, 2_498: 1 / 3, 2_000: 7}),
        ([5, 5, 900, 17, 0], range(2_000, 2_500), None),
        (range(1_000), [2_499, 2_499, 2_000], {2_499: 0.7}),
        (range(1_000), None, {}),
        ([], None, None),
    ],
)
def test_choices_count_as_they_do_here(two: SimpleNamespace, candidates: Any, targets: Any, weights: Any) -> None:
    assert sweep_on(two.address, NETWORK, candidates, targets, weights) == sweep(NETWORK, candidates, targets, weights)


def test_samples_are_those_drawn_here(two: SimpleNamespace) -> None:
    told: list[tuple[int, int]] = []
    draws = draws_on(two.address, progress=lambda done, total: told.append((done, total)))
    found = importance(SMALL, TARGET, samples=10_000, seed=3, draws=draws)
    assert found.method == "monte carlo"
    assert found == importance(SMALL, TARGET, samples=10_000, seed=3)
    assert told[-1] == (10_000, 10_000)
    assert len(told) == 3


@given(networks())
def test_what_travels_decides_about_failures(network: DependencyNetwork) -> None:
    cargo = Cargo.of(network)
    assert sweep(cargo.network, engine="python") == sweep(network, engine="python")


def test_the_rebuilt_network_does_not_travel() -> None:
    cargo = Cargo.of(NETWORK)
    before = len(pickle.dumps(cargo))
    assert cargo.network is cargo.network
    assert len(pickle.dumps(cargo)) == before < 9 * (len(NETWORK) + len(NETWORK.group_owner)) + 1_000
    assert pickle.loads(pickle.dumps(cargo)).group == NETWORK.group


# --- workers die --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("victims", [1, 2], ids=["one", "all that hold the network"])
def test_the_share_of_a_killed_worker_is_done_again(two: SimpleNamespace, victims: int) -> None:
    killer = Killer(two.observer, victims)
    assert sweep_on(two.address, NETWORK, engine="python", progress=killer) == sweep(NETWORK, engine="python")
    assert killer.lost  # it was killed over some work
    assert killer.told[-1] == (2_500, 2_500)


def test_the_samples_of_a_killed_worker_are_drawn_again(two: SimpleNamespace) -> None:
    killer = Killer(two.observer, 1)
    found = importance(SMALL, TARGET, samples=40_000, draws=draws_on(two.address, progress=killer))
    assert killer.lost
    assert found == importance(SMALL, TARGET, samples=40_000)


def deadly(*_: object) -> Never:
    """Work that kills whoever does it."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_work_that_kills_all_workers_ends(distributed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_share", deadly)
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        started(distributed, 1) as cluster,
        pytest.raises(LimitHit, match=r"died|lost"),
    ):
        sweep_on(cluster.scheduler_address, SMALL)


# --- it is called off ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, ZeroDivisionError])
def test_an_exception_takes_everything_off_the_cluster(two: SimpleNamespace, error: type[BaseException]) -> None:
    def fails(_done: int, _total: int) -> None:
        raise error

    clients = two.observer.run_on_scheduler(lambda dask_scheduler: set(dask_scheduler.clients))
    with pytest.raises(error):
        sweep_on(two.address, NETWORK, engine="python", progress=fails)
    until(lambda: two.observer.run_on_scheduler(lambda dask_scheduler: not dask_scheduler.tasks))
    until(lambda: two.observer.run_on_scheduler(lambda dask_scheduler: set(dask_scheduler.clients)) == clients)
    until(lambda: not any(two.observer.run(lambda dask_worker: [*dask_worker.data, *dask_worker.state.executing]).values()))


def asking(begun: str, ended: str) -> None:
    """Work without end, except that it asks whether it is still wanted."""
    Path(begun).touch()
    try:
        while True:
            module._still_wanted(0, 1)
            time.sleep(0.01)
    except module._Unwanted:
        Path(ended).touch()


def test_running_work_sees_that_nobody_waits(two: SimpleNamespace, tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    future = two.observer.submit(asking, str(begun), str(ended), pure=False)
    until(begun.exists)
    time.sleep(0.1)
    assert not ended.exists()
    future.cancel()
    until(ended.exists)


# --- what cannot be done ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"targets": []}, "no targets"),
        ({"candidates": [2_500]}, "no entity 2500"),
        ({"weights": {1: -1.0}}, "weight"),
        ({"engine": "slow"}, "engine"),
    ],
)
def test_bad_input_is_refused_before_anybody_is_asked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message) as here:
        sweep(NETWORK, **arguments)
    with pytest.raises(BadInput) as there:
        sweep_on(NOWHERE, NETWORK, **arguments)
    assert (there.value.message, there.value.hint) == (here.value.message, here.value.hint)


def test_weights_too_fine_for_the_fast_engine_are_refused_before_anybody_is_asked() -> None:
    with pytest.raises(BadInput, match="too fine for the fast engine"):
        sweep_on(NOWHERE, NETWORK, weights={0: 1 / 3, 1: 1000.0}, engine="fast")


def test_without_distributed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match="needs distributed") as caught:
        sweep_on(NOWHERE, SMALL)
    assert caught.value.hint == "pip install 'agikg[cluster]'"


@pytest.mark.parametrize("address", [NOWHERE, "tcp://there.is.no.such.host.invalid:8786"])
def test_nobody_answers(distributed: Any, address: str) -> None:
    begun = time.monotonic()
    with pytest.raises(NotFound, match=r"no Dask scheduler answers at .* within 0\.5 seconds") as caught:
        sweep_on(address, SMALL, seconds=0.5)
    assert caught.value.hint
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("address", ["", "here", "post://127.0.0.1:1"])
def test_an_address_that_is_none(distributed: Any, address: str) -> None:
    with pytest.raises(BadInput, match="no address of a scheduler"):
        sweep_on(address, SMALL)


def test_a_cluster_without_workers(distributed: Any) -> None:
    with started(distributed, 0) as cluster, pytest.raises(NotFound, match="no workers") as caught:
        sweep_on(cluster.scheduler_address, SMALL, seconds=0.3)
    assert cluster.scheduler_address in caught.value.hint


def test_a_scheduler_that_goes_away(distributed: Any) -> None:
    with started(distributed, 1) as cluster, pytest.raises(NotFound, match="lost"):
        sweep_on(cluster.scheduler_address, NETWORK, engine="python", progress=lambda _done, _total: cluster.close(), seconds=1)


def test_workers_that_do_not_come_back(distributed: Any) -> None:
    with started(distributed, 1) as cluster, pytest.raises(NotFound, match="lost"):
        sweep_on(cluster.scheduler_address, NETWORK, engine="python", progress=lambda _done, _total: cluster.scale(0), seconds=1)


def versions(**workers: tuple[str | None, str | None]) -> Any:
    """A client whose workers have these versions of agikg and numba."""
    told = {name: {"packages": {"agikg": agikg, "numba": numba}} for name, (agikg, numba) in workers.items()}
    here = {"client": {"packages": {"agikg": "2.0"}}, "workers": told}
    return SimpleNamespace(wait_for_workers=lambda *_, **__: None, get_versions=lambda **_: here)


def test_workers_with_another_agikg() -> None:
    with pytest.raises(NotFound) as caught:
        module._check_workers(versions(a=("2.0", None), b=("1.0", None), c=(None, None), d=("3", None), e=("3", None)), "x", 1, False)
    assert (
        caught.value.message == "agikg 2.0 is needed on all workers: b has agikg 1.0, c has no agikg, d has agikg 3, and 1 more are wrong"
    )
    module._check_workers(versions(a=("2.0", None)), "x", 1, False)


def test_workers_without_numba() -> None:
    with pytest.raises(BadInput, match="needs numba, and b has none"):
        module._check_workers(versions(a=("2.0", "0.60"), b=("2.0", None)), "x", 1, True)


def test_results_keep_the_order_asked_for(two: SimpleNamespace) -> None:
    backwards = list(range(2_499, -1, -1))
    found = sweep_on(two.address, NETWORK, backwards)
    assert found == Sweep(backwards, sweep(NETWORK).lost[::-1])


def test_one_batch_is_enough_for_few(two: SimpleNamespace) -> None:
    told: list[int] = []
    sweep_on(two.address, NETWORK, array("i", range(300)), progress=lambda done, _: told.append(done))
    assert told == [300]
