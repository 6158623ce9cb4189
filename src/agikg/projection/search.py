"""The words of claims, for finding claims by what they say: stem -> positions of claims."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from agikg.names import tokenise
from agikg.words import stem

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


def compile_search(claims: Sequence[Mapping[str, Any]], predicates: Mapping[str, Mapping[str, Any]]) -> str:
    """Postings as JSON text, so that a start which asks nothing of them does not parse them.

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
    return json.dumps(dict(sorted(postings.items())), ensure_ascii=False, separators=(",", ":"))
