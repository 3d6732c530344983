"""Small pieces of pages: figures with their interval, links to districts, strips, words of charts."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from babel.dates import get_month_names
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from philoxenia.report import strips
from philoxenia.report.charts import Setting
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names
from philoxenia_web.studies.report.reading import Reading
from philoxenia_web.ui import numbers

Place = Callable[[str], SafeString]
_MOST_NAMED = 5


def split(middle: float | None, low: float | None, high: float | None) -> tuple[str, str]:
    """A figure and its interval apart: "4,900" and "4,100 to 6,000"."""
    return numbers.apart(middle, low, high)


def whole_interval(row: Mapping[str, Any], name: str = "score") -> str:
    """A score with its band, 64 (54 to 72)."""
    middle, low, high = (row.get(key) for key in (name, f"{name}_low", f"{name}_high"))
    if low is None or high is None:
        return numbers.whole(middle)
    words = {"middle": numbers.whole(middle), "low": numbers.whole(low), "high": numbers.whole(high)}
    return numbers.together(
        pgettext("an estimate and its interval", "%(middle)s (%(low)s to %(high)s)") % words
    )


def deciles(row: Mapping[str, Any], name: str) -> str:
    """The middle of a row's future with its interval."""
    return numbers.interval(row.get(f"{name}_p50"), row.get(f"{name}_p10"), row.get(f"{name}_p90"))


def place_in(reading: Reading, study: Study) -> Place:
    """Turns a district's id into a link with its name."""

    def place(district: str) -> SafeString:
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a>', address(study, district), reading.names.get(district, district)
        )

    return place


def address(study: Study, district: str) -> str:
    """The page of a district."""
    return reverse("study-district", args=[study.pk, district])


def places(districts: Iterable[str], place: Place, most: int = _MOST_NAMED) -> SafeString:
    """Districts as a list of links, cut with the number of those left out."""
    there = list(districts)
    shown = names.listed(place(one) for one in there[:most])
    if len(there) <= most:
        return shown
    return format_html(_("{districts} and {count} more"), districts=shown, count=len(there) - most)


def band(value: float, low: float | None, high: float | None, top: float = 100.0) -> SafeString:
    """A dot in its band."""
    return _drawn(
        strips.band_strip(value, value if low is None else low, value if high is None else high, top)
    )


def pair(newcomers: float, long_term: float, bottom: float, top: float) -> SafeString:
    """Newcomers and long-term residents on one line."""
    return _drawn(strips.pair_strip(newcomers, long_term, bottom, top))


def level(value: float, nominal: float) -> SafeString:
    """A share beside where it should be."""
    return _drawn(strips.level_strip(value, nominal))


def span(row: Mapping[str, Any]) -> dict[str, str]:
    """The first and last month of a total, in words."""
    return {"first": numbers.month(str(row["first"])), "last": numbers.month(str(row["last"]))}


def setting(width: int = 280, height: int = 180) -> Setting:
    """The words, months and signs of charts in the reader's language."""
    known = numbers.locale()
    symbols = known.number_symbols.get("latn", known.number_symbols)
    months = get_month_names("abbreviated", context="stand-alone", locale=known)
    return Setting(
        months=tuple(months[month] for month in range(1, 13)),
        wanted=pgettext("label of a line in a chart", "wanted"),
        recorded=pgettext("label of a line in a chart", "recorded"),
        figure=lambda middle, low, high: split(middle, low, high)[0],
        marks=(symbols.get("group", ","), symbols.get("decimal", ".")),
        width=width,
        height=height,
    )


def period(text: str) -> str:
    """The date of a source: a month or year in words, anything else as it is."""
    first, to, last = text.partition(" to ")
    if to:
        return _("%(first)s to %(last)s") % {"first": numbers.month(first), "last": numbers.month(last)}
    return numbers.month(text) if text else numbers.NOT_KNOWN


def drawn(template: str, context: Mapping[str, Any]) -> SafeString:
    """A piece of a page."""
    return SafeString(render_to_string(f"studies/report/{template}.html", dict(context)))


def _drawn(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (drawn by the engine from numbers)
