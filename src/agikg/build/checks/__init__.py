"""Checks that run across records, each with its key; docs/checks.md lists them. Each yields problems at their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from agikg.build.checks import claims, graph, records, texts
from agikg.build.checks.context import Context
from agikg.build.read import Files
from agikg.errors import Problem
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex

CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    records.declared_terms, records.no_blank_nodes, records.defined_once, records.closed_lists, records.identifiers,
    records.repeated_sources,
    claims.claim_references, claims.claim_objects, claims.claim_places, claims.claim_hedges, claims.claim_dates,
    texts.names, texts.literals,
    graph.requirements, graph.controls, graph.cycles, graph.dependency_cycles, graph.orphans, graph.conflicts, graph.shares,
    graph.requirement_shares, graph.completeness, graph.coverage,
)  # fmt: skip


def cross_problems(files: Files, facts: TripleIndex, vocabulary: Vocabulary) -> list[Problem]:
    """All problems that shapes cannot see."""
    context = Context(files, facts, vocabulary)
    return sorted({problem for check in CHECKS for problem in check(context)})
