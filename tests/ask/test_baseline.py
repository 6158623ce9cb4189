"""The scores of our own set of questions do not slip."""

from __future__ import annotations

import json

from benchmarks.ask import BASELINE, OWN, load, run

from agikg.kg import KnowledgeGraph


def test_scores_do_not_slip(full: KnowledgeGraph) -> None:
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    questions = load(OWN)
    summary, rows = run(full, questions)
    worse = {
        name: (summary["mean"][name], before)
        for name, before in baseline["mean"].items()
        if name in ("all", "answerable", "unanswerable", "lang en", "lang zh") and summary["mean"][name] < before - 0.002
    }
    assert not worse, "python -m benchmarks.ask --failures shows what went wrong; --write where the loss is meant"
    assert summary["questions"] == baseline["questions"] == len(rows)


def test_the_questions_name_what_is_in_the_graph(kg: KnowledgeGraph) -> None:
    """A gold answer that names what the graph has no longer would score nothing."""
    for question in load(OWN):
        for identifier in (*question.get("entities", ()), *question.get("optional_entities", ()), *question.get("must_not", ())):
            assert identifier in kg.catalog.position, (question["id"], identifier)
        for claim in question.get("claims_any", ()):
            assert claim in kg.catalog.claim_position, (question["id"], claim)
