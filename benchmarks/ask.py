"""How well questions are answered: entities, values, evidence, refusals, latency.

    python -m benchmarks.ask [FILE] [--failures] [--write]

FILE defaults to benchmarks/questions.jsonl, the set of our own; ``--write`` puts the scores into benchmarks/ask.json,
the baseline that the tests do not let slip, with those of benchmarks/held_out.jsonl: questions by another hand that nothing is tuned
on. Whoever works on ask looks at their scores only, never at the questions.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer

HERE = Path(__file__).parent
SOURCES = ("sinolytics-2025",)
"""What the questions are about: gold answers are complete for the whitepaper only."""
OWN, HELD_OUT, BASELINE = HERE / "questions.jsonl", HERE / "held_out.jsonl", HERE / "ask.json"
ASSERTED = ("direct", "transitive")


def load(file: Path) -> list[dict[str, Any]]:
    """The questions of a file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(question: dict[str, Any], answer: Answer) -> tuple[float, str]:
    """Score from 0 to 1, and what is wrong.

    A refusal is right with the right reason, half right with another. An answer is the mean of what the gold names:
    F1 of the asserted entities (the subject and optional ones neither help nor harm), share of the values found,
    whether one of the claims is cited; an excluded entity asserted makes it 0.
    """
    if not question["answerable"]:
        if answer.status != "refused":
            return 0.0, "answered"
        reasons = [question["reason"], *question.get("also_reasons", [])]
        return (1.0, "") if answer.reason in reasons else (0.5, f"reason {answer.reason}, not {question['reason']}")
    if answer.status == "refused":
        return 0.0, f"refused: {answer.reason}"
    asserted = {entity.id for entity in answer.entities if entity.role in ASSERTED}
    if asserted & set(question.get("must_not") or ()):
        return 0.0, f"asserts {sorted(asserted & set(question['must_not']))}"
    parts, wrong = [], []
    if question.get("entities"):
        gold = set(question["entities"])
        found = gold & (asserted | {entity.id for entity in answer.entities if entity.role == "subject"})
        spare = asserted - gold - set(question.get("optional_entities") or ())
        recall = len(found) / len(gold)
        precision = len(found) / (len(found) + len(spare)) if found else 0.0
        f1 = 2 * precision * recall / (precision + recall) if found else 0.0
        parts.append(f1)
        if f1 < 1:
            wrong.append(f"F1 {f1:.2f}, lacks {sorted(gold - found)}, spare {sorted(spare)[:6]}")
    if question.get("values"):
        given = {value.value for value in answer.values} | {value.value_high for value in answer.values}
        hit = sum(any(_same(gold["value"], value) for value in given) for gold in question["values"])
        parts.append(hit / len(question["values"]))
        if hit < len(question["values"]):
            wrong.append(f"values {[gold['value'] for gold in question['values']]} not all in {sorted(v for v in given if v is not None)}")
    if question.get("claims_any"):
        cited = bool({claim.id for claim in answer.claims} & set(question["claims_any"]))
        parts.append(float(cited))
        if not cited:
            wrong.append("no gold claim cited")
    return (statistics.mean(parts) if parts else 1.0), "; ".join(wrong)


def _same(a: float, b: float | None) -> bool:
    return b is not None and abs(a - b) <= 1e-6 * max(abs(a), abs(b), 1.0)


def run(kg: KnowledgeGraph, questions: list[dict[str, Any]]) -> tuple[dict[str, Any], list[tuple[float, str, dict[str, Any], Answer]]]:
    """Scores of all questions: overall, by family and language, refusals, milliseconds."""
    rows, times = [], []
    for question in questions:
        started = time.perf_counter()
        answer = kg.ask(question["question"], **{"sources": SOURCES, **(question.get("scope") or {})})
        times.append((time.perf_counter() - started) * 1000)
        rows.append((*score(question, answer), question, answer))
    groups: dict[str, list[float]] = defaultdict(list)
    for points, _, question, _ in rows:
        groups["all"].append(points)
        groups["answerable" if question["answerable"] else "unanswerable"].append(points)
        groups[f"lang {question['lang']}"].append(points)
        groups[f"family {question['family']}"].append(points)
    refused = [row for row in rows if row[3].status == "refused"]
    right = sum(not row[2]["answerable"] for row in refused)
    unanswerable = sum(not row[2]["answerable"] for row in rows)
    summary = {
        "questions": len(rows),
        "mean": {name: round(statistics.mean(points), 3) for name, points in sorted(groups.items())},
        "refusal_precision": round(right / len(refused), 3) if refused else 1.0,
        "refusal_recall": round(right / unanswerable, 3) if unanswerable else 1.0,
        "median_ms": round(statistics.median(times), 1),
    }
    return summary, rows


def main() -> None:
    files = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    kg = KnowledgeGraph.open()
    summary, rows = run(kg, load(Path(files[0]) if files else OWN))
    if "--failures" in sys.argv:
        for points, wrong, question, answer in rows:
            if points < 0.99:
                print(
                    f"{points:.2f} {question['id']} [{question['family']}] {question['question']}\n     {answer.family} {answer.status}: {wrong}"
                )
                print(f"     {answer.answer[:200]}")
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    if "--write" in sys.argv:
        summary["held_out"], _ = run(kg, load(HELD_OUT))
        for each in (summary, summary["held_out"]):
            each.pop("median_ms")
        BASELINE.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
