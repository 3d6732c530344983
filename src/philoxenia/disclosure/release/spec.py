"""What a release asks for: `release.toml`, read and checked. Owns the words a spec may use."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from philoxenia.disclosure.figures import every_margin
from philoxenia.disclosure.rounding import BALANCED, WAYS
from philoxenia.disclosure.sensitive import Rules
from philoxenia.disclosure.types import DisclosureError
from philoxenia.exchange.spelling import nearest
from philoxenia.reference import default_parameters

HIDE, ROUND, NOISE = METHODS = ("hide", "round", "noise")


class SpecError(DisclosureError):
    """A spec that cannot be followed; the message names the entry and what may stand there."""

    exit_code = 2


@dataclass(frozen=True)
class Spec:
    """A release: which table, about whom, shown how. Entries are those of `release.toml`.

    `about` names the people: releases about the same people are attacked together. `several` are keys of
    which one person may have more than one value (needs), so that nothing is added up over them.
    `distinct` are keys whose categories never overlap, whatever the release. `changes` = "show" lets small
    changes since an earlier date be seen. `parts` says which basic categories a category of a key is made
    of. `margins` is "all" or a list of lists of columns, [] the grand total.
    """

    table: str
    about: str
    date: str
    purpose: str
    keys: tuple[str, ...]
    measure: str = "people"
    title: str = ""
    unit: str = "people"
    source: str = ""
    margins: tuple[tuple[str, ...], ...] = ()
    several: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    parts: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    method: str = HIDE
    changes: str = "refuse"
    minimum: int = 0
    zeros: str = "show"
    base: str = ""
    contributors: str = ""
    largest: tuple[str, ...] = ()
    round: Mapping[str, Any] = field(default_factory=dict)
    noise: Mapping[str, Any] = field(default_factory=dict)
    hxl: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def rules(self) -> Rules:
        """The rules that say which figures are sensitive."""
        return Rules(self.minimum, self.zeros, self.base, self.contributors, self.largest)

    @property
    def how(self) -> str:
        """How counts are rounded."""
        return str(self.round.get("how", BALANCED))

    @property
    def rounding_base(self) -> int:
        """What rounded figures are multiples of."""
        return int(self.round.get("base", default_parameters()["disclosure.base"]))


_INSIDE = {"round": ("how", "base"), "noise": ("mechanism", "epsilon", "delta", "cells_per_person", "budget")}
_LISTS = ("keys", "several", "distinct", "largest", "notes")


def read_spec(path: Path) -> Spec:
    """The spec in a TOML file. Raises `SpecError` that names the entry."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise SpecError(f"{path.name} cannot be read as TOML ({fault}).") from fault
    return spec_of(raw, path.name)


def spec_of(raw: Mapping[str, Any], name: str = "the spec") -> Spec:
    """A spec from its entries. Raises `SpecError` that names the entry."""
    known = [entry.name for entry in fields(Spec)]
    for entry in raw:
        if entry not in known:
            near = nearest(entry, known)
            raise SpecError(f"{name}: {entry!r} is no entry of a release. {_perhaps(near, known)}")
    for entry in ("table", "about", "date", "purpose", "keys"):
        if not raw.get(entry):
            raise SpecError(f"{name} lacks {entry!r}: {_WHY[entry]}")
    values = dict(raw)
    for entry in _LISTS:
        if entry in values:
            values[entry] = _texts(values[entry], entry, name)
    values["margins"] = _margins(raw.get("margins", "all"), values, name)
    spec = Spec(**values)
    _check(spec, name)
    return spec


_WHY = {
    "table": "a short name, which the files will carry.",
    "about": "whom the table counts; releases about the same people are checked together.",
    "date": "the date the figures are for, such as 2026-10-31.",
    "purpose": "what the table is released for.",
    "keys": "the columns that tell its cells apart.",
}


_TEXTS = ("table", "about", "date", "purpose", "measure", "title", "source", "base", "contributors", "unit")
_CHOICES = {"method": METHODS, "changes": ("refuse", "show"), "zeros": ("show", "hide"), "how": WAYS}


def _check(spec: Spec, name: str) -> None:
    for entry in _TEXTS:
        if not isinstance(getattr(spec, entry), str):
            raise SpecError(f"{name}: {entry!r} is a text between quotation marks.")
    if not all(c.isascii() and (c.isalnum() or c in "-_") for c in spec.table):
        raise SpecError(f"{name}: table = {spec.table!r} names files: letters, digits, - and _ only.")
    if not isinstance(spec.minimum, int) or isinstance(spec.minimum, bool):
        raise SpecError(f"{name}: minimum is a whole number of people, such as 5.")
    for entry, allowed in _INSIDE.items():
        inside = getattr(spec, entry)
        if not isinstance(inside, Mapping) or any(word not in allowed for word in inside):
            raise SpecError(f"{name}: [{entry}] holds {', '.join(allowed)} and nothing else.")
    for entry, choices in _CHOICES.items():
        if getattr(spec, entry) not in choices:
            raise SpecError(f"{name}: {entry} = {getattr(spec, entry)!r}. Take one of {', '.join(choices)}.")
    _check_keys(spec, name)


def _check_keys(spec: Spec, name: str) -> None:
    for entry in ("several", "distinct", "parts"):
        if strange := [key for key in getattr(spec, entry) if key not in spec.keys]:
            raise SpecError(f"{name}: {entry} names {strange[0]!r}, which is no key.")
    if any(set(spec.several) - set(margin) for margin in spec.margins):
        raise SpecError(
            f"{name}: a margin adds up over {', '.join(spec.several)}, where one person counts several "
            "times. Keep that key in every margin, or take it out of `several`."
        )


def _margins(asked: Any, values: Mapping[str, Any], name: str) -> tuple[tuple[str, ...], ...]:
    several = set(values.get("several", ()))
    if asked == "all":
        return tuple(margin for margin in every_margin(values["keys"]) if several <= set(margin))
    if not isinstance(asked, list) or not all(isinstance(margin, list) for margin in asked):
        raise SpecError(
            f'{name}: margins is "all", or a list of lists of columns such as [["district_id"], []].'
        )
    return tuple(_texts(margin, "margins", name) for margin in asked)


def _texts(value: Any, entry: str, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise SpecError(f'{name}: {entry} is a list of texts, such as ["district_id"].')
    return tuple(value)


def _perhaps(near: str, known: Sequence[str]) -> str:
    return f"Perhaps {near!r}?" if near else f"Known: {', '.join(known)}."
