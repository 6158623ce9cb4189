"""Where the cards stand: layers as columns, one layer as a band on top, few crossings. Knows positions and layers, no facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, inf
from typing import NamedTuple

WIDTH, HEIGHT = 194, 31
"""Of a card."""
ROW, LANE, COLUMN, TITLE, BAND_GAP, BAND_COLUMN = 38, 12, 66, 44, 58, 18
"""Pitch of rows, gap between lanes of a layer, between columns, height of a title, below the band, between cards of the band."""
_SWEEPS = 24
_WAY = 3
"""Most steps that stand side by side."""
_SHAPE = 1.38
"""Width over height that fits beside the panel of a laptop."""


class Placed(NamedTuple):
    """A map.

    Attributes:
        at: entity -> centre of its card.
        boxes: (layer, left, top, right, bottom) of the area of each layer, with its title.
    """

    at: dict[int, tuple[int, int]]
    boxes: list[tuple[int, int, int, int, int]]


class Block(NamedTuple):
    """A layer in a column: how many lanes and rows it takes."""

    layer: int
    lanes: int
    rows: int


def place(layer_of: Mapping[int, int], links: Sequence[tuple[int, int]], band: int, width: int = WIDTH, *, stacked: bool = True) -> Placed:
    """Places entities by layer; links pull their ends to the same height.

    Args:
        layer_of: entity -> number of its layer; columns stand in the order of these.
        links: pairs of entities; those that are not placed do not count.
        band: the layer that stands above the columns.
        width: of a card.
        stacked: whether small layers may share a column.
    """
    members: dict[int, list[int]] = {}
    for entity, layer in sorted(layer_of.items()):
        members.setdefault(layer, []).append(entity)
    near = neighbours(layer_of, links)
    over = members.pop(band, [])
    counts = {layer: len(found) for layer, found in sorted(members.items())}
    columns = _columns(counts, len(over), width) if stacked else _steps(counts)
    members = _ordered(columns, members, near)
    at: dict[int, tuple[int, int]] = {}
    boxes: list[tuple[int, int, int, int, int]] = []
    left = 0
    for column in columns:
        top, wide = 0, max(block.lanes for block in column)
        for block in column:
            _fill(at, members[block.layer], block, (left, top), near, width)
            bottom = top + TITLE + block.rows * ROW
            boxes.append((block.layer, left, top, left + _across(block.lanes, width), bottom))
            top = bottom + ROW
        left += _across(wide, width) + COLUMN
    if over:
        boxes.insert(0, _band(at, over, near, band, (max(left - COLUMN, _across(2, width)), width)))
    return Placed(at, boxes)


def neighbours(layer_of: Mapping[int, int], links: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    """Entity -> what it is linked with, itself left out."""
    near: dict[int, list[int]] = {entity: [] for entity in layer_of}
    for a, b in links:
        if a in near and b in near and a != b:
            near[a].append(b)
            near[b].append(a)
    return near


def _across(lanes: int, width: int) -> int:
    return lanes * width + (lanes - 1) * LANE


def _columns(counts: Mapping[int, int], over: int, card: int) -> list[list[Block]]:
    """The division into columns whose shape fits a screen best."""
    if not counts:
        return []
    best: tuple[float, list[list[Block]]] = (inf, [])
    for rows in range(6, max(8, max(counts.values())) + 1):
        columns = _divided(counts, rows)
        width = sum(_across(max(block.lanes for block in column), card) + COLUMN for column in columns)
        height = max(sum(TITLE + (block.rows + 1) * ROW for block in column) for column in columns)
        height += ceil(over / max(1, width // (card + BAND_COLUMN))) * ROW + TITLE + BAND_GAP
        # How much of a screen of that shape the map leaves unused, in both directions.
        size = max(width / _SHAPE, height)
        if size < best[0]:
            best = (size, columns)
    return best[1]


def _steps(counts: Mapping[int, int]) -> list[list[Block]]:
    """One column a step; a long way leads down instead, where it keeps its cards large enough to read."""
    if len(counts) <= _WAY:
        return [[Block(layer, 1, count)] for layer, count in counts.items()]
    return [[Block(layer, count, 1) for layer, count in counts.items()]]


def _divided(counts: Mapping[int, int], rows: int) -> list[list[Block]]:
    """Columns of at most so many rows: a large layer takes several lanes, small neighbours share a column."""
    columns: list[list[Block]] = []
    used = inf
    for layer, count in counts.items():
        lanes = ceil(count / rows)
        block = Block(layer, lanes, ceil(count / lanes))
        if lanes == 1 and used + 3 + block.rows <= rows:
            columns[-1].append(block)
            used += 3 + block.rows
        else:
            columns.append([block])
            used = inf if lanes > 1 else block.rows
    return columns


def _ordered(columns: list[list[Block]], members: dict[int, list[int]], near: Mapping[int, list[int]]) -> dict[int, list[int]]:
    """The members of each layer in an order with few crossings: barycentre sweeps to and fro (Sugiyama et al. 1981)."""
    blocks = [(block, index) for column in columns for index, block in enumerate(column)]
    offsets = {layer: float(number * 40) for number, layer in enumerate(members)} if len(columns) == 1 else dict.fromkeys(members, 0.0)
    height: dict[int, float] = {}
    for block, _ in blocks:
        _level(height, members[block.layer], block, offsets[block.layer])
    best = {layer: list(found) for layer, found in members.items()}
    fewest = _length(near, height)
    for sweep in range(_SWEEPS):
        for block, _ in blocks if sweep % 2 == 0 else reversed(blocks):
            now = members[block.layer]
            pull = {e: sum(height[o] for o in near[e] if o in height) / max(1, sum(o in height for o in near[e])) for e in now}
            free = {e for e in now if not any(o in height for o in near[e])}
            now.sort(key=lambda e: (height[e] if e in free else pull[e], height[e], e))
            _level(height, now, block, offsets[block.layer])
        length = _length(near, height)
        if length < fewest:
            fewest, best = length, {layer: list(found) for layer, found in members.items()}
    return best


def _level(height: dict[int, float], order: Sequence[int], block: Block, offset: float) -> None:
    for index, entity in enumerate(order):
        height[entity] = offset + index // block.lanes + (index % block.lanes) * 0.01


def _length(near: Mapping[int, list[int]], height: Mapping[int, float]) -> float:
    """How far links climb and fall in all: what barycentres make small, and crossings with it."""
    return sum(abs(height[a] - height[b]) for a, found in near.items() if a in height for b in found if b in height)


def _fill(
    at: dict[int, tuple[int, int]], order: Sequence[int], block: Block, corner: tuple[int, int], near: Mapping[int, list[int]], width: int
) -> None:
    """Puts the members of a layer into its lanes, row by row; within a row towards the side to which their links lead."""
    left, top = corner
    for row in range(block.rows):
        here = list(order[row * block.lanes : (row + 1) * block.lanes])
        here.sort(key=lambda e: sum(at[o][0] < left for o in near[e] if o in at), reverse=True)
        for lane, entity in enumerate(here):
            at[entity] = (left + lane * (width + LANE) + width // 2, top + TITLE + row * ROW + HEIGHT // 2)


def _band(
    at: dict[int, tuple[int, int]], over: list[int], near: Mapping[int, list[int]], layer: int, widths: tuple[int, int]
) -> tuple[int, int, int, int, int]:
    """The band above the columns: each card above the middle of what it is linked with."""
    width, card = widths
    columns = max(1, min(len(over), (width + BAND_COLUMN) // (card + BAND_COLUMN)))
    rows = ceil(len(over) / columns)
    columns = ceil(len(over) / rows)
    pitch = (width - card) / max(1, columns - 1)
    middle = {e: _mean([at[o][0] for o in near[e] if o in at], width / 2) for e in over}
    order = sorted(over, key=lambda e: (middle[e], e))
    top = -(TITLE + rows * ROW + BAND_GAP)
    for index, entity in enumerate(order):
        column, row = divmod(index, rows)
        at[entity] = (round(card / 2 + column * pitch), top + TITLE + row * ROW + HEIGHT // 2)
    return layer, 0, top, width, top + TITLE + rows * ROW


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def crossings(at: Mapping[int, tuple[int, int]], links: Sequence[tuple[int, int]]) -> int:
    """How many pairs of links cross when drawn straight; for tests and benchmarks. O(links²)."""
    lines = [(at[a], at[b]) for a, b in links if a in at and b in at and a != b]

    def side(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
        value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        return (value > 0) - (value < 0)

    return sum(
        side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
        for index, (a, b) in enumerate(lines)
        for c, d in lines[index + 1 :]
    )
