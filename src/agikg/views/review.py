"""Sentences of a reader's own copy beside the claims made of them, so that a person can check a chapter in minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agikg.catalog import Catalog
from agikg.errors import BadInput, UnknownName
from agikg.model.facts import Claim
from agikg.model.record import Record
from agikg.passages import FRONT, fingerprint, sentences


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Reviewed(Record):
    """A sentence and what the graph makes of it.

    Attributes:
        locator: where it stands.
        line: line of the reader's file.
        text: its words, from the reader's copy.
        claims: the claims on it, in order.
        also: ids of claims on other sentences that rest on this one too.
        reason: why it has none, where reviewers gave a reason.
    """

    locator: str
    line: int
    text: str
    claims: tuple[Claim, ...]
    also: tuple[str, ...]
    reason: str | None


def review(
    catalog: Catalog, source: str, text: str, titles: Mapping[str, str], reasons: Mapping[str, str], section: str | None = None
) -> list[Reviewed]:
    """Every sentence of a copy with its claims, found by fingerprint.

    Args:
        catalog: the claims.
        source: id of the source.
        text: the copy, as plain text.
        titles: titles of the source's sections -> their keys.
        reasons: locator -> reason of sentences without claims.
        section: only this section.

    Raises:
        UnknownName: no such source.
        BadInput: no such section.
    """
    if not titles:
        raise UnknownName(source)
    if section is not None and section not in titles.values():
        raise BadInput(f"{source} has no section {section!r}", hint=f"its sections: {', '.join(titles.values())}")
    made: dict[str, list[Claim]] = {}
    also: dict[str, list[str]] = {}
    for position in range(catalog.claim_count):
        if catalog.row(position)["source"] == source:
            claim = catalog.claim(position)
            made.setdefault(claim.fingerprint, []).append(claim)
            for locator in catalog.row(position)["also_in"]:
                also.setdefault(locator, []).append(claim.id)
    return [
        Reviewed(
            s.locator, s.line, s.text, tuple(made.get(fingerprint(s.text), ())), tuple(also.get(s.locator, ())), reasons.get(s.locator)
        )
        for s in sentences(text, titles)
        if s.section != FRONT and section in (None, s.section)
    ]
