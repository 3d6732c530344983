"""A profile as a page: groups of households side by side on equal indicators, and what comes together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.needs import words
from philoxenia_web.needs.models import Profile
from philoxenia_web.needs.profiles.dots import axis, dot, scale_of
from philoxenia_web.needs.profiles.queries import frame_of
from philoxenia_web.ui import numbers
from philoxenia_web.ui.late import Late
from philoxenia_web.ui.scale import Scale
from philoxenia_web.ui.tables import Column, Table

_profiles = Late("philoxenia.needs.profiles")

Row = dict[str, Any]
EVERYBODY = "all"
_KINDS = ("newcomers", "third", "fourth", "fifth")
# The table behind each view.
VIEWS = {
    "compare": ("indicators", gettext_lazy("Side by side")),
    "deprivation": ("deprivation", gettext_lazy("Poor in many ways")),
    "severity": ("severity", gettext_lazy("How severe")),
    "overlap": ("overlap", gettext_lazy("Needs together")),
    "districts": ("districts", gettext_lazy("By district")),
}
_MEASURES = {
    "H": gettext_lazy("Share who are poor in many ways (H)"),
    "A": gettext_lazy("Of all that counts, the share they lack on average (A)"),
    "M0": gettext_lazy("Both in one figure (M0 = H × A)"),
    "M1": gettext_lazy("With how far below the line (M1)"),
    "M2": gettext_lazy("With those furthest below weighing most (M2)"),
    "in_need": gettext_lazy("in need (3 and more of 5)"),
    "severe": gettext_lazy("in severe need (4 and more of 5)"),
    "score_1": gettext_lazy("score 1 (least)"),
    "score_2": gettext_lazy("score 2"),
    "score_3": gettext_lazy("score 3"),
    "score_4": gettext_lazy("score 4"),
    "score_5": gettext_lazy("score 5 (most)"),
    "too few": gettext_lazy("too few asked to show"),
    "kept back": gettext_lazy("kept back, or a group of few could be worked out"),
    "small base": gettext_lazy("few asked: read with care"),
}


@dataclass(frozen=True)
class Reading:
    """A finished profile and what is asked of it."""

    profile: Profile
    request: HttpRequest

    @property
    def shown(self) -> str:
        """The view asked for, among those the survey has tables for."""
        asked = self.request.GET.get("show", "")
        return asked if asked in self.views else next(iter(self.views), "compare")

    @cached_property
    def views(self) -> dict[str, str]:
        """The views there are."""
        return {one: str(title) for one, (table, title) in VIEWS.items() if self.profile.tables.get(table)}

    @property
    def tabs(self) -> list[tuple[str, str, bool]]:
        """The views as tabs."""
        here = reverse("needs-profile", args=[self.profile.pk])
        return [(title, f"{here}?show={one}", one == self.shown) for one, title in self.views.items()]

    def rows(self, table: str) -> list[Row]:
        """Rows of a table."""
        return frame_of(self.profile, table).to_dicts()

    @cached_property
    def groups(self) -> dict[str, str]:
        """Groups by id with their names, everybody last."""
        found = {one.id: one.name for one in _profiles.read_spec(self.profile.spec).groups}
        # Names the form or the example gives; a spec's own stay as they were written.
        named = {
            "Newcomers": _("Newcomers"),
            "Long-term residents": _("Long-term residents"),
            "Host households": _("Host households"),
            "Displaced households": _("Displaced households"),
        }
        return {one: named.get(name, name) for one, name in found.items()} | {EVERYBODY: _("Everybody asked")}

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The style of each group: the one compared with is grey, others have a colour."""
        reference = next((row["reference"] for row in self.rows("differences")), "")
        others = [one for one in self.groups if one not in (EVERYBODY, reference)]
        found = {one: _KINDS[min(place, len(_KINDS) - 1)] for place, one in enumerate(others)}
        return found | {reference: "reference", EVERYBODY: "everybody"}

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Groups with their style."""
        return [(name, self.kinds.get(one, "third")) for one, name in self.groups.items() if one != EVERYBODY]


def figure(row: Mapping[str, Any], is_share: bool) -> str:
    """44% (40% to 49%), or the sentence that stands in its place."""
    if row["value"] is None:
        return str(_MEASURES.get(row.get("mark") or "", numbers.NOT_KNOWN))
    if not is_share:
        return numbers.interval(row["value"], row["low"], row["high"])
    whole = numbers.percent(row["value"])
    if row["low"] is None:
        return whole
    told = {"middle": whole, "low": numbers.percent(row["low"]), "high": numbers.percent(row["high"])}
    return numbers.together(_("%(middle)s (%(low)s to %(high)s)") % told)


def is_share(row: Mapping[str, Any]) -> bool:
    """Whether an indicator is a share of households."""
    return str(row.get("unit", "share")).startswith("share")


def blocks(reading: Reading) -> list[dict[str, Any]]:
    """An indicator each: a row a group with dot, interval and base, then how far groups are apart."""
    apart = {(row["indicator"], row["group"]): row for row in reading.rows("differences")}
    return [
        _block(reading, rows, [row for key, row in apart.items() if key[0] == id_])
        for id_, rows in _by(reading.rows("indicators"), "indicator").items()
    ]


def _block(reading: Reading, rows: list[Row], differences: list[Row]) -> dict[str, Any]:
    share = is_share(rows[0])
    sides = [row for row in rows if row["group"] != EVERYBODY] or rows
    scale = Scale(0.0, 1.0) if share else scale_of(v for row in sides for v in (row["low"], row["high"]))
    return {
        "name": rows[0]["label"],
        "need": words.need(rows[0]["need"]) if rows[0].get("need") else "",
        "unit": "" if share else rows[0]["unit"],
        "axis": axis(scale, [_tick(x, share) for x in scale.ticks]),
        "sides": [_side(reading, row, scale, share) for row in sides],
        "differences": [_difference(reading, row, share) for row in differences if row["value"] is not None],
    }


def _tick(value: float, share: bool) -> str:
    return numbers.percent(value) if share else numbers.number(value)


def _side(reading: Reading, row: Row, scale: Scale, share: bool) -> dict[str, Any]:
    kind = reading.kinds.get(row["group"], "third")
    drawn = "" if row["value"] is None else dot(row["value"], row["low"], row["high"], scale, kind)
    return {
        "group": reading.groups.get(row["group"], row["group"]),
        "kind": kind,
        "dot": drawn,
        "figure": figure(row, share),
        "base": numbers.whole(row["base"]) if row["base"] is not None else "",
        "mark": str(_MEASURES.get(row.get("mark") or "", "")) if row["value"] is not None else "",
    }


def _difference(reading: Reading, row: Row, share: bool) -> str:
    """Newcomers: 28 points more than long-term residents (24 to 33)."""
    times = 100 if share else 1
    low, high = sorted(abs(times * row[end]) for end in ("low", "high"))
    crosses = row["low"] <= 0 <= row["high"]
    figures = 2 if share else 3
    ends = {"low": numbers.number(low, figures), "high": numbers.number(high, figures)}
    said = {
        "group": reading.groups.get(row["group"], row["group"]),
        "other": _within(reading, row["reference"]),
        "by": numbers.number(abs(times * row["value"]), figures),
        "interval": numbers.together(_("%(low)s to %(high)s") % ends),
    }
    if crosses:
        return _("%(group)s and %(other)s: no difference that is sure") % said
    if share and row["value"] > 0:
        return _("%(group)s: %(by)s points more than %(other)s (%(interval)s)") % said
    if share:
        return _("%(group)s: %(by)s points less than %(other)s (%(interval)s)") % said
    if row["value"] > 0:
        return _("%(group)s: %(by)s more than %(other)s (%(interval)s)") % said
    return _("%(group)s: %(by)s less than %(other)s (%(interval)s)") % said


def _within(reading: Reading, group: str) -> str:
    """A group's name within a sentence."""
    known = {"newcomers": _("newcomers"), "long_term_residents": _("long-term residents")}
    return known.get(group, reading.groups.get(group, group))


def _by(rows: Sequence[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[key], []).append(row)
    return found


def bars(reading: Reading, table: str, titled: Callable[[Row], str]) -> list[dict[str, Any]]:
    """Rows of a table of shares as blocks: one a title, a dot a group."""
    grouped: dict[str, list[Row]] = {}
    for row in reading.rows(table):
        if row["group"] != EVERYBODY and not row["measure"].startswith("score_"):
            grouped.setdefault(titled(row), []).append(row)
    found = []
    for title, rows in grouped.items():
        most = max((row["high"] or 0.0 for row in rows), default=0.0)
        scale, share = (Scale(0.0, 1.0), True) if most <= 1 else (scale_of([5.0]), False)
        found.append(
            {
                "name": title,
                "axis": axis(scale, [_tick(x, share) for x in scale.ticks]),
                "sides": [_side(reading, row, scale, share) for row in rows],
            }
        )
    return found


def measure(row: Row) -> str:
    """What a measure is called."""
    return str(_MEASURES.get(row["measure"], row["measure"]))


def sector(row: Row) -> str:
    """A sector and what is measured of it."""
    return _("%(sector)s: %(measure)s") % {"sector": row["label"], "measure": measure(row)}


def table_of(reading: Reading, name: str) -> Table:
    """A table of the profile, for the page and for taking away."""
    frame = frame_of(reading.profile, name)
    rows = [_row(reading, name, row) for row in frame.to_dicts()]
    return Table(
        name,
        [column for column in _columns(name, reading) if column.key in _there(frame, name)],
        rows,
        reading.request,
        caption=_captions()[name],
        note=_(
            "Base: households asked who gave an answer. Intervals cover sampling, by the survey's design."
        ),
    )


def _row(reading: Reading, name: str, row: Row) -> Row:
    shown = dict(row)
    shown["figure"] = (row["value"], row.get("low"), row.get("high"))
    if "group" in row:
        shown["group"] = reading.groups.get(row["group"], row["group"])
    if "reference" in row:
        shown["reference"] = reading.groups.get(row["reference"], row["reference"])
    if name == "overlap":
        shown["label"] = words.together(row["needs"].split(";")) if row["needs"] else _("none of these needs")
    if "measure" in row:
        shown["measure"] = measure(row)
    shown["mark"] = str(_MEASURES.get(row.get("mark") or "", ""))
    return shown


def _there(frame: pl.DataFrame, name: str) -> set[str]:
    found = set(frame.columns) | {"figure"}
    return found | {"label"} if name == "overlap" else found


def _captions() -> dict[str, str]:
    return {
        "indicators": _("Every indicator, a row a group"),
        "differences": _("How far groups are apart"),
        "deprivation": _("Poor in many ways, a row a group and measure"),
        "severity": _("Severity by sector and group"),
        "overlap": _("Exactly which needs come together, a row a group"),
        "districts": _("Indicators by district"),
    }


def _columns(name: str, reading: Reading) -> list[Column]:
    first = {"deprivation": ("measure", _("Measure")), "overlap": ("label", _("Needs together"))}
    key, title = first.get(name, ("label", _("Indicator")))
    extra = [Column("measure", _("Measure"))] if name == "severity" else []
    if name == "districts":
        extra = [Column("district_id", _("District"), filter=True)]
    return [
        Column(key, title, kind="name", filter=True),
        *extra,
        Column("group", _("Group"), filter=True, choices={one: one for one in reading.groups.values()}),
        Column("reference", _("Compared with")),
        Column("unit", _("Unit")),
        Column("figure", _("Figure"), kind="interval", path="value"),
        Column("base", _("Base"), kind="whole"),
        Column("reference_base", _("Base of the others"), kind="whole"),
        Column("mark", _("Note")),
    ]
