"""Outside queries: what the guard refuses, what the worker survives."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from agikg.errors import BadQuery, ForbiddenQuery, LimitHit
from agikg.kg import KnowledgeGraph
from agikg.store.guard import check
from agikg.store.port import Solutions, Truth

UPDATES = [
    "INSERT DATA { e:x a agi:Chip }", "DELETE WHERE { ?s ?p ?o }", "drop all", "CLEAR ALL", "LOAD <http://a.org/x>",
    "PREFIX x: <http://a.org/> INSERT DATA { x:a x:b x:c }", "BASE <http://a.org/> WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# a comment\nCREATE GRAPH <http://a.org/g>", "MOVE DEFAULT TO <http://a.org/g>", "COPY <a> TO <b>", "ADD <a> TO <b>",
]  # fmt: skip
REACHING_OUT = [
    "SELECT * { SERVICE <http://a.org/sparql> { ?s ?p ?o } }", "SELECT * { SERVICE SILENT <http://a.org/> { ?s ?p ?o } }",
    "select * { service ?x { ?s ?p ?o } }", "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://a.org/> { ?s ?p ?o } } }",
    "SELECT * { { SELECT ?s { SERVICE <http://u:p@a.org/> { ?s ?p ?o } } } }", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM <http://a.org/x.ttl> { ?s ?p ?o }", "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }", "SELECT * FROM <relative> { ?s ?p ?o }",
    "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }", "BASE <http://a.org/> PREFIX f: <x> SELECT * FROM f:y { ?s ?p ?o }",
    "BASE <https://w3id.org/agikg/id/graph/> SELECT * FROM <../entities> { ?s ?p ?o }",
]  # fmt: skip
INNOCENT = [
    'SELECT * { ?s ?p "SERVICE <http://a.org>" } LIMIT 1', "SELECT * { ?service ?from ?load } LIMIT 1", "# SERVICE\nASK { ?s ?p ?o }",
    "PREFIX service: <http://a.org/> ASK { ?s service:from service:insert }", "SELECT ('''FROM <file:///x> ' SERVICE''' AS ?x) {}",
    "ASK { ?s <http://a.org/SERVICE#FROM> ?o }", "SELECT * FROM <https://w3id.org/agikg/id/graph/entities> { ?s ?p ?o } LIMIT 1",
    "SELECT * FROM g:entities FROM NAMED g:derived { ?s ?p ?o } LIMIT 1", "ASK { ?s ?p 'x'@service }",
    "BASE <https://w3id.org/agikg/id/graph/x> SELECT * FROM <entities> { ?s ?p ?o } LIMIT 1",
]  # fmt: skip


@pytest.mark.parametrize("query", [*UPDATES, *REACHING_OUT])
def test_refused(query: str) -> None:
    with pytest.raises(ForbiddenQuery):
        check(query)


@pytest.mark.parametrize("query", INNOCENT)
def test_passed(query: str, kg: KnowledgeGraph) -> None:
    check(query)
    kg.store.query(query)


@pytest.mark.parametrize("query", ["", "   ", "# only a comment", "PREFIX x: <http://a.org/>", "ASK { ?s ?p '\ud800' }", "ASK\x00{}"])
def test_nothing_to_run(query: str) -> None:
    with pytest.raises(BadQuery):
        check(query)


def test_answers_pass_through_unchanged(kg: KnowledgeGraph) -> None:
    text = 'SELECT ?c ?s ?v { ?c agi:statement ?s OPTIONAL { ?c agi:value ?v } FILTER (lang(?s) = "en") } ORDER BY ?c LIMIT 50'
    assert kg.sparql(text) == kg.store.query(text)
    assert kg.sparql("ASK { e:huawei a agi:Company }") == Truth(True)
    described = "CONSTRUCT { ?s ?p ?o } WHERE { BIND (e:huawei AS ?s) ?s ?p ?o }"
    assert set(kg.sparql(described).triples) == set(kg.store.query(described).triples)  # type: ignore[union-attr]


def test_syntax_errors_name_their_place(kg: KnowledgeGraph) -> None:
    with pytest.raises(BadQuery, match=r"line 1, column \d+"):
        kg.sparql("SELECT * { ?s ?p")


BOMBS = {
    "cartesian": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "calls": f"SELECT * {{ BIND ({'STR(' * 150}1{')' * 150} AS ?x) }}",
    "sums": f"SELECT ({'1+' * 12800}1 AS ?x) {{}}",
    "negations": f"SELECT ({'!' * 12800}1 AS ?x) {{}}",
    "alternatives": f"SELECT * {{ ?s {'|'.join(['agi:layer'] * 12800)} ?o }}",
    "doubling": "SELECT * { " + "BIND ('0123456789' AS ?x0) " + " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)) + " }",
}  # fmt: skip


@pytest.mark.parametrize("bomb", list(BOMBS.values()), ids=list(BOMBS))
def test_bombs_end_in_a_clear_error_or_a_result(kg: KnowledgeGraph, bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_QUERY_SECONDS", "3")
    monkeypatch.setenv("AGIKG_WORKER_MEMORY", "1000000000")
    try:
        assert isinstance(kg.sparql(bomb), Solutions)
    except (LimitHit, BadQuery) as error:
        assert error.message
    assert kg.sparql("ASK {}") == Truth(True)


@pytest.mark.parametrize("text", ["(" * 6400, "SELECT * " + "{" * 3200, "SELECT * { ?s ?p " + "[ ?p " * 1000, "STR(" * 1600])
def test_absurd_nesting_never_reaches_the_engine(text: str) -> None:
    with pytest.raises(LimitHit, match="nests"):
        check(text)


def test_rows_and_length_are_limited(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_QUERY_ROWS", "10")
    with pytest.raises(LimitHit, match="10 rows"):
        kg.sparql("SELECT * { ?s ?p ?o }")
    monkeypatch.setenv("AGIKG_QUERY_BYTES", "100")
    with pytest.raises(LimitHit, match="100 are allowed"):
        check("SELECT * { ?s ?p ?o } #" + "x" * 100)


def test_a_query_ends_by_itself_when_nobody_is_left_to_stop_it(kg: KnowledgeGraph) -> None:
    """A parent that was killed cannot kill the worker, which limits its own processor time."""
    pytest.importorskip("resource", reason="this platform has no limits of processes")
    bomb = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    order = {"place": str(kg.folder / "graph.nq"), "content": kg.snapshot, "quads": kg.quads, "query": bomb}
    order |= {"rows": 10, "memory": 2_147_483_648, "seconds": 1}
    command = [sys.executable, "-m", "agikg.store.worker"]
    done = subprocess.run(command, input=json.dumps(order).encode(), stdout=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode != 0
    assert done.stdout == b""
