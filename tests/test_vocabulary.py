"""Ontology, shapes, data and Python in step."""

from __future__ import annotations

import re

import pytest

from agikg import vocab
from agikg.build.read import read_root
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.store.syntax import parse
from agikg.store.terms import Literal
from agikg.vocab import agi
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def ontology() -> TripleIndex:
    quads = [q for file in (ROOT / "ontology").glob("*.ttl") if file.name != "shapes.ttl" for q in parse(file.read_bytes(), ".ttl")]
    return TripleIndex(quads)


@pytest.fixture(scope="module")
def vocabulary(ontology: TripleIndex) -> Vocabulary:
    return Vocabulary(ontology)


def declared(ontology: TripleIndex) -> set[str]:
    return {str(subject) for subject, _ in ontology.pairs(vocab.TYPE) if str(subject).startswith(vocab.AGI)}


def test_every_term_is_documented_in_both_languages(ontology: TripleIndex) -> None:
    schemes = {str(scheme) for _, scheme in ontology.pairs(vocab.IN_SCHEME)}
    for term in declared(ontology):
        label = vocab.PREF_LABEL if ontology.objects(term, vocab.PREF_LABEL) else vocab.LABEL
        assert ontology.text(term, label, "en"), f"{term} has no English label"
        assert ontology.text(term, label, "zh-Hans"), f"{term} has no Chinese label"
        if term not in schemes and vocab.agi("units") not in ontology.iris(term, vocab.IN_SCHEME):
            bounds = agi("bounds") in ontology.iris(term, vocab.IN_SCHEME)
            assert bounds or ontology.text(term, vocab.DEFINITION, "en"), f"{term} has no definition"


def test_every_term_used_in_ontology_and_shapes_is_declared(ontology: TripleIndex) -> None:
    known = declared(ontology)
    for file in (ROOT / "ontology").glob("*.ttl"):
        for quad in parse(file.read_bytes(), ".ttl"):
            for term in (quad.predicate, quad.object):
                if not isinstance(term, Literal) and str(term).startswith(vocab.AGI) and str(term) != vocab.AGI.rstrip("#"):
                    assert str(term) in known or str(term).endswith("Shape"), f"{file.name}: {term}"


def test_every_relation_says_direction_role_and_reading(vocabulary: Vocabulary, ontology: TripleIndex) -> None:
    for iri, declared_ in vocabulary.properties.items():
        if declared_.kind == "inverse":
            assert vocabulary.properties[str(declared_.inverse)].inverse == iri
            continue
        assert declared_.role in {"essential", "supporting", "alternative", "none"}, iri
        if declared_.kind == "relation":
            assert declared_.inverse is not None, f"{iri} does not say how it reads backwards"
            assert ontology.text(declared_.inverse, vocab.LABEL, "en"), iri
        if declared_.role != "none":
            assert ontology.iris(iri, agi("dependentEnd")), f"{iri} does not say which end depends"
        if declared_.kind == "metric":
            assert declared_.units, f"{iri} names no unit"


def test_roles_agree_with_super_properties(vocabulary: Vocabulary) -> None:
    """What SPARQL follows (agi:requires, agi:drawsOn) is what the network calls essential and supporting."""
    for iri, declared_ in vocabulary.properties.items():
        if declared_.kind == "relation" and iri != agi("dependsOn"):
            assert (agi("requires") in {iri, *declared_.supers}) == (declared_.role == "essential"), iri
            assert (agi("drawsOn") in {iri, *declared_.supers}) == (declared_.role == "supporting"), iri


def test_names_in_python_are_declared(ontology: TripleIndex) -> None:
    known = declared(ontology)
    for file in (ROOT / "src" / "agikg").rglob("*.py"):
        for name in re.findall(r'\bagi\("(\w+)"\)', file.read_text(encoding="utf-8")):
            assert agi(name) in known, f"{file.name}: agi:{name}"


def test_no_relation_of_the_domain_is_named_in_python(vocabulary: Vocabulary) -> None:
    """Names of one plain word (share, position) mean other things too; the compound ones can only be relations."""
    names = {name for name in map(vocab.local, vocabulary.properties) if name != name.lower()}
    word = re.compile(rf"[\"'](?:agi:)?({'|'.join(names)})[\"']")
    for file in (ROOT / "src" / "agikg").rglob("*.py"):
        found = set(word.findall(file.read_text(encoding="utf-8")))
        assert not found, f"{file.name} names {found}"


def test_every_entity_class_and_relation_has_standard_company(ontology: TripleIndex) -> None:
    """Alignment of the design: PROV, SKOS, schema.org, ORG, QUDT are really used."""
    used = {str(o) for _, o in [*ontology.pairs(vocab.SUBCLASS_OF), *ontology.pairs(vocab.SUBPROPERTY_OF)]}
    for namespace in (vocab.PROV, vocab.SCHEMA, vocab.RDF, "http://www.w3.org/ns/org#", vocab.QUDT):
        assert any(term.startswith(namespace) for term in used), namespace


def test_every_record_of_the_graph_has_a_declared_class() -> None:
    files = read_root(ROOT)
    assert not files.problems
    facts = TripleIndex(files.quads)
    classes = declared(facts)
    for quad in files.quads:
        if quad.graph != vocab.GRAPH_ONTOLOGY and quad.predicate == vocab.TYPE:
            assert str(quad.object) in classes, quad
