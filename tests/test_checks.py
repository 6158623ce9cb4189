"""Checks of the build that the graph's own files pass: each refuses the slip it is there for, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from agikg.kg import validate
from agikg.kg.imports import Imports

STATED = "agi:modality agi:stated ;\n  agi:passage p:demo.all-1-1 ."
TIER = "agi:tier agi:tier-press ;"


def found(root: Path, *changes: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Key, text of the line and message of each problem, after the first occurrence of each text was changed."""
    file = root / "graph" / "demo" / "demo.ttl"
    text = file.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")
    return [(problem.check, text.splitlines()[problem.line - 1].strip(), problem.message) for problem in validate()]


def test_a_claimed_claim_says_whose_word_it_is(small: Path) -> None:
    claimed = STATED.replace("stated", "claimed")
    ((key, line, message),) = found(small, (STATED, claimed))
    assert (key, line) == ("P2", "agi:modality agi:claimed ;")
    assert "c:demo.all-1-1a" in message and "agi:attributedTo" in message
    assert found(small, (claimed, f"agi:attributedTo e:acme ;\n  {claimed}")) == []


def test_an_inferred_claim_says_what_it_joins(small: Path) -> None:
    inferred = STATED.replace("stated", "inferred")
    ((key, line, _),) = found(small, (STATED, inferred))
    assert (key, line) == ("P1", "agi:modality agi:inferred ;")
    assert found(small, (inferred, f'agi:note "Read from both." ;\n  {inferred}')) == []


OTHER = """
s:other a agi:Source ;
  dcterms:identifier "other" ; dcterms:title "Another" ; dcterms:publisher "Nobody" ; agi:published "2024-05" ; agi:accessed "2024-07-01" ;
  agi:tier agi:tier-press ; dcterms:license "CC0" ; schema:url <https://example.org/other> .

sec:demo.all a"""


@pytest.mark.parametrize("says", ["agi:origin s:other ;", 'agi:originName "Bloomberg 2024-05-30" ;'])
def test_a_source_that_repeats_another_is_a_repost(small: Path, says: str) -> None:
    ((key, line, message),) = found(small, ("\nsec:demo.all a", OTHER), (TIER, f"{TIER}\n  {says}"))
    assert (key, line) == ("P4", says)
    assert "s:demo" in message and "agi:tier-repost, not agi:tier-press" in message
    assert found(small, (TIER, "agi:tier agi:tier-repost ;")) == []


def test_a_tier_that_is_missing_is_told_once(small: Path) -> None:
    problems = found(small, (TIER, 'agi:originName "Bloomberg 2024-05-30" ;'))
    assert [key for key, _, _ in problems] == ["shape"]


def test_a_control_that_closes_access_names_a_party(small: Path) -> None:
    problems = found(small, ("agi:party e:acme ; ", ""))
    assert [(key, "agi:party" in message) for key, _, message in problems] == [("R2", True)]


def test_imported_claims_are_held_to_it_too(small: Path, tmp_path: Path) -> None:
    from agikg.errors import InvalidGraph

    file = tmp_path / "mine.jsonl"
    file.write_text(
        '{"subject": "Chip One", "predicate": "developedBy", "object": "Acme", "modality": "claimed", "source": "demo"}\n', encoding="utf-8"
    )
    with pytest.raises(InvalidGraph) as refused:
        Imports().add(str(file))
    assert [(problem.line, problem.check) for problem in refused.value.problems] == [(1, "P2")]
