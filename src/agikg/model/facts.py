"""Entities and claims as curated."""

from __future__ import annotations

from dataclasses import dataclass

from agikg.model.record import Record


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entity(Record):
    """A thing with an identity.

    Attributes:
        id: CURIE, ``e:huawei``.
        label: English label.
        label_zh: Chinese label, or None.
        aliases: other names, in any language.
        kind: class in the vocabulary, ``Company``.
        layer: key of its layer, ``chips``.
        unnamed: True for a described set whose members the source does not name.
    """

    id: str
    label: str
    label_zh: str | None
    aliases: tuple[str, ...]
    kind: str
    layer: str
    unnamed: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Claim(Record):
    """One statement by one source.

    Attributes:
        object: CURIE of an entity, a text of ours, or None for a figure.
        value, value_high: the number, in ``unit``; None where the source gives words only.
        bound: about, nearly, at least ...; None where the number stands plainly.
        valid_from, valid_until: when it holds, as coarse as known.
        as_of: the date a figure or status refers to.
        published: when it was said.
        locator: section, paragraph and sentence.
        fingerprint: of the normalised sentence.
        confidence: high, medium or low, computed.
        confidence_score: the number behind the word, 0 to 1.
        supersedes, disputes: ids of other claims.
        superseded_by, disputed_by: the same, seen from the other claim.
        party: whose access a control closes or licenses, or whom a rule binds; several as a sentence lists them, by label.
        non_commercial: True if the terms of its source allow non-commercial use only.
    """

    id: str
    subject: str
    subject_label: str
    predicate: str
    object: str | None
    object_label: str | None
    value: float | int | None
    value_high: float | int | None
    unit: str | None
    bound: str | None
    modality: str
    attributed_to: str | None
    valid_from: str | None
    valid_until: str | None
    published: str
    source: str
    locator: str
    fingerprint: str
    statement: str
    confidence: str
    supersedes: tuple[str, ...]
    disputes: tuple[str, ...]
    as_of: str | None
    verbatim: str | None
    scope: str | None
    party: str | None
    note: str | None
    requirement: str | None
    superseded_by: tuple[str, ...]
    disputed_by: tuple[str, ...]
    confidence_score: float
    non_commercial: bool = False
