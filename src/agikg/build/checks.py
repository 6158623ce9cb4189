"""Checks that run across records: references, kinds, dates, names, cycles. Each yields problems at their lines.

The keys (P1, R2, L1 ...) are those of the list of data checks in docs/checks.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from agikg import vocab
from agikg.build.derive import source_of
from agikg.build.read import Files
from agikg.dates import period
from agikg.errors import BadInput, Problem
from agikg.names import key, tokenise
from agikg.projection.vocabulary import Property, Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.terms import Blank, Literal
from agikg.vocab import agi, curie

_STANDARD = tuple(vocab.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "skos", "dcterms", "prov", "schema", "qudt"))
_UNSEEN = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]|\bon\w+\s*=|javascript:|&(?:#\w+|lt|gt|amp|quot|apos|nbsp);")


class Context(NamedTuple):
    """What a check looks at."""

    files: Files
    facts: TripleIndex
    vocabulary: Vocabulary

    def at(self, subject: str, predicate: str | None, message: str, check: str) -> Problem:
        """A problem of a subject, named by its CURIE."""
        return self.files.problem(subject, predicate, f"{curie(subject)}: {message}", check)

    def instances(self, kind: str) -> list[str]:
        """Subjects of a class of the frame (Claim, Source ...)."""
        return self.facts.having(vocab.TYPE, agi(kind))

    def entities(self) -> list[str]:
        """Subjects of a class of the domain."""
        return list(dict.fromkeys(str(s) for s, kind in self.facts.pairs(vocab.TYPE) if str(kind) in self.vocabulary.classes))


def cross_problems(files: Files, facts: TripleIndex, vocabulary: Vocabulary) -> list[Problem]:
    """All problems that shapes cannot see."""
    context = Context(files, facts, vocabulary)
    return sorted({problem for check in CHECKS for problem in check(context)})


def declared_terms(context: Context) -> Iterator[Problem]:
    """S1: every property and class used is declared; a near miss is named."""
    declared = {str(subject) for subject, _ in context.facts.pairs(vocab.TYPE)} | {str(s) for s in context.facts.subjects()}
    known = [vocab.local(term) for term in declared if term.startswith(vocab.AGI)]
    for quad in context.files.quads:
        terms = [quad.predicate] + ([quad.object] if quad.predicate == vocab.TYPE else [])
        for term in map(str, terms):
            if term in declared or term.startswith(_STANDARD):
                continue
            near = get_close_matches(vocab.local(term), known, n=1)
            hint = f"; did you mean agi:{near[0]}?" if near else ""
            what = "class" if quad.predicate == vocab.TYPE and term == str(quad.object) else "property"
            yield context.at(quad.subject, quad.predicate, f"{what} {curie(term)} is not declared{hint}", "S1")


def no_blank_nodes(context: Context) -> Iterator[Problem]:
    """S4: curated graphs have no blank nodes, so that reading a file twice adds nothing."""
    for quad in context.files.quads:
        if isinstance(quad.object, Blank):
            yield context.at(quad.subject, quad.predicate, "has a blank node as object; give it an identifier", "S4")


def defined_once(context: Context) -> Iterator[Problem]:
    """P5: a record stands in one place; a second block of the same subject is a slip."""
    for subject, places in context.files.places.items():
        if subject.startswith(vocab.ID):
            definitions = [(path, where) for path, where in places if (subject, vocab.TYPE) in where.predicates]
            for path, where in definitions[1:]:
                first = f"{definitions[0][0]}:{definitions[0][1].line(subject)}"
                yield Problem(path, where.line(subject), f"{curie(subject)} is already defined at {first}", "P5")
        for path, where in places:
            for again, line in where.repeated:
                if again == subject:
                    yield Problem(path, line, f"{curie(subject)} begins a second block in this file", "P5")


def closed_lists(context: Context) -> Iterator[Problem]:
    """S2: a property that takes its value from a closed list names a concept of that list."""
    for property_, scheme in context.facts.pairs(agi("fromScheme")):
        allowed = set(context.facts.having(vocab.IN_SCHEME, str(scheme)))
        for subject, value in context.facts.pairs(str(property_)):
            if str(value) not in allowed:
                near = get_close_matches(curie(str(value)), map(curie, allowed), n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                message = f"{curie(str(value))} is not in {curie(str(scheme))} (ontology/schemes.ttl){hint}"
                yield context.at(str(subject), str(property_), message, "S2")


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
        declared = context.vocabulary.properties.get(context.facts.text(claim, vocab.PREDICATE) or "")
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
    """P4, P5: identifier, passage, source and folder of a claim agree; an inferred claim says what it joins."""
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
        inferred = context.vocabulary.notation(context.facts.text(claim, agi("modality"))) == "inferred"
        if inferred and not context.facts.objects(claim, agi("note")):
            yield context.at(claim, agi("modality"), "an inferred claim needs an agi:note that says what it joins", "P1")


def claim_dates(context: Context) -> Iterator[Problem]:
    """P6, S2: dates can be read, and no claim ends before it begins."""
    names = ("validFrom", "validUntil", "asOf", "published", "accessed", "researchCompleted")
    for record in [*context.instances("Claim"), *context.instances("Source")]:
        read = {}
        for name in names:
            for text in context.facts.texts(record, agi(name)):
                try:
                    read[name] = period(text)
                except BadInput as error:
                    yield context.at(record, agi(name), f"agi:{name}: {error.message}; {error.hint}", "S2")
        if "validFrom" in read and "validUntil" in read and read["validUntil"].last < read["validFrom"].first:
            yield context.at(record, agi("validUntil"), "agi:validUntil is before agi:validFrom", "P6")


def requirements(context: Context) -> Iterator[Problem]:
    """R2: a requirement has claims, all of its owner, all dependencies; alternatives not in use name a requirement."""
    used: set[str] = set()
    for claim in context.instances("Claim"):
        declared = context.vocabulary.properties.get(context.facts.text(claim, vocab.PREDICATE) or "")
        requirement = context.facts.text(claim, agi("requirement"))
        if declared is None:
            continue
        if requirement is None:
            if declared.role == "alternative":
                yield context.at(claim, vocab.PREDICATE, "an alternative has to name the agi:requirement it would serve", "R2")
            continue
        used.add(requirement)
        end = vocab.OBJECT if declared.dependent_is_object else vocab.SUBJECT
        if declared.role == "none":
            yield context.at(claim, agi("requirement"), f"{curie(declared.iri)} is no dependency, so it serves no requirement", "R2")
        elif context.facts.text(requirement, agi("requiredBy")) not in (None, context.facts.text(claim, end)):
            yield context.at(claim, agi("requirement"), f"{curie(requirement)} is a requirement of another entity", "R2")
    for requirement in context.instances("Requirement"):
        if requirement not in used:
            yield context.at(requirement, None, "no claim serves this requirement", "R2")


def controls(context: Context) -> Iterator[Problem]:
    """R2: a claim that closes access says whose."""
    for claim in context.instances("Claim"):
        declared = context.vocabulary.properties.get(context.facts.text(claim, vocab.PREDICATE) or "")
        if declared is not None and declared.closes_access and not context.facts.objects(claim, agi("party")):
            yield context.at(claim, vocab.PREDICATE, "a claim that closes access needs agi:party: whose access", "R2")


def cycles(context: Context) -> Iterator[Problem]:
    """R3: nothing supersedes, contains or is a version of itself, at any remove."""
    relations: dict[str, dict[str, list[str]]] = {agi("supersedes"): {}}
    for subject, object_ in context.facts.pairs(agi("supersedes")):
        relations[agi("supersedes")].setdefault(str(subject), []).append(str(object_))
    hierarchical = {iri for iri, p in context.vocabulary.properties.items() if p.carries_bar and p.kind == "relation"}
    for claim in context.instances("Claim"):
        predicate = context.facts.text(claim, vocab.PREDICATE) or ""
        subject_, object_iris = context.facts.text(claim, vocab.SUBJECT), context.facts.iris(claim, vocab.OBJECT)
        if subject_ is not None and subject_ in object_iris:
            yield context.at(claim, vocab.OBJECT, f"{curie(subject_)} stands on both sides", "R3")
        elif subject_ is not None and predicate in hierarchical:
            relations.setdefault(predicate, {}).setdefault(subject_, []).extend(object_iris)
    for relation, steps in relations.items():
        for start in steps:
            loop = _loop(start, steps)
            if loop and min(loop) == start:
                chain = " -> ".join(curie(node) for node in [*loop, start])
                yield context.at(start, relation, f"cycle in {curie(relation)}: {chain}", "R3")


def _loop(start: str, steps: dict[str, list[str]]) -> list[str]:
    """A shortest way from a node back to itself, or nothing."""
    ways = {start: [start]}
    queue = [start]
    for node in queue:
        for following in steps.get(node, []):
            if following == start:
                return ways[node]
            if following not in ways:
                ways[following] = [*ways[node], following]
                queue.append(following)
    return []


def names(context: Context) -> Iterator[Problem]:
    """L1, L2: labels are clean, and no name belongs to two entities."""
    owners: dict[str, str] = {}
    for entity in context.entities():
        if context.facts.text(entity, vocab.PREF_LABEL, "en") is None:
            yield context.at(entity, vocab.PREF_LABEL, "an entity needs a skos:prefLabel in English (@en)", "L1")
        for predicate in (vocab.PREF_LABEL, vocab.ALT_LABEL):
            for name in context.facts.texts(entity, predicate):
                if name != name.strip() or "  " in name or not tokenise(name):
                    yield context.at(entity, predicate, f"label {name!r} is empty or has stray spaces", "L1")
                    continue
                owner = owners.setdefault(key(tokenise(name)), entity)
                if owner != entity:
                    place = context.files.problem(owner, None, "", "")
                    where = f"{place.path}:{place.line}"
                    yield context.at(entity, predicate, f"{name!r} is also a name of {curie(owner)} ({where})", "L2")


def literals(context: Context) -> Iterator[Problem]:
    """L1, L3: texts are NFC, without unseen characters or markup."""
    for quad in context.files.quads:
        if not isinstance(quad.object, Literal):
            continue
        text = quad.object.value
        if _UNSEEN.search(text):
            yield context.at(quad.subject, quad.predicate, "text holds control or invisible characters", "L1")
        if text != unicodedata.normalize("NFC", text):
            yield context.at(quad.subject, quad.predicate, "text is not in Unicode normal form C", "L1")
        if _MARKUP.search(text):
            yield context.at(quad.subject, quad.predicate, "text looks like markup or script", "L3")


CHECKS: tuple[Callable[[Context], Iterator[Problem]], ...] = (
    declared_terms,
    closed_lists, no_blank_nodes, defined_once, claim_references, claim_objects, claim_places, claim_dates,
    requirements, controls, cycles, names, literals,
)  # fmt: skip
