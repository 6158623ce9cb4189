"""The tables of exchange: which column of which record says which property. Knows names and forms, reads no data."""

from __future__ import annotations

from typing import NamedTuple

from agikg import vocab
from agikg.vocab import DCTERMS, SCHEMA, agi

PLAIN = "none"
"""What a ``..._language`` column says of a text without language."""


class Field(NamedTuple):
    """A column.

    Attributes:
        column: its name.
        predicate: IRI of the property it states.
        form: ``ref`` and ``refs`` (CURIEs), ``concept`` (key of a closed list), ``class`` and ``predicate`` (local names),
            ``object`` (an entity or a text, as the predicate demands), ``text``, ``texts`` (one language only), ``number``,
            ``flag``, ``iri``.
        help: one line for the data dictionary.
        language: of a text; of a ``text`` the default, any other goes into ``<column>_language``; of ``texts`` the only one.
        only: whether a ``text`` takes its language only.
    """

    column: str
    predicate: str
    form: str
    help: str
    language: str = ""
    only: bool = False


class Table(NamedTuple):
    """A kind of record.

    Attributes:
        name: of the table and of its file.
        record: what one row is.
        cls: IRI of the class; "" for entities, which have one of many.
        prefix: of identifiers.
        help: one line.
        fields: the columns after ``id``.
    """

    name: str
    record: str
    cls: str
    prefix: str
    help: str
    fields: tuple[Field, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all columns that state something, ``id`` first."""
        return ("id", *(field.column for field in self.fields))

    def field(self, column: str) -> Field | None:
        """The field of a column."""
        return next((field for field in self.fields if field.column == column), None)


LIST_FORMS = frozenset({"refs", "texts", "class"})
EXTRA = "extra"
"""Column for statements that no other column takes: N-Triples without the subject, a line each."""

ENTITIES = Table("entities", "entity", "", "e", "Things with an identity: companies, chips, policies ...", (
    Field("kind", vocab.TYPE, "class", "class in the vocabulary, such as Company or Chip"),
    Field("label", vocab.PREF_LABEL, "text", "English label", "en"),
    Field("label_zh", vocab.PREF_LABEL, "text", "Chinese label", "zh-hans", True),
    Field("aliases", vocab.ALT_LABEL, "texts", "other English names", "en"),
    Field("aliases_zh", vocab.ALT_LABEL, "texts", "other Chinese names", "zh-hans"),
    Field("aliases_zh_hant", vocab.ALT_LABEL, "texts", "other names in traditional characters", "zh-hant"),
    Field("layer", agi("layer"), "concept", "layer of the value chain: materials, equipment, foundry, chips ..."),
    Field("unnamed", agi("unnamed"), "flag", "true for a described set whose members the source does not name"),
))  # fmt: skip

SOURCES = Table("sources", "source", agi("Source"), "s", "Documents somebody can open", (
    Field("identifier", f"{DCTERMS}identifier", "text", "what --source takes"),
    Field("title", f"{DCTERMS}title", "text", "title", "en"),
    Field("publisher", f"{DCTERMS}publisher", "text", "publisher"),
    Field("creator", f"{DCTERMS}creator", "texts", "authors"),
    Field("published", agi("published"), "text", "when it appeared, as coarse as known"),
    Field("research_completed", agi("researchCompleted"), "text", "date up to which the source says it knows"),
    Field("accessed", agi("accessed"), "text", "when it was read"),
    Field("tier", agi("tier"), "concept", "official, company, press, think-tank, repost, blog"),
    Field("url", f"{SCHEMA}url", "iri", "where it can be opened"),
    Field("license", f"{DCTERMS}license", "text", "terms under which it stands"),
    Field("non_commercial", agi("nonCommercial"), "flag", "true if the terms allow non-commercial use only"),
    Field("origin", agi("origin"), "ref", "the source that this one repeats"),
    Field("origin_name", agi("originName"), "text", "publisher and date of the report that it repeats, if that is no source here"),
    Field("note", agi("note"), "text", "remark"),
))  # fmt: skip

SECTIONS = Table("sections", "section", agi("Section"), "sec", "Titled parts of sources", (
    Field("source", agi("inSource"), "ref", "the source it belongs to"),
    Field("key", agi("sectionKey"), "text", "short name in locators"),
    Field("title", f"{DCTERMS}title", "text", "title", "en"),
    Field("minimum_claims", agi("minimumClaims"), "number", "least number of claims of a finished section"),
))  # fmt: skip

PASSAGES = Table("passages", "passage", agi("Passage"), "p", "Sentences of sources: where they stand, never their words", (
    Field("section", agi("inSection"), "ref", "the section it stands in"),
    Field("paragraph", agi("paragraph"), "number", "number of the paragraph in its section"),
    Field("sentence", agi("sentence"), "number", "number of the sentence in its paragraph"),
    Field("locator", agi("locator"), "text", "where to look, if it has no such numbers"),
    Field("fingerprint", agi("fingerprint"), "text", "first 32 hex digits of the SHA-256 of the normalised sentence"),
    Field("without_claims", agi("withoutClaims"), "concept", "reviewed reason why nothing is claimed of it"),
    Field("note", agi("note"), "text", "remark"),
))  # fmt: skip

REQUIREMENTS = Table("requirements", "requirement", agi("Requirement"), "r", "Functions that entities need, with what could serve them", (
    Field("required_by", agi("requiredBy"), "ref", "the entity that has the requirement"),
    Field("function", agi("function"), "text", "what is needed, in English", "en"),
    Field("function_zh", agi("function"), "text", "what is needed, in Chinese", "zh-hans", True),
    Field("minimum", agi("minimum"), "number", "how many alternatives must serve at once; 1 if empty"),
    Field("note", agi("note"), "text", "remark"),
))  # fmt: skip

CLAIMS = Table("claims", "claim", agi("Claim"), "c", "Statements, each by one source", (
    Field("subject", vocab.SUBJECT, "ref", "what it is about"),
    Field("predicate", vocab.PREDICATE, "predicate", "what is said: a relation, text predicate or metric of the vocabulary"),
    Field("object", vocab.OBJECT, "object", "an entity, or a text; empty for a figure", "en"),
    Field("value", agi("value"), "number", "the figure, in the unit given"),
    Field("value_high", agi("valueHigh"), "number", "upper end of a range"),
    Field("unit", agi("unit"), "concept", "unit: percent, CNY, USD ..."),
    Field("bound", agi("bound"), "concept", "about, nearly, at-least, at-most, more-than, less-than, range, vague; empty if plain"),
    Field("verbatim", agi("verbatim"), "text", "the figure as printed"),
    Field("scope", agi("scope"), "text", "of what the figure is a figure"),
    Field("statement", agi("statement"), "text", "the claim in one sentence of our own, hedges included", "en"),
    Field("statement_zh", agi("statement"), "text", "the same in Chinese", "zh-hans", True),
    Field("questions", agi("question"), "texts", "questions that it answers", "en"),
    Field("questions_zh", agi("question"), "texts", "the same in Chinese", "zh-hans"),
    Field("modality", agi("modality"), "concept", "stated, reported, estimated, expected, targeted, claimed, opinion, denied, inferred"),
    Field("attributed_to", agi("attributedTo"), "ref", "whose word it is, if not the source's own"),
    Field("party", agi("party"), "refs", "whose access a control closes or licenses"),
    Field("valid_from", agi("validFrom"), "text", "since when it holds: 2025, 2025-03, 2025-03-31, 2024-H1, 2024-Q4"),
    Field("valid_until", agi("validUntil"), "text", "until when it holds"),
    Field("as_of", agi("asOf"), "text", "the date a figure or status refers to"),
    Field("published", agi("published"), "text", "when it was said, if not when its source appeared"),
    Field("requirement", agi("requirement"), "ref", "the requirement for which the object is one of the alternatives"),
    Field("requirement_share", agi("requirementShare"), "number", "part of the requirement that the object carries, 0 to 1"),
    Field("necessity", agi("necessity"), "concept", "essential, supporting, alternative, none: if other than the predicate says"),
    Field("supersedes", agi("supersedes"), "refs", "earlier claims that it brings up to date"),
    Field("disputes", agi("disputes"), "refs", "claims that cannot hold together with it"),
    Field("note", agi("note"), "text", "remark"),
    Field("passage", agi("passage"), "ref", "the sentence of the source that says it"),
    Field("also_in", agi("alsoIn"), "refs", "further sentences that say it"),
))  # fmt: skip

TABLES = (SOURCES, SECTIONS, PASSAGES, ENTITIES, REQUIREMENTS, CLAIMS)
"""All tables, what is referred to before what refers to it."""

SHOWN = {
    "subject_label": "English label of the subject",
    "object_label": "English label of the object, if it is an entity",
    "source": "the source, as --source takes it",
    "locator": "section, paragraph and sentence",
    "fingerprint": "of the sentence",
    "confidence": "high, medium or low, computed by the build",
    "confidence_score": "the number behind the word",
    "non_commercial": "true if the terms of the source allow non-commercial use only",
}
"""Columns of exported claims that follow from others: for readers, not read again on import."""

EDGES = {
    "subject": "id of the subject",
    "subject_label": "its English label",
    "predicate": "relation, read from subject to object",
    "object": "id of the object",
    "object_label": "its English label",
    "role": "essential, supporting, alternative or none: what the loss of the needed end does",
    "confidence": "high, medium or low",
    "score": "the number behind the word, 0 to 1",
    "claims": "ids of the claims it rests on",
    "sources": "the sources of these claims",
    "non_commercial": "true if a claim it rests on is for non-commercial use only",
}
"""Columns of exported edges: derived from claims, not read again on import."""

COMPLETED = {
    "source": "id of the source: one of the graph, or a new one that the next columns describe (once is enough)",
    "source_title": "its title",
    "source_publisher": "its publisher",
    "source_published": "when it appeared: 2025, 2025-03, 2025-03-31",
    "source_accessed": "when you read it",
    "source_tier": "official, company, press, think-tank, repost, blog",
    "source_url": "where it can be opened",
    "source_license": "terms under which it stands",
    "source_non_commercial": "true if they allow non-commercial use only",
    "section": "key of the section in the source; imported if left out",
    "locator": "where to look; the line of your file if left out",
    "quote": "the sentence of the source; only its fingerprint is kept. Left out, the fingerprint is that of the row",
    "subject_kind": "class of a subject that the graph does not know yet (Company, Chip ...)",
    "subject_layer": "its layer (chips, computing, models ...)",
    "subject_zh": "its Chinese name",
    "object_kind": "class of an object that the graph does not know yet",
    "object_layer": "its layer",
    "object_zh": "its Chinese name",
}
"""Columns of claims that users write instead of records of their own: the import makes those."""
