"""Compares locators and fingerprints with a reader's own copy of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agikg.errors import BadInput, UnknownName
from agikg.model.record import Record
from agikg.passages import FRONT, Sentence, fingerprint, sentences
from agikg.queries import NamedQuery
from agikg.store.port import Solutions, Store
from agikg.store.terms import Literal

_HEADER = """@prefix agi: <https://w3id.org/agikg/ontology#> .
@prefix p: <https://w3id.org/agikg/id/passage/> .
@prefix sec: <https://w3id.org/agikg/id/section/> .

# Every sentence of the source: where it stands and the fingerprint of its words. Written by `agikg fingerprints`."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Mismatch(Record):
    """A passage that is not where, or not what, the graph says.

    Attributes:
        locator: where the graph has it.
        line: line of the reader's file at which that place begins, 0 if there is no such place.
        found: what stands there now (the reader's own text), or None.
        moved_to: locator at which the sentence stands instead, or None.
        claims: how many claims rest on it.
    """

    locator: str
    line: int
    found: str | None
    moved_to: str | None
    claims: int


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verification(Record):
    """Result of ``agikg verify``; mismatches in the order of the source."""

    source: str
    passages: int
    claims: int
    confirmed: int
    mismatches: tuple[Mismatch, ...]


def verify(store: Store, queries: Mapping[str, NamedQuery], source: str, text: str) -> Verification:
    """Checks every passage of a source against a copy of it.

    Args:
        store: the graph.
        queries: the named queries (``sections`` and ``passages`` are used).
        source: id of the source.
        text: the copy, as plain text.

    Raises:
        UnknownName: no such source.
        BadInput: nothing in the graph can be checked, or the copy has none of the source's sections.
    """
    titles = {str(title): str(key) for key, title in _rows(store, queries["sections"], source)}
    if not titles:
        raise UnknownName(source)
    passages = [(str(s), int(str(p)), int(str(n)), str(f), int(str(c))) for s, p, n, f, c in _rows(store, queries["passages"], source)]
    found = {(s.section, s.paragraph, s.number): s for s in sentences(text, titles)}
    if not any(section in titles.values() for section, _, _ in found):
        raise BadInput("the file has none of the sections of the source", hint=f"their titles: {'; '.join(sorted(titles))}")
    order = list(dict.fromkeys(s.section for s in found.values()))
    passages.sort(key=lambda row: (order.index(row[0]) if row[0] in order else len(order), row[1], row[2]))
    by_print: dict[str, list[Sentence]] = {}
    for sentence in found.values():
        by_print.setdefault(fingerprint(sentence.text), []).append(sentence)
    mismatches = [
        _mismatch(found.get((section, paragraph, number)), by_print.get(expected), (section, paragraph, number), claims)
        for section, paragraph, number, expected, claims in passages
        if (section, paragraph, number) not in {(s.section, s.paragraph, s.number) for s in by_print.get(expected, [])}
    ]
    total = sum(row[4] for row in passages)
    lost = sum(mismatch.claims for mismatch in mismatches)
    return Verification(source, len(passages), total, total - lost, tuple(mismatches))


def passages(store: Store, queries: Mapping[str, NamedQuery], source: str, text: str) -> str:
    """The Turtle of a source's passages: locator and fingerprint of every sentence of a copy, never the words.

    Raises:
        UnknownName: no such source.
    """
    titles = {str(title): str(key) for key, title in _rows(store, queries["sections"], source)}
    if not titles:
        raise UnknownName(source)
    lines = [_HEADER]
    section = None
    for found in sentences(text, titles):
        if found.section == FRONT:
            continue
        if found.section != section:
            lines.append("")
            section = found.section
        place = f"{source}.{found.section}"
        lines.append(
            f"p:{place}-{found.paragraph}-{found.number} a agi:Passage ; agi:inSection sec:{place} ; "
            f'agi:paragraph {found.paragraph} ; agi:sentence {found.number} ; agi:fingerprint "{fingerprint(found.text)}" .'
        )
    return "\n".join(lines) + "\n"


def _mismatch(here: Sentence | None, elsewhere: list[Sentence] | None, place: tuple[str, int, int], claims: int) -> Mismatch:
    section, paragraph, number = place
    return Mismatch(
        locator=f"{section} ¶{paragraph} s{number}",
        line=0 if here is None else here.line,
        found=None if here is None else here.text,
        moved_to=elsewhere[0].locator if elsewhere else None,
        claims=claims,
    )


def _rows(store: Store, query: NamedQuery, source: str) -> tuple[tuple[object, ...], ...]:
    result = store.query(query.bind({"source": Literal(source)}))
    return result.rows if isinstance(result, Solutions) else ()
