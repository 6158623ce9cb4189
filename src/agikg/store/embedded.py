"""Oxigraph in this process: in memory, or on disk and read-only.

A finished store on disk never changes. Its sidecar holds the quad count, the content hash and a hash of every
file, checked before the engine sees them: a truncated store otherwise opens as an empty one, without a word.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import pyoxigraph

from agikg.errors import BadQuery, Damaged, NotFound, StoreError, TooLarge
from agikg.store.guard import has_dataset, tokens
from agikg.store.port import Result, Solutions, Triples, Truth
from agikg.store.syntax import from_engine, term_from_engine
from agikg.store.terms import Quad
from agikg.vocab import PREFIXES

SIDECAR = "agikg-store.json"
_FORMAT = 1


class Size(NamedTuple):
    """How large a result may be: in rows (or triples), and in bytes."""

    rows: float
    bytes: float


class Media(NamedTuple):
    """Media types that a result may be written in: of SELECT and ASK, and of CONSTRUCT and DESCRIBE; "" for none."""

    results: str
    rdf: str


class Written(NamedTuple):
    """A result as bytes, and their media type."""

    media_type: str
    body: bytes


class Unacceptable(BadQuery):
    """The result is of a kind (``"a table"``, ``"a graph"``) that none of the media types fits."""


class Dataset(NamedTuple):
    """What a query sees: graphs merged into the default graph, and graphs that GRAPH finds; by IRI."""

    default: tuple[str, ...]
    named: tuple[str, ...]


class EmbeddedStore:
    """An Oxigraph store, opened with ``in_memory`` or ``on_disk``.

    ``union`` says whether queries without FROM see the union of all named graphs, as those of a snapshot do.
    """

    def __init__(self, engine: pyoxigraph.Store, descriptor: str, content_hash: str, union: bool = True) -> None:
        self.engine = engine
        self.union = union
        self.descriptor = descriptor
        self.content_hash = content_hash

    def query(self, text: str) -> Result:
        """See ``Store.query``. The caller decides what may run: this does not limit time or memory."""
        with self._faults(text):
            return _result(self._run(text, None))

    def write(self, text: str, media: Media, size: Size, dataset: Dataset | None = None) -> Written:
        """Runs a query and gives its result as a protocol wants it.

        Args:
            text: the query.
            media: what the result may be written in.
            size: how large it may be.
            dataset: graphs that take the place of what FROM says; None leaves it to the query.

        Raises:
            BadQuery: the text does not parse or cannot be run.
            Unacceptable: there is no media type for a result of this kind.
            TooLarge: the result is larger than it may be.
        """
        with self._faults(text):
            found = self._run(text, dataset)
            triples = isinstance(found, pyoxigraph.QueryTriples)
            media_type = media.rdf if triples else media.results
            if not media_type:
                raise Unacceptable("a graph" if triples else "a table")
            return Written(media_type, (_rdf if triples else _results)(found, media_type, size))

    def graph_names(self) -> list[str]:
        """IRIs of the named graphs."""
        return sorted(name.value for name in self.engine.named_graphs())

    def _run(self, text: str, dataset: Dataset | None) -> Any:
        if dataset is not None:
            default: list[Any] = [pyoxigraph.NamedNode(graph) for graph in dataset.default]
            named: list[Any] = [pyoxigraph.NamedNode(graph) for graph in dataset.named]
            return self.engine.query(text, prefixes=PREFIXES, default_graph=default, named_graphs=named)
        # The union switch would override FROM, so it is set only where there is none.
        return self.engine.query(text, prefixes=PREFIXES, use_default_graph_as_union=self.union and not has_dataset(tokens(text)))

    @contextmanager
    def _faults(self, text: str) -> Iterator[None]:
        """The engine's errors as ours."""
        try:
            yield
        except SyntaxError as error:
            raise _unparsed(text, error.msg) from None
        except (ValueError, RuntimeError) as error:
            raise BadQuery(f"the query cannot be run: {error}") from None
        except OSError as error:
            raise StoreError(f"the store {self.descriptor} cannot be read: {error}") from None

    def quads(self) -> Iterator[Quad]:
        """Everything in it."""
        return (from_engine(quad) for quad in self.engine)

    def __len__(self) -> int:
        return len(self.engine)


def _unparsed(text: str, message: str) -> BadQuery:
    """The engine's complaint in one line: where, near what, and what it expected if that is short enough to help."""
    place, _, expected = message.partition(": expected ")
    line, _, column = place.rpartition(" ")[2].partition(":")
    if not (line.isdigit() and column.isdigit()):
        return BadQuery(f"SPARQL does not parse: {' '.join(message.split())}")
    lines = text.splitlines() or [""]
    near = lines[min(int(line), len(lines)) - 1][max(int(column) - 1, 0) :][:30] or "the end"
    wanted = f"; expected {expected}" if expected and len(expected) < 80 else ""
    return BadQuery(f"SPARQL does not parse at line {line}, column {column}, near {near!r}{wanted}")


def _result(found: Any) -> Result:
    if isinstance(found, pyoxigraph.QueryBoolean):
        return Truth(bool(found))
    if isinstance(found, pyoxigraph.QueryTriples):
        return Triples(tuple(from_engine(triple) for triple in found))
    columns = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(None if term is None else term_from_engine(term) for term in row) for row in found)
    return Solutions(columns, rows)


class _Bounded(io.RawIOBase):
    """A file in memory that refuses to grow beyond a size."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self._left = most
        self._most = most

    def write(self, data: Any) -> int:
        """Takes more in."""
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(f"the result has more than {self._most:.0f} bytes", hint="ask for fewer columns, or add LIMIT")
        self.parts.append(bytes(data))
        return len(data)


def _results(found: Any, media_type: str, size: Size) -> bytes:
    """SELECT or ASK, written by the engine; rows are counted in what it wrote."""
    out = _Bounded(size.bytes)
    form = pyoxigraph.QueryResultsFormat.from_media_type(media_type)
    found.serialize(out, format=form)
    body = b"".join(out.parts)
    if not isinstance(found, pyoxigraph.QueryBoolean) and _more_rows(body, form, size.rows):
        raise _too_many(size)
    return body


def _more_rows(body: bytes, form: Any, most: float) -> bool:
    """Whether a written result has more rows than that."""
    formats = pyoxigraph.QueryResultsFormat
    if form == formats.XML:
        return body.count(b"<result>") > most
    # A literal may hold the mark of the other formats (in TSV it is escaped), so it never counts too few rows;
    # only where it counts too many does it have to be known.
    mark, more = (b"},{", 1) if form == formats.JSON else (b"\n", -1)
    if body.count(mark) + more <= most:
        return False
    if form == formats.CSV:
        return sum(1 for _ in csv.reader(io.StringIO(body.decode("utf-8"), newline=""))) - 1 > most
    rows: Any = pyoxigraph.parse_query_results(body, format=form)
    return sum(1 for _ in rows) > most


def _too_many(size: Size) -> TooLarge:
    return TooLarge(f"the result has more than {size.rows:.0f} rows", hint="add LIMIT, and OFFSET with ORDER BY for the rest")


def _rdf(found: Any, media_type: str, size: Size) -> bytes:
    """CONSTRUCT or DESCRIBE: each triple once."""
    triples: dict[Any, None] = {}
    for triple in found:
        triples[triple] = None
        if len(triples) > size.rows:
            raise _too_many(size)
    out = _Bounded(size.bytes)
    form = pyoxigraph.RdfFormat.from_media_type(media_type)
    pyoxigraph.serialize(triples, cast(IO[bytes], out), format=form, prefixes=PREFIXES)
    return b"".join(out.parts)


def in_memory(nquads: bytes, content_hash: str, quads: int, union: bool = True) -> EmbeddedStore:
    """A store in memory, filled from N-Quads.

    Raises:
        Damaged: the text does not parse or holds another number of quads.
    """
    engine = pyoxigraph.Store()
    try:
        engine.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    except (SyntaxError, ValueError) as error:
        raise Damaged(f"the snapshot does not parse: {error}", hint="agikg build makes it anew") from None
    if len(engine) != quads:
        raise Damaged(f"the snapshot holds {len(engine)} quads, {quads} were written", hint="agikg build makes it anew")
    return EmbeddedStore(engine, "mem:", content_hash, union)


def create_on_disk(folder: Path, nquads: bytes, content_hash: str, quads: int, beside: Callable[[Path], None] | None = None) -> Path:
    """Writes a finished store: built beside its place, then renamed into it.

    Args:
        folder: its place.
        nquads: what it holds.
        content_hash: ``sha256:...`` of that.
        quads: how many quads that is.
        beside: writes what else belongs into the folder, before it appears.

    Raises:
        StoreError: the place is taken by something else, or cannot be written.
    """
    if folder.exists() and not (folder / SIDECAR).is_file() and any(folder.iterdir()):
        raise StoreError(f"{folder} is not an agikg store and not empty", hint="give an empty or new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise StoreError(f"cannot write beside {folder}: {error.strerror}") from None
    try:
        engine = pyoxigraph.Store(str(staging / "oxigraph"))
        engine.bulk_load(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
        engine.flush()
        del engine
        sidecar = {"format": _FORMAT, "content": content_hash, "quads": quads, "files": _file_hashes(staging / "oxigraph")}
        (staging / SIDECAR).write_text(json.dumps(sidecar, indent=1, sort_keys=True), encoding="utf-8")
        if beside is not None:
            beside(staging)
        _swap(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return folder


def _swap(staging: Path, folder: Path) -> None:
    """Puts a finished folder in its place; an older one is moved away first and then removed."""
    if not folder.exists():
        staging.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.replace(old / "store")
    staging.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def on_disk(folder: Path, check_files: bool = True) -> EmbeddedStore:
    """Opens a finished store, read-only, after its files were checked against the sidecar.

    Args:
        folder: its place.
        check_files: whether to read every file for its hash; once is enough for many processes that open one store.

    Raises:
        NotFound: no store there.
        Damaged: a file is missing, changed or new, or the quad count differs.
    """
    try:
        sidecar = json.loads((folder / SIDECAR).read_text(encoding="utf-8"))
        files, content_hash, quads = dict(sidecar["files"]), str(sidecar["content"]), int(sidecar["quads"])
    except FileNotFoundError:
        raise NotFound(f"{folder} is not an agikg store", hint=f"agikg build --store {folder} makes one") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(folder, f"its sidecar cannot be read ({error})") from None
    if check_files and _file_hashes(folder / "oxigraph") != files:
        raise _damaged(folder, "its files are not those that were written")
    try:
        engine = pyoxigraph.Store.read_only(str(folder / "oxigraph"))
    except OSError as error:
        raise _damaged(folder, str(error)) from None
    if len(engine) != quads:
        raise _damaged(folder, f"it holds {len(engine)} quads, {quads} were written")
    return EmbeddedStore(engine, str(folder), content_hash)


def _damaged(folder: Path, what: str) -> Damaged:
    return Damaged(f"the store {folder} is damaged: {what}", hint=f"agikg build --store {folder} makes it anew")


def _file_hashes(folder: Path) -> dict[str, str]:
    """Hash of every file of the engine but its log and lock, which opening may touch."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.iterdir() if folder.is_dir() else [])
        if file.is_file() and not file.name.startswith("LOG") and file.name != "LOCK"
    }
