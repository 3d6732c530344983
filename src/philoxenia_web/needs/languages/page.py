"""Need for help in one's own language minus what is within reach, by language and district, for a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl
from babel.core import get_global
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.reference.tables import reference_table
from philoxenia.report.maps import quantile_scale
from philoxenia_web.datasets.queries import package
from philoxenia_web.directory.spoken import Spoken, spoken
from philoxenia_web.needs import words
from philoxenia_web.needs.places import Places
from philoxenia_web.ui import numbers
from philoxenia_web.ui.late import Late
from philoxenia_web.ui.maps import CityMap
from philoxenia_web.ui.tables import Column, Table

if TYPE_CHECKING:
    from philoxenia.needs.languages import LanguageGap

_languages = Late("philoxenia.needs.languages")
# CLDR names these by the languages they are part of.
_NAMES = {"cmn": gettext_lazy("Mandarin")}
Interval = tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class View:
    """One language, for all services or for those that meet a need."""

    request: HttpRequest
    places: Places

    @cached_property
    def need(self) -> str:
        """The need asked for; '' for all."""
        asked = self.request.GET.get("need", "")
        return asked if asked in {code for code, _words, _current in self._needs("")} else ""

    @cached_property
    def spoken(self) -> Spoken:
        """What the directory says of languages."""
        return spoken(self.need)

    @cached_property
    def gap(self) -> "LanguageGap":
        """The engine's. Raises `NeedsError`."""
        found: LanguageGap = _languages.language_gap(package(), self.spoken.places)
        return found

    @property
    def first(self) -> str:
        """The language that every service is taken to speak."""
        return next(iter(package().languages), "")

    @cached_property
    def totals(self) -> list[dict[str, Any]]:
        """A language a row, where most people are without first."""
        found = self.gap.total.filter(pl.col("language") != self.first, pl.col("speakers") > 0)
        rows = [self._total(row) for row in found.iter_rows(named=True)]
        return sorted(rows, key=lambda row: (-row["without"][0], -row["speakers"][0]))

    def _total(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "language": row["language"],
            "name": named(row["language"]),
            "href": self.address(show=row["language"]),
            "speakers": _interval(row, "speakers"),
            "places": row["places"],
            "without": _interval(row, "without"),
            "share": row["without"] / row["speakers"],
            "base": row["base"],
        }

    @cached_property
    def language(self) -> str:
        """The language asked for, or the one in which most are without help."""
        asked = self.request.GET.get("show", "")
        known = [row["language"] for row in self.totals]
        return asked if asked in known else next(iter(known), "")

    @property
    def name(self) -> str:
        """Arabic."""
        return named(self.language)

    @cached_property
    def total(self) -> dict[str, Any]:
        """The chosen language in the whole city."""
        return next(row for row in self.totals if row["language"] == self.language)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """A district a row, where most are without first."""
        found = self.gap.frame.filter(pl.col("language") == self.language)
        rows = [self._row(row) for row in found.iter_rows(named=True)]
        return sorted(rows, key=lambda row: (-(row["without"][0] or 0.0), row["name"]))

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "district": row["district_id"],
            "name": self.places.name(row["district_id"]),
            "speakers": _interval(row, "speakers"),
            "access": row["access"],
            "without": _interval(row, "without"),
            "base": row["base"],
        }

    @property
    def lead(self) -> str:
        """The answer, one sentence."""
        total = self.total
        said = {
            "language": self.name,
            "without": numbers.interval(*total["without"]),
            "speakers": numbers.number(total["speakers"][0]),
            "places": numbers.whole(total["places"]),
            "minutes": numbers.number(self.gap.minutes),
        }
        if not total["places"]:
            return (
                _(
                    "%(speakers)s people speak %(language)s most often at home, and no place in the "
                    "directory says that it speaks it."
                )
                % said
            )
        return (
            _(
                "Of %(speakers)s people who speak %(language)s most often at home, %(without)s reach none "
                "of the %(places)s places that say they speak it within %(minutes)s minutes."
            )
            % said
        )

    @property
    def coverage(self) -> str:
        """How much of the directory the figures rest on."""
        said = {
            "telling": numbers.whole(self.spoken.telling),
            "services": numbers.whole(self.spoken.services),
        }
        return (
            _(
                "%(telling)s of %(services)s services say which languages they speak; the others "
                "count for none."
            )
            % said
        )

    def address(self, **asked: str) -> str:
        """This page with another choice."""
        query = {"show": asked.get("show", ""), "need": asked.get("need", self.need)}
        return f"{reverse('needs-languages')}?{urlencode({k: v for k, v in query.items() if v})}"

    @property
    def needs(self) -> list[tuple[str, str, bool]]:
        """Needs to choose from, all of them first."""
        return self._needs(self.need)

    def _needs(self, current: str) -> list[tuple[str, str, bool]]:
        codes = reference_table("needs")["code"].to_list()
        offered = [("", _("All kinds of help")), *((code, words.need(code)) for code in codes)]
        return [(code, name, code == current) for code, name in offered]

    @property
    def map(self) -> CityMap:
        """How many are without, by district."""
        values = {row["district"]: row["without"][0] for row in self.rows}
        title = _("People who speak %(language)s and reach no help in it") % {"language": self.name}
        scale = quantile_scale(list(values.values()), title, numbers.number)
        return self.places.map("languages-map", values, scale, title)

    @cached_property
    def districts(self) -> Table:
        """Every district with intervals and base."""
        columns = [
            Column("name", _("District"), kind="name", filter=True),
            Column("without", _("Without help within reach"), kind="interval"),
            Column("speakers", _("Speak it most often at home"), kind="interval"),
            Column("access", _("Places for 1,000 speakers"), kind="number"),
            Column("base", _("People asked about"), kind="whole"),
        ]
        caption = _("%(language)s by district") % {"language": self.name}
        return Table(
            "districts", columns, self.rows, self.request, caption=caption, note=_note(self.gap.year)
        )

    @cached_property
    def languages(self) -> Table:
        """Every language with intervals."""
        columns = [
            Column("name", _("Language"), kind="name", filter=True),
            Column("without", _("Without help within reach"), kind="interval"),
            Column("share", _("Share"), kind="percent"),
            Column("speakers", _("Speak it most often at home"), kind="interval"),
            Column("places", _("Places that speak it"), kind="whole"),
            Column("base", _("People asked about"), kind="whole"),
        ]
        return Table(
            "languages",
            columns,
            self.totals,
            self.request,
            caption=_("Every language"),
            note=_note(self.gap.year),
            size=50,
        )


def named(code: str) -> str:
    """Mandarin rather than Chinese, where a census tells them apart."""
    if code in _NAMES:
        return str(_NAMES[code])
    known = numbers.locale().languages
    aliases = get_global("language_aliases")
    name = known.get(code) or known.get(aliases.get(code, ""), "")
    return name[:1].upper() + name[1:] if name else words.group("language", code)


def _interval(row: Mapping[str, Any], name: str) -> Interval:
    return row[name], row[f"{name}_low"], row[f"{name}_high"]


def _note(year: str) -> str:
    return _(
        "Census of %(year)s. Low and high hold the true figure in 95 of 100 cases as far as the sampling "
        "of the census goes; gaps of the directory are not in them."
    ) % {"year": year}
