"""Opening hours with one column a weekday, in the notations people write them."""

import re
from collections.abc import Sequence

from philoxenia.exchange.grids import Grid, LongTable
from philoxenia.exchange.layouts.sheet import left_out, long_table, tidy_rows

_WEEKDAYS = (
    ("monday", "mon", "lundi", "lunes", "segunda", "montag", "δευτέρα", "lunedì", "الاثنين"),
    ("tuesday", "tue", "mardi", "martes", "terça", "dienstag", "τρίτη", "martedì", "الثلاثاء"),
    ("wednesday", "wed", "mercredi", "miércoles", "quarta", "mittwoch", "τετάρτη", "mercoledì", "الأربعاء"),
    ("thursday", "thu", "jeudi", "jueves", "quinta", "donnerstag", "πέμπτη", "giovedì", "الخميس"),
    ("friday", "fri", "vendredi", "viernes", "sexta", "freitag", "παρασκευή", "venerdì", "الجمعة"),
    ("saturday", "sat", "samedi", "sábado", "samstag", "σάββατο", "sabato", "السبت"),
    ("sunday", "sun", "dimanche", "domingo", "sonntag", "κυριακή", "domenica", "الأحد"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_WEEKDAYS, start=1) for name in names}
_CLOSED = {"", "-", "closed", "fermé", "cerrado", "fechado", "geschlossen", "κλειστά", "chiuso", "مغلق"}
_TIME = r"(\d{1,2})(?:[:.h](\d{2})?)?\s*([ap])?\.?m?\.?"
_SPAN = re.compile(rf"^{_TIME}\s*(?:-|–|—|to|à)\s*{_TIME}$", re.IGNORECASE)
# Without am or pm, an opening before seven means the afternoon: "1:30-5" is 13:30 to 17:00.
_EARLIEST_OPENING = 7
_NOON = 12


def parse_hours(text: str) -> list[tuple[str, str]] | None:
    """Openings of one day as 24-hour times: "9-12/1-5" gives [("09:00", "12:00"), ("13:00", "17:00")].

    An empty list means closed, None that the text cannot be read.
    """
    if text.strip().lower() in _CLOSED:
        return []
    spans = [_SPAN.match(part.strip()) for part in re.split(r"[/;,&]", text)]
    if not all(spans):
        return None
    openings = [_span(*match.groups()) for match in spans if match]
    return openings if all(opens < closes for opens, closes in openings) else None


def _span(
    hour: str, minute: str | None, half: str | None, hour_2: str, minute_2: str | None, half_2: str | None
) -> tuple[str, str]:
    opens, closes = (int(hour), int(minute or 0)), (int(hour_2), int(minute_2 or 0))
    if half or half_2:
        opens, closes = _on_the_clock(opens, half), _on_the_clock(closes, half_2)
    elif max(opens[0], closes[0]) <= _NOON:
        if opens[0] < _EARLIEST_OPENING:
            opens = (opens[0] + _NOON, opens[1])
        if closes <= opens:
            closes = (closes[0] + _NOON, closes[1])
    return f"{opens[0]:02d}:{opens[1]:02d}", f"{closes[0]:02d}:{closes[1]:02d}"


def _on_the_clock(time: tuple[int, int], half: str | None) -> tuple[int, int]:
    if half is None:
        return time
    return (time[0] % _NOON + (_NOON if half.lower() == "p" else 0), time[1])


def weekdays_across(grid: Grid) -> LongTable:
    """One line an opening: the label columns, `weekday` (1 = Monday), `opens`, `closes` (24 h), `hours`.

    Only the first block of weekdays is read; a second one usually repeats it as a number of hours. A text
    that cannot be read stands in `opens` as it is, so that the contract reports it.
    """
    rows = tidy_rows(grid)
    head = next((index for index, row in enumerate(rows) if len(_weekday_columns(row)) >= 5), None)
    if head is None:
        return long_table([], [], ["weekday", "opens", "closes", "hours"], ["No row names the weekdays."])
    days = _weekday_columns(rows[head])
    labels = {place: name for place, name in enumerate(rows[head][: min(days)]) if name}
    records, file_rows, nameless = [], [], []
    for index, row in enumerate(rows[head + 1 :], start=head + 1):
        if not row[0]:
            nameless += [(grid.first_row + index, next(filter(None, row)))] if any(row) else []
            continue
        for record in _openings(row, days):
            records.append({name: row[place] for place, name in labels.items()} | record)
            file_rows.append(grid.first_row + index)
    columns = [*labels.values(), "weekday", "opens", "closes", "hours"]
    return long_table(records, file_rows, columns, left_out(nameless, "rows without an id"))


def _weekday_columns(row: Sequence[str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, cell in enumerate(row):
        number = _NUMBER_OF.get(cell.strip().lower())
        if number and number not in found.values():
            found[place] = number
    return found


def _openings(row: Sequence[str], days: dict[int, int]) -> list[dict[str, str]]:
    lines = []
    for place, number in days.items():
        openings = parse_hours(row[place])
        if openings is None:
            lines.append({"weekday": str(number), "opens": row[place], "closes": row[place]})
            continue
        for opens, closes in openings:
            hours = _minutes(closes) - _minutes(opens)
            lines.append(
                {"weekday": str(number), "opens": opens, "closes": closes, "hours": f"{hours / 60:g}"}
            )
    return lines


def _minutes(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])
