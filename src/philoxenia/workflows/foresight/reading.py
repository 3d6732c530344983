"""Reads one mapping key by key; whatever is wrong becomes a sentence with key, value, rule and remedy."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from philoxenia.exchange.spelling import nearest
from philoxenia.vocabulary import PhiloxeniaError


class SettingsError(PhiloxeniaError):
    """A setting that cannot be used; `key` is its dotted place, such as `budgets.city`."""

    exit_code = 3

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        super().__init__(f"Settings, {key}: {message}")


@dataclass(frozen=True)
class Reader:
    """One level of the settings. `place`: dotted, '' at the top."""

    place: str
    mapping: object

    @property
    def given(self) -> Mapping[str, Any]:
        """The mapping; refused where it is something else."""
        if not isinstance(self.mapping, Mapping):
            raise SettingsError(
                self.place or "settings", f"{self.mapping!r} is not a mapping of names to values."
            )
        return self.mapping

    def at(self, key: str) -> str:
        """The dotted place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def refuse(self, key: str, message: str) -> NoReturn:
        """Raise the sentence for a key."""
        raise SettingsError(self.at(key), message)

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Raise for the first key that is not known, with what may be meant."""
        for key in self.given:
            if key not in known:
                near = nearest(str(key), list(known))
                hint = f"perhaps {near} is meant" if near else f"there is {', '.join(known) or 'none'}"
                self.refuse(str(key), f"there is no {key!r} here; {hint}.")

    def inside(self, key: str) -> "Reader":
        """The level below a key; empty where the key is missing."""
        value = self.given.get(key)
        below = Reader(self.at(key), {} if value is None else value)
        _ = below.given
        return below

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within a range."""
        value = self.given.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
            self.refuse(key, f"{value!r} is not a whole number; give one from {low} to {high}.")
        if not low <= value <= high:
            self.refuse(key, f"{value} is outside its range; give a whole number from {low} to {high}.")
        return int(value)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        """A number within a range."""
        value = self.given.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.refuse(key, f"{value!r} is not a number; give one from {low:g} to {high:g}.")
        if not low <= value <= high:
            self.refuse(key, f"{value:g} is outside its range; give a number from {low:g} to {high:g}.")
        return float(value)

    def text(self, key: str, default: str) -> str:
        """A text."""
        value = self.given.get(key, default)
        if not isinstance(value, str):
            self.refuse(key, f"{value!r} is not a text; write it between quotes.")
        return value

    def yes(self, key: str, default: bool) -> bool:
        """True or false."""
        value = self.given.get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, f"{value!r} is neither true nor false; give one of them.")
        return value

    def choice(self, key: str, known: Sequence[str], default: str) -> str:
        """One of the names known."""
        value = self.given.get(key, default)
        if value not in known:
            self.refuse(key, f"{value!r} is not known; give one of {', '.join(known)}.")
        return str(value)

    def names(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """A list of names known, each once."""
        found = self._list(key)
        for name in found:
            if name not in known:
                near = nearest(str(name), list(known))
                hint = f"perhaps {near} is meant" if near else f"there is {', '.join(known) or 'none'}"
                self.refuse(key, f"there is no action {name!r}; {hint}.")
        return tuple(dict.fromkeys(found))

    def wholes(self, key: str, low: int, high: int) -> list[int]:
        """A list of whole numbers within a range."""
        return [
            Reader(self.at(key), {str(place): value}).whole(str(place), 0, low, high)
            for place, value in enumerate(self._list(key))
        ]

    def amounts(self, key: str) -> tuple[float, ...]:
        """Amounts of money, at least one, none below zero; one number stands for itself."""
        value = self.given[key]
        row = [value] if isinstance(value, int | float) and not isinstance(value, bool) else self._list(key)
        if not row:
            self.refuse(key, "the list is empty; give an amount for each year, or one for all.")
        return tuple(
            Reader(self.at(key), {str(place): amount}).number(str(place), 0.0, 0.0, 1e15)
            for place, amount in enumerate(row)
        )

    def _list(self, key: str) -> list[Any]:
        value = self.given.get(key)
        if value is None:
            return []
        if isinstance(value, str) or not isinstance(value, Sequence):
            self.refuse(key, f"{value!r} is not a list; write it as [..., ...].")
        return list(value)
