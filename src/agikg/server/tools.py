"""The tools an assistant can call: when to use each, what it takes, and the one call of the facade behind it.

Knows the facade; no protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field

from agikg.errors import BadInput, Refused
from agikg.kg import KnowledgeGraph
from agikg.model.answer import Answer
from agikg.model.comparison import Changes
from agikg.model.criticality import Chokepoints, CutSets, Exposure, Importances
from agikg.model.listing import Claims, Entities, Sources
from agikg.model.market import Markets
from agikg.model.reach import Paths, Reach
from agikg.model.record import Record
from agikg.model.scenario import WhatIf
from agikg.model.sheet import Sheet, Table
from agikg.server.tool_spec import Depth, Lane, Layer, Links, Measure, Name, Names, Part, Spec, Step, Text, described

F = TypeVar("F", bound=Callable[..., Record])

TOOLS: dict[str, Spec] = {}
"""All tools by name, in the order in which they are listed."""


def _tool(title: str, result: type[Record], *, main: str | None = None, scoped: bool = True, lane: Lane = "facts") -> Callable[[F], F]:
    def register(call: F) -> F:
        TOOLS[call.__name__] = Spec(call.__name__, title, call, result, main, scoped, lane)
        return call

    return register


@_tool("Ask a question", Answer)
def ask(
    kg: KnowledgeGraph, question: Annotated[str, Field(min_length=1, max_length=2000, description="In English or Chinese.")], **scope: Any
) -> Answer:
    """Answers one question in English or Chinese from the graph, with the claims it rests on. Start here.

    Understands, among others: what depends on X, what X depends on, what or who X is, figures and how they changed,
    how X and Y are connected, what if X is denied, chokepoints, alternatives, who says so, what is disputed.
    status "refused" is an answer, not a failure: the graph does not say it. Then tell the user so with `reason` and `answer`; do not fill
    the gap from memory; `suggestions` are questions that work. Entities with role "nearest" or "alternative" are not part of the answer.
    """
    return kg.ask(question, **scope)


@_tool("Fact sheet of an entity", Sheet)
def show(kg: KnowledgeGraph, name: Name, **scope: Any) -> Sheet:
    """All the graph says of one entity: identity, figures over time, what it needs, what needs it directly, controls, every claim.

    Use it to brief on a company, chip, model or policy, or to read the claims behind an answer.
    """
    return kg.show(name, **scope)


@_tool("What depends on an entity", Reach, main="items")
def dependents(kg: KnowledgeGraph, name: Name, depth: Depth = None, **scope: Any) -> Reach:
    """What depends on an entity, directly and through others, each with the link, its claims, confidence and necessity.

    Roles "barred" (a control closes the link) and "alternative" (only possible) are shown and are not dependencies. An empty list means
    that the graph knows of none, not that there are none.
    """
    return kg.dependents(name, depth=depth, **scope)


@_tool("What an entity depends on", Reach, main="items")
def dependencies(kg: KnowledgeGraph, name: Name, depth: Depth = None, **scope: Any) -> Reach:
    """What an entity depends on, directly and through others; otherwise as the tool dependents."""
    return kg.dependencies(name, depth=depth, **scope)


@_tool("How two entities are connected", Paths)
def path(
    kg: KnowledgeGraph, a: Name, b: Name,
    k: Annotated[int, Field(ge=1, le=20, description="How many paths.")] = 1,
    by: Annotated[Literal["length", "confidence"], described("Shortest or surest first.")] = "length",
    **scope: Any,
) -> Paths:  # fmt: skip
    """How two entities are connected over any relation, hop by hop, each hop with its claims. No path: the graph knows of no connection."""
    return kg.path(a, b, k=k, by=by, **scope)


@_tool("Chokepoints", Chokepoints, main="items", lane="analysis")
def chokepoints(
    kg: KnowledgeGraph,
    targets: Annotated[Names, described("Whose loss counts; empty for the whole chain.")] = (),
    layer: Layer = None,
    measure: Annotated[Measure, described("What to rank by.")] = "stops",
    stability: Annotated[bool, described("Also rank with the less sure claims dropped.")] = False,
    *,
    step: Step,
    **scope: Any,
) -> Chokepoints:  # fmt: skip
    """Entities whose denial alone stops others, ranked, with what each stops, what is left as substitute, and where the measures disagree.

    Report a chokepoint with its measure and its substitutes; `layer` counts the loss of a layer's entities.
    """
    return kg.chokepoints(targets, layer=layer, measure=measure, stability=stability, limit=None, progress=step, **scope)


@_tool("What if something is denied or lifted", WhatIf, lane="analysis")
def whatif(
    kg: KnowledgeGraph,
    deny: Annotated[Names, described("Entities to take away.")] = (),
    lift: Annotated[Names, described("Controls to lift, or what they are part of.")] = (),
    capacity: Annotated[dict[Text, Part] | None, described("Entity -> most it can run at, 0 to 1.")] = None,
    links: Annotated[Links, described("Links to cut: pairs of a dependent and what it needs.")] = (),
    *,
    countries: Annotated[Names, described("Countries whose entities to take away (see by).")] = (),
    layers: Annotated[Names, described("Layers to take away.")] = (),
    owners: Annotated[Names, described("Owners to take away, with what they own.")] = (),
    by: Annotated[Literal["headquarters", "site", "either"], described("How an entity belongs to a country.")] = "either",
    **scope: Any,
) -> WhatIf:
    """A scenario against the baseline: what stops (with the causal chain), what goes on with less, what substitutes, what controls close.

    Give at least one of deny, lift, capacity, links, countries, layers, owners. A conclusion holds for what the graph knows.
    """
    return kg.whatif(
        deny,
        lift,
        capacity or {},
        deny_links=[(a, b) for a, b in links],
        deny_countries=countries,
        deny_layers=layers,
        deny_owners=owners,
        by=by,
        **scope,
    )


@_tool("Smallest sets that stop an entity", CutSets, main="sets", lane="analysis")
def cutsets(
    kg: KnowledgeGraph,
    name: Name,
    order: Annotated[int, Field(ge=1, le=6, description="Most members of a set.")] = 2,
    kind: Annotated[Literal["entities", "claims", "sources", "origins"], described("What the sets are made of.")] = "entities",
    deny: Annotated[Names, described("For evidence: the conclusion that denying these stops the entity.")] = (),
    *,
    step: Step,
    **scope: Any,
) -> CutSets:
    """Smallest sets of entities whose joint denial stops an entity; or (kind claims, sources, origins) smallest sets of evidence whose
    withdrawal removes a conclusion about it. Use the latter to say on whose word a conclusion hangs.
    """
    return kg.cutsets(name, order=order, kind=kind, deny=deny, progress=step, **scope)


@_tool("How likely an entity is down", Importances, main="items", lane="analysis")
def importance(
    kg: KnowledgeGraph,
    name: Name,
    probabilities: Annotated[
        dict[Text, Part] | None, described("Entity -> probability of being unavailable; without any, structural.")
    ] = None,
    deny: Annotated[Names, described("Instead: how sure it is that denying these stops the entity.")] = (),
    *,
    step: Step,
    **scope: Any,
) -> Importances:
    """How likely an entity is down given probabilities of others, or how sure a conclusion about it is (deny), and what decides it."""
    return kg.importance(name, probabilities, deny=deny, progress=step, **scope)


@_tool("Exposure to countries", Exposure, main="items", lane="analysis")
def exposure(kg: KnowledgeGraph, name: Name, **scope: Any) -> Exposure:
    """How much of what an entity needs touches each country, by headquarters and by site; shares are lower bounds."""
    return kg.exposure(name, **scope)


@_tool("Concentration of markets", Markets, main="items", lane="analysis")
def markets(
    kg: KnowledgeGraph,
    about: Annotated[str | None, Field(max_length=300, description="Somebody with a share, or words of a market; all if left out.")] = None,
    members: Annotated[int, Field(ge=1, le=50, description="How many shares have to be known of a market.")] = 2,
    **scope: Any,
) -> Markets:
    """How concentrated markets are, by the shares that sources give: HHI with coverage, countries to three quarters."""
    return kg.markets(about, members=members, **scope)


@_tool("What changed between two dates", Changes, lane="analysis")
def changes(
    kg: KnowledgeGraph,
    name: Name,
    since: Annotated[str, Field(min_length=1, max_length=40, description="The earlier date; as_of is the later one.")],
    **scope: Any,
) -> Changes:
    """What changed for an entity between two dates: links, controls, availability, single points of failure."""
    until = scope.pop("as_of")
    return kg.changes(name, since, until, **scope)


@_tool("Claims: the evidence", Claims, main="claims")
def claims(
    kg: KnowledgeGraph,
    ids: Annotated[Names, described("Claims by id (c:...), as results cite them; instead of the filters.")] = (),
    about: Annotated[Name | None, described("Only claims about this entity.")] = None,
    predicate: Annotated[
        str | None, Field(max_length=100, description="Only this relation, text or metric (fabricatedWith, yieldRate ...).")
    ] = None,
    modality: Annotated[
        str | None, Field(max_length=100, description="Only stated, reported, estimated, expected, targeted, claimed, opinion ...")
    ] = None,
    section: Annotated[str | None, Field(max_length=100, description="Only this section of a source (chips, models ...).")] = None,
    **scope: Any,
) -> Claims:
    """Claims: what each source says, in the graph's words, with modality, attribution, dates, locator and confidence.

    Use it with `ids` to read the evidence behind any result before citing it, or with filters to look around.
    Quote the statement with its modality ("reported", "claimed by"): a claim is what a source says, not a fact.
    """
    if ids and (about or predicate or modality or section):
        raise BadInput("ids and filters were both given", hint="give ids alone, or filters alone")
    for identifier in ids:
        if identifier not in kg.catalog.claim_position:
            raise Refused(f"no claim has the id {identifier!r}", hint="ids are those that results cite, such as those of the tool show")
    found = [kg.claim(identifier) for identifier in ids] if ids else kg.claims(about, predicate, modality, section, **scope)
    chosen = kg.scope(**scope)
    return Claims(tuple(found), kg.snapshot, chosen.as_of, chosen.known_at, chosen)


@_tool("Find entities by name", Entities, main="entities", scoped=False)
def entities(
    kg: KnowledgeGraph,
    text: Annotated[str | None, Field(max_length=300, description="A name or a piece of one, English, Chinese or pinyin.")] = None,
    layer: Layer = None,
    kind: Annotated[
        str | None, Field(max_length=100, description="Only this class and its sub-classes (company, chip, model ...).")
    ] = None,
) -> Entities:
    """Finds entities by a piece of a name, best first (score 1: it is one of its names), or lists those of a layer or class.

    Use it when another tool says that a name is unknown or ambiguous.
    """
    return Entities(tuple(kg.find(text, layer, kind)), kg.snapshot)


@_tool("Sources", Sources, main="sources", scoped=False)
def sources(kg: KnowledgeGraph) -> Sources:
    """The sources behind the claims: title, publisher, dates, tier, address, and how many claims rest on each. Use it to cite."""
    return Sources(tuple(kg.sources()), kg.snapshot)


@_tool("Named queries", Table, main="rows", scoped=False)
def query(
    kg: KnowledgeGraph,
    name: Annotated[
        str | None, Field(max_length=100, description="Of the query; leave out to list all queries with their parameters.")
    ] = None,
    values: Annotated[dict[str, Text] | None, described("Parameter -> value; entities by any name.")] = None,
) -> Table:
    """Runs one of the curated queries (controls, timelines, market shares, bottlenecks, coverage ...); without a name, lists them."""
    if name is None:
        rows = tuple((found.name, found.summary, found.usage, list(found.columns)) for found in kg.queries.values())
        return Table(("query", "summary", "parameters", "columns"), rows, kg.snapshot, "")
    return kg.query(name, values)


@_tool("SPARQL", Table, main="rows", scoped=False, lane="sparql")
def sparql(kg: KnowledgeGraph, text: Annotated[str, Field(min_length=1, description="SELECT, ASK, CONSTRUCT or DESCRIBE.")]) -> Table:
    """Runs a read-only SPARQL 1.1 query, for what no other tool answers. agikg://ontology and the query vocabulary list predicates.

    Prefixes agi:, e:, c:, s:, rdf:, rdfs:, skos:, dcterms:, prov: are known. Updates and SERVICE are refused; time and memory are limited.
    Direct triples are derived; a claim is an agi:Claim with rdf:subject, rdf:predicate, rdf:object and agi:statement.
    """
    from agikg.store.port import flat

    return Table(*flat(kg.sparql(text)), kg.snapshot, text)
