"""Comparing two states: snapshots, files, folders."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import agikg as package
from agikg.errors import BadInput, NotFound
from agikg.kg import KnowledgeGraph
from agikg.kg.imports import Imports
from tests.conftest import Ran
from tests.exchange.conftest import opened

CHANGED = ("The yield of Chip One is about 62.5 %.", "The yield of Chip One is close to 62.5 %.")


@pytest.fixture
def changed(small: Path, tmp_path: Path) -> Path:
    """The small graph exported, then a statement, a claim and an entity of it changed, removed and added; returns the old state."""
    old = tmp_path / "old.nq"
    opened().export(str(old))
    demo, things = small / "graph" / "demo" / "demo.ttl", small / "graph" / "entities" / "things.ttl"
    text = demo.read_text("utf-8").replace(*CHANGED)
    text = text.replace("rdf:predicate agi:developedBy ; rdf:object e:acme", "rdf:predicate agi:developedBy ; rdf:object e:beta")
    begin, end = text.index("c:demo.all-1-1b"), text.index("c:demo.all-1-1c")
    demo.write_text(text[:begin] + text[end:], encoding="utf-8")
    things.write_text(
        things.read_text("utf-8") + '\ne:beta a agi:Company ;\n  skos:prefLabel "Beta"@en ;\n  agi:layer agi:layer-chips .\n',
        encoding="utf-8",
    )
    return old


def test_what_changed_with_its_fields_and_counts(changed: Path) -> None:
    found = package.diff(str(changed))
    kinds = {change.id: change.change for change in found.changes}
    assert kinds == {"e:beta": "added", "c:demo.all-1-1b": "removed", "c:demo.all-1-1c": "changed", "c:demo.all-1-2b": "changed"}
    fields = {change.id: change.fields for change in found.changes}
    assert fields["c:demo.all-1-1c"] == {"object": ("e:acme", "e:beta")}
    assert fields["c:demo.all-1-2b"] == {"statement": CHANGED}
    assert found.by_source == {"demo": {"added": 0, "changed": 2, "removed": 1}}
    assert found.by_layer == {"chips": {"added": 1, "changed": 2, "removed": 1}}
    assert found.same == 12


def test_the_way_back_is_the_mirror(changed: Path) -> None:
    there, back = package.diff(str(changed)), package.diff("current", str(changed))
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(c.id, turned[c.change]) for c in back.changes} == {(c.id, c.change) for c in there.changes}
    assert package.diff(str(changed), str(changed)).changes == ()


@pytest.mark.parametrize("ending", ["ttl", "jsonl", "zip"])
def test_every_file_of_claims_can_be_compared(demo: KnowledgeGraph, small: Path, tmp_path: Path, ending: str) -> None:
    for name in (f"x.{ending}", "x.nq"):
        demo.export(str(tmp_path / name))
    found = package.diff(str(tmp_path / f"x.{ending}"), str(tmp_path / "x.nq"))
    assert (found.changes, found.same) == ((), 15)


def test_snapshots_by_hash_stores_and_folders(small: Path, tmp_path: Path, changed: Path) -> None:
    new = opened()
    old = Imports().folder.parent
    hashes = {folder.name for folder in old.iterdir()}
    assert hashes
    new.save(str(tmp_path / "store"))
    for name in (
        new.snapshot,
        new.snapshot[:20],
        new.snapshot.removeprefix("sha256:")[:8],
        str(new.folder),
        str(tmp_path / "store"),
        str(small),
    ):
        assert package.diff(name).changes == ()
        assert len(package.diff(str(changed), name).changes) == 4
    for wrong in ("sha256:" + "0" * 64, "nowhere.nq", "abc"):
        with pytest.raises(NotFound):
            package.diff(wrong)


def test_the_command_prints_every_format(changed: Path, agikg: Callable[..., Ran]) -> None:
    table = agikg("diff", str(changed))
    assert table.code == 0
    for text in ("+ e:beta", "- c:demo.all-1-1b", "object: e:acme → e:beta", "claims by source"):
        assert text in table.out
    found = json.loads(agikg("diff", str(changed), "--format", "json").out)
    assert len(found["changes"]) == 4
    assert found["by_source"]["demo"]["removed"] == 1
    lines = [json.loads(line) for line in agikg("diff", str(changed), "--format", "jsonl", "--only", "claims").out.splitlines()]
    assert [line["change"] for line in lines] == ["removed", "changed", "changed"]
    assert "| c:demo.all-1-1c | claims | changed |" in agikg("diff", str(changed), "--format", "md").out
    assert agikg("diff", "current", "current").out.startswith("no difference")
    assert agikg("diff", "nowhere").code == 5


def test_a_hash_that_fits_two_snapshots_is_refused(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from agikg import snapshot

    one = opened()._snapshot
    two = snapshot.Snapshot(one.folder, one.content_hash[:-1] + "_", one.quads, one.key, one.sums)
    found = iter([one, two])
    monkeypatch.setattr(snapshot, "open_folder", lambda _: next(found))
    monkeypatch.setattr(Path, "glob", lambda *_: [one.folder / "manifest.json"] * 2)
    with pytest.raises(BadInput, match="can be"):
        package.diff(one.content_hash[:20])
