"""What a tool is: its arguments with their descriptions, the options that say which claims count, and the call behind it.

Knows how arguments are described and checked; no tool and no protocol.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from agikg.kg import KnowledgeGraph
from agikg.model.record import Record

Lane = Literal["facts", "analysis", "sparql"]
Measure = Literal["stops", "dependents_lost", "capacity_lost", "esri_d", "dominates", "concentration", "betweenness"]
Step = Callable[[int, int], None]


def _several(value: Any) -> Any:
    """One name where several may stand, and nothing where none has to: assistants write both."""
    return [] if value is None else [value] if isinstance(value, str) else value


def described(words: str) -> Any:
    """An argument with a description and no other rule."""
    return Field(description=words)


Name = Annotated[
    str, Field(min_length=1, max_length=300, description="Entity: English or Chinese label, alias, slug or id (e:ascend-910c).")
]
Text = Annotated[str, Field(min_length=1, max_length=300)]
Names = Annotated[Sequence[Text], BeforeValidator(_several), Field(max_length=100)]
Links = Annotated[Sequence[Annotated[list[Text], Field(min_length=2, max_length=2)]], BeforeValidator(_several), Field(max_length=50)]
Part = Annotated[float, Field(ge=0, le=1)]
Layer = Annotated[
    str | None, Field(max_length=100, description="materials, equipment, foundry, chips, computing, data, models, applications or policy.")
]
Limit = Annotated[int, Field(ge=1, le=200, description="At most so many items of each list; the result says what was cut.")]
Offset = Annotated[int, Field(ge=0, description="Leave out so many items first: go on where a cut list ended.")]
Depth = Annotated[int | None, Field(ge=1, description="Follow at most so many links; 1 for direct ones only.")]

AsOf = Annotated[str | None, Field(max_length=40, description="Links have to hold on this date (2025, 2025-03, 2024-H1); today if null.")]
KnownAt = Annotated[str | None, Field(max_length=40, description="Only claims published by this date; today if null.")]
_SCOPE: dict[str, tuple[Any, Any]] = {
    "as_of": (AsOf, None),
    "known_at": (KnownAt, None),
    "source": (Annotated[Names, described("Only claims of these sources, by id (see the tool sources).")], ()),
    "min_confidence": (Annotated[Literal["low", "medium", "high"] | None, described("Only claims at least this sure.")], None),
}


class Spec(NamedTuple):
    """A tool as it is offered.

    Attributes:
        name: of the tool, as of the command that does the same.
        title: for people who choose among tools.
        call: takes the graph, then the arguments by name.
        result: record that it returns.
        main: the list that ``offset`` moves along, or None.
        scoped: whether it takes the options that say which claims count.
        lane: which of its kind it shares threads with.
    """

    name: str
    title: str
    call: Callable[..., Record]
    result: type[Record]
    main: str | None
    scoped: bool
    lane: Lane

    @property
    def description(self) -> str:
        """When to use it and what comes back."""
        return inspect.getdoc(self.call) or ""

    @property
    def signature(self) -> inspect.Signature:
        """Its arguments for the caller: its own, then those of the scope, then how much of the result is wanted."""
        own = inspect.signature(self.call, eval_str=True)
        taken = [p for p in list(own.parameters.values())[1:] if p.kind is not p.VAR_KEYWORD and p.name != "step"]
        shared = dict(_SCOPE) if self.scoped else {}
        shared |= {"limit": (Limit, 25)} | ({"offset": (Offset, 0)} if self.main else {})
        added = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=value, annotation=type_)
            for name, (type_, value) in shared.items()
        ]
        return own.replace(parameters=[*(p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in taken), *added])

    def bind(self, kg: KnowledgeGraph, arguments: dict[str, Any], step: Step) -> Callable[[], Record]:
        """The call, ready to be made: the scope under the names of the facade, ``step`` where the work tells how far it is."""
        given = dict(arguments)
        if self.scoped:
            given["sources"] = given.pop("source")
        if "step" in inspect.signature(self.call).parameters:
            given["step"] = step
        return partial(self.call, kg, **given)
