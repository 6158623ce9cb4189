"""What a question takes for granted, and why a question without an answer has none."""

from __future__ import annotations

import re
from functools import lru_cache

from agikg.ask.draft import Draft, Task
from agikg.ask.expected import ordinary
from agikg.ask.wording import worded_as
from agikg.model.scope import Scope

_LEADS = r"(?:since|because|given that|given the fact that|now that|considering that|seeing that|although|even though)"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    return (
        re.compile(rf"^\s*{_LEADS}\s+(?P<premise>[^,;:]+[^,;:\s])\s*[,;]\s*(?P<main>.+)$", re.IGNORECASE),
        re.compile(r"^\s*(?:既然|由于|因为|鉴于|考虑到)(?P<premise>[^,，;；]+)[,，;；](?P<main>.+)$"),
        re.compile(
            r"^(?P<main>(?:what|who|which|how|when|where|why)\b[^,;]+)[,;]?\s+"
            r"(?:given that|now that|considering that|seeing that|since)\s+(?P<premise>.+?)\s*\??$",
            re.IGNORECASE,
        ),
    )


def premise_of(text: str) -> tuple[str, str]:
    """The clause that a question takes for granted and the question itself; "" and the text if there is none."""
    if not any(mark in text for mark in ",;，；") and not re.search(
        r"\b(?:given|now|considering|seeing) that\b|\bsince\b", text, re.IGNORECASE
    ):
        return "", text
    for pattern in _patterns():
        match = pattern.match(text)
        if match and len(match["premise"].split()) + len(match["premise"]) // 8 > 2 and not re.fullmatch(r"[\d\s\-–HQ]+", match["premise"]):
            return match["premise"], match["main"]
    return "", text


_ALL = Scope("9999", "9999")
"""Everything: a word that claims say outside the scope is understood."""
_NAME = 3
"""Characters from which an unknown Chinese word is taken for a name."""


def reason_of(task: Task, family: str, draft: Draft) -> str:
    """Why a question that found no answer has none: one of the reasons of the contract."""
    question = task.question
    if worded_as("opinion", question.text):
        return "unsupported_question"
    if worded_as("future", question.text):
        return "not_in_graph" if family == "when" or task.metrics else "unsupported_question"
    if len(task.entities) > 1 and worded_as("reason", question.masked):
        return "false_premise"
    unknown = unknown_words(task)
    if any(len(word) >= _NAME and not ordinary(task.catalog, word, question.text) for word in unknown if not word.isascii()):
        return "unknown_entity"
    if not task.entities:
        if unknown and len(unknown) == len(task.content) and re.match(r"(?:what|who) (?:is|are|was|were) ", question.masked):
            return "unknown_entity"
        if any(len(word) >= 2 and not word.isascii() for word in unknown) and sum(map(len, unknown)) >= 3:
            return "unknown_entity"
        if unknown and len(unknown) >= max(1, len(task.content) // 2):
            slot = family not in ("fact", "identity", "verify", "when", "list", "figure")
            return "unknown_entity" if slot else "out_of_scope"
        return "not_in_graph" if task.content else "unsupported_question"
    if draft.reason in ("false_premise", "unsupported_question"):
        return draft.reason
    if len(task.entities) > 1 and re.match(r"(?:why|when|how did|how does|since when)\b|为什么|为何|何时", question.masked):
        return "false_premise"
    if unknown and family in ("dependents", "dependencies", "path"):
        return "unsupported_question"
    return "not_in_graph"


def unknown_words(task: Task) -> list[str]:
    """The words of a question that no claim says, in scope or out of it."""
    from agikg.ask.retrieval import retrieval_in

    retrieval = retrieval_in(task.catalog, _ALL)
    return [word for word in task.content if not retrieval.known(word)]


def is_name(text: str, word: str) -> bool:
    """Whether a word is written like a name: a capital inside the sentence, or letters and digits together."""
    if any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and word.isascii():
        return True
    found = re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
    if found is None or not word.isascii():
        return False
    written = found[0]
    return written[:1].isupper() and (text[: found.start()].strip(" \"'(“") != "" or (written.isupper() and len(written) > 1))
