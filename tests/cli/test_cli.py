"""The command line: the same facts in every format, exit codes, one clear message for every fault."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agikg.cli.layout import pad, table, width, wrap
from tests.conftest import WHITEPAPER, Ran, run_process

Cli = Callable[..., Ran]
READING = [
    ("ask", "what depends on SMIC DUV"), ("show", "910C"), ("dependents", "smic", "duv"), ("dependencies", "910C"), ("path", "ByteDance", "SMIC"),
    ("query",), ("query", "timeline", "entity=910C"), ("sparql", "SELECT ?s { ?s a agi:Chip } LIMIT 3"), ("claims", "--about", "910C"),
    ("sources",), ("entities", "--layer", "chips"), ("whatif", "--deny", "SMIC DUV", "--capacity", "Hygon=0.5"),
    ("whatif", "--deny", "smic-duv", "--lift", "us-export-controls"), ("chokepoints", "--for", "910C", "--stability"),
    ("cutsets", "DeepSeek", "all-in-one", "--order", "4"), ("cutsets", "910C", "--evidence", "claims"), ("importance", "910C"),
    ("importance", "910C", "--deny", "SMIC"), ("changes", "910C", "--from", "2019"), ("dependencies", "910B", "--with", "910C"),
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=" ".join)
@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "csv", "tsv", "md"])
def test_every_reading_command_in_every_format(kg: object, agikg: Cli, command: tuple[str, ...], format_: str) -> None:
    ran = agikg(*command, "--format", format_)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.strip()
    if format_ == "json":
        json.loads(ran.out)
    elif format_ == "jsonl":
        assert all(isinstance(json.loads(line), dict) for line in ran.out.splitlines())
    elif format_ in ("csv", "tsv"):
        rows = list(csv.reader(io.StringIO(ran.out), delimiter="," if format_ == "csv" else "\t"))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
    elif format_ == "md":
        assert re.match(r"\|.*\|\n\|( --- \|)+\n\|", ran.out)


def test_claims_dump_has_the_keys_of_the_contract(kg: object, agikg: Cli) -> None:
    keys = [
        "id",
        "subject",
        "subject_label",
        "predicate",
        "object",
        "object_label",
        "value",
        "value_high",
        "unit",
        "bound",
        "modality",
        "attributed_to",
        "valid_from",
        "valid_until",
        "published",
        "source",
        "locator",
        "fingerprint",
        "statement",
        "confidence",
        "supersedes",
        "disputes",
    ]
    lines = agikg("claims", "--format", "jsonl").out.splitlines()
    assert len(lines) > 150
    for line in lines:
        assert list(json.loads(line))[: len(keys)] == keys


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("dependents", "Nosuchthing"), 3, "no entity is called"),
        (("show", "ASMLL"), 3, "no entity"),
        (("ask", "what is the weather"), 3, ""),
        (("ask",), 2, "no question"),
        (("nonsense",), 2, "No such command"),
        (("dependents",), 2, "Missing argument"),
        (("dependents", "910C", "--depth", "0"), 2, "--depth"),
        (("dependents", "910C", "--as-of", "someday"), 2, "not a date"),
        (("dependents", "910C", "--source", "nobody"), 2, "no source is called"),
        (("dependents", "910C", "--store", "/no/such/place"), 5, "there is no store"),
        (("dependents", "910C", "--store", "ftp://a.org/sparql"), 2, "not a URL"),
        (("dependents", "910C", "--store", "http://127.0.0.1:9/sparql"), 5, "cannot be reached"),
        (("path", "SMIC", "DUV", "Nosuch", "Thing"), 2, "cannot tell two names"),
        (("query", "nonsense"), 2, "no query is called"),
        (("query", "timeline"), 2, "needs entity"),
        (("query", "timeline", "entity"), 2, "key=value"),
        (("query", "timeline", "entity=Nosuchthing"), 3, "no entity"),
        (("sparql", "SELECT * { ?s"), 2, "does not parse"),
        (("sparql", "INSERT DATA { e:x a agi:Chip }"), 2, "read-only"),
        (("sparql", "SELECT * { SERVICE <http://a.org/> { ?s ?p ?o } }"), 2, "SERVICE"),
        (("sparql", "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"), 2, "not a graph of the snapshot"),
        (("sparql", "(" * 6400), 4, "nests deeper"),
        (("sparql", "-f", "/no/such/place.rq"), 5, "cannot read"),
        (("sparql", "ASK {}", "-f", "x.rq"), 2, "not both"),
        (("claims", "--predicate", "nonsense"), 2, "no predicate"),
        (("claims", "--modality", "nonsense"), 2, "no modality"),
        (("entities", "--layer", "nonsense"), 2, "no layer"),
        (("entities", "--kind", "nonsense"), 2, "no class"),
        (("verify", "nobody", __file__), 3, "no entity is called 'nobody'"),
        (("verify", "sinolytics-2025", __file__), 2, "none of the sections"),
        (("verify", "sinolytics-2025", "/no/such/place"), 5, "cannot read"),
        (("verify", "sinolytics-2025", "/dev/zero"), 5, "not a regular file"),
    ],
)
def test_exit_codes_and_messages(kg: object, agikg: Cli, arguments: tuple[str, ...], code: int, message: str) -> None:
    ran = agikg(*arguments)
    assert ran.code == code, ran
    assert message in ran.err
    assert "Traceback" not in ran.err


def test_a_file_of_the_users_that_is_not_there(small: Path, agikg: Cli) -> None:
    ran = agikg("validate", "/no/such/place.ttl")
    assert ran.code == 2, ran
    assert "cannot be read" in ran.err
    assert "Traceback" not in ran.err


def test_a_runaway_query_is_stopped(kg: object, agikg: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_QUERY_SECONDS", "1")
    ran = agikg("sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    assert ran.code == 4
    assert "longer than 1 s" in ran.err


def test_settings_that_are_no_numbers(kg: object, agikg: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_QUERY_SECONDS", "soon")
    assert agikg("sparql", "ASK {}").code == 2


def test_broken_data_name_file_and_line_and_keep_the_snapshot(small: Path, agikg: Cli) -> None:
    assert agikg("build").code == 0
    file = small / "graph" / "demo" / "demo.ttl"
    file.write_text(file.read_text(encoding="utf-8").replace("e:acme ;", "e:nobody ;"), encoding="utf-8")
    for command in ("build", "validate"):
        ran = agikg(command)
        assert ran.code == 2
        assert re.search(r"graph/demo/demo\.ttl:\d+: c:demo\.all-1-1c: object e:nobody is not an entity", ran.err)
    ran = agikg("dependents", "Line A")
    assert ran.code == 0
    assert "last good snapshot" in ran.err
    assert "Chip One" in ran.out


def test_verify_and_fingerprints(kg: object, agikg: Cli, tmp_path: Path, whitepaper: str) -> None:
    ran = agikg("verify", "sinolytics-2025", str(WHITEPAPER))
    assert ran.code == 0
    tampered = tmp_path / "tampered.txt"
    tampered.write_text(whitepaper.replace("910C yield rate to nearly 40%", "910C yield rate to nearly 90%"), encoding="utf-8")
    ran = agikg("verify", "sinolytics-2025", str(tampered))
    assert ran.code == 2
    assert re.search(r"tampered\.txt:\d+: chips ¶4 s4: its words differ", ran.out)
    assert "p:sinolytics-2025.chips-4-4 a agi:Passage" in agikg("fingerprints", "sinolytics-2025", str(tampered)).out


def test_a_store_on_disk(small: Path, agikg: Cli, tmp_path: Path) -> None:
    folder = str(tmp_path / "store")
    assert agikg("build", "--store", folder).code == 0
    here = agikg("dependents", "Line A", "--store", folder, "--format", "json").out
    assert here == agikg("dependents", "Line A", "--format", "json").out
    assert "Chip One" in here
    assert agikg("sparql", "ASK { e:acme a agi:Company }", "--store", folder).out == "true\n"
    (file, *_) = [f for f in (tmp_path / "store" / "oxigraph").iterdir() if f.suffix == ".sst"]
    file.write_bytes(file.read_bytes()[:-10])
    ran = agikg("query", "layers", "--store", folder)
    assert ran.code == 5
    assert "damaged" in ran.err


def test_spreadsheets_get_no_formulas(kg: object, agikg: Cli) -> None:
    out = agikg("sparql", "SELECT ('=1+1' AS ?a) ('@x' AS ?b) (-5 AS ?c) {}", "--format", "csv").out
    assert out.splitlines()[1] == "'=1+1,'@x,-5"


def test_terminals_get_no_control_characters(kg: object, agikg: Cli) -> None:
    assert "\x1b" not in agikg("sparql", "SELECT ('\\u001b[31mred' AS ?x) {}").out


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_lines_fit_the_terminal(kg: object, agikg: Cli, monkeypatch: pytest.MonkeyPatch, columns: int, command: tuple[str, ...]) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = agikg(*command).out.splitlines()
    assert max(map(width, lines)) <= columns


def test_chinese_is_aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert width("昇腾910C") == 8
    assert pad("昇腾", 6) == "昇腾  "
    assert wrap("中芯国际的光刻机", 6) == ["中芯国", "际的光", "刻机"]
    monkeypatch.setenv("COLUMNS", "60")
    rows = table(("a", "b"), [("昇腾", "x"), ("Ascend", "y")]).splitlines()[2:]
    assert [width(row[: row.index(mark)]) for row, mark in zip(rows, "xy", strict=True)] == [8, 8]


def test_json_is_pure_and_colour_stays_out_of_pipes(kg: object) -> None:
    ran = run_process("ask", "what depends on SMIC DUV", "--format", "json", AGIKG_HOME=os.environ["AGIKG_HOME"])
    assert json.loads(ran.out)["status"] == "answered"
    assert "\x1b" not in run_process("show", "910C").out
    assert "\x1b[" in run_process("show", "910C", FORCE_COLOR="1").out
    assert "\x1b" not in run_process("show", "910C", FORCE_COLOR="1", NO_COLOR="1").out


def test_narrow_locales_and_closed_pipes(kg: object) -> None:
    ran = run_process("show", "910C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    assert ran.code == 0
    command = f"{sys.executable} -m agikg claims | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_a_query_from_standard_input(kg: object) -> None:
    assert run_process("sparql", input_="ASK { e:huawei a agi:Company }").out == "true\n"
    assert run_process("sparql", "-f", "-", input_="ASK {}").out == "true\n"


def test_nothing_heavy_is_loaded_for_help_and_warm_answers(kg: object) -> None:
    heavy = ["rdflib", "networkx", "pyvis", "pyshacl", "rich", "pydantic", "pyoxigraph", "numpy", "rapidfuzz", "pypinyin", "oxrdflib"]
    for arguments in (
        ["--help"],
        ["ask", "what depends on SMIC DUV"],
        ["dependents", "smic duv"],
        ["show", "910C"],
        ["path", "SMIC", "Huawei"],
    ):
        code = (
            "import sys, contextlib, io\nfrom agikg.cli import main\n"
            f"with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main({arguments!r})\n"
            f"print([name for name in {heavy!r} if name in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "[]", arguments


def test_completion_offers_slugs(kg: object) -> None:
    ran = run_process("", _AGIKG_COMPLETE="bash_complete", COMP_WORDS="agikg show asc", COMP_CWORD="2")
    assert "ascend-910c" in ran.out
