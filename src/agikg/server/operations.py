"""The operations of the JSON API: one declaration each, from which requests are checked, answered and described.

Every reading command of the command line is here under its own name and options. Knows the facade; nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from agikg.errors import BadInput
from agikg.model.answer import Answer
from agikg.model.comparison import Changes, CommonDependencies
from agikg.model.criticality import Chokepoints, CutSets, Exposure, Importances
from agikg.model.facts import Claim, Entity
from agikg.model.market import Markets
from agikg.model.reach import Paths, Reach
from agikg.model.record import Record
from agikg.model.reference import Source
from agikg.model.scenario import WhatIf
from agikg.model.sheet import Sheet, Table
from agikg.server.lookups import Label, NameHit, QuerySummary, Vocabulary, labels, names, queries, vocabulary
from agikg.server.parameters import LONGEST_TEXT, Parameter

if TYPE_CHECKING:
    from agikg.kg import KnowledgeGraph

MEASURES = ("stops", "dependents_lost", "capacity_lost", "esri_d", "dominates", "concentration", "betweenness")
_CHOKEPOINTS_SHOWN = 20
_QUERY_KINDS = {"entity": "name", "date": "date"}
Values = dict[str, Any]


class Operation(NamedTuple):
    """A declared operation.

    Attributes:
        name: last part of its address.
        summary: one line.
        call: the facade's method, given the graph and the checked values.
        returns: what comes back, one of these; a list of it where ``listing``.
        parameters: all that may be given, scope and limit included.
        cut: parts of the result that ``limit`` shortens.
        listing: whether it returns a list.
        posts: whether the parameters may also come as a JSON body.
    """

    name: str
    summary: str
    call: Callable[[KnowledgeGraph, Values], Any]
    returns: tuple[type[Record], ...]
    parameters: tuple[Parameter, ...] = ()
    cut: tuple[str, ...] = ()
    listing: bool = False
    posts: bool = False

    def run(self, graph: KnowledgeGraph, values: Values) -> Any:
        """The result as plain data: what ``--format json`` of the command prints."""
        found, most = self.call(graph, values), values.get("limit")
        if self.listing:
            return [record.model_dump() for record in found[:most]]
        return shortened(found, most, self.cut).model_dump()


def shortened(record: Record, most: int | None, parts: tuple[str, ...]) -> Record:
    """The record with some of its lists cut."""
    if most is None:
        return record
    shorter: Record = replace(record, **{part: getattr(record, part)[:most] for part in parts if hasattr(record, part)})  # type: ignore[type-var]
    return shorter


def _whole(name: str, help_: str, default: int | None = None, *, least: int = 1, most: int = 100) -> Parameter:
    return Parameter(name, help_, "whole", least=least, most=most, default=default)


def _names(name: str, help_: str) -> Parameter:
    return Parameter(name, help_, "name", many=True)


def _assigned(name: str, help_: str) -> Parameter:
    return Parameter(name, f"{help_}, as NAME=NUMBER", "assignment", many=True)


NAME = Parameter("name", "an entity by label, alias, Chinese name, slug or CURIE", "name", required=True)
LIMIT = _whole("limit", "at most so many items", most=1_000_000)
SCOPE = (
    Parameter("as_of", "links have to hold on this date (2025, 2025-03, 2024-H1 ...)", "date"),
    Parameter("known_at", "claims have to be published by this date", "date"),
    Parameter("source", "only claims of this source count", many=True, listed="sources"),
    Parameter("min_confidence", "only claims at least this sure", "choice", choices=("low", "medium", "high")),
)
DEPTH = _whole("depth", "follow at most so many links", most=1_000)
DIRECT = Parameter("direct", "only direct links", "flag", default=False)
ORDER = _whole("order", "most members of a set", 2, most=4)
_COMMON = (*SCOPE, LIMIT)


def scope_of(values: Mapping[str, Any]) -> Values:
    """The scope as the facade's keywords."""
    return {
        "as_of": values["as_of"],
        "known_at": values["known_at"],
        "sources": values["source"],
        "min_confidence": values["min_confidence"],
    }


def _depth(v: Values) -> int | None:
    return 1 if v["direct"] else v["depth"]


def _dependencies(kg: KnowledgeGraph, v: Values) -> Record:
    if not v["with"]:
        return kg.dependencies(v["name"], depth=_depth(v), **scope_of(v))
    if v["depth"] or v["direct"]:
        raise BadInput("with looks at all depths", hint="leave out depth and direct")
    return kg.common_dependencies(v["name"], *v["with"], **scope_of(v))


def _whatif(kg: KnowledgeGraph, v: Values) -> Record:
    more = {f"deny_{many}": v[f"deny_{one}"] for one, many in (("country", "countries"), ("layer", "layers"), ("owner", "owners"))}
    return kg.whatif(v["deny"], v["lift"], v["capacity"], deny_links=v["deny_link"], by=v["by"], **more, **scope_of(v))


def _chokepoints(kg: KnowledgeGraph, v: Values) -> Record:
    return kg.chokepoints(
        v["for"], layer=v["layer"], weights=v["weight"], measure=v["measure"], stability=v["stability"],
        limit=v["limit"] or _CHOKEPOINTS_SHOWN, **scope_of(v),
    )  # fmt: skip


def _cutsets(kg: KnowledgeGraph, v: Values) -> Record:
    kind = v["evidence"] or "entities"
    return kg.cutsets(v["name"], order=v["order"], kind=kind, deny=v["deny"], cheapest=v["cheapest"], costs=v["cost"], **scope_of(v))


def _importance(kg: KnowledgeGraph, v: Values) -> Record:
    return kg.importance(v["name"], v["probability"], deny=v["deny"], samples=v["samples"], seed=v["seed"], **scope_of(v))


def _changes(kg: KnowledgeGraph, v: Values) -> Record:
    scope = scope_of(v)
    as_of = scope.pop("as_of")
    if v["to"] and as_of:
        raise BadInput("to and as_of both name the later date", hint="give one of them")
    return kg.changes(v["name"], v["from"], v["to"] or as_of, **scope)


def _sources(kg: KnowledgeGraph, v: Values) -> list[Source]:
    return [source for source in kg.sources() if not v["source"] or source.id in v["source"]]


_ASK = (Parameter("question", "the question", required=True, longest=LONGEST_TEXT), *_COMMON)
_REACH = (NAME, DEPTH, DIRECT)
_PATH = (
    NAME._replace(name="a"), NAME._replace(name="b"), _whole("k", "how many paths", 1, most=50),
    Parameter("by", "shortest or surest first", "choice", choices=("length", "confidence"), default="length"), *_COMMON,
)  # fmt: skip
_CHOKEPOINTS = (
    _names("for", "count the loss of this target"), Parameter("layer", "count the loss of this layer's entities", listed="layers"),
    _assigned("weight", "weight of a target; others weigh 1"),
    Parameter("measure", "what to rank by", "choice", choices=MEASURES, default="stops"),
    Parameter("stability", "also rank with everything below each confidence dropped", "flag", default=False), *_COMMON,
)  # fmt: skip
_WHATIF = (
    _names("deny", "take this entity away"), Parameter("deny_link", "cut the link of A with what it needs, as A->B", "pair", many=True),
    _names("deny_country", "take away all that belongs to a country (see by)"),
    Parameter("deny_layer", "take a whole layer away", many=True, listed="layers"),
    _names("deny_owner", "take an owner away with all it owns"),
    Parameter("by", "how to belong to a country", "choice", choices=("headquarters", "site", "either"), default="either"),
    _names("lift", "lift a control, or all that are part of it"), _assigned("capacity", "cap an entity: 0.4 is 40 percent"), *_COMMON,
)  # fmt: skip
_CUTSETS = (
    NAME, ORDER, Parameter("evidence", "sets of evidence instead of entities", "choice", choices=("claims", "sources", "origins")),
    _names("deny", "for evidence: the conclusion that denying this stops name"),
    Parameter("cheapest", "only the cheapest cut of entities", "flag", default=False),
    _assigned("cost", "cost of denying an entity; others cost 1"), *_COMMON,
)  # fmt: skip
_IMPORTANCE = (
    NAME, _assigned("probability", "probability that an entity is unavailable"),
    _names("deny", "instead: how sure it is that denying this stops name"),
    _whole("samples", "Monte Carlo samples, where needed", 20_000, most=200_000),
    _whole("seed", "seed of the sample", 0, least=0, most=2**31), *_COMMON,
)  # fmt: skip
_CHANGES = (
    NAME, Parameter("from", "the earlier date", "date", required=True),
    Parameter("to", "the later date (as_of, else today)", "date"), *SCOPE,
)  # fmt: skip
_MARKETS = (
    Parameter("about", "somebody with a share, or words that a market is described with"),
    _whole("members", "how many shares have to be known of a market", 2, most=50), *_COMMON,
)  # fmt: skip
_CLAIMS = (
    Parameter("about", "only claims with this entity as subject or object", "name"),
    Parameter("predicate", "only this relation, text or metric", listed="predicates"),
    Parameter("modality", "only stated, reported, estimated ...", listed="modalities"),
    Parameter("section", "only this section of a source"), *_COMMON,
)  # fmt: skip
_ENTITIES = (
    Parameter("layer", "only this layer", listed="layers"),
    Parameter("kind", "only this class and its sub-classes", listed="classes"),
    *_COMMON,
)
_NAMES = (Parameter("text", "what was typed, in English or Chinese", required=True), LIMIT._replace(default=8, most=50))
_IDS = (Parameter("id", "a CURIE or IRI", many=True, required=True, times=1_000),)


def _claims(kg: KnowledgeGraph, v: Values) -> list[Claim]:
    return kg.claims(v["about"], v["predicate"], v["modality"], v["section"], **scope_of(v))


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "ask", "Answers a question in English or Chinese, or refuses honestly (also status 200)",
        lambda kg, v: kg.ask(v["question"], **scope_of(v)), (Answer,), _ASK, ("entities", "paths", "claims"), posts=True,
    ),
    Operation(
        "show", "One entity: identity, figures over time, needs, dependents, controls, evidence",
        lambda kg, v: kg.show(v["name"], **scope_of(v)), (Sheet,), (NAME, *SCOPE),
    ),
    Operation(
        "dependents", "What depends on an entity, with the link and its claims",
        lambda kg, v: kg.dependents(v["name"], depth=_depth(v), **scope_of(v)), (Reach,), (*_REACH, *_COMMON), ("items",),
    ),
    Operation(
        "dependencies", "What an entity depends on; with others, what all of them depend on", _dependencies, (Reach, CommonDependencies),
        (*_REACH, _names("with", "only what name and this one both depend on"), *_COMMON), ("items",),
    ),
    Operation(
        "path", "How two entities are connected, shortest (or surest) first, each hop with its claims",
        lambda kg, v: kg.path(v["a"], v["b"], k=v["k"], by=v["by"], **scope_of(v)), (Paths,), _PATH, ("paths",),
    ),
    Operation("chokepoints", "Entities whose denial alone stops others, ranked", _chokepoints, (Chokepoints,), _CHOKEPOINTS),
    Operation(
        "whatif", "What stops, degrades, is substituted or barred when something is denied, lifted or capped", _whatif, (WhatIf,), _WHATIF,
        ("failed", "degraded", "substituted", "barred", "capacity"), posts=True,
    ),
    Operation(
        "cutsets", "Smallest sets that stop an entity; or of evidence whose withdrawal removes a conclusion", _cutsets, (CutSets,),
        _CUTSETS, ("sets",),
    ),
    Operation(
        "importance", "How likely an entity is down, or a conclusion right, and what decides it", _importance, (Importances,), _IMPORTANCE,
        ("items",),
    ),
    Operation(
        "exposure", "How much of what an entity needs touches each country, by headquarters and by site",
        lambda kg, v: kg.exposure(v["name"], order=v["order"], **scope_of(v)), (Exposure,), (NAME, ORDER, *_COMMON), ("items",),
    ),
    Operation(
        "markets", "How concentrated the markets are of which claims give shares",
        lambda kg, v: kg.markets(v["about"], members=v["members"], **scope_of(v)), (Markets,), _MARKETS, ("items",),
    ),
    Operation("changes", "What changed for an entity between two dates", _changes, (Changes,), _CHANGES),
    Operation("claims", "Lists claims, filtered", _claims, (Claim,), _CLAIMS, listing=True),
    Operation("sources", "Lists the sources", _sources, (Source,), (*SCOPE, LIMIT), listing=True),
    Operation(
        "entities", "Lists entities of a layer or class", lambda kg, v: kg.entities(v["layer"], v["kind"]), (Entity,), _ENTITIES,
        listing=True,
    ),
    Operation(
        "queries", "Lists the named queries; each has an address of its own below", lambda kg, _: queries(kg), (QuerySummary,), (LIMIT,),
        listing=True,
    ),
    Operation(
        "names", "Names that a text may mean or begin, nearest first: for completion", lambda kg, v: names(kg, v["text"], v["limit"]),
        (NameHit,), _NAMES, listing=True,
    ),
    Operation(
        "labels", "Labels of identifiers (e:huawei, c:..., agi:...), as far as the graph has any", lambda kg, v: labels(kg, v["id"]),
        (Label,), _IDS, listing=True, posts=True,
    ),
    Operation(
        "vocabulary", "Classes, relations, figures, closed lists and prefixes: what a query can be written with",
        lambda kg, _: vocabulary(kg), (Vocabulary,),
    ),
)  # fmt: skip
BY_NAME = {operation.name: operation for operation in OPERATIONS}


def query_operation(kg: KnowledgeGraph, name: str) -> Operation | None:
    """A named query as an operation with the parameters that its header declares; None where there is no such query."""
    query = kg.queries.get(name)
    if query is None:
        return None
    declared = tuple(Parameter(p.name, p.help, _QUERY_KINDS.get(p.type, "text"), required=not p.optional) for p in query.parameters)

    def call(graph: KnowledgeGraph, values: Values) -> Table:
        return graph.query(name, {p.name: values[p.name] for p in declared if values[p.name] is not None})

    return Operation(f"queries/{name}", query.summary, call, (Table,), (*declared, LIMIT), ("rows",))
