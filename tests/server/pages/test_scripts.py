"""The workbench's own modules, each by itself in a browser: tokens, prefixes, columns of a graph, names of identifiers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from agikg.kg import KnowledgeGraph
from agikg.store.guard import tokens
from agikg.vocab import PREFIXES, curie, expand

Visit = Callable[..., Any]
TRICKY = [
    'SELECT ?a { ?a agi:x "a # no comment { <x>" } # agi:y',
    "SELECT * { ?s <http://a.org/#x> ?o . FILTER(?o < 3 && ?s != e:a) }",
    "ASK { ?s ?p '''it's\n\"quoted\" SELECT''' ; e:a-b.c \"x\"@zh-Hans , 1.5e3 , \"y\"^^xsd:date }",
    "SELECT ?中 { ?中 agi:名 昇腾 . _:b a agi:Chip }",
    "PREFIX a: <x> SELECT ?where { ?where a:select ?from } VALUES ?x { UNDEF }",
    'SELECT * { ?s ?p "unclosed }',
    "",
]


def run(tab: Any, module: str, body: str, *given: Any) -> Any:
    return tab.evaluate(f"async given => {{ const m = await import('/static/{module}.js'); {body} }}", list(given))


@pytest.fixture
def tab(visit: Visit) -> Any:
    return visit("/sources")


def test_tokens_lose_nothing_and_tell_what_is_what(tab: Any, kg: KnowledgeGraph) -> None:
    texts = [*TRICKY, *(query.text for query in kg.queries.values())]
    read = run(tab, "sparql", "return given.map(text => m.tokens(text).map(t => [t.kind, t.text]));", *texts)
    for text, found in zip(texts, read, strict=True):
        assert "".join(part for _, part in found) == text
        # The server's own reader agrees on strings, IRIs and variables; \u0022 and the like are left to it.
        for kind in ("string", "iri", "variable"):
            assert [part for name, part in found if name == kind] == [token.text for token in tokens(text) if token.kind == kind], (
                kind,
                text,
            )


def test_missing_prefixes_are_found_and_added_once(tab: Any, kg: KnowledgeGraph) -> None:
    for query in kg.queries.values():
        assert run(tab, "sparql", "return m.undeclared(given[0]);", query.text) == []
    bare = 'SELECT * { ?s agi:dependsOn e:huawei ; xyz:a "skos:b" } # rdfs:c'
    assert run(tab, "sparql", "return m.undeclared(given[0]);", bare) == ["agi", "e", "xyz"]
    made = run(tab, "sparql", "return m.withPrefixes(given[0], given[1]);", bare, PREFIXES)
    assert made["text"] == f"PREFIX agi: <{PREFIXES['agi']}>\nPREFIX e: <{PREFIXES['e']}>\n{bare}"
    assert run(tab, "sparql", "return m.withPrefixes(given[0], given[1]).added;", made["text"], PREFIXES) == 0


def test_identifiers_are_named_and_linked_as_the_server_does(tab: Any, kg: KnowledgeGraph) -> None:
    from agikg.server.links import local

    for short in ("e:huawei", "c:sinolytics-2025.chips-4-2a", "sec:sinolytics-2025.models", "agi:dependsOn", "g:derived"):
        iri = expand(short)
        assert run(tab, "dom", "return [m.shortName(given[0]), m.localAddress(given[0])];", iri) == [curie(iri), local(iri)]
    for other in ("javascript:alert(1)", "urn:x:y", "data:text/html,x", "//a.org"):
        assert run(tab, "dom", "return m.localAddress(given[0]);", other) is None and local(other) is None


def test_columns_of_a_graph_follow_its_links_and_end_in_circles(tab: Any) -> None:
    columns = "return [...m.columns(given[0], given[1].map(([from, to]) => ({ from, to }))).entries()];"
    chain = dict(run(tab, "graph", columns, ["a", "b", "c", "d"], [["a", "b"], ["b", "c"], ["d", "c"], ["a", "c"]]))
    assert chain == {"c": 0, "b": 1, "d": 1, "a": 2}
    circle = dict(run(tab, "graph", columns, ["a", "b", "c"], [["a", "b"], ["b", "c"], ["c", "a"]]))
    assert sorted(circle.values()) == [0, 1, 2]
    long = [str(number) for number in range(40)]
    wide = dict(run(tab, "graph", columns, [*long, "x"], [[a, b] for a, b in itertools.pairwise(long)] + [[one, "x"] for one in long]))
    assert max(wide.values()) == 1, "too many columns to read: then the nearest counts"


def test_triples_are_read_back_from_the_server(tab: Any) -> None:
    line = r'<https://a.org/x> <https://a.org/p> "a \\"b\\" \\u6607\\n\\\\n"@zh-Hans .' + "\n"
    typed = '_:b1 <https://a.org/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
    found = run(tab, "results", "return m.fromTriples(given[0]).rows;", line.replace("\\\\", "\\") + typed)
    assert found[0][2] == {"type": "literal", "value": 'a "b" 昇\n\\n', "xml:lang": "zh-Hans"}
    assert found[1][0] == {"type": "bnode", "value": "b1"} and found[1][2]["value"] == "1"
