"""Uploads: whole, again, resumed after a kill, and what stands in their way."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from agikg.cli.upload import destination, upload_to
from agikg.errors import BadInput, Damaged, NotFound, StoreError
from agikg.exchange.journal import Journal
from agikg.exchange.upload import Target, Uploaded
from agikg.kg import KnowledgeGraph
from agikg.vocab import GRAPH
from tests.store.endpoint import Endpoint, Reply, Request, running

WAYS = ["gsp", "update"]


@pytest.fixture
def endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setenv("AGIKG_HOME", str(tmp_path / "home"))
    with running() as found:
        yield found


def target(endpoint: Endpoint, way: str, **more: object) -> Target:
    url = f"{endpoint.url}/{'store' if way == 'gsp' else 'update'}"
    return Target(url, way, query_url=f"{endpoint.url}/sparql")._replace(**more)  # type: ignore[arg-type]


def opened(endpoint: Endpoint) -> KnowledgeGraph:
    return KnowledgeGraph.open(f"{endpoint.url}/sparql", progress=lambda _: None)


def writes(endpoint: Endpoint) -> list[Request]:
    return [request for request in endpoint.requests if request.path != "/sparql"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chunk", [0, 37])
def test_it_can_be_read_from_there(endpoint: Endpoint, small_kg: KnowledgeGraph, way: str, chunk: int) -> None:
    seen: list[tuple[int, int]] = []
    done = small_kg.upload(target(endpoint, way, chunk=chunk), lambda *step: seen.append(step))
    assert done == Uploaded(small_kg.quads, small_kg.quads, True)
    assert seen == sorted(seen)
    assert seen[-1] == (small_kg.quads, small_kg.quads)
    assert opened(endpoint).snapshot == small_kg.snapshot


@pytest.mark.parametrize("way", WAYS)
def test_a_second_time_nothing_is_sent(endpoint: Endpoint, small_kg: KnowledgeGraph, way: str) -> None:
    small_kg.upload(target(endpoint, way))
    endpoint.requests.clear()
    assert small_kg.upload(target(endpoint, way)) == Uploaded(small_kg.quads, 0, True)
    assert writes(endpoint) == []
    unchecked = small_kg.upload(target(endpoint, way, query_url=None))
    assert unchecked == Uploaded(small_kg.quads, small_kg.quads, False)
    assert opened(endpoint).snapshot == small_kg.snapshot


@pytest.mark.parametrize("way", WAYS)
def test_an_older_snapshot_is_replaced(endpoint: Endpoint, small_kg: KnowledgeGraph, way: str) -> None:
    from agikg.exchange.upload import upload
    from agikg.snapshot import sha256

    old = f"<http://a.org/x> <http://a.org/y> <http://a.org/z> <{GRAPH}entities> .\n".encode()
    upload(old, sha256(old), target(endpoint, way), lambda *_: None)
    small_kg.upload(target(endpoint, way))
    assert opened(endpoint).snapshot == small_kg.snapshot


@pytest.mark.parametrize("way", WAYS)
def test_what_the_engines_own_loader_loaded_is_not_sent_again(endpoint: Endpoint, small_kg: KnowledgeGraph, way: str) -> None:
    endpoint.data.bulk_load((small_kg.folder / "graph.nq").read_bytes(), format=ox.RdfFormat.N_QUADS)
    assert small_kg.upload(target(endpoint, way)) == Uploaded(small_kg.quads, 0, True)
    assert sum(map(lines, endpoint.requests)) == 0
    assert opened(endpoint).snapshot == small_kg.snapshot


def test_what_only_has_the_right_size_is_sent(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    graph = (small_kg.folder / "graph.nq").read_bytes()
    other = graph.replace(b'"@en', b' indeed"@en', 1)
    assert other != graph
    endpoint.data.bulk_load(other, format=ox.RdfFormat.N_QUADS)
    assert small_kg.upload(target(endpoint, "gsp")).sent == small_kg.quads
    assert opened(endpoint).snapshot == small_kg.snapshot


def test_what_arrived_is_counted_before_it_is_called_whole(endpoint: Endpoint, small_kg: KnowledgeGraph) -> None:
    def lose(request: Request) -> Reply | None:
        return Reply(204) if request.path == "/store" and "derived" in request.parameters["graph"][0] else None

    endpoint.fault = lose
    with pytest.raises(Damaged, match=r"0 triples arrived in .*derived"):
        small_kg.upload(target(endpoint, "gsp"))
    with pytest.raises(NotFound):
        opened(endpoint)
    endpoint.fault = lambda _: None
    assert small_kg.upload(target(endpoint, "gsp")).sent == small_kg.quads


@pytest.mark.parametrize(
    "reply", [Reply(400, b"too many lines"), Reply(413, b""), Reply(500, b"\x1b[2Jboom"), Reply(404, b"no such place")]
)
@pytest.mark.parametrize("way", WAYS)
def test_an_endpoint_that_does_not_take_it(endpoint: Endpoint, small_kg: KnowledgeGraph, way: str, reply: Reply) -> None:
    endpoint.fault = lambda r: reply if r.method in ("PUT", "POST") and r.path != "/sparql" and len(r.body) > 500 else None
    with pytest.raises(StoreError, match=rf"did not take the data \(HTTP {reply.status}\)") as error:
        small_kg.upload(target(endpoint, way))
    assert "\x1b" not in error.value.message
    with pytest.raises(NotFound):
        opened(endpoint)


@pytest.mark.parametrize("scheme", ["basic", "digest"])
@pytest.mark.parametrize("way", WAYS)
def test_credentials(endpoint: Endpoint, small_kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, way: str, scheme: str) -> None:
    endpoint.password, endpoint.scheme = "s3cret", scheme
    with pytest.raises(StoreError, match="wants credentials"):
        small_kg.upload(target(endpoint, way))
    monkeypatch.setenv("AGIKG_STORE_USER", "user")
    monkeypatch.setenv("AGIKG_STORE_PASSWORD", "s3cret")
    assert small_kg.upload(target(endpoint, way, auth=scheme)).sent == small_kg.quads
    assert opened(endpoint).snapshot == small_kg.snapshot


@pytest.mark.parametrize("prefix", ["", "no scheme", "http://a.org/ x", "http://a.org/> <"])
def test_prefixes_that_are_none(endpoint: Endpoint, small_kg: KnowledgeGraph, prefix: str) -> None:
    with pytest.raises(BadInput):
        small_kg.upload(target(endpoint, "update", prefix=prefix))
    assert endpoint.requests == []


# --- killed and resumed ---------------------------------------------------------------------------------------------

SCRIPT = """
import json, sys
from pathlib import Path
from agikg.exchange.upload import Target, upload
place, folder, target = Path(sys.argv[1]), Path(sys.argv[2]), Target(*json.loads(sys.argv[3]))
print(upload(place.read_bytes(), sys.argv[4], target, lambda *_: None, folder).sent)
"""


def start(small_kg: KnowledgeGraph, folder: Path, there: Target) -> subprocess.Popen[str]:
    arguments = [str(small_kg.folder / "graph.nq"), str(folder), json.dumps(there), small_kg.snapshot]
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *arguments], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("applied", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_killed_at_any_moment_and_resumed(endpoint: Endpoint, small_kg: KnowledgeGraph, tmp_path: Path, way: str, applied: bool) -> None:
    """Killed while the endpoint works on a chunk: before it took it, or after it took it and before it said so."""
    chunk, dice = 400, random.Random(f"{way} {applied}")
    there, inner = target(endpoint, way, chunk=chunk), endpoint.answer
    sizes: list[int] = []
    for _ in range(3):
        after = dice.randrange(1, 6)
        with start(small_kg, tmp_path / "journals", there) as process:

            def kill(request: Request, process: subprocess.Popen[str] = process) -> Reply:
                nonlocal after
                if not lines(request):
                    return inner(request)
                after -= 1
                if after > 0:
                    sizes.append(lines(request))
                    return inner(request)
                if applied:
                    inner(request)
                process.send_signal(signal.SIGKILL)
                process.wait()
                return Reply(503)

            endpoint.answer = kill  # type: ignore[method-assign]
        endpoint.answer = inner  # type: ignore[method-assign]
        with pytest.raises(NotFound):
            opened(endpoint)
    with start(small_kg, tmp_path / "journals", there) as process:
        rest = int(process.communicate()[0])
    assert rest == small_kg.quads - sum(sizes), "what was acknowledged is not sent again, and nothing else is left out"
    assert opened(endpoint).snapshot == small_kg.snapshot


def lines(request: Request) -> int:
    """How many triples of the snapshot a request carries."""
    return (
        0 if request.path == "/sparql" or b"-snapshot" in request.body else sum(line.endswith(b" .") for line in request.body.splitlines())
    )


def test_another_snapshot_in_between_is_not_mixed_in(endpoint: Endpoint, small_kg: KnowledgeGraph, tmp_path: Path) -> None:
    from agikg.exchange.upload import upload
    from agikg.snapshot import sha256

    there, count = target(endpoint, "gsp", chunk=400), 0

    def stop(request: Request) -> Reply | None:
        nonlocal count
        count += bool(lines(request))
        return Reply(500) if count > 3 else None

    endpoint.fault = stop
    with pytest.raises(StoreError):
        small_kg.upload(there)
    endpoint.fault = lambda _: None
    other = f"<http://a.org/x> <http://a.org/y> <http://a.org/z> <{GRAPH}derived> .\n".encode()
    journals = tmp_path / "home" / "uploads"
    assert list(journals.iterdir())
    upload(other, sha256(other), there, lambda *_: None)
    assert small_kg.upload(there).sent == small_kg.quads
    assert opened(endpoint).snapshot == small_kg.snapshot


def test_a_journal_survives_a_torn_line(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "journal.jsonl"
    first = Journal(file, {"snapshot": "a"})
    first.add(["g", 0])
    first.add(["g", 10])
    file.write_bytes(file.read_bytes()[:-4])
    again = Journal(file, {"snapshot": "a"})
    assert ["g", 0] in again
    assert ["g", 10] not in again
    again.add(["h", 0])
    third = Journal(file, {"snapshot": "a"})
    assert ["g", 0] in third
    assert ["h", 0] in third
    assert ["g", 0] not in Journal(file, {"snapshot": "b"})
    assert ["g", 0] not in Journal(file, {"snapshot": "a"})
    again.close()
    assert not file.exists()


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"{", b"[]\n", b"null\nnull\n"])
def test_a_damaged_journal_begins_anew(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "journal.jsonl"
    file.write_bytes(damage)
    journal = Journal(file, {"snapshot": "a"})
    journal.add(["g", 0])
    assert ["g", 0] in Journal(file, {"snapshot": "a"})


# --- the options of the command ---------------------------------------------------------------------------------------


@pytest.fixture
def export(small_kg: KnowledgeGraph) -> Callable[..., tuple[int, str]]:
    """A command with the options of an upload, as ``agikg export`` has them."""

    @click.command()
    @destination
    def command(target: Target | None) -> None:
        assert target is not None
        upload_to(small_kg, target)

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(command, arguments)
        return done.exit_code, done.output

    return run


def test_the_options(endpoint: Endpoint, small_kg: KnowledgeGraph, export: Callable[..., tuple[int, str]]) -> None:
    code, told = export("--to", f"{endpoint.url}/update", "--protocol", "update", "--query-url", f"{endpoint.url}/sparql")
    assert (code, told) == (
        0,
        f"agikg: {small_kg.quads:,} of {small_kg.quads:,} quads sent, counted there; snapshot {small_kg.snapshot[:19]}\n",
    )
    assert (
        "were there already" in export("--to", f"{endpoint.url}/update", "--protocol", "update", "--query-url", f"{endpoint.url}/sparql")[1]
    )
    _, told = export("--to", f"{endpoint.url}/store", "--graph-prefix", "https://example.org/g/", "--chunk", "500")
    assert "not counted there: give --query-url" in told
    assert KnowledgeGraph.open(f"{endpoint.url}/sparql#https://example.org/g/", progress=lambda _: None).snapshot == small_kg.snapshot
    assert export("--to", endpoint.url, "--protocol", "ftp")[0] == 2
