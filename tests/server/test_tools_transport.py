"""The tool server as a process: standard input and output, streamable HTTP, start and end, strangers at the door."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from agikg.kg import KnowledgeGraph
from tests.conftest import Ran, optional

optional("mcp", "'agikg[mcp]'")

import anyio  # noqa: E402
import httpx  # noqa: E402
from mcp import Client, StdioServerParameters, stdio_client  # noqa: E402

from tests.server.conftest import apart  # noqa: E402
from tests.server.test_tools import BOMB, said  # noqa: E402

COMMAND = [sys.executable, "-m", "agikg", "mcp"]
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json", "MCP-Protocol-Version": "2025-06-18"}


def initialize(version: str) -> dict[str, Any]:
    """The first message of a client of the older protocols."""
    client = {"name": "test", "version": "1"}
    return {
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {"protocolVersion": version, "capabilities": {}, "clientInfo": client},
    }


async def _works(session: Client, kg: KnowledgeGraph) -> None:
    answer = await session.call_tool("ask", {"question": "what depends on SMIC DUV"})
    assert answer.structured_content and answer.structured_content["snapshot"] == kg.snapshot
    assert answer.structured_content["answer"] == kg.ask("what depends on SMIC DUV").answer
    refused = await session.call_tool("show", {"name": "Ascend 910X"})
    assert refused.is_error
    assert "near it" in said(refused)
    assert (await session.read_resource("agikg://sources")).contents
    assert (await session.get_prompt("chokepoint_review", {})).messages


async def _survives_a_bomb(session: Client) -> None:
    order: list[str] = []

    async def one(name: str, arguments: dict[str, Any]) -> None:
        result = await session.call_tool(name, arguments)
        order.append(name)
        assert result.is_error is (name == "sparql")

    async with anyio.create_task_group() as group:
        group.start_soon(one, "sparql", {"text": BOMB})
        await anyio.sleep(0.2)
        group.start_soon(one, "show", {"name": "910C"})
    assert order == ["show", "sparql"]


# --- standard input and output -----------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_stdio_with_the_clients_of_today_and_of_before(kg: KnowledgeGraph, mode: str) -> None:
    async def run() -> None:
        environment = {**os.environ, "AGIKG_QUERY_SECONDS": "2"}
        transport = stdio_client(StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment))
        async with Client(transport, mode=mode) as session:
            await _works(session, kg)
            if mode == "auto":
                await _survives_a_bomb(session)

    apart(lambda: anyio.run(run))


def test_stdout_carries_messages_only_even_while_the_graph_is_compiled(small: Path) -> None:
    lines = [initialize("2025-06-18"), {"jsonrpc": "2.0", "method": "notifications/initialized"}, LIST]
    ask = {"name": "sparql", "arguments": {"text": "ASK { ?s a agi:Claim }"}}
    lines.append({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": ask})
    done = _talk("".join(json.dumps(line) + "\n" for line in lines), wanted=3)
    answers = {answer["id"]: answer["result"] for answer in map(json.loads, done.out.splitlines())}
    assert answers[0]["protocolVersion"] == "2025-06-18"
    assert answers[0]["serverInfo"]["name"] == "agikg"
    assert len(answers[1]["tools"]) == 17
    assert answers[2]["structuredContent"]["rows"] == [[True]]
    assert done.code == 0
    assert "compiling the graph" in done.err
    assert (small / "graph").is_dir()


def test_nonsense_on_stdin_ends_nothing(kg: KnowledgeGraph) -> None:
    nonsense = '{"jsonrpc": "2.0"\nnot json\n[]\n\n{"jsonrpc":"2.0","id":7,"method":"no/such"}\n\x00\xff\n'
    text = (
        json.dumps(initialize("2025-11-25"))
        + "\n"
        + nonsense
        + json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
        + "\n"
    )
    done = _talk(text + json.dumps(LIST) + "\n", wanted=3)
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert any(answer.get("id") == 1 and answer["result"]["tools"] for answer in answers)
    assert any(answer.get("id") == 7 and "error" in answer for answer in answers)
    assert "Traceback" not in done.out
    assert done.code == 0


def _talk(text: str, wanted: int) -> Ran:
    """Sends a text, waits for so many answers, hangs up, and waits for the end."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(text)
        process.stdin.flush()
        lines = ""
        while lines.count('"result"') + lines.count('"error"') < wanted and (line := process.stdout.readline()):
            lines += line
        process.stdin.close()
        rest, err = process.stdout.read(), process.stderr.read()
        return Ran(process.wait(60), lines + rest, err)


# --- streamable HTTP ------------------------------------------------------------------------------------------------


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server on a free port: its address, and its process."""
    command = [*COMMAND, "--http", "--port", "0", *arguments]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env={**os.environ, **environment}
    ) as process:
        assert process.stderr
        try:
            url = None
            while url is None and (line := process.stderr.readline()):
                url = re.search(r"http://\S+/mcp", line)
            assert url, "the server did not start"
            yield url[0], process
        finally:
            process.kill()


@pytest.fixture(scope="module")
def url(kg: KnowledgeGraph) -> Iterator[str]:
    with serving(AGIKG_QUERY_SECONDS="2") as (found, _):
        yield found


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_http_with_the_clients_of_today_and_of_before(kg: KnowledgeGraph, url: str, mode: str) -> None:
    async def run() -> None:
        async with Client(url, mode=mode) as session:
            await _works(session, kg)
            await _survives_a_bomb(session)

    apart(lambda: anyio.run(run))


def test_many_clients_at_a_time(kg: KnowledgeGraph, url: str) -> None:
    async def one() -> None:
        async with Client(url) as session:
            result = await session.call_tool("dependents", {"name": "SMIC DUV"})
            assert not result.is_error

    async def run() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(one)

    apart(lambda: anyio.run(run))


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, json.dumps(LIST), 200),
        ({"Host": "localhost:1"}, json.dumps(LIST), 200),
        ({"Host": "evil.example"}, json.dumps(LIST), 421),
        ({"Host": "evil.example:80"}, json.dumps(LIST), 421),
        ({"Host": "127.0.0.1.evil.example:80"}, json.dumps(LIST), 421),
        ({"Origin": "http://localhost:5173"}, json.dumps(LIST), 200),
        ({"Origin": "https://evil.example"}, json.dumps(LIST), 403),
        ({"Origin": "null"}, json.dumps(LIST), 403),
        ({"Content-Type": "text/plain"}, json.dumps(LIST), 400),
        ({}, "{", 400),
        ({}, "x" * 3_000_000, 413),
    ],
)
def test_strangers_are_turned_away(url: str, headers: dict[str, str], body: str, status: int) -> None:
    answer = httpx.post(url, headers={**HEADERS, **headers}, content=body)
    assert answer.status_code == status, answer.text
    assert "Traceback" not in answer.text
    if status == 200:
        assert len(answer.json()["result"]["tools"]) == 17


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_but_posts(url: str, method: str) -> None:
    answer = httpx.request(method, url, headers=HEADERS)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_another_host_name_can_be_allowed(kg: KnowledgeGraph) -> None:
    with serving("--allow-host", "graph.example") as (address, _):
        for host, status in (("graph.example", 200), ("graph.example:443", 200), ("other.example", 421), ("graph.example.evil", 421)):
            assert httpx.post(address, headers={**HEADERS, "Host": host}, json=LIST).status_code == status, host


@pytest.mark.parametrize("ignored", [False, True])
def test_interrupt_ends_it_in_good_order(kg: KnowledgeGraph, ignored: bool) -> None:
    """Also where it was started with interrupts ignored, as a shell starts jobs in the background."""
    with ExitStack() as stack:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN if ignored else signal.default_int_handler)
        try:
            address, process = stack.enter_context(serving())
        finally:
            signal.signal(signal.SIGINT, before)
        assert httpx.post(address, headers=HEADERS, json=LIST).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr and process.stdout
        assert "stopped" in process.stderr.read()
        assert process.stdout.read() == ""


def test_interrupt_ends_stdio_too(kg: KnowledgeGraph) -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(json.dumps(initialize("2025-06-18")) + "\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()


def test_it_says_when_others_can_reach_it(kg: KnowledgeGraph) -> None:
    with serving("--host", "0.0.0.0") as (address, process):
        assert process.stderr
        assert "others can reach it" in process.stderr.readline()
        port = address.rpartition(":")[2].partition("/")[0]
        here = f"http://127.0.0.1:{port}/mcp"
        assert httpx.post(here, headers=HEADERS, json=LIST).status_code == 200
        assert httpx.post(here, headers={**HEADERS, "Host": "evil.example"}, json=LIST).status_code == 421


# --- the command line ---------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken(agikg: Callable[..., Ran], taken: int) -> None:
    done = agikg("mcp", "--http", "--port", str(taken))
    assert (done.code, done.out) == (5, "")
    assert f"port {taken} of 127.0.0.1 is in use" in done.err
    assert "--port" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--port", "9000"), 2, "--http"),
        (("--allow-host", "x"), 2, "--http"),
        (("--http", "--port", "99999"), 2, "65535"),
        (("--http", "--port", "0", "--host", "no such host"), 2, "there is no interface 'no such host'"),
        (("--http", "--port", "0", "--host", "192.0.2.1"), 5, "cannot listen on 192.0.2.1"),
        (("--store", "/nonexistent-folder"), 5, "no store"),
        (("--store", "http://127.0.0.1:9/sparql"), 5, "cannot be reached"),
    ],
)
def test_wrong_usage(kg: KnowledgeGraph, agikg: Callable[..., Ran], arguments: tuple[str, ...], code: int, words: str) -> None:
    done = agikg("mcp", *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err


def test_a_setting_that_is_no_number(kg: KnowledgeGraph, agikg: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGIKG_TOOL_BYTES", "plenty")
    done = agikg("mcp")
    assert (done.code, done.out) == (2, "")
    assert "AGIKG_TOOL_BYTES='plenty'" in done.err


def test_without_the_package_it_says_what_to_install(agikg: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "mcp" or name.startswith("agikg.server.tool_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("agikg.server.tool_server", raising=False)
    monkeypatch.delattr("agikg.server.tool_transport", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    done = agikg("mcp")
    assert (done.code, done.out) == (2, "")
    assert "pip install 'agikg[mcp]'" in done.err


def test_other_commands_import_none_of_it() -> None:
    code = (
        "import sys\nfrom agikg.cli import main\ntry:\n    main(['mcp', '--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.partition('.')[0] in ('mcp', 'starlette', 'anyio', 'pydantic') or 'server' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "[]"
