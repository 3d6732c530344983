"""The office's page: what was done in a month, who waits, and what became of referrals."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.desk.writing import key_from
from philoxenia_web.casework.models.office import OfficeMonth
from philoxenia_web.casework.office import handing_in, picture, queries
from philoxenia_web.casework.office.policies import HAND_IN_CASEWORK, READ_OFFICE
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry import refusals
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table


@access(READ_OFFICE)
@require_safe
@at_the_desk
def office(request: HttpRequest) -> HttpResponseBase:
    """A month, the newest where none is chosen."""
    actor = actor_of(request)
    one = queries.of_month(actor, _asked(request))
    if one is None:
        return render(
            request,
            "casework/office/office.html",
            {"month": None, "base": _base(), "open_to": handing_in.open_to(actor)},
        )
    tables = _tables(request, one)
    for table in tables.values():
        if table.wants_export:
            return table.export()
    served = queries.totals(actor, "served")
    context = {
        "month": one,
        "chosen": f"{one.month:%Y-%m}",
        "months": [f"{month:%Y-%m}" for month in queries.months(actor)],
        "lead": _lead(one),
        "drawing": picture.bars(served, _("People served by month")),
        "tables": tables,
        "base": _base(),
        "open_to": handing_in.open_to(actor),
    }
    return render(request, "casework/office/office.html", context)


@access(HAND_IN_CASEWORK)
@require_POST
@at_the_desk
def hand_in(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Make and seal the list; the steward reads its check and accepts it where all lists are accepted."""
    actor, key = actor_of(request), key_from(request)
    try:
        place = UUID(request.POST["organisation"]) if "organisation" in request.POST else None
    except ValueError as wrong:
        raise Http404 from wrong
    try:
        told = handing_in.hand_in(actor, agreement_id, key, place)
    except (NotPossible, refusals.NotPossible, refusals.KeyGone) as refusal:
        messages.warning(request, str(refusal))
        return redirect("office")
    if told.people is not None:
        said = _(
            "In the list: %(people)s. Left out: %(restricted)s restricted, %(others)s who did not agree."
        )
        counts = {"people": told.people, "restricted": told.restricted, "others": told.not_agreed}
        messages.success(request, said % {name: numbers.whole(one) for name, one in counts.items()})
    return redirect("linkage-list", agreement_id, told.list.pk)


def _base() -> str:
    return str(numbers.whole(int(default_parameters()["disclosure.base"])))


def _asked(request: HttpRequest) -> date | None:
    told = request.GET.get("month", "")
    if not told:
        return None
    try:
        return date.fromisoformat(f"{told}-01")
    except ValueError as wrong:
        raise Http404(_("There are no figures of this month.")) from wrong


def _lead(one: OfficeMonth) -> str:
    """The answer in a sentence or two."""
    served = queries.total(one, "served")
    if served is None:
        said = _("Fewer people were served than may be shown.")
    else:
        said = _("%(people)s people were served.") % {"people": numbers.whole(served)}
    waits = queries.waits(one, "answer")
    if waits and not waits[0]["category"] and waits[0]["median"] is not None:
        days = numbers.whole(waits[0]["median"])
        said += " " + _("Half of all referrals were answered within %(days)s days.") % {"days": days}
    return said


def _tables(request: HttpRequest, one: OfficeMonth) -> dict[str, Table]:
    def counted(measure: str, by: str, name: str, heading: str, caption: str) -> Table:
        rows = [{"name": line.name, "shown": _shown(line.shown)} for line in queries.lines(one, measure, by)]
        columns = [
            Column("name", heading, kind="name", sort=False),
            Column("shown", name, sort=False),
        ]
        empty = f"{caption}: {_('Nobody in this month.')}"
        return Table(
            f"{measure}-{by}",
            columns,
            rows=rows,
            request=request,
            caption=caption,
            empty=empty,
            size=25,
        )

    people, referrals = _("People"), _("Referrals")
    return {
        "language": counted("served", "language", people, _("Language"), _("Served, by language")),
        "since": counted("served", "since", people, _("In the city for"), _("Served, by time in the city")),
        "district": counted("served", "district", people, _("District"), _("Served, by district")),
        "unmet": counted("unmet", "need", people, _("Need"), _("Needs not met at the end of the month")),
        "noted": counted("noted", "need", people, _("Need"), _("Needs noted in the month")),
        "open": counted("referrals_open", "stage", referrals, _("How far"), _("Referrals on their way")),
        "ended": counted("referrals_ended", "result", referrals, _("Result"), _("Referrals that ended")),
        "answer": _waits(request, one, "answer", _("How long until somebody answers a referral")),
        "begin": _waits(request, one, "begin", _("How long until help begins")),
        "cases": counted(
            "open_cases", "team", _("Cases"), _("Team"), _("Open cases at the end of the month")
        ),
    }


def _shown(value: int | None) -> str:
    return "–" if value is None else str(numbers.whole(value))


def _waits(request: HttpRequest, one: OfficeMonth, measure: str, caption: str) -> Table:
    rows = [_wait(row) for row in queries.waits(one, measure)]
    return Table(
        f"wait-{measure}",
        [
            Column("name", _("Need"), kind="name", sort=False),
            Column("median", _("Half within, days"), sort=False),
            Column("nine", _("Nine in ten within, days"), sort=False),
            Column("waiting", _("Still waiting, about"), sort=False),
            Column("base", _("Referrals, at least"), sort=False),
        ],
        rows=rows,
        request=request,
        caption=caption,
        empty=f"{caption}: {_('Too few referrals for a time that tells anything.')}",
        size=25,
    )


def _wait(row: dict[str, Any]) -> dict[str, Any]:
    low, high = row["median_low"], row["median_high"]
    if row["median"] is None:
        half = _("not yet")
    elif low is None or high is None:
        half = str(numbers.whole(row["median"]))
    else:
        told = {"middle": row["median"], "low": low, "high": high}
        half = _("%(middle)s (%(low)s to %(high)s)") % {key: numbers.whole(one) for key, one in told.items()}
    nine = _("not yet") if row["nine_in_ten"] is None else str(numbers.whole(row["nine_in_ten"]))
    return {
        "name": row["name"],
        "median": half,
        "nine": nine,
        "waiting": _shown(row["waiting"]),
        "base": _shown(row["base"]),
    }
