"""Runs an outside query in a process of its own, which can be killed.

An 8 kB query can kill the process that hosts the engine, and the engine cannot be told to stop; so the query
runs in a child with a deadline and a memory limit, and the parent only reads what the child prints.
``python -m agikg.store.worker`` is the child.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from agikg import settings
from agikg.errors import AgikgError, BadQuery, Damaged, LimitHit, NotFound, OutOfTime, StoreError, TooLarge
from agikg.store import guard
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.terms import IRI, Blank, Literal, Quad, Term

PASSED_ON: dict[str, type[AgikgError]] = {kind.__name__: kind for kind in (BadQuery, LimitHit, TooLarge, StoreError, NotFound, Damaged)}
"""Errors that a child tells by name."""


class Place(NamedTuple):
    """Where a child finds the graph.

    Attributes:
        path: an N-Quads snapshot or the folder of a store on disk.
        content_hash: ``sha256:...`` of the snapshot.
        quads: number of quads it holds.
    """

    path: Path
    content_hash: str
    quads: int


def run(place: Place, text: str) -> Result:
    """Checks a query and runs it in a child process.

    Args:
        place: the graph.
        text: the query, from outside.

    Raises:
        ForbiddenQuery, BadQuery: see ``guard.check``.
        LimitHit: out of time, rows or memory, or the engine died of the query.
        StoreError: the store cannot be read.
    """
    guard.check(text)
    order = {"place": str(place.path), "content": place.content_hash, "quads": place.quads, "query": text}
    order |= {"rows": settings.value("query_rows"), "memory": settings.value("worker_memory")}
    seconds = settings.value("query_seconds")
    command = [sys.executable, "-m", "agikg.store.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        try:
            answer, _ = child.communicate(json.dumps(order).encode("utf-8"), timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            raise OutOfTime(
                f"the query ran longer than {seconds:g} s and was stopped", hint="narrow it, or raise AGIKG_QUERY_SECONDS"
            ) from None
        except BaseException:
            child.kill()
            raise
    if child.returncode != 0 or not answer:
        raise LimitHit("the query was too deep or too large for the engine and was stopped", hint="simplify it")
    return _read(json.loads(answer))


def _read(answer: dict[str, Any]) -> Result:
    if "error" in answer:
        raise PASSED_ON.get(answer["error"], StoreError)(answer["message"], hint=answer["hint"])
    if "truth" in answer:
        return Truth(answer["truth"])
    if "triples" in answer:
        return Triples(tuple(Quad(*map(_decode, row)) for row in answer["triples"]))  # type: ignore[arg-type]
    return Solutions(tuple(answer["columns"]), tuple(tuple(map(_decode, row)) for row in answer["rows"]))


def _encode(term: Term | None) -> Any:
    if term is None:
        return None
    if isinstance(term, Literal):
        return list(term)
    return {"b": str(term)} if isinstance(term, Blank) else str(term)


def _decode(term: Any) -> Term | None:
    if term is None:
        return None
    if isinstance(term, list):
        return Literal(*term)
    return Blank(term["b"]) if isinstance(term, dict) else IRI(term)


def _encode_quad(quad: Quad) -> list[Any]:
    return [_encode(quad.subject), _encode(quad.predicate), _encode(quad.object)]


def _write(result: Result, limit: float) -> dict[str, Any]:
    if isinstance(result, Truth):
        return {"truth": result.value}
    count = len(result.rows) if isinstance(result, Solutions) else len(result.triples)
    if count > limit:
        raise TooLarge(f"the query has more than {limit:.0f} rows", hint="add LIMIT, or raise AGIKG_QUERY_ROWS")
    if isinstance(result, Triples):
        return {"triples": [_encode_quad(quad) for quad in result.triples]}
    return {"columns": result.columns, "rows": [[_encode(term) for term in row] for row in result.rows]}


def limit_memory(size: float) -> None:
    """Bounds the address space of this process, in bytes, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (int(size), int(size)))


def main() -> None:
    """The child: one order in, one answer out."""
    from agikg.store import embedded

    order = json.load(sys.stdin)
    limit_memory(order["memory"])
    place = Path(order["place"])
    try:
        on_disk = place.is_dir()
        store = embedded.on_disk(place) if on_disk else embedded.in_memory(place.read_bytes(), order["content"], order["quads"])
        answer = _write(store.query(order["query"]), order["rows"])
    except AgikgError as error:
        answer = {"error": type(error).__name__, "message": error.message, "hint": error.hint}
    except MemoryError:
        answer = {"error": "LimitHit", "message": "the query needs more memory than allowed", "hint": "narrow it"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
