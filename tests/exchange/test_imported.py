"""Imported sets: beside the graph, on and off, never half there, never able to break what is curated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from agikg import imported
from agikg.errors import BadInput, InvalidGraph, NotFound
from agikg.kg import KnowledgeGraph
from agikg.kg.imports import Imports
from agikg.store.port import Solutions
from tests.conftest import Ran
from tests.exchange.conftest import CLAIMS, opened


def test_claims_of_the_user_count_beside_the_graph_and_can_be_left_out(imports: Imports, claims: Path) -> None:
    curated = opened()
    report = imports.add(str(claims))
    assert (report.status, report.set and (report.set.name, report.set.claims, report.set.entities, report.set.sources)) == (
        "imported",
        ("mine", 2, 1, ("mine",)),
    )
    with_it, without = opened(), opened(imports=False)
    assert {item.label for item in with_it.dependents("Line A").items} == {"Chip One", "Chip Two"}
    assert {item.label for item in without.dependents("Line A").items} == {"Chip One"}
    assert {item.label for item in with_it.dependents("Line A", sources=["mine"]).items} == {"Chip Two"}
    assert without.snapshot == curated.snapshot != with_it.snapshot
    assert (with_it.imported, without.imported) == (("mine",), ())
    graphs = with_it.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?c a agi:Claim } }")
    assert isinstance(graphs, Solutions)
    assert {str(row[0]).rpartition("/")[2] for row in graphs.rows} == {"demo", "imported-mine"}
    (claim,) = with_it.claims(about="Chip Two", predicate="fabricatedWith")
    assert (claim.source, claim.locator, claim.modality, claim.confidence) == ("mine", "p. 3", "stated", "low")


def test_switching_and_removing(imports: Imports, claims: Path) -> None:
    before = opened().snapshot
    imports.add(str(claims))
    after = opened().snapshot
    assert imports.switch("mine", on=False).on is False
    assert opened().snapshot == before
    imports.switch("mine", on=True)
    assert opened().snapshot == after
    imports.remove("mine")
    assert opened().snapshot == before
    assert imports.sets() == ()
    assert list((imports.folder / "data").iterdir()) == []
    with pytest.raises(NotFound, match="no imported set"):
        imports.switch("mine", on=True)


def test_two_imports_of_one_file_change_nothing(imports: Imports, claims: Path) -> None:
    imports.add(str(claims))
    files = {file: file.stat().st_mtime_ns for file in imports.folder.rglob("*.[jt]*")}
    assert imports.add(str(claims)).status == "unchanged"
    assert {file: file.stat().st_mtime_ns for file in imports.folder.rglob("*.[jt]*")} == files
    assert imports.add(str(claims), "again").status == "imported"
    assert opened().catalog.claim_count == 7


def test_what_the_graph_says_already_is_not_imported(demo: KnowledgeGraph, imports: Imports, tmp_path: Path) -> None:
    demo.export(str(tmp_path / "all.trig"))
    report = imports.add(str(tmp_path / "all.trig"))
    assert (report.status, report.set) == ("nothing new", None)
    assert imports.sets() == ()


def test_another_file_under_the_name_needs_a_word(imports: Imports, claims: Path) -> None:
    imports.add(str(claims))
    claims.write_text(CLAIMS.replace("as well", "too"), encoding="utf-8")
    with pytest.raises(BadInput, match="another set"):
        imports.add(str(claims))
    assert imports.add(str(claims), replace=True).status == "imported"
    assert any("too" in claim.statement for claim in opened().claims())
    assert len(list((imports.folder / "data").iterdir())) == 1


def test_a_file_that_states_nothing_is_no_import(imports: Imports, tmp_path: Path) -> None:
    for name, text in (("x.json", '[{"subject": "Acme"}]'), ("x.ttl", "# nothing\n"), ("x.csv", "subject,predicate\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(BadInput, match="states nothing"):
            imports.add(str(tmp_path / name))


def test_a_dry_run_writes_nothing(imports: Imports, claims: Path) -> None:
    assert imports.add(str(claims), dry_run=True).status == "checked"
    assert not imports.folder.exists()


@pytest.mark.parametrize("name", ["../x", "", "A", "a/b", ".a", "x" * 65])
def test_names_that_no_set_can_have(imports: Imports, claims: Path, name: str) -> None:
    if name:
        with pytest.raises(BadInput, match="cannot be called"):
            imports.add(str(claims), name)
    assert imported.check_name(imported.name_for(f"/x/{name} y.tar.gz"))


def test_a_set_that_others_need_is_not_taken_away(imports: Imports, claims: Path, tmp_path: Path) -> None:
    imports.add(str(claims))
    more = tmp_path / "more.csv"
    more.write_text(
        "subject,predicate,object,statement,source\nChip Two,couldBeFabricatedWith,Line B,Chip Two could be made on Line B.,demo\n"
    )
    with pytest.raises(InvalidGraph) as caught:
        imports.add(str(more))
    assert "requirement" in str(caught.value.problems)
    more.write_text(
        "subject,predicate,object,statement,source\nChip Two,is supplied by,Acme,Chip Two is delivered by Acme.,demo\n", encoding="utf-8"
    )
    imports.add(str(more))
    with pytest.raises(InvalidGraph):
        imports.switch("mine", on=False)
    with pytest.raises(InvalidGraph):
        imports.remove("mine")
    assert opened().imported == ("mine", "more")


def test_an_import_cannot_change_the_graphs_own_records(imports: Imports, tmp_path: Path) -> None:
    file = tmp_path / "x.ttl"
    prefixes = "@prefix agi: <https://w3id.org/agikg/ontology#> . @prefix e: <https://w3id.org/agikg/id/> .\n@prefix c: <https://w3id.org/agikg/id/claim/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    for text, message in (
        ('c:demo.all-1-1a agi:note "changed" .', "cannot change its agi:note"),
        ('e:acme skos:prefLabel "Acme Inc"@en .', "cannot change its skos:prefLabel"),
        ('agi:fabricatedWith skos:altLabel "x"@en .', "belongs to the vocabulary"),
        ('<http://example.org/x> a agi:Chip ; skos:prefLabel "X"@en ; agi:layer agi:layer-chips .', "no identifier of this graph"),
        ("e:acme agi:fabricates e:chip-one .", "an edge without a claim"),
        ('[] a agi:Chip ; skos:prefLabel "X"@en .', "without a name"),
    ):
        file.write_text(prefixes + text + "\n", encoding="utf-8")
        with pytest.raises(InvalidGraph) as caught:
            imports.add(str(file))
        assert any(message in problem.message for problem in caught.value.problems), caught.value.problems
        assert "without a name" in message or any(problem.line == 3 for problem in caught.value.problems)
    file.write_text(prefixes + 'e:acme skos:altLabel "Acme Inc"@en .\n', encoding="utf-8")
    assert imports.add(str(file)).status == "imported"
    assert opened().entity("Acme Inc").id == "e:acme"


# --- what is broken is left out ----------------------------------------------------------------------------------------


def test_a_damaged_set_is_left_out_with_a_warning_and_mended_by_importing_again(
    imports: Imports, claims: Path, agikg: Callable[..., Ran]
) -> None:
    imports.add(str(claims))
    (data,) = (imports.folder / "data").iterdir()
    data.write_bytes(data.read_bytes()[:-20])
    for _ in range(2):
        done = agikg("show", "Acme")
        assert done.code == 0
        assert "left out" in done.err
        assert "mine" in done.err
    assert "damaged" in str(imports.sets()[0].left_out)
    assert "left out" in agikg("import", "--list").out
    assert imports.add(str(claims)).status == "imported"
    assert opened().imported == ("mine",)


def test_a_set_that_no_longer_fits_the_graph_is_left_out_alone(imports: Imports, claims: Path, small: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("subject,predicate,object,statement,source\nAcme,uses,Line B,Acme makes use of Line B.,demo\n", encoding="utf-8")
    imports.add(str(claims))
    imports.add(str(other))
    things = small / "entities" / "x.ttl" if (small / "entities").exists() else small / "graph" / "entities" / "things.ttl"
    things.write_text(
        things.read_text("utf-8").replace('"Line A"@en', '"Line A"@en ; <http://www.w3.org/2004/02/skos/core#altLabel> "Chip Two"@en'),
        "utf-8",
    )
    kg = opened()
    assert kg.imported == ("other",)
    assert kg.warning
    assert "mine" in kg.warning
    assert [found.name for found in imports.sets() if found.left_out] == ["mine"]


def test_a_record_that_cannot_be_read_breaks_no_reading_command(imports: Imports, claims: Path, agikg: Callable[..., Ran]) -> None:
    imports.add(str(claims))
    (imports.folder / "mine.json").write_text("{", encoding="utf-8")
    done = agikg("show", "Acme")
    assert done.code == 0
    assert "cannot be read" in done.err
    assert agikg("import", "--list").code == 5


# --- killed at any moment ------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from agikg import imported
left = int(sys.argv[2])
def mortal(real):
    def call(*args, **kwargs):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call
os.fsync, Path.replace, Path.unlink, Path.chmod = map(mortal, (os.fsync, Path.replace, Path.unlink, Path.chmod))
folder = Path(sys.argv[1])
with imported.locked(folder):
    imported.put(folder, "mine", b"new", {})
print("acknowledged")
"""


def test_killed_at_every_step_a_set_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    states = set()
    for step in range(1, 40):
        folder = tmp_path / str(step)
        folder.mkdir()
        with imported.locked(folder):
            imported.put(folder, "mine", b"old", {})
        done = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step)], capture_output=True, text=True, check=False)
        (found,) = imported.all_sets(folder)
        states.add((done.returncode, found.data()))
        assert found.data() in (b"old", b"new")
        assert "acknowledged" not in done.stdout or found.data() == b"new"
        imported.put(folder, "mine", b"later", {})
        assert imported.all_sets(folder)[0].data() == b"later"
        if done.returncode == 0:
            break
    assert states >= {(-signal.SIGKILL, b"old"), (-signal.SIGKILL, b"new"), (0, b"new")}


def test_killed_at_random_an_import_is_whole_or_not_there(imports: Imports, claims: Path) -> None:
    opened()
    command = [sys.executable, "-m", "agikg", "import", str(claims)]
    started = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    length = time.monotonic() - started
    for part in (0.4, 0.7, 0.9):
        imported.remove(imports.folder, "mine")
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            time.sleep(length * part)
            os.kill(child.pid, signal.SIGKILL)
            out, _ = child.communicate()
        found_sets = imported.all_sets(imports.folder)
        assert [found.name for found in found_sets if found.data()] in ([], ["mine"])
        assert b"imported as" not in out or found_sets
    assert imports.add(str(claims)).status in ("imported", "unchanged")


def test_sets_can_be_kept_elsewhere(
    small: Path, claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agikg: Callable[..., Ran]
) -> None:
    folder = tmp_path / "elsewhere"
    done = agikg("import", str(claims), "--into", str(folder))
    assert done.code == 0
    assert f"AGIKG_IMPORTS={folder}" in done.out
    assert agikg("import", "--list").out == "nothing is imported\n"
    monkeypatch.setenv("AGIKG_IMPORTS", str(folder))
    assert [found["name"] for found in json.loads(agikg("import", "--list", "--json").out)] == ["mine"]
    shown = agikg("show", "Chip Two")
    assert shown.code == 0
    assert "with imported data: mine" in shown.err
    assert agikg("show", "Chip Two", "--no-imports").code == 3


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_the_template_imports_as_it_stands(kg: object, tmp_path: Path, format_: str, agikg: Callable[..., Ran]) -> None:
    file = tmp_path / f"claims.{format_}"
    file.write_text(agikg("import", "--template", format_).out, encoding="utf-8")
    done = agikg("import", "--dry-run", str(file))
    assert done.code == 0, done.err
    assert "3 claims, 2 entities of example-report" in done.out


def test_a_requirement_in_words_and_dates_and_figures(imports: Imports, tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    rows: list[dict[str, object]] = [
        {"subject": "Acme", "predicate": "is supplied by", "object": "Beta", "object_kind": "Company", "object_layer": "equipment", "requirement": "etching gas"},
        {"subject": "Acme", "predicate": "is supplied by", "object": "Gamma", "object_kind": "Company", "object_layer": "equipment", "requirement": "etching gas", "requirement_share": 0.5},
        {"subject": "C1", "predicate": "yield", "value": 60, "value_high": 65, "bound": "range", "as_of": "2025-H1", "quote": "It yields 60 to 65 percent."},
        {"subject": "Rule X", "predicate": "barsAccessTo", "object": "Line A", "party": ["Acme"], "valid_from": "2023"},
    ]  # fmt: skip
    file.write_text("".join(json.dumps({**row, "source": "demo"}) + "\n" for row in rows), encoding="utf-8")
    imports.add(str(file))
    kg = opened()
    need = next(need for need in kg.show("Acme").needs if need.function == "etching gas")
    assert {item.label for item in need.alternatives} == {"Beta", "Gamma"}
    (figure,) = (claim for claim in kg.claims(about="Chip One", predicate="yieldRate") if claim.as_of)
    assert (figure.value, figure.value_high, figure.unit, figure.verbatim) == (60, 65, "percent", "60–65")
    assert figure.statement == "The yield of Chip One is 60–65."
    assert next(item.role for item in kg.dependencies("Chip One").items if item.label == "Line A") == "barred"
    assert opened(imports=False).dependencies("Chip One").items[0].role != "barred"
