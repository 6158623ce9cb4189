"""How likely it is that a claim answers a question, by decision trees grown once. Knows names of features, no claims.

The trees are data (``forest.bin``): ``python -m benchmarks.fit`` grows them from questions whose answers are known.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("forest.bin")
"""A line of JSON (the features by number, the logarithm of the odds to start from, the first node of each tree), then the nodes."""
NODE = struct.Struct("<hfH")
"""A node: the number of a feature and its limit, or -1 and what a leaf adds; the node for values above the limit. That for others
is the next one."""
LEAF = -1
BEHIND = {name: f"{name} behind" for name in ("coverage", "expected first", "sentence", "words", "extent", "heard", "meant")}
"""Features that tell more against the most that any claim looked at has of them -> the feature that tells it."""
Tree = float | tuple[int, float, "Tree", "Tree"]
"""What a leaf adds; or the number of a feature, its limit, and the trees for values up to it and above it."""


class Forest(NamedTuple):
    """Decision trees whose leaves add up to the logarithm of the odds.

    Attributes:
        names: features by number.
        start: the logarithm of the odds before any tree.
        roots: the first node of each tree.
        nodes: as ``NODE`` says.
    """

    names: tuple[str, ...]
    start: float
    roots: tuple[int, ...]
    nodes: tuple[tuple[int, float, int], ...]

    def log_odds(self, found: Mapping[str, float]) -> float:
        """The logarithm of the odds for a claim of these features (0 where one is not given). O(trees x their depth)."""
        values = [found.get(name, 0.0) for name in self.names]
        nodes, total = self.nodes, self.start
        for place in self.roots:
            feature, limit, above = nodes[place]
            while feature != LEAF:
                place = place + 1 if values[feature] <= limit else above
                feature, limit, above = nodes[place]
            total += limit
        return total


def planted(names: Sequence[str], start: float, trees: Iterable[Tree]) -> Forest:
    """Trees laid out node behind node."""
    nodes: list[tuple[int, float, int]] = []
    roots = []

    def add(tree: Tree) -> None:
        if isinstance(tree, float):
            nodes.append((LEAF, tree, 0))
            return
        feature, limit, low, high = tree
        here = len(nodes)
        nodes.append((LEAF, 0.0, 0))  # until the place of the other branch is known
        add(low)
        nodes[here] = (feature, limit, len(nodes))
        add(high)

    for tree in trees:
        roots.append(len(nodes))
        add(tree)
    return Forest(tuple(names), start, tuple(roots), tuple(nodes))


@lru_cache(maxsize=1)
def forest() -> Forest:
    """The trees of the package."""
    return parsed(FILE.read_bytes())


def parsed(data: bytes) -> Forest:
    """The trees of a file."""
    head, _, nodes = data.partition(b"\n")
    said = json.loads(head)
    return Forest(tuple(said["features"]), said["start"], tuple(said["roots"]), tuple(NODE.iter_unpack(nodes)))


def packed(trees: Forest) -> bytes:
    """The file of trees."""
    head = json.dumps({"features": trees.names, "start": trees.start, "roots": trees.roots})
    return head.encode() + b"\n" + b"".join(NODE.pack(*node) for node in trees.nodes)


def against_the_best(rows: Iterable[Mapping[str, float]]) -> list[dict[str, float]]:
    """The features of claims, with how far each is behind the one that has most."""
    known: Sequence[Mapping[str, float]] = list(rows)
    most = {name: max((row[name] for row in known if name in row), default=0.0) for name in BEHIND}
    return [{**row, **{behind: row[name] - most[name] for name, behind in BEHIND.items() if name in row}} for row in known]
