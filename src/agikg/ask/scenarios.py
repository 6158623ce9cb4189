"""Plans that run the engine: what if, chokepoints, alternatives."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from agikg.ask.draft import Draft, Task, named
from agikg.ask.phrasing import join, say, sentences
from agikg.ask.reading import MARK
from agikg.ask.stated import fact, missing
from agikg.ask.wording import worded_as
from agikg.errors import AgikgError
from agikg.model.answer import Named
from agikg.model.criticality import Chokepoint
from agikg.model.scenario import WhatIf
from agikg.views.chokepoints import Wanted, chokepoints
from agikg.views.cuts import Cut, cutsets
from agikg.views.lens import Lens
from agikg.views.places import Places
from agikg.views.whatif import Scenario, lifts, substitute, whatif

_SHOWN = 10
_YEAR = re.compile(r"(?:19|20)\d\d")
_CONDITIONS = (
    re.compile(r"\bwithout ((?:(?:the |a |an )?[^§]{0,12}§\d+(?:,? and |, | or | )?)+)"),
    re.compile(r"没有((?:§\d+[、和与,]?)+)"),
    re.compile(
        r"\b(?:if|when|once|had|suppose|supposing|assuming|take|losing|loss of|removal of|denying|banning|impact of)\b(.*?)"
        r"(?: (?:which|what|who|would|will|does|do|can|could|is|are)\b|$)"
    ),
    re.compile(r"(?:如果|假如|要是|倘若|一旦|若|万一)(.*?)(?:,|，|会|哪些|什么|怎|$)"),
)


_TOGETHER = re.compile(r"(?:[,，、&\s]|\band\b|\bor\b|\bplus\b|\bboth\b|\bthe\b|'s|和|与|及|或|以及|同时)*")
"""What stands between two things that are gone together."""
_LOSES = re.compile(
    r"\b(?:los[et]|losing|lack|den(?:y|ied)|depriv|cut off|barred|banned|kept|locked|shut out|buy|bought|obtain|import|procur|sourc|access"
    r"|order|afford|rel(?:y|ied|ies)|ran out|runs? out)|\b(?:get(?:s|ting)?|got|us(?:e|es|ed|ing))\b"
    r"|用不了|用不上|买不到|拿不到|失去|得不到|不用|不买|使用|采用|采购|购买|进口"
)
"""Words for one that does without another, which is what is gone."""
_LEAVES = re.compile(
    r"\b(?:leav|quit|exit|withdr[ae]w|walk|abandon|vanish|disappear|collaps|(?:pull|drop)(?:s|ped|ed)? out"
    r"|(?:go|goes|went|gone) (?:down|dark|bust|under|offline)|(?:stop|ceas|end)\w* (?:supply|serv|sell|work|deliver))"
    r"|\b(?:stop|ceas|end|halt|quit|refus|declin|suspend|discontinu|withh[eo]ld|no longer|not|never|n't)\w*\b.*"
    r" (?:to|for|with|in|from)(?: the| a| an| its)? ?$"
    r"|\b(?:stop|ceas|quit|refus|no longer|not|never|n't)\w*(?: to)? (?:\w+ )?(?:suppl|serv|support|fund|financ|back|equip|help|power)"
    r"|离开|退出|断供|停供|停止|停(?:了|摆|用|产|工|运|机|服)|不再(?:供|向|为|与|和|给|对)|不干|倒闭|消失|下线|没了|关(?:停|闭|门)|垮"
)
"""Words for one that goes away from another, or gives it nothing more: the first is gone. By other words it is the second."""

_REGAINS = re.compile(
    r"\b(?:gets?|got|have|has|regains?|recovers?|open(?:s|ed)?)\b.*\b(?:back|again|regain|recover)|\bregains?\b"
    r"|重新(?:获得|得到|拿到|拥有)(?!.*§)"
)
"""What comes back is asked for, not who gets it."""


def _lens(task: Task) -> Lens:
    return Lens(task.catalog, task.scope, task.snapshot)


def scenario(task: Task) -> Draft:
    """What happens when the entities are gone, or controls lifted."""
    year = next((word for word in task.question.words if _YEAR.fullmatch(word)), None)
    if year is not None:
        task = task._replace(scope=replace(task.scope, as_of=year))
    lens, catalog = _lens(task), task.catalog
    closing, places = lens.closing, Places(lens)
    gone = _condition(task)
    controls = [entity for entity in gone if "Policy" in catalog.kinds(entity) and places.parts_of(entity) & closing.keys()]
    others = [entity for entity in gone if entity not in controls]
    lifting = worded_as("lifting", task.question.masked) is not None
    deny = [catalog.ref(entity).id for entity in others if entity in lens.connected and not lifting]
    lifted = [control for entity in controls for control in lifts(lens, places, entity)] if lifting else []
    lift = [catalog.ref(control).id for control in lifted or (_described(lens, task.entities) if lifting else [])]
    if not deny and not lift:
        return _closes_nothing(task, gone)
    try:
        result = whatif(lens, Scenario(deny=deny, lift=lift))
    except AgikgError:
        return missing(task)
    if not (result.failed or result.degraded or result.substituted or result.restored):
        said = fact(task)  # the engine knows of no consequence, a claim may
        return replace(said, answer=_scenario_text(task, result)) if said.reason == "not_in_graph" else said
    return _scenario_draft(task, result)


def _described(lens: Lens, named_: Collection[int]) -> list[int]:
    """The control that a question tells by whom it keeps from what: the only one that has to do with all entities named."""
    catalog, found = lens.catalog, []
    for control, claims in lens.closing.items():
        rows = [catalog.row(claim) for claim in claims]
        ends = {catalog.position[end] for row in rows for end in (row["object"], *row["party_ids"])}
        if ends.isdisjoint(named_):
            continue
        pairs = ({link.subject, link.object} for link in catalog.links)
        if ends.union(*(pair for pair in pairs if pair & {control, *ends})).issuperset(named_):
            found.append(control)
    return found if len(found) == 1 else []


def _closes_nothing(task: Task, gone: list[int]) -> Draft:
    """Where no dependency of the graph is closed or lost: what the question says of it, or what a control bars."""
    draft = fact(task)
    controls = [entity for entity in gone if "Policy" in task.catalog.kinds(entity)]
    if draft.reason is None or not controls:
        return draft
    barred = fact(task._replace(entities=tuple(controls), content=("bar",)))
    if barred.reason is not None:
        return draft
    names = join(task.lang, [task.label(control) for control in controls])
    return replace(barred, answer=sentences(task.lang, [say(task.lang, "closes_nothing", names=names)]) + " " + barred.answer)


def _condition(task: Task) -> list[int]:
    """The entities that are gone: those of the condition where the question has one, else all."""
    mentions = task.question.mentions
    for pattern in _CONDITIONS:
        match = pattern.search(task.question.masked)
        inside = list(re.finditer(rf"{MARK}(\d+)", match[1])) if match else []
        if match and inside:
            found = list(dict.fromkeys(mentions[int(number[1])].entity for number in inside))
            between = match[1][inside[0].end() : inside[-1].start()]
            if len(found) != len(inside) or len(found) != 2 or _TOGETHER.fullmatch(between):
                return found
            return found[:1] if _LEAVES.search(between) and not _LOSES.search(between) else found[1:]
    return list(task.entities)


def _scenario_draft(task: Task, result: WhatIf) -> Draft:
    catalog = task.catalog
    place = catalog.position
    listed: dict[int, Named] = {}

    def add(identifier: str, role: str, confidence: str | None, claims: tuple[str, ...], necessity: str | None = None) -> None:
        if task.kind is not None and role in ("direct", "transitive") and task.kind not in catalog.kinds(place[identifier]):
            role = "nearest"
        listed.setdefault(place[identifier], named(catalog, place[identifier], role, confidence, claims, necessity))

    for ref in (*result.denied, *result.lifted):
        add(ref.id, "subject", None, ())
    for item in result.failed:
        add(item.id, "direct" if len(item.because) == 1 else "transitive", item.confidence, item.claims, "essential")
    regained = _REGAINS.search(task.question.masked) is not None
    for back in result.restored:
        add(back.id, "nearest" if regained else "direct", None, (*back.claims, *back.barred_by))
    for back in result.restored:
        add(back.alternative.id, "direct" if regained else "alternative", None, back.claims)
    for entry in result.substituted:
        for s in entry.by:
            add(s.id, "alternative", s.confidence, s.claims)
    # Where nothing stops, or what is affected is asked for, what is weakened is an answer too, as is what itself loses the denied.
    affected = worded_as("affected", task.question.masked) is not None or not (result.failed or result.restored)
    denied = set(result.denied)
    for loss in result.degraded:
        weakened = "direct" if affected or denied & set(loss.lost) else "nearest"
        add(loss.id, weakened, None, loss.claims, "supporting" if not loss.essential else "one of several")
    for bar in result.barred:
        add(bar.alternative.id, "barred", None, (*bar.claims, *bar.barred_by))
    return Draft(
        answer=_scenario_text(task, result),
        entities=tuple(listed.values()),
        paths=tuple(item.because for item in result.failed if item.because),
        claims=result.rests_on,
        not_known=("what the graph does not know of cannot fail: absence here is no proof that nothing else is hit",),
    )


def _scenario_text(task: Task, result: WhatIf) -> str:
    lang, place = task.lang, task.catalog.position

    def names(items: object) -> str:
        found = dict.fromkeys(task.label(place[item.id]) for item in items)  # type: ignore[attr-defined]
        return join(lang, list(found))

    parts = []
    if result.denied:
        stops = say(lang, "stops", names=names(result.failed)) if result.failed else say(lang, "stops_nothing")
        parts.append(say(lang, "without", names=names(result.denied)) + stops)
    if result.lifted:
        parts.append(say(lang, "lifted", names=names(result.lifted)))
        back = dict.fromkeys((item.id, item.alternative.id) for item in result.restored)
        told = [say(lang, "again", name=task.label(place[a]), alternative=task.label(place[b])) for a, b in back]
        parts += told or [say(lang, "lifted_nothing")]
    for entry in result.substituted:
        parts.append(say(lang, "instead", name=task.label(place[entry.id]), lost=names(entry.lost), others=names(entry.by)))
    weakened = [loss for loss in result.degraded if loss.id not in {entry.id for entry in result.substituted}]
    if weakened:
        parts.append(say(lang, "weakened", names=names(weakened)))
    barred = dict.fromkeys((bar.alternative.id, tuple(c.id for c in bar.controls)) for bar in result.barred)
    for alternative, controls in barred:
        parts.append(
            say(lang, "closed", name=task.label(place[alternative]), controls=join(lang, [task.label(place[c]) for c in controls]))
        )
    return sentences(lang, parts)


def critical(task: Task) -> Draft:
    """Chokepoints of everything, of a layer, or of the entities named."""
    catalog, lens = task.catalog, _lens(task)
    layers = {concept["key"] for concept in catalog.concepts("layers")}
    targets = [catalog.ref(entity).id for entity in task.entities if entity in lens.connected]
    layer = next((word for word in task.question.words if word in layers or f"{word}s" in layers), None)
    if layer is not None and layer not in layers:
        layer = f"{layer}s"
    if task.entities and not targets and layer is None:
        kinds = [entity for entity in task.entities if "ValueChainLayer" in catalog.kinds(entity)]
        layer = catalog.ref(kinds[0]).layer if kinds else None
        if layer is None:
            return missing(task)
    if "cut set" in task.question.masked and targets:
        return _cut_sets(task, lens, targets[0])
    sits = layer is not None and not targets and worded_as("sits", task.question.masked) is not None
    try:
        result = chokepoints(lens, Wanted(targets, None if targets or sits else layer), None if sits else _SHOWN)
    except AgikgError:
        return missing(task)
    items = [item for item in result.items if not sits or item.layer == layer]
    if not items:
        around = [catalog.position[target] for target in targets]
        claims = lens.claims(link for entity in around for link in lens.network.needs_of[entity])
        subjects = tuple(named(catalog, entity, "subject", None) for entity in around)
        return Draft(answer=sentences(task.lang, [say(task.lang, "no_chokepoint")]), entities=subjects, claims=claims)
    top = [item for item in items if item.rank <= items[min(4, len(items) - 1)].rank]
    text = join(task.lang, [say(task.lang, "chokepoint", name=task.label(catalog.position[i.id]), count=len(i.stops)) for i in top])
    entities = [named(catalog, catalog.position[ref.id], "subject", None) for ref in result.targets if targets]
    entities += [
        named(catalog, catalog.position[i.id], "direct", i.confidence, i.claims) for i in top if catalog.position[i.id] not in task.entities
    ]
    return Draft(
        answer=sentences(task.lang, [say(task.lang, "chokepoints", swept=result.swept, names=text), *_left(task, top)]),
        entities=tuple(entities),
        claims=tuple(dict.fromkeys(claim for item in top for claim in item.claims)),
        not_known=result.notes,
    )


def _cut_sets(task: Task, lens: Lens, target: str) -> Draft:
    """The minimal cut sets of a target, up to three members."""
    catalog = task.catalog
    result = cutsets(lens, target, Cut(order=3))
    sets = [" + ".join(task.label(catalog.position[m.id]) for m in one.members) for one in result.sets[:_SHOWN]]
    found = dict.fromkeys(m.id for one in result.sets for m in one.members)
    return Draft(
        answer=sentences(
            task.lang, [say(task.lang, "cut_sets", name=task.label(catalog.position[result.target.id]), sets="; ".join(sets) or "0")]
        ),
        entities=(
            named(catalog, catalog.position[result.target.id], "subject", None),
            *(named(catalog, catalog.position[identifier], "direct", None) for identifier in found),
        ),
        claims=result.rests_on,
    )


def _left(task: Task, items: list[Chokepoint]) -> list[str]:
    """What would be left, and what is closed, for the first chokepoint that anything can be said of."""
    place, parts = task.catalog.position, []
    for item in items:
        for entry in item.substitutes:
            for bar in entry.barred:
                closed = join(task.lang, [task.label(place[c.id]) for c in bar.controls])
                parts.append(say(task.lang, "closed", name=task.label(place[bar.alternative.id]), controls=closed))
    return list(dict.fromkeys(parts))[:2]


def alternatives(task: Task) -> Draft:
    """What could stand in for an entity: other alternatives of the requirements it serves; then what claims say."""
    lens, catalog = _lens(task), task.catalog
    network = lens.network
    entity = next(
        (e for e in task.entities if any(len(network.members[network.group[link]]) > 1 for link in network.needed_by[e])), task.entities[0]
    )
    listed: dict[int, Named] = {}
    parts = []
    for link in network.needed_by[entity]:
        others = [other for other in network.alternatives(link) if network.supplier[other] != entity]
        if not others:
            continue
        for other in others:
            found = substitute(lens, other)
            role = "direct" if network.serves(other) else "barred"
            claims = (*found.claims, *lens.bars([other]))
            listed.setdefault(network.supplier[other], named(catalog, network.supplier[other], role, found.confidence, claims))
        names = join(task.lang, [task.label(network.supplier[other]) for other in others])
        parts.append(say(task.lang, "alternatives", owner=task.label(network.dependent[link]), names=names))
    stated = fact(task._replace(content=(*task.content, "alternative"), family="fact"))
    if stated.reason is None:
        for item in stated.entities:
            if item.role == "direct":
                listed.setdefault(catalog.position[item.id], item)
    if not listed:
        return missing(task)
    claims = tuple(dict.fromkeys(claim for item in listed.values() for claim in item.claims))
    text = sentences(task.lang, list(dict.fromkeys(parts)))
    told = stated.answer if stated.reason is None else ""
    return Draft(
        answer=" ".join(filter(None, [text if parts else "", told])),
        entities=(named(catalog, entity, "subject", None), *listed.values()),
        claims=(*claims, *(stated.claims if stated.reason is None else ())),
    )
