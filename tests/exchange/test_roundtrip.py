"""What is exported and imported again is the same, in every format that holds claims; odd texts included."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agikg import vocab
from agikg.build.read import read_root
from agikg.exchange.bundle import bundle
from agikg.exchange.drafting import draft
from agikg.exchange.known import Known
from agikg.exchange.lines import json_lines
from agikg.exchange.records import Terms, rows
from agikg.exchange.tables import Line, csv_lines, record_of
from agikg.exchange.tables import json_lines as read_json_lines
from agikg.kg import KnowledgeGraph
from agikg.kg.imports import Imports
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import WRITTEN, nquads, parse, parse_as, serialise
from agikg.store.terms import IRI, LANG_STRING, STRING, Literal, Quad
from agikg.vocab import XSD, agi, expand
from tests.conftest import ROOT
from tests.exchange.conftest import opened

FORMATS = ("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml", "rdf12", "csv", "jsonl")
ENDINGS = {
    "turtle": ".ttl",
    "trig": ".trig",
    "ntriples": ".nt",
    "nquads": ".nq",
    "jsonld": ".jsonld",
    "rdfxml": ".rdf",
    "rdf12": ".trig12",
    "csv": ".zip",
    "jsonl": ".jsonl",
}


def canonical(kg: KnowledgeGraph) -> bytes:
    """All triples, authored and derived, in canonical form: there are no blank nodes, so this is RDFC-1.0."""
    return nquads(quad._replace(graph="") for quad in parse(kg._snapshot.graph(), ".nq"))


@pytest.mark.parametrize("format_", FORMATS)
def test_a_graph_survives_export_and_import(
    demo: KnowledgeGraph, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    file = tmp_path / f"all{ENDINGS[format_]}"
    before = demo
    before.export(str(file), format_)
    monkeypatch.setenv("AGIKG_DATA", str(empty))
    report = Imports().add(str(file))
    after = opened()
    assert report.status == "imported"
    assert after.imported == ("all",)
    assert canonical(after) == canonical(before)
    assert [claim.model_dump() for claim in after.claims(as_of="9999")] == [claim.model_dump() for claim in before.claims(as_of="9999")]
    assert after.sources() == before.sources()


@pytest.mark.parametrize("format_", ["csv"])
def test_a_part_of_a_graph_is_a_valid_graph(
    demo: KnowledgeGraph, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    file = tmp_path / f"part{ENDINGS[format_]}"
    assert demo.export(str(file), format_, as_of="2019") == 4
    monkeypatch.setenv("AGIKG_DATA", str(empty))
    assert Imports().add(str(file)).set is not None
    assert len(opened().claims()) == 4


def test_the_whole_graph_survives_tables_and_lines(kg: KnowledgeGraph) -> None:
    """Without processes: rows out, text, rows in."""
    content = kg.content()
    wanted = {quad[:3] for quad in content.authored}
    assert stated(bundle_lines(content.shown), content.vocabulary) == wanted
    assert stated(read_json_lines("x", json_lines(content.rows), 200), content.vocabulary) == wanted


@pytest.mark.parametrize("format_", ["csv", "jsonl"])
def test_questions_and_names_of_origins_have_columns_and_come_back(
    small: Path, empty: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    page = small / "graph" / "demo" / "demo.ttl"
    asked = 'agi:question "What is Chip One made with?"@en, "Is Chip One made on Line A | or B?"@en, "昇腾一号由什么制造？"@zh-Hans'
    text = page.read_text("utf-8").replace("agi:tier agi:tier-press", 'agi:tier agi:tier-repost ; agi:originName "Bloomberg 2024-05-30"')
    page.write_text(text.replace("agi:requirement r:chip-one-line", f"{asked} ; agi:requirement r:chip-one-line", 1), encoding="utf-8")
    before = opened()
    rows_ = before.content().rows
    (source,), claim = rows_["sources"], next(row for row in rows_["claims"] if row["id"] == "c:demo.all-1-1a")
    assert source["origin_name"] == "Bloomberg 2024-05-30" and "extra" not in source
    assert claim["questions"] == ["Is Chip One made on Line A | or B?", "What is Chip One made with?"]
    assert claim["questions_zh"] == ["昇腾一号由什么制造？"] and "extra" not in claim
    before.export(str(tmp_path / f"all{ENDINGS[format_]}"), format_)
    monkeypatch.setenv("AGIKG_DATA", str(empty))
    assert Imports().add(str(tmp_path / f"all{ENDINGS[format_]}")).status == "imported"
    assert canonical(opened()) == canonical(before)


def bundle_lines(found: dict[str, list[dict[str, Any]]]) -> list[Line]:
    about = {"snapshot": "", "scope": "", "sources": []}
    files = bundle(found, [], about)
    return [
        line
        for name, data in files.items()
        if name.endswith(".csv") and name != "edges.csv"
        for line in csv_lines(name, data, record_of(name))
    ]


def stated(lines: Any, vocabulary: Vocabulary) -> set[tuple[Any, ...]]:
    made = draft(lines, Known(TripleIndex(), vocabulary), Terms(vocabulary))
    assert made.problems == []
    return {quad[:3] for part in made.parts for quad in part.quads}


# --- any text, any language, any number ------------------------------------------------------------------------------

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=20) | st.sampled_from(
    [
        "=1+1",
        "'=x",
        "''",
        "-1",
        "@a",
        "a|b\\",
        "|",
        "\\",
        '"',
        ",;\t",
        "a\nb",
        "昇腾910C",
        "e:acme",
        "true",
        "1e5",
        "\u2028",
        "</x>",
        "\ufeffx",
    ]
)
LANGUAGE = st.sampled_from(["", "en", "zh-hans", "zh-hant", "fr"])
NUMBER = (
    st.integers(-(10**20), 10**20).map(lambda n: Literal(str(n), "", f"{XSD}integer"))
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda d: Literal(f"{d:f}", "", f"{XSD}decimal"))
    | st.sampled_from(
        [
            Literal("007", "", f"{XSD}integer"),
            Literal("+1.0", "", f"{XSD}decimal"),
            Literal("1e3", "", f"{XSD}double"),
            Literal("62.50", "", f"{XSD}decimal"),
        ]
    )
)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    return Vocabulary(TripleIndex(quad for quad in read_root(ROOT).quads if quad.graph == vocab.GRAPH_ONTOLOGY))


def literal(text: str, language: str) -> Literal:
    return Literal(text, language, LANG_STRING if language else STRING)


@st.composite
def records(draw: st.DrawFn) -> list[Quad]:
    """A claim, an entity and a source, with odd texts everywhere a text may stand, and some where none is expected."""
    claim, entity, source = IRI(expand("c:odd.all-1-1a")), IRI(expand("e:odd")), IRI(expand("s:odd"))
    quads = [
        Quad(entity, IRI(vocab.TYPE), IRI(agi("Chip"))),
        Quad(claim, IRI(vocab.TYPE), IRI(agi("Claim"))),
        Quad(source, IRI(vocab.TYPE), IRI(agi("Source"))),
        Quad(claim, IRI(vocab.SUBJECT), entity),
        Quad(claim, IRI(agi("passage")), IRI(expand("p:odd.all-1-1"))),
        Quad(claim, IRI(vocab.PREDICATE), IRI(agi(draw(st.sampled_from(["practice", "yieldRate", "developedBy"]))))),
    ]
    for predicate in (agi("statement"), agi("note"), agi("scope"), agi("verbatim"), vocab.OBJECT):
        texts = draw(st.lists(st.tuples(TEXT, LANGUAGE), max_size=2))
        quads += [Quad(claim, IRI(predicate), literal(*pair)) for pair in texts]
    for pair in draw(st.lists(st.tuples(TEXT, LANGUAGE), max_size=3)):
        quads.append(Quad(entity, IRI(vocab.ALT_LABEL), literal(*pair)))
    for pair in draw(st.lists(st.tuples(TEXT, LANGUAGE), max_size=3)):
        quads.append(Quad(claim, IRI(agi("question")), literal(*pair)))
    for pair in draw(st.lists(st.tuples(TEXT, LANGUAGE), max_size=2)):
        quads.append(Quad(source, IRI(agi("originName")), literal(*pair)))
    for number in draw(st.lists(NUMBER, max_size=2)):
        quads.append(Quad(claim, IRI(agi("value")), number))
    return quads


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
def test_odd_texts_survive_rows(quads: list[Quad]) -> None:
    found = rows(TripleIndex(quads), Terms(vocabulary()))
    for lines in (bundle_lines(found), list(read_json_lines("x", json_lines(found), 200))):
        assert stated(lines, vocabulary()) == {quad[:3] for quad in quads}


@settings(max_examples=80, deadline=None)
@given(records(), st.sampled_from([*WRITTEN]))
def test_odd_texts_survive_rdf(quads: list[Quad], syntax: str) -> None:
    if syntax == "rdfxml":
        # XML has no way to write control characters, and reads every line end as one.
        forbidden = {chr(code) for code in (*range(32), 127, 0xFFFE, 0xFFFF)}
        quads = [quad for quad in quads if not (isinstance(quad.object, Literal) and forbidden & set(quad.object.value))]
    written = serialise(quads, syntax, vocab.PREFIXES)
    assert {quad[:3] for quad in parse_as(written, syntax)} == {quad[:3] for quad in quads}


@given(TEXT)
def test_normal_forms_are_left_alone(text: str) -> None:
    """Nothing on the way out or in composes or decomposes characters."""
    quad = Quad(IRI(expand("e:x")), IRI(vocab.ALT_LABEL), literal(unicodedata.normalize("NFD", text), "en"))
    assert parse_as(serialise([quad], "jsonld", {}), "jsonld") == [quad]
