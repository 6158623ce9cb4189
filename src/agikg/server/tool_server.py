"""The tool server: the tools of ``tools`` spoken over MCP.

Translation only: arguments in, one call of the facade in a thread, a bounded result or an error with advice out.
"""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

import anyio
import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.shared.exceptions import MCPError
from mcp.types import INVALID_PARAMS, CallToolResult, GetPromptResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import PrivateAttr, ValidationError

from agikg import settings
from agikg._version import __version__
from agikg.errors import AgikgError, AmbiguousName, LimitHit, Refused, UnknownName
from agikg.kg import KnowledgeGraph
from agikg.model.record import Record
from agikg.model.result import Result
from agikg.server import tool_bounds, tool_resources
from agikg.server.tool_spec import Lane, Spec
from agikg.server.tools import TOOLS

_THREADS: dict[Lane, int] = {"facts": 8, "analysis": 2, "sparql": 2}
"""Calls at a time of each kind: a slow one waits for its like only."""
_READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_INSTRUCTIONS = """\
An evidence-backed knowledge graph of China's AGI value chain (chips, computing, data, models, applications, policy). Every link rests on
claims of named sources. Answer from it like this:
- Start with ask; use show, dependents, dependencies, path, chokepoints, whatif, cutsets for what it does not cover, entities to find names.
- status "refused", an empty list or an unknown name is an answer: the graph does not say it. Say so; do not fill the gap from memory.
- Keep the hedges: modality (reported, estimated, expected, claimed by ...), confidence, dates. Barred links and alternatives are no supply.
- Cite: read claims with the tool claims (ids), name source and locator, and give the snapshot, so that others can check.
- as_of is when a link holds, known_at is when it was published. `truncated` says what was cut.
Tools have the names of the commands of agikg; where advice names a command, call the tool."""


def tool_server(kg: KnowledgeGraph) -> MCPServer[Any]:
    """A server that offers a graph to assistants: tools, resources, prompts, completion of names.

    Raises:
        BadInput: a setting that it needs is no number.
    """
    for setting in ("tool_seconds", "tool_bytes", "query_seconds"):
        settings.value(setting)
    lanes = {lane: anyio.CapacityLimiter(threads) for lane, threads in _THREADS.items()}
    server = _GraphServer(
        "agikg",
        title="Knowledge graph of China's AGI value chain",
        instructions=_INSTRUCTIONS,
        version=__version__,
        tools=[_offered(kg, spec, lanes[spec.lane]) for spec in TOOLS.values()],
        log_level="WARNING",
    )
    tool_resources.add(server, kg)
    return server


class _GraphServer(MCPServer[Any]):
    """The SDK's server, with advice where it would report a crash."""

    async def get_prompt(
        self, name: str, arguments: dict[str, Any] | None = None, context: Context[Any, Any] | None = None
    ) -> GetPromptResult | InputRequiredResult:
        """A prompt filled in; a wrong name or argument is the caller's mistake."""
        offered = {prompt.name: prompt.arguments or [] for prompt in await self.list_prompts()}
        if name not in offered:
            raise MCPError(code=INVALID_PARAMS, message=f"no prompt is called {_short(name)!r}; there are {', '.join(offered)}")
        known = [argument.name for argument in offered[name]]
        lacking = [argument.name for argument in offered[name] if argument.required and argument.name not in (arguments or {})]
        if lacking or not set(arguments or {}) <= set(known):
            raise MCPError(
                code=INVALID_PARAMS, message=f"the prompt {name} takes {', '.join(known)}; needed: {', '.join(lacking) or 'none'}"
            )
        return await super().get_prompt(name, arguments, context)


class _Deadline:
    """Ends work that takes too long or that nobody waits for any more."""

    def __init__(self) -> None:
        self._seconds = settings.value("tool_seconds")
        self._begun = float("inf")
        self.abandoned = threading.Event()

    def begin(self) -> None:
        """Starts the clock: waiting for a thread does not count."""
        self._begun = time.monotonic()

    def step(self, _done: int, _total: int) -> None:
        """Called by work every now and then.

        Raises:
            LimitHit: it has to end.
        """
        if self.abandoned.is_set():
            raise LimitHit("nobody waits for the result any more")
        if time.monotonic() - self._begun > self._seconds:
            raise LimitHit(
                f"the analysis took longer than {self._seconds:g} s and was stopped", hint="narrow it, or raise AGIKG_TOOL_SECONDS"
            )


class _GraphTool(Tool):
    """A tool whose arguments are checked to the name, whose work is done in a thread, and whose errors give advice."""

    _kg: KnowledgeGraph = PrivateAttr()
    _spec: Spec = PrivateAttr()
    _lane: anyio.CapacityLimiter = PrivateAttr()

    async def run(self, arguments: dict[str, Any], context: Any, convert_result: bool = False) -> CallToolResult:  # noqa: ARG002
        """One call; every failure is a result that says what to do."""
        unknown = [name for name in arguments if name not in self.parameters["properties"]]
        if unknown:
            return _failure(f"{self.name} takes no argument {unknown[0][:100]!r}", f"it takes {', '.join(self.parameters['properties'])}")
        try:
            checked = self.fn_metadata.validate_arguments(arguments)
        except ValidationError as error:
            return _failure(f"{self.name}: {_faults(error)}", "mend the arguments and call again")
        deadline = _Deadline()
        try:
            return await anyio.to_thread.run_sync(partial(self._answer, checked, deadline), abandon_on_cancel=True, limiter=self._lane)
        finally:
            deadline.abandoned.set()

    def _answer(self, arguments: dict[str, Any], deadline: _Deadline) -> CallToolResult:
        deadline.begin()
        limit, offset = arguments.pop("limit"), arguments.pop("offset", 0)
        try:
            record = self._spec.bind(self._kg, arguments, deadline.step)()
            found = _plain(record)
            result = tool_bounds.bounded(found, limit, settings.value("tool_bytes"), self._spec.main, offset)
        except AgikgError as error:
            return _failure(*_advice(error))
        except Exception as error:
            # The SDK writes the traceback to the log; its text may name places of this machine, so the client does not get it.
            raise UnexpectedToolError(f"unexpected failure in {self.name}; the log of the server has it; please report it") from error
        return CallToolResult(content=[TextContent(type="text", text=tool_bounds.compact(result))], structured_content=result)


def _offered(kg: KnowledgeGraph, spec: Spec, lane: anyio.CapacityLimiter) -> Tool:
    """A tool with its schemas."""

    def call(**_arguments: Any) -> None:
        """Stands for the signature; ``_GraphTool`` does the work."""

    call.__name__ = spec.name
    call.__signature__ = spec.signature.replace(return_annotation=None)  # type: ignore[attr-defined]
    tool = _GraphTool.from_function(
        call, name=spec.name, title=spec.title, description=spec.description, annotations=_READ_ONLY, structured_output=False
    )
    assert isinstance(tool, _GraphTool)
    tool._kg, tool._spec, tool._lane = kg, spec, lane
    tool.parameters = _untitled(tool.parameters) | {"additionalProperties": False}
    tool.fn_metadata.output_schema = _schema(spec.result)
    return tool


def _schema(result: type[Record]) -> dict[str, Any]:
    """What a tool returns: the record, the command that repeats it, and what was cut."""
    schema: dict[str, Any] = _untitled(result.model_json_schema())
    more: dict[str, Any] = {"truncated": tool_bounds.SCHEMA}
    if issubclass(result, Result):
        more["command"] = {"type": "string", "description": "The command line that repeats it."}
    return {**schema, "properties": {**schema["properties"], **more}, "required": [*schema["required"], *more]}


def _untitled(schema: Any) -> Any:
    """A schema without the titles that only repeat its names: assistants pay for every word."""
    if isinstance(schema, list):
        return [_untitled(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {name: _untitled(value) for name, value in schema.items() if not (name == "title" and isinstance(value, str))}


def _plain(record: Record) -> dict[str, Any]:
    plain = record.model_dump()
    return {**plain, "command": record.command()} if isinstance(record, Result) else plain


def _failure(message: str, hint: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=f"{message}\n{hint}" if hint else message)], is_error=True)


def _advice(error: AgikgError) -> tuple[str, str]:
    """An error in words: what happened, then the identifiers of what was near, then what to do."""
    lead = "refused: " if isinstance(error, Refused) else "stopped: " if isinstance(error, LimitHit) else ""
    hint = error.hint
    if isinstance(error, UnknownName | AmbiguousName):
        near = ", ".join(f"{candidate.label} ({candidate.id})" for candidate in error.candidates)
        hint = f"near it: {near}; the tool entities finds names" if near else "the tool entities finds names"
    return lead + _short(error.message), hint


def _short(text: str, most: int = 600) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _faults(error: ValidationError) -> str:
    """What is wrong with which argument, without the links of pydantic's own text."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return _short("; ".join(f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault['msg']}" for fault in faults))
