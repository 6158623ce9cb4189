"""Data folders made of a part of another: the vocabulary, some sources, and the entities that these speak of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT


def write_part(place: Path, sources: Sequence[str], root: Path = ROOT) -> Path:
    """Writes the folder; requirements that none of the sources' claims serves stay out, too."""
    for name in ("ontology", "queries"):
        shutil.copytree(root / name, place / name)
    for source in sources:
        shutil.copytree(root / "graph" / source, place / "graph" / source)
    files = sorted((place / "graph").rglob("*.ttl"))
    said = "".join(file.read_text(encoding="utf-8") for file in files)
    for file in files:
        head, *blocks = re.split(r"(?m)^(?=r:\S+ a agi:Requirement)", file.read_text(encoding="utf-8"))
        served = [block if _named(f"agi:requirement {block.split()[0]}", said) else block.partition("\n\n")[2] for block in blocks]
        file.write_text(head + "".join(served), encoding="utf-8")
    (place / "graph" / "entities").mkdir()
    for file in sorted((root / "graph" / "entities").glob("*.ttl")):
        head, *blocks = re.split(r"(?m)^(?=e:\S+ a )", file.read_text(encoding="utf-8"))
        mine = [block for block in blocks if _named(block.split()[0], said)]
        if mine:
            (place / "graph" / "entities" / file.name).write_text(head + "".join(mine), encoding="utf-8")
    return place


def _named(name: str, text: str) -> bool:
    return re.search(rf"{re.escape(name)}(?![\w-])", text) is not None
