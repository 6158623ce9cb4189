"""One behaviour suite over every store, and what happens to damaged ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from agikg.errors import BadQuery, Damaged, NotFound, StoreError
from agikg.kg import KnowledgeGraph
from agikg.snapshot import sha256
from agikg.store import embedded
from agikg.store.port import Solutions, Triples, Truth
from agikg.store.terms import IRI, Literal

NQUADS = (
    b'<http://a.org/s> <http://a.org/p> "2.50"^^<http://www.w3.org/2001/XMLSchema#decimal> <https://w3id.org/agikg/id/graph/g1> .\n'
    b'<http://a.org/s> <http://a.org/q> "quote \\" and \\\\ and \\n line"@en <https://w3id.org/agikg/id/graph/g2> .\n'
    b"<http://a.org/t> <http://a.org/p> <http://a.org/s> <https://w3id.org/agikg/id/graph/g1> .\n"
)
Opener = Callable[[Path], embedded.EmbeddedStore]


def memory(_: Path) -> embedded.EmbeddedStore:
    return embedded.in_memory(NQUADS, sha256(NQUADS), 3)


def disk(folder: Path) -> embedded.EmbeddedStore:
    embedded.create_on_disk(folder / "store", NQUADS, sha256(NQUADS), 3)
    return embedded.on_disk(folder / "store")


@pytest.fixture(params=[memory, disk])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> embedded.EmbeddedStore:
    opener: Opener = request.param
    return opener(tmp_path)


def test_holds_everything(store: embedded.EmbeddedStore) -> None:
    assert len(store) == 3
    assert len(list(store.quads())) == 3
    assert store.content_hash == sha256(NQUADS)


def test_select_sees_the_union_and_from_one_graph(store: embedded.EmbeddedStore) -> None:
    both = store.query("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?p ?o")
    one = store.query("SELECT ?s ?p ?o FROM <https://w3id.org/agikg/id/graph/g2> { ?s ?p ?o }")
    assert isinstance(both, Solutions)
    assert isinstance(one, Solutions)
    assert (both.columns, len(both.rows), len(one.rows)) == (("s", "p", "o"), 3, 1)
    assert one.rows[0][2] == Literal('quote " and \\ and \n line', "en", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString")


def test_ask_and_construct(store: embedded.EmbeddedStore) -> None:
    assert store.query("ASK { <http://a.org/t> ?p ?o }") == Truth(True)
    built = store.query("CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o FILTER isIRI(?o) }")
    assert isinstance(built, Triples)
    assert [(t.subject, t.object) for t in built.triples] == [(IRI("http://a.org/s"), IRI("http://a.org/t"))]


def test_unbound_is_none_and_prefixes_are_known(store: embedded.EmbeddedStore) -> None:
    result = store.query("SELECT ?s ?x { ?s <http://a.org/q> ?o OPTIONAL { ?s agi:layer ?x } }")
    assert isinstance(result, Solutions)
    assert result.rows == ((IRI("http://a.org/s"), None),)


@pytest.mark.parametrize(
    "query", ["SELECT", "SELECT ?x { ?x", "SELECT * { ?s unknown:p ?o }", "INSERT DATA { <http://a.org/x> <http://a.org/p> 1 }"]
)
def test_bad_queries(store: embedded.EmbeddedStore, query: str) -> None:
    with pytest.raises(BadQuery):
        store.query(query)
    assert len(store) == 3


def test_every_way_to_damage_a_store_on_disk_is_noticed(tmp_path: Path) -> None:
    folder = embedded.create_on_disk(tmp_path / "store", NQUADS, sha256(NQUADS), 3)
    files = [file for file in sorted((folder / "oxigraph").iterdir()) if not file.name.startswith("LO")]
    assert len(files) > 3
    for file in files:
        whole = file.read_bytes()
        for broken in {whole[: len(whole) // 2], whole + b"x", whole[:-1] + bytes([whole[-1] ^ 1]) if whole else b"x"} - {whole}:
            file.write_bytes(broken)
            with pytest.raises(Damaged):
                embedded.on_disk(folder)
        file.unlink()
        with pytest.raises(Damaged):
            embedded.on_disk(folder)
        file.write_bytes(whole)
    assert len(embedded.on_disk(folder)) == 3


@pytest.mark.parametrize("sidecar", ["", "{", "[]", '{"files": {}}', '{"files": {}, "content": "x", "quads": "many"}'])
def test_a_broken_sidecar_is_damage(tmp_path: Path, sidecar: str) -> None:
    folder = embedded.create_on_disk(tmp_path / "store", NQUADS, sha256(NQUADS), 3)
    (folder / embedded.SIDECAR).write_text(sidecar, encoding="utf-8")
    with pytest.raises(Damaged):
        embedded.on_disk(folder)


def test_foreign_folders_are_neither_opened_nor_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(NotFound):
        embedded.on_disk(tmp_path / "mine")
    with pytest.raises(StoreError):
        embedded.create_on_disk(tmp_path / "mine", NQUADS, sha256(NQUADS), 3)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["letter.txt"]


def test_a_store_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = embedded.create_on_disk(tmp_path / "store", NQUADS, sha256(NQUADS), 3)
    less = NQUADS.splitlines(keepends=True)[0]
    embedded.create_on_disk(folder, less, sha256(less), 1)
    assert len(embedded.on_disk(folder)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["store"]


def test_a_snapshot_with_another_number_of_quads_is_damage() -> None:
    with pytest.raises(Damaged):
        embedded.in_memory(NQUADS, sha256(NQUADS), 4)


def test_saved_graph_answers_as_the_original(kg: KnowledgeGraph, tmp_path: Path) -> None:
    kg.save(str(tmp_path / "kg"))
    reopened = KnowledgeGraph.open(str(tmp_path / "kg"))
    assert reopened.snapshot == kg.snapshot
    assert reopened.dependents("SMIC DUV") == kg.dependents("SMIC DUV")
    text = "SELECT ?c { ?c agi:modality agi:reported } ORDER BY ?c"
    assert reopened.store.query(text) == kg.store.query(text)
    assert reopened.sparql(text) == kg.sparql(text)


def test_rdflib_sees_the_same_and_cannot_write(kg: KnowledgeGraph) -> None:
    from rdflib import URIRef

    from agikg.errors import BadInput

    view = kg.dataset()
    rows = list(view.query("SELECT ?d { ?d <https://w3id.org/agikg/ontology#fabricatedWith> <https://w3id.org/agikg/id/smic-duv> }"))
    native = kg.store.query("SELECT ?d { ?d agi:fabricatedWith e:smic-duv }")
    assert isinstance(native, Solutions)
    assert {str(row[0]) for row in rows} == {str(row[0]) for row in native.rows}  # type: ignore[index]
    with pytest.raises(BadInput):
        view.add((URIRef("http://a.org/x"), URIRef("http://a.org/p"), URIRef("http://a.org/y")))
    copy = kg.graph()
    assert 0 < len(copy) <= kg.quads
    assert (URIRef("https://w3id.org/agikg/id/huawei"), None, None) in copy
