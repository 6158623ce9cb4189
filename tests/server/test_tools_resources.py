"""What the tool server offers besides tools: resources, prompts, completion of names."""

from __future__ import annotations

import json

import pytest

from agikg.kg import KnowledgeGraph
from tests.conftest import optional

optional("mcp", "'agikg[mcp]'")

from mcp import Client  # noqa: E402
from mcp.shared.exceptions import MCPError  # noqa: E402
from mcp.types import INVALID_PARAMS, PromptReference, ResourceTemplateReference, TextContent, TextResourceContents  # noqa: E402

from tests.server.test_tools import in_client  # noqa: E402


async def read(session: Client, uri: str) -> TextResourceContents:
    (content,) = (await session.read_resource(uri)).contents
    assert isinstance(content, TextResourceContents)
    return content


async def prompt(session: Client, name: str, **arguments: str) -> str:
    (message,) = (await session.get_prompt(name, arguments)).messages
    assert isinstance(message.content, TextContent)
    return message.content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_resources_are_listed_and_can_be_read(kg: KnowledgeGraph, mode: str) -> None:
    async def body(session: Client) -> None:
        listed = [str(resource.uri) for resource in (await session.list_resources()).resources]
        assert listed == ["agikg://ontology", "agikg://sources", "agikg://queries"]
        templates = [template.uri_template for template in (await session.list_resource_templates()).resource_templates]
        assert templates == ["agikg://query/{name}", "agikg://entity/{slug}"]
        sources = await read(session, "agikg://sources")
        assert sources.mime_type == "application/json"
        assert [source["id"] for source in json.loads(sources.text)] == [source.id for source in kg.sources()]
        queries = json.loads((await read(session, "agikg://queries")).text)
        assert [row["name"] for row in queries] == list(kg.queries)
        for row in queries:
            assert (await read(session, row["uri"])).text == kg.queries[row["name"]].text

    in_client(kg, body, mode)


def test_the_ontology_summary_names_everything_that_a_query_needs(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        text = (await read(session, "agikg://ontology")).text
        assert all(f"- agi:{name}: " in text for name in kg.catalog.predicates)
        assert all(f"- agi:{name}: " in text for name in kg.catalog.classes)
        assert all(concept["key"] in text for scheme in ("layers", "modalities", "confidences") for concept in kg.catalog.concepts(scheme))
        assert kg.snapshot in text

    in_client(kg, body)


def test_an_entity_by_slug_or_any_of_its_names(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        sheet = json.loads((await read(session, "agikg://entity/ascend-910c")).text)
        assert sheet.pop("truncated") is None
        assert sheet == json.loads(kg.show("910C").model_dump_json())
        assert json.loads((await read(session, "agikg://entity/%E6%98%87%E8%85%BE910C")).text)["entity"]["id"] == "e:ascend-910c"
        assert json.loads((await read(session, "agikg://entity/e:ascend-910c")).text)["entity"]["id"] == "e:ascend-910c"

    in_client(kg, body)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("agikg://entity/910", "e:ascend-910b"), ("agikg://entity/zzzzzzzz", "zzzzzzzz"), ("agikg://query/nope", "agikg://queries"),
        ("agikg://query/..%2F..%2FREADME", "Unknown"), ("agikg://query/%00", "Unknown"), ("agikg://nothing", "Unknown"), ("file:///etc/passwd", "Unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(kg: KnowledgeGraph, uri: str, words: str) -> None:
    async def body(session: Client) -> None:
        with pytest.raises(MCPError) as caught:
            await read(session, uri)
        assert caught.value.error.code == INVALID_PARAMS
        assert words in caught.value.error.message

    in_client(kg, body)


def test_large_sheets_are_bounded(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_TOOL_BYTES", "5000")

    async def body(session: Client) -> None:
        text = (await read(session, "agikg://entity/china")).text
        assert len(text.encode()) < 6000
        assert json.loads(text)["truncated"]["lists"]

    in_client(kg, body)


def test_prompts_name_the_entity_and_the_tools(kg: KnowledgeGraph) -> None:
    from agikg.server.tools import TOOLS

    async def body(session: Client) -> None:
        offered = {found.name: [argument.name for argument in found.arguments or []] for found in (await session.list_prompts()).prompts}
        assert offered == {"briefing": ["entity", "as_of"], "chokepoint_review": ["target", "as_of"]}
        briefing = await prompt(session, "briefing", entity="昇腾910C", as_of="2025-03")
        assert "Ascend 910C (e:ascend-910c)" in briefing
        assert "as_of=2025-03" in briefing
        review = await prompt(session, "chokepoint_review", target="910C")
        assert "e:ascend-910c" in review
        assert "the whole chain" in await prompt(session, "chokepoint_review")
        for tool in ("show", "dependents", "dependencies", "chokepoints", "whatif", "cutsets", "claims"):
            assert tool in TOOLS
            assert tool in briefing

    in_client(kg, body)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("briefing", {"entity": "Ascend 910X"}, "near it"), ("briefing", {}, "entity"), ("briefing", {"entity": "910C", "as_of": "soon"}, "soon"),
        ("briefing", {"entity": "910C", "colour": "red"}, "entity, as_of"), ("nope", {}, "chokepoint_review"),
    ],
)  # fmt: skip
def test_prompts_that_cannot_be_made_say_why(kg: KnowledgeGraph, name: str, arguments: dict[str, str], words: str) -> None:
    async def body(session: Client) -> None:
        with pytest.raises(MCPError) as caught:
            await prompt(session, name, **arguments)
        assert caught.value.error.code == INVALID_PARAMS
        assert words in caught.value.error.message

    in_client(kg, body)


def test_names_are_completed(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        entity, query = ResourceTemplateReference(uri="agikg://entity/{slug}"), ResourceTemplateReference(uri="agikg://query/{name}")
        slugs = (await session.complete(entity, {"name": "slug", "value": "ascend-9"})).completion
        assert "ascend-910c" in slugs.values
        assert not slugs.has_more
        assert (await session.complete(query, {"name": "name", "value": "time"})).completion.values == ["timeline"]
        assert (
            "ascend-910c"
            in (await session.complete(PromptReference(name="briefing"), {"name": "entity", "value": "昇腾910C"})).completion.values
        )
        every = (await session.complete(entity, {"name": "slug", "value": ""})).completion
        assert (len(every.values), every.has_more) == (100, True)
        assert (await session.complete(PromptReference(name="briefing"), {"name": "as_of", "value": "2"})).completion.values == []

    in_client(kg, body)
