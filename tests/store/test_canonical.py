"""One spelling for each value: compared with the engine, which keeps values only."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agikg.store import embedded
from agikg.store.canonical import canonical
from agikg.store.port import Solutions
from agikg.store.terms import IRI, Literal, Quad
from agikg.vocab import GRAPH, XSD

DIGITS = st.text("0123456789", max_size=12)


def decimal(text: str) -> Literal:
    return Literal(text, "", f"{XSD}decimal")


@pytest.mark.parametrize(
    ("datatype", "written", "spelt"),
    [
        ("decimal", "0.70", "0.7"), ("decimal", "40", "40.0"), ("decimal", "040.00", "40.0"), ("decimal", "+1.5", "1.5"), ("decimal", "-0.0", "0.0"),
        ("decimal", ".5", "0.5"), ("decimal", "5.", "5.0"), ("decimal", "-00.50", "-0.5"), ("decimal", "100", "100.0"), ("decimal", "0", "0.0"),
        ("integer", "007", "7"), ("integer", "+7", "7"), ("integer", "-0", "0"), ("integer", "100", "100"), ("boolean", "1", "true"),
        ("boolean", "0", "false"), ("boolean", "true", "true"), ("decimal", ".", "."), ("decimal", "", ""), ("decimal", "1e3", "1e3"),
        ("integer", "1.0", "1.0"), ("integer", "-", "-"), ("boolean", "yes", "yes"), ("string", "0.70", "0.70"), ("date", "2025-01-01", "2025-01-01"),
        ("decimal", "1.5\n", "1.5\n"), ("integer", "٣", "٣"),
    ],
)  # fmt: skip
def test_spellings(datatype: str, written: str, spelt: str) -> None:
    assert canonical(Literal(written, "", XSD + datatype)) == Literal(spelt, "", XSD + datatype)


@pytest.mark.parametrize(
    ("written", "datatype"),
    [("2147483647", "decimal"), ("2147483648", "integer"), ("-43500000000.00", "integer"), ("2147483648.5", "decimal")],
)
def test_large_whole_numbers_are_integers(written: str, datatype: str) -> None:
    assert canonical(decimal(written)).datatype == XSD + datatype


@given(st.sampled_from(["", "+", "-"]), DIGITS, st.none() | DIGITS)
def test_the_value_stays_and_a_second_time_changes_nothing(sign: str, whole: str, part: str | None) -> None:
    text = sign + whole + ("" if part is None else f".{part}")
    found = canonical(decimal(text))
    if whole or part:
        assert Decimal(found.value) == Decimal(text)
    assert canonical(found) == found


@given(st.sampled_from(["", "+", "-"]), DIGITS, DIGITS)
def test_what_an_engine_gives_back_is_spelt_as_what_it_got(sign: str, whole: str, part: str) -> None:
    written = decimal(f"{sign}{whole}.{part}") if whole or part else decimal("0")
    line = Quad(IRI("http://a.org/s"), IRI("http://a.org/p"), written, f"{GRAPH}g").n3() + "\n"
    found = embedded.in_memory(line.encode(), "sha256:0", 1).query("SELECT ?o { ?s ?p ?o }")
    assert isinstance(found, Solutions)
    given_back = found.rows[0][0]
    assert isinstance(given_back, Literal)
    assert canonical(given_back) == canonical(written)
