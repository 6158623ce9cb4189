"""The vocabulary as the ontology declares it: how predicates read and what they mean for dependency."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from agikg import vocab
from agikg.store.index import TripleIndex
from agikg.vocab import agi


class Property(NamedTuple):
    """A declared predicate.

    Attributes:
        iri: its IRI.
        kind: relation, text, metric, or inverse (derived, never stated).
        role: key of its dependency role: essential, supporting, alternative, none.
        dependent_is_object: whether the object is the dependent end.
        inverse: IRI of the inverse, or None.
        supers: all super-properties.
        inherited_along: relation down which it is inherited, or None.
        together: whether all objects form one requirement.
        closes_access, carries_party, carries_bar: see the terms in ontology/core.ttl.
        subject_kinds, object_kinds, units: what it accepts; empty for anything.
        low, high: plausible range of a metric.
    """

    iri: str
    kind: str
    role: str
    dependent_is_object: bool
    inverse: str | None
    symmetric: bool
    supers: tuple[str, ...]
    inherited_along: str | None
    together: bool
    closes_access: bool
    carries_party: bool
    carries_bar: bool
    subject_kinds: frozenset[str]
    object_kinds: frozenset[str]
    units: frozenset[str]
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Vocabulary:
    """Everything declared, read from the triples of the ontology."""

    index: TripleIndex
    _ancestors: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def properties(self) -> dict[str, Property]:
        """Predicates a claim can state, by IRI; inverses included."""
        stated = {str(s): self._property(str(s)) for s, _ in self.index.pairs(agi("dependencyRole"))}
        for found in list(stated.values()):
            if found.inverse is not None and found.inverse not in stated:
                stated[found.inverse] = self._property(found.inverse, kind="inverse", inverse=found.iri)
        return stated

    @cached_property
    def classes(self) -> frozenset[str]:
        """Classes of entities."""
        return frozenset(str(subject) for subject, _ in self.index.pairs(vocab.SUBCLASS_OF) if agi("Thing") in self.ancestors(str(subject)))

    def ancestors(self, term: str, relation: str = vocab.SUBCLASS_OF) -> frozenset[str]:
        """A class with all its super-classes (or a property with its super-properties)."""
        key = f"{relation} {term}"
        if key not in self._ancestors:
            found, stack = {term}, [term]
            while stack:
                for parent in self.index.iris(stack.pop(), relation):
                    if parent not in found:
                        found.add(parent)
                        stack.append(parent)
            self._ancestors[key] = frozenset(found)
        return self._ancestors[key]

    def kinds(self, entity: str, facts: TripleIndex) -> frozenset[str]:
        """All classes an entity belongs to."""
        return frozenset().union(*(self.ancestors(kind) for kind in facts.iris(entity, vocab.TYPE)))

    def notation(self, concept: str | None) -> str | None:
        """Key of a concept (``nearly``, ``chips``)."""
        return None if concept is None else self.index.text(concept, vocab.NOTATION)

    def scheme(self, name: str) -> list[str]:
        """Concepts of a scheme, in order of declaration."""
        return self.index.having(vocab.IN_SCHEME, agi(name))

    def number(self, term: str, annotation: str) -> float | None:
        """A numeric annotation of a term."""
        found = self.index.text(term, agi(annotation))
        return None if found is None else float(found)

    def implied(self, predicate: str, role: str) -> tuple[str, ...]:
        """Super-properties that follow from an edge: the declared ones, or, for a claim that has another role than its
        predicate, those of the most general relation of that role.
        """
        declared = self.properties[predicate]
        if role == declared.role:
            return declared.supers
        general = [
            p
            for p in self.properties.values()
            if p.role == role and p.kind == "relation" and not any(self.properties[s].role == role for s in p.supers)
        ]
        return () if role == "none" or not general else (general[0].iri, *general[0].supers)

    def prospective(self, modality: str | None) -> bool:
        """Whether a modality speaks of what is not yet so."""
        return modality is not None and self._flag(modality, "prospective")

    def _flag(self, iri: str, name: str) -> bool:
        return self.index.text(iri, agi(name)) == "true"

    def _property(self, iri: str, kind: str | None = None, inverse: str | None = None) -> Property:
        types = self.index.iris(iri, vocab.TYPE)
        if kind is None:
            kind = "metric" if agi("Metric") in types else "text" if agi("TextPredicate") in types else "relation"
        symmetric = vocab.SYMMETRIC in types
        inherited = self.index.iris(iri, agi("inheritedAlong"))
        return Property(
            iri=iri,
            kind=kind,
            role=self.notation(next(iter(self.index.iris(iri, agi("dependencyRole"))), None)) or "none",
            dependent_is_object=agi("objectEnd") in self.index.iris(iri, agi("dependentEnd")),
            inverse=inverse or (iri if symmetric else next(iter(self.index.iris(iri, vocab.INVERSE_OF)), None)),
            symmetric=symmetric,
            supers=tuple(sorted(self.ancestors(iri, vocab.SUBPROPERTY_OF) - {iri})),
            inherited_along=inherited[0] if inherited else None,
            together=self._flag(iri, "alternativesTogether"),
            closes_access=self._flag(iri, "closesAccess"),
            carries_party=self._flag(iri, "carriesParty"),
            carries_bar=self._flag(iri, "carriesBar"),
            subject_kinds=frozenset(self.index.iris(iri, agi("subjectKind"))),
            object_kinds=frozenset(self.index.iris(iri, agi("objectKind"))),
            units=frozenset(self.index.iris(iri, agi("allowedUnit"))),
            low=self.number(iri, "minimumValue"),
            high=self.number(iri, "maximumValue"),
        )
