"""A server under load, on loopback: 200 clients with good, bad and runaway queries; then a small SELECT beside other servers.

    python -m benchmarks.serve [--seconds 60] [--write]

``--write`` puts the tables into benchmarks/serve.md. Bars: no wrong answer, nothing lost without a clear error, p99 of good queries below
500 ms, memory growth below 100 MiB. Clients share the cores with the server, so a busy machine makes it look worse than it is.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from agikg.kg import KnowledgeGraph
from agikg.store.embedded import Media, Size

HERE = Path(__file__).parent
JSON = "application/sparql-results+json"
GOOD = [
    "SELECT ?s ?label { ?s a agi:Chip ; skos:prefLabel ?label } ORDER BY ?s ?label LIMIT 50",
    "ASK { e:huawei a agi:Company }",
    "SELECT (COUNT(*) AS ?n) { ?c a agi:Claim }",
    "SELECT ?layer (COUNT(DISTINCT ?s) AS ?n) { ?s agi:layer ?layer } GROUP BY ?layer ORDER BY ?layer",
    "SELECT ?c ?text { ?c rdf:subject e:smic ; agi:statement ?text } ORDER BY ?c LIMIT 20",
    "SELECT ?s { ?s agi:dependsOn+ e:smic-duv } ORDER BY ?s",
    "SELECT ?p ?o { e:huawei ?p ?o } ORDER BY ?p ?o",
]  # fmt: skip
BAD = {"SELECT * { ?s ?p": 400, "DROP ALL": 403, "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }": 403, "SELECT" + "(" * 500: 413}
RUNAWAY = [
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f LIMIT 1",
    "SELECT ({SUMS}1 AS ?x) {}".replace("{SUMS}", "1+" * 12_800),
    "SELECT ?x30 { BIND ('0123456789' AS ?x0) " + " ".join(f"BIND (CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30)) + " }",
]  # fmt: skip
CLEAR = {400, 403, 413, 429, 503, 504}
SMALL = "PREFIX agi: <https://w3id.org/agikg/ontology#> SELECT ?s { ?s a agi:Chip } ORDER BY ?s LIMIT 10"


class Reply(NamedTuple):
    """Status and body of a response."""

    status: int
    body: bytes


class Client:
    """One keep-alive connection, as thin as can be: the machine is the server's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, query: str) -> Reply:
        """Sends a query and reads the whole reply."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        reader, writer = self._streams
        body = f"query={quote(query)}".encode()
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {JSON}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body
        )  # fmt: skip
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        if b"transfer-encoding: chunked" in head:
            found = b""
            while size := int(await reader.readline(), 16):
                found += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        else:
            found = await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
        if b"connection: close" in head:
            self.close()
        return Reply(status, found)

    def close(self) -> None:
        """Hangs up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Load(NamedTuple):
    """What came of a run: how often what happened, and the seconds of the good queries that were answered."""

    counts: Counter[str]
    seconds: list[float]


async def load(port: int, expected: dict[str, bytes], duration: float, *, new: bool) -> Load:
    """Lets 200 clients ask for so many seconds; with ``new``, no good query has the text of an earlier one."""
    found = Load(Counter(), [])
    end = time.perf_counter() + duration
    fresh = itertools.count()

    async def client(number: int) -> None:
        connection = Client(port)
        kind = "runaway" if number % 10 == 0 else "bad" if number % 10 == 1 else "good"
        for turn in itertools.count(number):
            if time.perf_counter() > end:
                break
            query = {"good": GOOD, "bad": list(BAD), "runaway": RUNAWAY}[kind]
            text = query[turn % len(query)]
            # Half of the runaways are new each time, so that nothing about them can be remembered.
            asked = f"{text} # {next(fresh)}" if (new and kind == "good") or (kind == "runaway" and turn % 2) else text
            started = time.perf_counter()
            try:
                reply = await asyncio.wait_for(connection.ask("/sparql", asked), 40)
            except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError) as error:
                found.counts[f"{kind}: lost ({type(error).__name__})"] += 1
                connection.close()
                continue
            found.counts[f"{kind}: {judge(kind, text, reply, expected)}"] += 1
            if kind == "good" and reply.status == 200:
                found.seconds.append(time.perf_counter() - started)
            elif kind == "runaway":
                await asyncio.sleep(0.1)  # far sooner than Retry-After says
        connection.close()

    await asyncio.gather(*(client(number) for number in range(200)))
    return found


def judge(kind: str, text: str, reply: Reply, expected: dict[str, bytes]) -> str:
    """What a reply is worth: right, wrong, lost, or turned away with a clear error."""
    if reply.status != 200:
        try:
            clear = json.loads(reply.body)["error"]["status"] == reply.status and reply.status in CLEAR
        except (ValueError, KeyError):
            clear = False
        if not clear:
            return "lost (no clear error)"
        overloaded = kind != "bad" or reply.status in (429, 503, 504)
        return "right" if BAD.get(text) == reply.status else f"clear {reply.status}" if overloaded else "wrong"
    if kind == "good":
        return "right" if reply.body == expected[text] else "wrong"
    return "wrong" if kind == "bad" else "right" if json.loads(reply.body) else "wrong"


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A server process; gives its id once it listens."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                asyncio.run(_reach(port))
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


async def _reach(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()


def memory(pid: int) -> float:
    """MiB of a process and its children that nobody shares with them."""
    total = 0.0
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            if int(fields["Pid"]) == pid or int(fields["PPid"]) == pid:
                total += int(fields.get("RssAnon", "0").split()[0]) / 1024
    return total


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def rate(port: int, path: str, clients: int, duration: float) -> float:
    """Right answers a second to the small SELECT, new each time."""
    end, count = time.perf_counter() + duration, 0

    async def client(number: int) -> None:
        nonlocal count
        connection = Client(port)
        while time.perf_counter() < end:
            # New each time, so that no server can remember it.
            reply = await connection.ask(path, f"{SMALL} # {count}-{number}")
            assert len(json.loads(reply.body)["results"]["bindings"]) == 10
            count += 1
        connection.close()

    await asyncio.gather(*map(client, range(clients)))
    return count / duration


def side_by_side(nquads: Path, rounds: int = 3, duration: float = 3) -> dict[str, float]:
    """Median rates, the servers in turn."""
    folder = Path(sys.executable).parent
    port = free_port()
    commands: dict[str, tuple[list[str], str]] = {"agikg serve": ([sys.executable, "-m", "agikg", "serve", "--port", str(port)], "/sparql")}
    with tempfile.TemporaryDirectory() as place:
        if (folder / "oxigraph").is_file():
            subprocess.run([folder / "oxigraph", "load", "-l", place, "-f", nquads], check=True, capture_output=True)
            options = ["serve-read-only", "-l", place, "-b", f"127.0.0.1:{port}", "--union-default-graph", "--timeout-s", "10"]
            commands["oxigraph server, --timeout-s 10"] = ([str(folder / "oxigraph"), *options], "/query")
        if (folder / "rdflib-endpoint").is_file():
            # It reads one file a format: triples will do.
            triples = Path(place) / "graph.nt"
            triples.write_text(
                "".join(line[: line.rindex("<")] + ".\n" for line in nquads.read_text("utf-8").splitlines(keepends=False)), "utf-8"
            )
            commands["rdflib-endpoint"] = (
                [str(folder / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)],
                "/",
            )
        rates: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, (command, path) in commands.items():
                with running(command, port):
                    time.sleep(1)
                    rates[name].append(asyncio.run(rate(port, path, 20, duration)))
    return {name: statistics.median(found) for name, found in rates.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    graph = KnowledgeGraph.open()
    nquads = graph.sparql_place().path
    expected = {text: graph.store.write(text, Media(JSON, ""), Size(1e9, 1e9)).body for text in GOOD}
    assert not [text for text, body in expected.items() if b'"bindings":[]' in body or b"false" in body]
    port, busy = free_port(), os.getloadavg()[0]
    with running([sys.executable, "-m", "agikg", "serve", "--port", str(port)], port) as pid:
        asyncio.run(load(port, expected, 3, new=True))
        time.sleep(2)
        before = memory(pid)
        found = [asyncio.run(load(port, expected, options.seconds, new=new)) for new in (False, True)]
        time.sleep(2)
        growth = memory(pid) - before
    with tempfile.TemporaryDirectory() as place:
        copy = shutil.copy(nquads, Path(place) / "graph.nq")
        rates = side_by_side(Path(copy))
    text = report(found, options.seconds, growth, rates, busy)
    print(text)
    if options.write:
        (HERE / "serve.md").write_text(text, encoding="utf-8")


def report(found: list[Load], duration: float, growth: float, rates: dict[str, float], busy: float) -> str:
    ours = rates["agikg serve"]
    told = [figures(each, duration) for each in found]
    lines = [
        "# A server under load", "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores shared with the clients, load average {busy:.1f} before the start, "
        "`python -m benchmarks.serve --write`. Where that load is above 1, other work shared the cores: then counts mean something, times do not.", "",
        f"## 200 clients for {duration:.0f} s: 160 with good queries, 20 with bad ones, 20 with runaway ones", "",
        f"Twice: the good ones ask {len(GOOD)} queries over and over (the server remembers results), and every good query is new to the server. "
        "Half of the runaway ones are new each time.", "",
        "| | the same again | all new | bar |", "|---|---|---|---|",
        *(f"| {name} | {told[0][name]} | {told[1][name]} | {bar} |" for name, bar in BARS.items()),
        f"| memory growth, server and workers | | {growth:.0f} MiB (after both) | 100 MiB |", "",
        *(f"What happened, {how}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(each.counts.items())) + ".\n"
          for how, each in zip(("the same again", "all new"), found, strict=True)),
        "## A small SELECT, 20 clients, the servers in turn", "",
        "| server | answers a second | ratio |", "|---|---|---|",
        *(f"| {name} | {each:,.0f} | {each / ours:.2f} |" for name, each in rates.items()), "",
        "agikg serve runs every query in a process that can be stopped, and sends nothing before the result is complete; the others do neither.", "",
    ]  # fmt: skip
    return "\n".join(lines)


BARS = {
    "wrong answers": "0", "lost without a clear error": "0", "good queries answered right": "", "good queries turned away with a clear error": "",
    "median of good queries": "", "p99 of good queries": "500 ms",
}  # fmt: skip


def figures(found: Load, duration: float) -> dict[str, str]:
    """Rows of the table for one run."""
    good, right = sorted(found.seconds), found.counts["good: right"]

    def total(word: str) -> int:
        return sum(count for name, count in found.counts.items() if word in name)

    values = [
        f"{total('wrong')}", f"{total('lost')}", f"{right:,} ({right / duration:,.0f} a second)", f"{total('good: clear'):,}",
        f"{statistics.median(good) * 1000:.0f} ms", f"{good[int(len(good) * 0.99)] * 1000:.0f} ms",
    ]  # fmt: skip
    return dict(zip(BARS, values, strict=True))


if __name__ == "__main__":
    main()
