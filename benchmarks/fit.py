"""Fits the constants by which ``agikg ask`` ranks claims: a logistic model over what claims have in common with questions.

    python -m benchmarks.fit [FILE ...]

Each question with gold claims tells which of its candidates answer, each unanswerable one that none does. Prints how
often the likeliest claim is right (half of the questions held out, then all) and the constants for agikg/ask/weights.py.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import numpy as np

from agikg.ask.answering import _content, _meant, _read
from agikg.ask.draft import Task
from agikg.ask.grammar import candidates
from agikg.ask.metrics import content_words, named_metrics
from agikg.ask.premise import premise_of
from agikg.ask.ranking import Asked
from agikg.ask.retrieval import Hit
from agikg.ask.weights import FEATURES
from agikg.ask.wording import worded_as
from agikg.kg import KnowledgeGraph
from benchmarks.ask import OWN, load

# Families with plans of their own: no search for claims stands behind them.
ELSEWHERE = {
    "dependents", "dependencies", "path", "whatif", "chokepoints", "alternatives", "compare", "disagreement", "gaps", "identity", "provenance",
}  # fmt: skip
RIDGE, STEPS = 1.0, 30
TUNED, UNANSWERED = 0.5, 0.5
"""Weights of questions by which words and patterns were chosen, too, and of the unanswerable ones near to claims; others weigh 1."""
BY_OTHERS, NEAR = ("u", "x", "z", "j", "k", "g", "e", "f"), ("n",)
"""How the ids of questions begin that other hands wrote, and of the unanswerable ones near to claims."""
KNOWN = np.array([name.startswith(("expected", "relation expected", "alike")) for name in FEATURES])
"""Features that tell something only of claims that are known to answer questions."""
RIGHT, WRONG, HARD, EASY = 1.5, 0.25, 1.0, 0.1
"""Weights: all right candidates of a question together, a wrong one, the first three of an unanswerable question, its others."""


def task_of(kg: KnowledgeGraph, text: str) -> tuple[Task, str] | None:
    """A question as the search sees it, with the first family of its wording; None if it names something ambiguous."""
    catalog = kg.catalog
    question, kind = _read(catalog, premise_of(text)[1] or text, text)
    if any(mention.ambiguous for mention in question.mentions):
        return None
    entities = _meant(catalog, question)
    metrics = named_metrics(catalog, question.words)
    used = frozenset(word for words in metrics.values() for word in words)
    rest = tuple(word for word in content_words(question.words) if word not in used)
    family = next((found.name for found in candidates(question.masked, len(entities))), "fact")
    searched = "when" if family == "when" else "fact"
    scope, content = kg.scope(), _content(question)
    task = Task(catalog, question, scope, kg.snapshot, searched, entities, tuple(metrics), tuple(sorted(used)), rest, kind, content)
    return task, family


def labelled(kg: KnowledgeGraph, question: dict[str, Any], task: Task, hit: Hit) -> float:
    """1 for a claim that the gold answer names, part of it for one that gives the same entities or names none of them."""
    catalog = kg.catalog
    gold, entities = set(question.get("claims_any") or ()), set(question.get("entities") or ())
    row = catalog.row(hit.claims[0])
    gives = {catalog.ref(end).id for end in hit.ends if end not in task.entities} & entities
    if {catalog.row(claim)["id"] for claim in hit.claims} & gold:
        return 1.0 if gives or not entities or question.get("values") else 0.35
    alike = row["predicate"] in {catalog.row(catalog.claim_position[claim])["predicate"] for claim in gold}
    return 0.5 if alike and gives else 0.0


Example = tuple[bool, np.ndarray, np.ndarray, float]
"""Of a question: whether it can be answered, the features of its candidates, how right each is, and the question's weight."""


def examples(kg: KnowledgeGraph, files: list[Path]) -> list[Example]:
    """The examples of the questions of files."""
    found = []
    for question in (question for file in files for question in load(file)):
        text = question["question"]
        if question.get("scope") or (question["answerable"] and not question.get("claims_any")):
            continue
        read = None if worded_as("elsewhere", text) or worded_as("opinion", text) else task_of(kg, text)
        if read is None or read[1] in ELSEWHERE:
            continue
        asked = Asked(read[0])
        hits = asked.candidates
        rows = [[features.get(name, 0.0) for name in FEATURES] for features in map(asked.features, hits)]
        if rows:
            right = np.array([labelled(kg, question, read[0], hit) if question["answerable"] else 0.0 for hit in hits])
            found.append((bool(question["answerable"]), np.array(rows), right, importance(question["id"])))
    return found


def importance(identifier: str) -> float:
    """How much a question counts."""
    return 1.0 if identifier.startswith(BY_OTHERS) else UNANSWERED if identifier.startswith(NEAR) else TUNED


def weighed(answerable: bool, right: np.ndarray) -> np.ndarray:
    """How much each candidate of a question counts."""
    wrong = np.full(len(right), WRONG) if answerable else np.where(np.arange(len(right)) < 3, HARD, EASY)
    whole = max(int((right == 1.0).sum()), 1)
    return np.where(right == 1.0, RIGHT / whole, np.where(right > 0, right, wrong))


def fit(data: list[Example]) -> np.ndarray:
    """The constants, by Newton's method with a ridge penalty (none to speak of on the first, which is always 1)."""
    x = np.concatenate([rows for _, rows, _, _ in data])
    y = np.concatenate([(right > 0).astype(float) for _, _, right, _ in data])
    weight = np.concatenate([weighed(answerable, right) * weight for answerable, _, right, weight in data])
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 0.01
    found = np.zeros(x.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-x @ found))
        curve = (x * (weight * chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        found -= np.linalg.solve(curve, x.T @ (weight * (chance - y)) + ridge * found)
    return found


def right_first(data: list[Example], constants: np.ndarray) -> float:
    """The share of answerable questions whose likeliest claim answers."""
    hits = [right[int((rows @ constants).argmax())] > 0 for answerable, rows, right, _ in data if answerable]
    return float(np.mean(hits))


def main() -> None:
    kg = KnowledgeGraph.open()
    data = examples(kg, [Path(name) for name in sys.argv[1:]] or [OWN])
    random.Random(1).shuffle(data)
    half = len(data) // 2
    print(f"likeliest claim right: {right_first(data[half:], fit(data[:half])):.3f} of questions held out")
    constants = fit(data)
    print(f"likeliest claim right: {right_first(data, constants):.3f} of all {len(data)}")
    told("WEIGHTS", constants)
    plain = [(answerable, np.where(KNOWN, 0.0, rows), right, weight) for answerable, rows, right, weight in data]
    constants = fit(plain)
    print(f"without known questions: {right_first(plain, constants):.3f}")
    told("PLAIN", constants)


def told(table: str, constants: np.ndarray) -> None:
    """Prints constants as they stand in agikg/ask/weights.py."""
    print(f"{table} = {{")
    for name, constant in zip(FEATURES, constants, strict=True):
        if table == "WEIGHTS" or constant:
            print(f'    "{name}": {constant:.2f},')
    print("}")


if __name__ == "__main__":
    main()
