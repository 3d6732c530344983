"""What is said of a directory, in one place: `sayings.toml` holds the sentences, this fills them in.

A finding shows cells only where they cannot be of a hidden site: counts else.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from philoxenia.exchange.spelling import listed, quoted

_SHOWN = 3


@dataclass(frozen=True)
class Finding:
    """One thing met in a directory: a sentence, what to do, and how often."""

    kind: str
    severity: str
    table: str
    count: int
    message: str
    remedy: str
    examples: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@cache
def _sayings() -> Mapping[str, Mapping[str, str]]:
    text = (files("philoxenia.exchange.hsds") / "sayings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass
class Told:
    """Collects findings while a directory is read."""

    findings: list[Finding] = field(default_factory=list)

    def find(
        self, kind: str, table: str = "", count: int = 1, examples: Iterable[object] = (), **details: object
    ) -> None:
        """Say one thing; nothing is said of a count of 0."""
        if count:
            self.findings.append(_finding(kind, table, count, tuple(map(str, examples)), details))


def _finding(
    kind: str, table: str, count: int, examples: tuple[str, ...], details: Mapping[str, object]
) -> Finding:
    saying = _sayings()[kind]
    shown = listed([quoted(example) for example in examples[:_SHOWN]])
    values = {
        "table": table.replace("_", " "),
        "count": f"{count:,}",
        "s": "" if count == 1 else "s",
        "ss": "s" if count == 1 else "",
        "was": "was" if count == 1 else "were",
        "has": "has" if count == 1 else "have",
        "shown": f" (such as {shown})" if shown else "",
        **details,
    }
    return Finding(
        kind=kind,
        severity=saying["severity"],
        table=table,
        count=count,
        message=saying["says"].format(**values),
        remedy=saying["remedy"].format(**values),
        examples=examples[:_SHOWN],
    )
