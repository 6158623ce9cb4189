"""Queries as they are sent: prefixes added, forms told, solutions of CONSTRUCT counted."""

from __future__ import annotations

import pytest

from agikg.errors import BadQuery
from agikg.kg import KnowledgeGraph
from agikg.store.port import Solutions
from agikg.store.spelling import spelling
from agikg.vocab import GRAPH

CONSTRUCTS = [
    "CONSTRUCT { ?s a ?k } WHERE { ?s a ?k }",
    "CONSTRUCT { <http://a.org/x> <http://a.org/y> 1 } { ?s a ?k . # a } comment\n }",
    "CONSTRUCT WHERE { ?s agi:layer ?l }",
    "PREFIX x: <https://w3id.org/agikg/ontology#> construct { ?s x:layer '}' } where { ?s x:layer ?l } ORDER BY ?s LIMIT 7 OFFSET 2",
    "CONSTRUCT { ?s ?p ?o } FROM g:entities FROM <https://w3id.org/agikg/id/graph/derived> WHERE { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?g } FROM NAMED g:entities WHERE { GRAPH ?g { ?s ?p ?o FILTER (?o != 1.50) } } LIMIT 11",
    "CONSTRUCT {} WHERE { ?s a agi:Chip } VALUES ?s { e:ascend-910c }",
]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "select"), ("# x\nPREFIX a: <http://a.org/> ask {}", "ask"), ("DESCRIBE e:huawei", "describe"), ("CONSTRUCT {} {}", "construct"),
        ("BASE <http://a.org/> SELECT ?select { ?select ?p <construct> }", "select"),
    ],
)  # fmt: skip
def test_forms(text: str, form: str) -> None:
    assert spelling(text, GRAPH).form == form


@pytest.mark.parametrize(
    "text", ["", "DEFINE get:soft 'soft' SELECT * {}", "INSERT DATA {}", "PREFIX x: <http://a.org/>", "explain SELECT * {}"]
)
def test_nothing_but_the_four_forms(text: str) -> None:
    with pytest.raises(BadQuery):
        spelling(text, GRAPH)


def test_prefixes_that_are_used_and_not_declared_are_declared_in_one_line() -> None:
    found = spelling("PREFIX e: <http://a.org/>\nSELECT * { e:x agi:layer ?l . ?l x:y 'skos:z', <rdf:w> # owl:v\n}", GRAPH)
    assert found.whole.startswith("PREFIX agi: <https://w3id.org/agikg/ontology#> PREFIX e: <http://a.org/>\nSELECT")


def test_names_of_graphs_follow_the_endpoint() -> None:
    assert "PREFIX g: <http://a.org/g/>" in spelling("SELECT * FROM g:derived { ?s ?p ?o }", "http://a.org/g/").whole


@pytest.mark.parametrize("text", CONSTRUCTS)
def test_the_number_of_solutions_of_a_construct_query(kg: KnowledgeGraph, text: str) -> None:
    """Oracle: the same pattern as a SELECT written by hand."""
    by_hand = {
        0: "SELECT * { ?s a ?k }", 1: "SELECT * { ?s a ?k }", 2: "SELECT * { ?s agi:layer ?l }", 3: "SELECT * { ?s agi:layer ?l } LIMIT 7",
        4: "SELECT * FROM g:entities FROM g:derived { ?s ?p ?o }", 5: "SELECT * { ?s ?p ?o } LIMIT 11", 6: "SELECT * { e:ascend-910c a agi:Chip }",
    }  # fmt: skip
    counted = kg.store.query(spelling(text, GRAPH).counted)
    expected = kg.store.query(by_hand[CONSTRUCTS.index(text)])
    assert isinstance(counted, Solutions)
    assert isinstance(expected, Solutions)
    assert str(counted.rows[0][0]) == str(len(expected.rows)) != "0"
