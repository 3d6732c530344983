"""Where an action brings something: a map and a table by district, for newcomers, others, or both."""

from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia.report.maps import DIVERGING, Scale, fixed_scale
from philoxenia.report.numbers import two_figures
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight.money import Money, money_for
from philoxenia_web.studies.foresight.reading import ForesightReading, Row
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.names import listing
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

NEWCOMERS, LONG_TERM = "newcomers", "long_term_residents"
_NUMBERED, _ROWS = 5, 10
# Of the largest amount: under the first a district counts as about nothing, over the second as much.
_SOME, _MUCH = 0.05, 0.3


def places(reading: ForesightReading, request: HttpRequest, action: str) -> dict[str, Any] | None:
    """Map, table and the choice of whose gains; nothing where the study does not tell districts apart."""
    found = _by_population(reading.rows("districts", action))
    if not found:
        return None
    asked = request.GET.get("who", "")
    who = asked if asked in found else next(iter(found))
    money = money_for(reading.currency, [row["p90"] for row in found[who].values()])
    return {
        "who": names.constituency(who),
        "choices": [(f"?who={one}#places", names.constituency(one), one == who) for one in found],
        "map": _map(reading, found[who], who, money),
        "table": _table(reading, request, found, money),
    }


def _by_population(rows: list[Row]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row["population"], {})[row["district_id"]] = row
    return dict(sorted(found.items(), key=lambda pair: (pair[0] != NEWCOMERS, pair[0] != LONG_TERM, pair[0])))


def scale_of(rows: dict[str, Row]) -> Scale:
    """Much and some, gain and loss, and about nothing between them; a side nobody is on is left out."""
    amounts = [row["mean"] for row in rows.values()]
    most = max((abs(one) for one in amounts), default=0.0)
    if not most:
        return fixed_scale((), (DIVERGING[2],), "")
    some, much = two_figures(most * _SOME), two_figures(most * _MUCH)
    steps = [-much, -some, some, much]
    tokens = list(reversed(DIVERGING))
    if min(amounts) >= -some:
        steps, tokens = steps[2:], tokens[2:]
    elif min(amounts) >= -much:
        steps, tokens = steps[1:], tokens[1:]
    if max(amounts) <= some:
        steps, tokens = steps[:-2], tokens[:-2]
    return fixed_scale(tuple(steps), tuple(tokens), "")


def _map(reading: ForesightReading, rows: dict[str, Row], who: str, money: Money) -> Map:
    most = sorted(rows, key=lambda one: -abs(rows[one]["mean"]))
    first = [one for one in most if rows[one]["mean"]][:_NUMBERED]
    said = _losing_said([row["mean"] for row in rows.values() if row["mean"] < 0], money)
    told = listing(
        _("%(district)s %(amount)s")
        % {"district": reading.names.get(one, one), "amount": money.said(rows[one]["mean"])}
        for one in first
    )
    return Map(
        reading.drawing,
        reading.names,
        {one: row["mean"] for one, row in rows.items()},
        scale_of(rows),
        _("Map: what it brings by district. The same follows in words and as a table."),
        lambda one: f"?{urlencode({'who': who, 'districts-q': reading.names.get(one, one)})}#districts",
        money.said,
        legend_title=_("Average gain, %(unit)s") % {"unit": money.unit},
        class_words=_class_words(scale_of(rows), money),
        marked=first,
        words=[_("Most: %(districts)s.") % {"districts": told}, said] if first else [said],
        title=_("%(who)s: what it brings them, by district where they live")
        % {"who": names.constituency(who)},
    )


def _losing_said(losses: list[float], money: Money) -> str:
    if not losses:
        return _("On average they lose in no district.")
    words = ngettext(
        "In %(count)s district they lose on average: %(amount)s.",
        "In %(count)s districts they lose on average, at most %(amount)s.",
        len(losses),
    )
    return words % {"count": numbers.whole(len(losses)), "amount": money.said(-min(losses))}


def _class_words(scale: Scale, money: Money) -> list[str]:
    """The classes with their limits; the one that holds nothing says so."""
    if not scale.limits:
        return [_("nothing anywhere")]
    edges = [None, *scale.limits, None]
    return [_class_said(low, high, money) for low, high in pairwise(edges)]


def _class_said(low: float | None, high: float | None, money: Money) -> str:
    first, last = (None if one is None else numbers.number(abs(one) / money.step) for one in (low, high))
    if (low or -1.0) < 0 < (high or 1.0):
        return _("about nothing: under %(limit)s") % {"limit": last or first}
    if (low or 0.0) > 0:
        return (
            _("%(low)s to %(high)s") % {"low": first, "high": last}
            if last
            else _("over %(limit)s") % {"limit": first}
        )
    if first is None:
        return _("a loss over %(limit)s") % {"limit": last}
    return _("a loss of %(low)s to %(high)s") % {"low": last, "high": first}


def _table(
    reading: ForesightReading, request: HttpRequest, found: dict[str, dict[str, Row]], money: Money
) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            **{who: money.cell(there.get(district)) for who, there in found.items()},
            **{f"{who}_losing": there.get(district, {}).get("share_losing") for who, there in found.items()},
        }
        for district, name in reading.names.items()
        if any(district in there for there in found.values())
    ]
    columns = [Column("name", _("District"), kind="name", filter=True)]
    for who in found:
        words = {"who": names.constituency(who), "unit": money.unit}
        columns.append(Column(who, _("%(who)s (%(unit)s)") % words, kind="interval"))
        columns.append(Column(f"{who}_losing", _("%(who)s: futures with a loss") % words, kind="percent"))
    first = next(iter(found))
    return Table(
        "districts",
        columns,
        rows,
        request,
        caption=_("What it brings by district, with intervals for eight in ten futures"),
        order=f"-{first}",
        size=_ROWS,
    )
