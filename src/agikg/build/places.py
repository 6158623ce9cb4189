"""From a record to its place: the source it belongs to, the locator of its passage."""

from __future__ import annotations

from agikg.passages import locator
from agikg.store.index import TripleIndex
from agikg.vocab import agi


def source_of(record: str, facts: TripleIndex) -> str | None:
    """The source of a claim, passage or section."""
    for step in ("passage", "inSection"):
        record = facts.text(record, agi(step)) or record
    return facts.text(record, agi("inSource"))


def passage_locator(passage: str, facts: TripleIndex) -> str:
    """The locator of a passage: as authored, or made of section, paragraph and sentence."""
    authored = facts.text(passage, agi("locator"))
    if authored is not None:
        return authored
    section = facts.text(facts.text(passage, agi("inSection")) or "", agi("sectionKey")) or "?"
    paragraph, sentence = (facts.text(passage, agi(name)) for name in ("paragraph", "sentence"))
    return locator(section, None if paragraph is None else int(paragraph), int(sentence or 0))
