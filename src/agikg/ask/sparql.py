"""The SPARQL that reproduces an answer, ready to paste."""

from __future__ import annotations

from agikg.ask.draft import Draft, Task
from agikg.vocab import PREFIXES, expand

_CLAIMS = """PREFIX agi: <{agi}>
SELECT ?claim ?statement ?modality ?locator WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim agi:statement ?statement ; agi:modality ?modality ; agi:passage/agi:locator ?locator .
}} ORDER BY ?claim"""
_REACH = """PREFIX agi: <{agi}>
PREFIX skos: <{skos}>
SELECT DISTINCT ?entity ?label WHERE {{
  {pattern}
  ?entity skos:prefLabel ?label . FILTER (lang(?label) = "en" && ?entity != <{root}>)
}} ORDER BY ?label"""


def reproducing(task: Task, draft: Draft) -> tuple[str, ...]:
    """Queries that give the answer's entities (for reaches) and its claims."""
    found = []
    if task.family in ("dependents", "dependencies"):
        root = expand(task.catalog.ref(task.entities[0]).id)
        up = task.family == "dependents"
        pattern = f"?entity agi:dependsOn/agi:requires* <{root}> ." if up else f"<{root}> agi:dependsOn/agi:requires* ?entity ."
        found.append(_REACH.format(agi=PREFIXES["agi"], skos=PREFIXES["skos"], pattern=pattern, root=root))
    claims = " ".join(f"<{expand(claim)}>" for claim in dict.fromkeys(draft.claims))
    return (*found, _CLAIMS.format(agi=PREFIXES["agi"], claims=claims)) if claims else tuple(found)
