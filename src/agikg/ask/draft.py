"""An answer in the making: what a plan has found, before it is cited and worded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from agikg.ask.reading import Mention, Question
from agikg.catalog import Catalog
from agikg.model.answer import Answer, Cited, Linked, Named, Understood
from agikg.model.figure import Figure
from agikg.model.scope import EntityRef, Hop, Scope
from agikg.names import Match


class Task(NamedTuple):
    """A question that was understood, with what a plan needs to answer it.

    Attributes:
        entities: positions of the entities it names.
        metrics: local names of the metrics it names.
        metric_words: the words that name them.
        rest: content words that neither entity nor metric nor grammar accounts for.
        content: words that carry meaning, in English, whatever the family's own words.
        kind: class the answer is restricted to ("which chips ..."), or None.
    """

    catalog: Catalog
    question: Question
    scope: Scope
    snapshot: str
    family: str
    entities: tuple[int, ...]
    metrics: tuple[str, ...]
    metric_words: tuple[str, ...]
    rest: tuple[str, ...]
    kind: str | None
    content: tuple[str, ...] = ()

    @property
    def lang(self) -> str:
        """Language of the answer."""
        return self.question.lang

    def label(self, position: int) -> str:
        """Label in the language of the question."""
        return self.catalog.label(position, self.lang)

    def name_of(self, row: Mapping[str, Any]) -> str:
        """Label of a class or predicate, as the ontology declares it, in the language of the question."""
        return str(row["label_zh"] if self.lang == "zh" and row["label_zh"] else row["label"])

    def words_for(self, position: int) -> tuple[str, ...]:
        """The words by which the question names an entity."""
        texts = (mention.text for mention in self.question.mentions if mention.entity == position)
        return tuple(word for text in texts for word in text.split())

    def label_of(self, identifier: str) -> str:
        """Label of an entity id in the language of the question."""
        return self.label(self.catalog.position[identifier])


@dataclass(frozen=True, eq=False, repr=False)
class Draft:
    """What a plan found. ``reason`` makes it a refusal."""

    answer: str
    reason: str | None = None
    entities: tuple[Named, ...] = ()
    values: tuple[Figure, ...] = ()
    paths: tuple[tuple[Hop, ...], ...] = ()
    claims: tuple[str, ...] = ()
    not_known: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    sparql: tuple[str, ...] = field(default_factory=tuple)

    def joined(self, other: Draft) -> Draft:
        """The draft and another as one answer; of an entity that both have, the part it plays in the first."""
        seen = {entity.id for entity in self.entities}
        return replace(
            self,
            answer=self.answer if other.answer in self.answer else f"{self.answer} {other.answer}",
            entities=(*self.entities, *(entity for entity in other.entities if entity.id not in seen)),
            values=(*self.values, *(value for value in other.values if value not in self.values)),
            paths=(*self.paths, *other.paths),
            claims=tuple(dict.fromkeys((*self.claims, *other.claims))),
            not_known=tuple(dict.fromkeys((*self.not_known, *other.not_known))),
            sparql=tuple(dict.fromkeys((*self.sparql, *other.sparql))),
        )


def finish(catalog: Catalog, question: Question, family: str | None, scope: Scope, snapshot: str, draft: Draft) -> Answer:
    """The answer record of a draft: claims in full, what was understood, what makes it repeatable."""
    return Answer(
        question=question.text,
        status="answered" if draft.reason is None else "refused",
        reason=draft.reason,
        family=family,
        lang=question.lang,
        answer=draft.answer,
        entities=draft.entities,
        values=draft.values,
        paths=draft.paths,
        claims=tuple(cited(catalog, claim) for claim in dict.fromkeys(draft.claims)),
        not_known=(*draft.not_known, *catalog.left_out_here(scope)),
        understood=Understood(tuple(linked(catalog, question.text, mention) for mention in question.mentions)),
        suggestions=draft.suggestions,
        sparql=draft.sparql,
        snapshot=snapshot,
        as_of=scope.as_of,
        known_at=scope.known_at,
        scope=scope,
        left_out=tuple(catalog.left_out(scope)),
    )


def cited(catalog: Catalog, claim: str) -> Cited:
    """A claim as answers cite it."""
    row: dict[str, Any] = catalog.row(catalog.claim_position[claim])
    entity = row["object"] if row["object_label"] else None
    return Cited(
        id=claim,
        subject=row["subject_label"],
        predicate=row["predicate"],
        object=row["object_label"] or row["object"] or row["verbatim"],
        statement=row["statement"],
        modality=row["modality"],
        attributed_to=row["attributed_to"],
        valid_from=row["valid_from"],
        published=row["published"],
        source=row["source"],
        locator=row["locator"],
        confidence=row["confidence"],
        subject_id=row["subject"],
        object_id=entity,
        non_commercial=row["non_commercial"],
    )


def linked(catalog: Catalog, text: str, mention: Mention) -> Linked:
    """A mention as the answer reports it, in the words of the question."""
    pattern = r"(?:['’]s)?\W*".join(map(re.escape, mention.text.split()))
    written = re.search(pattern, text, re.IGNORECASE)
    others: tuple[EntityRef, ...] = tuple(catalog.ref(match.entity) for match in mention.matches[1:4])
    best: Match = mention.matches[0]
    ref = catalog.ref(best.entity)
    return Linked(written[0] if written else mention.text, ref.id, ref.label, best.score, others)


def named(
    catalog: Catalog, position: int, role: str, confidence: str | None, claims: tuple[str, ...] = (), necessity: str | None = None
) -> Named:
    """An entity in the part it plays."""
    entity = catalog.entity(position)
    aliases = tuple(filter(None, [entity.label_zh])) + entity.aliases
    return Named(entity.id, entity.label, aliases, entity.layer, role, confidence, claims, necessity)
