"""Lanes, turns, budgets and threads, without HTTP."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.errors import BadQuery, Busy, ForbiddenQuery, LimitHit, OutOfTime, StoreError, TooLarge
from agikg.kg import KnowledgeGraph
from agikg.server.budget import Budgets, OverBudget
from agikg.server.calls import Calls
from agikg.server.lanes import Lanes, Overruns
from agikg.server.limits import Limits
from agikg.server.remembered import Remembered
from agikg.server.sending import Outgoing
from agikg.server.turns import Turns
from agikg.store.embedded import Unacceptable
from agikg.store.resident import Order
from agikg.store.worker import Place
from tests.server.conftest import apart

CSV, TURTLE = "text/csv", "text/turtle"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def order(text: str, rows: float = 1000, size: float = 1e6) -> Order:
    return Order(text, CSV, TURTLE, rows, size)


@asynccontextmanager
async def running(kg: KnowledgeGraph, forks: bool | None = None, **limits: float) -> AsyncIterator[Lanes]:
    chosen = Limits.declared(**{"query_seconds": 1.5, "fast_workers": 1, "slow_workers": 1, "remembered_bytes": 1, **limits})
    lanes = Lanes(kg.sparql_place(), chosen, forks=forks)
    await lanes.start()
    try:
        yield lanes
    finally:
        await lanes.close()


@pytest.fixture(params=[True, False], ids=["forked", "started"])
def forks(request: pytest.FixtureRequest) -> bool:
    """Workers come from one process that forks, or each is started on its own."""
    if request.param and sys.platform != "linux":
        pytest.skip("only Linux forks workers off; elsewhere each is started on its own")
    return bool(request.param)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    apart(lambda: asyncio.run(asyncio.wait_for(test(), 50)))


def test_orders_are_answered_one_after_another(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg) as lanes:
            replies = await asyncio.gather(*(lanes.run(order(f"SELECT ({n} AS ?n) {{}}"), "a") for n in range(50)))
            assert [reply.body for reply in replies] == [f"n\r\n{n}\r\n".encode() for n in range(50)]

    run(test)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        (order("SELECT * {"), BadQuery), (order("DROP ALL"), ForbiddenQuery), (order("SELECT * { SERVICE <u:x> {} }"), ForbiddenQuery),
        (order("SELECT * { ?s ?p ?o }", rows=10), TooLarge), (order("SELECT * { ?s ?p ?o }", rows=1e9, size=1000), TooLarge),
        (order("CONSTRUCT WHERE { ?s ?p ?o }", rows=10), TooLarge), (order("CONSTRUCT WHERE { ?s ?p ?o }", rows=1e9, size=1000), TooLarge),
        (order("ASK {}")._replace(results=""), Unacceptable), (order("SELECT * FROM <http://a.org/none> {}"), ForbiddenQuery),
        (order("SELECT (" + "1+" * 20_000 + "1 AS ?x) {}"), LimitHit), (order(RUNAWAY), OutOfTime),
    ],
    ids=lambda value: value.text[:40] if isinstance(value, Order) else value.__name__,
)  # fmt: skip
def test_whatever_happens_the_next_order_is_answered(kg: KnowledgeGraph, forks: bool, asked: Order, error: type[Exception]) -> None:
    async def test() -> None:
        async with running(kg, forks) as lanes:
            with pytest.raises(error):
                await lanes.run(asked, "a")
            assert (await lanes.run(order("ASK {}"), "a")).body == b"true"

    run(test)


def test_a_killed_worker_is_replaced(kg: KnowledgeGraph, forks: bool) -> None:
    async def test() -> None:
        async with running(kg, forks, query_seconds=10) as lanes:
            for worker in lanes._workers:
                os.kill(worker.pid, signal.SIGKILL)
            await asyncio.sleep(0.2)
            replies = await asyncio.gather(*(lanes.run(order("ASK {}"), "a") for _ in range(3)))
            assert [reply.body for reply in replies] == [b"true"] * 3

    run(test)


def test_a_query_that_is_given_up_stops(kg: KnowledgeGraph, forks: bool) -> None:
    async def test() -> None:
        async with running(kg, forks, query_seconds=60) as lanes:
            (worker,) = lanes._workers
            asked = asyncio.create_task(lanes.run(order(RUNAWAY), "a"))
            await asyncio.sleep(0.5)  # in the slow lane by now
            asked.cancel()
            await asyncio.wait_for(worker.gone(), 5)
            assert (await lanes.run(order("ASK {}"), "a")).body == b"true"

    run(test)


def test_the_fast_lane_goes_on_while_the_slow_lane_is_full(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, query_seconds=4, fast_seconds=0.1) as lanes:
            slow = [asyncio.create_task(lanes.run(order(RUNAWAY + f" # {n}"), "a")) for n in range(4)]
            await asyncio.sleep(0.5)
            assert (await lanes.run(order("ASK {}"), "b")).body == b"true"
            assert not any(task.done() for task in slow)
            ends = await asyncio.gather(*slow, return_exceptions=True)
            assert all(isinstance(end, OutOfTime | Busy) for end in ends)
            assert any(isinstance(end, OutOfTime) for end in ends)

    run(test)


def test_a_query_that_takes_a_while_steps_aside_for_others(kg: KnowledgeGraph, forks: bool) -> None:
    async def test() -> None:
        async with running(kg, forks, query_seconds=20, fast_seconds=5) as lanes:
            first = asyncio.create_task(lanes.run(order(RUNAWAY), "a"))
            await asyncio.sleep(0.1)
            assert not lanes._aside, "nobody waits for its worker"
            assert (await lanes.run(order("ASK {}"), "b")).body == b"true"
            (aside,) = lanes._aside
            second = asyncio.create_task(lanes.run(order(RUNAWAY + " # 2"), "a"))
            await asyncio.sleep(0.1)  # it has the worker now
            assert (await lanes.run(order("ASK { ?s ?p ?o }"), "b")).body == b"true"
            assert aside not in lanes._aside, "the longest aside made room"
            assert len(lanes._aside) == 1
            assert lanes._slots.take_free() is None, "and went on in the slow lane"
            assert aside in lanes._workers
            for task in (first, second):
                task.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
            assert not lanes._aside
            assert (await lanes.run(order("ASK {}"), "b")).body == b"true"

    run(test)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks workers off")
def test_a_query_that_stepped_back_rests_while_others_wait(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, query_seconds=20, fast_seconds=5) as lanes:
            asked = asyncio.create_task(lanes.run(order(RUNAWAY), "a"))
            await asyncio.sleep(0.2)
            (worker,) = lanes._workers
            lanes._step_back(worker)
            lanes._fast._waiting += 1  # as if somebody waited all the time
            before = worker.worked()
            await asyncio.sleep(1)
            assert worker.worked() - before < 0.6, "it works a fifth of the time"
            lanes._fast._waiting -= 1
            await asyncio.sleep(0.2)
            before = worker.worked()
            while worker.worked() - before < 0.1:  # it goes on
                await asyncio.sleep(0.05)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)

    run(test)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks workers off")
def test_a_worker_that_rests_does_not_outlive_its_mother(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, query_seconds=10) as lanes:
            (worker,) = lanes._workers
            mother = lanes._nursery._mother
            assert mother is not None
            worker.rest()
            await asyncio.sleep(0.2)
            os.kill(mother.pid, signal.SIGKILL)
            await mother.wait()
            await asyncio.wait_for(worker._source.read(), 5)  # its stream ends with it
            assert worker._source.at_eof()

    run(test)


def test_what_was_asked_before_needs_no_worker(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, remembered_bytes=1e6) as lanes:
            asked, changing = order("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), order("SELECT (struuid() AS ?n) {}")
            first, once = await lanes.run(asked, "a"), await lanes.run(changing, "a")
            assert (await lanes.run(changing, "a")).body != once.body
            with pytest.raises(BadQuery):
                await lanes.run(order("SELECT * {"), "a")
            (worker,) = lanes._workers
            worker.kill()
            await worker.gone()
            before = set(lanes._workers)
            assert await lanes.run(asked, "b") == first
            assert lanes._workers == before, "no worker was even looked for"
            assert (await lanes.run(asked._replace(results="text/tab-separated-values"), "b")).body != first.body

    run(test)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 40)), max_size=60))
def test_results_are_remembered_while_they_fit(steps: list[tuple[int, int]]) -> None:
    remembered: Remembered[int, tuple[int, int]] = Remembered(160)
    last: dict[int, int] = {}  # what a plain list of (key, size) in order of use would hold
    for key, size in steps:
        found = remembered.get(key)
        assert found is None or found == (key, last[key])
        if found is not None:
            last[key] = last.pop(key)
        remembered.put(key, (key, size), size)
        if size <= 20:
            last.pop(key, None)
            last[key] = size
        while sum(last.values()) > 160:
            last.pop(next(iter(last)))
    assert {key: remembered.get(key) for key in last} == {key: (key, size) for key, size in last.items()}
    assert sum(remembered.get(key) is not None for key in range(10)) == len(last)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks workers off")
def test_the_process_that_forks_is_replaced_too(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, query_seconds=10) as lanes:
            mother = lanes._nursery._mother
            assert mother is not None
            os.kill(mother.pid, signal.SIGKILL)
            await mother.wait()
            with pytest.raises(LimitHit):  # the worker that was left dies of this, and another is wanted
                await lanes.run(order("SELECT (" + "1+" * 20_000 + "1 AS ?x) {}"), "a")
            assert (await lanes.run(order("ASK {}"), "a")).body == b"true"

    run(test)


def test_a_slow_query_ends_with_its_result(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, query_seconds=60, fast_seconds=0.01) as lanes:
            text = "SELECT (COUNT(*) AS ?n) { ?a rdf:subject ?c . ?d agi:layer ?f }"
            expected = kg.store.query(text).rows[0][0]  # type: ignore[union-attr]
            for _ in range(4):  # promoted twice, then straight into the slow lane
                assert (await lanes.run(order(text), "a")).body == f"n\r\n{expected}\r\n".encode()

    run(test)


def test_who_used_up_the_seconds_keeps_the_fast_lane(kg: KnowledgeGraph) -> None:
    async def test() -> None:
        async with running(kg, client_seconds=1, query_seconds=2) as lanes:
            with pytest.raises(OutOfTime):
                await lanes.run(order(RUNAWAY), "a")
            for _ in range(3):
                with pytest.raises(OverBudget) as refused:
                    await lanes.run(order(RUNAWAY), "a")
                assert 1 < refused.value.seconds <= 180
            assert (await lanes.run(order("ASK {}"), "a")).body == b"true"
            with pytest.raises(OutOfTime):
                await lanes.run(order(RUNAWAY), "b")

    run(test)


def test_a_graph_that_cannot_be_read_is_said_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "graph.nq"
    file.write_text("<u:a> <u:b> <u:c> .\n")

    async def test() -> None:
        for quads, memory in ((2, 1e9), (1, 1e6)):
            lanes = Lanes(Place(file, "sha256:0", quads), Limits.declared(fast_workers=2, server_worker_memory=memory))
            with pytest.raises(StoreError):
                await lanes.start()
            await lanes.close()

    run(test)


def test_a_store_on_disk_is_served_and_never_another_in_its_place(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.save(str(tmp_path / "store"))
    opened = KnowledgeGraph.open(str(tmp_path / "store"))

    async def test() -> None:
        async with running(opened) as lanes:
            reply = await lanes.run(order("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), "a")
            assert reply.body == f"n\r\n{kg.quads}\r\n".encode()
        other = Lanes(opened.sparql_place()._replace(content_hash="sha256:other"), Limits.declared(fast_workers=1))
        with pytest.raises(StoreError, match="replaced"):
            await other.start()
        await other.close()

    run(test)


def test_overruns_are_remembered_and_forgiven() -> None:
    overruns, asked = Overruns(), order("ASK {}")
    overruns.note(asked)
    assert not overruns.expected(asked)
    overruns.note(asked)
    assert overruns.expected(asked)
    overruns.forget(asked)
    assert not overruns.expected(asked)
    for n in range(2000):
        overruns.note(order(str(n)))
    assert len(overruns._times) == 1000


def test_clients_are_served_in_turn() -> None:
    async def test() -> None:
        turns: Turns[int] = Turns(100, "a thing")
        served: list[str] = []

        async def client(name: str) -> None:
            thing = await turns.take(name, 5)
            served.append(name)
            await asyncio.sleep(0)
            turns.give(thing)

        tasks = [asyncio.create_task(client(name)) for name in ("a",) * 5 + ("b",) * 2 + ("c",)]
        await asyncio.sleep(0)
        turns.give(1)
        await asyncio.gather(*tasks)
        assert served == ["a", "b", "c", "a", "b", "a", "a", "a"]
        assert turns.take_free() == 1

    run(test)


def test_who_waits_too_long_or_leaves_loses_nothing() -> None:
    async def test() -> None:
        turns: Turns[int] = Turns(2, "a thing")
        late = asyncio.create_task(turns.take("a", 0.01))
        leaving = asyncio.create_task(turns.take("a", 5))
        await asyncio.sleep(0)
        with pytest.raises(Busy, match="too many"):
            await turns.take("b", 5)
        with pytest.raises(Busy, match="did not come free"):
            await late
        turns.give(7)
        leaving.cancel()  # in the very moment in which it was served
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert turns.take_free() == 7

    run(test)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 50), st.floats(0, 30)), max_size=30))
def test_a_budget_is_never_more_than_its_size_nor_less_than_its_debt(steps: list[tuple[str, float, float]]) -> None:
    now = [0.0]
    budgets = Budgets(60, lambda: now[0])
    for client, spent, passed in steps:
        budgets.spend(client, spent)
        assert -60 <= budgets._now(client) <= 60
        now[0] += passed
    now[0] += 121
    for client in "ab":
        budgets.check(client)


def test_a_budget_comes_back_when_it_said() -> None:
    now = [0.0]
    budgets = Budgets(30, lambda: now[0])
    budgets.spend("a", 40)
    with pytest.raises(OverBudget) as refused:
        budgets.check("a")
    assert refused.value.seconds == pytest.approx((1 + 10) * 2)
    now[0] += refused.value.seconds
    budgets.check("a")
    budgets.check("b")


def test_calls_run_beside_each_other_and_are_bounded() -> None:
    async def test() -> None:
        import threading

        calls, go = Calls(Limits.declared(call_threads=2, waiting_calls=1, call_seconds=0.2)), threading.Event()
        slow = [asyncio.create_task(calls.run(go.wait, 5)) for _ in range(3)]
        await asyncio.sleep(0.05)
        with pytest.raises(Busy):
            await calls.run(int, "1")
        for task in slow:
            with pytest.raises(OutOfTime):
                await task
        go.set()
        await asyncio.sleep(0.2)
        assert await calls.run(int, "12", base=3) == 5
        with pytest.raises(ValueError, match="invalid literal"):
            await calls.run(int, "x")
        calls.close()

    run(test)


def test_large_results_are_counted_while_they_are_sent() -> None:
    async def test() -> None:
        outgoing, sent = Outgoing(250_000), bytearray()
        gate = asyncio.Event()

        async def send(message: Any) -> None:
            await gate.wait()
            sent.extend(message.get("body", b""))

        body = bytes(range(256)) * 800
        first = asyncio.create_task(outgoing.reply(body, CSV, {})({"type": "http"}, None, send))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            outgoing.reply(body, CSV, {})
        assert outgoing.reply(b"small", CSV, {}).body == b"small"
        gate.set()
        await first
        assert sent == body
        outgoing.reply(body, CSV, {})

    run(test)
