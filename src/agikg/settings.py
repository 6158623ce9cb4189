"""Limits and places, each with its default and the environment variable that changes it.

Read once per use, never at import: a test or a server can set its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
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
    Setting("tool_seconds", 30, "AGIKG_TOOL_SECONDS", "wall-clock seconds an analysis may take in the tool server"),
    Setting(
        "tool_bytes", 60_000, "AGIKG_TOOL_BYTES", "length of a result of the tool server in bytes; longer lists are cut, and it says so"
    ),
    Setting("import_bytes", 67_108_864, "AGIKG_IMPORT_BYTES", "size of a file to import in bytes"),
    Setting("import_seconds", 120, "AGIKG_IMPORT_SECONDS", "wall-clock seconds that reading a file to import may take"),
    Setting("prompt_seconds", 0.02, "AGIKG_PROMPT_SECONDS", "agikg serve: seconds of work after which a query steps aside for others"),
    Setting("fast_seconds", 0.25, "AGIKG_FAST_SECONDS", "agikg serve: seconds a query may stay in the fast lane"),
    Setting("fast_workers", 8, "AGIKG_FAST_WORKERS", "agikg serve: worker processes of the fast lane"),
    Setting("slow_workers", 2, "AGIKG_SLOW_WORKERS", "agikg serve: queries that run at once beyond the fast lane"),
    Setting("waiting_queries", 500, "AGIKG_WAITING_QUERIES", "agikg serve: queries that wait for a worker before more are turned away"),
    Setting("server_worker_memory", 1_073_741_824, "AGIKG_SERVER_WORKER_MEMORY", "agikg serve: address space of a query worker in bytes"),
    Setting("remembered_bytes", 33_554_432, "AGIKG_REMEMBERED_BYTES", "agikg serve: bytes of the last results, kept for who asks the same"),
    Setting("result_bytes", 33_554_432, "AGIKG_RESULT_BYTES", "agikg serve: bytes of one result"),
    Setting("response_bytes", 268_435_456, "AGIKG_RESPONSE_BYTES", "agikg serve: bytes of all results that are being sent"),
    Setting("client_seconds", 60, "AGIKG_CLIENT_SECONDS", "agikg serve: seconds of slow queries a client may use a minute"),
    Setting("request_bytes", 1_048_576, "AGIKG_REQUEST_BYTES", "agikg serve: bytes of a request's body"),
    Setting("url_bytes", 65_536, "AGIKG_URL_BYTES", "agikg serve: bytes of a request's address"),
    Setting("request_seconds", 20, "AGIKG_REQUEST_SECONDS", "agikg serve: seconds in which a request must have arrived"),
    Setting("response_seconds", 20, "AGIKG_RESPONSE_SECONDS", "agikg serve: seconds in which a reader must take each 64 kB of a response"),
    Setting("connections", 800, "AGIKG_CONNECTIONS", "agikg serve: open connections"),
    Setting("client_connections", 400, "AGIKG_CLIENT_CONNECTIONS", "agikg serve: open connections of one client"),
    Setting("call_threads", 4, "AGIKG_CALL_THREADS", "agikg serve: questions and analyses that run at once"),
    Setting("call_seconds", 10, "AGIKG_CALL_SECONDS", "agikg serve: seconds a question or analysis may take"),
    Setting("waiting_calls", 200, "AGIKG_WAITING_CALLS", "agikg serve: questions and analyses that wait before more are turned away"),
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


def environment(values: Mapping[str, float]) -> dict[str, str]:
    """Environment variables that give a child process these values."""
    return {_BY_NAME[name].variable: repr(number) for name, number in values.items()}


def cache_home() -> Path:
    """Where snapshots are kept: ``AGIKG_HOME``, else the platform's cache folder, else a private temporary one."""
    given = os.environ.get("AGIKG_HOME")
    if given:
        return Path(given).expanduser()
    home = _platform_folder("Caches", "XDG_CACHE_HOME", ".cache") / "agikg"
    return home if _writable(home) else _private_temporary()


def imports_home() -> Path:
    """Where imported sets are kept: ``AGIKG_IMPORTS``, else below ``AGIKG_HOME``, else below the platform's folder for data.

    Not in the cache: what a user imported cannot be computed anew.
    """
    given, home = os.environ.get("AGIKG_IMPORTS"), os.environ.get("AGIKG_HOME")
    if given:
        return Path(given).expanduser()
    base = Path(home).expanduser() if home else _platform_folder("Application Support", "XDG_DATA_HOME", ".local/share") / "agikg"
    return base / "imports"


def _platform_folder(mac: str, variable: str, fallback: str) -> Path:
    """The user's own folder of a kind on this platform."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / mac
    return Path(os.environ.get(variable) or Path.home() / fallback)


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
