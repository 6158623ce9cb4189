"""The key of a snapshot: from what the files hold, without reading them while nothing has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from agikg import resources
from agikg.imported import ImportedSet
from agikg.kg import homes


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("ontology/core.ttl", "graph/a.ttl", "graph/b/c.ttl", "queries/q.rq"):
        file = tmp_path / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {name}\n", encoding="utf-8")
    (tmp_path / "home").mkdir()
    return tmp_path / "data"


def key(root: Path, sets: tuple[ImportedSet, ...] = ()) -> str:
    found, compiler = homes.key_of(root, root.parent / "home", sets)
    assert found == resources.fingerprint(root, sets)[:32] and compiler == resources.compiler()
    return found


def not_read(*_: object) -> NoReturn:
    raise AssertionError("the contents were read")


def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the files had been there for long."""
    monkeypatch.setattr(homes, "_SAME_TIME", 0)
    time.sleep(0.02)  # the clock of files ticks in steps


def test_what_has_not_changed_is_not_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(monkeypatch)
    first = key(root)
    monkeypatch.setattr(resources, "fingerprint", not_read)
    assert homes.key_of(root, root.parent / "home", ()) == (first, resources.compiler())


def test_what_was_changed_just_now_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A further change might bear the same time."""
    assert key(root) and not list((root.parent / "home").iterdir())
    monkeypatch.setattr(resources, "fingerprint", not_read)
    with pytest.raises(AssertionError):
        homes.key_of(root, root.parent / "home", ())


def edit_and_give_the_old_date(root: Path) -> None:
    file = root / "graph/a.ttl"
    before = file.stat()
    file.write_text(file.read_text(encoding="utf-8").swapcase(), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


@pytest.mark.parametrize(
    "change",
    [
        edit_and_give_the_old_date,
        lambda root: (root / "graph/a.ttl").unlink(),
        lambda root: (root / "graph/a.ttl").rename(root / "graph/b/a.ttl"),
        lambda root: (root / "graph/new.ttl").write_text("# new\n", encoding="utf-8"),
    ],
)
def test_every_change_gives_another_key(root: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], object]) -> None:
    settled(monkeypatch)
    before = key(root)
    change(root)
    time.sleep(0.02)
    changed = key(root)
    assert changed != before and key(root) == changed


def test_an_imported_set_and_a_changed_module_count(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(monkeypatch)
    before = key(root)
    assert key(root, (ImportedSet("mine", True, "sha256:1", root, {}),)) != before
    assert key(root) == before
    modules = {line.split(" ")[0] for line in resources.listing(root)[0].split("\n")}
    package = Path(resources.__file__).parent
    assert {str(package / name) for name in ("names.py", "build/pipeline.py", "thesaurus.txt")} <= modules


@pytest.mark.parametrize("text", ["", "one line", "key\ncompiler\nanother listing"])
def test_a_damaged_note_is_written_anew(root: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    settled(monkeypatch)
    (root.parent / "home" / "seen").write_text(text, encoding="utf-8")
    first = key(root)
    monkeypatch.setattr(resources, "fingerprint", not_read)
    assert homes.key_of(root, root.parent / "home", ())[0] == first


def test_folders_do_not_share_a_home() -> None:
    assert homes.snapshot_home(Path("/one")) != homes.snapshot_home(Path("/two"))
