"""The graph seen in one scope: what every analysis view starts from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from agikg.catalog import Catalog
from agikg.errors import Refused
from agikg.model.scope import EntityRef, Hop, Scope
from agikg.network import DependencyNetwork
from agikg.views.reach import LinkScores, link_hop


class Lens:
    """A catalog in a scope.

    Args:
        catalog: the compiled facts.
        scope: which claims count, checked.
        snapshot: hash of the snapshot, printed with every result.
    """

    def __init__(self, catalog: Catalog, scope: Scope, snapshot: str) -> None:
        self.catalog = catalog
        self.scope = scope
        self.snapshot = snapshot

    @cached_property
    def network(self) -> DependencyNetwork:
        """The dependency network in scope."""
        return self.catalog.network_in(self.scope)

    @cached_property
    def scores(self) -> LinkScores:
        """Confidence of its links."""
        return LinkScores(self.catalog, self.network)

    @cached_property
    def connected(self) -> frozenset[int]:
        """Entities of which the graph knows a need or a dependent at all, whatever the scope."""
        return frozenset((*self.catalog.network.dependent, *self.catalog.network.supplier))

    @cached_property
    def closing(self) -> dict[int, set[int]]:
        """Control -> positions of its claims that close a link of the network at all, whatever the scope."""
        found: dict[int, set[int]] = {}
        for claims in self.catalog.network.bars:
            for claim in claims:
                found.setdefault(self.catalog.position[self.catalog.row(claim)["subject"]], set()).add(claim)
        return found

    def stamp(self, **parameters: Any) -> dict[str, Any]:
        """The fields that make a result repeatable."""
        return {
            "snapshot": self.snapshot, "as_of": self.scope.as_of, "known_at": self.scope.known_at, "scope": self.scope,
            "parameters": parameters, "left_out": tuple(self.catalog.left_out(self.scope)),
        }  # fmt: skip

    def refs(self, entities: Iterable[int]) -> tuple[EntityRef, ...]:
        """Entities as results name them."""
        return tuple(map(self.catalog.ref, entities))

    def named(self, entity: int) -> dict[str, Any]:
        """The first three fields of an item."""
        ref = self.catalog.ref(entity)
        return {"id": ref.id, "label": ref.label, "layer": ref.layer}

    def hop(self, link: int) -> Hop:
        """A link as a hop from the dependent to what it needs."""
        return link_hop(self.catalog, self.network, link, self.scores[link])

    def function(self, group: int) -> str:
        """What a requirement is for: its name, else how its relation reads."""
        network = self.network
        members = network.members[group]
        reading = self.catalog.predicates[network.predicates[network.predicate[members[0]]]]["label"] if members else ""
        return network.group_function[group] or str(reading)

    def claims(self, links: Iterable[int]) -> tuple[str, ...]:
        """Ids of the claims that carry some links."""
        network = self.network
        return tuple(dict.fromkeys(network.claims[claim] for link in links for claim in network.link_claims(link)))

    def bars(self, links: Iterable[int]) -> tuple[str, ...]:
        """Ids of the claims by which controls close some links."""
        network = self.network
        return tuple(dict.fromkeys(network.claims[claim] for link in links for claim in network.bars[link]))

    def word(self, links: Sequence[int]) -> str:
        """Confidence of the weakest of some links; that of certainty where there are none."""
        return self.catalog.word(min((self.scores[link] for link in links), default=1.0))

    def resolve(self, name: str) -> int:
        """The entity a name means, refused where the dependency network knows nothing of it.

        Raises:
            UnknownName, AmbiguousName: nothing, or more than one thing, is called that.
            Refused: the graph knows no requirement of it and none that it serves.
        """
        entity = self.catalog.resolve(name)
        if entity not in self.connected:
            label = self.catalog.label(entity)
            raise Refused(
                f"the graph knows neither what {label} needs nor what needs it, so nothing follows for it",
                hint=f"agikg show {self.catalog.ref(entity).id} lists what it does know",
            )
        return entity
