"""Every component in every state, as living documentation: /design/ and /design/?direction=rtl."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from philoxenia.report.charts import Fan, Point, fan_chart
from philoxenia.report.geometry import Outlines
from philoxenia.report.maps import Choropleth, quantile_scale
from philoxenia.report.tokens import LIGHT
from philoxenia_web.ui import charts, icons, numbers
from philoxenia_web.ui.maps import CityMap
from philoxenia_web.ui.tables import Column, Table

_STATES = {"ready": "Ready", "refused": "Refused", "old": "Older than a year", "running": "Being checked"}
_SIGNS = {"ready": "success", "refused": "problem", "old": "attention", "running": "waiting"}


class Sample(forms.Form):
    """A form with one field of each shape."""

    name = forms.CharField(label="Name of the study", help_text="As colleagues will find it.", max_length=80)
    beds = forms.IntegerField(label="Beds planned", min_value=0)
    service = forms.ChoiceField(label="Service", choices=[("shelter", "Shelter"), ("schools", "Schools")])
    purpose = forms.ChoiceField(
        label="What is it for?",
        choices=[("plan", "Planning"), ("report", "Reporting")],
        widget=forms.RadioSelect,
        help_text="The agreements of the data sets decide which may be used.",
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    share = forms.BooleanField(label="Share it inside the city when it is done", required=False)


def show(request: HttpRequest) -> HttpResponseBase:
    """The gallery."""
    table = _table(request)
    if table.wants_export:
        return table.export()
    return render(request, "ui/gallery.html", _parts(request) | {"table": table})


def _parts(request: HttpRequest) -> dict[str, Any]:
    wrong = Sample({"name": "", "beds": "-4", "service": "shelter"}, auto_id="wrong_%s")
    wrong.full_clean()
    return {
        "direction": "rtl" if request.GET.get("direction") == "rtl" else "",
        "plain": Sample(),
        "wrong": wrong,
        "none": Table(
            "none", [Column("name", "Name")], [], request, caption="Data sets", empty="No data sets yet."
        ),
        "sets": _cards(request),
        "map": _map(request),
        "fan": _fan(),
        "colours": list(LIGHT),
        "icons": icons.names(),
        "tabs": [
            ("Today", request.path, True),
            ("Arrivals", "#arrivals", False),
            ("Load", "#load", False, 12),
        ],
        "steps": ["Choose data", ("Check", "#check"), "Publish", "Tell"],
        "facts": {"Version": "3", "Handed in by": "Shelter and Support", "Rows": numbers.whole(158)},
        "directions": [
            ("Left to right", "?", request.GET.get("direction") != "rtl"),
            ("Right to left", "?direction=rtl", request.GET.get("direction") == "rtl"),
        ],
    }


def _table(request: HttpRequest) -> Table:
    columns = [
        Column("name", "District", kind="name", filter=True),
        Column("people", "Newcomers", kind="number"),
        Column("share", "Share", kind="percent"),
        Column("gap", "Beds short", kind="interval"),
        Column("state", "State", kind="status", filter=True, choices=_STATES, signs=_SIGNS),
        Column("at", "Month", kind="month"),
        Column("size", "File", kind="bytes"),
    ]
    rows = [_row(number) for number in range(1, 58)]
    return Table("places", columns, rows, request, caption="Districts and what is known of them", size=25)


def _cards(request: HttpRequest) -> Table:
    columns = [
        Column("name", "Data set", kind="name"),
        Column("state", "State", kind="status", sort=False, choices=_STATES, signs=_SIGNS),
        Column("size", "File", kind="bytes"),
    ]
    rows = [_row(number) for number in range(1, 5)]
    return Table(
        "sets", columns, rows, request, caption="Cards on a telephone", narrow="cards", download=False
    )


def _row(number: int) -> dict[str, Any]:
    state = list(_STATES)[number % 4]
    return {
        "name": f"District {number}",
        "people": number * 1234.5 if number % 9 else None,
        "share": number / 60,
        "gap": (number * 10, number * 7, number * 15),
        "state": state,
        "at": f"2025-{number % 12 + 1:02d}",
        "size": number**4,
        "href": f"#district-{number}",
        "marks": [("New", "info")] if number == 3 else (),
    }


def _map(request: HttpRequest) -> CityMap:
    names = {f"{number:02d}": f"District {number}" for number in range(1, 25)}
    values = {id_: float(int(id_) ** 2) for id_ in names if id_ not in ("05", "17")}
    choropleth = Choropleth(
        values=values,
        names=names,
        scale=quantile_scale(list(values.values()), "Newcomers", numbers.number),
        label="Newcomers by district; most live in the last rows.",
        form=numbers.number,
        too_few=frozenset({"11"}),
        labelled=("24", "23"),
    )
    links = {id_: f"#district-{int(id_)}" for id_ in names}
    return CityMap(
        "newcomers", choropleth, _honeycomb(list(names)), links, "Most newcomers live in the south"
    )


def _honeycomb(ids: list[str]) -> Outlines:
    paths, points = {}, {}
    for place, id_ in enumerate(ids):
        row, column = divmod(place, 6)
        x, y = 36 + column * 60 + (row % 2) * 30, 36 + row * 52
        paths[id_] = f"M{x} {y - 34}l30 17 0 34 -30 17 -30 -17 0 -34z"
        points[id_] = (float(x), float(y))
    return Outlines(400.0, 240.0, paths, points)


def _fan() -> charts.Readable:
    past = [Point(f"2024-{month:02d}", 800 + 40 * month + 90 * (month % 3)) for month in range(1, 13)]
    ahead = [Point(f"2025-{month:02d}", 1400 + 25 * month) for month in range(1, 13)]
    bands = [
        (
            level,
            [
                Point(p.time, p.value, p.value - width * i, p.value + width * i)
                for i, p in enumerate(ahead, 1)
            ],
        )
        for level, width in (("95", 60), ("80", 40), ("50", 18))
    ]
    label = "People new to shelter each month, and what may come in 2025."
    picture = fan_chart(Fan(past, ahead, bands, "people a month", label), "More people may come than in 2024")
    said = [f"{numbers.month(p.time)}: {numbers.number(p.value)}" for p in past]
    then = [f"{numbers.month(p.time)}: {numbers.number(p.value)} expected" for p in ahead]
    return charts.readable(picture, [said, [said[-1], *then]])
