"""One TOML file or part of it, read key by key; each fault is a sentence with file and entry.

A reader goes on after a fault with an empty value, so that one run tells everything that is wrong.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

_LARGEST = 1_000_000  # bytes; the largest guide so far has a hundredth of it
_LONGEST = 2_000  # letters of one text: more is not a step but a leaflet
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\]+")
# Signs that turn the direction of text or cannot be seen: a stranger could make a number read backwards.
_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def read_toml(path: Path, faults: list[str]) -> dict[str, Any]:
    """The content of a TOML file; empty after a fault, which is told."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes; split the guide")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(f"{path} is missing. Write it; docs/how-to/write-a-guide.md shows one.")
    except UnicodeDecodeError:
        faults.append(f"{path} is not UTF-8 text. Save it as UTF-8.")
    except (tomllib.TOMLDecodeError, ValueError, OSError) as fault:
        faults.append(f"{path} cannot be read: {fault}.")
    return {}


@dataclass
class Entries:
    """The keys of one table of a file. `place` says which, for the sentences."""

    path: Path
    raw: Any
    faults: list[str]
    place: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.raw, Mapping):
            self.wrong("this must be a table with keys")
            self.raw = {}

    def wrong(self, what: str, key: str = "") -> None:
        """Keep a fault of this table, or of one of its keys."""
        where = ", ".join(part for part in (self.place, key) if part)
        self.faults.append(f"{self.path}{f' [{where}]' if where else ''}: {what}.")

    def only(self, known: Iterable[str]) -> None:
        """Tell every key that nobody reads, because it is probably misspelt."""
        for key in self.raw:
            if key not in known:
                self.wrong(f"nobody reads {str(key)[:60]!r}. Known here: {', '.join(known)}")

    def text(self, key: str, needed: bool = True) -> str:
        """A text without hidden signs, at most 2,000 letters."""
        value = self.raw.get(key, "")
        if not isinstance(value, str):
            self.wrong(f"{key} must be text in quotes", key)
            return ""
        value = unicodedata.normalize("NFC", value.strip())
        if needed and not value:
            self.wrong(f"{key} is missing", key)
        return self._clean(value, key)

    def _clean(self, value: str, key: str) -> str:
        if len(value) > _LONGEST:
            self.wrong(f"the text has {len(value):,} letters, {_LONGEST:,} are allowed; split it", key)
            return ""
        if any(sign in _HIDDEN or (unicodedata.category(sign) == "Cc" and sign != "\n") for sign in value):
            self.wrong("the text holds hidden signs that change how it reads; write it anew", key)
            return ""
        return value

    def name(self, key: str = "id") -> str:
        """An id: a small letter, then small letters, digits and underscores."""
        value = self.raw.get(key)
        if isinstance(value, str) and _NAME.fullmatch(value):
            return value
        self.wrong(f"{key} must be small letters, digits and underscores; found {str(value)[:60]!r}", key)
        return ""

    def names(self, key: str, needed: bool = True) -> tuple[str, ...]:
        """A list of ids, each once."""
        value = self.raw.get(key, [])
        good = isinstance(value, list) and all(isinstance(v, str) and _NAME.fullmatch(v) for v in value)
        if not good or (needed and not value):
            self.wrong(f'{key} must be a list of names such as ["renting"]', key)
            return ()
        return tuple(dict.fromkeys(value))

    def language(self, key: str) -> str:
        """A language tag such as `ar`."""
        value = self.raw.get(key)
        if isinstance(value, str) and _LANGUAGE.fullmatch(value):
            return value
        self.wrong(f'{key} must be a language tag such as "ar"; found {str(value)[:60]!r}', key)
        return "en"

    def address(self, key: str, needed: bool = True) -> str:
        """An http(s) address; nothing else can be followed safely."""
        value = self.text(key, needed)
        if value and not _ADDRESS.fullmatch(value):
            self.wrong(
                f"{key} must begin with https:// or http:// and hold no spaces; found {value[:80]!r}", key
            )
            return ""
        return value

    def day(self, key: str, needed: bool = True) -> date | None:
        """A date, written without quotes: 2026-11-22."""
        value = self.raw.get(key)
        if value is None and not needed:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.wrong(f"{key} must be a date without quotes, such as 2026-11-22", key)
        return None

    def amount(self, key: str) -> float | None:
        """An amount of money of zero or more; None where it is not known."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e9:
            return float(value)
        self.wrong(f"{key} must be an amount such as 3.95, or be left out where it is not known", key)
        return None

    def whole(self, key: str) -> int:
        """A whole number from 1."""
        value = self.raw.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.wrong(f"{key} must be a whole number from 1", key)
        return 1

    def tables(self, key: str, needed: bool = False) -> "list[Entries]":
        """The tables of a list, written [[{key}]]; ids must differ."""
        value = self.raw.get(key, [])
        if not isinstance(value, list) or (needed and not value):
            self.wrong(f"at least one [[{key}]] is needed", key)
            return []
        found = [self._part(key, number, raw) for number, raw in enumerate(value, start=1)]
        ids = [part.raw.get("id") for part in found]
        for name in {str(one) for one in ids if ids.count(one) > 1}:
            self.wrong(f"the id {name!r} stands twice; every text needs its own", key)
        return found

    def _part(self, key: str, number: int, raw: Any) -> "Entries":
        name = raw.get("id", number) if isinstance(raw, Mapping) else number
        return Entries(
            self.path, raw, self.faults, f"{self.place} > {key} {str(name)[:60]}".removeprefix(" > ")
        )
