"""The class of entities a question asks for ("which chips ...")."""

from __future__ import annotations

from agikg.catalog import Catalog

_ASKS = ("which", "what", "list all", "list the", "list", "show me all", "show me the", "show me", "show", "name all", "name the", "name")
_LEADS = ("that", "which", "relying", "depending", "dependent", "using", "made", "needing", "affected", "built", "running")
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
    words = text.split()
    folded = [word.casefold().strip(",;:") for word in words]
    for asks in (tuple(phrase.split()) for phrase in _ASKS):
        if tuple(folded[: len(asks)]) == asks:
            kind, length = _leading_kind(catalog, folded[len(asks) :])
            if kind is not None and len(words) > len(asks) + length:
                return kind, " ".join((*words[: len(asks)], *words[len(asks) + length :]))
    kind, length = _leading_kind(catalog, folded)
    if kind is not None and len(words) > length and folded[length] in _LEADS:
        return kind, " ".join(("which", *words[length:]))
    for phrase, kind in sorted(_chinese(catalog).items(), key=lambda pair: -len(pair[0])):
        for asked in (f"哪些{phrase}", f"什么{phrase}", f"哪家{phrase}", f"哪个{phrase}"):
            if asked in text:
                return kind, text.replace(asked, asked[:2], 1)
    return None, text


def _leading_kind(catalog: Catalog, words: list[str]) -> tuple[str | None, int]:
    """The class that the first words name, the longest name first, and how many words it takes."""
    names = _english(catalog)
    for length in range(min(4, len(words)), 0, -1):
        kind = names.get(" ".join(words[:length]))
        if kind is not None:
            return kind, length
    return None, 0


def _english(catalog: Catalog) -> dict[str, str]:
    phrases = {row["label"].casefold(): name for name, row in catalog.classes.items()} | _SYNONYMS
    plural = {_plural(phrase): kind for phrase, kind in phrases.items()}
    return phrases | plural


def _plural(phrase: str) -> str:
    if phrase.endswith("y") and phrase[-2] not in "aeiou":
        return phrase[:-1] + "ies"
    return phrase if phrase.endswith("s") else f"{phrase}s"


def _chinese(catalog: Catalog) -> dict[str, str]:
    return {row["label_zh"]: name for name, row in catalog.classes.items() if row["label_zh"]} | _SYNONYMS_ZH
