"""Derived edges as columns: the part of the index from which networks are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agikg import vocab
from agikg.projection.vocabulary import Vocabulary
from agikg.store.index import TripleIndex
from agikg.vocab import agi, curie


def compile_links(facts: TripleIndex, vocabulary: Vocabulary, entities: Mapping[str, int], claims: Mapping[str, int]) -> dict[str, Any]:
    """Links (one a subject, predicate and object) and requirement groups.

    Returns:
        ``subject``, ``predicate``, ``object`` (positions and names), ``role``, ``group`` (position, -1 for none),
        ``evidence`` (sets of claim positions), ``bars`` (claim positions), ``shares`` (claim position and share of the
        requirement, oldest first); and ``groups``: owner, essential, minimum,
        requirement id or None.
    """
    merged: dict[tuple[int, str, int], dict[str, Any]] = {}
    groups: dict[tuple[int, str], int] = {}
    table: list[dict[str, Any]] = []
    for node in sorted(facts.having(vocab.TYPE, agi("Derivation"))):
        subject, object_ = (entities[curie(facts.text(node, end) or "")] for end in (vocab.SUBJECT, vocab.OBJECT))
        predicate = facts.text(node, vocab.PREDICATE) or ""
        role = vocabulary.notation(facts.text(node, agi("role"))) or "none"
        key = (subject, vocab.local(predicate), object_)
        link = merged.setdefault(key, {"role": role, "group": -1, "evidence": [], "bars": [], "shares": set()})
        rests_on = facts.texts(node, agi("restsOn"))
        link["evidence"].append(sorted(claims[curie(c)] for c in rests_on))
        link["shares"] |= {
            (_since(c, facts), claims[curie(c)], float(s)) for c in rests_on for s in facts.texts(c, agi("requirementShare"))
        }
        link["bars"] += [claims[curie(c)] for c in facts.texts(node, agi("barredBy"))]
        link["role"] = min(link["role"], role, key=("essential", "supporting", "alternative", "none").index)
        group = facts.text(node, agi("group"))
        if group is not None and link["group"] < 0:
            owner = object_ if vocabulary.properties[predicate].dependent_is_object else subject
            if (owner, group) not in groups:
                groups[owner, group] = len(table)
                table.append(_group(owner, group, facts))
            link["group"] = groups[owner, group]
    ordered = sorted(merged.items())
    for (_, _, _), link in ordered:
        if link["group"] >= 0 and link["role"] == "essential":
            table[link["group"]]["essential"] = True
    return {
        "subject": [key[0] for key, _ in ordered],
        "predicate": [key[1] for key, _ in ordered],
        "object": [key[2] for key, _ in ordered],
        "role": [link["role"] for _, link in ordered],
        "group": [link["group"] for _, link in ordered],
        "evidence": [sorted(link["evidence"]) for _, link in ordered],
        "bars": [sorted(set(link["bars"])) for _, link in ordered],
        "shares": [[[claim, share] for _, claim, share in sorted(link["shares"])] for _, link in ordered],
        "groups": table,
    }


def _since(claim: str, facts: TripleIndex) -> str:
    return facts.text(claim, agi("holdsFrom")) or ""


def _group(owner: int, group: str, facts: TripleIndex) -> dict[str, Any]:
    requirement = vocab.expand(group) if group.startswith("r:") else None
    return {
        "owner": owner,
        "essential": False,
        "minimum": int((requirement and facts.text(requirement, agi("minimum"))) or 1),
        "requirement": group if requirement else None,
        "function": (requirement and facts.text(requirement, agi("function"), "en")) or "",
    }
