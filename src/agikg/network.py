"""The value chain as arrays: who needs what, in requirement groups of alternatives, on which claims.

Knows entities and claims by position only; no RDF, no names of relations beyond what it is given.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Self

from agikg.errors import BadInput

if TYPE_CHECKING:
    import networkx

UNKNOWN = nan
"""The share of a link of which nobody says how much of its requirement it carries."""
_ROUNDING = 1e-9


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
        share: one float a link: the part of its requirement that it carries (0-1), ``UNKNOWN`` (nan) where nobody says.
        shares: one entry a link: what claims say of its share, oldest first, as (claim, share); ``restricted`` takes the last
            that holds.
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
    share: array[float]
    shares: tuple[tuple[tuple[int, float], ...], ...]

    @classmethod
    def from_columns(
        cls,
        entities: int | Sequence[str],
        group_owner: Iterable[int],
        group: Iterable[int],
        supplier: Iterable[int],
        *,
        minimum: Iterable[int] | None = None,
        essential: Iterable[bool] | None = None,
        in_use: Iterable[bool] | None = None,
        barred: Iterable[bool] | None = None,
        share: Iterable[float] | None = None,
        function: Sequence[str] | None = None,
    ) -> Self:
        """A network of anybody's value chain, from plain columns; it rests on no claims.

        Args:
            entities: their names, or how many there are.
            group_owner: one entry a requirement group: position of the entity that needs it.
            group: one entry a link: the group it serves.
            supplier: one entry a link: position of the entity that serves.
            minimum: one a group: how many alternatives have to serve (default 1).
            essential: one a group: whether its failure stops the owner (default) or weakens it.
            in_use: one a link: whether it is in use (default) or only possible.
            barred: one a link: whether a control closes it (default not).
            share: one a link: part of the requirement it carries, 0-1, ``UNKNOWN`` (nan, default) where nobody says.
            function: one a group: what it is for (default "").

        Raises:
            BadInput: positions that do not exist, columns of unequal length, minima below 1, shares outside 0-1 or
                above 1 in sum.
        """
        try:
            owners, links, suppliers = array("i", group_owner), array("i", group), array("i", supplier)
            minima = None if minimum is None else array("i", minimum)
        except OverflowError:
            raise BadInput("a position or minimum is no 32-bit number") from None
        names = tuple(str(n) for n in range(entities)) if isinstance(entities, int) else tuple(entities)
        count, groups = len(links), len(owners)
        network = cls(
            names=names,
            predicates=("needs",),
            claims=(),
            dependent=array("i", (owners[g] if 0 <= g < groups else -1 for g in links)),
            supplier=suppliers,
            predicate=array("i", bytes(4 * count)),
            group=links,
            in_use=bytes([1]) * count if in_use is None else bytes(map(bool, in_use)),
            evidence=(((),),) * count,
            bars=((),) * count,
            barred=bytes(count) if barred is None else bytes(map(bool, barred)),
            group_owner=owners,
            group_minimum=array("i", [1]) * groups if minima is None else minima,
            group_essential=bytes([1]) * groups if essential is None else bytes(map(bool, essential)),
            group_function=("",) * groups if function is None else tuple(function),
            share=array("d", [UNKNOWN]) * count if share is None else array("d", share),
            shares=((),) * count,
        )
        network.check()
        return network

    @classmethod
    def from_networkx(cls, graph: networkx.Graph[Any]) -> Self:
        """A network from any directed networkx graph whose edges lead from dependent to what it needs.

        Edge attributes, all optional: ``group`` (edges of one dependent with equal keys are alternatives of one
        requirement; without it each edge is a requirement of its own), ``minimum``, ``essential``, ``in_use``, ``barred``,
        ``share``, ``function``, as ``to_networkx`` writes them.

        Raises:
            BadInput: the graph is undirected, or a share, minimum or sum of shares is impossible.
        """
        if not graph.is_directed():
            raise BadInput("an undirected graph does not say who depends on whom", hint="give a DiGraph, edges from dependent to need")
        position = {node: index for index, node in enumerate(graph.nodes)}
        groups: dict[tuple[int, Any], int] = {}
        first: list[dict[str, Any]] = []
        rows: list[tuple[int, int, dict[str, Any]]] = []
        for number, (dependent, needed, data) in enumerate(graph.edges(data=True)):
            key = (position[dependent], data.get("group", ("edge", number)))
            if key not in groups:
                groups[key] = len(groups)
                first.append(data)
            rows.append((groups[key], position[needed], data))
        return cls.from_columns(
            [str(node) for node in graph.nodes],
            [owner for owner, _ in groups],
            [group for group, _, _ in rows],
            [needed for _, needed, _ in rows],
            minimum=[int(data.get("minimum", 1)) for data in first],
            essential=[bool(data.get("essential", True)) for data in first],
            in_use=[bool(data.get("in_use", True)) for _, _, data in rows],
            barred=[bool(data.get("barred", False)) for _, _, data in rows],
            share=[float(data.get("share", UNKNOWN)) for _, _, data in rows],
            function=[str(data.get("function", "")) for data in first],
        )

    def check(self) -> None:
        """Refuses what makes no sense.

        Raises:
            BadInput: see ``from_columns``.
        """
        entities, groups, links = len(self.names), len(self.group_owner), len(self.group)
        columns = {
            "supplier": (self.supplier, links), "in_use": (self.in_use, links), "barred": (self.barred, links),
            "share": (self.share, links), "minimum": (self.group_minimum, groups), "essential": (self.group_essential, groups),
            "function": (self.group_function, groups),
        }  # fmt: skip
        for name, (column, length) in columns.items():
            if len(column) != length:
                raise BadInput(f"column {name!r} has {len(column)} entries, {length} are expected")
        for name, positions, count in (
            ("group_owner", self.group_owner, entities),
            ("supplier", self.supplier, entities),
            ("group", self.group, groups),
        ):
            if positions and not 0 <= min(positions) <= max(positions) < count:
                raise BadInput(f"column {name!r} names a position outside 0..{count - 1}")
        if self.group_minimum and min(self.group_minimum) < 1:
            raise BadInput("a requirement needs at least one alternative: minima below 1 make no sense")
        self._check_shares()

    def _check_shares(self) -> None:
        sums: dict[int, float] = {}
        for link, share in enumerate(self.share):
            if isnan(share):
                continue
            if not 0 <= share <= 1:
                raise BadInput(f"the share of {self._told(link)} is {share:g}", hint="shares are parts of a requirement, 0 to 1")
            sums[self.group[link]] = sums.get(self.group[link], 0.0) + share
            if sums[self.group[link]] > 1 + _ROUNDING:
                owner = self.names[self.group_owner[self.group[link]]]
                raise BadInput(
                    f"the shares of a requirement of {owner} sum to {sums[self.group[link]]:g}, more than 1",
                    hint="shares are parts of one whole",
                )

    def _told(self, link: int) -> str:
        return f"{self.names[self.supplier[link]]} in {self.names[self.dependent[link]]}"

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

    @cached_property
    def serving(self) -> Sequence[int]:
        """For each requirement group, how many of its links no control closes."""
        found = [0] * len(self.group_owner)
        for group, barred in zip(self.group, self.barred, strict=True):
            if not barred:
                found[group] += 1
        return found

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
        positions. What is not known fails nobody: a group whose links are all gone has no members and never fails; one
        that has fewer left than its minimum needs all that are left; one of which only alternatives not in use are left
        fails nobody, because what is in use instead is not known.

        Args:
            holds: whether the claim at a position counts.
        """
        alive = [holds(index) for index in range(len(self.claims))]
        evidence = [tuple(s for s in sets if all(alive[claim] for claim in s)) for sets in self.evidence]
        kept = [link for link, sets in enumerate(evidence) if sets]
        bars = [tuple(claim for claim in self.bars[link] if alive[claim]) for link in kept]
        shares = [tuple(said for said in self.shares[link] if alive[said[0]]) for link in kept]
        left, used = [0] * len(self.group_owner), bytearray(len(self.group_owner))
        for link in kept:
            left[self.group[link]] += 1
            used[self.group[link]] |= self.in_use[link]
        return replace(
            self,
            dependent=array("i", (self.dependent[link] for link in kept)),
            supplier=array("i", (self.supplier[link] for link in kept)),
            predicate=array("i", (self.predicate[link] for link in kept)),
            group=array("i", (self.group[link] for link in kept)),
            in_use=bytes(self.in_use[link] for link in kept),
            evidence=tuple(evidence[link] for link in kept),
            bars=tuple(bars),
            # A link closed by no claim at all (``from_columns``, ``with_bars``) stays closed.
            barred=bytes(bool(claims) or (self.barred[link] and not self.bars[link]) for link, claims in zip(kept, bars, strict=True)),
            group_minimum=array("i", (min(m, n) if n else m for m, n in zip(self.group_minimum, left, strict=True))),
            group_essential=bytes(e & (u or not n) for e, u, n in zip(self.group_essential, used, left, strict=True)),
            share=array("d", (self._share(link, said) for link, said in zip(kept, shares, strict=True))),
            shares=tuple(shares),
        )

    def _share(self, link: int, said: tuple[tuple[int, float], ...]) -> float:
        """The share of a link: the last one said; one that no claim ever said stays as it is."""
        return said[-1][1] if said else UNKNOWN if self.shares[link] else self.share[link]

    def with_bars(self, barred: Iterable[bool]) -> DependencyNetwork:
        """The same network with other links closed (one flag a link)."""
        return replace(self, barred=bytes(map(bool, barred)))

    def to_networkx(self, attributes: Mapping[str, Mapping[str, Any]] | None = None) -> networkx.MultiDiGraph[str]:
        """The network as a ``networkx.MultiDiGraph``, edges from dependent to what it needs.

        Node attributes are those given for the entity id. Edges are keyed by relation, group and link and carry ``predicate``,
        ``essential``, ``in_use``, ``barred``, ``group`` (key of the requirement), ``function``, ``minimum``, ``share`` (where
        known), ``claims``; ``from_networkx`` reads them back.
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
                key=f"{self.predicates[self.predicate[link]]}/{group}/{link}",
                predicate=self.predicates[self.predicate[link]],
                essential=self.essential(link),
                in_use=bool(self.in_use[link]),
                barred=bool(self.barred[link]),
                group=group,
                function=self.group_function[group],
                minimum=self.group_minimum[group],
                **({} if isnan(self.share[link]) else {"share": self.share[link]}),
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
