"""Fixtures shared by the tests: the real graph, a small one, and the command line."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from agikg.kg import KnowledgeGraph
from agikg.kg.homes import snapshot_home

# A busy machine is no failure: tests assert what is computed, not how fast.
settings.register_profile("agikg", deadline=None)
settings.load_profile("agikg")

# Graphs stay open as long as the tests run: looking through all of them for cycles every few allocations takes a fifth of the time.
gc.set_threshold(50_000, 20, 50)

ROOT = Path(__file__).parent.parent
WHITEPAPER_ID = "sinolytics-2025"
WHITEPAPER = ROOT.parent / "shared" / "sinolytics-2025.txt"

# Files whose tests take longest, though they are few: they begin first, or one process would end with them while the others are done.
LONGEST = (
    "test_graph.py", "ask/test_baseline.py", "store/test_engines.py", "test_house.py", "exchange/test_imported.py", "test_beyond.py",
    "test_docs.py", "server/pages/test_workbench.py", "explore/test_page.py", "cli/test_cli.py", "server/test_serve.py",
    "exchange/test_roundtrip.py", "exchange/test_upload.py", "server/test_lanes.py", "ask/test_expected.py", "server/test_tools_transport.py",
    "analysis/test_sweep.py", "store/test_remote.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Orders the files as above; the tests of a file, and the other files, stay in the order in which they were."""
    rank = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@contextmanager
def made_once(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder of all processes that share the tests, for as long as one of them has it: what the first puts there, the others find."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with shared.with_suffix(".lock").open("w") as lock:
        if os.name == "posix":
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)  # waits as long as it takes
        yield shared


def compiled_once(factory: pytest.TempPathFactory, name: str, root: Path) -> None:
    """Puts the snapshot of a data folder where ``AGIKG_HOME`` is; the processes that share the tests compile it once."""
    with made_once(factory, name) as shared, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(root))
        own = snapshot_home(root)
        patch.setenv("AGIKG_HOME", str(shared))
        KnowledgeGraph.open(imports=False, progress=lambda _: None)
        shutil.copytree(snapshot_home(root), own, dirs_exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Snapshots of the tests go into a folder of their own, and tests that say nothing else read the whitepaper's part of the graph.

    Most tests assert what the whitepaper says; a graph that grows must not change that. The whole is the fixture ``full``.
    """
    from tests.graphs import write_part

    with made_once(tmp_path_factory, "whitepaper-data") as part:
        if not part.exists():
            write_part(part, [WHITEPAPER_ID])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("AGIKG_DATA", str(part))
        for name in ("AGIKG_IMPORTS", "NO_COLOR", "FORCE_COLOR", "AGIKG_DEBUG"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def kg(_home: None, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The whitepaper's part of the graph that comes with agikg."""
    compiled_once(tmp_path_factory, "whitepaper", Path(os.environ["AGIKG_DATA"]))
    return KnowledgeGraph.open(progress=lambda _: None)


@pytest.fixture(scope="session")
def whole(_home: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The snapshot of the whole graph that comes with agikg, where ``AGIKG_HOME`` is."""
    compiled_once(tmp_path_factory, "whole", ROOT)


@pytest.fixture(scope="session")
def full(whole: None) -> KnowledgeGraph:
    """The whole graph that comes with agikg."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AGIKG_DATA")
        return KnowledgeGraph.open(progress=lambda _: None)


@pytest.fixture(scope="session")
def whitepaper() -> str:
    """The whitepaper, where the tests run beside it."""
    if not WHITEPAPER.is_file():
        pytest.skip("the whitepaper itself is not part of the project; put it at ../shared/sinolytics-2025.txt to run this")
    return WHITEPAPER.read_text(encoding="utf-8")


def write_vocabulary(place: Path, root: Path = ROOT) -> Path:
    """Writes the vocabulary and the queries of a data folder into another, which gets its facts from elsewhere."""
    for folder in ("ontology", "queries"):
        shutil.copytree(root / folder, place / folder)
    return place


def write_small(place: Path) -> Path:
    """Writes a data folder with the graph of one page."""
    shutil.copytree(ROOT / "tests" / "data" / "small", place / "graph")
    return write_vocabulary(place)


def in_force(root: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Puts a data folder in force for a test, with a home of its own."""
    monkeypatch.setenv("AGIKG_DATA", str(root))
    monkeypatch.setenv("AGIKG_HOME", str(home))
    return root


def optional(package: str, install: str | None = None) -> Any:
    """A package that a machine may lack; a test that needs it skips with what to install.

    Args:
        package: what to import.
        install: what pip installs it by, such as ``'agikg[fast]'``; the package itself if None.
    """
    return pytest.importorskip(package, reason=f"{package} is not installed: pip install {install or package}, to run this")


CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Where Chromium is: AGIKG_CHROMIUM, else on the path; or None."""
    return os.environ.get("AGIKG_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, headless; the tests that need it say so when it is missing."""
    api = optional("playwright.sync_api", "playwright")
    found = chromium()
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium, or set AGIKG_CHROMIUM, to test the pages in a browser")
    with api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the real vocabulary and queries and a graph of one page, in force for the test."""
    return in_force(write_small(tmp_path / "data"), tmp_path / "home", monkeypatch)


@pytest.fixture(scope="session")
def small_kg(_home: None, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A graph of one page with the real vocabulary, opened."""
    root = write_small(tmp_path_factory.mktemp("small"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(root))
        return KnowledgeGraph.open(imports=False, progress=lambda _: None)


@pytest.fixture(scope="session")
def shared_kg(_home: None, tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """The small graph with a control of three parties, opened."""
    from tests.graphs import write_shared_control

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_DATA", str(write_shared_control(tmp_path_factory.mktemp("shared"))))
        return KnowledgeGraph.open(imports=False, progress=lambda _: None)


class Ran(NamedTuple):
    """What a run of the command line left."""

    code: int
    out: str
    err: str


def run_process(*arguments: str, input_: str | None = None, **environment: str) -> Ran:
    """Runs ``agikg`` as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "agikg", *arguments],
        input=input_,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def agikg(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs ``agikg`` in this process."""
    from agikg.cli import main

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as exit_:
            main(list(arguments))
        caught = capsys.readouterr()
        code = exit_.value.code
        return Ran(code if isinstance(code, int) else 0, caught.out, caught.err)

    return run
