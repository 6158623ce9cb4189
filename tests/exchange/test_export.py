"""Exports: read back by other libraries, safe for spreadsheets and Neo4j, all or nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.compare import to_isomorphic

from agikg import vocab
from agikg.errors import BadInput, StoreError
from agikg.exchange.bundle import MARK
from agikg.exchange.cells import guarded, joined, parted, unguarded
from agikg.exchange.cypher import literal, name
from agikg.exchange.export import FORMATS
from agikg.exchange.networks import clean
from agikg.exchange.writing import write_file, write_folder
from agikg.kg import KnowledgeGraph
from tests.conftest import Ran

RDF = {"turtle": "turtle", "trig": "trig", "ntriples": "nt", "nquads": "nquads", "jsonld": "json-ld", "rdfxml": "xml"}
ODD = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "=1+1",
        "+1",
        "-1",
        "@x",
        "\tx",
        "\rx",
        "'",
        "''",
        "'=",
        "'s-Hertogenbosch",
        "\\u0022 OR",
        "\\",
        'a"b',
        "`",
        "a|b\\|",
        "</script>",
        "昇腾",
        "\u2028",
    ]
)


def dataset(text: str | bytes, format_: str) -> rdflib.Dataset:
    found = rdflib.Dataset()
    found.parse(data=text, format=format_)
    return found


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own parsers use it
@pytest.mark.parametrize("format_", RDF)
def test_rdflib_reads_the_same_triples(demo: KnowledgeGraph, tmp_path: Path, format_: str) -> None:
    """As triples for every format; as quads for those with graphs. Language tags fold their case in all of them."""
    demo.export(str(tmp_path / "out"), format_)
    written = dataset((tmp_path / "out").read_bytes(), RDF[format_])
    original = dataset(demo._snapshot.graph(), "nquads")
    if format_ in ("trig", "nquads", "jsonld"):
        assert set(written.quads()) == set(original.quads())
    flat = [rdflib.Graph(), rdflib.Graph()]
    for graph, found in zip(flat, (written, original), strict=True):
        for s, p, o, _ in found.quads():
            graph.add((s, p, o))
    assert to_isomorphic(flat[0]) == to_isomorphic(flat[1])


def test_nquads_are_the_snapshot(demo: KnowledgeGraph, tmp_path: Path) -> None:
    demo.export(str(tmp_path / "out.nq"))
    assert (tmp_path / "out.nq").read_bytes() == demo._snapshot.graph()


def test_rdf_12_has_a_triple_term_for_each_claim(demo: KnowledgeGraph, tmp_path: Path) -> None:
    import pyoxigraph

    demo.export(str(tmp_path / "out"), "rdf12")
    quads = list(pyoxigraph.parse((tmp_path / "out").read_bytes(), format=pyoxigraph.RdfFormat.TRIG))
    terms = [q for q in quads if q.predicate.value == f"{vocab.RDF}reifies" and q.subject.value.startswith(vocab.PREFIXES["c"])]
    assert len(terms) == demo.catalog.claim_count
    assert str(next(q for q in terms if q.subject.value.endswith("demo.all-1-1a")).object) == (
        f"<{vocab.expand('e:chip-one')}> <{vocab.agi('fabricatedWith')}> <{vocab.expand('e:line-a')}>"
    )


@pytest.mark.parametrize(("format_", "read"), [("graphml", nx.read_graphml), ("gexf", nx.read_gexf)])
def test_network_tools_read_the_links(
    demo: KnowledgeGraph, tmp_path: Path, format_: str, read: Callable[[Path], nx.MultiDiGraph[str]]
) -> None:
    demo.export(str(tmp_path / "out"), format_, as_of="2021")
    graph = read(tmp_path / "out")
    ours = demo.to_networkx(as_of="2021")
    assert sorted(graph.edges()) == sorted(ours.edges())
    assert graph.nodes["e:acme"]["label_zh"] == "顶点公司"
    assert {data["claims"] for _, _, data in graph.edges(data=True)} >= {"c:demo.all-1-1a"}


@pytest.mark.parametrize("format_", FORMATS)
def test_equal_graphs_are_equal_files(demo: KnowledgeGraph, tmp_path: Path, format_: str) -> None:
    for place in ("one", "two"):
        demo.export(str(tmp_path / place), format_)
    if (tmp_path / "one").is_dir():
        assert {f.name: f.read_bytes() for f in (tmp_path / "one").iterdir()} == {
            f.name: f.read_bytes() for f in (tmp_path / "two").iterdir()
        }
    else:
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_tables_say_what_their_columns_mean(demo: KnowledgeGraph, tmp_path: Path) -> None:
    demo.export(str(tmp_path / "out.zip"))
    archive = zipfile.ZipFile(tmp_path / "out.zip")
    package = json.loads(archive.read(MARK))
    readme = archive.read("README.md").decode()
    assert {resource["path"] for resource in package["resources"]} == {name for name in archive.namelist() if name.endswith(".csv")}
    for resource in package["resources"]:
        header = next(csv.reader(io.StringIO(archive.read(resource["path"]).decode())))
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        assert all(field["description"] and f"`{field['name']}`" in readme for field in resource["schema"]["fields"])
    (source,) = package["sources"]
    assert (source["name"], source["license"], source["nonCommercial"]) == ("demo", "CC0", False)


def test_a_scope_leaves_what_belongs_to_its_claims(demo: KnowledgeGraph) -> None:
    content = demo.content(as_of="2019")
    assert set(content.claims) == {row["id"] for row in content.rows["claims"]} < {claim.id for claim in demo.claims(as_of="2026")}
    assert "e:rule-x" not in {row["id"] for row in content.rows["entities"]}
    assert {"e:acme", "e:chip-one", "e:line-a", "e:line-b"} == {row["id"] for row in content.rows["entities"]}
    assert not any("rule-x" in quad.n3() for quad in content.quads)
    assert any(quad.subject == vocab.expand("e:chip-one") and quad.object == vocab.expand("e:line-a") for quad in content.quads)


def test_the_command_writes_to_files_and_standard_output(small: Path, tmp_path: Path, agikg: Callable[..., Ran]) -> None:
    done = agikg("export", "-o", str(tmp_path / "out.jsonl"))
    assert (done.code, done.out) == (0, "")
    assert "5 claims" in done.err
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    assert [line["value"] for line in lines if "value" in line] == [62.5]
    assert b'"verbatim": "about 62.50%"' in (tmp_path / "out.jsonl").read_bytes()


@pytest.mark.parametrize("arguments", [("-o", "x.unknown"), ("-o", "x", "--format", "dot"), (), ("-o", "x.ttl", "--source", "nobody")])
def test_what_cannot_be_exported_is_said(small: Path, arguments: tuple[str, ...], agikg: Callable[..., Ran]) -> None:
    done = agikg("export", *arguments)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert not Path("x").exists()


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_failed_export_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "out.ttl"
    old.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_file(str(old), b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["out.ttl"]
    assert old.read_text() == "old"


def test_a_full_device_is_an_error() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this platform has no /dev/full")
    with pytest.raises(StoreError):
        write_file("/dev/full", b"x" * 100_000)


def test_a_new_file_takes_the_users_mask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("")
    (tmp_path / "old").chmod(0o640)
    write_file(str(tmp_path / "old"), b"x")
    write_file(str(tmp_path / "new"), b"x")
    (tmp_path / "plain").write_text("x")
    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(BadInput, match="not an earlier export"):
        write_folder(str(tmp_path / "mine"), {MARK: b"{}"}, MARK)
    with pytest.raises(BadInput, match="is a folder"):
        write_file(str(tmp_path / "mine"), b"")
    write_folder(str(tmp_path / "out"), {MARK: b"{}", "a.csv": b"1"}, MARK)
    write_folder(str(tmp_path / "out"), {MARK: b"{}"}, MARK)
    assert sorted(file.name for file in tmp_path.rglob("*")) == [MARK, "diary.txt", "mine", "out"]


# --- cells and strings ----------------------------------------------------------------------------------------------


@given(ODD)
def test_no_cell_begins_like_a_formula_and_nothing_is_lost(text: str) -> None:
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(guarded(text)) == text


@given(st.lists(ODD.map(str.strip).filter(bool), max_size=4))
def test_lists_survive_a_cell(items: list[str]) -> None:
    assert parted(unguarded(guarded(joined(items)))) == items


@given(ODD)
def test_xml_holds_any_text(text: str) -> None:
    import xml.etree.ElementTree as ET

    element = ET.Element("a")
    element.text = clean(text)
    read = ET.fromstring(ET.tostring(element, encoding="utf-8")).text or ""
    assert read == clean(text).replace("\r\n", "\n").replace("\r", "\n")


def cypher_string(text: str) -> str:
    """What Neo4j makes of a string expression: backslash-u first, then strings, then their concatenation."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    parts, at = [], 0
    escapes = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
    while at < len(text):
        match = re.compile(r'"((?:[^"\\]|\\.)*)"(?: \+ |$)', re.DOTALL).match(text, at)
        assert match, text[at:]
        parts.append(re.sub(r"\\(.)", lambda m: escapes.get(m[1], m[1]), match[1], flags=re.DOTALL))
        at = match.end()
    return "".join(parts)


@settings(max_examples=300)
@given(ODD | st.text(st.sampled_from("\\u0022\"'`\n;/*"), max_size=12))
def test_no_string_breaks_out_of_cypher(text: str) -> None:
    assert cypher_string(literal(text)) == text


@given(ODD.filter(bool))
def test_no_identifier_breaks_out_of_cypher(text: str) -> None:
    quoted = name(text)
    assert quoted == text or re.fullmatch(r"`(?:[^`]|``)*`", quoted, re.DOTALL)
