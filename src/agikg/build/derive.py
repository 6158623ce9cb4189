"""From claims to edges: inheritance down series, super-properties, inverses, requirement groups, bars.

What is derived goes into a graph of its own, each edge with the claims it rests on. Which relations do what is
declared in the ontology; none is named here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from agikg import vocab
from agikg.build.confidence import claim_score, word_of
from agikg.build.places import passage_locator, source_of
from agikg.dates import period
from agikg.projection.vocabulary import Vocabulary
from agikg.store.canonical import canonical_quad
from agikg.store.index import TripleIndex
from agikg.store.terms import IRI, Literal, Quad, Term
from agikg.vocab import XSD, agi


class Edge(NamedTuple):
    """One way in which an edge follows from claims.

    Attributes:
        subject, predicate, object: IRIs.
        role: key of the dependency role.
        group: key of the requirement group of the dependent, "" for edges that are no dependency.
        rests_on: IRIs of the claims it needs, all of them.
    """

    subject: str
    predicate: str
    object: str
    role: str
    group: str
    rests_on: tuple[str, ...]


def derive(facts: TripleIndex, vocabulary: Vocabulary) -> list[Quad]:
    """All derived quads, their values spelt as in the files that were read (``store.canonical``).

    Args:
        facts: the authored triples, validated.
        vocabulary: what the ontology declares.
    """
    edges = inherited(list(asserted(facts, vocabulary)), vocabulary)
    bars = _bars(facts, vocabulary, edges)
    triples: list[tuple[str, str, Term]] = []
    for edge in edges:
        triples += _direct(edge, vocabulary)
        triples += _derivation(edge, bars.get(edge, []))
    for claim, _ in facts.pairs(vocab.PREDICATE):
        triples += _claim(str(claim), facts, vocabulary)
    for passage, _ in facts.pairs(agi("fingerprint")):
        triples.append((str(passage), agi("locator"), Literal(passage_locator(str(passage), facts))))
    return [canonical_quad(Quad(IRI(s), IRI(p), o, vocab.GRAPH_DERIVED)) for s, p, o in triples]


def asserted(facts: TripleIndex, vocabulary: Vocabulary) -> Iterator[Edge]:
    """Edges that one claim states. Denied claims state none."""
    requirements: dict[tuple[str, str, str], str] = {}
    stated = []
    for subject, _ in facts.pairs(vocab.PREDICATE):
        claim = str(subject)
        modality = vocabulary.notation(facts.text(claim, agi("modality")))
        subject_, predicate = facts.text(claim, vocab.SUBJECT), facts.text(claim, vocab.PREDICATE)
        object_ = facts.one(claim, vocab.OBJECT)
        if modality == "denied" or subject_ is None or predicate not in vocabulary.properties or not isinstance(object_, IRI):
            continue
        triple = (subject_, predicate, str(object_))
        stated.append((claim, triple))
        requirement = facts.text(claim, agi("requirement"))
        if requirement is not None:
            requirements[triple] = requirement
    for claim, triple in stated:
        declared = vocabulary.properties[triple[1]]
        role = vocabulary.notation(facts.text(claim, agi("necessity"))) or declared.role
        if role != "none" and vocabulary.prospective(facts.text(claim, agi("modality"))):
            role = "none"  # expected or intended: nothing depends on it yet
        yield Edge(*triple, role, _group(triple, role, declared.together, requirements.get(triple)), (claim,))


def _group(triple: tuple[str, str, str], role: str, together: bool, requirement: str | None) -> str:
    """Key of the requirement a link serves: the one its claims name, else one of its own."""
    if role == "none":
        return ""
    if requirement is not None:
        return vocab.curie(requirement)
    return vocab.local(triple[1]) if together else f"{vocab.local(triple[1])} {vocab.curie(triple[2])}"


def inherited(edges: list[Edge], vocabulary: Vocabulary) -> list[Edge]:
    """The edges and what follows for members of a series, to the last generation.

    Each inherited edge rests on the membership claims and on the claim about the series. Terminates on cycles, because
    an edge never rests on the same claim twice.
    """
    members: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        members.setdefault((edge.predicate, edge.object), []).append(edge)
    found = dict.fromkeys(edges)
    waiting = list(edges)
    while waiting:
        edge = waiting.pop()
        along = vocabulary.properties[edge.predicate].inherited_along
        if along is None:
            continue
        for membership in members.get((along, edge.subject), []):
            if set(membership.rests_on) & set(edge.rests_on) or membership.subject == edge.object:
                continue
            child = edge._replace(subject=membership.subject, rests_on=(*edge.rests_on, *membership.rests_on))
            if child not in found:
                found[child] = None
                waiting.append(child)
    return sorted(found)


def _bars(facts: TripleIndex, vocabulary: Vocabulary, edges: Iterable[Edge]) -> dict[Edge, list[str]]:
    """Claims by which controls close dependency edges: the party holds the dependent, the thing covers the needed end."""
    under = _closure(edges, {iri for iri, p in vocabulary.properties.items() if p.carries_party})
    within = _closure(edges, {iri for iri, p in vocabulary.properties.items() if p.carries_bar})
    closing = [
        edge
        for edge in edges
        if vocabulary.properties[edge.predicate].closes_access and not vocabulary.prospective(facts.text(edge.rests_on[0], agi("modality")))
    ]
    found: dict[Edge, list[str]] = {}
    for edge in edges:
        if edge.role == "none":
            continue
        dependent, needed = ends(edge, vocabulary)
        for bar in closing:
            parties = set(facts.iris(bar.rests_on[0], agi("party")))
            if bar.object in within.get(needed, {needed}) and (not parties or parties & under.get(dependent, {dependent})):
                found.setdefault(edge, []).append(bar.rests_on[0])
    return found


def ends(edge: Edge, vocabulary: Vocabulary) -> tuple[str, str]:
    """Dependent and needed end of an edge."""
    if vocabulary.properties[edge.predicate].dependent_is_object:
        return edge.object, edge.subject
    return edge.subject, edge.object


def _closure(edges: Iterable[Edge], predicates: set[str]) -> dict[str, set[str]]:
    """Each subject with all it reaches over the predicates, itself included."""
    steps: dict[str, set[str]] = {}
    for edge in edges:
        if edge.predicate in predicates:
            steps.setdefault(edge.subject, set()).add(edge.object)
    reached = {}
    for start in steps:
        seen, stack = {start}, [start]
        while stack:
            new = steps.get(stack.pop(), set()) - seen
            seen |= new
            stack.extend(new)
        reached[start] = seen
    return reached


def _direct(edge: Edge, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Term]]:
    """The triple itself, what it implies for dependency by its role, and all their inverses."""
    for iri in (edge.predicate, *vocabulary.implied(edge.predicate, edge.role)):
        declared = vocabulary.properties.get(iri)
        yield edge.subject, iri, IRI(edge.object)
        if declared is not None and declared.inverse is not None:
            yield edge.object, declared.inverse, IRI(edge.subject)


def _derivation(edge: Edge, bars: list[str]) -> Iterator[tuple[str, str, Term]]:
    digest = hashlib.sha256("\0".join((*edge[:5], *edge.rests_on)).encode()).hexdigest()[:16]
    node = vocab.PREFIXES["d"] + digest
    yield node, vocab.TYPE, IRI(agi("Derivation"))
    yield node, vocab.SUBJECT, IRI(edge.subject)
    yield node, vocab.PREDICATE, IRI(edge.predicate)
    yield node, vocab.OBJECT, IRI(edge.object)
    yield node, agi("role"), IRI(agi("noDependency" if edge.role == "none" else edge.role))
    if edge.group:
        yield node, agi("group"), Literal(edge.group)
    for claim in edge.rests_on:
        yield node, agi("restsOn"), IRI(claim)
    for claim in bars:
        yield node, agi("barredBy"), IRI(claim)


def _claim(claim: str, facts: TripleIndex, vocabulary: Vocabulary) -> Iterator[tuple[str, str, Term]]:
    """What follows for a claim: its source, its dates as days, its confidence, its figure as a node."""
    source = source_of(claim, facts)
    if source is not None:
        yield claim, agi("inSource"), IRI(source)
        published = facts.text(claim, agi("published")) or facts.text(source, agi("published"))
        if published:
            # A date as coarse as a year ends at the latest when the curators had the page before them.
            read = facts.text(source, agi("accessed"))
            yield claim, agi("knownFrom"), _day(min([period(published).last, *([period(read).last] if read else [])]))
    for name, derived, last in (("validFrom", "holdsFrom", False), ("validUntil", "holdsUntil", True)):
        found = facts.text(claim, agi(name))
        if found:
            yield claim, agi(derived), _day(period(found).last if last else period(found).first)
    score = claim_score(claim, facts, vocabulary)
    yield claim, agi("confidenceScore"), Literal(f"{score:.2f}", "", f"{XSD}decimal")
    yield claim, agi("confidence"), IRI(word_of(score, vocabulary))
    if facts.one(claim, vocab.OBJECT) is None:
        yield from _quantity(claim, facts)


def _quantity(claim: str, facts: TripleIndex) -> Iterator[tuple[str, str, Term]]:
    """The figure of a claim as an object that any RDF tool can follow."""
    node = vocab.PREFIXES["q"] + claim.removeprefix(vocab.PREFIXES["c"])
    yield claim, vocab.OBJECT, IRI(node)
    yield node, vocab.TYPE, IRI(f"{vocab.QUDT}QuantityValue")
    for name, target in (("value", f"{vocab.QUDT}numericValue"), ("unit", f"{vocab.QUDT}hasUnit")):
        found = facts.one(claim, agi(name))
        if found is not None:
            yield node, target, found
    for name in ("valueHigh", "bound", "verbatim"):
        found = facts.one(claim, agi(name))
        if found is not None:
            yield node, agi(name), found


def _day(day: str) -> Literal:
    return Literal(day, "", f"{XSD}date")
