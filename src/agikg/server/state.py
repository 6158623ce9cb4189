"""What every route of one server shares. Composition only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from agikg.kg import KnowledgeGraph
from agikg.server.calls import Calls
from agikg.server.lanes import Lanes
from agikg.server.limits import Limits
from agikg.server.sending import Outgoing

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class ServerState:
    """One graph, served.

    Attributes:
        graph: what is served; opened once, never changed while the server runs.
        limits: what is allowed.
        runner: lanes of worker processes for SPARQL from outside.
        calls: threads for everything else.
        outgoing: large results on their way to their readers.
        public_url: base of the addresses the server gives for itself, without a slash at its end; None takes it from each request.
    """

    graph: KnowledgeGraph
    limits: Limits
    runner: Lanes
    calls: Calls
    outgoing: Outgoing
    public_url: str | None = None

    @classmethod
    def of(cls, graph: KnowledgeGraph, limits: Limits | None = None, public_url: str | None = None) -> ServerState:
        """The state of a server over a graph; ``start`` and ``close`` belong to its event loop."""
        limits = limits or Limits.declared()
        return cls(graph, limits, Lanes(graph.sparql_place(), limits), Calls(limits), Outgoing(limits.response_bytes), public_url)

    async def call(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a library call in a thread: ``await state.call(state.graph.ask, question, as_of=...)``.

        The library's errors go through; the application turns them into HTTP (``replies.status_of``).

        Raises:
            Busy, OutOfTime: see ``Calls.run``.
        """
        return await self.calls.run(function, *args, **kwargs)

    async def start(self) -> None:
        """Warms the workers up."""
        await self.runner.start()

    async def close(self) -> None:
        """Ends every worker; what is still asked then fails."""
        await self.runner.close()
        self.calls.close()
