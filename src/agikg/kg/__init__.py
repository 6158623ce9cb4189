"""KnowledgeGraph: the one door that library users, the command line and servers share. Composition only."""

from agikg.kg.checking import validate
from agikg.kg.graph import KnowledgeGraph
from agikg.kg.homes import snapshot_home, to_stderr

__all__ = ["KnowledgeGraph", "snapshot_home", "to_stderr", "validate"]
