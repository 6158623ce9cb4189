"""Files that are broken, huge, or mean harm: nothing is imported, the line is named, no traceback, nothing reaches out."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from agikg import imported
from agikg.errors import BadInput, InvalidGraph, LimitHit, NotFound
from agikg.exchange.guards import Fault
from agikg.exchange.parsing import rdf
from agikg.exchange.reading import read
from agikg.exchange.tables import csv_lines, json_lines, zip_tables
from agikg.kg import KnowledgeGraph
from agikg.kg.imports import Imports
from tests.conftest import Ran
from tests.exchange.conftest import CLAIMS

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="http://x/">&c;</rdf:Description></rdf:RDF>"""
XXE = """<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://s/"><rdf:Description rdf:about="http://x/"><s:p>&secret;</s:p></rdf:Description></rdf:RDF>"""
OK_TURTLE = "<http://x/a> <http://x/b> <http://x/c> .\n"


def context(value: object) -> str:
    return json.dumps({"@context": value, "@id": "http://x/a", "http://x/p": "x"}, indent=1)


@pytest.mark.parametrize(
    ("syntax", "text", "message", "line"),
    [
        ("rdfxml", BOMB, "DTD", 2),
        ("rdfxml", XXE, "DTD", 2),
        ("rdfxml", "<?xml version='1.0' encoding='latin-1'?><a/>", "UTF-8", 1),
        ("rdfxml", "<a>\n" * 300 + "</a>" * 300, "nest", 201),
        ("rdfxml", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\n<rdf:Description", "does not parse", 2),
        ("jsonld", context("https://example.org/context.jsonld"), "fetched", 2),
        ("jsonld", context("file:///etc/passwd"), "fetched", 2),
        ("jsonld", context("other.jsonld"), "fetched", 2),
        ("jsonld", context([{"a": "http://x/"}, "https://example.org/"]), "fetched", 6),
        ("jsonld", context({"@import": "https://example.org/"}), "fetched", 3),
        ("jsonld", "[" * 100_000 + "]" * 100_000, "nest", 1),
        ("jsonld", '{"a": 1,\n "a": 2}', "twice", 0),
        ("jsonld", '{"@id": "http://x/a", "http://x/p": NaN}', "NaN", 0),
        ("jsonld", '{"@id": "http://x/a", "http://x/p": "\\ud800"}', "surrogate", 0),
        ("jsonld", '{"@id": "http://x/a",\n"http://x/p":', "does not parse", 2),
        ("turtle", OK_TURTLE + "(" * 100_000, "nest", 1),
        ("turtle", "<http://x/a> <http://x/b> " + "<<( <http://x/a> <http://x/b> " * 5_000, "nest", 1),
        ("turtle", OK_TURTLE + "<http://x/a> <http://x/b> <<( <http://x/a> <http://x/b> 1 )>> .", "triple term", 0),
        ("turtle", OK_TURTLE + "<relative> <http://x/b> 1 .", "does not parse", 2),
        ("turtle", OK_TURTLE + "<http://x/a> <http://x/b>", "does not parse", 2),
        ("ntriples", OK_TURTLE + "<http://x/a> <http://x/b> <http", "does not parse", 2),
        ("nquads", OK_TURTLE + '<http://x/a> <http://x/b> "open', "does not parse", 2),
        ("trig", "<http://x/g> {\n" + OK_TURTLE, "does not parse", 3),
    ],
)  # fmt: skip
def test_rdf_that_is_refused(syntax: str, text: str, message: str, line: int) -> None:
    with pytest.raises(Fault, match=message) as caught:
        rdf(text.encode(), syntax, 200)
    assert caught.value.line == line


@pytest.mark.parametrize("syntax", ["turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld"])
@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("é".encode("latin-1"), "UTF-8"),
        ("a".encode("utf-16"), "UTF-16"),
        (b"a\x00b", "zero byte"),
        (b"\xed\xa0\x80", "UTF-8"),
        (b"\n\n\xff", "UTF-8"),
    ],
)
def test_what_is_not_utf_8_is_refused(syntax: str, data: bytes, message: str) -> None:
    with pytest.raises(Fault, match=message) as caught:
        rdf(data, syntax, 200)
    assert caught.value.line == data.count(b"\n") + 1


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "empty", 1),
        ("a,b\n1,2,3\n", "3 cells where the header has 2", 2),
        ("a,b\n1,2\n\n1\n", "1 cells", 4),
        ('a,b\n1,"open\n2\n', "does not parse", 3),
        ('a,b\n1,"x"y\n', "does not parse", 2),
        ("a,a\n1,2\n", "stands twice", 1),
        ("a,\n1,2\n", "no name", 1),
        ("a\n" + "x" * 2_000_000 + "\n", "does not parse", 2),
        ("a,b\n1,2\n1,", "does not end", 3),
        ("a,b\n1,\x00\n", "zero byte", 2),
    ],
)  # fmt: skip
def test_tables_that_are_refused(text: str, message: str, line: int) -> None:
    with pytest.raises(Fault, match=message) as caught:
        list(csv_lines("x.csv", text.encode(), "claim"))
    assert caught.value.line == line


def test_tables_as_spreadsheets_write_them() -> None:
    for text in ("\ufeffa;b\r\n1;'=2\r\n", "a\tb\n1\t'=2\n", 'a,b\n"1","\'=2"\n'):
        (line,) = csv_lines("x.csv", text.encode(), "claim")
        assert (line.line, line.cells) == (2, {"a": "1", "b": "=2"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "not a JSON object"), ('{"a": 1', "does not parse"), ('{"a": 1, "a": 2}', "twice"), ('{"type": "person"}', "none of"),
        ('{"a": Infinity}', "no number"), ('{"a": "\\udfff"}', "surrogate"), ('{"a": ' * 300 + "1" + "}" * 300, "nest"),
    ],
)  # fmt: skip
def test_lines_that_are_refused(text: str, message: str) -> None:
    with pytest.raises(Fault, match=message) as caught:
        list(json_lines("x.jsonl", f'{{"id": "x"}}\n{text}\n'.encode(), 200))
    assert caught.value.line == 2


def archive(files: dict[str, bytes], **more: object) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = int(str(more.get("mode", 0o644))) << 16
            made.writestr(entry, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive({"../claims.csv": b"a\n"}), "no folders"),
        (archive({"/claims.csv": b"a\n"}), "no folders"),
        (archive({"x\\claims.csv": b"a\n"}), "no folders"),
        (archive({"claims.csv": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), "links"),
        (archive({"claims.csv": b"a\n" + b"0" * 30_000_000}), "unpacks to more"),
        (archive({"notes.txt": b"hello"}), "no table"),
        (archive({"claims.csv": b"a\nb\n" * 1000})[:-30], "not a whole zip"),
        (archive({"claims.csv": os.urandom(1000)}).replace(b"PK\x03\x04", b"PK\x03\x05", 1), "not a whole zip"),
        (b"PK", "not a whole zip"),
    ],
)  # fmt: skip
def test_archives_that_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(Fault, match=message):
        zip_tables(data, 67_108_864)


# --- with files and processes ---------------------------------------------------------------------------------------


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.ttl")
    (tmp_path / "device.ttl").symlink_to("/dev/zero")
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "link.ttl").symlink_to(tmp_path / "nothing")
    for name, kind, message in (
        ("fifo.ttl", BadInput, "not a regular file"),
        ("device.ttl", BadInput, "not a regular file"),
        ("folder.ttl", BadInput, "without tables"),
        ("link.ttl", NotFound, "No such file"),
        ("missing.ttl", NotFound, "No such file"),
        ("name\nwith\x1b[31m.ttl", NotFound, "No such file"),
    ):
        with pytest.raises(kind, match=message):
            read(str(tmp_path / name))
    with pytest.raises((NotFound, InvalidGraph)):
        read("/proc/self/mem", "turtle")


def test_limits_of_size_time_and_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.ttl"
    file.write_text(f'<http://x/a> <http://x/b> "{"x" * 10_000_000}" .\n', encoding="utf-8")
    for variable, value, message in (
        ("AGIKG_IMPORT_BYTES", "1000", "more than 1,000 bytes"),
        ("AGIKG_IMPORT_SECONDS", "0.001", "took longer"),
        ("AGIKG_WORKER_MEMORY", "100000000", "too deep or too large"),
    ):
        with monkeypatch.context() as patch, pytest.raises(LimitHit, match=message):
            patch.setenv(variable, value)
            read(str(file))
    assert len(read(str(file)).parts[0].quads) == 1


@pytest.mark.parametrize(
    ("ending", "cut"), [("ttl", 0.3), ("ttl", 0.9), ("nq", 0.5), ("trig", 0.6), ("jsonld", 0.9), ("rdf", 0.5), ("jsonl", 0.7), ("zip", 0.8)]
)
def test_a_truncated_file_imports_nothing(
    demo: KnowledgeGraph, small: Path, tmp_path: Path, ending: str, cut: float, agikg: Callable[..., Ran]
) -> None:
    file = tmp_path / f"part.{ending}"
    demo.export(str(file))
    data = file.read_bytes()
    end = int(len(data) * cut)
    while data[end - 1 : end] in (b"\n", b".", b" "):  # a file that ends with a statement is whole
        end -= 1
    file.write_bytes(data[:end])
    done = agikg("import", str(file))
    assert done.code == 2
    assert f"{file}" in done.err
    assert ending == "zip" or re.search(rf"{re.escape(str(file))}:\d+: ", done.err)
    assert "Traceback" not in done.err
    assert imported.all_sets(Imports().folder) == ()


def test_a_broken_row_keeps_the_whole_file_out(small: Path, claims: Path, agikg: Callable[..., Ran]) -> None:
    claims.write_text(
        CLAIMS
        + "Chip Three,is fabricated with,Line A,Chip Three is made on Line A.,mine,,,,,,,,,,\n"
        + "Chip Two,fabricatedWiht,Line A,Chip Two is made on Line A once more.,mine,,,,,,,,,,\n"
        + "Chip Two,yield,,The yield of Chip Two is said to be good.,mine,,,,,,,,,,\n"
        + "Chip Two,developedBy,Acme,Chip Two is a design of Acme.,nobody,,,,,,,,,,\n",
        encoding="utf-8",
    )
    done = agikg("import", "--dry-run", str(claims))
    assert done.code == 2
    for line, what in ((4, "no entity is called 'Chip Three'"), (5, "near it: fabricatedWith"), (7, "'nobody' is new")):
        assert any(text.startswith(f"{claims}:{line}: ") and what in text for text in done.err.splitlines()), done.err
    assert agikg("import", str(claims)).code == 2
    assert imported.all_sets(Imports().folder) == ()


def test_a_file_of_another_kind_is_given_up(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(
        "subject,predicate,object,source\n" + "".join(f"Thing {n},does,Thing {n},nobody\n" for n in range(5000)), encoding="utf-8"
    )
    with pytest.raises(InvalidGraph) as caught:
        Imports().add(str(file))
    assert len(caught.value.problems) <= 1004
    assert any("not looked at" in problem.message for problem in caught.value.problems)


def test_rows_that_pass_alone_meet_all_checks_of_the_graph(small: Path, claims: Path, agikg: Callable[..., Ran]) -> None:
    """The checks of docs/checks.md apply, at the lines of the user's file."""
    header = "subject,predicate,object,value,statement,source,subject_kind,subject_layer\n"
    claims.write_text(
        header
        + "Chip One,yield,,400,The yield of Chip One is 400 percent.,demo,,\n"
        + "Acme,is fabricated with,Line A,,Acme is made on Line A or so.,demo,,\n"
        + "C1 <script>,developedBy,Acme,,C1 <script> is a design of Acme.,demo,Chip,chips\n",
        encoding="utf-8",
    )
    done = agikg("import", str(claims))
    assert done.code == 2
    for line, check in ((2, "S2"), (3, "R2"), (4, "L3")):
        assert any(text.startswith(f"{claims}:{line}: ") and text.endswith(f"[{check}]") for text in done.err.splitlines()), done.err
