"""The `philoxenia` command, on files."""

from philoxenia.cli.main import main

__all__ = ["main"]
