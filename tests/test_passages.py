from __future__ import annotations

import pytest

from agikg.passages import FRONT, fingerprint, normalise, sentences, split_sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("U.S. export controls began in 2020. They grew.", 2),
        ("While not on the U.S. Entity List, they wait. So do we.", 2),
        ("Costs, scheduling, etc. Grow on.", 1),
        ('Is it? Yes! (Perhaps.) "Quite." He left.', 5),
        ("Version 1.5 came from 01.AI last year.", 1),
        ("中国发布了规划。随后启动。", 2),
        ("No full stop at the end", 1),
    ],
)
def test_sentence_ends(text: str, count: int) -> None:
    assert len(split_sentences(text)) == count


def test_fingerprint_sees_words_and_numbers_only() -> None:
    assert fingerprint("“Big Fund III” – it grew.") == fingerprint("big fund iii   it grew")
    assert fingerprint("[Index](https://example.org) fell") == fingerprint("Index fell")
    assert normalise("4.35 and 43.5, 1,328 and 13%") == "4.35 and 43.5 1,328 and 13%"


@pytest.mark.parametrize(("a", "b"), [("about 40%", "about 45%"), ("4.35", "43.5"), ("it is", "it is not"), ("USD 5", "CNY 5")])
def test_fingerprint_sees_a_change_of_meaning(a: str, b: str) -> None:
    assert fingerprint(a) != fingerprint(b)


def test_sections_paragraphs_and_page_breaks() -> None:
    text = "Contents\n\nOne\n\nFirst. Second\n\n\ncontinued here. Third.\n\nTwo\n\nLast\nline."
    found = [(s.locator, s.line, s.text) for s in sentences(text, {"One": "one", "Two": "two"})]
    assert found == [
        (f"{FRONT} ¶1 s1", 1, "Contents"),
        ("one ¶1 s1", 5, "First."),
        ("one ¶1 s2", 5, "Second continued here."),
        ("one ¶1 s3", 8, "Third."),
        ("two ¶1 s1", 12, "Last line."),
    ]
