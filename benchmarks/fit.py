"""Learns how ``agikg ask`` ranks claims, from what claims have in common with questions.

    pip install scikit-learn
    python -m benchmarks.fit [FILE ...]

Each question with gold claims tells which of its candidates answer, each unanswerable one that none does. Grows the decision
trees of src/agikg/ask/forest.bin and prints how often the likeliest claim is right (half of the questions held out, then all),
and the constants of a logistic model for agikg/ask/weights.py: for claims of which no question is known.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from agikg.ask.answering import _content, _meant, _read
from agikg.ask.draft import Task
from agikg.ask.forest import BEHIND, FILE, Forest, Tree, packed, planted
from agikg.ask.grammar import candidates
from agikg.ask.metrics import content_words, named_metrics
from agikg.ask.premise import premise_of
from agikg.ask.ranking import Asked
from agikg.ask.retrieval import Hit
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
OURS, NEAR = ("q", "h"), ("n",)
"""How the ids of questions begin by which words and patterns were chosen, and of the unanswerable ones near to claims; all others are by other hands."""
KNOWN = ("expected", "relation expected", "alike", "heard", "new words", "meant", "word alike")
"""How the names of features begin that tell something only of claims that are known to answer questions."""
TREES = {"max_iter": 150, "learning_rate": 0.06, "max_leaf_nodes": 16, "min_samples_leaf": 20, "l2_regularization": 5.0}
"""How trees are grown (histogram gradient boosting of scikit-learn)."""
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


Example = tuple[bool, list[dict[str, float]], np.ndarray, float]
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
        if hits:
            right = np.array([labelled(kg, question, read[0], hit) if question["answerable"] else 0.0 for hit in hits])
            found.append((bool(question["answerable"]), asked.described, right, importance(question["id"])))
    return found


def importance(identifier: str) -> float:
    """How much a question counts."""
    return TUNED if identifier.startswith(OURS) else UNANSWERED if identifier.startswith(NEAR) else 1.0


def weighed(answerable: bool, right: np.ndarray) -> np.ndarray:
    """How much each candidate of a question counts."""
    wrong = np.full(len(right), WRONG) if answerable else np.where(np.arange(len(right)) < 3, HARD, EASY)
    whole = max(int((right == 1.0).sum()), 1)
    return np.where(right == 1.0, RIGHT / whole, np.where(right > 0, right, wrong))


def table(data: list[Example], names: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features of all candidates, whether each answers, and how much it counts."""
    x = np.array([[row.get(name, 0.0) for name in names] for _, rows, _, _ in data for row in rows])
    y = np.concatenate([(right > 0).astype(float) for _, _, right, _ in data])
    return x, y, np.concatenate([weighed(answerable, right) * weight for answerable, _, right, weight in data])


def grow(data: list[Example], names: tuple[str, ...]) -> Forest:
    """Trees that tell which candidates answer."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    x, y, weight = table(data, names)
    grown = HistGradientBoostingClassifier(random_state=0, early_stopping=False, **TREES).fit(x, y, sample_weight=weight)

    def tree_of(nodes: np.ndarray, number: int) -> Tree:
        node = nodes[number]
        if node["is_leaf"]:
            return float(node["value"])
        return int(node["feature_idx"]), float(node["num_threshold"]), tree_of(nodes, node["left"]), tree_of(nodes, node["right"])

    return planted(names, float(np.ravel(grown._baseline_prediction)[0]), (tree_of(tree.nodes, 0) for (tree,) in grown._predictors))


def fit(data: list[Example], names: tuple[str, ...]) -> np.ndarray:
    """Constants of a logistic model, by Newton's method with a ridge penalty (none to speak of on the first, which is always 1)."""
    x, y, weight = table(data, names)
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 0.01
    found = np.zeros(x.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-x @ found))
        curve = (x * (weight * chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        found -= np.linalg.solve(curve, x.T @ (weight * (chance - y)) + ridge * found)
    return found


def right_first(data: list[Example], odds: Callable[[dict[str, float]], float]) -> float:
    """The share of answerable questions whose likeliest claim answers."""
    hits = [right[int(np.argmax([odds(row) for row in rows]))] > 0 for answerable, rows, right, _ in data if answerable]
    return float(np.mean(hits))


def main() -> None:
    kg = KnowledgeGraph.open()
    data = examples(kg, [Path(name) for name in sys.argv[1:]] or [OWN])
    names = tuple(dict.fromkeys(name for _, rows, _, _ in data for row in rows for name in row))
    random.Random(1).shuffle(data)
    half = len(data) // 2
    print(f"likeliest claim right: {right_first(data[half:], grow(data[:half], names).log_odds):.3f} of questions held out")
    trees = grow(data, names)
    print(f"likeliest claim right: {right_first(data, trees.log_odds):.3f} of all {len(data)}")
    FILE.write_bytes(packed(trees))
    plain = tuple(name for name in names if not name.startswith(KNOWN) and name not in BEHIND.values())
    constants = dict(zip(plain, fit(data, plain), strict=True))
    print(f"without known questions: {right_first(data, lambda row: sum(constants[name] * row.get(name, 0.0) for name in plain)):.3f}")
    print("PLAIN = {")
    for name, constant in constants.items():
        print(f'    "{name}": {constant:.2f},')
    print("}")


if __name__ == "__main__":
    main()
