"""Checks of single claims: references, objects, kinds, figures, places, dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from agikg import vocab
from agikg.build.checks.context import Context
from agikg.build.places import source_of
from agikg.dates import period, today
from agikg.errors import BadInput, Problem
from agikg.projection.vocabulary import Property
from agikg.store.terms import Literal
from agikg.vocab import agi, curie


def claim_references(context: Context) -> Iterator[Problem]:
    """R1: subject, object and predicate of every claim exist."""
    entities = set(context.entities())
    properties = context.vocabulary.properties
    for claim in context.instances("Claim"):
        subject, predicate = context.facts.text(claim, vocab.SUBJECT), context.facts.text(claim, vocab.PREDICATE)
        if subject is not None and subject not in entities:
            yield context.at(claim, vocab.SUBJECT, f"subject {_unknown(subject, entities)}", "R1")
        if predicate is None:
            continue
        if predicate not in properties:
            near = get_close_matches(vocab.local(predicate), map(vocab.local, properties), n=1)
            hint = f"; did you mean agi:{near[0]}?" if near else "; ontology/domain.ttl declares the predicates"
            yield context.at(claim, vocab.PREDICATE, f"unknown predicate {curie(predicate)}{hint}", "R1")
        elif properties[predicate].kind == "inverse":
            other = curie(properties[predicate].inverse or "")
            yield context.at(claim, vocab.PREDICATE, f"{curie(predicate)} is derived; state {other} the other way round", "R1")
        for object_ in context.facts.iris(claim, vocab.OBJECT):
            if object_ not in entities:
                yield context.at(claim, vocab.OBJECT, f"object {_unknown(object_, entities)}", "R1")


def _unknown(name: str, known: set[str]) -> str:
    near = get_close_matches(curie(name), map(curie, known), n=1)
    return f"{curie(name)} is not an entity" + (f"; did you mean {near[0]}?" if near else "; define it in graph/entities/")


def claim_objects(context: Context) -> Iterator[Problem]:
    """R2, S2: a relation has an entity, a text predicate a text, a metric a figure; kinds, units and ranges fit."""
    for claim in context.instances("Claim"):
        declared = context.declared(claim)
        if declared is None:
            continue
        object_ = context.facts.one(claim, vocab.OBJECT)
        if declared.kind == "metric":
            yield from _figure(context, claim, declared)
        elif context.facts.objects(claim, agi("value")):
            yield context.at(claim, agi("value"), f"{curie(declared.iri)} is no metric, so it takes no figure", "R2")
        elif object_ is None:
            yield context.at(claim, None, "a claim needs an rdf:object or, for a metric, a figure", "R2")
        elif isinstance(object_, Literal) != (declared.kind == "text"):
            wanted = "a text" if declared.kind == "text" else "an entity"
            yield context.at(claim, vocab.OBJECT, f"{curie(declared.iri)} takes {wanted}", "R2")
        if declared.kind == "relation":
            yield from _kinds(context, claim, declared)


def _kinds(context: Context, claim: str, declared: Property) -> Iterator[Problem]:
    for end, wanted in ((vocab.SUBJECT, declared.subject_kinds), (vocab.OBJECT, declared.object_kinds)):
        for entity in context.facts.iris(claim, end):
            kinds = context.vocabulary.kinds(entity, context.facts)
            if wanted and kinds and not kinds & wanted:
                expected = " or ".join(sorted(curie(kind) for kind in wanted))
                where = "subject" if end == vocab.SUBJECT else "object"
                yield context.at(claim, end, f"{where} of {curie(declared.iri)} has to be {expected}; {curie(entity)} is not", "R2")


def _figure(context: Context, claim: str, declared: Property) -> Iterator[Problem]:
    facts, name = context.facts, curie(declared.iri)
    if facts.objects(claim, vocab.OBJECT):
        yield context.at(claim, vocab.OBJECT, f"{name} is a metric: give agi:value, agi:unit and agi:verbatim, no rdf:object", "R2")
    if not facts.objects(claim, agi("verbatim")):
        yield context.at(claim, None, "a figure needs agi:verbatim, as printed", "P3")
    unit = facts.text(claim, agi("unit"))
    if unit is None or (declared.units and unit not in declared.units):
        allowed = ", ".join(sorted(curie(unit) for unit in declared.units))
        yield context.at(claim, agi("unit"), f"unit of {name} has to be one of {allowed}", "S2")
    bound = context.vocabulary.notation(facts.text(claim, agi("bound")))
    numbers = [_number(value) for name in ("value", "valueHigh") for value in facts.texts(claim, agi(name))]
    if any(number is None for number in numbers):
        return
    values = [number for number in numbers if number is not None]
    if (bound == "vague") == bool(values):
        said = "a vague amount has no agi:value" if values else "a figure needs agi:value (or agi:bound agi:vague)"
        yield context.at(claim, agi("bound"), said, "S2")
    if (bound == "range") != bool(facts.objects(claim, agi("valueHigh"))):
        yield context.at(claim, agi("valueHigh"), "agi:bound agi:range and agi:valueHigh go together", "S2")
    if sorted(values) != values:
        yield context.at(claim, agi("valueHigh"), "agi:valueHigh is below agi:value", "S2")
    for value in values:
        if (declared.low is not None and value < declared.low) or (declared.high is not None and value > declared.high):
            limits = f"{declared.low:g} to {declared.high:g}" if declared.low is not None and declared.high is not None else "its range"
            yield context.at(claim, agi("value"), f"{value:g} is not within {limits}", "S2")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None  # the shape says so


def claim_places(context: Context) -> Iterator[Problem]:
    """P5: identifier, passage, source and folder of a claim agree."""
    for claim in context.instances("Claim"):
        passage = context.facts.text(claim, agi("passage"))
        if passage is not None and passage in context.facts:
            stem = curie(passage).partition(":")[2]
            if not re.fullmatch(re.escape(stem) + "[a-z]{1,2}", curie(claim).partition(":")[2]):
                yield context.at(claim, agi("passage"), f"identifier and passage disagree: expected c:{stem}a, b, ...", "P5")
        source = source_of(claim, context.facts)
        if source is not None:
            name = vocab.curie(source).partition(":")[2]
            for path in context.files.paths(claim):
                folder = path.rpartition("/")[0]
                if path.startswith("graph/") and folder != f"graph/{name}":
                    yield context.at(claim, agi("passage"), f"a claim of {name} belongs into graph/{name}/", "P5")


def claim_hedges(context: Context) -> Iterator[Problem]:
    """P1, P2: an inferred claim says what it joins, a claimed one whose word it is."""
    for claim in context.instances("Claim"):
        modality = context.modality(claim)
        if modality == "inferred" and not context.facts.objects(claim, agi("note")):
            yield context.at(claim, agi("modality"), "an inferred claim needs an agi:note that says what it joins", "P1")
        if modality == "claimed" and not context.facts.objects(claim, agi("attributedTo")):
            yield context.at(claim, agi("modality"), "a claimed claim needs agi:attributedTo: who says so of itself", "P2")


def claim_dates(context: Context) -> Iterator[Problem]:
    """P6, S2: dates can be read, and no claim ends before it begins."""
    names = ("validFrom", "validUntil", "asOf", "published", "accessed", "researchCompleted")
    for record in [*context.instances("Claim"), *context.instances("Source")]:
        read = {}
        modality = context.facts.text(record, agi("modality"))
        for name in names:
            for text in context.facts.texts(record, agi(name)):
                try:
                    read[name] = period(text)
                except BadInput as error:
                    yield context.at(record, agi(name), f"agi:{name}: {error.message}; {error.hint}", "S2")
        for name in ("asOf", "published", "accessed", "researchCompleted"):
            if name in read and read[name].first > today() and not context.vocabulary.prospective(modality):
                yield context.at(record, agi(name), f"agi:{name} is in the future", "P6")
        if "validFrom" in read and "validUntil" in read and read["validUntil"].last < read["validFrom"].first:
            yield context.at(record, agi("validUntil"), "agi:validUntil is before agi:validFrom", "P6")
