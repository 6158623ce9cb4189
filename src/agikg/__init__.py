"""agikg: an evidence-backed knowledge graph of China's AGI value chain.

    from agikg import KnowledgeGraph
    kg = KnowledgeGraph.open()
    kg.dependents("SMIC DUV")

Heavy parts load when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from agikg._version import __version__

if TYPE_CHECKING:
    from agikg.errors import AgikgError as AgikgError
    from agikg.kg import KnowledgeGraph as KnowledgeGraph
    from agikg.kg import validate as validate
    from agikg.kg.imports import Imports as Imports
    from agikg.kg.states import diff as diff
    from agikg.model.answer import Answer as Answer
    from agikg.model.facts import Claim as Claim
    from agikg.model.facts import Entity as Entity
    from agikg.model.reach import Paths as Paths
    from agikg.model.reach import Reach as Reach
    from agikg.model.reference import Source as Source
    from agikg.model.scope import Scope as Scope
    from agikg.model.sheet import Sheet as Sheet
    from agikg.network import DependencyNetwork as DependencyNetwork

_HOMES = {
    "AgikgError": "agikg.errors",
    "Answer": "agikg.model.answer",
    "Claim": "agikg.model.facts",
    "DependencyNetwork": "agikg.network",
    "Entity": "agikg.model.facts",
    "Imports": "agikg.kg.imports",
    "KnowledgeGraph": "agikg.kg",
    "Paths": "agikg.model.reach",
    "Reach": "agikg.model.reach",
    "Scope": "agikg.model.scope",
    "Sheet": "agikg.model.sheet",
    "Source": "agikg.model.reference",
    "diff": "agikg.kg.states",
    "validate": "agikg.kg",
}

__all__ = [
    "AgikgError", "Answer", "Claim", "DependencyNetwork", "Entity", "Imports", "KnowledgeGraph", "Paths", "Reach", "Scope", "Sheet",
    "Source", "__version__", "diff", "validate",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'agikg' has no attribute {name!r}")
