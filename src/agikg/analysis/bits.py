"""Sets of columns as Python integers: bit c of a row says something of denial, sample or state c.

Python's long integers are the bit-sets: an operation on ten thousand columns takes a tenth of a microsecond, and needs no
library. Knows nothing of networks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from random import Random

PRECISION = 32
"""Binary digits to which probabilities are drawn."""


def ones(columns: int) -> int:
    """All of so many columns."""
    return (1 << columns) - 1


def positions(row: int) -> list[int]:
    """The columns that a row contains, in order. O(columns)."""
    text = f"{row:b}"[::-1]
    found, at = [], text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found


def counts(rows: Iterable[tuple[int, int]], columns: int) -> list[int]:
    """For each column, the sum of the weights of the rows that contain it.

    Rows are added into vertical counters: plane k holds binary digit k of all columns at once. Amortised two operations a
    row, whatever the number of columns.

    Args:
        rows: pairs of a row and its weight, a whole number from 0.
        columns: how many columns.
    """
    planes: list[int] = []
    for row, weight in rows:
        digit = 0
        while weight and row:
            if weight & 1:
                _add(planes, row, digit)
            weight >>= 1
            digit += 1
    totals = [0] * columns
    for digit, plane in enumerate(planes):
        for column in positions(plane):
            totals[column] += 1 << digit
    return totals


def _add(planes: list[int], row: int, digit: int) -> None:
    planes.extend([0] * (digit + 1 - len(planes)))
    while row:
        if digit == len(planes):
            planes.append(0)
        carry = planes[digit] & row
        planes[digit] ^= row
        row = carry
        digit += 1


def of_sets(sets: Sequence[Iterable[int]], rows: int) -> list[int]:
    """Rows from columns: column c contains the rows of ``sets[c]``."""
    digits = [bytearray() for _ in range(rows)]
    size = -(-len(sets) // 8)
    for column, members in enumerate(sets):
        for row in members:
            if not digits[row]:
                digits[row] = bytearray(size)
            digits[row][column >> 3] |= 1 << (column & 7)
    return [int.from_bytes(row, "little") for row in digits]


def pairs(count: int) -> tuple[list[int], list[tuple[int, int]]]:
    """All pairs of ``count`` things as columns: a row for each thing, and the pair of each column."""
    found = [(a, b) for a in range(count) for b in range(a + 1, count)]
    return of_sets(found, count), found


def states(count: int) -> list[int]:
    """All ``2 ** count`` states of ``count`` things as columns: thing i is on in the states whose binary digit i is 1."""
    rows = []
    for thing in range(count):
        block = ones(1 << thing) << (1 << thing)
        length = 2 << thing
        while length < 1 << count:
            block |= block << length
            length *= 2
        rows.append(block)
    return rows


def draw(random: Random, probability: float, columns: int) -> int:
    """A row whose bits are on independently with a probability, exact to 2**-32.

    The binary digits of the probability are worked from the last to the first: a 1 lets half of the rest in, a 0 takes half away.
    """
    numerator = round(probability * (1 << PRECISION))
    if numerator <= 0:
        return 0
    if numerator >= 1 << PRECISION:
        return ones(columns)
    spare = (numerator & -numerator).bit_length() - 1  # zeros at the end decide nothing
    row = 0
    for digit in range(spare, PRECISION):
        fresh = random.getrandbits(columns)
        row = row | fresh if numerator >> digit & 1 else row & fresh
    return row


def measure(row: int, probabilities: Sequence[float]) -> float:
    """Probability of a set of states, as ``states`` numbers them, when each thing is on by itself.

    Conditions on one thing after the other; equal halves are worked out once, as in a binary decision diagram.
    """
    known: dict[tuple[int, int], float] = {}

    def weight(part: int, things: int) -> float:
        if part == 0:
            return 0.0
        if part == ones(1 << things):
            return 1.0
        if (part, things) not in known:
            half = 1 << (things - 1)
            p = probabilities[things - 1]
            known[part, things] = p * weight(part >> half, things - 1) + (1 - p) * weight(part & ones(half), things - 1)
        return known[part, things]

    return weight(row, len(probabilities))


def batches(items: Sequence[int], width: int) -> Iterator[Sequence[int]]:
    """The items in stretches of at most ``width``."""
    return (items[start : start + width] for start in range(0, len(items), width))
