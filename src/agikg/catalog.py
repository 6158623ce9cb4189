"""The compiled facts of a snapshot: entities, claims, links, names, by position or id, filtered by scope. Knows no RDF, no engine."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Sequence
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from agikg.dates import overlaps, period
from agikg.errors import AmbiguousName, BadInput, Candidate, UnknownName
from agikg.model.facts import Claim, Entity
from agikg.model.scope import EntityRef, Scope
from agikg.names import Match, Names, tied
from agikg.network import UNKNOWN, DependencyNetwork
from agikg.search_index import SearchIndex

if TYPE_CHECKING:
    from agikg.model.reference import Predicate, Requirement, Source

T = TypeVar("T")
_SCOPES = 64
"""Scopes whose tables are kept: a server is asked about any number of dates."""
_CLAIM_EXTRAS = ("days", "origin", "also_in", "attributed_id", "party_ids")


class Link(NamedTuple):
    """A derived edge.

    Attributes:
        subject, object: positions of entities.
        predicate: local name.
        role: essential, supporting, alternative or none.
        evidence: sets of claim positions, each of which alone carries the edge.
        bars: claim positions of controls that close it.
    """

    subject: int
    predicate: str
    object: int
    role: str
    evidence: tuple[tuple[int, ...], ...]
    bars: tuple[int, ...]


class Catalog:
    """All compiled facts of one snapshot.

    Args:
        index: what ``Snapshot.index`` returns.
        elsewhere: how many claims there are besides, where the index holds some sources only.
    """

    def __init__(self, index: dict[str, Any], elsewhere: int = 0) -> None:
        self._index = index
        self._elsewhere = elsewhere
        self.claim_scores: list[float] = index["claims"]["score"]
        """Confidence of each claim (0 to 1)."""
        self.claim_sources: list[str] = index["claims"]["source"]
        """Source of each claim."""
        self._networks: dict[Scope, DependencyNetwork] = {}
        self._counts: dict[Scope, bytes] = {}
        self._dates: dict[Scope, tuple[bytes, bytes]] = {}
        self._claims: dict[str, Any] = index["claims"]
        self._rows: dict[int, dict[str, Any]] = {}

    # --- entities ------------------------------------------------------------------------------------------

    @cached_property
    def position(self) -> dict[str, int]:
        """Position of each entity id."""
        return {row["id"]: index for index, row in enumerate(self._index["entities"])}

    def entity(self, position: int) -> Entity:
        """The entity at a position."""
        row = self._index["entities"][position]
        return Entity(**{**row, "aliases": tuple(row["aliases"])})

    def entities(self) -> Iterator[Entity]:
        """All entities, by id."""
        return (self.entity(position) for position in range(len(self._index["entities"])))

    def ref(self, position: int) -> EntityRef:
        """The entity as results name it."""
        row = self._index["entities"][position]
        return EntityRef(row["id"], row["label"], row["layer"])

    def label(self, position: int, lang: str = "en") -> str:
        """Label in English, or in Chinese where there is one."""
        row = self._index["entities"][position]
        return str((row["label_zh"] if lang == "zh" else None) or row["label"])

    def kinds(self, position: int) -> frozenset[str]:
        """Class of an entity with all its super-classes, local names."""
        return frozenset(self.classes[self._index["entities"][position]["kind"]]["ancestors"])

    @property
    def classes(self) -> dict[str, dict[str, Any]]:
        """Classes of entities: label, label_zh, ancestors."""
        found: dict[str, dict[str, Any]] = self._index["classes"]
        return found

    def concepts(self, scheme: str) -> list[dict[str, Any]]:
        """Concepts of a closed list: key, label, label_zh, symbol, floor."""
        found: list[dict[str, Any]] = self._index["concepts"][scheme]
        return found

    # --- names ---------------------------------------------------------------------------------------------

    @cached_property
    def names(self) -> Names:
        """All names."""
        return Names(self._index["names"])

    def resolve(self, name: str) -> int:
        """The entity a name means: id, slug, label, alias, Chinese name, pinyin, or a misspelling of one.

        Raises:
            UnknownName: nothing fits; the error carries what is near.
            AmbiguousName: several entities fit equally well.
        """
        direct = self.position.get(name, self.position.get(f"e:{name}"))
        if direct is not None:
            return direct
        matches = self.names.match(name)
        level = tied(matches)
        if not level:
            raise UnknownName(name, [self.candidate(match) for match in self.names.near(name)])
        if len(level) > 1:
            raise AmbiguousName(name, [self.candidate(match) for match in level[:6]])
        return level[0].entity

    def candidate(self, match: Match) -> Candidate:
        """A match as errors show it."""
        row = self._index["entities"][match.entity]
        return Candidate(row["id"], row["label"], match.score)

    # --- claims, sources, predicates -------------------------------------------------------------------------

    @cached_property
    def claim_position(self) -> dict[str, int]:
        """Position of each claim id."""
        return {identifier: index for index, identifier in enumerate(self._claims["ids"])}

    def row(self, position: int) -> dict[str, Any]:
        """The claim at a position as the index holds it (cheaper than a record)."""
        if position not in self._rows:
            self._rows[position] = json.loads(self._index["claim_rows"][position])
        return self._rows[position]

    def claim(self, position: int) -> Claim:
        """The claim at a position."""
        row: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in self.row(position).items() if key not in _CLAIM_EXTRAS
        }
        return Claim(**row)

    def claim_by_id(self, identifier: str) -> Claim:
        """A claim by its CURIE.

        Raises:
            UnknownName: no such claim.
        """
        position = self.claim_position.get(identifier)
        if position is None:
            raise UnknownName(identifier)
        return self.claim(position)

    @property
    def claim_count(self) -> int:
        """Number of claims."""
        return len(self._claims["ids"])

    @property
    def claims_of(self) -> dict[str, list[int]]:
        """Entity id -> positions of claims that have it as subject or object, as a party, or are its word."""
        found: dict[str, list[int]] = self._claims["about"]
        return found

    @property
    def source_ids(self) -> list[str]:
        """Ids of all sources."""
        return [row["id"] for row in self._index["sources"]]

    def sources(self) -> list[Source]:
        """All sources."""
        from agikg.model.reference import Source

        return [Source(**row) for row in self._index["sources"]]

    def requirement(self, identifier: str) -> Requirement:
        """A requirement by its CURIE."""
        from agikg.model.reference import Requirement

        return next(Requirement(**row) for row in self._index["requirements"] if row["id"] == identifier)

    def predicate(self, name: str) -> Predicate:
        """A predicate by its local name."""
        from agikg.model.reference import Predicate

        row = self._index["predicates"][name]
        return Predicate(**{**row, "alt": tuple(row["alt"]), "tells": tuple(row["tells"])})

    @cached_property
    def search(self) -> SearchIndex:
        """What claims are found by."""
        return SearchIndex(self._index["search"])

    def words(self, kind: str) -> frozenset[str]:
        """Words by which the vocabulary names its predicates of a kind (relation, text, metric)."""
        return frozenset(self._index["words"][kind])

    @property
    def predicates(self) -> dict[str, dict[str, Any]]:
        """All predicates that claims can state, by local name."""
        found: dict[str, dict[str, Any]] = self._index["predicates"]
        return found

    # --- scope -----------------------------------------------------------------------------------------------

    def check_scope(self, scope: Scope) -> Scope:
        """The scope, if its dates, sources and confidence exist.

        Raises:
            BadInput: one of them does not.
        """
        period(scope.as_of), period(scope.known_at)
        for source in scope.sources:
            if source not in self.source_ids:
                raise BadInput(f"no source is called {source!r}", hint=f"agikg sources lists them: {', '.join(self.source_ids[:5])}")
        words = [concept["key"] for concept in self.concepts("confidences")]
        if scope.min_confidence is not None and scope.min_confidence not in words:
            raise BadInput(f"confidence {scope.min_confidence!r} is none of {', '.join(words)}")
        return scope

    def counts(self, scope: Scope) -> bytes:
        """One byte a claim: 1 if its source, confidence and publication date are in scope, whenever it holds."""
        return self._counts.get(scope) or _keep(self._counts, scope, self._counted(scope))

    def _counted(self, scope: Scope) -> bytes:
        floor = next((c["floor"] for c in self.concepts("confidences") if c["key"] == scope.min_confidence), 0.0)
        known = period(scope.known_at).last
        columns = zip(self._claims["score"], self._claims["source"], self._claims["known"], strict=True)
        return bytes(
            score >= floor and (not scope.sources or source in scope.sources) and published <= known for score, source, published in columns
        )

    def _dated(self, scope: Scope) -> tuple[bytes, bytes]:
        """One byte a claim each: whether it holds on the date of the scope, and whether it had begun by then."""
        return self._dates.get(scope) or _keep(self._dates, scope, self._compared(scope))

    def _compared(self, scope: Scope) -> tuple[bytes, bytes]:
        when = period(scope.as_of)
        rows = list(zip(self.counts(scope), self._claims["first"], self._claims["last"], strict=True))
        return (
            bytes(counts and overlaps(first, last, when) for counts, first, last in rows),
            bytes(counts and first <= when.last for counts, first, _ in rows),
        )

    def holds(self, position: int, scope: Scope) -> bool:
        """Whether a claim counts and holds on the date of the scope (undated ends are open)."""
        return bool(self._dated(scope)[0][position])

    def said(self, position: int, scope: Scope) -> bool:
        """Whether a claim counts and does not speak of what only began after the date (the past stays told)."""
        return bool(self.all_said(scope)[position])

    def all_said(self, scope: Scope) -> bytes:
        """One byte a claim: whether it is said in the scope (see ``said``); for many claims, the scope is looked up once."""
        return self._dated(scope)[1]

    def left_out(self, scope: Scope) -> list[str]:
        """In words, what the scope leaves out."""
        return _outside(self.claim_count + self._elsewhere, sum(self.counts(scope)))

    def left_out_here(self, scope: Scope) -> list[str]:
        """The same of what the chosen sources say: other sources have no part in what they do not know."""
        return _outside(self.claim_count, sum(self.counts(scope)))

    # --- links ------------------------------------------------------------------------------------------------

    @cached_property
    def links(self) -> list[Link]:
        """All derived edges; inverses and super-properties left out."""
        table = self._index["links"]
        return [
            Link(subject, predicate, object_, role, tuple(map(tuple, evidence)), tuple(bars))
            for subject, predicate, object_, role, evidence, bars in zip(
                table["subject"], table["predicate"], table["object"], table["role"], table["evidence"], table["bars"],
                strict=True,
            )
        ]  # fmt: skip

    def evidence(self, link: Link, scope: Scope, *, dated: bool = True) -> tuple[tuple[int, ...], ...]:
        """Evidence sets of a link that are in scope as a whole."""
        holds = self.holds if dated else self.said
        return tuple(claims for claims in link.evidence if all(holds(claim, scope) for claim in claims))

    @cached_property
    def network(self) -> DependencyNetwork:
        """The dependency network of all claims, unscoped."""
        table = self._index["links"]
        chosen = [index for index, role in enumerate(table["role"]) if role != "none"]
        predicates = sorted({table["predicate"][index] for index in chosen})
        # The index orients links as the claims do; a relation whose object depends is turned round by its group's owner.
        owners = [table["groups"][table["group"][index]]["owner"] for index in chosen]
        others = [
            table["object"][index] if owner == table["subject"][index] else table["subject"][index]
            for index, owner in zip(chosen, owners, strict=True)
        ]
        return DependencyNetwork(
            names=tuple(row["id"] for row in self._index["entities"]),
            predicates=tuple(predicates),
            claims=tuple(self._claims["ids"]),
            dependent=array("i", owners),
            supplier=array("i", others),
            predicate=array("i", (predicates.index(table["predicate"][index]) for index in chosen)),
            group=array("i", (table["group"][index] for index in chosen)),
            in_use=bytes(table["role"][index] != "alternative" for index in chosen),
            evidence=tuple(tuple(map(tuple, table["evidence"][index])) for index in chosen),
            bars=tuple(tuple(table["bars"][index]) for index in chosen),
            barred=bytes(len(chosen)),
            group_owner=array("i", (group["owner"] for group in table["groups"])),
            group_minimum=array("i", (group["minimum"] for group in table["groups"])),
            group_essential=bytes(group["essential"] for group in table["groups"]),
            group_function=tuple(group["function"] for group in table["groups"]),
            share=array("d", [UNKNOWN]) * len(chosen),
            shares=tuple(tuple((claim, share) for claim, share in table["shares"][index]) for index in chosen),
        )

    def network_in(self, scope: Scope) -> DependencyNetwork:
        """The dependency network as it stands in a scope."""
        return self._networks.get(scope) or _keep(self._networks, scope, self._restricted(scope))

    def _restricted(self, scope: Scope) -> DependencyNetwork:
        holding = self._dated(scope)[0]
        return self.network.restricted(lambda claim: bool(holding[claim]))

    # --- confidence ---------------------------------------------------------------------------------------------

    def score(self, evidence: Sequence[Sequence[int]]) -> float:
        """Confidence of a link: the weakest claim of each evidence set, noisy-or over sets of independent origin."""
        best: dict[frozenset[str], float] = {}
        for claims in evidence:
            rows = [self.row(claim) for claim in claims]
            origins = frozenset(row["origin"] for row in rows)
            best[origins] = max(best.get(origins, 0.0), min(row["confidence_score"] for row in rows))
        return 1.0 - prod(1.0 - score for score in best.values())

    def modality(self, evidence: Sequence[Sequence[int]]) -> str:
        """How a link is said: the most hedged claim of an evidence set, of the set that is hedged least."""
        factors = {concept["key"]: concept["factor"] for concept in self.concepts("modalities")}

        def trust(modality: str) -> tuple[float, str]:
            return factors[modality], modality

        sets = [min((self.row(claim)["modality"] for claim in claims), key=trust) for claims in evidence]
        return str(max(sets, key=trust, default="stated"))

    def word(self, score: float) -> str:
        """The confidence word a score earns."""
        return str(next(c["key"] for c in self.concepts("confidences") if score >= c["floor"] - 1e-9))


def _outside(total: int, counted: int) -> list[str]:
    missing = total - counted
    return [f"{missing} of {total} claims are outside the chosen sources, confidence or publication date"] if missing else []


def _keep(cache: dict[Scope, T], scope: Scope, made: T) -> T:
    """What was made for a scope, kept; the oldest go when there are too many."""
    cache[scope] = made
    for old in list(cache)[:-_SCOPES]:
        cache.pop(old, None)
    return made
