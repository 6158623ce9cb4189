"""The interactive page: time to the first drawing in headless Chromium, beside pyvis's own page of the same graph, in one run.

    python -m benchmarks.explore [--write] [--quick]

``--write`` puts the table into benchmarks/explore.md; ``--quick`` leaves out pyvis's page of the larger graph (a minute and
more). Needs playwright and Chromium (AGIKG_CHROMIUM, else on the path). A page has drawn when it first strokes a line onto
its canvas and the frame after that has begun: pyvis draws nothing before its physics has run. Ratios count.
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

from agikg import KnowledgeGraph
from agikg.explore.choice import Subject
from agikg.explore.facts import Facts, facts
from agikg.explore.page import network, page, render

SIZES = (200, 1500)
ROUNDS = 5
PATIENCE = 180_000
"""Milliseconds after which a page is given up; the table then says "more than"."""
_MARK = """
(() => { const stroke = CanvasRenderingContext2D.prototype.stroke; let seen = false;
CanvasRenderingContext2D.prototype.stroke = function (...rest) { stroke.apply(this, rest);
  if (!seen) { seen = true; requestAnimationFrame(() => { window.drawnAfter = performance.now(); }); } }; })();
"""


def repeated(known: Facts, times: int) -> Facts:
    """The facts several times over, each copy linked as the first: a larger graph of the same shape."""
    data = {name: list(rows) if isinstance(rows, list) else rows for name, rows in known.data.items()}
    entities, claims, groups = (len(data[name]) for name in ("entities", "claims", "groups"))
    for copy in range(1, times):
        e, c, g = copy * entities, copy * claims, copy * groups
        data["entities"] += [[f"{row[0]}-{copy}", f"{row[1]} {copy}", *row[2:]] for row in known.data["entities"]]
        for row in known.data["claims"]:
            object_ = row[3] + e if isinstance(row[3], int) else row[3]
            rest = [{k: v for k, v in row[9].items() if k not in "sSxXYZ"}] if len(row) > 9 else []
            data["claims"].append([f"{row[0]}-{copy}", row[1] + e, row[2], object_, *row[4:9], *rest])
        for row in known.data["links"]:
            shifted = [row[0] + e, row[1], row[2] + e, [[x + c for x in one] for one in row[3]], [x + c for x in row[4]], row[5]]
            data["links"].append([*shifted, row[6] + g] if len(row) > 6 else shifted)
        data["groups"] += [[row[0] + e, *row[1:]] for row in known.data["groups"]]
    links = [(row[0], row[2]) for row in data["links"]]
    return Facts(data, {}, links, [row[5] > 0 for row in data["links"]])


def ours(kg: KnowledgeGraph, size: int) -> tuple[str, list[int], Facts]:
    """Our page with so many cards, the entities on it, and its facts."""
    known = facts(kg.lens())
    known = repeated(known, -(-size // len(known.data["entities"])))
    degree: dict[int, int] = {}
    for a, b in known.links:
        degree[a] = degree.get(a, 0) + 1
        degree[b] = degree.get(b, 0) + 1
    everything = range(len(known.data["entities"]))
    entities = sorted(sorted(everything, key=lambda e: (-degree.get(e, 0), e))[:size])
    data = known.data | {
        "story": {"kind": "whole"}, "lang": "en", "mode": "around", "title": "benchmark", "titleZh": "", "snapshot": kg.snapshot,
        "asOf": ["2025", "2025-01-01", "2025-12-31"], "knownAt": "2025", "leftOut": [], "command": "",
    }  # fmt: skip
    return render(data, network(known, entities), "en"), entities, known


def theirs(entities: list[int], known: Facts) -> str:
    """What pyvis writes of the same nodes and lines, with its defaults and its script inlined: its own page."""
    from pyvis.network import Network

    drawn = Network(directed=True, cdn_resources="in_line", height="860px")
    for entity in entities:
        drawn.add_node(entity, label=known.data["entities"][entity][1])
    on = set(entities)
    for a, b in dict.fromkeys(link for link in known.links if link[0] != link[1] and on.issuperset(link)):
        drawn.add_edge(a, b)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return str(drawn.generate_html())


def drawn_after(browser: Any, file: Path) -> float:
    """Milliseconds from the start of loading to the first drawing; ``PATIENCE`` if there was none by then."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    # pyvis's page asks content delivery networks even when inlined: refused at once, so that it does not wait for them.
    tab.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
    tab.add_init_script(_MARK)
    tab.set_default_timeout(PATIENCE)
    tab.goto(f"file://{file}", wait_until="commit")
    # Asked from outside: the page's policy forbids a script that waits inside it.
    found, begun = 0.0, time.monotonic()
    while not found and (time.monotonic() - begun) * 1000 < PATIENCE:
        time.sleep(0.05)
        found = float(tab.evaluate("window.drawnAfter || 0"))
    context.close()
    return found or float(PATIENCE)


def main() -> None:
    from playwright.sync_api import sync_playwright

    kg = KnowledgeGraph.open()
    started = time.perf_counter()
    whole = page(kg.lens(), Subject()).html
    made = time.perf_counter() - started
    rows = []
    chromium = os.environ.get("AGIKG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for size in SIZES:
            text, entities, known = ours(kg, size)
            ours_file, theirs_file = Path(folder, "ours.html"), Path(folder, "theirs.html")
            ours_file.write_text(text, encoding="utf-8")
            theirs_file.write_text(theirs(entities, known), encoding="utf-8")
            # In turn, so that both meet the same machine.
            mine = [drawn_after(browser, ours_file)]
            others = [] if "--quick" in sys.argv and size > 500 else [drawn_after(browser, theirs_file)]
            mine += [drawn_after(browser, ours_file) for _ in range(ROUNDS - 1)]
            if others and size <= 500:
                others += [drawn_after(browser, theirs_file) for _ in range(2)]
            first, other = statistics.median(mine), statistics.median(others) if others else float("nan")
            lines = sum(row["from"] != row["to"] for row in network(known, entities)["edges"])
            over = "> " if other >= PATIENCE else ""
            sizes = (len(text.encode()) / 1000, theirs_file.stat().st_size / 1000)
            rows.append(
                f"| {size} | {lines} | {first:.0f} ms | {over}{other / 1000:.1f} s | **{over}{other / first:.0f}** | {sizes[0]:.0f} kB | {sizes[1]:.0f} kB |"
            )
        browser.close()
    table = [
        "# The interactive page",
        "",
        f"Python {platform.python_version()}, headless Chromium with software rendering, {os.cpu_count()} processors, median of {ROUNDS} rounds (pyvis: 3, and 1 at"
        " 1,500), in turn in one run: `python -m benchmarks.explore --write`. The machine runs other work; ratios count.",
        "",
        "| cards | lines | agikg, first drawing | pyvis's own page | ratio | file | pyvis's file |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"The whole graph as `agikg explore` writes it: {len(whole.encode()) / 1000:.0f} kB, made in {made:.2f} s"
        f" ({len(kg.catalog.position)} entities, {kg.catalog.claim_count} claims; vis-network alone is 469 kB). The larger graph is the same one several",
        "times over; its file holds all its claims. pyvis's page holds no claims. Its time goes into physics (one hidden node a line, 1,000 steps before",
        "anything is drawn); here positions are worked out in Python, in hundredths of a second.",
        "",
    ]
    print("\n".join(table))
    if "--write" in sys.argv:
        Path(__file__).with_suffix(".md").write_text("\n".join(table), encoding="utf-8")


if __name__ == "__main__":
    main()
