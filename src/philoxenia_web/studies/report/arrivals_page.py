"""Who may come? Each series with its fan, demand behind records, and how forecasts did before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from philoxenia.report.charts import Fan, Point, fan_chart, recorded_chart
from philoxenia.report.document import Picture
from philoxenia.report.sections.arrivals import measures
from philoxenia.report.sections.places import holds
from philoxenia.report.words import unit_of as english_unit
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import backtest_view, names, sentences
from philoxenia_web.studies.report.figures import drawn, setting
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.ui import numbers
from philoxenia_web.ui.charts import readable

_YEARS_SHOWN, _PANELS, _WANTED = 6, 8, 4
_EVERYBODY = "all"
_LEVELS = ("95", "80", "50")
WIDE = (680, 260)


_NONE = SafeString("")


@dataclass(frozen=True)
class Panel:
    """One chart with its title and the same in words."""

    title: str
    picture: SafeString
    words: SafeString
    # The same for a telephone, where a wide drawing would shrink until nobody reads it.
    narrow: SafeString = _NONE


def page(reading: Reading, study: Study, _request: HttpRequest) -> Page:
    """All series."""
    title = sentences.say(_("Who may come?"))
    if not sentences.has_forecasts(reading):
        context = {
            "nothing": True,
            "missing": names.said(reading.findings, reading.findings.missing, "arrivals"),
        }
        return Page(title, sentences.arrivals(reading), drawn("arrivals", context))
    there = measures(reading.findings)
    main = there[0]
    context = {
        "main": panel(reading, main, main_group(reading, main), main, wide=True),
        "panels": [panel(reading, one, main_group(reading, one), one) for one in there[1:_PANELS]],
        "group_title": names.label(main, reading.findings.labels),
        "groups": [panel(reading, main, group, group) for group in groups(reading, main)[1 : _PANELS + 1]],
        "wanted": _wanted(reading),
        "months": _months(reading),
        "rows": [_line(reading, measure, main_group(reading, measure)) for measure in there],
        "group_rows": [
            _line(reading, measure, group) for measure in there for group in groups(reading, measure)[1:]
        ],
        "backtest": backtest_view.context(reading),
        "missing": names.said(reading.findings, reading.findings.missing, "arrivals"),
        "remarks": names.said(reading.findings, reading.findings.remarks, "arrivals"),
        "recorded": _recorded(reading),
    }
    lead = sentences.joined([sentences.arrivals(reading), _stock(reading, there)])
    return Page(title, lead, drawn("arrivals", context), drawn("arrivals_sources", context))


def _stock(reading: Reading, there: Sequence[str]) -> SafeString:
    return sentences.last(reading, sentences.STOCK) if sentences.STOCK in there[1:] else SafeString("")


def groups(reading: Reading, measure: str) -> list[str]:
    """The groups of a series, everybody first, then the largest."""
    rows = reading.findings.forecasts.filter(pl.col("measure") == measure)
    means = rows.group_by("group").agg(pl.col("median").mean())
    ordered = means.sort(["median", "group"], descending=[True, False])["group"].to_list()
    return sorted(ordered, key=lambda group: group != _EVERYBODY)


def main_group(reading: Reading, measure: str) -> str:
    """Everybody, or the largest group."""
    return groups(reading, measure)[0]


def ahead_of(reading: Reading, measure: str, group: str) -> list[Row]:
    """The forecast of one series."""
    same = (pl.col("measure") == measure) & (pl.col("group") == group)
    return reading.findings.forecasts.filter(same).sort("time").to_dicts()


def past_of(reading: Reading, measure: str, group: str) -> list[Row]:
    """The records of one series."""
    frame = reading.findings.history
    if not holds(frame, "measure", "group", "time", "value"):
        return []
    same = (pl.col("measure") == measure) & (pl.col("group") == group) & pl.col("value").is_not_null()
    return frame.filter(same).sort("time").to_dicts()


def unit_of(measure: str) -> str:
    """The unit of a series."""
    return names.unit(english_unit(measure))


def panel(reading: Reading, measure: str, group: str, called: str, wide: bool = False) -> Panel:
    """One series as a chart: what was recorded, the middle of the forecast, its bands."""
    ahead, past = ahead_of(reading, measure, group), past_of(reading, measure, group)
    title = names.label(called, reading.findings.labels)
    words, kept = _panel_words(ahead[-1], past, measure), past[-_kept(ahead) :]
    fan = Fan(
        [Point(row["time"], row["value"]) for row in kept],
        _points(ahead, "median", "lower_80", "upper_80"),
        [(level, _points(ahead, "median", f"lower_{level}", f"upper_{level}")) for level in _LEVELS],
        unit_of(measure),
        title,
        sum(row["value"] for row in past[-12:]) / len(past[-12:]) if past else None,
    )
    small = inline(fan_chart(fan, title, setting()))
    if not wide:
        return Panel(title, small, words)
    told = [_recorded_said(kept), [*_recorded_said(kept[-1:]), *_ahead_said(ahead)]]
    return Panel(title, read_by_point(fan_chart(fan, title, setting(*WIDE)), told), words, small)


def _recorded_said(rows: list[Row]) -> list[str]:
    return [_said_at(row["time"], numbers.number(row["value"])) for row in rows]


def _ahead_said(rows: list[Row]) -> list[str]:
    return [_said_at(row["time"], _month(row)) for row in rows]


def _said_at(time: str, value: str) -> str:
    return _("%(month)s: %(value)s") % {"month": numbers.month(time), "value": value}


def _panel_words(row: Row, past: list[Row], measure: str) -> SafeString:
    told = sentences.say(
        _("{month}: {amount}, {unit}."),
        month=numbers.month(row["time"]),
        amount=numbers.interval(row["median"], row["lower_80"], row["upper_80"]),
        unit=unit_of(measure),
    )
    if not past:
        return told
    last = sentences.say(
        _("Last record, {month}: {value}."),
        month=numbers.month(past[-1]["time"]),
        value=numbers.number(past[-1]["value"]),
    )
    return sentences.joined([told, last])


def _kept(ahead: list[Row]) -> int:
    first = ahead[0]["time"]
    per_year = 1 if len(first) == 4 else 4 if "Q" in first else 12
    return _YEARS_SHOWN * per_year * (4 if per_year == 1 else 1)


def _points(rows: list[Row], middle: str, low: str, high: str) -> list[Point]:
    return [Point(row["time"], row[middle], row[low], row[high]) for row in rows if row.get(low) is not None]


def read_by_point(picture: Picture, told: list[list[str]]) -> SafeString:
    """A drawing whose points are read with a pointer or the arrow keys."""
    made = readable(picture, told)
    return drawn("readable", {"picture": inline(picture), "data": made.data, "points": made.points})


def inline(picture: Picture) -> SafeString:
    """A drawing for a page; the words beside it say the same."""
    return mark_safe(picture.inline)  # noqa: S308 (drawn by the engine, names escaped)


def _wanted(reading: Reading) -> list[Panel]:
    frame = reading.findings.demand
    if not holds(frame, "group", "time", "recorded", "estimated_p10", "estimated_p50", "estimated_p90"):
        return []
    there = frame["group"].unique(maintain_order=True).to_list()[:_WANTED]
    return [
        _wanted_panel(reading, frame.filter(pl.col("group") == group).sort("time").to_dicts())
        for group in there
    ]


def _wanted_panel(reading: Reading, rows: list[Row]) -> Panel:
    recorded = [Point(row["time"], row["recorded"]) for row in rows if row["recorded"] is not None]
    known = [row for row in rows if row["estimated_p50"] is not None]
    estimated = _points(known, "estimated_p50", "estimated_p10", "estimated_p90")
    title = names.label(rows[0]["group"], reading.findings.labels)
    picture = recorded_chart(
        recorded, estimated, unit_of("newly_identified"), title, title, setting(340, 200)
    )
    both = [row for row in known if row["recorded"] is not None]
    return Panel(title, inline(picture), _wanted_words(both[-1], rows) if both else SafeString(""))


def _wanted_words(row: Row, rows: list[Row]) -> SafeString:
    held = [one for one in rows if one.get("held_down")]
    told = sentences.say(
        _("{month}: {recorded} recorded, {wanted} may have come."),
        month=numbers.month(row["time"]),
        recorded=numbers.number(row["recorded"]),
        wanted=numbers.interval(row["estimated_p50"], row["estimated_p10"], row["estimated_p90"]),
    )
    share = sentences.say(
        _("Intake was held down by full services in {share} of all periods."),
        share=numbers.percent(len(held) / len(rows)),
    )
    return sentences.joined([told, share])


def _months(reading: Reading) -> list[str]:
    times = sorted(set(reading.findings.forecasts["time"]))
    wanted = sorted({min(2, len(times) - 1), min(5, len(times) - 1), len(times) - 1})
    return [times[place] for place in wanted]


def _line(reading: Reading, measure: str, group: str) -> dict[str, Any]:
    by_time = {row["time"]: row for row in ahead_of(reading, measure, group)}
    past = past_of(reading, measure, group)
    own = reading.findings.labels
    return {
        "series": names.label(measure, own),
        "group": "" if group == _EVERYBODY else names.label(group, own),
        "last": past[-1]["value"] if past else None,
        "months": [_month(by_time.get(time)) for time in _months(reading)],
        "total": _total(reading, measure, group),
    }


def _month(row: Row | None) -> str:
    return numbers.interval(row["median"], row["lower_80"], row["upper_80"]) if row else ""


def _total(reading: Reading, measure: str, group: str) -> str:
    frame = reading.findings.arrival_totals
    if measure == sentences.STOCK or not holds(frame, "measure", "group", "p10", "p50", "p90"):
        return ""
    found = frame.filter((pl.col("measure") == measure) & (pl.col("group") == group)).to_dicts()
    return numbers.interval(found[0]["p50"], found[0]["p10"], found[0]["p90"]) if found else ""


def _recorded(reading: Reading) -> SafeString:
    if not holds(reading.findings.history, "time"):
        return SafeString("")
    times = reading.findings.history["time"]
    first, last = numbers.month(str(times.min())), numbers.month(str(times.max()))
    return format_html(_("Recorded from {first} to {last}."), first=first, last=last)
