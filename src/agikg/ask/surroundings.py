"""What stands around entities and claims: groups and members, lines and versions, names, sentences. Knows the catalog, no question."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from agikg.catalog import Catalog, Link
from agikg.model.scope import Scope


class Surroundings:
    """What belongs to the entities and claims of a catalog, worked out when first asked for."""

    def __init__(self, catalog: Catalog, scope: Scope) -> None:
        self._catalog = catalog
        self._scope = scope
        self._kin: dict[int, frozenset[int]] = {}

    def ends(self, claim: int) -> tuple[int, ...]:
        """Positions of the entities that a claim is about."""
        return tuple(self._catalog.search.around["ends"][claim])

    def speaker(self, claim: int) -> int | None:
        """The entity whose word a claim is, if it is one."""
        return self._catalog.position.get(self._catalog.row(claim)["attributed_id"])

    def groups(self, entity: int) -> frozenset[int]:
        """Groups that an entity belongs to."""
        return self._memberships[0].get(entity, frozenset())

    def has_members(self, entity: int) -> bool:
        """Whether anything belongs to an entity as to a group."""
        return entity in self._memberships[1]

    @cached_property
    def _memberships(self) -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
        """Entity -> its groups, and group -> its members, as claims in scope say."""
        groups: dict[int, set[int]] = {}
        members: dict[int, set[int]] = {}
        for link in self._links:
            if "group" in self._catalog.predicates[link.predicate]["tells"]:
                groups.setdefault(link.subject, set()).add(link.object)
                members.setdefault(link.object, set()).add(link.subject)
        return {e: frozenset(found) for e, found in groups.items()}, {e: frozenset(found) for e, found in members.items()}

    @cached_property
    def _links(self) -> list[Link]:
        """Links that claims in scope carry."""
        catalog = self._catalog
        if all(catalog.all_said(self._scope)):
            return catalog.links
        return [link for link in catalog.links if catalog.evidence(link, self._scope, dated=False)]

    def kin(self, entity: int) -> frozenset[int]:
        """Members of a group; what a thing is a version of. O(links) once for each entity."""
        if entity not in self._kin:
            self._kin[entity] = frozenset(self._related(entity))
        return self._kin[entity]

    def _related(self, entity: int) -> Iterator[int]:
        catalog = self._catalog
        for link in self._links:
            row = catalog.predicates[link.predicate]
            if link.object == entity and ("group" in row["tells"] or row["carries_party"]):
                yield link.subject
            elif link.subject == entity and row["carries_party"] and row["role"] == "essential" and link.predicate in self._inheriting:
                yield link.object

    @cached_property
    def _inheriting(self) -> frozenset[str]:
        """Relations along which what is said of a whole line holds for its members."""
        return frozenset(row["inherited_along"] for row in self._catalog.predicates.values() if row["inherited_along"])

    def named(self, word: str) -> set[int]:
        """Entities that go by a name with a stem, are of a class that does, or in a group that does."""
        found: set[int] = set(self._catalog.search.around["called"].get(word, ()))
        members = self._memberships[1]
        return found.union(*(members[entity] for entity in found if entity in members))

    @cached_property
    def ending(self) -> dict[int, list[int]]:
        """Entity -> claims in scope that have it at an end."""
        found: dict[int, list[int]] = {}
        for claim, said in enumerate(self._catalog.all_said(self._scope)):
            for end in self.ends(claim) if said else ():
                found.setdefault(end, []).append(claim)
        return found

    @cached_property
    def places(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Source and sentence, and source and paragraph, of each claim."""
        sentences = list(zip(self._catalog.claim_sources, self._catalog.search.around["sentences"], strict=True))
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
