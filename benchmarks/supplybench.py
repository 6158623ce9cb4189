"""How the grammar of ask does on SupplyBench, a public benchmark on chip supply chains that agikg was not made for.

    python -m benchmarks.supplybench PATH [--failures] [--write]

PATH is a checkout of github.com/wintechis/supplybench (CC BY-NC-SA 4.0: none of its data is in this repository). Its graph is
mapped by its ontology (benchmarks/supplymap.py), every question goes through ``KnowledgeGraph.ask`` as it stands; the gold
answers are what the gold patterns give on the benchmark's own graph. ``--write`` puts the totals into benchmarks/supplybench.md.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from benchmarks.supplymap import Mapped, Reader, load, mapped, write

HERE = Path(__file__).parent
REPORT = HERE / "supplybench.md"
ASSERTED = ("direct", "transitive")
PUBLISHED_F1, PUBLISHED_SECONDS = 0.444, 95
"""Best language-model agent published for the benchmark: mean F1, seconds a question."""


@dataclass(frozen=True)
class Gold:
    """A question of the benchmark and its answers.

    Attributes:
        question: as it stands.
        group: how many triple patterns it takes, as the benchmark sorts them.
        answers: IRIs and numbers.
    """

    question: str
    group: str
    answers: frozenset[str | float]


@dataclass(frozen=True)
class Scored:
    """A question with what came of it; F1 from 0 to 1, milliseconds."""

    gold: Gold
    answer: Answer
    f1: float
    milliseconds: float
    given: int


def questions(path: Path, store: ox.Store) -> Iterator[Gold]:
    """The questions, each with the answers that its pattern gives on the benchmark's own graph."""
    text = (path / "query-corpus" / "queries.n3").read_text(encoding="utf-8")
    prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in re.findall(r"@prefix\s+(\S*?):\s+<([^>]*)>\s*\.", text))
    entry = r'rdfs:label\s+"([^"]+)"[^;]*;\s*dc:subject\s+"([^"]+)"[^{}]*?rdf:value\s*\{(.*?)\}\s*\.'
    for label, group, pattern in re.findall(entry, text, flags=re.DOTALL):
        # The corpus is N3, which has no property paths: it writes them into the name of the property.
        pattern = re.sub(r"__(plus|star)\b", lambda match: {"plus": "+", "star": "*"}[match[1]], pattern)
        found = store.query(f"{prefixes}SELECT DISTINCT ?x WHERE {{ {pattern} }}", base_iri="urn:x:")
        assert isinstance(found, ox.QuerySolutions)
        yield Gold(label, group, frozenset(_value(row["x"]) for row in found))


def _value(term: object) -> str | float:
    text = str(getattr(term, "value", term))
    if isinstance(term, ox.Literal):
        try:
            return float(text)
        except ValueError:
            return text
    return text


def opened(made: Mapped, folder: Path) -> KnowledgeGraph:
    """The mapped graph as agikg opens any data."""
    write(made, folder / "data")
    before = {name: os.environ.get(name) for name in ("AGIKG_DATA", "AGIKG_HOME")}
    os.environ |= {"AGIKG_DATA": str(folder / "data"), "AGIKG_HOME": str(folder / "home")}
    try:
        kg = KnowledgeGraph.open(imports=False)
        kg.ask("companies")  # what is compiled once belongs to no question
        return kg
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


def given(answer: Answer, gold: Gold, made: Mapped) -> set[str | float]:
    """What an answer asserts, in the benchmark's terms: numbers where numbers are asked for, observations or things else."""
    if answer.status != "answered":
        return set()
    if gold.answers and all(isinstance(one, float) for one in gold.answers):
        return {float(value.value) for value in answer.values if value.value is not None}
    if gold.answers & made.observations:
        return {made.iri_of[claim] for value in answer.values for claim in value.claims if claim in made.iri_of}
    return {made.iri_of[entity.id] for entity in answer.entities if entity.role in ASSERTED}


def f1(found: set[str | float], gold: frozenset[str | float]) -> float:
    """Harmonic mean of precision and recall; nothing found where there is nothing is right."""
    if not gold or not found:
        return float(not gold and not found)
    return 2 * len(found & gold) / (len(found) + len(gold))


def run(path: Path, folder: Path) -> list[Scored]:
    """Maps, opens, asks and scores."""
    store = load(path)
    made = mapped(Reader(store))
    kg = opened(made, folder)
    rows = []
    for gold in questions(path, store):
        started = time.perf_counter()
        answer = kg.ask(gold.question)
        took = (time.perf_counter() - started) * 1000
        found = given(answer, gold, made)
        rows.append(Scored(gold, answer, f1(found, gold.answers), took, len(found)))
    return rows


def totals(rows: list[Scored]) -> dict[str, float]:
    """Mean F1, shares of exact answers and refusals, milliseconds."""
    times = sorted(row.milliseconds for row in rows)
    return {
        "questions": len(rows),
        "f1": statistics.mean(row.f1 for row in rows),
        "exact": sum(row.f1 == 1 for row in rows) / len(rows),
        "refused": sum(row.answer.status != "answered" for row in rows) / len(rows),
        "median_ms": statistics.median(times),
        "p95_ms": times[min(len(times) - 1, int(0.95 * len(times)))],
    }


def report(rows: list[Scored]) -> str:
    """The page in benchmarks/: totals only."""
    groups: dict[str, list[Scored]] = defaultdict(list)
    for row in rows:
        groups[row.gold.group].append(row)
    whole = totals(rows)
    lines = [
        f"| {name} | {len(part)} | {t['f1']:.3f} | {t['exact']:.0%} | {t['refused']:.0%} |"
        for name, part in (("all", rows), *groups.items())
        for t in [totals(part)]
    ]
    template = (HERE / "supplybench.txt").read_text(encoding="utf-8")
    return template.format(
        table="\n".join(lines), f1=f"{whole['f1']:.3f}", median=f"{whole['median_ms']:.0f}", p95=f"{whole['p95_ms']:.0f}",
        published=PUBLISHED_F1, seconds=PUBLISHED_SECONDS,
    )  # fmt: skip


def main() -> None:
    paths = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    if len(paths) != 1 or not (Path(paths[0]) / "knowledge-graph").is_dir():
        raise SystemExit("give the folder of a checkout of github.com/wintechis/supplybench (with knowledge-graph/ and query-corpus/)")
    with tempfile.TemporaryDirectory() as folder:
        rows = run(Path(paths[0]), Path(folder))
    if "--failures" in sys.argv:
        for row in rows:
            if row.f1 < 1:
                said = f"{row.answer.family} {row.answer.status} {row.answer.reason or ''}"
                print(f"{row.f1:.2f} {row.gold.question} | {said} | gold {len(row.gold.answers)}, given {row.given}")
                print(f"     {row.answer.answer[:160]}")
    print({name: round(value, 3) for name, value in totals(rows).items()})
    if "--write" in sys.argv:
        REPORT.write_text(report(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
