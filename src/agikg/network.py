"""The value chain as arrays: who needs what, in requirement groups of alternatives, on which claims.

Knows entities and claims by position only; no RDF, no names of relations beyond what it is given.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, eq=False, repr=False)
class DependencyNetwork:
    """Links from dependents to what they need.

    A requirement group holds the alternatives (OR) of one requirement; all groups of an entity have to be met (AND).
    Arrays are ``array('i')`` (int32, buffer protocol: ``numpy.frombuffer`` reads them without a copy).

    Attributes:
        names: entity ids; entities are their positions here.
        predicates: names of relations; ``predicate`` holds positions here.
        claims: claim ids; evidence holds positions here.
        dependent, supplier, predicate, group: one entry a link.
        in_use: one byte a link, 0 for an alternative that is not said to be used.
        evidence: one entry a link: sets of claims, each of which alone carries the link (all claims of a set needed).
        bars: one entry a link: claims by which a control closes it.
        barred: one byte a link, 1 where a bar holds in the chosen scope (all 0 before ``restricted``).
        group_owner, group_minimum: one entry a group: the dependent, and how many alternatives have to serve.
        group_essential: one byte a group, 0 where its failure only weakens the owner.
        group_function: what each group is for, "" where unnamed.
    """

    names: tuple[str, ...]
    predicates: tuple[str, ...]
    claims: tuple[str, ...]
    dependent: array[int]
    supplier: array[int]
    predicate: array[int]
    group: array[int]
    in_use: bytes
    evidence: tuple[tuple[tuple[int, ...], ...], ...]
    bars: tuple[tuple[int, ...], ...]
    barred: bytes
    group_owner: array[int]
    group_minimum: array[int]
    group_essential: bytes
    group_function: tuple[str, ...]

    def __len__(self) -> int:
        """Number of links."""
        return len(self.dependent)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Position of each entity id."""
        return {name: index for index, name in enumerate(self.names)}

    @cached_property
    def needs_of(self) -> Sequence[Sequence[int]]:
        """Links of each entity to what it needs."""
        return _by_end(len(self.names), self.dependent)

    @cached_property
    def needed_by(self) -> Sequence[Sequence[int]]:
        """Links of each entity from what needs it."""
        return _by_end(len(self.names), self.supplier)

    @cached_property
    def members(self) -> Sequence[Sequence[int]]:
        """Links of each requirement group."""
        return _by_end(len(self.group_owner), self.group)

    def essential(self, link: int) -> bool:
        """Whether the loss of the link's whole group stops the dependent."""
        return bool(self.group_essential[self.group[link]])

    def serves(self, link: int) -> bool:
        """Whether the link could meet its requirement: no control closes it. It need not be in use."""
        return not self.barred[link]

    def used(self, link: int) -> bool:
        """Whether the link is said to be in use and no control closes it."""
        return bool(self.in_use[link]) and not self.barred[link]

    def restricted(self, holds: Callable[[int], bool]) -> DependencyNetwork:
        """The network as it stands when only some claims count.

        A link stays if one of its evidence sets holds as a whole; a bar counts if its claim holds. Groups keep their
        positions; one whose links are all gone has no members, which means nothing is known of it, not that it fails.

        Args:
            holds: whether the claim at a position counts.
        """
        alive = [holds(index) for index in range(len(self.claims))]
        evidence = [tuple(s for s in sets if all(alive[claim] for claim in s)) for sets in self.evidence]
        kept = [link for link, sets in enumerate(evidence) if sets]
        bars = [tuple(claim for claim in self.bars[link] if alive[claim]) for link in kept]
        return replace(
            self,
            dependent=array("i", (self.dependent[link] for link in kept)),
            supplier=array("i", (self.supplier[link] for link in kept)),
            predicate=array("i", (self.predicate[link] for link in kept)),
            group=array("i", (self.group[link] for link in kept)),
            in_use=bytes(self.in_use[link] for link in kept),
            evidence=tuple(evidence[link] for link in kept),
            bars=tuple(bars),
            barred=bytes(bool(claims) for claims in bars),
        )

    def to_networkx(self, attributes: Mapping[str, Mapping[str, Any]] | None = None) -> networkx.MultiDiGraph[str]:
        """The network as a ``networkx.MultiDiGraph``, edges from dependent to what it needs.

        Node attributes are those given for the entity id. Edges are keyed by relation and group and carry ``predicate``,
        ``essential``, ``in_use``, ``barred``, ``group`` (key of the requirement), ``function``, ``minimum``, ``claims``.
        ``nx.ancestors(graph, x)`` are the entities from which x can be reached, whatever the kind of link.
        """
        import networkx as nx

        graph: networkx.MultiDiGraph[str] = nx.MultiDiGraph()
        for name in self.names:
            graph.add_node(name, **(attributes or {}).get(name, {}))
        for link in range(len(self)):
            group = self.group[link]
            graph.add_edge(
                self.names[self.dependent[link]],
                self.names[self.supplier[link]],
                key=f"{self.predicates[self.predicate[link]]}/{group}",
                predicate=self.predicates[self.predicate[link]],
                essential=self.essential(link),
                in_use=bool(self.in_use[link]),
                barred=bool(self.barred[link]),
                group=group,
                function=self.group_function[group],
                minimum=self.group_minimum[group],
                claims=[self.claims[claim] for claim in self.link_claims(link)],
            )
        return graph

    def link_claims(self, link: int) -> list[int]:
        """Claims of all evidence sets of a link, each once, in order."""
        return list(dict.fromkeys(claim for claims in self.evidence[link] for claim in claims))

    def alternatives(self, link: int) -> Iterator[int]:
        """Other links of the same group."""
        return (other for other in self.members[self.group[link]] if other != link)


def _by_end(count: int, ends: array[int]) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in range(count)]
    for link, end in enumerate(ends):
        found[end].append(link)
    return found
