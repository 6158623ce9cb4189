"""The words of claims and of what stands around them, for finding claims by what they say. Knows claims, no questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agikg.names import tokenise
from agikg.packed import as_json
from agikg.words import stem, thesaurus

_FIELDS = (
    "statement",
    "subject_label",
    "object_label",
    "verbatim",
    "scope",
    "attributed_to",
    "party",
    "valid_from",
    "valid_until",
    "as_of",
)


def compile_search(
    claims: Sequence[Mapping[str, Any]],
    predicates: Mapping[str, Mapping[str, Any]],
    entities: Sequence[Mapping[str, Any]],
    classes: Mapping[str, Mapping[str, Any]],
) -> dict[str, bytes]:
    """Parts of what claims are found by, each as JSON: ``postings``, ``synonyms`` and ``around``."""
    return {
        "postings": as_json(_postings(claims, predicates)),
        "synonyms": as_json(thesaurus()),
        "around": as_json(_around(claims, entities, classes)),
    }


def _postings(claims: Sequence[Mapping[str, Any]], predicates: Mapping[str, Mapping[str, Any]]) -> dict[str, list[int]]:
    """Stem -> positions of claims.

    The words of a claim are those of its statement, of its ends, figures and dates, and of how its predicate reads either
    way.
    """
    postings: dict[str, list[int]] = {}
    for position, claim in enumerate(claims):
        predicate = predicates[claim["predicate"]]
        texts = [str(claim[field]) for field in _FIELDS if claim[field]]
        texts += [predicate["label"], predicate["inverse_label"] or "", *predicate["alt"]]
        if claim["object_label"] is None and isinstance(claim["object"], str):
            texts.append(claim["object"])
        for found in {stem(token) for text in texts for token in tokenise(text)}:
            postings.setdefault(found, []).append(position)
    return dict(sorted(postings.items()))


def _around(
    claims: Sequence[Mapping[str, Any]], entities: Sequence[Mapping[str, Any]], classes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What stands around claims and entities: the ends and sentence of each claim, and which entities a word names."""
    place = {entity["id"]: index for index, entity in enumerate(entities)}
    ends = [[place[end] for end in (row["subject"], row["object"] if row["object_label"] else None) if end in place] for row in claims]
    called: dict[str, list[int]] = {}
    for index, entity in enumerate(entities):
        names = [entity["label"], *entity["aliases"], classes[entity["kind"]]["label"]]
        for word in {stem(token) for name in names for token in tokenise(name) if token.isascii()}:
            called.setdefault(word, []).append(index)
    return {"ends": ends, "sentences": [claim["locator"] for claim in claims], "called": dict(sorted(called.items()))}
