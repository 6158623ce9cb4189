"""Limits and places, each with its default and the environment variable that changes it.

Read once per use, never at import: a test or a server can set its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

from agikg.errors import BadInput


class Setting(NamedTuple):
    """One declared setting."""

    name: str
    default: float
    variable: str
    help: str


SETTINGS = (
    Setting("query_seconds", 10, "AGIKG_QUERY_SECONDS", "wall-clock seconds an outside SPARQL query may take"),
    Setting("query_rows", 100_000, "AGIKG_QUERY_ROWS", "rows or triples an outside SPARQL query may return"),
    Setting("query_bytes", 1_048_576, "AGIKG_QUERY_BYTES", "length of a SPARQL text in bytes"),
    Setting("query_nesting", 200, "AGIKG_QUERY_NESTING", "depth of brackets in a SPARQL text or an RDF file"),
    Setting("worker_memory", 2_147_483_648, "AGIKG_WORKER_MEMORY", "address space of a query worker in bytes"),
    Setting("store_seconds", 60, "AGIKG_STORE_SECONDS", "wall-clock seconds one request to an endpoint may take, tries again included"),
    Setting("store_bytes", 268_435_456, "AGIKG_STORE_BYTES", "length of one answer of an endpoint in bytes"),
    Setting("kept_snapshots", 3, "AGIKG_KEPT_SNAPSHOTS", "finished builds kept in the cache"),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def value(name: str) -> float:
    """The value in force.

    Raises:
        BadInput: the environment variable does not hold a positive number.
    """
    setting = _BY_NAME[name]
    given = os.environ.get(setting.variable)
    if given is None:
        return setting.default
    try:
        number = float(given)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise BadInput(f"{setting.variable}={given!r} is not a positive number", hint=setting.help)
    return number


def cache_home() -> Path:
    """Where snapshots are kept: ``AGIKG_HOME``, else the platform's cache folder, else a private temporary one."""
    given = os.environ.get("AGIKG_HOME")
    if given:
        return Path(given).expanduser()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = base / "agikg"
    return home if _writable(home) else _private_temporary()


def _writable(folder: Path) -> bool:
    while not folder.exists():
        if folder.parent == folder:
            return False
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)


def _private_temporary() -> Path:
    """A folder of this user's below the temporary folder, for homes that cannot be written to."""
    import tempfile

    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    folder = Path(tempfile.gettempdir()) / f"agikg-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid():
        raise BadInput(f"{folder} belongs to somebody else", hint="set AGIKG_HOME to a folder of your own")
    return folder
