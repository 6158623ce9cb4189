"""Data folders made of a part of another: the vocabulary, some sources, and the entities that these speak of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.conftest import ROOT, write_vocabulary


def write_part(place: Path, sources: Sequence[str], root: Path = ROOT) -> Path:
    """Writes the folder; requirements that none of the sources' claims serves stay out, too."""
    write_vocabulary(place, root)
    _without_foreign_predicates(place / "ontology" / "domain.ttl", sources, root)
    for source in sources:
        shutil.copytree(root / "graph" / source, place / "graph" / source)
    files = sorted((place / "graph").rglob("*.ttl"))
    said = {file: file.read_text(encoding="utf-8") for file in files}
    required = _names(r"(?<=agi:requirement )r", said.values())
    for file, text in said.items():
        head, *blocks = re.split(r"(?m)^(?=r:\S+ a agi:Requirement)", text)
        served = [block if block.split()[0] in required else block.partition("\n\n")[2] for block in blocks]
        file.write_text(head + "".join(served), encoding="utf-8")
    spoken = _names("e", said.values())
    (place / "graph" / "entities").mkdir()
    for file in sorted((root / "graph" / "entities").glob("*.ttl")):
        head, *blocks = re.split(r"(?m)^(?=e:\S+ a )", file.read_text(encoding="utf-8"))
        mine = [block for block in blocks if block.split()[0] in spoken]
        if mine:
            (place / "graph" / "entities" / file.name).write_text(head + "".join(mine), encoding="utf-8")
    return place


def _names(prefix: str, texts: Iterable[str]) -> set[str]:
    """All names with a prefix, as they are written."""
    return {name for text in texts for name in re.findall(rf"{prefix}:(?:[\w-]|\.(?=[\w-])|\\.)+", text)}


def _without_foreign_predicates(file: Path, sources: Sequence[str], root: Path) -> None:
    """Takes the vocabulary's extensions out that the sources do not state, as a scope of sources does."""
    text = "".join(page.read_text(encoding="utf-8") for source in sources for page in (root / "graph" / source).glob("*.ttl"))
    stated = set(re.findall(r"rdf:predicate agi:(\w+)", text))
    blocks = file.read_text(encoding="utf-8").split("\n\n")
    foreign = {_first(block) for block in blocks if "agi:extension true" in block} - stated
    foreign |= {match[1] for block in blocks if (match := re.search(r"owl:inverseOf agi:(\w+)", block)) and _first(block) in foreign}
    file.write_text("\n\n".join(block for block in blocks if _first(block) not in foreign), encoding="utf-8")


def _first(block: str) -> str:
    match = re.match(r"\s*agi:(\w+) a ", block)
    return match[1] if match else ""
