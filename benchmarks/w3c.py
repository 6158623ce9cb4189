"""The W3C's suites: SPARQL 1.1 queries, syntax and results asked over HTTP of the server, RDF 1.1 syntaxes of the engine.

    git clone https://github.com/w3c/rdf-tests
    python -m benchmarks.w3c rdf-tests [--write]

The suites are not part of this project. ``--write`` puts the scores and the names of all failures into benchmarks/w3c.md. For each dataset
of a suite the server is started on it (see ``benchmarks.served``); each query is posted, and its result comes in the format that the
expected one is in, by content negotiation. A second time, all data of the suite are named graphs of one server, and each request names its
dataset, as the protocol has it. The engine is asked the same without the server: what fails only with it would be ours, and is an error.
The order of rows is not compared.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph
import rdflib
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, XSD

from agikg.store import guard
from benchmarks.served import Data, Reply, Server, load, serving

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
N_TRIPLES = "application/n-triples"
NOTHING = "https://example.org/nothing"
"""IRI of a graph that does not exist: the default graph of a dataset without one."""


class Case(NamedTuple):
    """A test: its name, kind, the node it is in its manifest, and the manifest."""

    name: str
    kind: str
    node: Any
    manifest: rdflib.Graph


Tests = list[tuple[str, Case]]
Ask = Callable[[str, str], Reply]
"""What a server replies to a query and an Accept header."""
Score = tuple[int, list[str]]
"""How many tests there are, and the names of those that fail."""


def cases(manifest: Path) -> Iterator[Case]:
    """The tests of a manifest, in order."""
    graph = rdflib.Graph().parse(manifest, format="turtle")
    (entries,) = list(graph.objects(None, MF.entries))
    for node in graph.items(entries):
        for kind in graph.objects(node, RDF.type):
            yield Case(str(node).rpartition("#")[2], str(kind).rpartition("#")[2], node, graph)


def path_of(iri: Any) -> Path:
    return Path(str(iri).removeprefix("file://"))


def files(case: Case, predicate: Any) -> tuple[str, ...]:
    """Addresses of the files that a test's default graph (``qt:data``) or named graphs (``qt:graphData``) come from."""
    return tuple(sorted(str(found) for found in case.manifest.objects(case.manifest.value(case.node, MF.action), predicate)))


def data_of(case: Case) -> tuple[Data, ...]:
    """What a test's query is asked of."""
    default = [Data(path_of(file), file, None) for file in files(case, QT.data)]
    return (*default, *(Data(path_of(file), file, file) for file in files(case, QT.graphData)))


def query_of(case: Case) -> str:
    """A test's query; its relative IRIs are resolved against the address of its file."""
    action = case.manifest.value(case.node, MF.action)
    file = case.manifest.value(action, QT.query) or action
    text = path_of(file).read_text("utf-8")
    return text if "base <" in text.casefold() else f"BASE <{file}>\n{text}"


def evaluated(case: Case, ask: Ask) -> bool:
    """Whether a query gives what it should, in a format that was asked for."""
    expected = path_of(case.manifest.value(case.node, MF.result))
    wanted = RESULTS.get(expected.suffix, "")
    reply = ask(query_of(case), f"{wanted}, {N_TRIPLES}")
    return reply.status == 200 and reply.media_type in (wanted, N_TRIPLES) and same(reply.body, expected)


def same(body: bytes, expected: Path) -> bool:
    """Whether a result is the one of a file."""
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
    """A number or truth value in one spelling: the suites compare values, and say 2 where they say 2.0 elsewhere."""
    datatype = str(getattr(term, "datatype", None)).removeprefix(str(XSD))
    if datatype == "boolean":
        return rdflib.Literal({"0": "false", "1": "true"}.get(str(term), str(term)), datatype=term.datatype, normalize=False)
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


def syntax_checked(case: Case, ask: Ask) -> bool:
    """Whether a query parses if, and only if, it should."""
    reply = ask(query_of(case), f"text/csv, {N_TRIPLES}")
    told = "" if reply.status == 200 else json.loads(reply.body)["error"]["message"]
    if case.kind.startswith("Negative"):
        return reply.status == 400 and "does not parse" in told
    # An unknown function, say, parses; it only cannot be called.
    return reply.status == 200 or (reply.status == 400 and "cannot be run" in told)


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


def found(root: Path, folders: tuple[str, ...], kinds: tuple[str, ...]) -> Tests:
    """The tests of a suite, each with its full name."""
    return [
        (f"{folder}/{case.name}", case) for folder in folders for case in cases(root / folder / "manifest.ttl") if case.kind.endswith(kinds)
    ]


def own_server(tests: Tests, test: Callable[[Case, Ask], bool]) -> Score:
    """Each dataset in a server of its own, as what a query sees that names no dataset."""
    groups: dict[tuple[Data, ...], Tests] = {}
    for name, case in tests:
        groups.setdefault(data_of(case), []).append((name, case))
    failed: set[str] = set()
    for data, group in groups.items():
        failed.update(serving(data, partial(_failing, group, test)))
    return len(tests), [name for name, _ in tests if name in failed]


def _failing(tests: Tests, test: Callable[[Case, Ask], bool], server: Server) -> list[str]:
    return [name for name, case in tests if not attempt(test, case, server.post)]


def named_dataset(tests: Tests, test: Callable[[Case, Ask], bool]) -> Score:
    """All data in one server, each file a named graph; a request says which are its default graph and its named graphs."""
    everything = sorted({file for _, case in tests for predicate in (QT.data, QT.graphData) for file in files(case, predicate)})

    def passes(server: Server, case: Case) -> bool:
        dataset: tuple[tuple[str, ...], ...] = ()
        if not guard.has_dataset(guard.tokens(query_of(case))):  # the request's dataset would take the place of the query's own
            dataset = files(case, QT.data) or (NOTHING,), files(case, QT.graphData)
        return attempt(test, case, lambda text, accept: server.post(text, accept, *dataset))

    data = [Data(path_of(file), file, file) for file in everything]
    return len(tests), serving(data, lambda server: [name for name, case in tests if not passes(server, case)])


def engine_alone(tests: Tests, test: Callable[[Case, Ask], bool]) -> Score:
    """The engine in this process: no guard, no worker, no server."""

    def ask(case: Case, text: str, accept: str) -> Reply:
        results, rdf = accept.split(", ")
        engine = pyoxigraph.Store()
        load(engine, data_of(case))
        try:
            answer: Any = engine.query(text)
        except (SyntaxError, ValueError, RuntimeError) as error:
            told = "does not parse" if isinstance(error, SyntaxError) else "cannot be run"
            return Reply(400, "", json.dumps({"error": {"message": told}}).encode())
        if isinstance(answer, pyoxigraph.QueryTriples):
            return Reply(200, rdf, answer.serialize(format=pyoxigraph.RdfFormat.from_media_type(rdf)) or b"")
        return Reply(200, results, answer.serialize(format=pyoxigraph.QueryResultsFormat.from_media_type(results)) or b"")

    return len(tests), [name for name, case in tests if not attempt(test, case, partial(ask, case))]


def no_data(tests: Tests, test: Callable[[Case, Ask], bool]) -> Score:
    """A server without data; each request names an empty dataset, because FROM a graph that is not served is refused unread."""

    def ask(server: Server) -> list[str]:
        return [name for name, case in tests if not attempt(test, case, lambda text, accept: server.post(text, accept, (NOTHING,)))]

    return len(tests), serving([], ask)


def read(tests: Tests, test: Callable[[Case], bool]) -> Score:
    """Without a server."""
    return len(tests), [name for name, case in tests if not attempt(test, case)]


def attempt(test: Callable[..., bool], *given: Any) -> bool:
    """Whether a test passes; a result that cannot be read is a failure, not the end."""
    try:
        return test(*given)
    except (ValueError, SyntaxError):
        return False


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

    evaluation = found(sparql, QUERIES, ("QueryEvaluationTest",))
    spelling = found(sparql, ("syntax-query", *QUERIES), syntax)
    formats = found(sparql, ("json-res", "csv-tsv-res"), ("QueryEvaluationTest", "CSVResultFormatTest"))
    scores = {
        "SPARQL 1.1 query evaluation": own_server(evaluation, evaluated),
        "SPARQL 1.1 query evaluation, dataset named by the request": named_dataset(evaluation, evaluated),
        "SPARQL 1.1 query syntax": no_data(spelling, syntax_checked),
        "SPARQL 1.1 results in JSON, CSV, TSV": own_server(formats, evaluated),
        **{f"RDF 1.1 {folder.removeprefix('rdf-')}": read(found(rdf, (folder,), ("",)), parse_with_base) for folder in SYNTAXES},
    }
    known = {
        *engine_alone(evaluation, evaluated)[1], *engine_alone(spelling, syntax_checked)[1], *engine_alone(formats, evaluated)[1],
        *(test for name, (_, failed) in scores.items() if name.startswith("RDF") for test in failed),
    }  # fmt: skip
    ours = {test for _, failed in scores.values() for test in failed} - known
    if ours:
        raise SystemExit(f"the engine alone passes what fails with the server: {', '.join(sorted(ours))}")
    text = report(scores)
    print(text)
    if options.write:
        (HERE / "w3c.md").write_text(text, encoding="utf-8")


def report(scores: dict[str, tuple[int, list[str]]]) -> str:
    lines = [
        "# The W3C's suites", "",
        f"pyoxigraph {pyoxigraph.__version__}, `python -m benchmarks.w3c rdf-tests --write`. What is SPARQL goes over HTTP: for each dataset the "
        "server is started on it, each query is posted, and the result comes in the format of the expected one by content negotiation. In the "
        "second row, one server holds the data of all tests as named graphs, and each request names its dataset. RDF syntaxes are read by the "
        "engine alone: the server takes no data in. The protocol's own tests are in `tests/server/test_protocol.py`.", "",
        "| suite | passed | of |", "|---|---|---|",
        *(f"| {name} | {count - len(failed)} | {count} |" for name, (count, failed) in scores.items()), "",
        "Failures by name. The engine alone, asked without the server, fails in all of them too:", "",
        *(f"- {name}: {', '.join(f'`{test}`' for test in failed)}" for name, (_, failed) in scores.items() if failed), "",
    ]  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
