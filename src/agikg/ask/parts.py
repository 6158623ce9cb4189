"""Questions of several parts ("where is it, and who runs it"). Knows wording, no graph."""

from __future__ import annotations

import re
from functools import lru_cache

_PARTING = (" and ", ", ", "; ", "? ", " as well as ", "，", "；", "？", "、")
"""One of these stands between two questions; most questions have none, and no pattern is compiled for them."""


@lru_cache(maxsize=1)
def _english() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(r"\b(?:what|which|who|whose|when|where|why|how|number of|give me|name|list|is|are|does|do|did)\b", re.IGNORECASE),
        re.compile(
            r"(?:,? and |, |; |\? )(?=(?:(?:since|from|by|for|in|on|at|to|with) )?"
            r"(?:what|which|who|whose|when|where|why|how (?:much|many|large|big|far|long))\b)"
            r"|(?:,? as well as|,? and) (?=the (?:share|number|sum|amount|date|year|price|name|place)\b)",
            re.IGNORECASE,
        ),
    )


@lru_cache(maxsize=1)
def _chinese() -> tuple[re.Pattern[str], re.Pattern[str]]:
    asks = "多少|几|谁|哪|什么|何时|何年|怎么|怎样|如何|为什么"
    return re.compile(asks), re.compile(rf"[,，;；?？、](?=.*(?:{asks}))")


def several_questions(text: str) -> tuple[str, list[str]]:
    """The first question of a text and those that it ends in, which are mostly none."""
    whole = text.strip(" ?？.。")
    if not any(mark in whole for mark in _PARTING):
        return text, []
    for asks, parting in (_english(), _chinese()) if not text.isascii() else (_english(),):
        first, *others = parting.split(whole)
        others = [part.strip() for part in others[:2] if len(part.split()) > 1 or not part.isascii()]
        if others and asks.search(first):
            return first, others
    return text, []


def carried_on(first: str, second: str) -> str:
    """A second question with what the first is about, for where it names little itself."""
    asking = r"^(?:how (?:many|much|large|far|long)|what|which|who|where|when|give me the number of)\b|多少个?|几个|是谁|哪个|什么"
    about = re.sub(asking, "", first, flags=re.IGNORECASE).strip()
    about = re.sub(r"^(?:does|do|did|is|are|was|were|has|have) ", "", about)  # else it would ask whether
    return f"{about}, {second}" if second.isascii() else f"{about}{second}"
