"""The questions that claims are known to answer, for finding claims by how people ask. Knows triples and claims, no search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from agikg.likeness import Tokens, lasting, table, tokens_of, weight
from agikg.names import Names
from agikg.packed import as_json, packed_numbers
from agikg.projection.directions import directions_of, middles, spread
from agikg.store.index import TripleIndex
from agikg.vocab import agi, expand

_COMMON, _FEW = 25, 50
"""A token in more than one of so many questions, and in more than a few, tells nothing of what is asked about."""
_POINTING = 12
"""Of how many texts of a claim it is kept where they point."""
_SEEN = 2
"""In how many questions a token has to be to tell what relation is asked for."""


def compile_questions(claims: Sequence[Mapping[str, Any]], facts: TripleIndex, names: Names, ids: Sequence[str]) -> dict[str, bytes]:
    """Parts of what claims are found by: their known questions, and where these and the statements of their claims point.

    By question, as ``packed_numbers``: ``claims`` (position) and ``lengths`` (of the vector of its tokens, each with its
    ``likeness.weight``; in hundredths). By token, as ``likeness.table``: ``having`` (numbers of questions; none where it is common),
    and for tokens outside of names ``asking`` (pairs of a place in ``relations`` and how many questions for that relation have it).
    ``relations``: JSON, how many questions there are for each. ``directions``: of texts (``meaning.direction``), as signed bytes;
    ``pointing``: position of the claim of each, in rising order, as ``packed_numbers``. ``middles``: where all texts of a claim point
    together; ``pointed``: position of the claim of each.
    """
    asked = [
        (position, tokens_of(text, names))
        for position, claim in enumerate(claims)
        for text in sorted(facts.texts(expand(claim["id"]), agi("question")))
    ]
    stated = [(position, tokens_of(claims[position]["statement"], names)) for position in dict.fromkeys(position for position, _ in asked)]
    texts = sorted([*stated, *asked], key=lambda text: text[0])  # of each claim the statement first
    directions = directions_of([lasting(tokens.all, ids.__getitem__) for _, tokens in texts])
    owners = [position for position, _ in texts]
    kept = spread(owners, directions, _POINTING)
    pointed, middle = middles(owners, directions)
    having = _having([found.all for _, found in asked])
    squares = [0.0] * len(asked)
    for numbers in having.values():
        for number in numbers:
            squares[number] += weight(len(asked), len(numbers)) ** 2
    relations = [str(claims[position]["predicate"]) for position, _ in asked]
    counts = dict(sorted(Counter(relations).items()))
    return {
        "claims": packed_numbers(position for position, _ in asked),
        "lengths": packed_numbers(round(100 * sqrt(square)) for square in squares),
        "having": table(having),
        "relations": as_json(counts),
        "pointing": packed_numbers(owners[number] for number in kept),
        "asking": table(_asking([found for _, found in asked], relations, {name: place for place, name in enumerate(counts)})),
        "directions": directions[kept].tobytes(),
        "pointed": packed_numbers(pointed),
        "middles": middle.tobytes(),
    }


def _having(questions: Sequence[frozenset[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        for token in question:
            found.setdefault(token, []).append(number)
    most = max(len(questions) / _COMMON, _FEW)
    return {token: numbers if len(numbers) <= most else [] for token, numbers in sorted(found.items())}


def _asking(questions: Sequence[Tokens], relations: Sequence[str], place: Mapping[str, int]) -> dict[str, list[int]]:
    found: dict[str, Counter[int]] = {}
    for question, relation in zip(questions, relations, strict=True):
        for token in question.asking:
            found.setdefault(token, Counter())[place[relation]] += 1
    return {
        token: [number for pair in sorted(counts.items()) for number in pair] for token, counts in found.items() if counts.total() >= _SEEN
    }
