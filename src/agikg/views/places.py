"""Who owns what, what belongs to which country, which control is part of which: by what the ontology says relations tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from agikg.catalog import Link
from agikg.errors import BadInput, Refused
from agikg.views.lens import Lens

HEADQUARTERS, SITE, EITHER = "headquarters", "site", "either"
_OWNER, _WHOLE = "owner", "whole"


class Placed(NamedTuple):
    """Where an entity belongs: place -> claims that say so."""

    headquarters: dict[int, tuple[str, ...]]
    site: dict[int, tuple[str, ...]]


class Places:
    """Headquarters, sites, owners and wholes in a scope."""

    def __init__(self, lens: Lens) -> None:
        self._lens = lens

    @cached_property
    def _links(self) -> dict[str, list[tuple[Link, tuple[str, ...]]]]:
        """What is told (headquarters, site, owner, whole, holder) -> links that tell it, with their claims."""
        catalog = self._lens.catalog
        found: dict[str, list[tuple[Link, tuple[str, ...]]]] = {}
        for link in catalog.links:
            declared = catalog.predicates[link.predicate]
            told = [*declared["tells"], *(["holder"] if declared["carries_party"] else [])]
            evidence = catalog.evidence(link, self._lens.scope) if told else ()
            if evidence:
                claims = tuple(dict.fromkeys(str(catalog.row(claim)["id"]) for claims in evidence for claim in claims))
                for what in told:
                    found.setdefault(what, []).append((link, claims))
        return found

    def _steps(self, *told: str) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
        steps: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
        for what in told:
            for link, claims in self._links.get(what, []):
                steps.setdefault(link.subject, []).append((link.object, claims))
        return steps

    @cached_property
    def _within(self) -> dict[int, dict[int, tuple[str, ...]]]:
        """Place -> places it lies in, itself included, with the claims."""
        steps = self._steps(SITE, _WHOLE)
        places = {place for what in (HEADQUARTERS, SITE) for link, _ in self._links.get(what, []) for place in (link.object,)}
        return {place: _closure(place, steps) for place in places | {p for p in steps if "Place" in self._lens.catalog.kinds(p)}}

    @cached_property
    def placed(self) -> Mapping[int, Placed]:
        """Every entity that any claim places, by its own headquarters and site, or by those of whose it is."""
        own = {what: self._steps(what) for what in (HEADQUARTERS, SITE)}
        holders = self._steps(_OWNER, "holder")
        found: dict[int, Placed] = {}
        for entity in {*own[HEADQUARTERS], *own[SITE], *holders}:
            headquarters: dict[int, tuple[str, ...]] = {}
            for holder, path in _closure(entity, holders).items():
                for place, claims in own[HEADQUARTERS].get(holder, []):
                    self._spread(headquarters, place, (*path, *claims))
                if headquarters:
                    break  # the nearest holder whose headquarters are known decides
            site: dict[int, tuple[str, ...]] = {}
            for place, claims in own[SITE].get(entity, []):
                self._spread(site, place, claims)
            if headquarters or site:
                found[entity] = Placed(headquarters, site)
        return found

    def _spread(self, found: dict[int, tuple[str, ...]], place: int, claims: tuple[str, ...]) -> None:
        for wider, more in self._within.get(place, {place: ()}).items():
            found.setdefault(wider, tuple(dict.fromkeys((*claims, *more))))

    def in_place(self, place: int, by: str = EITHER) -> set[int]:
        """Entities of the dependency network that belong to a place by headquarters, by site, or either.

        Raises:
            BadInput: no such way. Refused: none is known to.
        """
        if by not in (HEADQUARTERS, SITE, EITHER):
            raise BadInput(f"no way to belong to a country is called {by!r}", hint="one of headquarters, site, either")
        found = {
            entity
            for entity, where in self.placed.items()
            if entity in self._lens.connected
            and ((by != SITE and place in where.headquarters) or (by != HEADQUARTERS and place in where.site))
        }
        if not found:
            label = self._lens.catalog.label(place)
            raise Refused(
                f"the graph does not say of anything in the chain that it is in {label} (by {by})",
                hint="agikg exposure NAME shows what is known",
            )
        return found

    def owned_by(self, owner: int) -> set[int]:
        """An owner and everything that it owns, through any number of steps."""
        steps = self._steps(_OWNER)
        return {owner} | {entity for entity in steps if owner in _closure(entity, steps)}

    def parts_of(self, whole: int) -> set[int]:
        """Something and everything that is part of it, through any number of steps."""
        steps = self._steps(_WHOLE)
        return {whole} | {entity for entity in steps if whole in _closure(entity, steps)}

    def roots(self, places: Iterable[int]) -> list[int]:
        """Those of the places that lie in no other one."""
        return [place for place in places if len(self._within.get(place, {place: ()})) == 1]


def _closure(start: int, steps: Mapping[int, list[tuple[int, tuple[str, ...]]]]) -> dict[int, tuple[str, ...]]:
    """Everything reached from the start, nearest first, with the claims of one way to it; the start with none."""
    found: dict[int, tuple[str, ...]] = {start: ()}
    queue = [start]
    for node in queue:
        for other, claims in steps.get(node, []):
            if other not in found:
                found[other] = (*found[node], *claims)
                queue.append(other)
    return found
