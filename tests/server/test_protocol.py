"""The SPARQL 1.1 Protocol, case by case as the W3C names them, and what goes beyond."""

from __future__ import annotations

import io
from urllib.parse import quote, urlencode

import httpx
import pytest
import rdflib

from agikg.server.protocol import RDF, RESULTS
from tests.server.conftest import DOCUMENT, KASEI, Inside

# rdflib's own parsers still use the old name.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
D0, D1, D2, D3 = (f"{KASEI}data{n}.rdf" for n in range(4))
BOTH = f"ASK {{ <{D1}> a ?type . <{D2}> a ?type . }}"
NAMED = f"ASK {{ GRAPH ?g1 {{ <{D1}> a ?type }} GRAPH ?g2 {{ <{D2}> a ?type }} }}"
SD = "http://www.w3.org/ns/sparql-service-description#"


def graphs(default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> str:
    return urlencode([*(("default-graph-uri", graph) for graph in default), *(("named-graph-uri", graph) for graph in named)])


def post(server: Inside, body: str | bytes, content_type: str | None, parameters: str = "", accept: str = "*/*") -> httpx.Response:
    headers = {"Accept": accept} | ({"Content-Type": content_type} if content_type is not None else {})
    return server("POST", f"/sparql?{parameters}", content=body, headers=headers)


ASKS = {
    "query_post_form": ("POST", FORM, "query=ASK%20%7B%7D", graphs((D0,))),
    "query_dataset_default_graphs_get": ("GET", "", "", graphs((D1, D2)) + "&query=" + quote(BOTH)),
    "query_dataset_default_graphs_post": ("POST", QUERY, BOTH, graphs((D1, D2))),
    "query_dataset_named_graphs_post": ("POST", QUERY, NAMED, graphs((), (D1, D2))),
    "query_dataset_named_graphs_get": ("GET", "", "", graphs((), (D1, D2)) + "&query=" + quote(NAMED)),
    "query_dataset_full": ("POST", QUERY, f"ASK {{ <{D3}> a ?type {NAMED[5:-1]} }}", graphs((D3,), (D1, D2))),
    "query_multiple_dataset": ("POST", QUERY, NAMED.replace("ASK", f"ASK FROM <{D3}>"), graphs((), (D1, D2))),
    "query_get": ("GET", "", "", "query=ASK%20%7B%7D&" + graphs((D0,))),
    "query_post_direct": ("POST", QUERY, "ASK {}", graphs((D0,))),
    "graphs in the form": ("POST", FORM, f"query={quote(BOTH)}&{graphs((D1, D2))}", ""),
    "charset": ("POST", f"{QUERY}; charset=UTF-8", "ASK {}", ""),
    "a byte order mark": ("POST", QUERY, "\ufeffASK {}", ""),
    "FROM": ("POST", QUERY, f"ASK FROM <{D1}> FROM <{D2}> {{ <{D1}> a ?type . <{D2}> a ?type . }}", ""),
    "FROM, relative to BASE": ("POST", QUERY, f"BASE <{KASEI}x> ASK FROM <data1.rdf> {{ <{D1}> a ?type }}", ""),
    "FROM, by a prefix relative to BASE": ("POST", QUERY, f"BASE <{KASEI}> PREFIX d: <data> ASK FROM d:1.rdf {{ <{D1}> a ?type }}", ""),
    "the union of all": ("POST", QUERY, BOTH, ""),
    "plus is a space": ("POST", FORM, "query=ASK+%7B%7D", ""),
    "percent signs are decoded once": ("POST", FORM, "query=" + quote("ASK { FILTER(strlen('%2541') = 5) }"), ""),
}  # fmt: skip
NOT = {
    "only the graphs named": ("POST", QUERY, BOTH, graphs((D1,))),
    "no default graph beside named ones": ("POST", QUERY, f"ASK {{ <{D1}> a ?type }}", graphs((), (D1,))),
    "no named graph beside default ones": ("POST", QUERY, f"ASK {{ GRAPH ?g {{ <{D1}> a ?type }} }}", graphs((D1,))),
    "the protocol goes before FROM": ("POST", QUERY, f"ASK FROM <{D2}> {{ <{D2}> a ?type }}", graphs((D1,))),
    "an unknown graph is empty": ("POST", QUERY, "ASK { ?s ?p ?o }", graphs(("http://a.org/none",))),
}  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [(case, True) for case in ASKS] + [(case, False) for case in NOT])
def test_questions_are_answered(kasei: Inside, case: str, expected: bool) -> None:
    method, content_type, body, parameters = {**ASKS, **NOT}[case]
    reply = post(kasei, body, content_type, parameters) if method == "POST" else kasei("GET", f"/sparql?{parameters}")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/sparql-results+json"
    assert reply.json()["boolean"] is expected


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_the_endpoint_has_two_spellings(kasei: Inside, path: str) -> None:
    assert kasei("GET", path, params={"query": "ASK {}"}).json()["boolean"] is True


BAD = {
    "bad_query_method": ("PUT", QUERY, "ASK {}", "", 405),
    "bad_multiple_queries": ("GET", None, "", "query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D", 400),
    "two queries, address and form": ("POST", FORM, "query=ASK%20%7B%7D", "query=ASK%20%7B%7D", 400),
    "bad_query_wrong_media_type": ("POST", "text/plain", "ASK {}", "", 415),
    "bad_query_missing_form_type": ("POST", None, "query=ASK%20%7B%7D", "", 415),
    "bad_query_missing_direct_type": ("POST", None, "ASK {}", "", 415),
    "bad_query_non_utf8": ("POST", f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16"), "", 415),
    "not UTF-8, not said": ("POST", QUERY, b"ASK { ?s ?p '\xff\xfe' }", "", 400),
    "percent not UTF-8": ("GET", None, "", "query=ASK%20%7B%ff%7D", 400),
    "bad_query_syntax": ("GET", None, "", "query=ASK%20%7B", 400),
    "an empty query": ("GET", None, "", "query=", 400),
    "a form without a query": ("POST", FORM, "", "", 400),
    "a dataset without a query": ("GET", None, "", graphs((D1,)), 400),
    "a graph that is no IRI": ("GET", None, "", "query=ASK%7B%7D&default-graph-uri=a%20b", 400),
    "a relative graph": ("GET", None, "", "query=ASK%7B%7D&named-graph-uri=data", 400),
    "FROM a graph that BASE makes another": ("POST", QUERY, f"BASE <http://a.org/> ASK FROM <{D1[-9:]}> {{}}", "", 403),
    "FROM a graph that is not here": ("GET", None, "", "query=" + quote("ASK FROM <http://a.org/x> {}"), 403),
    "too many parameters": ("GET", None, "", "query=ASK%7B%7D" + "&x=1" * 2000, 400),
    "compressed": ("POST", QUERY, b"\x1f\x8b\x08", "", 400),
    "bad_update_get": ("GET", None, "", "update=CLEAR%20ALL", 403),
    "bad_multiple_updates": ("POST", FORM, "update=CLEAR%20ALL&update=CLEAR%20ALL", "", 403),
    "bad_update_wrong_media_type": ("POST", "text/plain", "CLEAR ALL", "", 415),
    "bad_update_missing_form_type": ("POST", None, "update=CLEAR%20ALL", "", 415),
    "bad_update_non_utf8": ("POST", f"{UPDATE}; charset=UTF-16", "CLEAR ALL".encode("utf-16"), "", 415),
    "bad_update_syntax": ("POST", UPDATE, "CLEAR XYZ", "", 403),
    "bad_update_dataset_conflict": ("POST", UPDATE, "CLEAR ALL", "using-graph-uri=http%3A%2F%2Fa.org%2F", 403),
    "update_post_form": ("POST", FORM, "update=CLEAR%20ALL", "", 403),
    "update_post_direct": ("POST", UPDATE, "CLEAR ALL", "", 403),
    "update_dataset_default_graph": ("POST", UPDATE, f"INSERT DATA {{ <{D1}> a <{D1}> }}", "using-graph-uri=" + quote(D1, safe=""), 403),
    "update_dataset_default_graphs": ("POST", UPDATE, "DELETE WHERE { ?s ?p ?o }", graphs((D1, D2)), 403),
    "update_dataset_named_graphs": ("POST", UPDATE, "DROP ALL", graphs((), (D1,)), 403),
    "update_dataset_full": ("POST", UPDATE, "CREATE GRAPH <http://a.org/g>", graphs((D1,), (D2,)), 403),
    "update_base_uri": ("POST", UPDATE, "BASE <http://a.org/> INSERT DATA { <a> <b> <c> }", "", 403),
    "query and update": ("POST", FORM, "query=ASK%20%7B%7D&update=CLEAR%20ALL", "", 400),
    "an update as a query": ("POST", QUERY, "INSERT DATA { <http://a.org/> <http://a.org/> 1 }", "", 403),
    "an update after a query": ("POST", QUERY, "ASK {} ; CLEAR ALL", "", 400),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_a_query_is_refused_and_changes_nothing(kasei: Inside, case: str) -> None:
    method, content_type, body, parameters, status = BAD[case]
    headers = {"Content-Type": content_type} if content_type is not None else {}
    if content_type is None and method == "POST":
        headers["Content-Type"] = ""
    reply = kasei(method, f"/sparql?{parameters}", content=body, headers=headers)
    assert reply.status_code == status, reply.text
    error = reply.json()["error"]
    assert error["status"] == status
    assert error["message"]
    counted = kasei.sparql("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv")
    assert counted.text == "n\r\n3\r\n"


def test_coded_bodies_are_not_unpacked(kasei: Inside) -> None:
    reply = kasei("POST", "/sparql", content=b"\x1f\x8b", headers={"Content-Type": QUERY, "Content-Encoding": "gzip"})
    assert reply.status_code == 415


@pytest.mark.parametrize("accept", RESULTS)
def test_tables_in_every_format(inside: Inside, accept: str) -> None:
    query = "SELECT ?s ?label { ?s skos:prefLabel ?label } ORDER BY ?s ?label LIMIT 20"
    reply = inside.sparql(query, accept)
    assert reply.headers["content-type"].split(";")[0] == accept
    assert reply.headers["x-agikg-snapshot"] == inside.state.graph.snapshot
    form = {"csv": "csv", "values": "tsv", "xml": "xml", "json": "json"}[accept.replace("+", "-").replace("/", "-").rpartition("-")[2]]
    read = rdflib.query.Result.parse(io.BytesIO(reply.content), format=form)
    expected = inside.state.graph.store.query(query)
    assert [[str(term) for term in row] for row in read] == [[str(term) for term in row] for row in expected.rows]  # type: ignore[union-attr]


@pytest.mark.parametrize("accept", RESULTS)
def test_truth_in_every_format(inside: Inside, accept: str) -> None:
    assert "true" in inside.sparql("ASK {}", accept).text


READERS = {
    "text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml", "application/ld+json": "json-ld",
    "application/trig": "trig", "application/n-quads": "nquads", "text/n3": "n3", "application/json": "json-ld", "application/xml": "xml",
}  # fmt: skip


@pytest.mark.parametrize("accept", RDF)
@pytest.mark.parametrize("query", ["DESCRIBE e:huawei", "CONSTRUCT { ?s agi:layer ?o } WHERE { ?s agi:layer ?o }"])
def test_graphs_in_every_format(inside: Inside, accept: str, query: str) -> None:
    reply = inside.sparql(query, accept)
    assert reply.headers["content-type"].split(";")[0] == accept
    read = rdflib.Dataset(default_union=True).parse(data=reply.text, format=READERS[accept])
    expected = set(inside.state.graph.store.query(query).triples)  # type: ignore[union-attr]
    assert len(read) == len(expected) > 5


def test_the_service_describes_itself(inside: Inside) -> None:
    reply = inside("GET", "/sparql")
    found = rdflib.Graph().parse(data=reply.text, format="turtle")
    (service,) = found.subjects(rdflib.RDF.type, rdflib.URIRef(f"{SD}Service"))
    assert found.value(service, rdflib.URIRef(f"{SD}endpoint")) == rdflib.URIRef("http://kg.example/sparql")
    assert (service, rdflib.URIRef(f"{SD}supportedLanguage"), rdflib.URIRef(f"{SD}SPARQL11Query")) in found
    dataset = found.value(service, rdflib.URIRef(f"{SD}defaultDataset"))
    names = {str(found.value(graph, rdflib.URIRef(f"{SD}name"))) for graph in found.objects(dataset, rdflib.URIRef(f"{SD}namedGraph"))}
    assert names == set(inside.state.runner.graphs)
    for accept, form in READERS.items():
        again = inside("GET", "/sparql", headers={"Accept": accept})
        assert len(rdflib.Dataset(default_union=True).parse(data=again.text, format=form)) == len(found)


def test_void_counts_what_is_there(inside: Inside) -> None:
    redirected = inside("GET", "/.well-known/void")
    assert (redirected.status_code, redirected.headers["location"]) == (303, "/void")
    found = rdflib.Graph().parse(data=inside("GET", "/void").text, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    (dataset,) = found.subjects(rdflib.RDF.type, void.Dataset)
    assert found.value(dataset, void.triples) == rdflib.Literal(
        int(inside.sparql("SELECT (COUNT(*) AS ?n) {?s ?p ?o}", "text/csv").text.split()[1])
    )
    assert str(found.value(dataset, void.sparqlEndpoint)) == "http://kg.example/sparql"
    counted = {
        str(found.value(part, void["class"])): int(str(found.value(part, void.entities)))
        for part in found.objects(dataset, void.classPartition)
    }
    assert counted["https://w3id.org/agikg/ontology#Claim"] == inside.state.graph.catalog.claim_count


def test_a_host_that_is_none_is_not_written_down(inside: Inside) -> None:
    reply = inside("GET", "/sparql", headers={"Host": "a.org/><script>"})
    assert reply.status_code == 400
    assert "<script>" not in reply.text


def test_graphs_can_be_read_whole(inside: Inside) -> None:
    whole = inside("GET", "/rdf-graph-store?default", headers={"Accept": "application/n-triples"})
    parts = [
        inside("GET", "/rdf-graph-store", params={"graph": graph}, headers={"Accept": "application/n-triples"})
        for graph in inside.state.runner.graphs
    ]
    assert len(parts) > 2
    assert set(whole.text.splitlines()) == {line for part in parts for line in part.text.splitlines()}
    assert len(whole.text.splitlines()) == int(inside.sparql("SELECT (COUNT(*) AS ?n) {?s ?p ?o}", "text/csv").text.split()[1])


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", "?graph=http://a.org/none", 404), ("GET", "", 400), ("GET", "?default&graph=http://a.org/none", 400), ("GET", "?default=1", 400),
        ("GET", "?graph=http://a.org/1&graph=http://a.org/2", 400), ("PUT", "?default", 405), ("POST", "?default", 405), ("DELETE", "?default", 405),
        ("PATCH", "?default", 405), ("HEAD", "?default", 200),
    ],
)  # fmt: skip
def test_graph_store_requests_that_are_wrong(kasei: Inside, method: str, target: str, status: int) -> None:
    reply = kasei(method, f"/rdf-graph-store{target}")
    assert reply.status_code == status
    if status == 405:
        assert set(reply.headers["allow"].split(", ")) >= {"GET", "HEAD"}


@pytest.mark.parametrize("type_", [DOCUMENT])
def test_results_are_of_the_graph(kasei: Inside, type_: str) -> None:
    rows = kasei.sparql("SELECT ?s ?type { ?s a ?type } ORDER BY ?s").json()["results"]["bindings"]
    assert [(row["s"]["value"], row["type"]["value"]) for row in rows] == [(name, type_) for name in (D1, D2, D3)]
