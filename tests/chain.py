"""A made-up value chain as a data folder: countries, owners, shares, k-of-n, two origins, a control that is part of another."""

from __future__ import annotations

from pathlib import Path

from agikg import vocab
from tests.conftest import write_vocabulary

_PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in vocab.PREFIXES.items()) + "\n"
_ENTITIES = """
alphaland Place policy; betaland Place policy; port-city Place policy; toolworks Company equipment; machine-m Equipment equipment;
machine-n Equipment equipment; fab-line Facility foundry; fabco Company foundry; holdco Company foundry; chip-x Chip chips;
chip-y Chip chips; designco Company chips; otherco Company chips; mem-a Memory foundry; mem-b Memory foundry; gas-1 Material materials;
gas-2 Material materials; gas-3 Material materials; server-s Server computing; model-q Model models; app-z Application applications;
rule-r ExportControl policy; big-rules ExportControl policy; island Company applications
"""
_REQUIREMENTS = """
fab-machine fab-line lithography 1; fab-gas fab-line gases 2; chip-memory chip-x memory 1; server-chip server-s processors 1
"""
# source | subject | predicate | object | qualifiers
_CLAIMS = """
report | fab-line | needsInput | machine-m | agi:requirement r:fab-machine
repeat | fab-line | needsInput | machine-m | agi:requirement r:fab-machine
study | fab-line | hasAlternativeInput | machine-n | agi:requirement r:fab-machine
report | machine-m | manufacturedBy | toolworks |
report | fab-line | needsInput | gas-1 | agi:requirement r:fab-gas
report | fab-line | needsInput | gas-2 | agi:requirement r:fab-gas
report | fab-line | needsInput | gas-3 | agi:requirement r:fab-gas
report | fab-line | operatedBy | fabco |
report | chip-x | fabricatedWith | fab-line |
report | chip-x | developedBy | designco |
study | chip-x | needsInput | mem-a | agi:requirement r:chip-memory ; agi:requirementShare 0.7
study | chip-x | needsInput | mem-b | agi:requirement r:chip-memory ; agi:requirementShare 0.3
study | chip-y | developedBy | otherco |
report | server-s | poweredBy | chip-x | agi:requirement r:server-chip
study | server-s | poweredBy | chip-y | agi:requirement r:server-chip
study | model-q | runsOn | server-s |
study | app-z | poweredBy | model-q |
study | app-z | uses | gas-1 |
study | rule-r | barsAccessTo | machine-n | agi:party e:fabco ; agi:validFrom "2022"
study | rule-r | partOf | big-rules |
study | big-rules | imposedBy | island |
study | toolworks | basedIn | alphaland |
study | fabco | basedIn | betaland |
study | fabco | ownedBy | holdco |
study | holdco | basedIn | betaland |
study | fab-line | locatedIn | port-city |
study | port-city | partOf | betaland |
study | designco | basedIn | alphaland |
study | island | basedIn | alphaland |
"""
_SOURCES = {"report": ("press", ""), "repeat": ("repost", "agi:origin s:report ;"), "study": ("think-tank", "")}


def write_chain(root: Path) -> Path:
    """Writes the data folder below a root, with the real vocabulary and queries."""
    write_vocabulary(root)
    (root / "graph" / "entities").mkdir(parents=True)
    entities = [
        f'e:{slug} a agi:{kind} ;\n  skos:prefLabel "{slug.replace("-", " ").title()}"@en ;\n  agi:layer agi:layer-{layer} .\n'
        for slug, kind, layer in (row.split() for row in _ENTITIES.split(";"))
    ]
    (root / "graph" / "entities" / "all.ttl").write_text(_PREFIXES + "\n".join(entities), encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in _CLAIMS.strip().splitlines()]
    for source, (tier, origin) in _SOURCES.items():
        folder = root / "graph" / source
        folder.mkdir()
        text = _PREFIXES + (
            f's:{source} a agi:Source ;\n  dcterms:identifier "{source}" ;\n  dcterms:title "The {source}" ;\n  dcterms:publisher "Nobody" ;\n'
            f'  agi:published "2024-06" ;\n  agi:accessed "2024-07-01" ;\n  agi:tier agi:tier-{tier} ;\n  {origin}\n'
            f'  dcterms:license "CC0" ;\n  schema:url <https://example.org/{source}> .\n\n'
            f'sec:{source}.all a agi:Section ;\n  agi:inSource s:{source} ; agi:sectionKey "all" ;\n  dcterms:title "All"@en .\n\n'
        )
        if source == "report":
            for slug, owner, function, minimum in (row.split() for row in _REQUIREMENTS.split(";")):
                text += f'r:{slug} a agi:Requirement ;\n  agi:requiredBy e:{owner} ;\n  agi:function "{function}"@en ;\n  agi:minimum {minimum} .\n\n'
        for number, (_, subject, predicate, object_, more) in enumerate((row for row in rows if row[0] == source), start=1):
            text += (
                f"p:{source}.all-1-{number} a agi:Passage ; agi:inSection sec:{source}.all ; agi:paragraph 1 ; agi:sentence {number} ;"
                f' agi:fingerprint "{source.encode().hex()[:12]:0<24}{number:08x}" .\n\n'
                f"c:{source}.all-1-{number}a a agi:Claim ;\n  rdf:subject e:{subject} ; rdf:predicate agi:{predicate} ; rdf:object e:{object_} ;\n"
                + (f"  {more} ;\n" if more else "")
                + f'  agi:statement "{subject} {predicate} {object_}, says the {source}."@en ;\n  agi:modality agi:stated ;\n'
                f"  agi:passage p:{source}.all-1-{number} .\n\n"
            )
        (folder / f"{source}.ttl").write_text(text, encoding="utf-8")
    return root
