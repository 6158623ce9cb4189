"""Checks of records as such: declared, defined once, named from closed lists, without blank nodes; sources that repeat others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from agikg import vocab
from agikg.build.checks.context import Context
from agikg.errors import Problem
from agikg.store.terms import Blank
from agikg.vocab import agi, curie

_STANDARD = tuple(vocab.PREFIXES[prefix] for prefix in ("rdf", "rdfs", "owl", "skos", "dcterms", "prov", "schema", "qudt"))
_LOCAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


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


def repeated_sources(context: Context) -> Iterator[Problem]:
    """P4: a source that repeats another is a repost: it adds nothing to what the other's word is worth."""
    for source in context.instances("Source"):
        tier = context.facts.text(source, agi("tier"))
        if tier is None or context.vocabulary.notation(tier) == "repost":  # the shape says that a tier is missing
            continue
        for property_ in (agi("origin"), agi("originName")):
            if context.facts.objects(source, property_):
                message = f"a source with {curie(property_)} repeats another, so its agi:tier is agi:tier-repost, not {curie(tier)}"
                yield context.at(source, property_, message, "P4")


def identifiers(context: Context) -> Iterator[Problem]:
    """S3: identifiers of records are plain: letters, digits, dots and hyphens behind one of the known prefixes."""
    for subject, places in context.files.places.items():
        name = curie(subject).partition(":")[2]
        if subject.startswith(vocab.ID) and places and not _LOCAL.fullmatch(name):
            yield context.at(subject, None, "an identifier is made of letters, digits, dots and hyphens", "S3")
