"""Compares locators and fingerprints with a reader's own copy of a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from agikg.errors import BadInput, UnknownName
from agikg.model.record import Record
from agikg.passages import FRONT, Sentence, fingerprint, locator, sentences
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


class _Place(NamedTuple):
    """A passage as the graph has it; a web page's sentences are counted, but have no paragraph (None): their words find them."""

    section: str
    paragraph: int | None
    sentence: int
    fingerprint: str
    claims: int


def verify(store: Store, queries: Mapping[str, NamedQuery], source: str, text: str) -> Verification:
    """Checks every passage of a source against a copy of it.

    Sentences of a document have to stand where the graph says; sentences of a web page anywhere in the copy.

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
    passages = [_place(row) for row in _rows(store, queries["passages"], source)]
    found = {(s.section, s.paragraph, s.number): s for s in sentences(text, titles)}
    placed = any(place.paragraph is not None for place in passages)
    if placed and not any(section in titles.values() for section, _, _ in found):
        raise BadInput("the file has none of the sections of the source", hint=f"their titles: {'; '.join(sorted(titles))}")
    order = list(dict.fromkeys(s.section for s in found.values()))
    passages.sort(key=lambda row: (order.index(row[0]) if row[0] in order else len(order), row.paragraph or 0, row.sentence))
    by_print: dict[str, list[Sentence]] = {}
    for sentence in found.values():
        by_print.setdefault(fingerprint(sentence.text), []).append(sentence)
    mismatches = [
        _mismatch(None if place.paragraph is None else found.get((place.section, place.paragraph, place.sentence)), by_print, place)
        for place in passages
        if not _stands(place, by_print.get(place.fingerprint, []))
    ]
    total = sum(place.claims for place in passages)
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


def _place(row: tuple[object, ...]) -> _Place:
    section, paragraph, sentence, printed, claims = row
    return _Place(str(section), None if paragraph is None else int(str(paragraph)), int(str(sentence)), str(printed), int(str(claims)))


def _stands(place: _Place, found: list[Sentence]) -> bool:
    """Whether one of the sentences with the right words is the place's."""
    if place.paragraph is None:
        return bool(found)
    return any((s.section, s.paragraph, s.number) == (place.section, place.paragraph, place.sentence) for s in found)


def _mismatch(here: Sentence | None, by_print: Mapping[str, list[Sentence]], place: _Place) -> Mismatch:
    elsewhere = by_print.get(place.fingerprint)
    return Mismatch(
        locator=locator(place.section, place.paragraph, place.sentence),
        line=0 if here is None else here.line,
        found=None if here is None else here.text,
        moved_to=elsewhere[0].locator if elsewhere else None,
        claims=place.claims,
    )


def _rows(store: Store, query: NamedQuery, source: str) -> tuple[tuple[object, ...], ...]:
    result = store.query(query.bind({"source": Literal(source)}))
    return result.rows if isinstance(result, Solutions) else ()
