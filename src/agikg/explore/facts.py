"""The facts of a scope in the compact form that the page reads: every claim once, referred to by position.

Knows the catalog; no layout, no HTML. The page decodes it in ``templates/facts.js``: the two must agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from agikg.dates import BEGINNING, END
from agikg.views.lens import Lens

ROLES = ("none", "supporting", "alternative", "essential")
# Parts of a claim that few have, and the short names under which the page finds them.
_RARE = {
    "value": "v", "value_high": "w", "verbatim": "t", "scope": "c", "attributed_to": "y", "as_of": "a", "valid_from": "f",
    "valid_until": "u", "note": "n",
}  # fmt: skip


class Facts(NamedTuple):
    """What a page knows.

    Attributes:
        data: plain lists and numbers, ready for JSON.
        claims: position of a claim in the catalog -> in the page; those out of scope are not there.
        links: ends of each link of the page, as positions of entities.
        dependency: one flag a link: whether it is one of a dependency.
    """

    data: dict[str, Any]
    claims: Mapping[int, int]
    links: Sequence[tuple[int, int]]
    dependency: Sequence[bool]


def facts(lens: Lens) -> Facts:
    """Everything that counts in a scope, whatever its date: the page moves the date itself."""
    catalog = lens.catalog
    counted = catalog.counts(lens.scope)
    kept = {position: index for index, position in enumerate(p for p in range(catalog.claim_count) if counted[p])}
    lists = _Lists(lens)
    links, groups = _links(lens, kept, lists)
    data = {
        **lists.data(),
        "entities": [_entity(lens, lists, position) for position in range(len(catalog.position))],
        "claims": [_claim(lens, lists, kept, position) for position in kept],
        "links": links,
        "groups": groups,
    }
    return Facts(data, kept, [(row[0], row[2]) for row in links], [row[5] > 0 for row in links])


class _Lists:
    """Closed lists, and the position of each of their words."""

    def __init__(self, lens: Lens) -> None:
        catalog = lens.catalog
        self._catalog = catalog
        self.schemes = {name: catalog.concepts(name) for name in ("layers", "confidences", "modalities", "bounds", "units", "tiers")}
        self.sources = catalog.sources()
        self.at = {name: _places(concept["key"] for concept in rows) for name, rows in self.schemes.items()}
        self.at["predicates"] = _places(catalog.predicates)
        self.at["classes"] = _places(catalog.classes)
        self.at["sources"] = _places(source.id for source in self.sources)

    def data(self) -> dict[str, Any]:
        """The lists as the page reads them."""
        tiers = {concept["key"]: concept for concept in self.schemes["tiers"]}
        return {
            **{
                name: [[row["key"], row["label"], row["label_zh"], row["symbol"] or "", row["floor"]] for row in self.schemes[name]]
                for name in ("layers", "confidences", "modalities", "bounds", "units")
            },
            "classes": [[name, row["label"], row["label_zh"]] for name, row in self._catalog.classes.items()],
            "predicates": [self._predicate(row) for row in self._catalog.predicates.values()],
            "sources": [
                [
                    s.id,
                    s.title,
                    s.publisher,
                    s.creator,
                    s.published,
                    tiers[s.tier]["label"],
                    tiers[s.tier]["label_zh"],
                    web(s.url),
                    s.origin,
                ]
                for s in self.sources
            ],
        }

    @staticmethod
    def _predicate(row: Mapping[str, Any]) -> list[Any]:
        against = row["role"] != "none" and row["dependent_end"] == "object"
        words = [row["label"], row["label_zh"], row["inverse_label"], row["inverse_label_zh"]]
        return [row["name"], row["kind"], *words, int(against)]


def _places(words: Iterable[str]) -> dict[str, int]:
    return {word: index for index, word in enumerate(words)}


def web(url: str | None) -> str | None:
    """The address, if a browser may follow it: anything but http and https could run or read something."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def _entity(lens: Lens, lists: _Lists, position: int) -> list[Any]:
    entity = lens.catalog.entity(position)
    row: list[Any] = [entity.id.partition(":")[2], entity.label, entity.label_zh or 0]
    row += [lists.at["classes"][entity.kind], lists.at["layers"][entity.layer], list(entity.aliases)]
    return [*row, 1] if entity.unnamed else row if entity.aliases else row[:-1]


def _claim(lens: Lens, lists: _Lists, kept: Mapping[int, int], position: int) -> list[Any]:
    """Dense parts in order, rare ones in an object at the end; ``o`` is a position for an entity, a text for words."""
    catalog = lens.catalog
    row = catalog.row(position)
    said = row["object"]
    object_ = catalog.position.get(said, said) if said is not None else None
    prefix = f"c:{row['source']}."
    identifier = row["id"]
    dense = [
        identifier.removeprefix(prefix) if identifier.startswith(prefix) else identifier,
        catalog.position[row["subject"]], lists.at["predicates"][row["predicate"]], object_, lists.at["modalities"][row["modality"]],
        lists.at["sources"][row["source"]], row["locator"], row["statement"], row["confidence_score"],
    ]  # fmt: skip
    rare = {short: row[name] for name, short in _RARE.items() if row[name] is not None}
    for name, scheme, short in (("unit", "units", "q"), ("bound", "bounds", "b")):
        if row[name] is not None:
            rare[short] = lists.at[scheme][row[name]]
    if row["attributed_id"] is not None:
        rare["Y"] = catalog.position[row["attributed_id"]]
    if row["party_ids"]:
        rare["Z"] = [catalog.position[party] for party in row["party_ids"]]
    first, last, _ = row["days"]
    if (first, last) != (BEGINNING, END):
        rare["d"] = [first if first != BEGINNING else 0, last if last != END else 0]
    source = lists.sources[lists.at["sources"][row["source"]]]
    if row["published"] != source.published:
        rare["P"] = row["published"]
    if row["origin"] != row["source"]:
        rare["O"] = row["origin"]
    if not identifier.startswith(prefix):
        rare["I"] = 1
    for name, short in (("supersedes", "s"), ("superseded_by", "S"), ("disputes", "x"), ("disputed_by", "X")):
        others = [kept[place] for place in map(catalog.claim_position.get, row[name]) if place is not None and place in kept]
        if others:
            rare[short] = others
    return [*dense, rare] if rare else dense


def _links(lens: Lens, kept: Mapping[int, int], lists: _Lists) -> tuple[list[list[Any]], list[list[Any]]]:
    """Links that some evidence carries, whatever the date, and the requirement groups of those that are dependencies."""
    catalog = lens.catalog
    network = catalog.network
    place = -1
    rows: list[list[Any]] = []
    for link in catalog.links:
        place += link.role != "none"
        evidence = [[kept[claim] for claim in claims] for claims in link.evidence if all(claim in kept for claim in claims)]
        if not evidence:
            continue
        row: list[Any] = [link.subject, lists.at["predicates"][link.predicate], link.object, evidence]
        row += [[kept[claim] for claim in link.bars if claim in kept], ROLES.index(link.role)]
        rows.append([*row, network.group[place]] if link.role != "none" else row)
    return rows, [_group(lens, group) for group in range(len(network.group_owner))]


def _group(lens: Lens, group: int) -> list[Any]:
    catalog, network = lens.catalog, lens.catalog.network
    row = [network.group_owner[group], network.group_minimum[group], network.group_essential[group]]
    function = network.group_function[group]
    if not function:
        return row
    named = {catalog.row(claim)["requirement"] for link in network.members[group] for claims in network.evidence[link] for claim in claims}
    found = [catalog.requirement(name) for name in named if name is not None]
    chinese = next((requirement.function_zh for requirement in found if requirement.function == function), None)
    return [*row, function, chinese] if chinese else [*row, function]
