"""Reads a question: language, entities, and the words around them. Decides nothing about what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agikg.catalog import Catalog
from agikg.names import Match, Span, tied, tokenise

_CJK = re.compile(r"[\u3400-\u9fff]")
_CJK_GAP = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")
_FUZZY_WORDS = 4
MARK = "§"


@dataclass(frozen=True)
class Mention:
    """A stretch of the question taken for an entity.

    Attributes:
        text: the words.
        matches: entities they may mean, best first; several of equal score are a tie.
    """

    text: str
    matches: tuple[Match, ...]

    @property
    def entity(self) -> int:
        """Position of the best match."""
        return self.matches[0].entity

    @property
    def ambiguous(self) -> bool:
        """Whether several entities fit equally well."""
        return len(tied(self.matches)) > 1


@dataclass(frozen=True)
class Question:
    """A question as read.

    Attributes:
        text: as asked.
        lang: en or zh.
        mentions: entities in order of appearance.
        masked: the words with each mention replaced by ``§0``, ``§1`` ...; no spaces around Chinese characters.
        words: the words that belong to no mention.
    """

    text: str
    lang: str
    mentions: tuple[Mention, ...]
    masked: str
    words: tuple[str, ...]


def read(catalog: Catalog, text: str, known_words: frozenset[str]) -> Question:
    """Reads a question.

    Args:
        catalog: names come from here.
        text: the question.
        known_words: words of the grammar, which no misspelt name may swallow.
    """
    tokens = tokenise(text)
    spans = [span for span in catalog.names.spans(tokens) if not _is_grammar(tokens, span, known_words)]
    spans += _misspelt(catalog, tokens, spans, known_words)
    spans.sort(key=lambda span: span.start)
    parts: list[str] = []
    words: list[str] = []
    position = 0
    for number, span in enumerate(spans):
        words += tokens[position : span.start]
        parts += [*tokens[position : span.start], f"{MARK}{number}"]
        position = span.end
    words += tokens[position:]
    parts += tokens[position:]
    return Question(
        text=text,
        lang="zh" if _CJK.search(text) else "en",
        mentions=tuple(Mention(span.text, span.matches) for span in spans),
        masked=_CJK_GAP.sub("", " ".join(parts)),
        words=tuple(words),
    )


def _is_grammar(tokens: Sequence[str], span: Span, known_words: frozenset[str]) -> bool:
    """Whether a one-word name is rather a word of the grammar (a name given alone stays a name)."""
    return span.end - span.start == 1 and span.text in known_words and len(tokens) > 1


def _misspelt(catalog: Catalog, tokens: Sequence[str], spans: Sequence[Span], known_words: frozenset[str]) -> list[Span]:
    """Names with typing errors, among the words that are neither names nor grammar; longest first."""
    taken = {index for span in spans for index in range(span.start, span.end)}
    free = [index not in taken and tokens[index] not in known_words and not _CJK.match(tokens[index]) for index in range(len(tokens))]
    found: list[Span] = []
    start = 0
    while start < len(tokens):
        for end in range(min(start + _FUZZY_WORDS, len(tokens)), start, -1):
            # A misspelt name may also take in a neighbouring word that is a name of its own ("SMCI" + "DUV").
            if all(free[start:end]) and (matches := catalog.names.fuzzy(tokens[start:end], floor=80.0)):
                found.append(Span(start, end, " ".join(tokens[start:end]), matches))
                start = end - 1
                break
        start += 1
    return found
