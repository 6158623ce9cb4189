"""Documentation that cannot drift: written parts are as the program would write them, examples run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

import agikg
from agikg.cli.app import _COMMANDS
from agikg.kg import KnowledgeGraph
from agikg.store.port import Solutions
from tests.conftest import ROOT
from tests.write_docs import documents

PAGES = [
    ROOT / "README.md",
    ROOT / "docs" / "library.md",
    ROOT / "docs" / "analysis.md",
    ROOT / "docs" / "explore.md",
    ROOT / "docs" / "exchange.md",
]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(autouse=True)
def _whole_graph(whole: None, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the documents show is of the graph that comes with agikg; but one writes and reads all of a graph, whichever it is."""
    if "exchange.md" not in request.node.name:
        monkeypatch.delenv("AGIKG_DATA")


def test_written_parts_are_up_to_date(kg: KnowledgeGraph) -> None:
    for path, content in documents().items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name} is out of date: python -m tests.write_docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(kg: KnowledgeGraph, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # examples write pages
    namespace: dict[str, Any] = {}
    examples = blocks(page, "python")
    assert examples
    for example in examples:
        exec(compile(example, str(page), "exec"), namespace)


def test_sparql_examples_find_rows(kg: KnowledgeGraph) -> None:
    (example,) = blocks(ROOT / "README.md", "sparql")
    result = kg.sparql(example)
    assert isinstance(result, Solutions)
    assert result.rows


def test_shell_examples_name_commands_that_exist() -> None:
    text = "\n".join(block for page in PAGES for block in blocks(page, "sh"))
    named = set(re.findall(r"^agikg (\w+)", text, re.MULTILINE))
    assert named
    assert named <= set(_COMMANDS)


def test_the_two_commands_stand_first_and_ci_calls_the_second() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    first, second = blocks(ROOT / "README.md", "sh")[:2]
    assert 'agikg ask "what depends on SMIC DUV"' in first
    assert second.strip().endswith("pytest")
    assert text.index(first) < text.index("## ")
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "test-command" in ci
    extract = "sed -n '/<!-- test-command -->/,/<!-- \\/test-command -->/p' README.md | grep -v -e '^<!--' -e '^```'"
    assert extract in ci
    done = subprocess.run(["bash", "-c", extract], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == second


def test_every_check_is_documented() -> None:
    described = set(re.findall(r"^\| (\w+) \|", (ROOT / "docs" / "checks.md").read_text(encoding="utf-8"), re.MULTILINE))
    source = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "src" / "agikg" / "build").rglob("*.py"))
    used = set(re.findall(r'"([A-Z]\d)"', source)) | {"syntax", "shape"}
    assert used <= described
    assert described - {"key"} <= used


def test_the_public_names_are_those_listed() -> None:
    assert agikg.__all__ == sorted(agikg.__all__)
    for name in agikg.__all__:
        assert getattr(agikg, name) is not None
    assert not [name for name in vars(agikg) if not name.startswith("_") and name not in agikg.__all__ and name not in {
        "annotations", "import_module", "Any", "TYPE_CHECKING",
    } and not hasattr(vars(agikg)[name], "__path__") and not str(type(vars(agikg)[name])).endswith("module'>")]  # fmt: skip
    with pytest.raises(AttributeError):
        agikg.nonsense  # noqa: B018


def test_links_in_the_documentation_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "queries").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
