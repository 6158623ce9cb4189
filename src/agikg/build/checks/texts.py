"""Checks of labels and texts: clean, unique, harmless."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from agikg import vocab
from agikg.build.checks.context import Context
from agikg.errors import Problem
from agikg.names import key, tokenise
from agikg.store.terms import Literal
from agikg.vocab import curie

_UNSEEN = re.compile(r"[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]|\bon\w+\s*=|javascript:|&(?:#\w+|lt|gt|amp|quot|apos|nbsp);")
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.\w+|-----BEGIN |\b(?:AKIA|ghp_|sk-)[A-Za-z0-9]{16,}")
_FORMULA = ("=", "+", "-", "@")


def names(context: Context) -> Iterator[Problem]:
    """L1, L2: labels are clean, and no name belongs to two entities."""
    owners: dict[str, str] = {}
    for entity in context.entities():
        if context.facts.text(entity, vocab.PREF_LABEL, "en") is None:
            yield context.at(entity, vocab.PREF_LABEL, "an entity needs a skos:prefLabel in English (@en)", "L1")
        for predicate in (vocab.PREF_LABEL, vocab.ALT_LABEL):
            for name in context.facts.texts(entity, predicate):
                if name != name.strip() or "  " in name or not tokenise(name):
                    yield context.at(entity, predicate, f"label {name!r} is empty or has stray spaces", "L1")
                    continue
                if name.startswith(_FORMULA):
                    yield context.at(entity, predicate, f"label {name!r} begins like a formula of a spreadsheet", "L4")
                owner = owners.setdefault(key(tokenise(name)), entity)
                if owner != entity:
                    place = context.files.problem(owner, None, "", "")
                    where = f"{place.path}:{place.line}"
                    yield context.at(entity, predicate, f"{name!r} is also a name of {curie(owner)} ({where})", "L2")


def literals(context: Context) -> Iterator[Problem]:
    """L1, L3: texts are NFC, without unseen characters or markup."""
    for quad in context.files.quads:
        if not isinstance(quad.object, Literal):
            continue
        text = quad.object.value
        if _UNSEEN.search(text):
            yield context.at(quad.subject, quad.predicate, "text holds control or invisible characters", "L1")
        if text != unicodedata.normalize("NFC", text):
            yield context.at(quad.subject, quad.predicate, "text is not in Unicode normal form C", "L1")
        if _MARKUP.search(text):
            yield context.at(quad.subject, quad.predicate, "text looks like markup or script", "L3")
        if _PRIVATE.search(text):
            yield context.at(quad.subject, quad.predicate, "text holds an e-mail address or a secret", "D2")
