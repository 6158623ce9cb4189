"""Concentration of markets: the shares that one source gives of one whole at one time, and where those who hold them are."""

from __future__ import annotations

from collections import defaultdict

from agikg.analysis.measures import hhi, to_part
from agikg.errors import Refused
from agikg.model.market import Market, Markets, Shareholder
from agikg.names import tokenise
from agikg.views.lens import Lens
from agikg.views.places import Places
from agikg.words import stem

_TOLD = "market share"
"""What a metric of market shares tells, as the ontology has it."""
_NOTES = (
    "A share that no source gives is unknown: the index is of the known shares, so the least it can be.",
    "Shares of different sources, dates or wholes are not added up. Forecasts and targets stay out.",
)
_NOT_SO = frozenset(("expected", "targeted", "denied"))
"""Modalities of figures that are not, or not yet, so."""
_TOO_MUCH = 1.02
"""Rounded shares may sum to a little more than one; beyond that they overlap (a company and its country)."""


def markets(lens: Lens, about: str | None = None, members: int = 2) -> Markets:
    """Markets by concentration.

    Args:
        lens: the graph in a scope.
        about: an entity that has a share, or words that the market is described with; all markets if None.
        members: how many shares have to be known of a market.

    Raises:
        Refused: no claim in scope gives shares of such a market.
    """
    places = Places(lens)
    read = [_market(lens, places, claims) for claims in _wholes(lens).values()]
    found = [item for item in read if item.coverage <= _TOO_MUCH]
    chosen = [item for item in found if len(item.members) >= members and (about is None or _is_about(lens, item, about))]
    if not chosen:
        asked = "" if about is None else f" of {about!r}"
        hint = (
            "agikg query market-shares lists every share"
            if members <= 1
            else f"--members 1 shows markets of which fewer than {members} shares are known"
        )
        raise Refused(f"no claim in scope gives the shares of a market{asked}", hint=hint)
    chosen.sort(key=lambda item: (-item.hhi, item.market, item.as_of or "", item.source))
    overlapping = [item.market for item in read if item.coverage > _TOO_MUCH]
    notes = (*_NOTES, *(f"Left out, because the shares overlap: {market}." for market in overlapping))
    return Markets(items=tuple(chosen), notes=notes, **lens.stamp(about=about, members=members))


def _wholes(lens: Lens) -> dict[tuple[str, str | None, str, bool], list[int]]:
    """Whole, date, source, and whether those who share it are places -> positions of claims."""
    catalog = lens.catalog
    shares = {name for name, row in catalog.predicates.items() if _TOLD in row["tells"]}
    found: dict[tuple[str, str | None, str, bool], list[int]] = defaultdict(list)
    for position in range(catalog.claim_count):
        row = catalog.row(position)
        if row["predicate"] not in shares or row["value"] is None or row["modality"] in _NOT_SO or not catalog.said(position, lens.scope):
            continue
        of_places = "Place" in catalog.kinds(catalog.position[row["subject"]])
        found[row["scope"] or "", row["as_of"] or row["valid_from"], row["source"], of_places].append(position)
    return found


def _market(lens: Lens, places: Places, claims: list[int]) -> Market:
    catalog = lens.catalog
    first = catalog.row(claims[0])
    members = sorted((_member(lens, places, claim) for claim in claims), key=lambda member: (-member.share, member.label))
    shares = [member.share for member in members]
    return Market(
        market=first["scope"] or "",
        as_of=first["as_of"] or first["valid_from"],
        source=first["source"],
        members=tuple(members),
        coverage=round(sum(shares), 4),
        hhi=round(hhi(shares), 4),
        countries_to_75=to_part((member.places[0].id, member.share) for member in members if member.places),
        placed=round(sum(member.share for member in members if member.places), 4),
    )


def _member(lens: Lens, places: Places, claim: int) -> Shareholder:
    row = lens.catalog.row(claim)
    entity = lens.catalog.position[row["subject"]]
    known = {entity: ()} if "Place" in lens.catalog.kinds(entity) else places.placed[entity].headquarters if entity in places.placed else {}
    roots = places.roots(known)
    why = tuple(claim for root in roots for claim in known[root])
    share, bound = row["value"] / 100, row["bound"]
    return Shareholder(**lens.named(entity), share=round(share, 6), bound=bound, places=lens.refs(roots), claims=(row["id"], *why))


def _is_about(lens: Lens, item: Market, about: str) -> bool:
    wanted = {stem(token) for token in tokenise(about)}
    said = {stem(token) for token in tokenise(item.market)}
    return wanted <= said or any(
        wanted <= {stem(token) for name in _names(lens, member.id) for token in tokenise(name)} for member in item.members
    )


def _names(lens: Lens, identifier: str) -> tuple[str, ...]:
    entity = lens.catalog.entity(lens.catalog.position[identifier])
    return (entity.label, *entity.aliases, *filter(None, [entity.label_zh]))
