"""Writes the parts of the documentation that the program itself knows: ``python -m tests.write_docs``.

The tests compare what is written with what would be written now.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT, run_process

COMMAND = 'agikg ask "what depends on SMIC DUV"'
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
of the data that comes with agikg, `AGIKG_DEBUG=1` shows tracebacks. `NO_COLOR`, `FORCE_COLOR` and `COLUMNS` are respected.

"""


def transcript() -> str:
    """What the README's question prints at 80 columns, hash and dates left open."""
    out = run_process("ask", "what depends on SMIC DUV", COLUMNS="80").out
    return _VOLATILE.sub("snapshot sha256:… · as of … · known at …", f"$ {COMMAND}\n{out.rstrip()}")


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


def documents() -> dict[Path, str]:
    """Every written document as it should be."""
    front = ROOT / "README.md"
    return {
        front: readme(front.read_text(encoding="utf-8")),
        ROOT / "docs" / "cli.md": command_line(),
        ROOT / "queries" / "README.md": query_catalogue(),
    }


if __name__ == "__main__":
    for path, content in documents().items():
        path.write_text(content, encoding="utf-8")
