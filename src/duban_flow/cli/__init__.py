"""The command line ``duban`` 命令行: composes the rest, reads clock and environment."""

from duban_flow.cli.app import main

__all__ = ["main"]
