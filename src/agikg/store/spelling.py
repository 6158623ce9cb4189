"""A query as it is sent to an endpoint: known prefixes declared, its form, its count. Knows SPARQL's tokens, no engine."""

from __future__ import annotations

from typing import NamedTuple

from agikg.errors import BadQuery
from agikg.store import guard
from agikg.vocab import PREFIXES

_FORMS = ("select", "ask", "construct", "describe")
_COUNT_ALL, _ALL = "SELECT (COUNT(*) AS ?agikg_count)", "SELECT *"


class Spelling(NamedTuple):
    """A query ready to be sent.

    Attributes:
        form: select, ask, construct or describe.
        whole: the query, with the prefixes it uses and does not declare.
        counted: a query for the number of solutions (of a construct query; "" for the others).
        has_dataset: whether it says with FROM which graphs it means.
    """

    form: str
    whole: str
    counted: str
    has_dataset: bool


def spelling(text: str, graphs: str) -> Spelling:
    """Makes a query ready.

    Args:
        text: the query.
        graphs: what the prefix ``g:`` stands for.

    Raises:
        BadQuery: it is none of the four forms.
    """
    found = list(guard.tokens(text))
    body = guard.after_prologue(found)
    form = body[0].text.casefold() if body else ""
    if form not in _FORMS:
        raise BadQuery("the query is none of SELECT, ASK, CONSTRUCT, DESCRIBE")
    prologue = found[: len(found) - len(body)]
    added = _declarations(found, prologue, PREFIXES | {"g": graphs})
    counted = added + text[: body[0].start] + _count(text, body) if form == "construct" else ""
    return Spelling(form, added + text, counted, guard.has_dataset(found))


def _declarations(found: list[guard.Token], prologue: list[guard.Token], known: dict[str, str]) -> str:
    """PREFIX declarations for what is used and not declared, on one line, so that an engine's line numbers stay right."""
    declared = {token.text.partition(":")[0] for token in prologue if token.kind == "name"}
    used = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    return "".join(f"PREFIX {prefix}: <{known[prefix]}> " for prefix in sorted((used - declared) & set(known)))


def _count(text: str, body: list[guard.Token]) -> str:
    """The number of solutions of a construct query: its dataset, its pattern and modifiers, without the template."""
    rest = body[1:]
    if rest and rest[0].text == "{":
        rest = rest[_closing(rest) + 1 :]
    ends = [token.start for token in rest] + [len(text)]
    cut = 0
    while cut < len(rest) and rest[cut].text.casefold() == "from":
        cut += 3 if rest[cut + 1 : cut + 2] and rest[cut + 1].text.casefold() == "named" else 2
    cut = min(cut, len(rest))
    # The line ends keep a comment from swallowing what follows it.
    return f"{_COUNT_ALL} {text[ends[0] : ends[cut]]} {{ {{ {_ALL} {text[ends[cut] :]}\n}} }}"


def _closing(found: list[guard.Token]) -> int:
    depth = 0
    for index, token in enumerate(found):
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return index
    return len(found) - 1
