"""What stands around entities and claims: groups and members, lines and versions, names, sentences. Knows the catalog, no question."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from agikg.catalog import Catalog


class Surroundings:
    """What belongs to the entities and claims of a catalog, worked out when first asked for."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kin: dict[int, frozenset[int]] = {}
        self._groups: dict[int, frozenset[int]] = {}

    def ends(self, claim: int) -> tuple[int, ...]:
        """Positions of the entities that a claim is about."""
        return tuple(self._catalog.around["ends"][claim])

    def speaker(self, claim: int) -> int | None:
        """The entity whose word a claim is, if it is one."""
        return self._catalog.position.get(self._catalog.row(claim)["attributed_id"])

    def groups(self, entity: int) -> frozenset[int]:
        """Groups that an entity belongs to."""
        if entity not in self._groups:
            catalog = self._catalog
            told = (link for link in catalog.links if link.subject == entity and "group" in catalog.predicates[link.predicate]["tells"])
            self._groups[entity] = frozenset(link.object for link in told)
        return self._groups[entity]

    def kin(self, entity: int) -> frozenset[int]:
        """Members of a group; what a thing is a version of. O(links) once for each entity."""
        if entity not in self._kin:
            self._kin[entity] = frozenset(self._related(entity))
        return self._kin[entity]

    def _related(self, entity: int) -> Iterator[int]:
        catalog = self._catalog
        for link in catalog.links:
            row = catalog.predicates[link.predicate]
            if link.object == entity and ("group" in row["tells"] or row["carries_party"]):
                yield link.subject
            elif link.subject == entity and row["carries_party"] and row["role"] == "essential" and link.predicate in self._inheriting:
                yield link.object

    @cached_property
    def _inheriting(self) -> frozenset[str]:
        """Relations along which what is said of a whole line holds for its members."""
        return frozenset(row["inherited_along"] for row in self._catalog.predicates.values() if row["inherited_along"])

    @property
    def called(self) -> dict[str, list[int]]:
        """Stem -> entities that go by a name with it, are in a group that does, or are of a class that does."""
        found: dict[str, list[int]] = self._catalog.around["called"]
        return found

    @cached_property
    def ending(self) -> dict[int, list[int]]:
        """Entity -> claims that have it at an end."""
        found: dict[int, list[int]] = {}
        for claim in range(self._catalog.claim_count):
            for end in self.ends(claim):
                found.setdefault(end, []).append(claim)
        return found

    @cached_property
    def places(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Source and sentence, and source and paragraph, of each claim."""
        sentences = list(zip(self._catalog.claim_sources, self._catalog.around["sentences"], strict=True))
        return sentences, [(source, locator.rpartition(" ")[0]) for source, locator in sentences]

    def in_sentence(self, claim: int) -> list[int]:
        """Claims of the sentence of a claim, itself among them."""
        return self._of_sentence[self.places[0][claim]]

    @cached_property
    def _of_sentence(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for claim, sentence in enumerate(self.places[0]):
            found.setdefault(sentence, []).append(claim)
        return found
