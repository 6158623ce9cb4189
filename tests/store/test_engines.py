"""One behaviour over every engine: disk, the oxigraph server and Virtuoso answer every reading command as the store in memory does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from agikg.errors import BadQuery, LimitHit
from agikg.kg import KnowledgeGraph
from agikg.snapshot import CLAIMS_FILE, GRAPH_FILE, INDEX_FILE, SEARCH_FILE
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.terms import python_value
from tests.conftest import ROOT, Ran
from tests.store.servers import ENGINES

Cli = Callable[..., Ran]
DATES = ("--as-of", "2026-01-01", "--known-at", "2026-01-01")
# One of each kind: they start from the same compiled facts, which are compared as a whole besides.
COMMANDS = [
    ("ask", "what depends on SMIC DUV"), ("ask", "910C yield"), ("ask", "谁制造昇腾910C"), ("ask", "what is the weather on Mars"), ("show", "910C"),
    ("show", "SMIC", "--min-confidence", "high"), ("dependents", "smic", "duv"), ("dependencies", "Ascend series"), ("path", "SMIC", "Huawei"),
    ("whatif", "--deny", "SMIC DUV", "--lift", "us-export-controls"), ("chokepoints", "--for", "910C"), ("cutsets", "910C"),
    ("cutsets", "910C", "--evidence", "claims"), ("importance", "910C"), ("exposure", "910C"), ("changes", "910C", "--from", "2019"),
    ("claims", "--about", "910C"), ("claims", "--modality", "denied"), ("sources",), ("entities", "--layer", "chips"), ("query",),
]  # fmt: skip
# Parameters of named queries: all that are needed, and some of those that may be left out.
PARAMETERS = {
    "alternatives": "entity=ascend-910c", "cited": "claim=c:sinolytics-2025.chips-4-2a", "dependencies": "entity=bytedance", "dependents": "entity=smic-duv",
    "evidence": "subject=ascend-910c object=smic-duv", "modality": "modality=expected", "open-links": "date=2025-03-31", "passages": "source=sinolytics-2025",
    "sections": "source=sinolytics-2025", "timeline": "entity=ascend-910c", "mentions": "thing=e:huawei", "description": "thing=e:huawei",
    "triples": "graph=g:entities",
}  # fmt: skip
OPTIONAL = [
    ("bottlenecks", "held_back=advanced-model-development"), ("contested", "entity=kunlun-3"), ("controls", "entity=huawei"), ("coverage", "section=chips"),
    ("coverage", "source=sinolytics-2025"), ("funding", "entity=state-grid"), ("modality", "modality=reported section=chips"),
    ("open-links", "date=2019 dependent=ascend-series"), ("timeline", "entity=ascend-910c metric=yieldRate"), ("uncovered", "section=models"),
    ("users", "maker=huawei"), ("sections", "source=nobody"),
]  # fmt: skip
SPARQL = [
    "SELECT ?s ?l { ?s a agi:Chip ; skos:prefLabel ?l } ORDER BY ?s ?l",
    "SELECT ?l { e:huawei skos:prefLabel ?l } ORDER BY ?l",
    "SELECT ?c ?v ?u { ?c agi:value ?v OPTIONAL { ?c agi:unit ?u } } ORDER BY ?c",
    "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p ORDER BY ?p",
    "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g",
    "SELECT (COUNT(*) AS ?n) FROM g:derived { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM NAMED g:entities { GRAPH ?g { ?s ?p ?o } }",
    "SELECT DISTINCT ?d { ?d agi:dependsOn/agi:requires* e:smic-duv } ORDER BY ?d",
    "SELECT DISTINCT ?d ?l { ?d agi:requires+ e:smic-duv ; agi:layer/skos:notation ?l } ORDER BY ?d",
    "SELECT ?s { ?s agi:unnamed true } ORDER BY ?s",
    "SELECT ?c ?d { ?c agi:holdsFrom ?d FILTER (?d >= '2025-01-01'^^xsd:date) } ORDER BY ?c ?d",
    "SELECT ?s ?l { ?s skos:prefLabel ?l FILTER (lang(?l) = 'zh-hans' && CONTAINS(?l, '昇腾')) } ORDER BY ?s",
    "SELECT ?s { ?s a agi:Nothing }",
    "ASK { e:ascend-910c agi:fabricatedWith e:smic-duv }",
    "ASK { e:ascend-910c agi:fabricatedWith e:huawei }",
    "CONSTRUCT { ?s skos:prefLabel ?l } WHERE { ?s a agi:Chip ; skos:prefLabel ?l }",
    "CONSTRUCT { ?s agi:layer ?l } WHERE { ?s agi:layer ?l }",
]  # fmt: skip


@pytest.fixture(scope="session", params=["disk", *ENGINES])
def engine(request: pytest.FixtureRequest, kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What ``--store`` says for an engine that holds the graph."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "disk":
        kg.save(str(folder / "kg"))
        yield str(folder / "kg")
    else:
        with ENGINES[request.param](folder) as server, pytest.MonkeyPatch.context() as patch:
            for name, value in server.environment.items():
                patch.setenv(name, value)
            if server.targets:
                kg.upload(server.targets["gsp"])
            for name in server.environment:
                patch.delenv(name)
            KnowledgeGraph.open(server.query_url, progress=lambda _: None)
            yield server.query_url


@pytest.fixture(scope="session")
def other(engine: str) -> KnowledgeGraph:
    """The graph of that engine."""
    return KnowledgeGraph.open(engine, progress=lambda _: None)


@pytest.fixture(scope="session")
def here(kg: KnowledgeGraph) -> dict[tuple[str, ...], Ran]:
    """What the store in memory answered, each asked once."""
    return {}


def both(agikg: Cli, here: dict[tuple[str, ...], Ran], engine: str, *asked: str) -> tuple[Ran, Ran]:
    if asked not in here:
        here[asked] = agikg(*asked)
    return agikg(*asked, "--store", engine), here[asked]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_same_answer_to_every_reading_command(
    agikg: Cli, here: dict[tuple[str, ...], Ran], engine: str, command: tuple[str, ...]
) -> None:
    there, reference = both(agikg, here, engine, *command, *DATES, "--format", "json")
    assert there == reference
    assert json.loads(there.out) is not None


def test_the_same_compiled_facts(kg: KnowledgeGraph, other: KnowledgeGraph) -> None:
    for name in (GRAPH_FILE, INDEX_FILE, CLAIMS_FILE, SEARCH_FILE):
        assert (other.folder / name).read_bytes() == (kg.folder / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "values"), [*((name, PARAMETERS.get(name, "")) for name in sorted(p.stem for p in (ROOT / "queries").glob("*.rq"))), *OPTIONAL]
)
def test_the_same_rows_of_every_named_query(kg: KnowledgeGraph, other: KnowledgeGraph, name: str, values: str) -> None:
    given = dict(pair.split("=") for pair in values.split())
    there, reference = other.query(name, given), kg.query(name, given)
    assert there.columns == reference.columns
    rows = [json.dumps(row) for row in there.rows], [json.dumps(row) for row in reference.rows]  # types count too: 1 is not true
    if name == "triples":  # its objects are of every kind, and SPARQL leaves the order of kinds open
        rows[0].sort(), rows[1].sort()
    assert rows[0] == rows[1]
    assert reference.rows or values == "source=nobody"


@pytest.mark.parametrize("text", SPARQL)
def test_the_same_result_of_outside_queries(kg: KnowledgeGraph, other: KnowledgeGraph, engine: str, text: str) -> None:
    run = other.sparql if "://" in engine else other.store.query  # a process a query takes long, and is tested elsewhere
    assert shown(run(text)) == shown(kg.store.query(text))


@pytest.mark.parametrize("text", [SPARQL[0], SPARQL[-1], SPARQL[-3]])
def test_the_command_for_outside_queries(agikg: Cli, here: dict[tuple[str, ...], Ran], engine: str, text: str) -> None:
    there, reference = both(agikg, here, engine, "sparql", text, "--format", "jsonl")
    assert (there.code, there.err) == (0, "")
    assert sorted(there.out.splitlines()) == sorted(reference.out.splitlines())


def shown(result: Result) -> str:
    """A result as tables show it; triples come in any order."""
    if isinstance(result, Truth):
        return str(result.value)
    if isinstance(result, Triples):
        return json.dumps(sorted([str(t.subject), str(t.predicate), str(python_value(t.object))] for t in result.triples))
    return json.dumps([result.columns, [[python_value(cell) for cell in row] for row in result.rows]])


def test_the_example_of_the_first_page(other: KnowledgeGraph) -> None:
    """Not compared with another engine but with what the source says."""
    assert {item.label for item in other.dependents("SMIC DUV").items if item.role == "direct"} >= {"Ascend 910B", "Ascend 910C", "Huawei"}
    rows = other.query("timeline", {"entity": "910C", "metric": "yieldRate"}).rows
    assert [(row[3], row[9]) for row in rows] == [(20, True), (40, False)]


def test_whole_or_not_at_all(other: KnowledgeGraph, engine: str) -> None:
    """12,000 rows: Virtuoso cuts at 10,000 without a word."""
    for text in ("SELECT ?s ?o { ?s ?p ?o } LIMIT 12000", "CONSTRUCT { ?s agi:x ?o } WHERE { ?s ?p ?o } LIMIT 12000"):
        try:
            found = other.sparql(text) if "://" in engine else other.store.query(text)
        except LimitHit as error:
            assert "cuts answers at 10000 rows" in error.message
            continue
        assert isinstance(found, Solutions | Triples)
        assert isinstance(found, Triples) or len(found.rows) == 12000


def test_paths_with_two_free_ends(other: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    """Virtuoso does not follow them; it must say so."""
    text = "SELECT (COUNT(*) AS ?n) { ?a agi:requires+ ?b }"
    try:
        assert other.store.query(text) == kg.store.query(text)
    except BadQuery as error:
        assert "as a constant" in error.hint
    with pytest.raises(BadQuery):
        other.store.query("SELECT * { ?s ?p")


def test_everything_in_it(other: KnowledgeGraph, kg: KnowledgeGraph) -> None:
    from agikg.store.canonical import canonical_quad
    from agikg.store.syntax import nquads

    assert len(other.store) == kg.quads
    assert nquads(map(canonical_quad, other.store.quads())) == (kg.folder / GRAPH_FILE).read_bytes()
    assert other.store.query("ASK { ?s ?p ?o }") == Truth(True)
