"""Opening hours as people write them in one cell: `Mon-Fri 9 am-5 pm; Sat 10:00-14:00`, `24 hours`, `lundi
au vendredi 9h-17h`.

A text is read whole or not at all: half an opening time would send people to a closed door.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from philoxenia.exchange.hsds.tidying import read_time
from philoxenia.exchange.spelling import plain
from philoxenia.reference.tables import reference_table

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EVERY_DAY = re.compile(
    r"^(daily|every ?day|7 days( a week)?|tous les jours|todos los dias"
    r"|كل يوم|يوميا|καθημερινα|щодня|щоденно)$"
)
_ALWAYS = re.compile(
    r"^(open )?(24[ /]?7|24 ?(h|hrs?|hours)( a day| daily)?([ ,]+(7 days( a week)?|daily|every day))?"
    r"|24 hours,? 7 days a week)$"
)
_CLOSED = re.compile(r"^(closed|ferme|cerrado|مغلق|κλειστα|зачинено)$")
_CLOCK = r"(\d{1,2}(?:[:.h]\d{0,2})?(?::\d{2})? ?(?:[ap]\.? ?m\.?)?|noon|midnight|midi|minuit)"
_SPAN = re.compile(rf"{_CLOCK}\s*(?:-|to|until|till|a|au|à|hasta|until|до|إلى|–|—)\s*{_CLOCK}", re.IGNORECASE)
_WORDS = {"noon": "12:00", "midi": "12:00", "midnight": "24:00", "minuit": "24:00"}


@dataclass(frozen=True)
class Opening:
    """One rule of a week: days as RRULE has them, and from when until when (HH:MM)."""

    byday: str
    opens_at: str
    closes_at: str


@cache
def _weekdays() -> Mapping[str, str]:
    rows = reference_table("directory/weekdays").iter_rows(named=True)
    return {plain(row["word"]): row["day"] for row in rows if not row["word"].isdigit()}


def read_opening_times(text: str) -> tuple[Opening, ...]:
    """The rules of a week a text gives, in its order; () where any part of it cannot be read."""
    tidy = re.sub(r"\s+", " ", text.replace("–", "-").replace("—", "-").replace("‑", "-")).strip(" .;,")
    if _ALWAYS.match(plain(tidy)) or _ALWAYS.match(tidy.lower()):
        return (Opening(",".join(_DAYS), "00:00", "24:00"),)
    found: list[Opening] = []
    waiting = ""
    for part in re.split(r"\s*[;\n|]\s*|,\s*(?=[^\W\d_]{2,})", tidy):
        if not _SPAN.search(part) and _days(part):
            waiting += f"{part}, "
            continue
        read = _part(waiting + part) if part else []
        if read is None:
            return ()
        found += read
        waiting = ""
    return () if waiting else tuple(found)


def _part(text: str) -> list[Opening] | None:
    """One part: days, then one or more spans of hours. [] for closed days, None where it cannot be read."""
    spans = list(_SPAN.finditer(text))
    head = (text[: spans[0].start()] if spans else text).strip(" :,.-(")
    rest = _SPAN.sub("", text[spans[0].start() :]).strip(" ,&/and") if spans else ""
    if not spans:
        words = plain(head)
        closed = re.sub(r"\b(closed|ferme|cerrado|مغلق|κλειστα|зачинено)\b", "", words).strip()
        return [] if _CLOSED.match(words) or (closed != words and _days(closed)) else None
    days = _days(head)
    if not days or rest:
        return None
    hours = [_hours(span[1], span[2]) for span in spans]
    if any(one is None for one in hours):
        return None
    return [Opening(",".join(days), *one) for one in hours if one]


def _days(text: str) -> tuple[str, ...]:
    """Days named one by one, by ranges, or all of them."""
    words = re.sub(r"\s+", " ", text.lower()).strip(" :,.")
    if _EVERY_DAY.match(plain(words)):
        return _DAYS
    words = re.sub(r"^(from|open|du|de|від|з|من)\s+", "", words)
    found: list[str] = []
    for part in re.split(r"\s*(?:,|&|/|\band\b|\bet\b|\by\b|\bта\b|\bі\b|\bκαι\b| و )\s*", words):
        ends = [
            _day(end)
            for end in re.split(r"\s*(?:-|\bto\b|\bau\b|\ba\b|\bthrough\b|\bдо\b|\bέως\b|\bإلى\b)\s*", part)
            if end.strip()
        ]
        if not ends or None in ends or len(ends) > 2:
            return ()
        first, last = _DAYS.index(str(ends[0])), _DAYS.index(str(ends[-1]))
        span = range(first, last + 1) if first <= last else [*range(first, 7), *range(last + 1)]
        found += [_DAYS[day] for day in span if _DAYS[day] not in found]
    return tuple(found)


def _day(word: str) -> str | None:
    known = _weekdays()
    bare = plain(word)
    return known.get(bare) or known.get(bare.removesuffix("s"))


def _hours(first: str, last: str) -> tuple[str, str] | None:
    """Both ends as HH:MM. `9-5` is nine to five in the afternoon; other hours without am or pm are as
    written."""
    opens, closes = (_WORDS.get(plain(end), end).strip().lower() for end in (first, last))
    half = re.search(r"([ap])\.? ?m", closes)
    if half and not re.search(r"[ap]\.? ?m", opens):
        alone, written = read_time(opens), read_time(f"{opens} {half[1]}m")
        ends = read_time(closes)
        opens = f"{opens} {half[1]}m" if written and ends and written < ends else opens
        if alone is None:
            return None
    begin, end = read_time(opens), read_time(closes)
    if begin is None or end is None or begin == end:
        return None
    return (begin, end) if half or _half_day(opens) else _by_the_clock(begin, end, opens)


def _half_day(text: str) -> bool:
    return re.search(r"[ap]\.? ?m", text) is not None


def _by_the_clock(begin: str, end: str, written: str) -> tuple[str, str] | None:
    """Hours without am or pm: `9-5` ends in the afternoon, `22:00-02:00` after midnight, `3-7` could be
    either."""
    hour = int(begin[:2])
    if hour < 7 and not written.startswith("0"):
        return None
    if end < begin and hour < 12:
        end = f"{int(end[:2]) + 12:02d}{end[2:]}"
    return begin, end
