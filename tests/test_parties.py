"""A control with several parties names them all, wherever it is shown, asked for, sent out or taken in."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agikg as package
from agikg.exchange.cypher import script
from agikg.kg import KnowledgeGraph, validate
from agikg.kg.imports import Imports
from agikg.names import tokenise
from agikg.words import stem
from tests.conftest import Ran, in_force, optional, write_vocabulary
from tests.graphs import write_shared_control

SHARED = "c:demo.all-1-3a"
PARTIES = {"e:acme": "Acme", "e:zeta-bolt": "Bolt", "e:cable-works": "Cable Works"}
LISTED = "Acme, Bolt and Cable Works"


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The graph with the shared control as a data folder, in force for the test."""
    return in_force(write_shared_control(tmp_path / "data"), tmp_path / "home", monkeypatch)


def opened() -> KnowledgeGraph:
    return KnowledgeGraph.open(progress=lambda _: None)


def test_the_record_lists_them_by_label(shared_kg: KnowledgeGraph) -> None:
    assert shared_kg.claim(SHARED).party == LISTED
    assert shared_kg.claim("c:demo.all-1-2a").party == "Acme"
    assert shared_kg.claim("c:demo.all-1-1a").party is None
    rows = {row["id"]: row["party_ids"] for row in map(shared_kg.catalog.row, range(shared_kg.catalog.claim_count))}
    assert (rows[SHARED], rows["c:demo.all-1-2a"], rows["c:demo.all-1-1a"]) == (list(PARTIES), ["e:acme"], [])


def test_more_parties_than_a_sentence_lists_are_all_listed(shared: Path) -> None:
    """Elsewhere a list ends with how many more there are; a record is whole."""
    file = shared / "graph" / "demo" / "shared.ttl"
    names = [f"Firm {number:02}" for number in range(20)]
    text = file.read_text("utf-8").replace("agi:party e:zeta-bolt", "agi:party " + ", ".join(f"e:firm-{name[-2:]}" for name in names))
    entities = (f'e:firm-{name[-2:]} a agi:Company ; skos:prefLabel "{name}"@en ; agi:layer agi:layer-chips .\n' for name in names)
    file.write_text(text + "\n" + "".join(entities), encoding="utf-8")
    assert validate() == []
    assert opened().claim(SHARED).party == f"Acme, Cable Works, {', '.join(names[:-1])} and {names[-1]}"


def test_the_control_is_found_from_each_of_them(shared_kg: KnowledgeGraph) -> None:
    position = shared_kg.catalog.claim_position[SHARED]
    for identifier, label in PARTIES.items():
        assert SHARED in shared_kg.show(identifier).controls
        assert SHARED in {claim.id for claim in shared_kg.claims(about=label)}
        assert all(position in shared_kg.catalog.search.postings[stem(token)] for token in tokenise(label))
        assert SHARED in {claim.id for claim in shared_kg.ask(f"What does Rule Y bar {label} from?").claims}
    assert SHARED not in shared_kg.show("Line A").controls


def test_the_control_closes_the_way_of_each_of_them(shared_kg: KnowledgeGraph) -> None:
    for chip in ("Chip One", "Chip Two"):  # Acme's and Bolt's
        roles = {item.label: (item.role, item.barred_by) for item in shared_kg.dependencies(chip, as_of="2025", depth=1).items}
        assert roles["Line B"] == ("barred", (SHARED,)), chip


def test_commands_print_them_all(shared: Path, agikg: Callable[..., Ran]) -> None:
    for format_ in ("json", "jsonl", "csv"):
        assert LISTED in agikg("claims", "--about", "Bolt", "--format", format_).out
    rows = [json.loads(line) for line in agikg("claims", "--about", "Cable Works", "--format", "jsonl").out.splitlines()]
    assert [row["party"] for row in rows] == [LISTED]
    assert "Rule Y keeps three firms" in agikg("show", "Bolt").out.partition("Controls")[2].partition("Evidence")[0]


def test_the_page_of_the_claim_lists_them(shared_kg: KnowledgeGraph) -> None:
    testclient = optional("starlette.testclient", "'agikg[test]'")
    from tests.server.pages.conftest import application

    with testclient.TestClient(application(shared_kg)) as client:
        text = client.get("/id/claim/demo.all-1-3a", headers={"accept": "text/html"}).text
        assert f"<dt>For whom</dt><dd>{LISTED}</dd>" in text
        assert "Rule Y keeps three firms" in client.get("/id/zeta-bolt", headers={"accept": "text/html"}).text


def test_neo4j_gets_a_link_to_each(shared_kg: KnowledgeGraph) -> None:
    content = shared_kg.content()
    text = script(content.shown, content.edges, content.snapshot).decode()
    (batch,) = [part for part in text.split("UNWIND") if "[:PARTY]" in part]
    assert {identifier for identifier in PARTIES if f'{{a: "{SHARED}", b: "{identifier}"}}' in batch} == set(PARTIES)


@pytest.mark.parametrize("ending", ["zip", "jsonl", "nq"])
def test_they_survive_export_and_import(shared_kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    shared_kg.export(str(tmp_path / f"all.{ending}"))
    (tmp_path / "empty" / "graph").mkdir(parents=True)
    monkeypatch.setenv("AGIKG_DATA", str(write_vocabulary(tmp_path / "empty")))
    monkeypatch.setenv("AGIKG_HOME", str(tmp_path / "home"))
    assert Imports().add(str(tmp_path / f"all.{ending}")).status == "imported"
    assert opened().claim(SHARED) == shared_kg.claim(SHARED)


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_users_name_several(shared: Path, tmp_path: Path, format_: str) -> None:
    source = {
        "title": "Mine", "publisher": "Me", "published": "2024", "accessed": "2024-08", "tier": "blog",
        "url": "https://example.org/mine", "license": "CC0",
    }  # fmt: skip
    row: dict[str, Any] = {
        "subject": "Rule Y", "predicate": "barsAccessTo", "object": "Line A", "party": "Bolt|电缆厂|e:acme", "source": "mine",
        **{f"source_{name}": value for name, value in source.items()},
    }  # fmt: skip
    file = tmp_path / f"mine.{format_}"
    text = ",".join(row) + "\n" + ",".join(row.values()) if format_ == "csv" else json.dumps({**row, "party": row["party"].split("|")})
    file.write_text(text + "\n", encoding="utf-8")
    assert Imports().add(str(file)).status == "imported"
    (claim,) = opened().claims(sources=["mine"])
    assert claim.party == LISTED


def test_a_party_less_is_a_change_of_the_list(shared: Path, tmp_path: Path, agikg: Callable[..., Ran]) -> None:
    old = tmp_path / "old.nq"
    opened().export(str(old))
    file = shared / "graph" / "demo" / "shared.ttl"
    file.write_text(file.read_text("utf-8").replace("agi:party e:cable-works, e:acme", "agi:party e:cable-works"), encoding="utf-8")
    (change,) = package.diff(str(old)).changes
    assert (change.id, change.fields) == (SHARED, {"party": (["e:acme", "e:cable-works", "e:zeta-bolt"], ["e:cable-works", "e:zeta-bolt"])})
    out = agikg("diff", str(old), "--format", "csv").out
    assert "e:acme" in out and "e:zeta-bolt" in out


def test_controls_of_the_real_graph_stand_with_each_party(full: KnowledgeGraph) -> None:
    several = {claim.id: claim.party for claim in full.claims(as_of="9999") if claim.party and " and " in claim.party}
    for name in ("Biren", "Moore Threads", "Sophgo"):
        theirs = [control for control in full.show(name).controls if control in several]
        assert theirs, name
        assert all(name in str(several[control]) for control in theirs if full.claim(control).predicate == "barsAccessTo")
