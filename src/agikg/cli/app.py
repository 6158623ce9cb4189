"""The ``agikg`` command: its sub-commands, loaded when called, and the table from errors to exit codes."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

from agikg._version import __version__
from agikg.errors import AgikgError, BadInput, InvalidGraph, LimitHit, Refused, StoreError

_EXIT_CODES: tuple[tuple[type[AgikgError], int], ...] = ((BadInput, 2), (Refused, 3), (LimitHit, 4), (StoreError, 5), (AgikgError, 1))
# Name -> module and one line, so that --help imports no command.
_COMMANDS = {
    "ask": ("ask", "Answer a question in English or Chinese."),
    "show": ("facts", "One entity: what it is, needs, is needed by; its evidence."),
    "dependents": ("chain", "What depends on an entity, as a tree with evidence."),
    "dependencies": ("chain", "What an entity depends on, as a tree with evidence."),
    "path": ("chain", "How two entities are connected, each hop with its claim."),
    "whatif": ("scenario", "What stops, degrades, is substituted or barred in a scenario."),
    "chokepoints": ("critical", "Entities whose denial alone stops others, ranked."),
    "cutsets": ("critical", "Smallest sets of entities, or of evidence, behind a stop."),
    "importance": ("critical", "How likely an entity is down, and what decides it."),
    "exposure": ("critical", "Exposure to countries, by headquarters and by site."),
    "changes": ("scenario", "What changed for an entity between two dates."),
    "explore": ("explore", "Write the interactive page: one file that opens offline."),
    "report": ("explore", "Write a briefing with numbered evidence."),
    "query": ("sparql", "List or run the named queries."),
    "sparql": ("sparql", "Run any read-only SPARQL 1.1 query."),
    "claims": ("facts", "List, filter or dump claims."),
    "sources": ("facts", "List the sources."),
    "entities": ("facts", "List, filter or dump entities."),
    "serve": ("serve", "Serve the graph: SPARQL endpoint, JSON API, workbench."),
    "build": ("data", "Compile and check the graph."),
    "validate": ("data", "Check the graph's files, or files of your own."),
    "verify": ("data", "Check locators and fingerprints against your copy of a source."),
    "review": ("data", "Your copy of a source, sentence by sentence, beside its claims."),
    "fingerprints": ("data", "Write the passages of a source from your copy of it."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click\'s signature)
        """Names in the order of the table."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click\'s signature)
        """The command of a name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"agikg.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (click\'s signature)
        """The list of commands, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="agikg")
def cli() -> None:
    """Evidence-backed knowledge graph of China's AGI value chain.

    Every answer says what it rests on; what the graph does not know, it refuses to answer.

    \b
    agikg ask "what depends on SMIC DUV"
    agikg show "Ascend 910C"
    """  # noqa: D301 (click wants the control character itself)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits with the code of the contract."""
    # A process of a tenth of a second has no cycles worth looking for; the collector takes a tenth of its time.
    gc.disable()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = cli.main(arguments, prog_name="agikg", standalone_mode=False, color=_color())
        sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        code = exit_.exit_code
    except click.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except AgikgError as error:
        code = report(error)
    except BrokenPipeError:
        # The reader (head, less) has seen enough; Python must not complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("AGIKG_DEBUG"):
            raise
        click.echo(f"agikg: unexpected failure: {type(error).__name__}: {error}", err=True)
        click.echo("  AGIKG_DEBUG=1 shows where; please report it", err=True)
        code = 1
    gc.enable()
    sys.exit(code if isinstance(code, int) else 0)


def report(error: AgikgError) -> int:
    """Prints an error and returns its exit code."""
    if isinstance(error, InvalidGraph):
        for problem in error.problems:
            click.echo(str(problem), err=True)
    click.echo(f"agikg: {error.message}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def _color() -> bool | None:
    """None leaves it to click (colour on a terminal only); NO_COLOR and FORCE_COLOR decide it."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None
