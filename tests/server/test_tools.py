"""The tools as an assistant sees them, by the SDK's own client in this process: every tool, refusals, faults, size, company."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

import pytest

from agikg.errors import LimitHit
from agikg.kg import KnowledgeGraph
from agikg.model.record import Record
from tests.conftest import optional
from tests.server.conftest import apart

optional("mcp", "'agikg[mcp]'")
optional("jsonschema")

import anyio  # noqa: E402
import jsonschema  # noqa: E402
from mcp import Client  # noqa: E402
from mcp.types import CallToolResult, TextContent  # noqa: E402

from agikg.server.tool_server import _Deadline, tool_server  # noqa: E402
from agikg.server.tools import TOOLS  # noqa: E402

BOMB = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
Arguments = dict[str, Any]
# Tool, arguments, and the call of the library that has to give the same object.
CALLS: list[tuple[str, Arguments, Callable[[KnowledgeGraph], Any]]] = [
    ("ask", {"question": "what depends on SMIC DUV"}, lambda kg: kg.ask("what depends on SMIC DUV")),
    ("ask", {"question": "中芯国际DUV 依赖", "min_confidence": "medium"}, lambda kg: kg.ask("中芯国际DUV 依赖", min_confidence="medium")),
    ("show", {"name": "昇腾910C"}, lambda kg: kg.show("910C")),
    ("show", {"name": "DeepSeek", "known_at": "2024"}, lambda kg: kg.show("DeepSeek", known_at="2024")),
    ("dependents", {"name": "smic duv", "as_of": "2019"}, lambda kg: kg.dependents("SMIC DUV", as_of="2019")),
    ("dependents", {"name": "SMIC DUV", "depth": 1}, lambda kg: kg.dependents("SMIC DUV", depth=1)),
    ("dependencies", {"name": "e:ascend-910c"}, lambda kg: kg.dependencies("910C")),
    ("path", {"a": "SMIC", "b": "DeepSeek", "k": 5, "by": "confidence"}, lambda kg: kg.path("SMIC", "DeepSeek", k=5, by="confidence")),
    ("chokepoints", {}, lambda kg: kg.chokepoints(limit=None)),
    ("chokepoints", {"targets": ["910C"], "stability": True}, lambda kg: kg.chokepoints(["910C"], stability=True, limit=None)),
    (
        "chokepoints",
        {"layer": "models", "measure": "dominates"},
        lambda kg: kg.chokepoints(layer="models", measure="dominates", limit=None),
    ),
    ("whatif", {"deny": ["SMIC DUV"], "lift": ["US export controls"]}, lambda kg: kg.whatif(["SMIC DUV"], ["US export controls"])),
    ("whatif", {"capacity": {"SMIC": 0.4}}, lambda kg: kg.whatif(capacity={"SMIC": 0.4})),
    ("whatif", {"links": [["910C", "SMIC DUV"]]}, lambda kg: kg.whatif(deny_links=[("910C", "SMIC DUV")])),
    ("whatif", {"layers": ["chips"]}, lambda kg: kg.whatif(deny_layers=["chips"])),
    ("cutsets", {"name": "DeepSeek all-in-one", "order": 3}, lambda kg: kg.cutsets("DeepSeek all-in-one", order=3)),
    ("cutsets", {"name": "910C", "kind": "claims", "deny": ["SMIC"]}, lambda kg: kg.cutsets("910C", kind="claims", deny=["SMIC"])),
    ("importance", {"name": "910C", "probabilities": {"SMIC": 0.2}}, lambda kg: kg.importance("910C", {"SMIC": 0.2})),
    ("importance", {"name": "910C", "deny": ["SMIC"]}, lambda kg: kg.importance("910C", deny=["SMIC"])),
    ("exposure", {"name": "910C"}, lambda kg: kg.exposure("910C")),
    ("markets", {"members": 1}, lambda kg: kg.markets(members=1)),
    ("changes", {"name": "910C", "since": "2019", "as_of": "2024"}, lambda kg: kg.changes("910C", "2019", "2024")),
    ("changes", {"name": "910C", "since": "2019"}, lambda kg: kg.changes("910C", "2019")),
    ("query", {"name": "timeline", "values": {"entity": "910C"}}, lambda kg: kg.query("timeline", {"entity": "910C"})),
]


@pytest.fixture(autouse=True)
def _roomy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_TOOL_BYTES", "10000000")


# One server for all tests of a graph, as there is one for all calls of an assistant: its schemas take a while to be made.
served = lru_cache(tool_server)


@asynccontextmanager
async def client(kg: KnowledgeGraph, mode: str = "auto") -> AsyncIterator[Client]:
    async with Client(served(kg), mode=mode) as found:
        yield found


def said(result: Any) -> str:
    assert isinstance(result, CallToolResult)
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def call(kg: KnowledgeGraph, name: str, arguments: Arguments) -> CallToolResult:
    async def run() -> CallToolResult:
        async with client(kg) as found:
            result = await found.call_tool(name, arguments)
            assert isinstance(result, CallToolResult)
            return result

    result = apart(lambda: anyio.run(run))
    assert isinstance(result, CallToolResult)
    return result


def found(kg: KnowledgeGraph, name: str, /, **arguments: Any) -> dict[str, Any]:
    result = call(kg, name, arguments)
    assert not result.is_error, said(result)
    assert isinstance(result.structured_content, dict)
    return result.structured_content


def fault(kg: KnowledgeGraph, name: str, /, **arguments: Any) -> str:
    result = call(kg, name, arguments)
    assert result.is_error
    assert result.structured_content is None
    text = said(result)
    assert "Traceback" not in text
    assert "unexpected" not in text
    return text


def in_client(kg: KnowledgeGraph, body: Callable[[Client], Awaitable[None]], mode: str = "auto") -> None:
    async def run() -> None:
        async with client(kg, mode) as found:
            await body(found)

    apart(lambda: anyio.run(run))


# --- what is offered ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_every_tool_is_described_typed_and_read_only(kg: KnowledgeGraph, mode: str) -> None:
    async def body(session: Client) -> None:
        offered = (await session.list_tools()).tools
        assert [tool.name for tool in offered] == list(TOOLS)
        assert {"ask", "show", "dependents", "dependencies", "path", "chokepoints", "whatif", "cutsets", "claims", "sparql"} <= set(TOOLS)
        for tool in offered:
            assert len(tool.description or "") > 60
            assert tool.title
            assert tool.annotations and tool.annotations.read_only_hint and not tool.annotations.destructive_hint
            assert tool.annotations.open_world_hint is False
            jsonschema.Draft202012Validator.check_schema(tool.input_schema)
            assert tool.input_schema["additionalProperties"] is False
            assert "limit" in tool.input_schema["properties"]
            assert tool.output_schema is not None
            jsonschema.Draft202012Validator.check_schema(tool.output_schema)
            assert tool.output_schema["type"] == "object"
        scoped = {"as_of", "known_at", "source", "min_confidence"}
        without = {tool.name for tool in offered if not scoped <= set(tool.input_schema["properties"])}
        assert without == {"entities", "sources", "query", "sparql"}

    in_client(kg, body, mode)


def test_the_instructions_say_that_a_refusal_is_an_answer(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        assert "refused" in (session.instructions or "")
        assert "do not fill the gap" in " ".join(TOOLS["ask"].description.split())

    in_client(kg, body)


# --- the same answer as at the other doors -------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(CALLS)), ids=lambda number: f"{CALLS[number][0]}-{number}")
def test_a_tool_gives_the_object_of_the_library(kg: KnowledgeGraph, number: int) -> None:
    name, arguments, expected = CALLS[number]
    result = call(kg, name, {**arguments, "limit": 200})
    assert not result.is_error, said(result)
    content = dict(result.structured_content or {})
    jsonschema.validate(content, TOOLS[name].result.model_json_schema())
    assert json.loads(said(result)) == content, "the text is the same object, for clients that know no structured content"
    assert content.pop("truncated") is None
    command = content.pop("command", None)
    record = expected(kg)
    assert isinstance(record, Record)
    if command is not None:
        assert command == record.command()  # type: ignore[attr-defined]
    assert content == json.loads(record.model_dump_json())


def test_every_tool_is_called_in_these_tests() -> None:
    assert set(TOOLS) - {name for name, _, _ in CALLS} == {"claims", "entities", "sources", "sparql"}


def test_claims_by_filter_and_by_id(kg: KnowledgeGraph) -> None:
    about = found(kg, "claims", about="910C", predicate="yieldRate")
    assert [claim["value"] for claim in about["claims"]] == [claim.value for claim in kg.claims("910C", "yieldRate")]
    ids = [claim["id"] for claim in about["claims"]]
    again = found(kg, "claims", ids=ids[::-1])
    assert [claim["id"] for claim in again["claims"]] == ids[::-1]
    assert again["snapshot"] == kg.snapshot
    assert "alone" in fault(kg, "claims", ids=ids, about="910C")
    assert "c:nope" in fault(kg, "claims", ids=["c:nope"])


def test_claims_go_on_where_a_list_ended(kg: KnowledgeGraph) -> None:
    whole = [claim.id for claim in kg.claims(section="chips")]
    seen: list[str] = []
    while True:
        page = found(kg, "claims", section="chips", limit=100, offset=len(seen))
        seen += [claim["id"] for claim in page["claims"]]
        if f"offset={len(seen)}" not in (page["truncated"] or {"advice": ""})["advice"]:
            break
    assert seen == whole
    past = found(kg, "claims", section="chips", offset=10_000)
    assert past["claims"] == []
    assert past["truncated"]["lists"] == [{"list": "claims", "first": 10_000, "shown": 0, "total": len(whole)}]


def test_entities_are_found_by_a_piece_of_a_name(kg: KnowledgeGraph) -> None:
    first = found(kg, "entities", text="昇腾910C")["entities"][0]
    assert (first["id"], first["score"]) == ("e:ascend-910c", 1.0)
    ascend = found(kg, "entities", text="ascend", kind="chip")["entities"]
    assert len(ascend) > 1
    assert all("scend" in entity["label"] or any("scend" in alias for alias in entity["aliases"]) for entity in ascend[:2])
    assert [entity["score"] for entity in ascend] == sorted((entity["score"] for entity in ascend), reverse=True)
    assert {entity["layer"] for entity in found(kg, "entities", layer="policy", limit=200)["entities"]} == {"policy"}
    assert found(kg, "entities", text="qqqqqqqq")["entities"] == []


def test_sources_and_the_list_of_queries(kg: KnowledgeGraph) -> None:
    assert [source["id"] for source in found(kg, "sources")["sources"]] == [source.id for source in kg.sources()]
    table = found(kg, "query", limit=200)
    assert [row[0] for row in table["rows"]] == list(kg.queries)


def test_sparql_in_every_form(kg: KnowledgeGraph) -> None:
    assert found(kg, "sparql", text="ASK { e:smic-duv ?p ?o }")["rows"] == [[True]]
    chips = found(kg, "sparql", text="SELECT ?s { ?s a agi:Chip } ORDER BY ?s", limit=3)
    assert chips["columns"] == ["s"]
    assert all(row[0].startswith("e:") for row in chips["rows"])
    assert chips["truncated"]["lists"][0]["shown"] == 3
    built = found(kg, "sparql", text="CONSTRUCT { ?s a agi:Chip } WHERE { ?s a agi:Chip }", limit=200)
    assert built["columns"] == ["subject", "predicate", "object"]
    assert all(row[1:] == ["rdf:type", "agi:Chip"] for row in built["rows"])
    assert found(kg, "sparql", text="SELECT (1e0/0e0 AS ?x) {}")["rows"] == [["INF"]]


# --- refusals and faults --------------------------------------------------------------------------------------------


def test_a_refusal_is_an_answer(kg: KnowledgeGraph) -> None:
    refused = found(kg, "ask", question="who is the chief executive of TSMC's canteen")
    assert refused["status"] == "refused"
    assert refused["reason"]
    assert refused["suggestions"]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("show", {"name": "Ascend 910X"}, ("refused", "e:ascend-910b", "entities")),
        ("show", {"name": "910"}, ("can mean", "e:ascend-910b", "e:ascend-910c")),
        ("path", {"a": "SMIC", "b": "Nowhere Inc"}, ("Nowhere Inc",)),
        ("whatif", {}, ("empty scenario",)),
        ("whatif", {"deny": "SMIC", "capacity": {"SMIC": 2}}, ("capacity", "less than or equal to 1")),
        ("whatif", {"links": [["SMIC"]]}, ("links", "at least 2")),
        ("cutsets", {"name": "910C", "order": 99}, ("order", "6")),
        ("cutsets", {"name": "910C", "kind": "wishes"}, ("kind", "'entities'")),
        ("chokepoints", {"layer": "cheese"}, ("cheese", "foundry")),
        ("show", {"name": "910C", "as_of": "yesterday"}, ("yesterday", "2024-H1")),
        ("show", {"name": "910C", "source": "nobody"}, ("nobody", "sinolytics-2025")),
        ("show", {"name": "910C", "min_confidence": "sure"}, ("min_confidence", "'high'")),
        ("show", {"nam": "910C"}, ("'nam'", "name, as_of")),
        ("show", {}, ("name", "required")),
        ("show", {"name": 910}, ("name", "string")),
        ("show", {"name": "910C", "limit": 0}, ("limit",)),
        ("show", {"name": "x" * 301}, ("300",)),
        ("ask", {"question": ""}, ("question",)),
        ("claims", {"modality": "rumoured"}, ("rumoured", "reported")),
        ("claims", {"predicate": "loves"}, ("loves", "vocabulary")),
        ("entities", {"kind": "unicorn"}, ("unicorn", "Company")),
        ("query", {"name": "nope"}, ("nope",)),
        ("query", {"name": "timeline"}, ("entity",)),
        ("query", {"name": "timeline", "values": {"entity": "910C", "extra": "1"}}, ("extra", "entity")),
        ("sparql", {"text": "SELECT nonsense"}, ("line 1",)),
        ("sparql", {"text": "DROP ALL"}, ("DROP", "read-only")),
        ("sparql", {"text": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}, ("SERVICE",)),
        ("sparql", {"text": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"}, ("nothing is fetched",)),
        ("sparql", {"text": "ASK { " + "{" * 300 + "}" * 300 + " }"}, ("stopped", "brackets")),
        ("launch", {}, ("launch",)),
    ],
)
def test_faults_come_with_advice(kg: KnowledgeGraph, name: str, arguments: Arguments, words: tuple[str, ...]) -> None:
    text = fault(kg, name, **arguments)
    assert all(word in text for word in words), text
    assert len(text) < 1500


def test_one_name_may_stand_for_a_list_and_null_for_nothing(kg: KnowledgeGraph) -> None:
    plain = found(kg, "whatif", deny=["SMIC DUV"])
    assert found(kg, "whatif", deny="SMIC DUV", lift=None, as_of=None, source=None, capacity=None) == plain
    assert found(kg, "whatif", deny='["SMIC DUV"]') == plain, "a list written as text, as some clients send it"


HOSTILE = [
    "'", '"', '"""', "{", "}", "} UNION { ?s ?p ?o", "\\", "\\u0022", "a\nb", "a\r\nb", "%00", "%0d%0aX: y", "\x00", "{{7*7}}", "${7*7}", "<script>alert(1)</script>",
    "../../etc/passwd", "\u202eabc", "\ufeffx", "'; DROP ALL; --", "?s ?p ?o", "<http://e>", "e:", "e:smic-duv> ?p ?o", "c:", "_:b0", "-1", "=1+1", "NaN", "null",
    "𝔘𝔫𝔦", "昇" * 250, "a" * 300, " ", "\t", "\U0010ffff",
]  # fmt: skip


def test_hostile_text_is_only_a_name_that_nothing_has(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        for number, text in enumerate(HOSTILE):
            calls: list[tuple[str, Arguments]] = [
                ("ask", {"question": text}), ("show", {"name": text}), ("whatif", {"deny": [text]}), ("claims", {"ids": [text]}),
                ("entities", {"text": text}), ("query", {"name": "timeline", "values": {"entity": text}}),
                ("query", {"name": "sections", "values": {"source": text}}), ("show", {"name": "910C", "as_of": text[:40]}),
            ]  # fmt: skip
            if number % 4 == 0:
                calls += [
                    ("sparql", {"text": text}), ("dependents", {"name": text}), ("path", {"a": text, "b": "SMIC"}), ("claims", {"about": text}),
                    ("claims", {"predicate": text}), ("entities", {"kind": text}), ("query", {"name": text}), ("show", {"name": "910C", "source": [text]}),
                ]  # fmt: skip
            for name, arguments in calls:
                result = await session.call_tool(name, arguments)
                told = said(result)
                assert "unexpected" not in told, (name, arguments, told)
                assert "Traceback" not in told
                if not result.is_error and "values" in arguments:
                    values = {key: kg.entity(text).id if key == "entity" else text for key in arguments["values"]}
                    rows = [[*row] for row in kg.query(arguments["name"], values).rows]
                    assert result.structured_content and result.structured_content["rows"] == rows[:25], "the rows of the entity it names"

    in_client(kg, body)


def test_a_crash_tells_the_client_nothing_of_this_machine(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("cannot open /home/somebody/secret")

    monkeypatch.setattr(KnowledgeGraph, "show", broken)
    result = call(kg, "show", {"name": "910C"})
    assert result.is_error
    assert "unexpected failure in show" in said(result)
    assert "secret" not in said(result)


# --- size, time, company ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("show", {"name": "China"}), ("chokepoints", {}), ("claims", {}), ("entities", {}), ("query", {"name": "vocabulary"}), ("path", {"a": "SMIC", "b": "DeepSeek", "k": 20}),
        ("sparql", {"text": "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 5000"}), ("whatif", {"deny": "SMIC DUV"}), ("ask", {"question": "what depends on SMIC DUV"}),
    ],
)  # fmt: skip
def test_results_are_bounded_and_say_what_was_cut(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, name: str, arguments: Arguments
) -> None:
    monkeypatch.setenv("AGIKG_TOOL_BYTES", "6000")
    result = call(kg, name, {**arguments, "limit": 200})
    assert not result.is_error
    assert len(said(result).encode()) < 7000
    content = result.structured_content or {}
    jsonschema.validate(content, TOOLS[name].result.model_json_schema())
    assert content["truncated"]["lists"]
    for cut in content["truncated"]["lists"]:
        assert cut["shown"] < cut["total"]
        if "." not in cut["list"]:
            assert len(content[cut["list"]]) == cut["shown"]


def test_a_query_bomb_is_stopped_and_others_are_served_meanwhile(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    kg.whatif(["SMIC"])  # what is asked beside the bombs is not meant to compile the network first
    monkeypatch.setenv("AGIKG_QUERY_SECONDS", "2")
    order: list[str] = []

    async def one(session: Client, label: str, name: str, arguments: Arguments) -> None:
        result = await session.call_tool(name, arguments)
        order.append(label)
        assert result.is_error is (label == "bomb")
        if label == "bomb":
            assert "stopped: the query ran longer than 2 s" in said(result)

    async def body(session: Client) -> None:
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(one, session, "bomb", "sparql", {"text": BOMB})
            await anyio.sleep(0.2)
            group.start_soon(one, session, "show", "show", {"name": "910C"})
            group.start_soon(one, session, "whatif", "whatif", {"deny": "SMIC"})

    in_client(kg, body)
    assert sorted(order[:2]) == ["show", "whatif"]
    assert order[2:] == ["bomb"] * 3


def test_long_analyses_are_stopped(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_TOOL_SECONDS", "0.000001")
    text = fault(kg, "chokepoints")
    assert text.startswith("stopped: ")
    assert "AGIKG_TOOL_SECONDS" in text


def test_work_that_nobody_waits_for_ends() -> None:
    deadline = _Deadline()
    deadline.begin()
    deadline.step(1, 2)
    deadline.abandoned.set()
    with pytest.raises(LimitHit):
        deadline.step(1, 2)
