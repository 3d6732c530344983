"""Modules of the engine that are loaded when something of theirs is first used, not when the server starts.

Every web process would otherwise hold what few pages need: solvers, compilers, statistics.
"""

from importlib import import_module
from typing import Any


class Late:
    """A module by its name. Its parts are reached through it, in `except` clauses too."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, part: str) -> Any:
        return getattr(import_module(self._name), part)
