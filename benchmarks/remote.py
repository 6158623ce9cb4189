"""Endpoints beside the store in this process: loading, opening, asking, as ratios in one run.

    python -m benchmarks.remote [--write]

``--write`` puts the tables into benchmarks/remote.md. The oxigraph server and Virtuoso run on this machine, started for it,
so the network costs next to nothing: what is compared is the work.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.store.servers import ENGINES, Server

from agikg.kg import KnowledgeGraph

ROUNDS = 15
PAGE = "SELECT ?s ?l { ?s skos:prefLabel ?l } LIMIT 900"
ASKED: dict[str, Callable[[str], object]] = {
    "open, warm": lambda store: KnowledgeGraph.open(store),
    'open and ask "what depends on SMIC DUV"': lambda store: KnowledgeGraph.open(store).ask("what depends on SMIC DUV"),
    "open and dependents": lambda store: KnowledgeGraph.open(store).dependents("SMIC DUV"),
    "named query dependents": lambda store: KnowledgeGraph.open(store).query("dependents", {"entity": "SMIC DUV"}),
    "named query passages (352 rows)": lambda store: KnowledgeGraph.open(store).query("passages", {"source": "sinolytics-2025"}),
    "sparql, 900 rows": lambda store: KnowledgeGraph.open(store).sparql(PAGE),
}


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def loading(kg: KnowledgeGraph, server: Server) -> list[str]:
    """Seconds of a first upload by each protocol, and of the first opening, which reads, verifies and compiles."""
    os.environ.update(server.environment)
    spent = ["", ""]
    if server.targets:
        gsp = seconds(lambda: kg.upload(server.targets["gsp"]))
        update = seconds(lambda: kg.upload(server.targets["update"]._replace(query_url=None)))
        spent = [f"{gsp:.1f} s", f"{update:.1f} s"]
    first = seconds(lambda: KnowledgeGraph.open(server.query_url, progress=lambda _: None))
    return [*spent, f"{first:.1f} s"]


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kg = KnowledgeGraph.open()
        kg.save(str(folder / "disk"))
        stores, loads = {"in memory": "mem:", "on disk": str(folder / "disk")}, {}
        for name, start in ENGINES.items():
            (folder / name).mkdir()
            try:
                server = stack.enter_context(start(folder / name))
            except pytest.skip.Exception as missing:
                print(missing)
                continue
            os.environ["AGIKG_HOME"] = str(folder / f"{server.name}-cache")  # each first opening reads for itself
            loads[server.name] = loading(kg, server)
            stores[server.name] = server.query_url
        tables = "\n\n".join((load_table(loads), ask_table(stores, folder)))
    print(tables)
    if "--write" in sys.argv:
        head = f"# Endpoints\n\nPython {platform.python_version()}, {kg.quads:,} quads, {ROUNDS} rounds in turn, `python -m benchmarks.remote --write`. Ratios count.\n\n"
        Path(__file__).with_suffix(".md").write_text(head + tables + "\n", encoding="utf-8")


def load_table(loads: dict[str, list[str]]) -> str:
    built = seconds(KnowledgeGraph.build)
    rows = [f"| {name} | {' | '.join(cells)} |" for name, cells in loads.items()]
    head = ["| engine | upload, Graph Store Protocol | upload, Update | first opening |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, "", f"For comparison: `agikg build` takes {built:.1f} s in the same run."])


def ask_table(stores: dict[str, str], folder: Path) -> str:
    times: dict[tuple[str, str], list[float]] = {(what, name): [] for what in ASKED for name in stores}
    for what, work in ASKED.items():
        for turn in range(ROUNDS + 1):  # in turn, so that a busy moment of the machine hits all alike
            for name, store in stores.items():
                os.environ["AGIKG_HOME"] = str(folder / f"{name}-cache") if store.startswith("http") else str(folder / "cache")
                spent = seconds(lambda work=work, store=store: work(store))  # type: ignore[misc]
                if turn:  # the first warms up
                    times[what, name].append(spent)
    lines = [f"| in one process | {' | '.join(stores)} |", "|---|" + "---|" * len(stores)]
    for what in ASKED:
        base = statistics.median(times[what, "in memory"])
        cells = [
            f"{statistics.median(times[what, name]) * 1000:.0f} ms ({statistics.median(times[what, name]) / base:.1f})" for name in stores
        ]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
