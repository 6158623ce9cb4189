"""A briefing on one entity: summary, chains, chokepoints, scenarios, what is contested or unknown, numbered evidence.

Put together from the views; every sentence is made of labels of the graph and of templates here. Knows no format:
``Briefing.markdown`` and ``Briefing.html`` write it down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from agikg.errors import Refused
from agikg.explore import prose, writing
from agikg.model.criticality import Chokepoints
from agikg.model.facts import Claim
from agikg.model.figure import Figure
from agikg.model.reach import Reach, Reached
from agikg.model.result import listed
from agikg.model.scenario import WhatIf, because
from agikg.model.sheet import Need, Sheet
from agikg.views.chokepoints import Wanted, chokepoints
from agikg.views.figures import in_words
from agikg.views.lens import Lens
from agikg.views.reach import reach
from agikg.views.sheet import sheet
from agikg.views.whatif import Scenario, whatif

_MOST = 10
"""Chokepoints that are told; the command beneath gives all."""
_POSSIBLE = {"barred": "barred by a control", "alternative": "only possible, not said to be in use"}


class Line(NamedTuple):
    """A statement.

    Attributes:
        text: in words.
        claims: ids of the claims behind it.
        depth: how far it is indented below the statement that it belongs to.
    """

    text: str
    claims: tuple[str, ...] = ()
    depth: int = 0


class Section(NamedTuple):
    """A chapter."""

    title: str
    lines: tuple[Line, ...]


class Briefing(NamedTuple):
    """A finished briefing.

    Attributes:
        title: the entity.
        sections: chapters in order.
        evidence: every claim cited, in the order of its first citation: the number is the position from 1.
        sources: id -> title, publisher and date of each source cited.
        commands: command lines that repeat its parts.
        stamp: snapshot, dates and scope, in words.
    """

    title: str
    sections: tuple[Section, ...]
    evidence: tuple[Claim, ...]
    sources: dict[str, str]
    commands: tuple[str, ...]
    stamp: tuple[str, ...]

    def numbers(self, claims: Iterable[str]) -> list[int]:
        """The numbers under which claims are listed."""
        place = {claim.id: number for number, claim in enumerate(self.evidence, start=1)}
        return [place[claim] for claim in dict.fromkeys(claims) if claim in place]

    def markdown(self) -> str:
        """The briefing in CommonMark; nothing of the data is read as markup."""
        return prose.markdown(self)

    def html(self) -> str:
        """The briefing as a page of its own, without scripts."""
        return prose.html(self)

    def save(self, file: str | Path) -> Path:
        """Writes it, as HTML or Markdown by the ending of the file.

        Raises:
            BadInput: the place cannot be written.
        """
        return writing.replace(file, self.html() if Path(file).suffix.lower() in (".html", ".htm") else self.markdown())

    def _repr_html_(self) -> str:
        from agikg.explore.notebook import framed

        return framed(self.html())


def briefing(lens: Lens, name: str, limit: int | None = None) -> Briefing:
    """A briefing on an entity.

    Args:
        lens: the graph in a scope.
        name: of the entity.
        limit: most chokepoints told.

    Raises:
        UnknownName, AmbiguousName: names that mean nothing here.
    """
    position = lens.catalog.resolve(name)
    ref = lens.catalog.ref(position)
    facts = sheet(lens.catalog, position, lens.scope, lens.snapshot)
    up, down = (reach(lens.catalog, position, way, None, lens.scope, lens.snapshot) for way in ("dependents", "dependencies"))
    ranked, denied, worst = _engine(lens, ref.id, limit or _MOST)
    sections = [
        Section("Summary", tuple(_summary(facts, up, down, denied, ranked))),
        Section("Figures over time", tuple(map(_figure, facts.values))),
        Section("What it needs", tuple(line for need in facts.needs for line in _need(need))),
        Section(f"What {ref.label} depends on", tuple(_tree(down, up=False))),
        Section(f"What depends on {ref.label}", tuple(_tree(up, up=True))),
        Section("Chokepoints", tuple(_chokepoints(ranked))),
        *(Section(f"Scenario: {_denied(result)}", tuple(_scenario(result))) for result in (denied, worst) if result),
        Section("Controls", tuple(_told(lens, facts.controls))),
        Section("Contested or superseded", tuple(_contested(lens, facts))),
        Section("What is not known", tuple(_unknown(lens, facts, up, down))),
    ]
    kept = tuple(section for section in sections if section.lines)
    cited = dict.fromkeys(claim for section in kept for line in section.lines for claim in line.claims)
    evidence = tuple(lens.catalog.claim_by_id(claim) for claim in cited)
    used = {claim.source for claim in evidence}
    sources = {s.id: f"{s.publisher}: {s.title} ({s.published})" for s in lens.catalog.sources() if s.id in used}
    results = (up, down, ranked, denied, worst)
    commands = (*(result.command() for result in results if result), f"agikg report {ref.id} -o FILE.md" + _options(down))
    stamp = (
        f"snapshot {lens.snapshot}",
        f"as of {lens.scope.as_of}",
        f"known at {lens.scope.known_at}",
        *lens.catalog.left_out(lens.scope),
    )
    return Briefing(ref.label, kept, evidence, sources, commands, stamp)


def _options(result: Reach) -> str:
    """The scope options of a command, as another command writes them."""
    _, _, options = result.command().partition(" --")
    return f" --{options}" if options else ""


def _engine(lens: Lens, name: str, limit: int) -> tuple[Chokepoints | None, WhatIf | None, WhatIf | None]:
    """Chokepoints of an entity, its own loss, and the loss of its worst chokepoint; None where the graph knows no chain."""
    try:
        ranked = chokepoints(lens, Wanted((name,)), limit)
        denied = whatif(lens, Scenario((name,)))
    except Refused:
        return None, None, None
    others = [item for item in ranked.items if item.id != name]
    return ranked, denied, whatif(lens, Scenario((others[0].id,))) if others else None


def _summary(facts: Sheet, up: Reach, down: Reach, denied: WhatIf | None, ranked: Chokepoints | None) -> Iterable[Line]:
    entity = facts.entity
    names = [name for name in (entity.label_zh, *entity.aliases) if name]
    also = f"; also called {listed(names, 6)}" if names else ""
    yield Line(f"{entity.label}: {facts.kind_label}, layer {entity.layer}{also}.")
    for found, lead in ((up, "{} depend on it"), (down, "It depends on {}")):
        held = [item for item in found.items if item.role in ("direct", "transitive")]
        direct = sum(item.role == "direct" for item in held)
        if held:
            sure = ", ".join(f"{n} {word}" for word in ("high", "medium", "low") if (n := sum(i.confidence == word for i in held)))
            share = f"{direct} directly, {len(held) - direct} through others"
            text = f"{lead.format(len(held))}: {share}; how sure, each by its weakest link: {sure}."
            yield Line(text, tuple(dict.fromkeys(claim for item in held[:5] for claim in item.claims)))
    if denied is not None:
        stopped = listed([item.label for item in denied.failed]) or "nothing that the graph knows of"
        yield Line(f"Denied alone, it stops {stopped}.", tuple(dict.fromkeys(c for item in denied.failed for c in item.claims)))
    if ranked is not None and ranked.items:
        yield Line(f"It stops when any one of these is denied: {listed([item.label for item in ranked.items])}.", ranked.items[0].claims)
    yield Line(f"{len(facts.claims)} claims are about it; {len(facts.contested)} of them contested.")


def _figure(figure: Figure) -> Line:
    """A figure in the words of its source, which keep the bound and the unit, where the reader can read them."""
    by = f" by {figure.attributed_to}" if figure.attributed_to else ""
    scope = f", {figure.scope}" if figure.scope and figure.scope not in (figure.verbatim or "") else ""
    old = "; superseded" if figure.superseded else ""
    text = f"{figure.as_of or 'undated'}: {figure.metric}: {in_words(figure)}{scope} ({figure.modality}{by}{old})"
    return Line(text, figure.claims)


def _need(need: Need) -> Iterable[Line]:
    kind = "essential" if need.essential else "supporting"
    several = len(need.alternatives) > 1
    which = f"; at least {need.minimum} of these" if need.minimum > 1 else "; any one of these" if several else ""
    yield Line(f"{need.function} ({kind}{which})")
    for item in need.alternatives:
        mark = f" — {_POSSIBLE[item.role]}" if item.role in _POSSIBLE else ""
        yield Line(f"{item.label} ({item.confidence}){mark}", (*item.claims, *item.barred_by), 1)


def _tree(found: Reach, *, up: bool) -> Iterable[Line]:
    """The items below the root, each under the entity by which it is reached."""
    below: dict[str, list[Reached]] = {}
    for item in found.items:
        below.setdefault(item.chain[1], []).append(item)

    def grow(parent: str, depth: int) -> Iterable[Line]:
        for item in below.get(parent, ()):
            yield Line(_link(item, up=up), (*item.claims, *item.barred_by), depth)
            yield from grow(item.id, depth + 1)

    yield from grow(found.root.id, 0)


def _link(item: Reached, *, up: bool) -> str:
    said = "" if item.via.modality == "stated" else f" ({item.via.modality})"
    reading = f"{item.via.reading} {item.via.to}" if up else f"{item.via.from_} {item.via.reading} it"
    marks = [_POSSIBLE.get(item.role, item.necessity), f"{item.confidence} confidence"]
    if item.necessity == "one of several" and item.role not in _POSSIBLE:
        marks.append(f"the others: {listed([ref.label for ref in item.alternatives])}")
    return f"{item.label}: {reading}{said} — {', '.join(marks)}"


def _chokepoints(ranked: Chokepoints | None) -> Iterable[Line]:
    for item in ranked.items if ranked else ():
        lost = int(item.measures.get("dependents_lost", item.measures.get("stops", 0)))
        yield Line(f"{item.rank}. {item.label} stops it, and {lost} in all ({item.confidence} confidence)", item.claims)
        for entry in item.substitutes:
            left = [f"{s.label}{'' if s.in_use else ' (possible)'}" for s in entry.remaining]
            text = f"{listed(left)} would still serve {entry.owner.label}" if left else f"nothing else serves {entry.owner.label}"
            yield Line(f"{text} ({entry.function})", tuple(c for s in entry.remaining for c in s.claims), 1)
            for bar in entry.barred:
                controls = listed([c.label for c in bar.controls])
                yield Line(f"{bar.alternative.label} is closed to {bar.label} by {controls}", (*bar.claims, *bar.barred_by), 1)
        if item.disagreement:
            yield Line(item.disagreement, (), 1)


def _denied(result: WhatIf) -> str:
    return f"without {listed([ref.label for ref in result.denied])}"


def _scenario(result: WhatIf) -> Iterable[Line]:
    yield Line(result.explain().partition("\n")[0])
    for item in result.failed:
        yield Line(f"{item.label} stops: {because(item)}", (*item.claims, *item.barred_by), 1)
    for entry in result.substituted:
        by = listed([f"{s.label}{'' if s.in_use else ' (possible, not said to be in use)'}" for s in entry.by])
        lost = listed([ref.label for ref in entry.lost])
        claims = (*entry.claims, *(claim for s in entry.by for claim in s.claims))
        yield Line(f"{entry.label} loses {lost} for {entry.function}; {by} can serve instead", claims, 1)
    told = {(entry.id, entry.function) for entry in result.substituted}
    for loss in (entry for entry in result.degraded if (entry.id, entry.function) not in told):
        rest = f"{listed([ref.label for ref in loss.remaining])} remain" if loss.remaining else "weakened, not stopped"
        yield Line(f"{loss.label} loses {listed([ref.label for ref in loss.lost])} ({loss.function}); {rest}", loss.claims, 1)
    for bar in result.barred:
        since = f" since {bar.since}" if bar.since else ""
        text = f"{bar.alternative.label} is closed to {bar.label} by {listed([c.label for c in bar.controls])}{since}"
        yield Line(text, (*bar.claims, *bar.barred_by), 1)


def _told(lens: Lens, claims: Sequence[str]) -> Iterable[Line]:
    for claim in claims:
        yield Line(lens.catalog.claim_by_id(claim).statement, (claim,))


def _contested(lens: Lens, facts: Sheet) -> Iterable[Line]:
    about = {claim.id: claim for claim in facts.claims}
    for claim in about.values():
        for word, others in (("is contested by", (*claim.disputes, *claim.disputed_by)), ("is superseded by", claim.superseded_by)):
            for other in dict.fromkeys(others):
                text = f"“{claim.statement}” {word} “{lens.catalog.claim_by_id(other).statement}”"
                yield Line(text, (claim.id, other))


def _unknown(lens: Lens, facts: Sheet, up: Reach, down: Reach) -> Iterable[Line]:
    items = [item for found in (up, down) for item in found.items]
    rows = {claim: lens.catalog.claim_by_id(claim) for item in items for claim in item.claims}
    undated = sum(not any(rows[claim].valid_from or rows[claim].valid_until for claim in item.claims) for item in items)
    if undated:
        yield Line(f"Since when: {undated} of {len(items)} links carry no date and are taken to hold on any day.")
    alone = sum(len({rows[claim].source for claim in item.claims}) == 1 for item in items)
    if alone:
        yield Line(f"Independent confirmation: {alone} of {len(items)} links rest on one source.")
    hedged = [item for item in items if item.via.modality != "stated"]
    if hedged:
        kinds = listed(sorted({item.via.modality for item in hedged}))
        yield Line(f"Plainly stated: {len(items) - len(hedged)} of {len(items)} links; the others are {kinds}.")
    if not down.items:
        yield Line("What it depends on: the graph has no claim.")
    if not up.items:
        yield Line("What depends on it: the graph has no claim.")
    if not facts.values:
        yield Line("Figures: the graph has none.")
    for note in down.left_out:
        yield Line(f"{note}.")
