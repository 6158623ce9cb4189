"""The W3C's suites on the engine, as the server's workers use it: SPARQL 1.1 queries, syntax and results, RDF 1.1 syntaxes.

    git clone https://github.com/w3c/rdf-tests
    python -m benchmarks.w3c rdf-tests [--write]

The suites are not part of this project. ``--write`` puts the scores and the names of all failures into benchmarks/w3c.md. Each query passes
the guard and is written in the format its expected result is in, as over HTTP. The order of rows is not compared.
"""

from __future__ import annotations

import argparse
import csv
import io
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD

from agikg.errors import AgikgError, BadQuery
from agikg.store import guard
from agikg.store.embedded import EmbeddedStore, Media, Size

HERE = Path(__file__).parent
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
QUERIES = (
    "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping", "negation", "project-expression", "property-path",
    "subquery",
)  # fmt: skip
SYNTAXES = ("rdf-n-triples", "rdf-n-quads", "rdf-turtle", "rdf-trig", "rdf-xml")
RESULTS = {
    ".srx": "application/sparql-results+xml", ".srj": "application/sparql-results+json", ".csv": "text/csv", ".tsv": "text/tab-separated-values",
    ".ttl": "application/sparql-results+json", ".rdf": "application/sparql-results+json",
}  # fmt: skip
ANY = Size(1e9, 1e9)


class Case(NamedTuple):
    """A test: its name, kind, the node it is in its manifest, and the manifest."""

    name: str
    kind: str
    node: Any
    manifest: rdflib.Graph


def cases(manifest: Path) -> Iterator[Case]:
    """The tests of a manifest, in order."""
    graph = rdflib.Graph().parse(manifest, format="turtle")
    (entries,) = list(graph.objects(None, MF.entries))
    for node in graph.items(entries):
        for kind in graph.objects(node, RDF.type):
            yield Case(str(node).rpartition("#")[2], str(kind).rpartition("#")[2], node, graph)


def path_of(iri: Any) -> Path:
    return Path(str(iri).removeprefix("file://"))


def store_for(case: Case) -> EmbeddedStore:
    """The data a query runs over: a default graph, and named graphs by their file's address."""
    engine = pyoxigraph.Store()
    action = case.manifest.value(case.node, MF.action)
    for predicate in (QT.data, QT.graphData):
        for found in case.manifest.objects(action, predicate):
            named = None if predicate == QT.data else pyoxigraph.NamedNode(str(found))
            form = pyoxigraph.RdfFormat.from_extension(path_of(found).suffix[1:])
            engine.load(path_of(found).read_bytes(), format=form, base_iri=str(found), to_graph=named)
    return EmbeddedStore(engine, "mem:", "", union=False)


def run(case: Case, media: Media) -> bytes:
    """What a query gives, by the way a worker takes."""
    action = case.manifest.value(case.node, MF.action)
    file = case.manifest.value(action, QT.query) or action
    text = path_of(file).read_text("utf-8")
    text = text if "base <" in text.casefold() else f"BASE <{file}>\n{text}"
    guard.check(text, lambda _: True)
    return store_for(case).write(text, media, ANY).body


def evaluated(case: Case) -> bool:
    """Whether a query gives what it should."""
    expected = path_of(case.manifest.value(case.node, MF.result))
    body = run(case, Media(RESULTS.get(expected.suffix, ""), "application/n-triples"))
    if expected.suffix == ".csv":
        return table(body) == table(expected.read_bytes())
    if expected.suffix in (".ttl", ".rdf"):
        wanted = rdflib.Graph().parse(expected)
        if (None, RDF.type, RS.ResultSet) not in wanted:
            return isomorphic(rdflib.Graph().parse(data=body, format="nt"), wanted)
        ours = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        (node,) = wanted.subjects(RDF.type, RS.ResultSet)
        truth = wanted.value(node, RS.boolean)
        if truth is not None or isinstance(ours, pyoxigraph.QueryBoolean):
            return isinstance(ours, pyoxigraph.QueryBoolean) and truth is not None and bool(ours) == truth.toPython()
        return isomorphic(as_graph(ours), described(wanted, node))
    form = pyoxigraph.QueryResultsFormat.from_media_type(RESULTS[expected.suffix])
    ours, theirs = (pyoxigraph.parse_query_results(data, format=form) for data in (body, expected.read_bytes()))
    if isinstance(ours, pyoxigraph.QueryBoolean) or isinstance(theirs, pyoxigraph.QueryBoolean):
        return isinstance(ours, pyoxigraph.QueryBoolean) and isinstance(theirs, pyoxigraph.QueryBoolean) and bool(ours) == bool(theirs)
    return {v.value for v in ours.variables} == {v.value for v in theirs.variables} and isomorphic(as_graph(ours), as_graph(theirs))


def table(data: bytes) -> list[tuple[str, ...]]:
    """CSV with its columns by name and its rows in any order; labels of blank nodes mean nothing."""
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8")))
    order = sorted(range(len(header)), key=header.__getitem__)
    plain = [tuple("_:" if row[n].startswith("_:") else row[n] for n in order) for row in rows]
    return [tuple(header[n] for n in order), *sorted(plain)]


def as_graph(solutions: Any) -> rdflib.Graph:
    """Rows as a graph, so that blank nodes may have any names and rows any order."""
    names = [variable.value for variable in solutions.variables]
    return _graph([[(name, to_rdflib(term)) for name, term in zip(names, row, strict=True) if term is not None] for row in solutions])


def described(results: rdflib.Graph, node: Any) -> rdflib.Graph:
    """The same of rows that a graph describes."""
    rows = []
    for solution in results.objects(node, RS.solution):
        bindings = results.objects(solution, RS.binding)
        rows.append([(str(results.value(binding, RS.variable)), results.value(binding, RS.value)) for binding in bindings])
    return _graph(rows)


def _graph(rows: list[list[tuple[str, Any]]]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for number, row in enumerate(rows):
        node = rdflib.BNode(f"row{number}")
        graph.add((node, RDF.type, RS.ResultSet))
        for name, term in row:
            graph.add((node, rdflib.URIRef(f"urn:x:{name}"), by_value(term)))
    return graph


def by_value(term: Any) -> Any:
    """A number in one spelling: the suites compare values, and say 2 where they say 2.0 elsewhere."""
    datatype = str(getattr(term, "datatype", None)).removeprefix(str(XSD))
    try:
        if datatype in ("decimal", "integer"):
            return rdflib.Literal(format(Decimal(str(term)).normalize(), "f"), datatype=term.datatype, normalize=False)
        if datatype in ("double", "float"):
            return rdflib.Literal(repr(float(term)), datatype=term.datatype, normalize=False)
    except ArithmeticError:
        pass
    return term


def to_rdflib(term: Any) -> Any:
    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(f"node-{term.value}")
    return rdflib.Literal(term.value, lang=term.language, datatype=None if term.language else term.datatype.value, normalize=False)


def syntax_checked(case: Case) -> bool:
    """Whether a query parses if, and only if, it should."""
    try:
        run(case, Media("text/csv", "application/n-triples"))
    except BadQuery as error:
        # An unknown function, say, parses; it only cannot be called.
        return case.kind.startswith("Negative" if "parse" in error.message else "Positive")
    return case.kind.startswith("Positive")


def parsed(case: Case, base: str) -> bool:
    """Whether an RDF text is read as it should be."""
    file = path_of(case.manifest.value(case.node, MF.action))
    form = pyoxigraph.RdfFormat.from_extension(file.suffix[1:])
    own_base = None if file.suffix in (".nt", ".nq") else base + file.relative_to(Path(base_folder(case))).as_posix()
    try:
        quads = pyoxigraph.Dataset(pyoxigraph.parse(file.read_bytes(), format=form, base_iri=own_base))
    except (SyntaxError, ValueError):
        return "Negative" in case.kind
    if "Negative" in case.kind:
        return False
    wanted = case.manifest.value(case.node, MF.result)
    if wanted is None:
        return True
    expected = path_of(wanted)
    theirs = pyoxigraph.Dataset(pyoxigraph.parse(expected.read_bytes(), format=pyoxigraph.RdfFormat.from_extension(expected.suffix[1:])))
    for dataset in (quads, theirs):
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return bool(quads == theirs)


def base_folder(case: Case) -> str:
    return str(path_of(next(case.manifest.subjects(RDF.type, MF.Manifest))).parent)


def attempt(test: Callable[[Case], bool], case: Case) -> bool:
    """Whether a test passes; an error of ours is a failure, not the end."""
    try:
        return test(case)
    except (AgikgError, ValueError, SyntaxError):
        return False


def suite(root: Path, folders: tuple[str, ...], test: Callable[[Case], bool], kinds: tuple[str, ...]) -> tuple[int, list[str]]:
    """How many tests there are, and the names of those that fail."""
    found = [(folder, case) for folder in folders for case in cases(root / folder / "manifest.ttl") if case.kind.endswith(kinds)]
    return len(found), [f"{folder}/{case.name}" for folder, case in found if not attempt(test, case)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("suites", type=Path, help="a checkout of github.com/w3c/rdf-tests")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    root = options.suites.resolve()
    sparql, rdf = root / "sparql" / "sparql11", root / "rdf" / "rdf11"
    syntax = ("PositiveSyntaxTest11", "NegativeSyntaxTest11")

    def parse_with_base(case: Case) -> bool:
        base = next(case.manifest.objects(None, MF.assumedTestBase), "http://example.org/")
        return parsed(case, str(base))

    scores = {
        "SPARQL 1.1 query evaluation": suite(sparql, QUERIES, evaluated, ("QueryEvaluationTest",)),
        "SPARQL 1.1 query syntax": suite(sparql, ("syntax-query", *QUERIES), syntax_checked, syntax),
        "SPARQL 1.1 results in JSON, CSV, TSV": suite(
            sparql, ("json-res", "csv-tsv-res"), evaluated, ("QueryEvaluationTest", "CSVResultFormatTest")
        ),
        **{f"RDF 1.1 {folder.removeprefix('rdf-')}": suite(rdf, (folder,), parse_with_base, ("",)) for folder in SYNTAXES},
    }
    text = report(scores)
    print(text)
    if options.write:
        (HERE / "w3c.md").write_text(text, encoding="utf-8")


def report(scores: dict[str, tuple[int, list[str]]]) -> str:
    lines = [
        "# The W3C's suites", "",
        f"pyoxigraph {pyoxigraph.__version__}, `python -m benchmarks.w3c rdf-tests --write`. Queries pass the guard and are written by the code "
        "that the server's workers run; the protocol's own tests are in `tests/server/test_protocol.py`.", "",
        "| suite | passed | of |", "|---|---|---|",
        *(f"| {name} | {count - len(failed)} | {count} |" for name, (count, failed) in scores.items()), "",
        "Failures by name; all of them are the engine's:", "",
        *(f"- {name}: {', '.join(f'`{test}`' for test in failed)}" for name, (_, failed) in scores.items() if failed), "",
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
