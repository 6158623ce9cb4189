"""Pages to look around in: the query editor, names by layer, sources, the map. Knows no HTTP."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams

from agikg.errors import BadInput
from agikg.kg import KnowledgeGraph
from agikg.server import markup, scoping
from agikg.server.operations import LIMIT
from agikg.server.parameters import LONGEST_NAME, MOST_VALUES, Parameter

# Shown where the address brings no query.
_FIRST = """PREFIX agi: <https://w3id.org/agikg/ontology#>

# What is fabricated with what, and what depends on that
SELECT ?thing ?made_with ?dependent WHERE {
  ?thing agi:fabricatedWith ?made_with .
  OPTIONAL { ?dependent agi:dependsOn ?thing }
}
LIMIT 100"""
_HOPS = Parameter("hops", "how many links around the entity", "whole", least=1, most=6, default=1)


def query(kg: KnowledgeGraph, given: QueryParams) -> str:
    """The editor, with the query of the address; the named queries are its examples."""
    return markup.render("query", kg, here="query", query=given.get("query", "") or _FIRST, examples=list(kg.queries.values()))


def entities(kg: KnowledgeGraph, given: QueryParams) -> str:
    """All names, or those of a layer, by class.

    Raises:
        BadInput: no such layer.
    """
    layer = given.get("layer") or None
    found = kg.entities(layer)
    groups: dict[str, list[Any]] = {}
    for entity in found:
        groups.setdefault(kg.catalog.classes[entity.kind]["label"], []).append(entity)
    ordered = [(kind, sorted(members, key=lambda entity: entity.label.casefold())) for kind, members in sorted(groups.items())]
    heading = next((str(one["label"]).capitalize() for one in kg.catalog.concepts("layers") if one["key"] == layer), "All entities")
    return markup.render("entities", kg, here="browse", entities=found, groups=ordered, layer=layer, heading=heading)


def sources(kg: KnowledgeGraph, _given: QueryParams) -> str:
    """All sources."""
    return markup.render("sources", kg, here="browse", sources=kg.sources())


def explore(kg: KnowledgeGraph, given: QueryParams) -> str:
    """The map: the whole chain, around ``name``, the ``path`` of two names, or a scenario of ``deny`` and ``lift``.

    Raises:
        BadInput: more than one of these, or names without meaning.
    """
    lists = {name: [text for text in given.getlist(name) if text.strip()] for name in ("path", "deny", "lift")}
    for texts in (*lists.values(), given.getlist("name")):
        if len(texts) > MOST_VALUES or any(len(text) > LONGEST_NAME for text in texts):
            raise BadInput("too many names, or one too long")
    if lists["path"] and len(lists["path"]) != 2:
        raise BadInput("a path has two ends", hint="/explore?path=A&path=B")
    ends = (lists["path"][0], lists["path"][1]) if lists["path"] else None
    hops = _HOPS.read([given["hops"]]) if given.get("hops") else _HOPS.default
    most = LIMIT.read([given["limit"]]) if given.get("limit") else None
    made = kg.explore(
        given.get("name") or None, hops=hops, path=ends, deny=lists["deny"], lift=lists["lift"], lang=given.get("lang") or "en",
        mode=given.get("mode") or "around", most=most, site="/", **scoping.keywords(given),
    )  # fmt: skip
    return made.html
