"""From quads to the compiled index: plain lists and dicts that every reading command starts from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agikg import vocab
from agikg.dates import BEGINNING, END
from agikg.model.result import listed
from agikg.names import Names
from agikg.packed import as_json, pack
from agikg.projection.expected import compile_questions
from agikg.projection.links import compile_links
from agikg.projection.search import compile_search
from agikg.projection.vocabulary import Property, Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.terms import IRI, Quad, python_value
from agikg.vocab import agi, curie

_SCHEMES = ("layers", "modalities", "tiers", "confidences", "bounds", "units", "passageKinds")


def compile_index(quads: Iterable[Quad]) -> dict[str, Any]:
    """The index of a whole graph (authored and derived quads); deterministic for the same quads."""
    facts = TripleIndex(sorted(quads, key=Quad.n3))
    vocabulary = Vocabulary(facts)
    entities = [_entity(iri, facts, vocabulary) for iri in _entities(facts, vocabulary)]
    position = {entity["id"]: index for index, entity in enumerate(entities)}
    claims = [_claim(iri, facts, vocabulary) for iri in facts.having(vocab.TYPE, agi("Claim"))]
    _add_reverse(claims)
    predicates = {vocab.local(iri): _predicate(iri, p, facts) for iri, p in sorted(vocabulary.properties.items()) if p.kind != "inverse"}
    classes = {vocab.local(iri): _class(iri, facts, vocabulary) for iri in sorted(vocabulary.classes)}
    names = _names(entities)
    questions = compile_questions(claims, facts, Names(names), [entity["id"] for entity in entities])
    links = compile_links(facts, vocabulary, position, {claim["id"]: index for index, claim in enumerate(claims)})
    return {
        "words": _words(predicates),
        "predicates": predicates,
        "classes": classes,
        "concepts": {name: [_concept(iri, facts) for iri in _ordered(vocabulary.scheme(name), facts)] for name in _SCHEMES},
        "sources": [_source(iri, facts, claims) for iri in facts.having(vocab.TYPE, agi("Source"))],
        "entities": entities,
        # Rows are read one by one, when they are needed: a start does not parse what it does not show.
        "claim_rows": [as_json(claim) for claim in claims],
        "claims": {
            "ids": [claim["id"] for claim in claims],
            "score": [claim["confidence_score"] for claim in claims],
            "source": [claim["source"] for claim in claims],
            "first": [claim["days"][0] for claim in claims],
            "last": [claim["days"][1] for claim in claims],
            "known": [claim["days"][2] for claim in claims],
            "about": _about(claims),
        },
        "requirements": [_requirement(iri, facts) for iri in facts.having(vocab.TYPE, agi("Requirement"))],
        "links": links,
        "names": names,
        "search": pack({**compile_search(claims, predicates, entities, classes), **questions}),
    }


def _entities(facts: TripleIndex, vocabulary: Vocabulary) -> list[str]:
    return sorted({str(s) for s, kind in facts.pairs(vocab.TYPE) if str(kind) in vocabulary.classes})


def _entity(iri: str, facts: TripleIndex, vocabulary: Vocabulary) -> dict[str, Any]:
    kinds = sorted(kind for kind in facts.iris(iri, vocab.TYPE) if kind in vocabulary.classes)
    return {
        "id": curie(iri),
        "label": facts.text(iri, vocab.PREF_LABEL, "en") or curie(iri),
        "label_zh": facts.text(iri, vocab.PREF_LABEL, "zh-Hans"),
        "aliases": sorted(facts.texts(iri, vocab.ALT_LABEL)),
        "kind": vocab.local(kinds[0]),
        "layer": vocabulary.notation(facts.text(iri, agi("layer"))),
        "unnamed": facts.text(iri, agi("unnamed")) == "true",
    }


def _claim(iri: str, facts: TripleIndex, vocabulary: Vocabulary) -> dict[str, Any]:
    source = facts.text(iri, agi("inSource")) or ""
    passage = facts.text(iri, agi("passage")) or ""
    subject = facts.text(iri, vocab.SUBJECT) or ""
    predicate = facts.text(iri, vocab.PREDICATE) or ""
    metric = vocabulary.properties[predicate].kind == "metric"
    object_ = None if metric else facts.one(iri, vocab.OBJECT)

    def label(entity: str | None) -> str | None:
        return None if entity is None else facts.text(entity, vocab.PREF_LABEL, "en")

    def concept(name: str) -> str | None:
        return vocabulary.notation(facts.text(iri, agi(name)))

    def text(name: str) -> str | None:
        return facts.text(iri, agi(name))

    requirement, parties = text("requirement"), _parties(iri, facts)
    return {
        "id": curie(iri),
        "subject": curie(subject),
        "subject_label": label(subject),
        "predicate": vocab.local(predicate),
        "object": python_value(object_),
        "object_label": label(object_) if isinstance(object_, IRI) else None,
        "value": python_value(facts.one(iri, agi("value"))),
        "value_high": python_value(facts.one(iri, agi("valueHigh"))),
        "unit": concept("unit"),
        "bound": concept("bound"),
        "modality": concept("modality"),
        "attributed_to": label(text("attributedTo")),
        "valid_from": text("validFrom"),
        "valid_until": text("validUntil"),
        "published": text("published") or facts.text(source, agi("published")),
        "source": facts.text(source, f"{vocab.DCTERMS}identifier"),
        "locator": facts.text(passage, agi("locator")),
        "fingerprint": facts.text(passage, agi("fingerprint")),
        "statement": facts.text(iri, agi("statement"), "en"),
        "confidence": concept("confidence"),
        "supersedes": [curie(c) for c in facts.texts(iri, agi("supersedes"))],
        "disputes": [curie(c) for c in facts.texts(iri, agi("disputes"))],
        "as_of": text("asOf"),
        "verbatim": text("verbatim"),
        "scope": text("scope"),
        "party": listed(list(parties.values()), most=len(parties)) or None,
        "note": text("note"),
        "requirement": None if requirement is None else curie(requirement),
        "superseded_by": [],
        "disputed_by": [],
        "confidence_score": float(text("confidenceScore") or 0),
        "non_commercial": facts.text(source, agi("nonCommercial")) == "true",
        "attributed_id": None if text("attributedTo") is None else curie(text("attributedTo") or ""),
        "party_ids": list(parties),
        "days": [text("holdsFrom") or BEGINNING, text("holdsUntil") or END, text("knownFrom") or END],
        "origin": _origin(source, facts),
        "also_in": [facts.text(other, agi("locator")) for other in facts.texts(iri, agi("alsoIn"))],
    }


def _parties(iri: str, facts: TripleIndex) -> dict[str, str]:
    """Whose access a claim is about: id -> English label, by label."""
    labels = {curie(party): facts.text(party, vocab.PREF_LABEL, "en") or curie(party) for party in facts.iris(iri, agi("party"))}
    return dict(sorted(labels.items(), key=lambda pair: (pair[1], pair[0])))


def _origin(source: str, facts: TripleIndex) -> str | None:
    """What a source ends up repeating: a source, or a report that is not registered, by its name; itself where it repeats none."""
    seen = {source}
    while (earlier := facts.text(source, agi("origin"))) is not None and earlier not in seen:
        source = earlier
        seen.add(source)
    return facts.text(source, agi("originName")) or facts.text(source, f"{vocab.DCTERMS}identifier")


def _words(predicates: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Words by which the vocabulary names its metrics and relations: in a question they are no misspelt names."""
    from agikg.names import tokenise

    found: dict[str, set[str]] = {"metric": set(), "relation": set(), "text": set()}
    for row in predicates.values():
        for phrase in (row["label"], row["inverse_label"] or "", *row["alt"]):
            found[row["kind"]] |= set(tokenise(phrase))
    return {kind: sorted(words) for kind, words in found.items()}


def _about(claims: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Entity id -> positions of the claims that have it as subject or object, as a party, or are its word."""
    found: dict[str, list[int]] = {}
    for position, claim in enumerate(claims):
        ends = (claim["subject"], claim["object"] if claim["object_label"] else None)
        for entity in dict.fromkeys((*ends, claim["attributed_id"], *claim["party_ids"])):
            if entity is not None:
                found.setdefault(entity, []).append(position)
    return found


def _add_reverse(claims: list[dict[str, Any]]) -> None:
    by_id = {claim["id"]: claim for claim in claims}
    for claim in claims:
        for name, reverse in (("supersedes", "superseded_by"), ("disputes", "disputed_by")):
            for other in claim[name]:
                by_id[other][reverse].append(claim["id"])


def _source(iri: str, facts: TripleIndex, claims: list[dict[str, Any]]) -> dict[str, Any]:
    identifier = facts.text(iri, f"{vocab.DCTERMS}identifier")
    tier = facts.text(iri, agi("tier"))
    return {
        "id": identifier,
        "title": facts.text(iri, f"{vocab.DCTERMS}title"),
        "publisher": facts.text(iri, f"{vocab.DCTERMS}publisher"),
        "creator": ", ".join(facts.texts(iri, f"{vocab.DCTERMS}creator")) or None,
        "published": facts.text(iri, agi("published")),
        "research_completed": facts.text(iri, agi("researchCompleted")),
        "accessed": facts.text(iri, agi("accessed")),
        "tier": None if tier is None else facts.text(tier, vocab.NOTATION),
        "url": facts.text(iri, f"{vocab.SCHEMA}url"),
        "license": facts.text(iri, f"{vocab.DCTERMS}license"),
        "origin": _origin(iri, facts),
        "claims": sum(claim["source"] == identifier for claim in claims),
        "non_commercial": facts.text(iri, agi("nonCommercial")) == "true",
    }


def _predicate(iri: str, declared: Property, facts: TripleIndex) -> dict[str, Any]:
    inverse = declared.inverse
    return {
        "name": vocab.local(iri),
        "kind": declared.kind,
        "label": facts.text(iri, vocab.LABEL, "en"),
        "label_zh": facts.text(iri, vocab.LABEL, "zh-Hans"),
        "inverse": None if inverse is None else vocab.local(inverse),
        "inverse_label": None if inverse is None else facts.text(inverse, vocab.LABEL, "en"),
        "inverse_label_zh": None if inverse is None else facts.text(inverse, vocab.LABEL, "zh-Hans"),
        "role": declared.role,
        "dependent_end": "object" if declared.dependent_is_object else "subject",
        "symmetric": declared.symmetric,
        "tells": sorted(t for t in (facts.text(told, vocab.NOTATION) for told in facts.iris(iri, agi("tells"))) if t),
        "carries_party": declared.carries_party,
        "inherited_along": None if declared.inherited_along is None else vocab.local(declared.inherited_along),
        "definition": facts.text(iri, vocab.DEFINITION, "en"),
        "alt": sorted(facts.texts(iri, vocab.ALT_LABEL)),
    }


def _class(iri: str, facts: TripleIndex, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "label": facts.text(iri, vocab.LABEL, "en"),
        "label_zh": facts.text(iri, vocab.LABEL, "zh-Hans"),
        "ancestors": sorted(vocab.local(c) for c in vocabulary.ancestors(iri) if c in vocabulary.classes),
    }


def _ordered(concepts: list[str], facts: TripleIndex) -> list[str]:
    return sorted(
        concepts, key=lambda c: (int(facts.text(c, agi("rankInChain")) or 0), -float(facts.text(c, agi("confidenceFloor")) or 0), c)
    )


def _concept(iri: str, facts: TripleIndex) -> dict[str, Any]:
    return {
        "key": facts.text(iri, vocab.NOTATION),
        "label": facts.text(iri, vocab.PREF_LABEL, "en"),
        "label_zh": facts.text(iri, vocab.PREF_LABEL, "zh-Hans"),
        "symbol": facts.text(iri, agi("symbol")),
        "floor": python_value(facts.one(iri, agi("confidenceFloor"))),
        "factor": python_value(facts.one(iri, agi("confidenceFactor"))),
    }


def _requirement(iri: str, facts: TripleIndex) -> dict[str, Any]:
    return {
        "id": curie(iri),
        "required_by": curie(facts.text(iri, agi("requiredBy")) or ""),
        "function": facts.text(iri, agi("function"), "en"),
        "function_zh": facts.text(iri, agi("function"), "zh-Hans"),
        "minimum": int(facts.text(iri, agi("minimum")) or 1),
    }


def _names(entities: list[dict[str, Any]]) -> dict[str, list[tuple[int, str]]]:
    """Key of each name -> entities that go by it; slugs and pinyin fill in where no written name stands."""
    from pypinyin import lazy_pinyin

    from agikg.names import key, tokenise

    written: dict[str, dict[int, str]] = {}
    spare: dict[str, dict[int, str]] = {}
    for index, entity in enumerate(entities):
        slug = entity["id"].partition(":")[2]
        for name in [entity["label"], *entity["aliases"], *filter(None, [entity["label_zh"]])]:
            written.setdefault(key(tokenise(name)), {}).setdefault(index, name)
            if not name.isascii() and (sounds := "".join(lazy_pinyin(name))).isascii():
                spare.setdefault(key(tokenise(sounds)), {}).setdefault(index, name)
        spare.setdefault(key(tokenise(slug)), {}).setdefault(index, entity["label"])
    return {name: sorted((written.get(name) or spare[name]).items()) for name in sorted({*written, *spare}) if name}
