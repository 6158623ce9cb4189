"""Start-up as a user feels it: whole processes, as ratios to ``python -c pass``, side by side in one run.

    python -m benchmarks.startup [--write]

``--write`` puts the table into benchmarks/startup.md. Goals: ``--help`` below 6, a warm question below 12.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 25
AGIKG = [sys.executable, "-m", "agikg"]
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "agikg --help": [*AGIKG, "--help"],
    'agikg ask "what depends on SMIC DUV"': [*AGIKG, "ask", "what depends on SMIC DUV"],
    'agikg ask "910C yield"': [*AGIKG, "ask", "910C yield"],
    'agikg dependents "smic duv"': [*AGIKG, "dependents", "smic duv"],
    "agikg show 910C": [*AGIKG, "show", "910C"],
    "agikg path SMIC Huawei": [*AGIKG, "path", "SMIC", "Huawei"],
    "python -c 'import rdflib' (for comparison)": [sys.executable, "-c", "import rdflib"],
    "python -c 'import networkx' (for comparison)": [sys.executable, "-c", "import networkx"],
}


# Installed packages have their bytecode beside them; a machine may be told to write none.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir()) / "agikg-startup-bytecode")
}


def seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    return time.perf_counter() - started


def main() -> None:
    for command in COMMANDS.values():  # compiles the snapshot, and writes the bytecode
        seconds(command)
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):  # in turn, so that a busy moment of the machine hits all alike
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    base = statistics.median(times["python -c pass"])
    lines = ["| whole process | median | ratio to `python -c pass` |", "|---|---|---|"]
    lines += [f"| `{name}` | {statistics.median(t) * 1000:.0f} ms | {statistics.median(t) / base:.1f} |" for name, t in times.items()]
    table = "\n".join(lines)
    print(table)
    if "--write" in sys.argv:
        head = f"# Start-up\n\nPython {platform.python_version()}, {ROUNDS} rounds in turn, `python -m benchmarks.startup --write`. Ratios count.\n\n"
        Path(__file__).with_suffix(".md").write_text(head + table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
