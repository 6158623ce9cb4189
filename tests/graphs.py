"""Data folders made of others: a part of one, with the entities that it speaks of; the small one with more in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.conftest import ROOT, write_small, write_vocabulary

# By label the parties come in another order than by identifier, and than they are written here.
_SHARED = """
e:cable-works a agi:Company ; skos:prefLabel "Cable Works"@en, "电缆厂"@zh-Hans ; agi:layer agi:layer-chips .
e:zeta-bolt a agi:Company ; skos:prefLabel "Bolt"@en ; agi:layer agi:layer-chips .
e:chip-two a agi:Chip ; skos:prefLabel "Chip Two"@en ; agi:layer agi:layer-chips .
e:rule-y a agi:ExportControl ; skos:prefLabel "Rule Y"@en ; agi:layer agi:layer-policy .
p:demo.all-1-3 a agi:Passage ; agi:inSection sec:demo.all ; agi:paragraph 1 ; agi:sentence 3 ; agi:fingerprint "00000000000000000000000000000003" .

c:demo.all-1-3a a agi:Claim ;
  rdf:subject e:rule-y ; rdf:predicate agi:barsAccessTo ; rdf:object e:line-b ;
  agi:party e:cable-works, e:acme ;
  agi:party e:zeta-bolt ;
  agi:validFrom "2024" ;
  agi:statement "Rule Y keeps three firms from Line B."@en ;
  agi:modality agi:stated ;
  agi:passage p:demo.all-1-3 .

c:demo.all-1-3b a agi:Claim ;
  rdf:subject e:chip-two ; rdf:predicate agi:fabricatedWith ; rdf:object e:line-b ;
  agi:statement "Chip Two is made on Line B."@en ;
  agi:modality agi:stated ;
  agi:passage p:demo.all-1-3 .

c:demo.all-1-3c a agi:Claim ;
  rdf:subject e:chip-two ; rdf:predicate agi:developedBy ; rdf:object e:zeta-bolt ;
  agi:statement "Chip Two is a design of Bolt."@en ;
  agi:modality agi:stated ;
  agi:passage p:demo.all-1-3 .
"""


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


def write_shared_control(place: Path) -> Path:
    """Writes the small graph with a control of three parties, ``c:demo.all-1-3a``, and a chip of one of them that it meets."""
    write_small(place)
    prefixes = {
        line for file in (place / "graph").rglob("*.ttl") for line in file.read_text("utf-8").splitlines() if line.startswith("@prefix")
    }
    (place / "graph" / "demo" / "shared.ttl").write_text("\n".join(sorted(prefixes)) + "\n" + _SHARED, encoding="utf-8")
    return place
