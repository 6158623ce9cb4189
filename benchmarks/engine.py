"""The engines of the sweep against a plain networkx loop, side by side in one run; cut sets and importance beside them.

    python -m benchmarks.engine [--quick] [--write]

``--write`` puts the tables into benchmarks/engine.md; ``--quick`` takes a tenth of the sizes and fewer rounds. Generated
networks (``benchmarks.networks``). Building the network or the graph is nobody's time; everything that the loop or
``sweep`` does with it is, preparation included: each measurement gets a network object that has worked nothing out yet.
Goals: mixed at least 10 times the loop without extras and 60 times with ``[fast]``; and-only with deep cascades 1,000 times;
cut sets up to order 3 of a 500-entity network below a second.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, TypeVar

import networkx as nx
import numba
import numpy as np

from agikg.analysis import fast
from agikg.analysis.cluster import Cargo
from agikg.analysis.cutsets import cut_sets
from agikg.analysis.importance import importance
from agikg.analysis.spread import Spread
from agikg.analysis.sweep import sweep
from agikg.network import UNKNOWN, DependencyNetwork
from benchmarks.networks import network

QUICK = "--quick" in sys.argv
SCALE = 10 if QUICK else 1
ROUNDS = 3 if QUICK else 7
SAMPLE = 50 if QUICK else 200
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def machine() -> str:
    model = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), "?"
    )
    source = np.ones(1 << 25)  # 256 MB
    target = np.empty_like(source)
    best = min(timed(lambda: np.copyto(target, source))[0] for _ in range(7))
    bandwidth = 2 * source.nbytes / best / 1e9
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{model}, {os.cpu_count()} cores (one used), {bandwidth:.0f} GB/s read and written by a 256 MB numpy copy, load average before the run "
        f"{load}. Python {platform.python_version()}, numpy {np.__version__}, numba {numba.__version__}, networkx {nx.__version__}."
    )


def settled() -> None:
    """Lets the garbage collector forget what was built for the measurement, which it would scan again and again in it."""
    gc.collect()
    gc.freeze()


def fresh(one: DependencyNetwork) -> DependencyNetwork:
    """The same network with nothing worked out."""
    return replace(one)


# --- the rivals ---------------------------------------------------------------------------------------------------


def loop(graph: nx.MultiDiGraph[str], entities: Iterable[str]) -> list[float]:
    """What a person would write: for each entity a worklist over the edges that lead to what has failed.

    As quick as such a loop can reasonably be: members are counted and the baseline is worked out once, and each denial
    only notes the groups that it touches.
    """
    left: dict[int, int] = {}  # members of each group that serve
    short: dict[int, tuple[int, str]] = {}
    for dependent, _, data in graph.edges(data=True):
        if data["essential"]:
            left[data["group"]] = left.get(data["group"], 0) + (not data["barred"])
            short[data["group"]] = data["minimum"], dependent
    baseline: set[str] = set()

    def follow(denied: list[str], failed: set[str], touched: dict[int, int]) -> set[str]:
        while denied:
            for dependent, _, data in graph.in_edges(denied.pop(), data=True):
                group = data["group"]
                if dependent in failed or dependent in baseline or data["barred"] or not data["essential"]:
                    continue
                touched[group] = now = touched.get(group, left[group]) - 1
                if now < data["minimum"]:
                    failed.add(dependent)
                    denied.append(dependent)
        return failed

    start = {owner for group, (minimum, owner) in short.items() if left[group] < minimum}
    baseline = follow(list(start), start, left)
    return [0.0 if entity in baseline else len(follow([entity], {entity}, {})) - 1.0 for entity in entities]


def ancestors(graph: nx.MultiDiGraph[str], entities: Iterable[str]) -> list[float]:
    """What a person would write where every link is indispensable."""
    return [float(len(nx.ancestors(graph, entity))) for entity in entities]


class Rival(NamedTuple):
    """A loop, and of how many entities it is measured (None: all); the rest is extrapolated."""

    name: str
    work: Callable[[nx.MultiDiGraph[str], Iterable[str]], list[float]]
    sample: int | None


RIVALS = {
    "soft": Rival("networkx loop", loop, None),
    "mixed": Rival("networkx loop", loop, None),
    "brittle": Rival("networkx loop", loop, SAMPLE),
    "and-only": Rival("networkx.ancestors", ancestors, SAMPLE),
}


def against(kind: str) -> list[str]:
    """A row: the loop, and both engines, on the whole sweep."""
    one = network(kind, 10_000 // SCALE, 60_000 // SCALE)
    rival = RIVALS[kind]
    entities = one.names if rival.sample is None else random.Random(1).sample(one.names, rival.sample)
    places = [one.position[entity] for entity in entities]
    graph = one.to_networkx()
    settled()
    times: dict[str, list[float]] = {"loop": [], "python": [], "fast": []}
    for turn in range(ROUNDS):  # in turn, so that a busy moment of the machine hits all alike
        if turn == 0 or rival.sample is None:
            once, _ = timed(lambda: rival.work(graph, []))  # counting members is not done for each entity
            seconds, expected = timed(lambda: rival.work(graph, entities))
            times["loop"].append(once + (seconds - once) * len(one.names) / len(entities))
        for engine in ("python", "fast"):
            own = fresh(one)
            seconds, found = timed(lambda own=own, engine=engine: sweep(own, engine=engine))  # type: ignore[misc]
            times[engine].append(seconds)
            assert [found.lost[place] for place in places] == expected, f"{engine} is wrong on {kind}"
    slow, python, quick = (statistics.median(times[name]) for name in ("loop", "python", "fast"))
    said = f"{rival.name}, extrapolated from {rival.sample} entities" if rival.sample else rival.name
    return [
        kind, f"{len(one):,}", f"{statistics.fmean(found.lost):,.1f} / {max(found.lost):,.0f}", f"{slow:.1f} s ({said})",
        f"{python * 1000:.0f} ms", f"{quick * 1000:.0f} ms", f"{slow / python:,.0f}", f"{slow / quick:,.0f}",
    ]  # fmt: skip


# --- large networks, each in a process of its own ------------------------------------------------------------------


class Run(NamedTuple):
    """What a process of its own measured: seconds, and MiB before the sweep and at most; the sum of what was lost."""

    seconds: float
    before: float
    peak: float
    lost: float


def load(path: str) -> DependencyNetwork:
    """A network from its shipped columns, without checks: little more memory than the network itself."""
    with Path(path).open("rb") as file:
        cargo: Cargo = pickle.load(file)
    links, groups = len(cargo.group), len(cargo.group_owner)
    owner = np.frombuffer(cargo.group_owner, dtype=np.int32)
    return DependencyNetwork(
        names=("",) * cargo.entities, predicates=("needs",), claims=(), supplier=cargo.supplier, group=cargo.group, barred=cargo.barred,
        dependent=array("i", owner[np.frombuffer(cargo.group, dtype=np.int32)].tobytes()), predicate=array("i", bytes(4 * links)),
        in_use=bytes([1]) * links, evidence=(((),),) * links, bars=((),) * links, share=array("d", [UNKNOWN]) * links,
        shares=((),) * links, group_owner=cargo.group_owner, group_minimum=cargo.group_minimum, group_essential=cargo.group_essential,
        group_function=("",) * groups,
    )  # fmt: skip


def resident(what: str) -> float:
    """MiB of this process: ``VmRSS`` now, ``VmHWM`` at most (``ru_maxrss`` would start from the parent's)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def warm() -> None:
    """Has the fast engine read all its compiled loops, those for small and those for wide cascades."""
    kept = fast._ONE_BY_ONE
    for cost in (0.0, 1e30):
        fast._ONE_BY_ONE = cost
        sweep(network("mixed", 300, 1_500), engine="fast")
    fast._ONE_BY_ONE = kept


def measure(path: str, engine: str, step: int) -> Run:
    """In the process: the sweep of every so-many-th candidate; with 0 of one that nobody needs, which is all preparation."""
    if engine == "fast":
        warm()
    one = load(path)
    settled()
    candidates = range(0, len(one.names), step) if step else [max(set(range(len(one.names))) - set(one.supplier))]
    before = resident("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest so far
    seconds, found = timed(lambda: sweep(one, candidates, engine=engine))
    return Run(seconds, before, resident("VmHWM"), sum(found.lost))


def apart(path: str, engine: str, step: int = 1) -> Run:
    command = [sys.executable, "-m", "benchmarks.engine", "--measure", path, engine, str(step)]
    return Run(*json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout))


def large(entities: int, links: int, kinds: list[str], folder: str, part: int = 1) -> list[list[str]]:
    """Rows of both engines; the Python engine on every ``part``-th candidate only."""
    rows = []
    for kind in kinds:
        path = str(Path(folder) / f"{kind}-{entities}")
        with Path(path).open("wb") as file:
            pickle.dump(Cargo.of(network(kind, entities, links)), file)
        compiled = apart(path, "fast")
        python = apart(path, "python", part)
        said, seconds = "", python.seconds
        if part > 1:
            ready = apart(path, "python", 0).seconds
            seconds = ready + (python.seconds - ready) * part
            said = f" (1 candidate in {part}: {python.seconds:.0f} s, of which preparation {ready:.0f} s; extrapolated)"
        else:
            assert compiled.lost == python.lost, f"the engines differ on {kind}"
        print(f"  {kind} {entities:,}: fast {compiled}, python {python}", file=sys.stderr, flush=True)
        rows.append([kind, f"{entities:,} / {links:,}", f"{compiled.seconds:.2f} s", memory(compiled), f"{seconds:,.1f} s{said}", memory(python), f"{seconds / compiled.seconds:.1f}"])  # fmt: skip
        Path(path).unlink()
    return rows


def memory(run: Run) -> str:
    return f"{run.before:,.0f} to {run.peak:,.0f} MiB"


# --- cut sets and importance ---------------------------------------------------------------------------------------


def widest(one: DependencyNetwork, count: int) -> list[int]:
    """The entities that need most others."""
    return sorted(range(len(one.names)), key=lambda entity: -len(Spread(one, [entity]).cone))[:count]


def cuts() -> list[str]:
    one = network("mixed", 500, 3_200)
    targets = widest(one, 20)
    times, sizes, sets = [], [], []
    for target in targets:
        own = fresh(one)
        seconds, found = timed(lambda own=own, target=target: cut_sets(own, target, 3))  # type: ignore[misc]
        times.append(seconds)
        sizes.append(len(Spread(one, [target]).cone))
        sets.append(len(found.sets))
    return [
        f"minimal cut sets up to order 3, 500 entities, {len(one):,} links (mixed), the {len(targets)} targets that need most",
        f"need {min(sizes)} to {max(sizes)} others; {min(sets)} to {max(sets)} sets",
        span(statistics.median(times)), span(max(times)),
    ]  # fmt: skip


def uncertain(method: str) -> list[str]:
    one = network("mixed", 300, 1_800)
    times, events, kept = [], [], 0
    for target in widest(one, 20):
        spread = Spread(one, [target])
        chance: dict[int, float] | None = None
        if method == "exact":
            singles = {members[0] for members in cut_sets(one, target, 1).sets}
            able = [entity for entity in spread.cone if entity != target and entity not in spread.baseline and entity not in singles]
            chance = dict.fromkeys(random.Random(1).sample(able, 15), 0.1) if len(able) >= 15 else None
            if chance is None:
                continue
        if kept == 5:
            break
        kept += 1
        own = fresh(one)
        seconds, found = timed(lambda own=own, target=target, chance=chance: importance(own, target, chance, method=method))  # type: ignore[misc]
        times.append(seconds)
        events.append(len(found.measures))
    what = "exact, all states of 15 events" if method == "exact" else "Monte Carlo, 20,000 samples"
    return [
        f"importance, {what}; 300 entities, {len(one):,} links (mixed), {len(times)} targets that need most",
        f"{min(events)} to {max(events)} events", span(statistics.median(times)), span(max(times)),
    ]  # fmt: skip


# --- the report ----------------------------------------------------------------------------------------------------


def span(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.1f} ms"


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))


def main() -> None:
    said = machine()
    warm()
    rows = [against(kind) for kind in RIVALS]
    parts = [
        f"## The whole sweep: each entity denied alone, all are targets\n\nMedian of {ROUNDS} rounds in turn. What was built before is out of the garbage collector's sight. All results are equal "
        "(where it is extrapolated, on the entities sampled). `fast` after one call on a small network, so without compiling or reading compiled loops. "
        "Goals: mixed 10 and 60, and-only with its deep cascades 1,000.\n",
        table(["kind", "links", "lost per entity, mean / most", "loop", "`python`", "`fast`", "loop : `python`", "loop : `fast`"], rows),
    ]
    print("\n".join(parts), file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = large(100_000 // SCALE, 600_000 // SCALE, ["soft", "mixed", "and-only"], folder)
        rows += large(1_000_000 // SCALE, 6_000_000 // SCALE, ["soft", "mixed"], folder, part=1 if QUICK else 20)
    parts += [
        "\n## Large networks\n\nThe whole sweep in one process of its own on one core, once. Memory of the whole process: with the network loaded, and at most. "
        "Results of both engines are equal where both did all.\n",
        table(["kind", "entities / links", "`fast`", "memory", "`python`", "memory", "`python` : `fast`"], rows),
        "\n## Cut sets and importance\n\nGoal for the cut sets: below a second.\n",
        table(["what", "how much", "median", "worst"], [cuts(), uncertain("exact"), uncertain("monte carlo")]),
    ]
    body = "\n".join(parts)
    print(body)
    if "--write" in sys.argv:
        quick = " Quick mode: a tenth of the sizes." if QUICK else ""
        head = f"# Engines\n\n`python -m benchmarks.engine --write`.{quick} {said}\n\n"
        Path(__file__).with_suffix(".md").write_text(head + body + "\n", encoding="utf-8")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        where, which, every = sys.argv[sys.argv.index("--measure") + 1 :][:3]
        print(json.dumps(measure(where, which, int(every))))
    else:
        main()
