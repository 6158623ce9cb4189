"""Sentences of a source: where they stand and the fingerprint of their words.

Knows text only; it never sees the graph and never stores what it reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

FRONT = "front"
"""Section key of whatever stands before the first titled section."""

_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
# A word or number; a decimal point or thousands comma stays inside its number, so 4.35 is not 43.5.
_TOKEN = re.compile(r"[^\W_]+(?:[.,](?=\d)[^\W_]+)*%?|[$€£¥]")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-z_])|[。！？]+[”’」』）]*\s*")
_ABBREVIATIONS = frozenset(
    {"u.s", "u.k", "e.g", "i.e", "etc", "vs", "dr", "mr", "ms", "prof", "no", "inc", "ltd", "co", "corp", "approx", "fig"}
)
_TERMINAL = re.compile(r"[.!?…:。！？：][\"'”’)\]）」』]*$")


class Sentence(NamedTuple):
    """One sentence of a document.

    Attributes:
        section: key of the section it stands in.
        paragraph: number of the block of text in its section, headings counted, from 1.
        number: number of the sentence in its paragraph, from 1.
        line: line of the file (from 1) on which it begins.
        text: the words, white space folded.
    """

    section: str
    paragraph: int
    number: int
    line: int
    text: str

    @property
    def locator(self) -> str:
        """``chips ¶3 s2``."""
        return locator(self.section, self.paragraph, self.number)


def locator(section: str, paragraph: int | None, sentence: int) -> str:
    """How a reader is told where to look.

    Web pages have no paragraphs that stay: of them only the sentences that are cited are counted, and the fingerprint finds them.
    """
    return f"{section} (cited sentence {sentence})" if paragraph is None else f"{section} ¶{paragraph} s{sentence}"


def normalise(sentence: str) -> str:
    """Words and numbers of a sentence, free of case, punctuation, quotes and mark-up."""
    plain = _MARKDOWN_LINK.sub(r"\1", unicodedata.normalize("NFKC", sentence))
    return " ".join(_TOKEN.findall(plain.casefold()))


def fingerprint(sentence: str) -> str:
    """First 32 hex digits of the SHA-256 of the normalised sentence."""
    import hashlib

    return hashlib.sha256(normalise(sentence).encode("utf-8")).hexdigest()[:32]


def split_sentences(paragraph: str) -> list[str]:
    """Sentences of one paragraph. Abbreviations (U.S., etc.) do not end one."""
    parts: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        before = paragraph[start : match.start()].rsplit(None, 1)
        last_word = before[-1].strip("(\"'“‘[").casefold() if before else ""
        if last_word in _ABBREVIATIONS:
            continue
        parts.append(paragraph[start : match.end()].strip())
        start = match.end()
    rest = paragraph[start:].strip()
    return [*parts, rest] if rest else parts


def sentences(text: str, sections: Mapping[str, str]) -> Iterator[Sentence]:
    """Every sentence of a document in order.

    Args:
        text: the document as plain text; blank lines part its paragraphs.
        sections: title of each section -> its key; a block that consists of a title opens the section.

    Yields:
        One ``Sentence`` each. Titles themselves are not sentences.
    """
    by_title = {normalise(title): key for title, key in sections.items()}
    section, number = FRONT, 0
    for pieces in _paragraphs(text.splitlines()):
        block = " ".join(words for _, words in pieces)
        opened = by_title.get(normalise(block))
        if opened is not None:
            section, number = opened, 0
            continue
        number += 1
        position = 0
        for count, sentence in enumerate(split_sentences(block), start=1):
            position = block.index(sentence, position)
            yield Sentence(section, number, count, _line_at(pieces, position), sentence)
            position += len(sentence)


def _line_at(pieces: list[tuple[int, str]], position: int) -> int:
    """Line of the piece in which a position of the joined text falls."""
    for line, words in pieces:
        if position <= len(words):
            return line
        position -= len(words) + 1
    return pieces[-1][0]


def _paragraphs(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    """Blocks of text as lines with their numbers; a block cut by a page break is joined again."""
    held: list[tuple[int, str]] = []
    for block in _blocks(lines):
        if held and block[0][1][:1].islower() and not _TERMINAL.search(held[-1][1]):
            held += block
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


def _blocks(lines: Iterable[str]) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(lines, start=1):
        words = " ".join(line.split())
        if words:
            block.append((number, words))
        elif block:
            yield block
            block = []
    if block:
        yield block
