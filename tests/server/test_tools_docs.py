"""docs/mcp.md says what the tool server offers: no more, no less; its examples work."""

from __future__ import annotations

import json
import re

import pytest

from agikg.kg import KnowledgeGraph
from tests.conftest import ROOT, optional

optional("mcp", "'agikg[mcp]'")

from mcp import Client  # noqa: E402

from tests.server.conftest import apart  # noqa: E402
from tests.server.test_tools import in_client  # noqa: E402

PAGE = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")


def named(heading: str) -> set[str]:
    """What stands in the first column of the table under a heading."""
    table = re.split(rf"^\| {heading} \|.*\n", PAGE, flags=re.MULTILINE)[1].split("\n\n")[0]
    return {name for row in table.splitlines()[1:] for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


def test_every_tool_resource_and_prompt_is_documented(kg: KnowledgeGraph) -> None:
    async def body(session: Client) -> None:
        assert named("tool") == {tool.name for tool in (await session.list_tools()).tools}
        templates = {template.uri_template for template in (await session.list_resource_templates()).resource_templates}
        assert named("resource") == templates | {str(resource.uri) for resource in (await session.list_resources()).resources}
        assert named("prompt") == {prompt.name for prompt in (await session.list_prompts()).prompts}

    in_client(kg, body)


def test_the_configuration_examples_are_json_and_start_this_command() -> None:
    examples = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert len(examples) == 4
    for example in examples:
        (servers,) = example.values()
        entry = servers["agikg"]
        assert entry.get("args", ["mcp"])[0] == "mcp"
        assert entry.get("url", "http://127.0.0.1:8765/mcp") == "http://127.0.0.1:8765/mcp"


def test_the_python_example_runs(kg: KnowledgeGraph, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    apart(lambda: exec(compile(example, "docs/mcp.md", "exec"), {"__name__": "example"}))
    assert kg.snapshot in capsys.readouterr().out
