"""SHACL: runs the shapes over the authored triples with pyshacl and reports in our words."""

from __future__ import annotations

from typing import Any

from agikg.build.read import Files
from agikg.errors import Problem
from agikg.store.rdflib_terms import to_rdflib
from agikg.vocab import LABEL, curie

_SH = "http://www.w3.org/ns/shacl#"
# What validation has no use for: dropping it halves the time.
_UNUSED = frozenset({LABEL})


def shape_problems(files: Files) -> list[Problem]:
    """Everything in the files that breaks a shape, each at its line."""
    from pyshacl import validate
    from rdflib import Graph, URIRef

    data = to_rdflib(quad for quad in files.quads if quad.predicate not in _UNUSED)
    shapes = Graph().parse(data=files.shapes, format="turtle")
    _, report, _ = validate(data, shacl_graph=shapes, advanced=False, inference="none", meta_shacl=False)
    if not isinstance(report, Graph):
        raise TypeError(f"pyshacl failed: {report!r}")
    found = set()
    for result in report.subjects(URIRef(f"{_SH}sourceConstraintComponent"), None):
        focus = str(report.value(result, URIRef(f"{_SH}focusNode")))
        path = report.value(result, URIRef(f"{_SH}resultPath"))
        message = str(report.value(result, URIRef(f"{_SH}resultMessage")) or "breaks a shape")
        predicate = str(path) if isinstance(path, URIRef) else _first_step(report, path)
        value = report.value(result, URIRef(f"{_SH}value"))
        given = f", not {curie(str(value))}" if isinstance(value, URIRef) and predicate is not None else ""
        found.add(files.problem(focus, predicate, f"{curie(focus)}: {message}{given}", "shape"))
    return sorted(found)


def _first_step(report: Any, path: Any) -> str | None:
    """The first predicate of a sequence path, which is the one that was written."""
    from rdflib import RDF, URIRef

    first = report.value(path, RDF.first) if path is not None else None
    return str(first) if isinstance(first, URIRef) else None
