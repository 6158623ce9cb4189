"""Plans for what depends on what, and for connections."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from agikg.ask.draft import Draft, Task, named
from agikg.ask.phrasing import any_of, hedge, join, say, sentences
from agikg.model.answer import Named
from agikg.model.reach import Reach, Reached
from agikg.model.scope import Hop
from agikg.views.reach import reach

_ASSERTED = ("direct", "transitive")
_FAR, _WAYS = 5, 3
"""Most steps of a connection: beyond, it says nothing of the two, as in a graph of a value chain everything is connected somehow. How
many ways are told."""


def dependents(task: Task) -> Draft:
    """What depends on an entity."""
    return _reach(task, "dependents")


def dependencies(task: Task) -> Draft:
    """What an entity depends on."""
    return _reach(task, "dependencies")


def _reach(task: Task, direction: str) -> Draft:
    root = task.entities[0]
    direct = any(word in ("direct", "directly", "immediate", "直接") for word in task.question.words) or "直接" in task.question.masked
    result = reach(task.catalog, root, direction, 1 if direct else None, task.scope, task.snapshot)
    items = [item for item in result.items if _is_kind(task, item.id)]
    asserted = [item for item in items if item.role in _ASSERTED]
    closed = [item for item in items if item.role not in _ASSERTED]
    text = _sentences(task, direction, asserted, closed)
    return Draft(
        answer=text,
        reason=None if asserted else "not_in_graph",
        entities=tuple(_named(task, item) for item in items),
        paths=tuple(chain_hops(item, result) for item in items),
        claims=tuple(claim for item in items for claim in (*item.claims, *item.barred_by)),
        not_known=_not_known(task, items),
    )


def _is_kind(task: Task, identifier: str) -> bool:
    return task.kind is None or task.kind in task.catalog.kinds(task.catalog.position[identifier])


def _named(task: Task, item: Reached) -> Named:
    return named(task.catalog, task.catalog.position[item.id], item.role, item.confidence, item.claims, item.necessity)


def _sentences(task: Task, direction: str, asserted: Sequence[Reached], closed: Sequence[Reached]) -> str:
    lang = task.lang
    root = task.label(task.entities[0])
    direct = [item for item in asserted if item.role == "direct"]
    through = [item for item in asserted if item.role == "transitive"]
    listed = join(lang, [_with_hedges(task, item, direction) for item in direct])
    parts = []
    if not asserted:
        kind = task.name_of(task.catalog.classes[task.kind]) if task.kind else None
        parts.append(say(lang, f"{direction}_none", root=root, kind=any_of(lang, kind)))
    elif direct:
        parts.append(say(lang, direction, root=root, direct=listed, s="s" if len(direct) == 1 else ""))
    if through:
        names = join(lang, [_with_hedges(task, item, direction) for item in through])
        head = "through_head" if direction == "dependents" else "dependencies_head"
        parts.append(say(lang, head, count=len(through), names=names, s="s" if len(through) == 1 else ""))
    for role in ("barred", "alternative"):
        names_ = [task.label_of(item.id) for item in closed if item.role == role]
        if names_:
            parts.append(say(lang, role, names=join(lang, names_)))
    return sentences(lang, parts)


def _with_hedges(task: Task, item: Reached, direction: str) -> str:
    """An item with how its link is said, and how much of it hangs on the root."""
    lang = task.lang
    remarks = []
    rows = [task.catalog.row(task.catalog.claim_position[claim]) for claim in item.claims]
    for row in rows:
        remarks.append(hedge(lang, row["modality"], row["attributed_to"]))
    if item.role == "transitive" and direction == "dependents":
        remarks.append(_reading(task, item.via))
    if item.necessity != "essential":
        remarks.append(say(lang, item.necessity))
    told = [remark for remark in dict.fromkeys(remarks) if remark]
    name = task.label_of(item.id)
    if not told:
        return name
    return f"{name} ({'; '.join(told)})" if lang == "en" else f"{name}（{'；'.join(told)}）"


def _reading(task: Task, hop: Hop) -> str:
    """A hop's relation and its far end, in the language of the question."""
    end = task.label_of(hop.to_id)
    if task.lang == "en":
        return f"{hop.reading} {end}"
    words = hop.reading
    for row in task.catalog.predicates.values():
        if hop.predicate == row["name"]:
            words = row["label_zh"] or words
        elif hop.predicate == row["inverse"]:
            words = row["inverse_label_zh"] or words
    return words.replace("…", end) if "…" in words else f"{words}{end}"


def _not_known(task: Task, items: Sequence[Reached]) -> tuple[str, ...]:
    """What the answer leaves open: starting dates, members of sets without names."""
    catalog = task.catalog
    undated = sum(all(catalog.row(catalog.claim_position[c])["valid_from"] is None for c in item.claims) for item in items)
    found = [f"since when: {undated} of {len(items)} links carry no date"] if undated else []
    unnamed = [item.label for item in items if catalog.entity(catalog.position[item.id]).unnamed]
    return (*found, *(f"who is meant by {name}: the source names none" for name in unnamed))


def chain_hops(item: Reached, result: Reach) -> tuple[Hop, ...]:
    """The hops from an item to the root (or from the root to it), in the direction of dependence."""
    by_id = {other.id: other for other in result.items}
    hops = [item.via]
    for identifier in item.chain[1:-1]:
        hops.append(by_id[identifier].via)
    return tuple(hops) if result.parameters["direction"] == "dependents" else tuple(reversed(hops))


def connection(task: Task) -> Draft:
    """How two entities are connected."""
    a, b = task.entities
    from agikg.views.path import paths

    found = paths(task.catalog, a, b, _WAYS, task.scope, task.snapshot, past=True)  # what was once so is a connection, too
    ways = [way for way in found.paths if not _mere_kinship(task, way)]
    if not ways or len(ways[0]) > _FAR:
        return Draft(
            answer=f"{task.label(a)} – {task.label(b)}",
            reason="not_in_graph",
            entities=tuple(named(task.catalog, end, "nearest", None) for end in (a, b)),
        )
    first = ways[0]
    chain = join(task.lang, [_told(task, hop) for hop in first])
    text = say(task.lang, "path_head", a=task.label(a), b=task.label(b), count=len(first), s="" if len(first) == 1 else "s", chain=chain)
    between = [hop.to_id for hop in first[:-1]]
    return Draft(
        answer=sentences(task.lang, [text]),
        entities=(
            *(named(task.catalog, end, "subject", None) for end in (a, b)),
            *(named(task.catalog, task.catalog.position[e], "transitive", None) for e in between),
        ),
        paths=tuple(ways),
        claims=tuple(dict.fromkeys(claim for way in ways for hop in way for claim in hop.claims)),
    )


def _mere_kinship(task: Task, way: Sequence[Hop]) -> bool:
    """Whether a way leads from one member of a group, or maker of something unnamed, to another: that connects all of their kind."""
    catalog = task.catalog
    inverses = {str(row["inverse"]): row for row in catalog.predicates.values() if row["inverse"]}

    def there_and_back(one: Hop, other: Hop) -> bool:
        if (row := catalog.predicates.get(one.predicate)) is not None:
            return other.predicate == row["inverse"] and ("group" in row["tells"] or unnamed(one))
        return other.predicate == str(inverses[one.predicate]["name"]) and unnamed(one)

    def unnamed(hop: Hop) -> bool:
        return catalog.entity(catalog.position[hop.to_id]).unnamed

    return any(there_and_back(one, other) for one, other in pairwise(way))


def _told(task: Task, hop: Hop) -> str:
    row = task.catalog.row(task.catalog.claim_position[hop.claims[0]])
    remarks = [
        hedge(task.lang, row["modality"], row["attributed_to"]),
        say(task.lang, "until", date=row["valid_until"]) if row["valid_until"] else None,
    ]
    said = ("; " if task.lang == "en" else "；").join(filter(None, remarks))
    start = task.label_of(hop.from_id)
    if task.lang == "zh":
        return f"{start}{_reading(task, hop)}" + (f"（{said}）" if said else "")
    return f"{start} {_reading(task, hop)}" + (f" ({said})" if said else "")
