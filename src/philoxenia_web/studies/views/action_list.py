"""The step that chooses which actions to look at: the catalogue, filtered, and the planner's own."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies import action_lines, wizard
from philoxenia_web.studies.action_lines import FILTERS, Line
from philoxenia_web.studies.catalogue import Catalogue, catalogue_of
from philoxenia_web.studies.foresight_plan import Plan
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.views.answers import refusal_said
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of
from philoxenia_web.studies.views.entries import said
from philoxenia_web.studies.views.plan_step import Trouble, of_own_foresight, save

_HERE = "study-actions"


@access(RUN)
@reads_and_writes
@of_own_foresight
def choose_actions(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """All actions there are; those ticked go into the study."""
    try:
        catalogue = catalogue_of(actor, study)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-inputs", study.pk)
    rows = action_lines.lines(catalogue, study.plan)
    if request.method != "POST":
        return _page(request, study, catalogue, rows, _filters(request.GET))
    filters = _filters(request.POST)
    wanted = _chosen(request.POST, rows)
    if not wanted:
        trouble = Trouble({"chosen": _("Choose at least one action: without any there is nothing to find.")})
        return _page(request, study, catalogue, _as_sent(rows, wanted), filters, trouble)
    trouble_met = save(request, actor, study, part_of(study.plan, rows, wanted))
    if trouble_met is not None:
        return _page(request, study, catalogue, _as_sent(rows, wanted), filters, trouble_met)
    return _onwards(request, study, filters)


def _onwards(request: HttpRequest, study: Study, filters: dict[str, str]) -> HttpResponse:
    if "next" in request.POST:
        return redirect(wizard.after(study.kind, _HERE), study.pk)
    query = QueryDict(mutable=True)
    # A button that shows all forgets the filter.
    query.update({name: value for name, value in filters.items() if value and "all" not in request.POST})
    return redirect(f"{reverse(_HERE, args=[study.pk])}?{query.urlencode()}".rstrip("?"))


def _filters(sent: QueryDict) -> dict[str, str]:
    return {name: sent.get(name, "")[:100].strip() for name in (*FILTERS, "q")}


def _chosen(sent: QueryDict, rows: list[Line]) -> list[str]:
    """Those ticked, and those that the filter hid and that were chosen before."""
    shown, ticked = set(sent.getlist("shown")), set(sent.getlist("chosen"))
    if "every" in sent:
        ticked |= shown
    if "none" in sent:
        ticked -= shown
    return [row.id for row in rows if (row.id in ticked if row.id in shown else row.chosen)]


def _as_sent(rows: list[Line], wanted: list[str]) -> list[Line]:
    return [Line(row.planned, row.action, row.id in wanted) for row in rows]


def part_of(plan: Plan, rows: list[Line], wanted: list[str]) -> Plan:
    """The part of the plan: all of the catalogue is no list; what is not looked at can be neither required
    nor banned."""
    part: Plan = {"chosen": [] if len(wanted) == len(rows) else wanted}
    for name in ("required", "banned"):
        part[name] = [one for one in plan.get(name, []) if one in wanted]
    return part


def _page(
    request: HttpRequest,
    study: Study,
    catalogue: Catalogue,
    rows: list[Line],
    filters: dict[str, str],
    trouble: Trouble | None = None,
) -> HttpResponse:
    shown = [row for row in rows if row.fits(filters)]
    choices = action_lines.choices(rows, catalogue)
    titles = {
        "blueprint": _("Practice"),
        "goal": _("Resilience goal"),
        "funder": _("Who pays"),
        "serves": _("Whom it serves"),
    }
    funders = action_lines.funders(catalogue)
    told: dict[str, Any] = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, _HERE),
        "back": wizard.before(study.kind, _HERE),
        "rows": [
            {"line": row, "funder": funders.get(row.action.funder, row.action.funder) if row.action else ""}
            for row in shown
        ],
        "all": len(rows),
        "chosen": sum(row.chosen for row in rows),
        "hidden": len(rows) - len(shown),
        "filters": [(name, titles[name], choices[name], filters[name]) for name in FILTERS],
        "sought": filters["q"],
        "filtered": any(filters.values()),
        "needs": action_lines.missing_needs(rows),
        "currency": catalogue.city.currency,
        "conflict": trouble and trouble.conflict,
        "said": said(trouble, []),
    }
    return render(request, "studies/plan/actions.html", told, status=trouble.status if trouble else 200)
