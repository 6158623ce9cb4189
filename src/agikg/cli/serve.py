"""serve."""

from __future__ import annotations

import click

from agikg.cli.options import store_option
from agikg.errors import BadInput


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Interface to listen on; 0.0.0.0 is all of them.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port to listen on; 0 takes a free one.")
@click.option("--open", "open_", is_flag=True, help="Open the workbench in the browser.")
@store_option
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), help="Seconds a SPARQL query may take (AGIKG_QUERY_SECONDS).")
@click.option("--rows", type=click.IntRange(min=1), help="Rows a SPARQL query may return (AGIKG_QUERY_ROWS).")
@click.option("--client-seconds", type=click.FloatRange(min=0, min_open=True), help="Seconds of slow queries a client has a minute.")
@click.option("--public-url", metavar="URL", help="Address the server is known by, such as https://example.org/agikg.")
@click.option("--proxy", "proxies", multiple=True, metavar="ADDRESS", help="Believe this proxy's X-Forwarded headers (repeatable).")
@click.option("--cors/--no-cors", default=True, show_default=True, help="Let pages of other origins read the data.")
@click.option("--log", is_flag=True, help="Log every request on standard error.")
def serve(
    *, host: str, port: int, open_: bool, store: str | None, seconds: float | None, rows: int | None, client_seconds: float | None,
    public_url: str | None, proxies: tuple[str, ...], cors: bool, log: bool,
) -> None:  # fmt: skip
    """Serve the graph over HTTP: SPARQL endpoint, JSON API and workbench. Ctrl-C ends it.

    \b
    agikg serve --open
    agikg serve --host 0.0.0.0 --port 80 --seconds 5
    """  # noqa: D301 (click wants the control character itself)
    from agikg.kg import KnowledgeGraph
    from agikg.server.limits import Limits
    from agikg.server.run import WAITING
    from agikg.server.run import serve as run
    from agikg.server.sockets import listen
    from agikg.server.state import ServerState

    limits = Limits.declared(query_seconds=seconds, query_rows=rows, client_seconds=client_seconds)
    if public_url is not None and not public_url.startswith(("http://", "https://")):
        raise BadInput(f"--public-url {public_url!r} is not an address", hint="for example: https://example.org/agikg")
    listening = listen(host, port, WAITING)
    with listening:
        graph = KnowledgeGraph.open(store)
        graph.store  # noqa: B018 (read now: the snapshot's folder may be removed while it is served)
        address = f"http://{_named(host)}:{listening.getsockname()[1]}/"

        def ready() -> None:
            click.echo(f"agikg: {address} serves snapshot {graph.snapshot[:19]}, {graph.quads} quads; Ctrl-C ends it", err=True)
            if open_:
                click.launch(address)

        state = ServerState.of(graph, limits, public_url.rstrip("/") if public_url else None)
        run(state, [listening], cors=cors, proxies=",".join(proxies), log=log, ready=ready)


def _named(host: str) -> str:
    """A host as a browser on this machine calls it."""
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
