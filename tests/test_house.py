"""The house rules: layers, types, style, sizes. The same gates everywhere, because they are tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "src" / "agikg").rglob("*.py"))
MODULE, FUNCTION, PARAMETERS = 400, 60, 7


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "src", "tests", "benchmarks"),
        ("ruff", "format", "--check", "src", "tests", "benchmarks"),
        ("mypy", "--strict", "src", "tests"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_style_and_types(command: tuple[str, ...]) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stdout + done.stderr


def test_imports_only_go_down() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: str(file.relative_to(ROOT / "src")))
def test_sizes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= MODULE, "which two nouns live in this module?"
    assert ast.get_docstring(ast.parse(text)), "a module says what lives in it"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.body[0].lineno <= FUNCTION, node.name
            assert len(node.args.posonlyargs + node.args.args) <= PARAMETERS, node.name


def test_no_place_of_one_machine_and_no_foreign_script_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: what is committed cannot be told")
    places = re.compile(r"(?<![\w.])/(?:work|farm|root)/")
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if file.is_file() and file.suffix != ".bin":
            assert file.suffix not in {".js", ".css", ".html"} or file.stat().st_size < 120_000, name
            assert name == "tests/test_house.py" or not places.search(file.read_text(encoding="utf-8")), name
