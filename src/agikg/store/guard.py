"""What an outside query may say: no writing, no reaching out, no absurd nesting. Knows SPARQL's tokens, no engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from agikg import settings
from agikg.errors import BadQuery, ForbiddenQuery, TooLarge
from agikg.vocab import GRAPH, PREFIXES

# Strings, IRIs, comments, variables, tags and prefixed names are read over, so that a word is a keyword.
_TOKEN = re.compile(
    r"""(?P<skip>\s+|\#[^\n\r]*)
    |(?P<string>\"\"\"(?:\"{0,2}(?:[^\"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    |(?P<variable>[?$]\w+)
    |(?P<tag>@[A-Za-z][A-Za-z0-9-]*)
    |(?P<name>(?:\w[\w.-]*)?:(?:[\w:%]|\\.)?(?:[\w.:%-]|\\.)*)
    |(?P<word>[^\W\d]\w*)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset({"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"})
_OPEN, _CLOSE = "({[", ")}]"


class Token(NamedTuple):
    """A token of SPARQL: its kind, its text and where that begins."""

    kind: str
    text: str
    start: int = 0


def tokens(text: str) -> Iterator[Token]:
    """Tokens of a query, white space and comments left out."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield Token(match.lastgroup or "mark", match[0], match.start())


def of_snapshot(graph: str) -> bool:
    """Whether a graph's IRI is one that snapshots use."""
    return graph.startswith(GRAPH)


def check(text: str, known: Callable[[str], bool] = of_snapshot) -> None:
    """Lets a read-only query pass.

    Args:
        text: the query.
        known: tells the graphs that FROM may name.

    Raises:
        ForbiddenQuery: an update, SERVICE, or FROM a graph that is not known.
        TooLarge: longer or deeper nested than the settings allow.
        BadQuery: nothing to run, or bytes no query has.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > settings.value("query_bytes"):
        raise TooLarge(f"the query has {size} bytes, {settings.value('query_bytes'):.0f} are allowed")
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuery("the query is not valid UTF-8 text")
    found = list(tokens(text))
    _check_nesting(found)
    body = after_prologue(found)
    if not body:
        raise BadQuery("the query is empty", hint="for example: agikg sparql 'SELECT * { ?s a agi:Chip } LIMIT 10'")
    if body[0].kind == "word" and body[0].text.casefold() in _UPDATES:
        raise ForbiddenQuery(f"{body[0].text.upper()} writes, and the graph is read-only", hint="use SELECT, ASK, CONSTRUCT or DESCRIBE")
    if any(token.kind == "word" and token.text.casefold() == "service" for token in body):
        raise ForbiddenQuery("SERVICE reaches out to another server, which is not allowed here")
    if has_dataset(found):
        _check_dataset(found, known)


def _check_nesting(found: list[Token]) -> None:
    depth, limit = 0, settings.value("query_nesting")
    for kind, text, _ in found:
        if kind == "mark":
            depth += (text in _OPEN) - (text in _CLOSE)
            if depth > limit:
                raise TooLarge(f"the query nests deeper than {limit:.0f} brackets")


def after_prologue(found: list[Token]) -> list[Token]:
    """The tokens that follow the PREFIX and BASE declarations."""
    position = 0
    while position < len(found) and found[position].text.casefold() in ("prefix", "base"):
        position += 3 if found[position].text.casefold() == "prefix" else 2
    return found[position:]


def has_dataset(found: Iterable[Token]) -> bool:
    """Whether a query says with FROM which graphs it means."""
    return any(token.kind == "word" and token.text.casefold() == "from" for token in found)


def _check_dataset(found: list[Token], known: Callable[[str], bool]) -> None:
    """Each FROM must name a graph that is known."""
    prefixes, base = dict(PREFIXES), ""
    for index, token in enumerate(found):
        word = token.text.casefold() if token.kind == "word" else ""
        following = found[index + 1 : index + 3]
        if word == "prefix" and len(following) == 2:
            prefixes[following[0].text.rstrip(":")] = urljoin(base, following[1].text.strip("<>"))
        if word == "base" and following:
            base = urljoin(base, following[0].text.strip("<>"))
        if word != "from":
            continue
        if following and following[0].text.casefold() == "named":
            following = following[1:]
        graph = _resolve(following[0], prefixes, base) if following else ""
        if not known(graph):
            raise ForbiddenQuery(
                f"FROM {graph or '...'} is not a graph of the snapshot; nothing is fetched",
                hint="list the graphs: SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }",
            )


def _resolve(token: Token, prefixes: dict[str, str], base: str) -> str:
    if token.kind == "iri":
        return urljoin(base, token.text[1:-1])
    prefix, _, name = token.text.partition(":")
    return prefixes.get(prefix, "") + name
