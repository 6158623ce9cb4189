"""What people try against a public endpoint, against a server process of its own: it must answer, refuse, and go on serving others."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.server.conftest import Outside, workers

WRITES = [
    "INSERT DATA { e:x a agi:Chip }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL", "CLEAR ALL", "CREATE GRAPH <http://a.org/g>", "LOAD <http://a.org/x>",
    "COPY DEFAULT TO <http://a.org/g>", "MOVE DEFAULT TO <http://a.org/g>", "ADD DEFAULT TO <http://a.org/g>",
]  # fmt: skip
STRINGS = [
    "'", '"', "'''", '"""', "\\", "\\'", "}", "{", "} UNION { ?s ?p ?o", "\n", "\r\n", "\t", "#", ";", "; DROP ALL", "\\u0022", "\\u007D", "%00", "\x00", "\x1f",
    "%0d%0aX-Evil: 1", "{{7*7}}", "${7*7}", "<%= 7 %>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "../../etc/passwd", "‮", "﻿", "�",
    "\ud7ff", "𝕏", "' || '1", "?x", "$x", "<http://a.org/>", "x" * 5000,
]  # fmt: skip


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, list[str]]]:
    """A server that nobody should ever ask, and what it was asked."""
    hits: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hits.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/turtle")
            self.end_headers()
            self.wfile.write(b"<http://a.org/canary> <http://a.org/canary> 'canary' .")

        do_POST = do_GET  # noqa: N815 (the standard library's name)

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", hits
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("update", WRITES)
def test_nothing_writes(outside: Outside, update: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    before = outside.sparql(count).text
    for body in ({"update": update}, {"query": update}, {"query": f"ASK {{}} ; {update}"}, {"query": "ASK {}", "update": update}):
        assert 400 <= outside.client.post("/sparql", data=body).status_code < 500
    direct = outside.client.post("/sparql", content=update, headers={"Content-Type": "application/sparql-update"})
    assert 400 <= direct.status_code < 500
    assert 400 <= outside.client.get("/sparql", params={"update": update}).status_code < 500
    assert outside.sparql(count).text == before


def test_nothing_reaches_out(outside: Outside, canary: tuple[str, list[str]], tmp_path: Path) -> None:
    url, hits = canary
    secret = tmp_path / "secret.ttl"
    secret.write_text("<http://a.org/secret> <http://a.org/secret> 'secret' .")
    queries = [
        f"SELECT * {{ SERVICE <{url}/1> {{ ?s ?p ?o }} }}", f"SELECT * {{ SERVICE SILENT <{url}/2> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ BIND (<{url}/3> AS ?g) SERVICE ?g {{ ?s ?p ?o }} }}", f"ASK {{ FILTER EXISTS {{ SERVICE <{url}/4> {{ ?s ?p ?o }} }} }}",
        f"SELECT * {{ {{ SELECT * {{ service <{url}/5> {{ ?s ?p ?o }} }} }} }}", f"SELECT * FROM <{url}/6> {{ ?s ?p ?o }}",
        f"SELECT * FROM NAMED <{url}/7> {{ GRAPH ?g {{ ?s ?p ?o }} }}", f"LOAD <{url}/8>", f"SELECT * FROM <file://{secret}> {{ ?s ?p ?o }}",
        f"SELECT * FROM <{secret}> {{ ?s ?p ?o }}", "SELECT * FROM <http://169.254.169.254/latest/meta-data/> { ?s ?p ?o }",
        f"PREFIX x: <{url}/9> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}", f"SELECT * {{ SERVICE <http://user:word@{url[7:]}/10> {{ ?s ?p ?o }} }}",
        f"CONSTRUCT {{ ?s ?p ?o }} FROM <{url}/11> WHERE {{ ?s ?p ?o }}", f"DESCRIBE <{url}/12>", f"SELECT * {{ ?s ?p ?o GRAPH <{url}/13> {{ ?s ?p ?o }} }}",
    ]  # fmt: skip
    for query in queries:
        started = time.monotonic()
        reply = outside.sparql(query)
        assert reply.status_code < 500, query
        assert time.monotonic() - started < 2, query
        assert "canary" not in reply.text
        assert "http://a.org/secret" not in reply.text
    for parameter in ("default-graph-uri", "named-graph-uri"):
        for graph in (f"{url}/graph", f"file://{secret}"):
            asked = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", parameter: graph}
            assert outside.client.get("/sparql", params=asked).json()["results"]["bindings"] == []
    for graph in (f"{url}/store", f"file://{secret}", str(secret)):
        assert outside.client.get("/rdf-graph-store", params={"graph": graph}).status_code == 404
    assert hits == []


@pytest.mark.parametrize("text", STRINGS, ids=lambda text: repr(text)[:24])
def test_strings_break_nothing(outside: Outside, text: str) -> None:
    raw = quote(text, safe="")
    for target in (
        f"/sparql?query={raw}",
        f"/sparql?query=ASK%7B%7D&default-graph-uri={raw}",
        f"/rdf-graph-store?graph={raw}",
        f"/{raw}",
        f"/void/{raw}",
    ):
        reply = outside.client.get(target, headers={"Accept": "text/html"})
        assert 400 <= reply.status_code < 500, target
        assert "Traceback" not in reply.text
        assert "<script" not in reply.text
        assert "<img" not in reply.text
        assert "x-evil" not in reply.headers


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    return f"{opening * times}{inner}{closing * times}"


BOMBS = {
    "cartesian count": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian rows": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian that finds nothing": "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a = 'never') }",
    "order by": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 1",
    "distinct": "SELECT DISTINCT ?a ?d ?c { ?a ?b ?c . ?d ?e ?f }",
    "group by": "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<http://a.org/x>)* ?b . ?b (!<http://a.org/y>)* ?c }",
    "inverse paths": "SELECT * { ?a (<http://a.org/x>|!<http://a.org/x>|^!<http://a.org/z>)+ ?b }",
    "regex": "SELECT * { ?s ?p ?o FILTER regex(str(?o), '(a+)+(b+)+(c+)+$') }",
    "a large regex": "ASK { FILTER regex('aaaaaaaaaaaaaaaaaaaaaaaaaa', '(a{1,200}){1,200}b') }",
    "doubling": "SELECT ?x40 { BIND ('0123456789' AS ?x0) " + " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40)) + " }",
    "replace": "SELECT (STRLEN(REPLACE(REPLACE(?x, '.', '$0$0$0$0$0$0$0$0$0$0'), '.', '$0$0$0$0$0$0$0$0')) AS ?n) { ?a ?b ?x . ?c ?d ?e }",
    "group concat": "SELECT (GROUP_CONCAT(?o; separator='0123456789') AS ?x) { ?s ?p ?o . ?a ?b ?c }",
    "all of it": "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o . ?a ?b ?c }",
    "describe": "DESCRIBE * { ?s ?p ?o . ?a ?b ?c }",
    "values": "SELECT * { VALUES ?x { " + "1 " * 200_000 + "} VALUES ?y { " + "2 " * 100_000 + "} }",
    "calls": f"SELECT ({nested('STR(', '1', ')', 1600)} AS ?x) {{}}",
    "braces": f"SELECT * {nested('{', '', '}', 3200)}",
    "brackets": f"SELECT ({nested('(', '1', ')', 6400)} AS ?x) {{}}",
    "lists": f"SELECT * {{ ?s ?p {nested('(', '1', ')', 400)} }}",
    "blank nodes": f"SELECT * {{ ?s ?p {nested('[ ?p ', '1', ']', 1600)} }}",
    "just not too deep": f"SELECT * {{ ?s ?p {nested('(', '1', ')', 190)} }}",
    "negations": f"SELECT ({'!' * 12800}1 AS ?x) {{}}",
    "minus signs": f"SELECT ({'- ' * 12800}1 AS ?x) {{}}",
    "sums": f"SELECT ({'1+' * 12800}1 AS ?x) {{}}",
    "or": f"SELECT ({'true||' * 12800}false AS ?x) {{}}",
    "alternatives": f"SELECT * {{ ?s {'|'.join(['agi:layer'] * 12800)} ?o }}",
    "sequences": f"SELECT * {{ ?s {'/'.join(['agi:layer'] * 6400)} ?o }}",
    "stars": "SELECT * { ?s agi:layer" + "*" * 12800 + " ?o }",
    "unions": "SELECT * { " + " UNION ".join(["{ ?s ?p ?o }"] * 3000) + " }",
    "optionals": "SELECT * { " + "OPTIONAL { ?s ?p ?o } " * 2000 + " }",
    "sub-selects": f"SELECT * {nested('{ SELECT * ', '{}', '}', 1600)}",
    "not exists": f"SELECT * {{ {nested('FILTER NOT EXISTS { ', '', '}', 1600)} }}",
    "many prefixes": "".join(f"PREFIX p{n}: <http://a.org/{n}/> " for n in range(20_000)) + "ASK {}",
    "a long comment": f"# {'x' * 900_000}\nASK {{}}",
    "too long": f"ASK {{}} # {'x' * 2_000_000}",
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_end_in_time_with_a_complete_answer_while_others_are_served(outside: Outside, bomb: str) -> None:
    replies: list[httpx.Response] = []
    started = time.monotonic()
    asking = threading.Thread(target=lambda: replies.append(outside.sparql(BOMBS[bomb])))
    asking.start()
    assert outside.alive()
    asking.join(20)
    assert time.monotonic() - started < 1 + 5
    (reply,) = replies
    assert reply.status_code in (200, 400, 413, 503, 504), reply.text[:300]
    assert reply.json()["error"]["message"] if reply.status_code != 200 else reply.content
    if reply.status_code == 200 and "json" in reply.headers["content-type"]:
        assert "head" in reply.json()


def test_after_all_bombs_nothing_is_left_over(outside: Outside) -> None:
    for bomb in ("sums", "cartesian count"):
        outside.sparql(BOMBS[bomb])
    deadline = time.monotonic() + 10
    while len(workers(outside.process.pid)) != 3 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(workers(outside.process.pid)) == 3
    assert outside.alive()


def test_rows_are_never_cut_silently(outside: Outside) -> None:
    query = "SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {}"
    for accept in ("application/json", "text/csv", "text/tab-separated-values", "application/xml"):
        assert outside.sparql(query.format(20_000), Accept=accept).status_code == 200
        refused = outside.sparql(query.format(20_001), Accept=accept)
        assert refused.status_code == 413
        assert "20000 rows" in refused.json()["error"]["message"]
    assert outside.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }").status_code == 413
    # Literals that look like the ends of rows do not count.
    tricky = "SELECT ?s ('},{}},{\\n' AS ?x) { ?s ?p ?o } LIMIT 15000"
    for accept in ("application/json", "text/csv"):
        assert outside.sparql(tricky, Accept=accept).status_code == 200
