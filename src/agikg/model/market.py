"""Concentration of markets, as a record: who has which share of what, when, by whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agikg.model.record import Record
from agikg.model.result import Result, command_line, counted
from agikg.model.scope import EntityRef, Scope


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shareholder(Record):
    """One with a share of a market.

    Attributes:
        share: 0-1, as the source gives it.
        bound: about, more than ..., or None for a plain figure.
        places: widest places of its headquarters that claims give.
    """

    id: str
    label: str
    layer: str
    share: float
    bound: str | None
    places: tuple[EntityRef, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Market(Record):
    """Shares of one whole at one time by one source: figures of different sources are never added up.

    Attributes:
        market: the whole, in the words of the claims' scope.
        as_of: when, as coarse as the source says.
        source: its id.
        members: those with a share, largest first.
        coverage: sum of the known shares, 0-1.
        hhi: sum of the squares of the known shares, 0-1: the least that the index can be.
        countries_to_75: smallest number of countries whose members hold three quarters; None if what is known of shares and
            headquarters does not reach that.
        placed: share of the market whose members have a known headquarters, 0-1.
    """

    market: str
    as_of: str | None
    source: str
    members: tuple[Shareholder, ...]
    coverage: float
    hhi: float
    countries_to_75: int | None
    placed: float


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Markets(Result):
    """Concentration of every market of which claims give shares, most concentrated first."""

    items: tuple[Market, ...]
    notes: tuple[str, ...]
    snapshot: str
    as_of: str
    known_at: str
    scope: Scope
    parameters: dict[str, Any]
    left_out: tuple[str, ...] = ()

    def explain(self) -> str:
        """The markets in sentences."""
        lines = [f"Shares of {counted(len(self.items), 'market', 'markets')} are given by the claims in scope."]
        for item in self.items:
            shares = ", ".join(f"{member.label} {member.share:.1%}" for member in item.members)
            head = f"- {item.market} ({item.as_of or 'undated'}, {item.source})"
            lines.append(f"{head}: HHI at least {item.hhi:.2f}, {item.coverage:.0%} known: {shares}")
        return "\n".join([*lines, *self.notes])

    def command(self) -> str:
        """The command line that repeats the analysis."""
        given = self.parameters
        return command_line(
            "markets", *([given["about"]] if given["about"] else []), scope=self.scope, options={"members": given["members"]}
        )
