"""A snapshot in an endpoint that misbehaves: a clear error, never a wrong answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from agikg.errors import AgikgError, BadInput, BadQuery, Damaged, ForbiddenQuery, LimitHit, NotFound, OutOfTime, StoreError
from agikg.exchange.upload import Target
from agikg.kg import KnowledgeGraph
from agikg.store import remote
from agikg.store.port import Solutions, Triples, Truth
from agikg.vocab import GRAPH
from tests.conftest import Ran
from tests.store.endpoint import Endpoint, Reply, query_of, running

ELSEWHERE = "https://example.org/graph/"


@pytest.fixture(scope="module")
def loaded(small_kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    """What an endpoint holds after it was uploaded, and a cache in which it was read already."""
    home = tmp_path_factory.mktemp("warm")
    with running() as found, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AGIKG_HOME", str(home))
        small_kg.upload(target(found))
        opened(found)
        return found.data.dump(format=ox.RdfFormat.N_QUADS) or b"", home


@pytest.fixture
def endpoint(loaded: tuple[bytes, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """An endpoint that holds it, which was read already."""
    monkeypatch.setenv("AGIKG_HOME", str(loaded[1]))
    with running() as found:
        found.data.bulk_load(loaded[0], format=ox.RdfFormat.N_QUADS)
        yield found


@pytest.fixture
def cold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint) -> None:
    """An empty cache."""
    monkeypatch.setenv("AGIKG_HOME", str(tmp_path / "home"))


def target(endpoint: Endpoint, prefix: str = GRAPH) -> Target:
    return Target(f"{endpoint.url}/store", prefix=prefix, query_url=f"{endpoint.url}/sparql")


def opened(endpoint: Endpoint, fragment: str = "") -> KnowledgeGraph:
    return KnowledgeGraph.open(f"{endpoint.url}/sparql{fragment}", progress=lambda _: None)


@pytest.mark.usefixtures("cold")
def test_it_is_the_same_graph(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    found = opened(endpoint)
    assert (found.snapshot, found.quads) == (small_kg.snapshot, small_kg.quads)
    assert found.store.descriptor == f"{endpoint.url}/sparql"
    assert len(found.store) == len(list(found.store.quads())) == small_kg.quads
    assert sorted(quad.n3() for quad in found.store.quads()) == sorted(quad.n3() for quad in small_kg.store.quads())
    assert found.sources() == small_kg.sources()
    assert found.claims() == small_kg.claims()
    assert len(found.graph()) == len(small_kg.graph())
    assert len(found.dataset()) == len(small_kg.dataset())


@pytest.mark.usefixtures("cold")
def test_it_is_read_once(endpoint: Endpoint) -> None:
    opened(endpoint)
    first = len([r for r in endpoint.requests if "CONSTRUCT" in query_of(r)])
    opened(endpoint)
    assert first == len([r for r in endpoint.requests if "CONSTRUCT" in query_of(r)]) > 0


def test_queries_run_there_and_see_the_snapshot_only(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    endpoint.data.update("INSERT DATA { GRAPH <http://a.org/foreign> { <http://a.org/x> a <https://w3id.org/agikg/ontology#Chip> } }")
    found = opened(endpoint)
    endpoint.requests.clear()
    for text in (
        "SELECT ?s { ?s a agi:Chip } ORDER BY ?s",
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
        "ASK { <http://a.org/x> ?p ?o }",
    ):
        assert found.sparql(text) == small_kg.sparql(text)
    assert len(endpoint.requests) == 3
    assert found.sparql("ASK FROM g:entities { ?s ?p ?o }") == Truth(True)
    for text in ("SELECT * FROM <http://a.org/foreign> { ?s ?p ?o }", "SELECT * { SERVICE <http://a.org/> { ?s ?p ?o } }", "DROP ALL"):
        with pytest.raises((ForbiddenQuery, BadQuery)):
            found.sparql(text)
    built = found.sparql("CONSTRUCT { ?s a agi:Chip } WHERE { ?s a agi:Chip }")
    assert isinstance(built, Triples)
    assert built == small_kg.sparql("CONSTRUCT { ?s a agi:Chip } WHERE { ?s a agi:Chip }")


def test_bad_queries_are_the_users(endpoint: Endpoint) -> None:
    found = opened(endpoint)
    with pytest.raises(BadQuery, match="cannot run the query"):
        found.sparql("SELECT * { ?s ?p")
    endpoint.fault = lambda _: Reply(500, b"Virtuoso 37000 Error TR...: transitive start not given")
    with pytest.raises(BadQuery, match="only from an end that is given"):
        found.sparql("SELECT * { ?a agi:requires+ ?b }")


def test_snapshots_side_by_side(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    small_kg.upload(target(endpoint, ELSEWHERE))
    with pytest.raises(BadInput, match="holds 2 snapshots") as error:
        opened(endpoint)
    assert f"URL#{ELSEWHERE}" in error.value.hint
    other = opened(endpoint, f"#{ELSEWHERE}")
    assert other.snapshot == small_kg.snapshot
    assert sorted(quad.n3() for quad in other.store.quads()) == sorted(quad.n3() for quad in small_kg.store.quads())
    named = other.sparql("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    assert isinstance(named, Solutions)
    assert all(str(name).startswith(ELSEWHERE) for (name,) in named.rows)
    assert other.sparql("ASK FROM g:entities { ?s ?p ?o }") == Truth(True)
    with pytest.raises(NotFound):
        opened(endpoint, "#https://example.org/none/")


# --- what is there is not what is stated ----------------------------------------------------------------------------


def drop_one(endpoint: Endpoint) -> None:
    endpoint.data.update(
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { { SELECT * { GRAPH ?g { ?s ?p ?o } FILTER (CONTAINS(STR(?g), 'entities')) } LIMIT 1 } }"
    )


def add_one(endpoint: Endpoint) -> None:
    endpoint.data.update(f"INSERT DATA {{ GRAPH <{GRAPH}entities> {{ <http://a.org/x> <http://a.org/y> 1 }} }}")


def change_one(endpoint: Endpoint) -> None:
    drop_one(endpoint)
    add_one(endpoint)


def lie(endpoint: Endpoint) -> None:
    name, dct = f"<{GRAPH}-snapshot>", "<http://purl.org/dc/terms/identifier>"
    endpoint.data.update(
        f"DELETE {{ GRAPH {name} {{ ?s {dct} ?o }} }} INSERT {{ GRAPH {name} {{ ?s {dct} 'sha256:{'0' * 64}' }} }} WHERE {{ GRAPH {name} {{ ?s {dct} ?o }} }}"
    )


def contradict(endpoint: Endpoint) -> None:
    name = f"<{GRAPH}-snapshot>"
    endpoint.data.update(f"INSERT DATA {{ GRAPH {name} {{ {name} <http://purl.org/dc/terms/identifier> 'sha256:{'0' * 64}' }} }}")


def mumble(endpoint: Endpoint) -> None:
    name = f"<{GRAPH}-snapshot>"
    endpoint.data.update(
        f"DROP GRAPH {name} ; INSERT DATA {{ GRAPH {name} {{ {name} <http://purl.org/dc/terms/identifier> 'x' ; <http://rdfs.org/ns/void#triples> 'y' ; <http://rdfs.org/ns/void#subset> <http://a.org/> . <http://a.org/> <http://rdfs.org/ns/void#triples> 'z' }} }}"
    )


def unfinished(endpoint: Endpoint) -> None:
    endpoint.data.update(f"DROP GRAPH <{GRAPH}-snapshot>")


def empty(endpoint: Endpoint) -> None:
    endpoint.data.clear()


def deaf(endpoint: Endpoint) -> None:
    endpoint.ignores_dataset = True


@pytest.mark.usefixtures("cold")
@pytest.mark.parametrize(
    ("harm", "kind", "message"),
    [
        (drop_one, Damaged, "triples in"), (add_one, Damaged, "triples in"), (change_one, Damaged, "is not the snapshot it states"),
        (lie, Damaged, "is not the snapshot it states"), (contradict, Damaged, "contradicts itself"), (mumble, Damaged, "contradicts itself"),
        (unfinished, NotFound, "no finished agikg snapshot"), (empty, NotFound, "no finished agikg snapshot"), (deaf, StoreError, "ignores|triples in"),
    ],
)  # fmt: skip
def test_never_a_wrong_answer(
    endpoint: Endpoint, agikg: Callable[..., Ran], harm: Callable[[Endpoint], None], kind: type[AgikgError], message: str
) -> None:
    harm(endpoint)
    with pytest.raises(kind, match=message):
        opened(endpoint)
    ran = agikg("entities", "--store", f"{endpoint.url}/sparql")
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("agikg: ")


@pytest.mark.parametrize("harm", [drop_one, add_one, contradict, unfinished, empty, deaf])
def test_harm_after_it_was_read_is_noticed_too(endpoint: Endpoint, harm: Callable[[Endpoint], None]) -> None:
    opened(endpoint)
    harm(endpoint)
    with pytest.raises(StoreError):
        opened(endpoint)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>hello</html>", (("Content-Type", "text/html"),)), Reply(200, b""), Reply(200, b'{"head": {"vars": ["n"]}, "resu'),
        Reply(200, b"[]"), Reply(200, b'{"head": {}, "results": {}}'), Reply(200, b'{"head": {"vars": ["set"]}, "results": {"bindings": [7]}}'),
        Reply(200, b'{"head": {"vars": ["set"]}, "results": {"bindings": [{"set": {"type": "x", "value": "y"}}]}}'),
        Reply(200, b'{"head": {"vars": ["set"]}, "results": {"bindings": [{"set": {"type": "uri"}}]}}'), Reply(200, b"[" * 5000), Reply(200, b"\xff\xfe"),
        Reply(404, b"nothing here"), Reply(500, b"\x1b[31mboom\r\n"), Reply(204), Reply(504, b"too slow"), Reply(405, b"GET only"),
    ],
)  # fmt: skip
def test_broken_answers(endpoint: Endpoint, agikg: Callable[..., Ran], reply: Reply) -> None:
    endpoint.fault = lambda _: reply
    ran = agikg("entities", "--store", f"{endpoint.url}/sparql")
    assert (ran.code, ran.out) == (5, ""), ran
    assert "\x1b" not in ran.err


@pytest.mark.usefixtures("cold")
def test_triples_that_break_off(endpoint: Endpoint) -> None:
    nt = (("Content-Type", "application/n-triples"),)
    for reply in (
        Reply(200, b"<http://a.org/x> <http://a.org/", nt),
        Reply(200, b"", nt),
        Reply(200, b"{}", (("Content-Type", "application/json"),)),
    ):
        endpoint.fault = lambda r, reply=reply: reply if "CONSTRUCT" in query_of(r) else None  # type: ignore[misc]
        with pytest.raises(StoreError, match=r"broken answer|gives 0 of"):
            opened(endpoint)
    endpoint.fault = lambda _: None
    assert opened(endpoint).entities()


@pytest.mark.usefixtures("cold")
def test_a_graph_that_matches_its_hash_and_is_no_graph_of_ours(endpoint: Endpoint) -> None:
    from agikg.exchange.upload import upload
    from agikg.snapshot import sha256

    graph = f"<http://a.org/x> <{'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'}> <https://w3id.org/agikg/ontology#Claim> <{GRAPH}x> .\n".encode()
    upload(graph, sha256(graph), target(endpoint), lambda *_: None)
    with pytest.raises(Damaged, match="no graph of this version"):
        opened(endpoint)


# --- answers that are cut, late, refused ------------------------------------------------------------------------------


@pytest.mark.usefixtures("cold")
def test_a_silent_cap_is_paged_around_when_reading(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    endpoint.cap = 701
    assert opened(endpoint).snapshot == small_kg.snapshot


@pytest.mark.parametrize("announces", [True, False])
@pytest.mark.parametrize(
    "text", ["SELECT ?s { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "CONSTRUCT { agi:x agi:y 1 } WHERE { ?s ?p ?o }"]
)
def test_a_silent_cap_is_an_error_for_queries(endpoint: Endpoint, announces: bool, text: str) -> None:
    found = opened(endpoint)
    endpoint.cap, endpoint.announces = 1200, announces
    with pytest.raises(LimitHit, match="cuts answers at 1200 rows"):
        found.sparql(text)
    assert isinstance(found.sparql(f"{text} LIMIT 1100"), Solutions | Triples)
    endpoint.cap = None
    assert found.sparql("ASK {}") == Truth(True)


def test_results_without_a_cap_are_whole(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    found = opened(endpoint)
    text = "SELECT ?s ?p { ?s ?p ?o } ORDER BY ?s ?p"
    assert found.sparql(text) == small_kg.sparql(text)


def test_partial_results_of_virtuoso_are_refused(endpoint: Endpoint) -> None:
    found = opened(endpoint)
    body = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
    endpoint.fault = lambda _: Reply(200, body, (("X-SQL-State", "S1TAT"),))
    with pytest.raises(LimitHit):
        found.sparql("SELECT ?s { ?s ?p ?o }")


def test_limits_on_time_and_rows(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    found = opened(endpoint)
    monkeypatch.setenv("AGIKG_QUERY_ROWS", "10")
    with pytest.raises(LimitHit, match="more than 10 rows"):
        found.sparql("SELECT * { ?s ?p ?o } LIMIT 11")
    monkeypatch.setenv("AGIKG_QUERY_SECONDS", "0.3")
    released = threading.Event()

    def never(_: object) -> None:
        released.wait(30)

    endpoint.fault = never
    with pytest.raises(OutOfTime, match=r"longer than 0\.3 s"):
        found.sparql("ASK {}")
    monkeypatch.setenv("AGIKG_STORE_SECONDS", "0.3")
    with pytest.raises(StoreError, match="did not answer in time"):
        opened(endpoint)
    released.set()


@pytest.mark.parametrize("scheme", ["basic", "digest"])
def test_credentials_reach_the_endpoint_and_nobody_else(
    endpoint: Endpoint, agikg: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    endpoint.password, endpoint.scheme = "s3cret", scheme
    place = f"{endpoint.url}/sparql"
    with_secret = place.replace("//", "//user:s3cret@")
    assert agikg("entities", "--store", with_secret).code == 0
    told = agikg("ask", "what depends on SMIC DUV", "--store", with_secret.replace("s3cret", "wr0ng"))
    assert told.code == 5
    assert "wr0ng" not in told.out + told.err
    assert agikg("entities", "--store", place).code == 5
    monkeypatch.setenv("AGIKG_STORE_USER", "user")
    monkeypatch.setenv("AGIKG_STORE_PASSWORD", "s3cret")
    ran = agikg("whatif", "--deny", "SMIC DUV", "--store", place)
    assert "s3cret" not in ran.out + ran.err
    assert ran.code in (0, 3)


@pytest.mark.usefixtures("cold")
def test_a_snapshot_that_the_server_states_in_a_header(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    unfinished(endpoint)
    endpoint.snapshot_header = small_kg.snapshot
    assert opened(endpoint).snapshot == small_kg.snapshot
    assert opened(endpoint).sparql("ASK { ?s a agi:Chip }") == Truth(True)
    endpoint.snapshot_header = f"sha256:{'0' * 64}"
    with pytest.raises(Damaged):
        opened(endpoint)
    endpoint.snapshot_header = "sha256:short"
    with pytest.raises(NotFound):
        opened(endpoint)


def test_opening_needs_no_secret_in_its_name(endpoint: Endpoint) -> None:
    store = remote.connect(f"{endpoint.url}/sparql".replace("//", "//user:s3cret@"))
    assert store.descriptor == f"{endpoint.url}/sparql"
    assert "s3cret" not in repr(store.statement)
