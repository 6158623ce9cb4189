"""The harness for SupplyBench, on a small graph of our own in its vocabulary."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import supplybench
from benchmarks.supplymap import Reader, load, mapped

TBOX = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix t: <https://github.com/wintechis/natural-language-query-answering/tree/main/knowledge-graph/velektronik-graph-clean/tbox.ttl#> .
@prefix x: <https://example.org/> .
t:OrganizationType rdfs:label "Organization type"@en ; rdfs:subClassOf skos:Concept .
x:mill a t:OrganizationType ; rdfs:label "Grain Mill Operator"@en .
"""
ABOX = """
@prefix esn: <https://paul.ti.rw.fau.de/~ju32haqi/supply-networks/abstraction-examples/esn-ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gn: <http://www.geonames.org/ontology#> .
@prefix org: <https://www.w3.org/ns/org#> .
@prefix qb: <http://purl.org/linked-data/cube#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix t: <https://github.com/wintechis/natural-language-query-answering/tree/main/knowledge-graph/velektronik-graph-clean/tbox.ttl#> .
@prefix x: <https://example.org/> .
x:alpha a org:Organization ; rdfs:label "Alphawerk Holding"@en ; t:organizationType x:mill ; org:hasRegisteredSite x:seat ;
  foaf:homepage <https://www.awk.example/> .
x:beta a org:Organization ; rdfs:label "Betamills"@en ; t:organizationType x:mill .
x:gamma a org:Organization ; rdfs:label "Gammafarm"@en .
x:seat a org:Site, gn:Feature ; gn:parentFeature x:town .
x:town a gn:Feature ; rdfs:label "Lower Quagford"@en ; gn:featureClass gn:P ; gn:parentFeature x:land .
x:land a gn:Feature ; rdfs:label "Ruritania"@en ; gn:featureClass gn:A ; gn:featureCode gn:A.PCLI .
x:flow1 esn:customer x:alpha ; esn:supplier x:gamma .
x:flow2 esn:customer x:gamma ; esn:supplier x:alpha .
x:seen a qb:Observation ; t:observedEnterprise x:alpha ; t:accountingYear 2021 ; t:currency "Euro"@en ; t:netProfit 1250000.0 .
"""
CORPUS = """
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix t: <https://github.com/wintechis/natural-language-query-answering/tree/main/knowledge-graph/velektronik-graph-clean/tbox.ttl#> .
@prefix x: <https://example.org/> .
@prefix : <#> .
[] rdfs:label "Grain mill operators"@en ;
dc:subject "one triple pattern" ;
rdf:value
{
?x t:organizationType x:mill .
} .
[] rdfs:label "Net profit of Alphawerk"@en ;
dc:subject "two triple patterns" ;
dc:subject "keyfigure" ;
rdf:value
{
[] t:observedEnterprise x:alpha ; t:netProfit ?x .
} .
[] rdfs:label "Zeppelins of Betamills"@en ;
dc:subject "two triple patterns" ;
rdf:value
{
x:beta t:organizationType ?x .
} .
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("supplybench")
    for name, text in (("knowledge-graph/tbox", TBOX), ("knowledge-graph/abox", ABOX)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.ttl").write_text(text, encoding="utf-8")
    (folder / "query-corpus").mkdir()
    (folder / "query-corpus" / "queries.n3").write_text(CORPUS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> list[supplybench.Scored]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AGIKG_DATA", raising=False)  # the whole vocabulary
        return supplybench.run(checkout, tmp_path_factory.mktemp("mapped"))


def test_gold_answers_come_from_the_patterns(checkout: Path) -> None:
    gold = list(supplybench.questions(checkout, load(checkout)))
    assert [(one.question, one.group) for one in gold] == [
        ("Grain mill operators", "one triple pattern"),
        ("Net profit of Alphawerk", "two triple patterns"),
        ("Zeppelins of Betamills", "two triple patterns"),
    ]
    assert gold[0].answers == {"https://example.org/alpha", "https://example.org/beta"}
    assert gold[1].answers == {1250000.0}


def test_the_mapping_is_a_graph_that_builds_and_answers(rows: list[supplybench.Scored]) -> None:
    group, figure, nothing = rows
    assert group.f1 == 1, group.answer.answer
    assert figure.f1 == 1, figure.answer.answer
    assert nothing.f1 == 0 and nothing.answer.status == "refused" and nothing.given == 0


def test_supply_place_and_short_names_are_mapped(checkout: Path) -> None:
    made = mapped(Reader(load(checkout)))
    said = "\n".join(made.lines)
    assert "rdf:subject e:alphawerk-holding ; rdf:predicate agi:suppliedBy ; rdf:object e:gammafarm" in said
    assert "rdf:subject e:alphawerk-holding ; rdf:predicate agi:basedIn ; rdf:object e:ruritania" in said
    assert 'skos:altLabel "Alphawerk"@en ; skos:altLabel "AWK"@en' in said
    assert made.observations == {"https://example.org/seen"}


@pytest.mark.parametrize(
    ("found", "gold", "expected"), [({"a", "b"}, {"a"}, 2 / 3), (set(), {"a"}, 0), ({"b"}, {"a"}, 0), (set(), set(), 1), ({"a"}, set(), 0)]
)
def test_f1_of_sets(found: set[str | float], gold: set[str | float], expected: float) -> None:
    assert supplybench.f1(found, frozenset(gold)) == pytest.approx(expected)


def test_the_report_has_totals_and_no_question(rows: list[supplybench.Scored]) -> None:
    page = supplybench.report(rows)
    assert "| all | 3 | 0.667 | 67% | 33% |" in page and "0.444" in page
    assert not any(row.gold.question in page for row in rows)
