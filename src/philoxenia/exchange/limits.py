"""Reads `limits.toml`: how much of a file is read before it is refused."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _limits() -> dict[str, dict[str, int]]:
    return tomllib.loads((files("philoxenia.exchange") / "limits.toml").read_text(encoding="utf-8"))


def limit(topic: str, name: str) -> int:
    """One limit, for example `limit("archive", "ratio")`."""
    return _limits()[topic][name]
