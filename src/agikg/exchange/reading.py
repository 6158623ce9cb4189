"""Opens what the user wants to import and has it read by a child process. Knows files and limits, no meaning."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from agikg import settings
from agikg.errors import BadInput, InvalidGraph, LimitHit, NotFound, Problem
from agikg.exchange.bundle import MARK
from agikg.exchange.tables import Line
from agikg.store.canonical import canonical_quad
from agikg.store.child import run_child
from agikg.store.positions import Part, Positions
from agikg.store.syntax import parse

ENDINGS = {
    ".ttl": "turtle", ".trig": "trig", ".trig12": "trig", ".nt": "ntriples", ".nq": "nquads", ".rdf": "rdfxml", ".owl": "rdfxml",
    ".xml": "rdfxml", ".jsonld": "jsonld", ".json": "jsonld", ".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".zip": "zip",
}  # fmt: skip
SYNTAXES = (*dict.fromkeys(ENDINGS.values()), "eto")
ETO_FILES = ("inputs.csv", "providers.csv", "provision.csv", "sequence.csv", "stages.csv")


@dataclass(frozen=True)
class Read:
    """What files hold, before anybody asked what it means.

    Attributes:
        format: what they were read as.
        parts: of RDF files.
        lines: rows of tables.
    """

    format: str
    parts: list[Part] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def read(place: str, syntax: str | None = None) -> Read:
    """Reads a file, or a folder of tables.

    Args:
        place: the file or folder.
        syntax: one of ``SYNTAXES``; told by the ending if None.

    Raises:
        NotFound: nothing there, or not a regular file.
        BadInput: the ending says nothing.
        InvalidGraph: it does not parse; every fault with its line.
        LimitHit: too large, or reading it takes too long or too much memory.
    """
    files = _files(Path(place), place, syntax)
    contents = [(path, chosen, _content(file, path)) for file, path, chosen in files]
    if sum(len(data) for _, _, data in contents) > settings.value("import_bytes"):
        raise _too_large(place)
    answer = _in_child(contents, place)
    if answer["problems"]:
        raise InvalidGraph([Problem(*problem) for problem in answer["problems"]])
    parts = [_part(*part) for part in answer["parts"]]
    return Read("csv" if files[0][2] == "zip" else files[0][2], parts, [Line(*line) for line in answer["lines"]])


def _files(file: Path, shown: str, syntax: str | None) -> list[tuple[Path, str, str]]:
    """The files to read: path, how to name it, syntax."""
    if syntax is not None and syntax not in SYNTAXES:
        raise BadInput(f"no format is called {syntax!r}", hint=f"the formats: {', '.join(SYNTAXES)}")
    if file.is_dir():
        return _of_folder(file, shown, syntax)
    chosen = syntax or ENDINGS.get(PurePath(shown).suffix.casefold())
    if chosen is None or chosen == "eto":
        what = "is not a folder" if chosen else "does not say in which format"
        raise BadInput(f"{shown} {what}", hint=f"one of the endings {', '.join(ENDINGS)}, or --format; the ETO dataset is a folder")
    return [(file, shown, chosen)]


def _of_folder(folder: Path, shown: str, syntax: str | None) -> list[tuple[Path, str, str]]:
    from agikg.exchange.schema import TABLES

    present = {entry.name for entry in folder.iterdir()}
    if syntax == "eto" or (syntax is None and present.issuperset(ETO_FILES)):
        missing = [name for name in ETO_FILES if name not in present]
        if missing:
            raise NotFound(f"{shown} lacks {', '.join(missing)}", hint="the folder data/ of georgetown-cset/eto-supply-chain has them")
        return [(folder / name, f"{shown.rstrip('/')}/{name}", "eto") for name in ETO_FILES]
    names = [f"{table.name}.csv" for table in TABLES if f"{table.name}.csv" in present]
    if not names or syntax not in (None, "csv"):
        raise BadInput(
            f"{shown} is a folder without tables",
            hint=f"a folder has {MARK} and claims.csv, as agikg export writes it, or the ETO dataset's {', '.join(ETO_FILES)}",
        )
    return [(folder / name, f"{shown.rstrip('/')}/{name}", "csv") for name in names]


def _content(file: Path, shown: str) -> bytes:
    """The bytes of a regular file; what it is, is asked of the opened file, so that nobody can change it in between."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise NotFound(f"cannot read {shown}: {error.strerror}") from None
    with os.fdopen(handle, "rb") as opened:
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise BadInput(f"{shown} is not a regular file", hint="save it as a file first")
            most = int(settings.value("import_bytes"))
            data = opened.read(most + 1)
        except OSError as error:
            raise NotFound(f"cannot read {shown}: {error.strerror}") from None
    if len(data) > most:
        raise _too_large(shown)
    return data


def _too_large(shown: str) -> LimitHit:
    return LimitHit(f"{shown} has more than {settings.value('import_bytes'):,.0f} bytes", hint="split it, or raise AGIKG_IMPORT_BYTES")


def _in_child(contents: Sequence[tuple[str, str, bytes]], shown: str) -> dict[str, Any]:
    order = {
        "memory": settings.value("worker_memory"),
        "nesting": settings.value("query_nesting"),
        "most": settings.value("import_bytes"),
        "files": [[path, syntax, len(data)] for path, syntax, data in contents],
    }
    seconds = settings.value("import_seconds")
    late = LimitHit(f"reading {shown} took longer than {seconds:g} s and was stopped", hint="split it, or raise AGIKG_IMPORT_SECONDS")
    payload = b"\n".join([json.dumps(order).encode("utf-8"), b"".join(data for _, _, data in contents)])
    answer = run_child("agikg.exchange.parsing", payload, seconds, late)
    found: dict[str, Any] = {} if answer is None else json.loads(answer)
    if not found or found.get("memory"):
        raise LimitHit(f"{shown} is too deep or too large to be read and was given up", hint="split it, or raise AGIKG_WORKER_MEMORY")
    return found


def _part(path: str, quads: str, subjects: dict[str, int], predicates: list[tuple[str, str, int]]) -> Part:
    positions = Positions(subjects, {(subject, predicate): line for subject, predicate, line in predicates}, [], 0)
    return Part(path, positions, list(map(canonical_quad, parse(quads.encode("utf-8"), ".nq"))))
