"""Writes the parts of the documentation that the program itself knows: ``python -m tests.write_docs``.

The tests compare what is written with what would be written now.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.conftest import ROOT, run_process

COMMAND = 'agikg ask "what depends on SMIC DUV"'
_SHOWN = 7
"""Lines of evidence in the README."""
DATA = ROOT / "docs" / "data.md"
_VOLATILE = re.compile(r"snapshot sha256:\w+ · as of \S+ · known at \S+")
_HEAD = """# The command line

Written by `python -m tests.write_docs` from the program's own help.

`NAME` is an entity by label, alias, Chinese name, pinyin, slug or CURIE; quotes are optional where unambiguous.
Exit codes: 0 done, 1 unexpected failure, 2 wrong usage or bad input, 3 refused, 4 a limit was hit, 5 a store or source cannot be read.

## Shell completion

```sh
eval "$(_AGIKG_COMPLETE=bash_source agikg)"      # bash: put it into ~/.bashrc
eval "$(_AGIKG_COMPLETE=zsh_source agikg)"       # zsh: ~/.zshrc
_AGIKG_COMPLETE=fish_source agikg | source       # fish: ~/.config/fish/completions/agikg.fish
```

Names complete as slugs (`ascend-910c`), which need no quotes.

## Settings

SETTINGS

`AGIKG_HOME` is the folder for snapshots (else the user's cache folder), `AGIKG_DATA` a folder with `ontology/`, `graph/` and `queries/` to use instead
of the data that comes with agikg, `AGIKG_IMPORTS` the folder of imported sets ([exchange.md](exchange.md)), `AGIKG_DEBUG=1` shows tracebacks. `NO_COLOR`, `FORCE_COLOR` and `COLUMNS` are respected.

"""


def transcript() -> str:
    """What the README's question prints at 80 columns, hash and dates left open."""
    out = run_process("ask", "what depends on SMIC DUV", COLUMNS="80").out
    lines = _VOLATILE.sub("snapshot sha256:… · as of … · known at …", out.rstrip()).split("\n")
    evidence = lines.index("Evidence") + _SHOWN
    return "\n".join([f"$ {COMMAND}", *lines[:evidence], "[and so on, a claim for each number]", "", *lines[lines.index("Not known") :]])


def readme(text: str) -> str:
    """The README with the transcript as it is now."""
    return re.sub(r"```console\n.*?\n```", lambda _: f"```console\n{transcript()}\n```", text, count=1, flags=re.DOTALL)


def command_line() -> str:
    """docs/cli.md."""
    from agikg.cli.app import _COMMANDS
    from agikg.settings import SETTINGS

    rows = "\n".join(f"| `{s.variable}` | {s.default:,} | {s.help} |" for s in SETTINGS)
    parts = [_HEAD.replace("SETTINGS", f"| variable | default | limits |\n|---|---|---|\n{rows}")]
    for name in ("", *_COMMANDS):
        out = run_process(*filter(None, [name]), "--help", COLUMNS="100").out
        parts.append(f"## agikg {name}".rstrip() + f"\n\n```text\n{out.rstrip()}\n```\n\n")
    return "".join(parts).rstrip() + "\n"


def query_catalogue() -> str:
    """queries/README.md."""
    from agikg.queries import load_all

    lines = ["# Named queries", "", "Written by `python -m tests.write_docs`. Run one with `agikg query NAME key=value ...`.", ""]
    lines += ["| query | what it lists | parameters | columns |", "|---|---|---|---|"]
    for query in load_all(ROOT / "queries").values():
        parameters = "; ".join(f"`{p.name}`{' (optional)' if p.optional else ''}: {p.help}" for p in query.parameters)
        lines.append(f"| [{query.name}]({query.name}.rq) | {query.summary} | {parameters} | {', '.join(query.columns)} |")
    return "\n".join(lines) + "\n"


def data_note(text: str) -> str:
    """docs/data.md with the counts as they are now."""
    counts = f"<!-- counts -->\n\n{data_counts()}\n\n<!-- end of counts -->"
    return re.sub(r"<!-- counts -->.*<!-- end of counts -->", lambda _: counts, text, count=1, flags=re.DOTALL)


def data_counts() -> str:
    """Claims, entities and sources per layer, tier, year, modality and confidence, as tables."""
    from agikg.kg import KnowledgeGraph

    kg = KnowledgeGraph.open()
    rows = [kg.catalog.row(position) for position in range(kg.catalog.claim_count)]
    sources = {source.id: source for source in kg.sources()}
    entities = {entity.id: entity for entity in kg.entities()}
    layers, tiers, modalities, confidences = (
        [row["key"] for row in kg.catalog.concepts(name)] for name in ("layers", "tiers", "modalities", "confidences")
    )
    origins = {row["origin"] for row in rows}
    linked = {entity for link in kg.catalog.links if link.role != "none" for entity in (link.subject, link.object)}
    parts = [
        f"{len(rows):,} claims by {len(sources)} sources ({len(origins)} independent origins) on {len(entities):,} entities, {len(linked):,} of them in the "
        f"dependency network; {sum(source.id != 'sinolytics-2025' for source in sources.values())} sources and "
        f"{sum(row['source'] != 'sinolytics-2025' for row in rows):,} claims are beyond the whitepaper."
    ]
    by_layer = Counter(entities[row["subject"]].layer for row in rows)
    beyond = Counter(entities[row["subject"]].layer for row in rows if row["source"] != "sinolytics-2025")
    things = Counter(entity.layer for entity in entities.values())
    connected = Counter(kg.catalog.ref(entity).layer for entity in linked)
    parts.append(
        _table(
            "layer of the subject | claims | beyond the whitepaper | entities | in the network",
            [[layer, by_layer[layer], beyond[layer], things[layer], connected[layer]] for layer in layers],
        )
    )
    by_tier = Counter(sources[row["source"]].tier for row in rows)
    parts.append(
        _table(
            "tier | sources | claims", [[tier, sum(source.tier == tier for source in sources.values()), by_tier[tier]] for tier in tiers]
        )
    )
    years = Counter(source.published[:4] for source in sources.values())
    by_year = Counter(row["published"][:4] for row in rows)
    parts.append(_table("published | sources | claims", [[year, years[year], by_year[year]] for year in sorted({*years, *by_year})]))
    for name, words in (("modality", modalities), ("confidence", confidences)):
        found = Counter(row[name] for row in rows)
        parts.append(_table(f"{name} | claims", [[word, found[word]] for word in words]))
    return "\n\n".join(parts)


def _table(head: str, rows: list[list[object]]) -> str:
    columns = head.split(" | ")
    lines = [f"| {head} |", "|" + "---|" * len(columns)]
    return "\n".join(
        lines + ["| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row) + " |" for row in rows]
    )


def documents() -> dict[Path, str]:
    """Every written document as it should be."""
    front = ROOT / "README.md"
    return {
        front: readme(front.read_text(encoding="utf-8")),
        ROOT / "docs" / "cli.md": command_line(),
        ROOT / "queries" / "README.md": query_catalogue(),
        DATA: data_note(DATA.read_text(encoding="utf-8")),
    }


if __name__ == "__main__":
    for path, content in documents().items():
        path.write_text(content, encoding="utf-8")
