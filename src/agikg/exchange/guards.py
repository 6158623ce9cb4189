"""What a text must not do before a parser sees it: nest absurdly, declare entities, fetch contexts, hide characters.

Knows characters and brackets, no meaning. Runs in the child process that reads imports.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers import expat

_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


class Fault(Exception):
    """What is wrong with a text; ``line`` counts from 1, 0 where none can be named."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def text_of(data: bytes) -> str:
    """The text of UTF-8 bytes, a byte order mark taken off.

    Raises:
        Fault: not UTF-8, or a zero byte in it.
    """
    for mark, name in ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16")):
        if data.startswith(mark):
            raise Fault(f"not UTF-8 text but {name}; save it as UTF-8", 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault("not UTF-8 text; save it as UTF-8", data[: error.start].count(b"\n") + 1) from None
    if "\x00" in text:
        raise Fault("a zero byte in the text", text[: text.index("\x00")].count("\n") + 1)
    return text


def check_depth(depth: int, limit: float, line: int = 1) -> None:
    """Refuses what nests deeper than the limit."""
    if depth > limit:
        raise Fault(f"brackets nest {depth} deep, {limit:.0f} are allowed", line)


def json_depth(text: str, limit: float, line: int = 0) -> None:
    """Refuses JSON that nests too deep, before it is decoded; ``line`` is that of a text that stands alone on one."""
    depth = 0
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token in "[{":
            depth += 1
            if depth > limit:
                check_depth(depth, limit, line or text.count("\n", 0, match.start()) + 1)
        elif token in "]}":
            depth -= 1


def json_value(text: str, limit: float, number: Callable[[str], Any], line: int = 0) -> Any:
    """Decoded JSON: no duplicate keys, no NaN, no lone surrogates, numbers as ``number`` makes them of their text.

    Args:
        text: the JSON.
        limit: deepest nesting.
        number: what becomes of a number's text.
        line: line of the file on which the text stands alone; 0 if the text is the file.

    Raises:
        Fault: it is not that.
    """
    json_depth(text, limit, line)

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        whole: dict[str, Any] = {}
        for key, value in found:
            if key in whole:
                raise Fault(f"the key {key!r} stands twice in one object", line)
            whole[key] = value
        return whole

    def constant(name: str) -> NoReturn:
        raise Fault(f"{name} is no number", line)

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant, parse_int=number, parse_float=number)
    except json.JSONDecodeError as error:
        raise Fault(f"does not parse as JSON: {error.msg}", line or error.lineno) from None
    if _surrogate(value):
        raise Fault("half a character (a lone surrogate) in a text", line)
    return value


def _surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return any(_surrogate(key) or _surrogate(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_surrogate, value))


def no_foreign_context(value: Any, text: str) -> None:
    """Refuses JSON-LD whose context lies elsewhere: nothing is fetched, and no file is read.

    Raises:
        Fault: a context that is named instead of given.
    """
    if isinstance(value, list):
        for item in value:
            no_foreign_context(item, text)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        named = [part for part in (item if isinstance(item, list) else [item]) if isinstance(part, str)]
        if (key == "@context" and named) or key == "@import":
            at = text.find(json.dumps(named[0]) if named else key)
            raise Fault(
                f"{key} {named[0] if named else ''} would have to be fetched, which is not done; write it out", text[:at].count("\n") + 1
            )
        no_foreign_context(item, text)


def check_xml(data: bytes, limit: float) -> None:
    """Refuses XML with a document type (entities live there), another encoding, or absurd nesting.

    Raises:
        Fault: it has one, or it is not well-formed; a truncated file is not.
    """
    parser = expat.ParserCreate("utf-8")
    depth = 0

    def doctype(*_: object) -> NoReturn:
        raise Fault("a document type declaration (DTD), which is not allowed: entities can be bombs", parser.CurrentLineNumber)

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() != "utf-8":
            raise Fault(f"encoding {encoding} is declared; only UTF-8 is read", 1)

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        check_depth(depth, limit, parser.CurrentLineNumber)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Fault(f"does not parse as XML: {expat.ErrorString(error.code)}", error.lineno) from None
