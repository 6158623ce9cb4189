"""Triples in dictionaries, for the passes of the build and the projection. Knows terms only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agikg.store.terms import IRI, Blank, Literal, Quad, Term


class TripleIndex:
    """Subject -> predicate -> objects, in the order given, named graphs merged."""

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self._by_subject: dict[str, dict[str, list[Term]]] = {}
        self._by_predicate: dict[str, list[tuple[IRI | Blank, Term]]] = {}
        for quad in quads:
            self.add(quad)

    def add(self, quad: Quad) -> None:
        """Takes one triple in; a repetition changes nothing."""
        objects = self._by_subject.setdefault(quad.subject, {}).setdefault(quad.predicate, [])
        if quad.object not in objects:
            objects.append(quad.object)
            self._by_predicate.setdefault(quad.predicate, []).append((quad.subject, quad.object))

    def __contains__(self, subject: str) -> bool:
        return subject in self._by_subject

    def subjects(self) -> Iterator[str]:
        """Every subject, in order of appearance."""
        return iter(self._by_subject)

    def properties(self, subject: str) -> dict[str, list[Term]]:
        """All predicates of a subject with their objects."""
        return self._by_subject.get(subject, {})

    def objects(self, subject: str, predicate: str) -> list[Term]:
        """Objects of a subject and predicate."""
        return self._by_subject.get(subject, {}).get(predicate, [])

    def one(self, subject: str, predicate: str) -> Term | None:
        """First object, or None."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def text(self, subject: str, predicate: str, language: str | None = None) -> str | None:
        """First object as text; with a language, the first literal in it."""
        for found in self.objects(subject, predicate):
            # Parsers fold the case of language tags (zh-Hans becomes zh-hans).
            if language is None or (isinstance(found, Literal) and found.language.casefold() == language.casefold()):
                return str(found)
        return None

    def texts(self, subject: str, predicate: str) -> list[str]:
        """All objects as text."""
        return [str(found) for found in self.objects(subject, predicate)]

    def iris(self, subject: str, predicate: str) -> list[str]:
        """Objects that are IRIs."""
        return [str(found) for found in self.objects(subject, predicate) if isinstance(found, IRI)]

    def pairs(self, predicate: str) -> list[tuple[IRI | Blank, Term]]:
        """Subjects and objects of a predicate."""
        return self._by_predicate.get(predicate, [])

    def having(self, predicate: str, value: str) -> list[str]:
        """Subjects whose predicate has this object."""
        return [str(subject) for subject, found in self.pairs(predicate) if str(found) == value]
