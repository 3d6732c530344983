"""What pays back? Every action with what it brings beyond its cost, for whom, and in how many futures."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.studies.foresight import dividend_words, plots
from philoxenia_web.studies.foresight.asked import Asked
from philoxenia_web.studies.foresight.figures import drawn
from philoxenia_web.studies.foresight.money import Money, money_for
from philoxenia_web.studies.foresight.reading import GROSS, NET, WEIGHTED, ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.sentences import joined, say
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

NEWCOMERS, LONG_TERM = "newcomers", "long_term_residents"


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page | Table:
    """The ranking of all actions, narrowed and weighed as the address asks."""
    title = say(_("Which actions pay back, for whom, in which futures?"))
    if not reading.actions:
        return Page(
            title, say(_("No action was compared yet.")), drawn("dividend", {"nothing": True, "study": study})
        )
    asked = Asked.of(reading, request)
    money = money_for(reading.currency, _amounts(reading))
    table = _table(reading, study, request, asked, money)
    if table.wants_export:
        return table
    context = {
        "study": study,
        "question": study.question,
        "asked": asked,
        "lists": [
            ("who", _("Show what it brings to"), _("Everybody"), asked.choices("who")),
            ("funder", _("Who pays"), _("Anybody"), asked.choices("funder")),
            ("goal", _("Goal it serves"), _("Any goal"), asked.choices("goal")),
            ("idea", _("Idea it stands for"), _("Any idea"), asked.choices("idea")),
        ],
        "kept": [(name, asked.given[name]) for name in ("weights", "span") if asked.given[name]],
        "picture": _picture(reading, study, asked, money) if asked.actions else None,
        "keys": dividend_words.keys(reading, study),
        "losers": dividend_words.losers(reading, study),
        "table": table,
    }
    lead = joined(dividend_words.answer(reading, study))
    return Page(title, lead, drawn("dividend", context), drawn("dividend_sources", _sources(reading)))


def address(study: Study, action: str) -> str:
    """The page of an action."""
    return reverse("foresight-action", args=[study.pk, action])


def _amounts(reading: ForesightReading) -> list[float | None]:
    return [row[name] for one in reading.actions if (row := reading.of(one, NET)) for name in ("p10", "p90")]


def _picture(reading: ForesightReading, study: Study, asked: Asked, money: Money) -> dict[str, Any]:
    """All actions as rows of one scale: how often each amount comes, and its interval."""
    rows = [(one, row) for one in asked.actions if (row := asked.row_of(one))]
    axis = plots.axis_of([row for _one, row in rows])
    return {
        "title": dividend_words.finding(reading, asked),
        "axis": plots.scale(axis, [numbers.number(tick * asked.scale / money.step) for tick in axis.ticks]),
        "unit": money.unit,
        "rows": [
            {
                "title": reading.title(one),
                "address": address(study, one),
                "drawing": plots.distribution(asked.values_of(one), row, axis),
                "figure": numbers.interval(*money.cell(row, asked.scale)),
                "odds": numbers.percent(row["share_losing"]),
            }
            for one, row in rows
        ],
    }


def _table(
    reading: ForesightReading, study: Study, request: HttpRequest, asked: Asked, money: Money
) -> Table:
    rows = [_row(reading, study, asked, money, one) for one in asked.actions]
    ranked = _("What it brings to them") if asked.who else _("Beyond its cost")
    columns = [
        Column("title", _("Action"), kind="name", filter=True),
        Column("ranked", ranked, kind="interval"),
        Column("losing", _("Futures with a loss"), kind="percent"),
        Column("gross", _("All it brings"), kind="number"),
        Column("cost", _("Costs"), kind="number"),
        Column("ratio", _("For each 1 spent"), kind="number"),
        Column("newcomers", _("Newcomers"), kind="interval"),
        Column("long_term", _("Long-term residents"), kind="interval"),
    ]
    if request.GET.get("actions-export"):
        columns += [
            Column("funder", _("Who pays"), kind="name"),
            Column("blueprint", _("Idea it stands for")),
            Column("crf_goals", _("Goal it serves")),
        ]
    return Table(
        "actions",
        columns,
        rows,
        request,
        caption=_("Every action, %(unit)s, with intervals for eight in ten futures") % {"unit": money.unit},
        empty=_("No action fits what you chose."),
        size=50,
        note=_(
            "Beyond its cost: all an action brings to everybody, less what it costs everybody who pays, "
            "with it minus without it in the same futures, discounted. Newcomers and long-term residents add "
            "up to all it brings."
        ),
    )


def _row(reading: ForesightReading, study: Study, asked: Asked, money: Money, action: str) -> dict[str, Any]:
    ranked, gross = asked.row_of(action), reading.of(action, GROSS)
    cost = reading.cost(action)
    gains = reading.gains(action)
    return {
        "title": reading.title(action),
        "href": address(study, action),
        "marks": [(_("changed here"), "attention")] if reading.changed(action) else [],
        "ranked": money.cell(ranked, asked.scale),
        "losing": ranked["share_losing"] if ranked else None,
        "gross": money.whole(gross["mean"], asked.scale) if gross else None,
        "cost": money.whole(cost, asked.scale),
        "ratio": gross["mean"] / cost if gross and cost else None,
        "newcomers": money.cell(gains.get(NEWCOMERS), asked.scale),
        "long_term": money.cell(gains.get(LONG_TERM), asked.scale),
        "funder": reading.funders.get(reading.actions[action]["funder"], ""),
        **{name: reading.actions[action][name] for name in ("blueprint", "crf_goals")},
    }


def _sources(reading: ForesightReading) -> dict[str, Any]:
    found = reading.found
    return {
        "futures": found.futures,
        "months": len(found.months),
        "rate": found.rate,
        "seed": found.seed,
        "version": found.version,
        "weights": WEIGHTED,
    }
