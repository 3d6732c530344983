"""A service as one short row of an offline edition: no field that says nothing, short keys, cut texts.

Owns what travels; `finding.js` and `service.js` read the same keys. A text in the edition's language is a
string; in another language, or by a machine or outdated, it is `[text, language, status]`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from philoxenia.directory.hours import Row, read_rows
from philoxenia.report.names import clean
from philoxenia_web.directory.public.telephones import dialled

_STATUS = {"original": "", "human": "", "machine": "m", "outdated": "o"}
_SOURCE = ("owner", "title", "address", "date")
_YES_NO = {"yes": 1, "no": 0}
# Five decimals are a metre: more would only be bytes.
_DECIMALS = 5
# Nothing but pages may be behind a link: a source may hold a script there.
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


class Rows:
    """Makes rows for one language; `longest` is how many characters a text may have, `zone` the city's."""

    def __init__(self, language: str, longest: int, zone: str) -> None:
        self._language, self._longest, self._zone = language, longest, ZoneInfo(zone)

    def service(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """The row of what `ShownService.as_dict()` gives."""
        hidden = bool(shown.get("confidential"))
        row = {
            "i": shown["id"],
            "oi": shown["organisation_id"],
            "n": self.text(shown["name"]),
            "a": self.text(shown.get("alternate_name")),
            "o": self.text(shown["organisation"]),
            "d": self.text(shown.get("description"), self._longest),
            "u": shown["url"] if _ADDRESS.match(shown.get("url") or "") else None,
            "e": shown.get("email"),
            "z": 1 if "closed" in str(shown.get("status", "")) else None,
            "al": self.text(shown.get("alert")),
            "p": [self._phone(one) for one in shown.get("phones", ())],
            "l": list(shown.get("languages", ())),
            "it": self.text(shown.get("interpretation")),
            **self._conditions(shown),
            "t": [self.text(name) for _, _, name in shown.get("terms", ())],
            "ne": list(shown.get("needs", ())),
            "h": [] if hidden else schedules(shown.get("schedules", ()), self._zone),
            # A confidential site has no place here, whatever it is handed over with.
            "cf": 1 if hidden else None,
            "pl": [] if hidden else [self._place(one) for one in shown.get("places", ())],
            "ck": shown.get("checked_on"),
            "so": shown.get("source"),
            "li": shown.get("licence"),
            "sy": 1 if shown.get("synthetic") else None,
        }
        return told(row)

    def guide(self, told_of: Mapping[str, Any]) -> dict[str, Any]:
        """The row of what `guides.queries.all_guides` gives: steps of statements, each with its sources."""
        sources: dict[tuple[str, ...], int] = {}
        steps = [
            {
                "n": self.text(step["title"]),
                "t": [self._statement(one, sources) for one in step["says"]],
            }
            for step in told_of["steps"]
        ]
        return told(
            {
                "i": told_of["id"],
                "k": "g",
                "n": self.text(told_of["title"]),
                "d": self.text(told_of["lead"]),
                "ck": told_of["date"],
                "st": steps,
                "so": [list(one) for one in sources],
            }
        )

    def _statement(self, says: Mapping[str, Any], sources: dict[tuple[str, ...], int]) -> list[Any]:
        """The text, whether it is certain (1), and the numbers of its sources."""
        named = [tuple(str(one[key]) for key in _SOURCE) for one in says["sources"]]
        numbers = [sources.setdefault(one, len(sources)) for one in named]
        return [self.text(says, ours=True), int(says["checked"] == "checked"), numbers]

    def _conditions(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        ages = [shown.get("minimum_age"), shown.get("maximum_age")]
        return {
            "f": None if shown.get("free") is None else int(shown["free"]),
            "c": self._texts(shown.get("costs", ())),
            "el": self.text(shown.get("eligibility"), self._longest),
            "ru": shown.get("rule"),
            "ag": ages if any(age is not None for age in ages) else None,
            "do": self._texts(shown.get("documents", ())),
            "ap": self.text(shown.get("application"), self._longest),
            "wa": self.text(shown.get("wait")),
            "as": _YES_NO.get(shown.get("asks_status", "")),
            "sp": _YES_NO.get(shown.get("safe_without_papers", "")),
            "ss": self.text(shown.get("status_statement")),
        }

    def _place(self, place: Mapping[str, Any]) -> dict[str, Any]:
        point = [place.get("latitude"), place.get("longitude")]
        lines = [clean(one) for one in place.get("address", ())]
        return told(
            {
                "n": self.text(place.get("name")),
                "a": lines,
                "c": _unless_in(clean(place.get("city") or ""), lines),
                "z": _unless_in(clean(place.get("postal_code") or ""), lines),
                "di": place.get("district_id"),
                "g": None if None in point else [round(float(one), _DECIMALS) for one in point],
                "h": schedules(place.get("schedules", ()), self._zone),
                "p": [self._phone(one) for one in place.get("phones", ())],
                "w": _YES_NO.get(place.get("wheelchair", "")),
                "ac": self._texts(place.get("accessibility", ())),
                "tr": self.text(place.get("transport"), self._longest),
            }
        )

    def _phone(self, phone: Mapping[str, Any]) -> dict[str, Any]:
        return told(
            {
                "n": clean(phone["number"]),
                # How it is dialled; a number without it is shown and not called.
                "t": dialled(phone["number"], phone.get("extension") or "", phone.get("kind") or "").address,
                "x": clean(phone.get("extension") or ""),
                "k": phone.get("kind") if phone.get("kind") not in ("", "voice") else None,
                "d": self.text(phone.get("description")),
                "l": list(phone.get("languages", ())),
            }
        )

    def _texts(self, texts: Iterable[Mapping[str, Any]]) -> list[Any]:
        return [self.text(one, self._longest) for one in texts]

    def text(self, text: Mapping[str, Any] | None, longest: int = 0, ours: bool = False) -> Any:
        """One text as it travels; None where there is none. `ours` keeps the direction signs we wrote."""
        if not text or not text["text"]:
            return None
        words = text["text"] if ours else "\n".join(clean(one) for one in text["text"].splitlines())
        words = cut(words, longest) if longest else words
        status = _STATUS.get(text["status"], "")
        # A text whose language nobody told is not said to be in the reader's.
        if text["language"] == self._language and not status:
            return words
        return [words, text["language"], status] if status else [words, text["language"]]


def _unless_in(words: str, lines: Iterable[str]) -> str:
    """The words, unless a line of the address has them already."""
    return "" if any(words in one for one in lines) else words


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing; a zero says something."""
    return {key: value for key, value in row.items() if value not in (None, "", [], {})}


def cut(words: str, longest: int) -> str:
    """At most so many characters, ending with a whole word and an ellipsis."""
    if len(words) <= longest:
        return words
    start = words[:longest]
    head, space, _ = start.rpartition(" ")
    return (head if space else start).rstrip(" ,;:.") + " …"


def schedules(rows: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> list[dict[str, Any]]:
    """HSDS schedules as the rules `Hours` makes of them, so that a phone reads no times and no words.

    `d` weekdays (or `[ordinal, weekday]` within a month), `o` and `c` minutes after midnight, `x` closed; a
    row that says no hours has its words `k` alone. Days that have the same hours are one row.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in read_rows(rows, zone):
        rule = _rule(row)
        days = rule.pop("d", []) if rule.get("f") == "WEEKLY" else []
        kept = found.setdefault(repr(sorted(rule.items(), key=lambda one: one[0])), rule)
        if days:
            kept["d"] = sorted({*kept.get("d", []), *days})
    return list(found.values())


def _rule(row: Row) -> dict[str, Any]:
    offset = any(time is not None and time.offset is not None for time in (row.opens, row.closes))
    # Times of another zone than the city's are rare: they are told in words and never count as open.
    if not row.clear or offset:
        return told({"k": row.words})
    monthly = row.frequency == "MONTHLY"
    return told(
        {
            "f": row.frequency,
            "d": [list(pair) if monthly else pair[1] for pair in row.by_day],
            "m": list(row.by_month_day),
            "i": row.interval if row.interval > 1 else None,
            "s": row.start.isoformat() if row.start else None,
            "a": row.first.isoformat() if row.first and row.first != row.start else None,
            "b": row.last.isoformat() if row.last else None,
            "w": row.week_start or None,
            "o": None if row.closed or row.opens is None else row.opens.minute,
            "c": None if row.closed or row.closes is None else row.closes.minute,
            "x": 1 if row.closed else None,
            "k": row.words,
        }
    )
