"""What the tool server offers besides tools: resources to read, prompts to start from, completion of names."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any, cast

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError
from mcp.server.mcpserver.resources import ResourceSecurity
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, Completion, CompletionArgument, PromptReference, ResourceTemplateReference
from pydantic import Field

from agikg import settings
from agikg.errors import AgikgError, Refused
from agikg.kg import KnowledgeGraph
from agikg.server.tool_bounds import bounded, compact
from agikg.views.finding import beginning
from agikg.vocab import PREFIXES

_JSON = "application/json"
_OFFERED = 100
"""Most completions that the protocol allows at a time."""
_WHOLE = 200
"""Most items of each list in a resource."""
_CITING = """\
Rules: say nothing that no result says. Keep the modality (reported, estimated, claimed by ...) and the confidence of every statement.
Read the claims you cite with the tool claims (ids) and number them: statement, source, locator, published. What is refused or empty goes
under "Not known". Barred links and possible alternatives are not supply. End with the snapshot, the dates and the commands of the results,
so that others can repeat it."""


def add(server: MCPServer[Any], kg: KnowledgeGraph) -> None:
    """Adds resources, prompts and completion to a server."""
    _add_resources(server, kg)
    _add_prompts(server, kg)
    _add_completion(server, kg)


def _add_resources(server: MCPServer[Any], kg: KnowledgeGraph) -> None:
    @server.resource("agikg://ontology", name="ontology", title="What the graph can say", mime_type="text/markdown")
    def ontology() -> str:
        """Layers, classes, relations and metrics with their meaning, and how claims look in RDF: read it before writing SPARQL."""
        return vocabulary(kg)

    @server.resource("agikg://sources", name="sources", title="Sources", mime_type=_JSON)
    def sources() -> str:
        """Every source behind the claims: publisher, title, dates, tier, address, number of claims."""
        return compact([source.model_dump() for source in kg.sources()])

    @server.resource("agikg://queries", name="queries", title="Named queries", mime_type=_JSON)
    def queries() -> str:
        """The curated SPARQL queries: what each lists, its parameters and columns."""
        return compact(
            [
                {
                    "name": found.name,
                    "summary": found.summary,
                    "parameters": found.usage,
                    "columns": found.columns,
                    "uri": f"agikg://query/{found.name}",
                }
                for found in kg.queries.values()
            ]
        )

    @server.resource("agikg://query/{name}", name="query", title="A named query", mime_type="application/sparql-query")
    def query(name: str) -> str:
        """The text of a named query, to run with the tool query or to start your own from."""
        if name not in kg.queries:
            raise ResourceNotFoundError(f"no query is called {name[:100]!r}; agikg://queries lists them")
        return kg.queries[name].text

    # No file is opened by these names, and "e:huawei" would pass for a path of Windows.
    lookup = ResourceSecurity(exempt_params={"slug"})

    @server.resource("agikg://entity/{slug}", name="entity", title="Fact sheet of an entity", mime_type=_JSON, security=lookup)
    def entity(slug: str) -> str:
        """The fact sheet of an entity, as the tool show gives it; the slug may be any of its names."""
        try:
            return compact(bounded(kg.show(slug).model_dump(), _WHOLE, settings.value("tool_bytes")))
        except Refused as error:
            raise ResourceNotFoundError(_told(error)) from None
        except AgikgError as error:
            raise ResourceError(_told(error)) from None


def vocabulary(kg: KnowledgeGraph) -> str:
    """What the graph can say, in Markdown: counts, closed lists, classes, predicates, the shape of a claim."""
    catalog = kg.catalog
    lines = [
        "# What the graph can say",
        "",
        f"{len(catalog.position)} entities, {catalog.claim_count} claims, {kg.quads} quads, snapshot {kg.snapshot}",
    ]
    for title, scheme in (("Layers", "layers"), ("Modalities of a claim", "modalities"), ("Confidences", "confidences")):
        concepts = ", ".join(
            f"{concept['key']} ({concept['label_zh']})" if concept["label_zh"] else concept["key"] for concept in catalog.concepts(scheme)
        )
        lines += ["", f"## {title}", "", concepts]
    lines += ["", "## Classes of entities", ""]
    lines += [
        f"- agi:{name}: {row['label']}, {row['label_zh']}; is a {', '.join(row['ancestors'])}" for name, row in catalog.classes.items()
    ]
    lines += [
        "",
        "## What a claim can state",
        "",
        "Role: what the loss of the needed end does to the dependent end (stop it, weaken it, nothing).",
    ]
    for kind in ("relation", "metric", "text"):
        lines += ["", f"### {kind.capitalize()}s", ""]
        found = (catalog.predicate(name) for name in sorted(catalog.predicates))
        lines += [
            f"- agi:{p.name}: subject {p.label} object{f' (agi:{p.inverse}: object {p.inverse_label} subject)' if p.inverse else ''};"
            f"{f' {p.role}, the {p.dependent_end} depends;' if p.role != 'none' else ''} {p.definition}"
            for p in found
            if p.kind == kind
        ]
    return "\n".join([*lines, "", _SHAPE, *(f"PREFIX {prefix}: <{iri}>" for prefix, iri in PREFIXES.items()), "```", ""])


_SHAPE = """\
## In SPARQL

A claim is an agi:Claim with rdf:subject, rdf:predicate, rdf:object, agi:statement and agi:passage/agi:locator. A direct triple is derived:
an agi:Derivation with rdf:subject, rdf:predicate, rdf:object names by agi:restsOn the claims it rests on. Labels are rdfs:label, with
language.

```sparql
# these prefixes are known and need not be written"""


def _add_prompts(server: MCPServer[Any], kg: KnowledgeGraph) -> None:
    @server.prompt(title="Briefing on an entity")
    def briefing(
        entity: Annotated[str, Field(description="Company, chip, model, policy ... by any of its names.")],
        as_of: Annotated[str, Field(description="Date on which links have to hold; today if empty.")] = "",
    ) -> str:
        """A briefing with numbered evidence: what it is, needs, is needed by; its weak points; what is disputed and not known."""
        found, when = _named(kg, entity), _when(kg, as_of)
        return (
            f"Write a briefing on {found} from the agikg graph{when.told}.\n\n"
            f"Call show, dependents, dependencies and chokepoints (targets: the entity) with it{when.option}; then whatif denying its "
            "first chokepoint, and cutsets with kind=claims to see on whose word that hangs. A tool that refuses has answered.\n\n"
            "Sections: Summary (five sentences); Figures over time; What it needs and which alternatives are left; What depends on it; "
            f"Chokepoints and a scenario; Controls; Contested or superseded; Not known; Evidence.\n\n{_CITING}"
        )

    @server.prompt(title="Chokepoint review")
    def chokepoint_review(
        target: Annotated[str, Field(description="Whose loss counts: an entity by any of its names; the whole chain if empty.")] = "",
        as_of: Annotated[str, Field(description="Date on which links have to hold; today if empty.")] = "",
    ) -> str:
        """A review of the entities whose loss alone stops others: how sure, what is left, what would change the picture."""
        whose, when = _named(kg, target) if target else "the whole chain", _when(kg, as_of)
        aim = "targets: the entity" if target else "no targets"
        return (
            f"Review the chokepoints of {whose} in the agikg graph{when.told}.\n\n"
            f"Call chokepoints ({aim}, stability=true){when.option}. For each of the first five: whatif denying it (what stops, what "
            "substitutes, what controls close), and cutsets of one thing it stops with kind=sources. Say where the measures disagree.\n\n"
            "Then a table: chokepoint, what it stops, substitutes left, controls, confidence, rank when the less sure claims are dropped. "
            f"Close with the claims whose withdrawal would change the ranking, and what the graph does not know.\n\n{_CITING}"
        )


class _When(str):
    """A date as a prompt words it; empty for today."""

    @property
    def told(self) -> str:
        """In a sentence."""
        return f" as of {self}" if self else ""

    @property
    def option(self) -> str:
        """As an argument of tools."""
        return f", each with as_of={self}" if self else ""


def _when(kg: KnowledgeGraph, as_of: str) -> _When:
    try:
        return _When(kg.scope(as_of=as_of or None).as_of if as_of else "")
    except AgikgError as error:
        raise MCPError(code=INVALID_PARAMS, message=_told(error)) from None


def _named(kg: KnowledgeGraph, name: str) -> str:
    try:
        found = kg.entity(name)
    except AgikgError as error:
        raise MCPError(code=INVALID_PARAMS, message=_told(error)) from None
    return f"{found.label} ({found.id})"


def _told(error: AgikgError) -> str:
    return f"{error.message[:600]}; {error.hint}" if error.hint else error.message[:600]


def _add_completion(server: MCPServer[Any], kg: KnowledgeGraph) -> None:
    async def complete(
        reference: PromptReference | ResourceTemplateReference, argument: CompletionArgument, _context: object
    ) -> Completion:
        """Slugs of entities and names of queries that begin with what was typed."""
        if argument.name == "name" and isinstance(reference, ResourceTemplateReference):
            found = [name for name in kg.queries if name.startswith(argument.value)]
        elif argument.name in ("slug", "entity", "target"):
            found = [entity.id.partition(":")[2] for entity in islice(beginning(kg.catalog, argument.value), _OFFERED + 1)]
        else:
            found = []
        return Completion(values=found[:_OFFERED], total=None, has_more=len(found) > _OFFERED)

    cast(Any, server).completion()(complete)  # the SDK's decorator has no types
