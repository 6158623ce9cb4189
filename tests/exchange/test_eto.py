"""The ETO dataset: invented tables with its columns."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agikg.errors import InvalidGraph, NotFound
from agikg.kg import KnowledgeGraph
from agikg.kg.imports import Imports
from tests.conftest import ROOT, Ran
from tests.exchange.conftest import opened


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests" / "data" / "eto", tmp_path / "eto"))


@pytest.fixture
def graph(imports: Imports, tables: Path) -> KnowledgeGraph:
    assert imports.add(str(tables)).status == "imported"
    assert imports.add(str(tables)).status == "unchanged"
    return opened()


def test_links_and_alternatives(graph: KnowledgeGraph) -> None:
    needs = {item.label: item.role for item in graph.dependencies("Widget etching", depth=1).items}
    direct = {label for label, role in needs.items() if role == "direct"}
    assert direct == {"Etching gas Q", "Etchers", "Line A", "Finished widget", "Acme (ETO)"}
    gas = graph.show("Etching gas Q")
    (supply,) = (need for need in gas.needs if "supply" in need.function)
    assert {item.label for item in supply.alternatives} == {"Gasworks", "Acme"}
    assert [need.alternatives[0].label for need in graph.show("Etchers").needs if need.alternatives[0].label == "Dry etchers"]
    assert graph.entity("GW").label == "Gasworks"
    assert graph.entity("Line A").id == "e:line-a"  # the graph's own, not made again
    assert graph.entity("Acme").kind == "Company"
    assert graph.entity("Acme (ETO)").kind == "Material"


def test_shares_and_headquarters(graph: KnowledgeGraph) -> None:
    shares = {claim.subject_label: (claim.value, claim.unit, claim.as_of, claim.scope) for claim in graph.claims(predicate="marketShare")}
    assert shares == {
        "United States": (34, "percent", "2019", "of the market for Etching gas Q, by country"),
        "Japan": (67, "percent", "2019", "of the market for Etching gas Q, by country"),  # 101 in all: rounded
        "Gasworks": (60, "percent", "2019", "of the market for Etching gas Q, by company"),
    }
    assert {(claim.subject_label, claim.object_label) for claim in graph.claims(predicate="basedIn")} == {
        ("Acme", "United States"),
        ("Gasworks", "Japan"),
    }
    (claim,) = (claim for claim in graph.claims(about="Acme", predicate="suppliedBy") if claim.source == "eto-semiconductors")
    assert claim.locator == "provision.csv:8"
    assert claim.note
    assert "negligible" in claim.note


def test_the_limit_of_its_licence_travels(graph: KnowledgeGraph, imports: Imports, tmp_path: Path, agikg: Callable[..., Ran]) -> None:
    (source,) = (source for source in graph.sources() if source.id == "eto-semiconductors")
    assert source.non_commercial
    assert source.license == "CC BY-NC 4.0"
    assert imports.sets()[0].non_commercial == ("eto-semiconductors",)
    answer = graph.ask("what depends on Gasworks")
    assert answer.status == "answered"
    assert {claim.non_commercial for claim in answer.claims} == {True}
    assert {claim.non_commercial for claim in graph.claims()} == {True, False}
    assert "non-commercial use only" in agikg("sources").out
    assert "non-commercial use only" in agikg("dependents", "Gasworks").out
    agikg("export", "-o", str(tmp_path / "tables"), "--format", "csv")
    package = json.loads((tmp_path / "tables" / "datapackage.json").read_text("utf-8"))
    assert {row["name"]: row["nonCommercial"] for row in package["sources"]} == {"demo": False, "eto-semiconductors": True}
    assert "**Non-commercial use only.**" in (tmp_path / "tables" / "README.md").read_text("utf-8")
    for name in ("edges.csv", "claims.csv", "sources.csv"):
        header, *lines = (tmp_path / "tables" / name).read_text("utf-8").splitlines()
        assert "non_commercial" in header
        assert any(",true" in line for line in lines)
    agikg("export", "-o", str(tmp_path / "free.ttl"), "--source", "demo")
    assert "nonCommercial true" not in (tmp_path / "free.ttl").read_text("utf-8")


def test_what_does_not_fit_is_named_with_its_line(imports: Imports, tables: Path) -> None:
    provision = tables / "provision.csv"
    provision.write_text(provision.read_text("utf-8") + "Gasworks,P5,Nothing,N99,,,\nGasworks,P99,Etchers,N3,,,\n", encoding="utf-8")
    inputs = tables / "inputs.csv"
    inputs.write_text(inputs.read_text("utf-8").replace("material_resource,,,Invented.", "magic,,,Invented.", 1), encoding="utf-8")
    with pytest.raises(InvalidGraph) as caught:
        imports.add(str(tables))
    found = {f"{Path(problem.path).name}:{problem.line}": problem.message for problem in caught.value.problems}
    assert "'magic' is none of" in found["inputs.csv:4"]
    assert "'N99' is defined in none" in found["provision.csv:10"]
    assert "'P99' is not defined in providers.csv" in found["provision.csv:11"]
    (tables / "stages.csv").unlink()
    with pytest.raises(NotFound, match=r"lacks stages\.csv"):
        imports.add(str(tables), format="eto")
