"""One spelling for each number and truth value. Knows literals only.

Engines keep the value of a number, not its spelling: Oxigraph and Virtuoso answer "0.7" for "0.70", and some say "1" for
"true"; Virtuoso loads an integer beyond 32 bits as a decimal. A snapshot therefore holds one spelling a value, so that it can be
read back from any engine, byte for byte.
"""

from __future__ import annotations

import re

from agikg.store.terms import Literal, Quad
from agikg.vocab import XSD

_INTEGER, _DECIMAL, _BOOLEAN = f"{XSD}integer", f"{XSD}decimal", f"{XSD}boolean"
_NUMBER = re.compile(r"(?P<sign>[+-]?)0*(?P<whole>\d*)(?:\.(?P<part>\d*?)0*)?", re.ASCII)
_LARGE = 2**31
_TRUTH = {"1": "true", "0": "false"}


def canonical(literal: Literal) -> Literal:
    """The literal in the canonical form of XML Schema: ``0.70`` is ``0.7``, ``40`` as a decimal ``40.0``, ``1`` as a boolean ``true``.

    A whole decimal beyond 32 bits becomes an integer, which is a decimal too. Only integers, decimals and booleans are respelt;
    every other literal, and one that is not valid, is returned as it is.
    """
    if literal.datatype == _BOOLEAN:
        return literal._replace(value=_TRUTH.get(literal.value, literal.value))
    if literal.datatype not in (_INTEGER, _DECIMAL):
        return literal
    match = _NUMBER.fullmatch(literal.value)
    if match is None or not re.search(r"[0-9]", literal.value) or (literal.datatype == _INTEGER and "." in literal.value):
        return literal
    whole, part = match["whole"] or "0", match["part"] or "0"
    sign = "-" if match["sign"] == "-" and (whole, part) != ("0", "0") else ""
    if literal.datatype == _INTEGER or (part == "0" and int(whole) >= _LARGE):
        return Literal(f"{sign}{whole}", "", _INTEGER)
    return literal._replace(value=f"{sign}{whole}.{part}")


def canonical_quad(quad: Quad) -> Quad:
    """The quad with its object in canonical form."""
    if not isinstance(quad.object, Literal):
        return quad
    spelt = canonical(quad.object)
    return quad if spelt is quad.object else quad._replace(object=spelt)
