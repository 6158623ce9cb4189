"""Fixtures for imports: a small graph in force, a graph without facts, a set of claims."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agikg.kg import KnowledgeGraph
from agikg.kg.homes import snapshot_home
from agikg.kg.imports import Imports
from tests.conftest import write_vocabulary

CLAIMS = """subject,predicate,object,statement,source,source_title,source_publisher,source_published,source_accessed,source_tier,source_url,source_license,subject_kind,subject_layer,locator
Chip Two,is fabricated with,Line A,Chip Two is made on Line A as well.,mine,Mine,Me,2024,2024-08,blog,https://example.org/mine,CC0,Chip,chips,p. 3
Chip Two,developedBy,Acme,Chip Two is a design of Acme.,mine,,,,,,,,,,p. 3
"""


@pytest.fixture(scope="session")
def demo(small_kg: KnowledgeGraph) -> KnowledgeGraph:
    """The small graph, opened once for all tests that only read it."""
    return small_kg


@pytest.fixture
def small(small: Path, small_kg: KnowledgeGraph) -> Path:
    """The small graph, compiled already: what is tested here begins where the build ends."""
    shutil.copytree(small_kg.folder.parent, snapshot_home(small))
    return small


@pytest.fixture
def empty(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the vocabulary and no facts; in force when the test says so."""
    root = tmp_path / "empty"
    (root / "graph").mkdir(parents=True)
    return write_vocabulary(root)


@pytest.fixture
def claims(small: Path, tmp_path: Path) -> Path:
    """Two claims as a table."""
    file = tmp_path / "mine.csv"
    file.write_text(CLAIMS, encoding="utf-8")
    return file


@pytest.fixture
def imports(small: Path) -> Imports:
    """The imports of the small graph: none yet."""
    return Imports()


def opened(*, imports: bool = True) -> KnowledgeGraph:
    """The graph in force, without a word."""
    return KnowledgeGraph.open(imports=imports, progress=lambda _: None)
