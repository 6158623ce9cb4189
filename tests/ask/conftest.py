"""What tests of questions share."""

from __future__ import annotations

import pytest

from agikg.kg import KnowledgeGraph
from agikg.store.port import Solutions
from agikg.store.terms import python_value
from agikg.vocab import curie


@pytest.fixture(scope="module")
def known(kg: KnowledgeGraph) -> list[tuple[int, str]]:
    """Each question that a claim answers, with the claim's position."""
    found = kg.store.query("SELECT ?c (STR(?q) AS ?text) { ?c agi:question ?q } ORDER BY ?c ?q")
    assert isinstance(found, Solutions)
    return [(kg.catalog.claim_position[curie(str(claim))], str(python_value(text))) for claim, text in found.rows]
