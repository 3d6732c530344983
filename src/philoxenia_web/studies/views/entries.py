"""Fields of a page that no form class can name beforehand: one a shock, an effect, a funder and year."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from philoxenia_web.studies.views.plan_step import Trouble

_MANY = 8
_OTHER = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Entry:
    """One field. `kind`: text, decimal, whole, area, select, check or checks; of `checks` the value is a set.

    `place`: where what is typed stands in the plan, so that a refusal finds the field. `was`: what the
    catalogue says, where the study says otherwise. `look`: where to ask what a change means, and
    `shows` the id of what shows it.
    """

    name: str
    label: str
    value: Any = ""
    kind: str = "text"
    help: str = ""
    unit: str = ""
    choices: Sequence[tuple[str, str]] = ()
    place: str = ""
    error: str = ""
    english: bool = False
    was: str = ""
    optional: bool = False
    look: str = ""
    shows: str = ""
    # What holds while the field is empty.
    hint: str = ""

    @property
    def id(self) -> str:
        """The id of the field on the page."""
        return "f-" + _OTHER.sub("-", self.name)

    @property
    def many(self) -> bool:
        """Whether its boxes are folded: too many to stand open on a page of other fields."""
        return self.kind == "checks" and len(self.choices) > _MANY

    @property
    def number(self) -> bool:
        """Whether a number is typed."""
        return self.kind in ("decimal", "whole")

    @property
    def described(self) -> str:
        """Ids of what describes the field."""
        there = (("h", self.help or self.unit), ("w", self.was), ("e", self.error))
        return " ".join(f"{self.id}-{end}" for end, words in there if words)


def error_at(trouble: Trouble | None, place: str) -> dict[str, Any]:
    """What an entry says of what was refused at its place."""
    if trouble is None or place not in trouble.wrong:
        return {}
    return {"error": trouble.wrong[place], "english": place in trouble.english}


def said(trouble: Trouble | None, entries: Iterable[Entry]) -> list[tuple[str, str, bool]]:
    """Each sentence of what was refused, the id of its field ('': none) and whether it is English."""
    if trouble is None:
        return []
    ids = {entry.place: entry.id for entry in entries if entry.place}
    return [
        (ids.get(place, ""), sentence, place in trouble.english) for place, sentence in trouble.wrong.items()
    ]
