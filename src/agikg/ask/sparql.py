"""The SPARQL that reproduces an answer, ready to paste: named queries, filled in."""

from __future__ import annotations

from agikg import resources
from agikg.ask.draft import Draft, Task
from agikg.queries import load
from agikg.store.terms import IRI
from agikg.vocab import expand

# Family -> the named query that gives the entities of its answer.
_ENTITIES = {"dependents": "dependents", "dependencies": "dependencies"}


def reproducing(task: Task, draft: Draft) -> tuple[str, ...]:
    """Queries that give the answer's entities (for reaches) and its claims."""
    folder = resources.data_root() / "queries"
    found = []
    if task.family in _ENTITIES:
        root = IRI(expand(task.catalog.ref(task.entities[0]).id))
        found.append(load(folder / f"{_ENTITIES[task.family]}.rq").bind({"entity": root}))
    claims = [IRI(expand(claim)) for claim in dict.fromkeys(draft.claims)]
    if claims:
        found.append(load(folder / "cited.rq").bind({"claim": claims}))
    return tuple(found)
