"""The command line: parse, call one method of the facade, print. Errors become exit codes here."""

from agikg.cli.app import main

__all__ = ["main"]
