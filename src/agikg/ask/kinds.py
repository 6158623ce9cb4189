"""The class of entities a question asks for ("which chips ...")."""

from __future__ import annotations

import re

from agikg.catalog import Catalog

_ASKS = re.compile(r"^\s*(?:(?:please )?(?:which|what|list(?: all| the)?|show(?: me)?(?: all| the)?|name(?: all| the)?)\s+)", re.IGNORECASE)
_SYNONYMS = {
    "ai chip": "Chip", "firm": "Company", "ai company": "Company", "organization": "Organisation", "app": "Application",
    "llm": "Model", "large model": "Model", "ai model": "Model", "processor": "Chip", "device": "Device", "people": "Person",
    "actor": "Agent",
}  # fmt: skip
_SYNONYMS_ZH = {"公司": "Company", "人工智能芯片": "Chip", "产品": "Product", "人": "Person", "机构": "Organisation"}


def take_kind(catalog: Catalog, text: str) -> tuple[str | None, str]:
    """The class a question asks for and the question without the words that name it.

    "which chips depend on X" gives Chip and "which depend on X"; a question that names none is returned as it is.
    """
    asks = _ASKS.match(text)
    if asks is not None:
        for phrase, kind in sorted(_english(catalog).items(), key=lambda pair: -len(pair[0])):
            match = re.match(rf"{re.escape(phrase)}\b(?!['’-])", text[asks.end() :], re.IGNORECASE)
            if match is not None and text[asks.end() + match.end() :].strip(" ?.!"):
                return kind, f"{asks[0].rstrip()} {text[asks.end() + match.end() :].strip()}"
    for phrase, kind in sorted(_chinese(catalog).items(), key=lambda pair: -len(pair[0])):
        for asked in (f"哪些{phrase}", f"什么{phrase}", f"哪家{phrase}", f"哪个{phrase}"):
            if asked in text:
                return kind, text.replace(asked, asked[:2], 1)
    return None, text


def _english(catalog: Catalog) -> dict[str, str]:
    phrases = {row["label"]: name for name, row in catalog.classes.items()} | _SYNONYMS
    plural = {_plural(phrase): kind for phrase, kind in phrases.items()}
    return phrases | plural


def _plural(phrase: str) -> str:
    if phrase.endswith("y") and phrase[-2] not in "aeiou":
        return phrase[:-1] + "ies"
    return phrase if phrase.endswith("s") else f"{phrase}s"


def _chinese(catalog: Catalog) -> dict[str, str]:
    return {row["label_zh"]: name for name, row in catalog.classes.items() if row["label_zh"]} | _SYNONYMS_ZH
