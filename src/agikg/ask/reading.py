"""Reads a question: language, entities, and the words around them. Decides nothing about what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from agikg.catalog import Catalog
from agikg.names import Match, Span, is_chinese, tied, tokenise
from agikg.words import stem

_WINDOW = 5
"""Most words of a misspelt name."""
_LONG = 3
"""Words from which a misspelt name may hold words of the grammar."""
_SPELLING_FLOOR = 80.0
_HOME = ("china", "chinese")
MARK = "§"
_OF = "的"
_BETWEEN = ("of", "at", "from", "by")
_MISSPELT = {
    "wich": "which", "whcih": "which", "witch": "which", "waht": "what", "wat": "what", "whta": "what", "teh": "the", "hte": "the",
    "hwo": "how",
    "manny": "many", "mutch": "much", "dose": "does", "deos": "does", "whos": "who", "whoes": "whose", "wehn": "when", "whare": "where",
    "wher": "where", "hav": "have", "liv": "live",
    "becuase": "because", "thier": "their", "chif": "chief", "cheif": "chief", "exectuive": "executive",
}  # fmt: skip
_IN_ORDER = {
    (word[0], "".join(sorted(word))): word
    for word in (
        "what",
        "which",
        "when",
        "where",
        "many",
        "much",
        "does",
        "have",
        "that",
        "with",
        "from",
        "they",
        "their",
        "these",
        "about",
    )
}
"""First letter and all letters of a word of the wording -> the word."""


def put_right(text: str) -> str:
    """A text with the commonest misspellings of the wording put right."""
    return " ".join(_MISSPELT.get(word.casefold(), word) for word in text.split(" "))


class Mention(NamedTuple):
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


class Question(NamedTuple):
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


def read(catalog: Catalog, text: str, known_words: frozenset[str], cues: frozenset[str]) -> Question:
    """Reads a question.

    Args:
        catalog: names come from here.
        text: the question.
        known_words: words of the grammar, which no misspelt name may swallow.
        cues: those of them that carry the question, and are put right where they are misspelt.
    """
    tokens = [_single(catalog, _MISSPELT.get(token) or _reordered(catalog, token)) for token in tokenise(text)]
    spans = _exact(catalog, tokens, known_words)
    if _OF in tokens:  # 中芯国际的DUV is 中芯国际DUV: a name may be parted by the particle
        joined_ = [token for token in tokens if token != _OF]
        closer = _exact(catalog, joined_, known_words)
        if sum(span.end - span.start for span in closer) > sum(span.end - span.start for span in spans):
            tokens, spans = joined_, closer
    unknown = _unknown(tokens, spans, known_words)
    if spans or len(unknown) > 1:
        unknown = {index for index in unknown if not _spoken(catalog, tokens[index])}
    if unknown:
        spans = _with_inexact(catalog, tokens, spans, unknown, known_words)
        tokens = _respelt(tokens, unknown - {i for span in spans for i in range(span.start, span.end)}, cues)
    if any(map(is_chinese, text)):
        spans = _with_sounding(catalog, tokens, spans)
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
        lang="zh" if any(map(is_chinese, text)) else "en",
        mentions=tuple(Mention(span.text, span.matches) for span in spans),
        masked=joined(parts),
        words=tuple(words),
    )


def joined(parts: Sequence[str]) -> str:
    """The parts with spaces between them, but none beside Chinese characters."""
    text = ""
    for part in parts:
        gap = " " if text and not is_chinese(text[-1]) and not is_chinese(part[0]) else ""
        text += gap + part
    return text


def _exact(catalog: Catalog, tokens: Sequence[str], known_words: frozenset[str]) -> list[Span]:
    """Names as they are known; a single word of the grammar is no name, unless it is the whole question."""
    spans = _turned(catalog, tokens, _at_home(catalog, tokens, catalog.names.spans(tokens)))
    return [span for span in spans if len(tokens) == 1 or span.end - span.start > 1 or span.text not in known_words]


def _at_home(catalog: Catalog, tokens: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans and names said without the country that the graph is about ("AGI ecosystem" for "China's AGI ecosystem")."""
    found = list(spans)
    for start in range(len(tokens)):
        for end in range(min(len(tokens), start + _WINDOW), start + 1, -1):
            inside = [span for span in found if span.start < end and span.end > start]
            if any(span.start < start or span.end > end or span.end - span.start >= end - start for span in inside):
                continue
            matches = next(filter(None, (catalog.names.exact([country, *tokens[start:end]]) for country in _HOME)), ())
            if matches:
                found = [span for span in found if span not in inside]
                found.append(Span(start, end, " ".join(tokens[start:end]), tuple(match._replace(score=0.95) for match in matches)))
                break
    return sorted(found, key=lambda span: span.start)


def _turned(catalog: Catalog, tokens: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans and names said the other way round ("the data centres of China Mobile" for "China Mobile data centres")."""
    found = list(spans)
    for middle, token in enumerate(tokens):
        if token not in _BETWEEN:
            continue
        after = middle + 2 if tokens[middle + 1 : middle + 2] == ["the"] else middle + 1
        for start, end in _beside(middle, after, len(tokens)):
            inside = [span for span in found if span.start < end and span.end > start]
            matches = catalog.names.exact([*tokens[after:end], *tokens[start:middle]])
            if matches and not any(span.start < start or span.end > end for span in inside):
                found = [span for span in found if span not in inside]
                found.append(Span(start, end, " ".join(tokens[start:end]), tuple(match._replace(score=0.95) for match in matches)))
                break
    return sorted(found, key=lambda span: span.start)


def _beside(middle: int, after: int, count: int) -> list[tuple[int, int]]:
    """Stretches around a word, longest first."""
    around = [
        (start, end) for start in range(max(0, middle - _WINDOW), middle) for end in range(after + 1, min(count, after + _WINDOW) + 1)
    ]
    return sorted(around, key=lambda place: place[0] - place[1])


def _unknown(tokens: Sequence[str], spans: Sequence[Span], known_words: frozenset[str]) -> set[int]:
    """Positions of words that are neither names nor grammar. Chinese characters are never misspelt."""
    taken = {index for span in spans for index in range(span.start, span.end)}
    return {
        index
        for index, token in enumerate(tokens)
        if index not in taken and token not in known_words and not is_chinese(token[0]) and not token.isdigit()
    }


def _single(catalog: Catalog, token: str) -> str:
    """A name in the plural ("A100s") in the singular."""
    plural = token.endswith("s") and any(map(str.isdigit, token)) and not catalog.names.exact([token])
    return token[:-1] if plural and catalog.names.exact([token[:-1]]) else token


def _reordered(catalog: Catalog, token: str) -> str:
    """A word of the wording with its letters put in order ("mnay"), unless claims or names have it as it stands."""
    if len(token) < 4 or token in _IN_ORDER.values() or not token.isascii():
        return token
    meant = _IN_ORDER.get((token[0], "".join(sorted(token))))
    # The words of the claims are read last: most questions are answered without them.
    return token if meant is None or stem(token) in catalog.search.postings else meant


def _spoken(catalog: Catalog, token: str) -> bool:
    """Whether claims say a word: then it is not a misspelt name."""
    return stem(token) in catalog.search.postings or stem(token) in catalog.search.synonyms


def _respelt(tokens: Sequence[str], unknown: set[int], cues: frozenset[str]) -> list[str]:
    """The words with misspelt grammar put right ("depnds")."""
    from rapidfuzz import fuzz, process

    words = sorted(word for word in cues if len(word) > 4)
    corrected = list(tokens)
    for index in unknown:
        if len(tokens[index]) > 4:
            best = process.extractOne(tokens[index], words, scorer=fuzz.ratio, score_cutoff=_SPELLING_FLOOR)
            close = best is not None and best[0][0] == tokens[index][0] and abs(len(best[0]) - len(tokens[index])) <= 1
            corrected[index] = best[0] if best is not None and close else tokens[index]
    return corrected


def _with_inexact(
    catalog: Catalog, tokens: Sequence[str], spans: Sequence[Span], unknown: set[int], known_words: frozenset[str]
) -> list[Span]:
    """The spans and names cut short or misspelt; such a word may belong to a known name beside it ("ascned 910c")."""
    found = list(spans)
    for start, end in _windows(len(tokens), unknown):
        inside = [span for span in found if span.start < end and span.end > start]
        if any(span.start < start or span.end > end for span in inside):
            continue
        # A word of the grammar may stand inside of a name ("mixture of experts"), at its ends it is the question's.
        outer = range(start, end) if end - start < _LONG else (start, end - 1)
        if any(tokens[index] in known_words for index in outer) or not unknown & set(range(start, end)):
            continue
        matches = catalog.names.inexact(tokens[start:end])
        if matches:
            found = [span for span in found if span not in inside]
            found.append(Span(start, end, " ".join(tokens[start:end]), matches))
            unknown = unknown - set(range(start, end))
    return sorted(found, key=lambda span: span.start)


def _with_sounding(catalog: Catalog, tokens: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans and Chinese names written with other characters of the same sound, where characters make no known word."""
    from agikg.ask.synonyms import unknown_stretches

    taken = {index for span in spans for index in range(span.start, span.end)}
    free = "".join(token if index not in taken and is_chinese(token[0]) else " " * len(token) for index, token in enumerate(tokens))
    places = [index for index, token in enumerate(tokens) for _ in token]
    stretches = unknown_stretches(free) if spans else [(start, end) for start, end in _runs(free)]
    found = list(spans)
    for start, end in stretches:
        for first, last in _windows(len(free), set(range(start, end))):
            window = free[first:last]
            if " " in window or last - first < 2 or (last - first == 2 and not (start <= first and last <= end)):
                continue
            matches = catalog.names.sounding(list(window))
            if matches:
                found.append(Span(places[first], places[last - 1] + 1, window, matches))
                break
    return sorted(found, key=lambda span: span.start)


def _runs(text: str) -> list[tuple[int, int]]:
    """Stretches between spaces."""
    return [match.span() for match in re.finditer(r"\S+", text)]


def _windows(count: int, unknown: set[int]) -> list[tuple[int, int]]:
    """Stretches of words that hold an unknown one, longest first."""
    stretches = {
        (start, end)
        for index in unknown
        for start in range(max(0, index - _WINDOW + 1), index + 1)
        for end in range(index + 1, min(count, start + _WINDOW) + 1)
    }
    return sorted(stretches, key=lambda stretch: (stretch[0] - stretch[1], stretch))
