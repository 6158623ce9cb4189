"""KnowledgeGraph: the one door that library users, the command line and servers share. Composition only."""

from agikg.kg.graph import KnowledgeGraph, snapshot_home, to_stderr, validate

__all__ = ["KnowledgeGraph", "snapshot_home", "to_stderr", "validate"]
