"""Named queries: each parses, says what it needs, and finds rows; values enter as terms only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.errors import AgikgError, BadInput, BadQuery
from agikg.kg import KnowledgeGraph
from agikg.queries import load, load_all, term
from agikg.store.port import Solutions
from agikg.store.terms import IRI, Literal
from tests.conftest import ROOT

QUERIES = load_all(ROOT / "queries")
HOSTILE = [
    '"', "'", "\\", '" } UNION { ?s ?p ?o } #', "\n", "\r\n", "\t", "}", "{", "?x", "$x", "<", ">", "<x>", "%00", "\x00", "\\u0022", "' OR 1=1",
    "e:huawei } { ?s ?p ?o", "UNDEF", "\u202e", "\ufeff", "x" * 5000, "{{7*7}}", "${x}", "'''", '"""', "#", ";", ".", "VALUES ?x { 1 }", "\\", "\\n",
    "SERVICE <http://a.org>", "INSERT DATA {}", "\u2028",
]  # fmt: skip


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_runs_on_its_example_and_finds_rows(kg: KnowledgeGraph, name: str) -> None:
    query = QUERIES[name]
    result = kg.store.query(query.text)
    assert isinstance(result, Solutions)
    assert result.columns == query.columns
    assert result.rows, "the example of a named query has to find something"


@pytest.mark.parametrize("name", QUERIES)
def test_optional_parameters_may_be_left_out(kg: KnowledgeGraph, name: str) -> None:
    query = QUERIES[name]
    given_ = {p.name: p.example.strip('"').partition('"')[0] for p in query.parameters if not p.optional}
    given_ = {key: value.replace("agi:", "") if "agi:" in value else value for key, value in given_.items()}
    assert kg.query(name, given_).rows


def test_there_are_the_queries_that_analysts_want() -> None:
    wanted = {
        "dependents", "dependencies", "evidence", "timeline", "controls", "funding", "alternatives", "contested", "modality",
        "market-shares", "users", "coverage",
    }  # fmt: skip
    assert wanted <= set(QUERIES)


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_stay_values(kg: KnowledgeGraph, value: str) -> None:
    every = kg.query("modality", {"modality": "reported"}).rows
    try:
        rows = kg.query("modality", {"modality": "reported", "section": value}).rows
    except AgikgError:
        return
    assert len(rows) <= len(every)
    assert rows == ()


@given(st.text())
def test_literals_survive_binding(text: str) -> None:
    query = QUERIES["sections"]
    bound = query.bind({"source": Literal(text)})
    assert bound.count("{") - query.text.count("{") == text.count("{")
    assert Literal(text).n3() in bound


@pytest.mark.parametrize("iri", ["http://a.org/ x", "http://a.org/>", "no-scheme", "http://a.org/{", 'http://a.org/"', ""])
def test_iris_that_could_break_out_are_refused(iri: str) -> None:
    with pytest.raises(BadInput):
        QUERIES["dependents"].bind({"entity": IRI(iri)})


def test_parameters_are_checked(kg: KnowledgeGraph) -> None:
    for name, values, message in (
        ("none", {}, "no query"),
        ("dependents", {}, "needs entity"),
        ("dependents", {"entity": "SMIC DUV", "depth": "2"}, "no parameter"),
        ("open-links", {"date": "soon"}, "not a date"),
    ):
        with pytest.raises(BadInput, match=message):
            kg.query(name, values)
    with pytest.raises(BadInput, match="not a number"):
        term("number", "many")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("SELECT * {}", "lacks summary"),
        ("#+ summary: x\nSELECT * {}", "lacks columns"),
        ("#+ summary: x\n#+ columns: a\n#+ param b text: c\nSELECT ?a {}", "no VALUES"),
        ("#+ summary: x\n#+ columns: a\n#+ param a kind: c\nSELECT ?a { VALUES ?a { 1 } }", "type kind"),
        ("#+ summary: x\n#+ colums: a\nSELECT ?a {}", "header line"),
        ("#+ summary: x\n#+ columns: a\n#+ param a text: c\nSELECT ?a { VALUES ?a { 1 } VALUES ?a { 2 } }", "two VALUES"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "q.rq"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadQuery, match=message):
        load(file)


def test_no_query_is_made_by_formatting_strings() -> None:
    """SPARQL comes from files or from constants; values enter through ``bind``, or as terms in ask/sparql.py."""
    made = re.compile(r'f"""?[^"]*\b(SELECT|CONSTRUCT|ASK|WHERE)\b|\.format\(.*WHERE|%\s*\(.*WHERE')
    for file in (ROOT / "src" / "agikg").rglob("*.py"):
        assert not made.search(file.read_text(encoding="utf-8")), file


def test_the_three_doors_agree(kg: KnowledgeGraph) -> None:
    """Library, named query and the SPARQL an answer gives: the same entities on the same snapshot."""
    library = kg.dependents("SMIC DUV")
    answer = kg.ask("what depends on SMIC DUV")
    table = kg.query("dependents", {"entity": "SMIC DUV"})
    ids = {item.id for item in library.items if item.role in ("direct", "transitive")}
    assert ids == {row[0] for row in table.rows}
    assert ids == {entity.id for entity in answer.entities if entity.role in ("direct", "transitive")}
    printed = kg.sparql(answer.sparql[0])
    assert isinstance(printed, Solutions)
    assert len(printed.rows) == len(ids)
    assert {item.id for item in library.items if item.role == "direct"} == {row[0] for row in table.rows if row[3]}
    assert library.snapshot == answer.snapshot == table.snapshot == kg.snapshot
