"""mcp."""

from __future__ import annotations

import contextlib
import gc

import click

from agikg.cli.options import store_option
from agikg.errors import BadInput


@click.command()
@click.option("--http", is_flag=True, help="Serve over streamable HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on (with --http).")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port to listen on (with --http); 0: a free one."
)
@click.option("--allow-host", "allowed", multiple=True, metavar="NAME", help="Host name clients may also use (with --http; repeatable).")
@store_option
def mcp(http: bool, host: str, port: int, allowed: tuple[str, ...], store: str | None) -> None:
    """Offer the graph to assistants as tools, over the Model Context Protocol (MCP): see docs/mcp.md.

    \b
    agikg mcp                     # what an assistant starts by itself
    agikg mcp --http --port 8765  # for clients that connect to http://127.0.0.1:8765/mcp
    """  # noqa: D301 (click wants the control character itself)
    from agikg.kg import KnowledgeGraph

    try:
        from agikg.server import tool_server, tool_transport
        from agikg.server.sockets import listen
    except ImportError as error:
        if not (error.name or "").startswith(("mcp", "uvicorn", "anyio")):
            raise
        raise BadInput("the tool server needs the package mcp, version 2", hint="pip install 'agikg[mcp]'") from None
    if not http and (allowed or (host, port) != ("127.0.0.1", 8765)):
        raise BadInput("--host, --port and --allow-host go with --http", hint="agikg mcp --http --port 8765")
    gc.enable()  # the command line turns it off for its short life; this one is long
    listening = listen(host, port, tool_transport.WAITING) if http else None
    server = tool_server.tool_server(KnowledgeGraph.open(store))
    # Where interrupts are ignored, as for jobs in the background, the server ends by them without one here.
    with contextlib.suppress(KeyboardInterrupt):
        if listening is None:
            tool_transport.serve_stdio(server)
            return
        click.echo(f"agikg: tool server at {tool_transport.address(listening)} (Ctrl-C stops it)", err=True)
        if not tool_transport.local(listening):
            click.echo("agikg: others can reach it: it asks for no password and answers everybody", err=True)
        tool_transport.serve_http(server, listening, allowed)
    click.echo("agikg: stopped", err=True)
