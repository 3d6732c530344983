"""What outcomes are worth: a number for each, with its range and source, changed only with a reason."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies.catalogue import Catalogue, catalogue_of
from philoxenia_web.studies.entered import amount_of, typed
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight_plan import Plan
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.report import names as report_names
from philoxenia_web.studies.views.answers import refusal_said
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of
from philoxenia_web.studies.views.entries import Entry, error_at, said
from philoxenia_web.studies.views.plan_step import Trouble, of_own_foresight, save

_HERE, _LIST = "study-values", "study-actions"
_NUMBERS = ("low", "value", "high")
Row = Mapping[str, Any]


@access(RUN)
@reads_and_writes
@of_own_foresight
def choose_values(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """Every outcome that has a worth."""
    try:
        catalogue = catalogue_of(actor, study)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-inputs", study.pk)
    if request.method != "POST":
        return _page(request, study, catalogue, None, None)
    wrong: dict[str, str] = {}
    changed = {}
    for row in catalogue.values.iter_rows(named=True):
        if change := _change(row, request.POST, wrong):
            changed[row["measure"]] = change
    trouble = Trouble(wrong) if wrong else save(request, actor, study, {"values": changed})
    if trouble is None:
        return redirect(_LIST, study.pk)
    return _page(request, study, catalogue, request.POST, trouble)


def _change(row: Row, sent: Mapping[str, str], wrong: dict[str, str]) -> Plan:
    """What is said of one outcome otherwise than in the catalogue; a range left as it is moves along."""
    change: Plan = {}
    for name in _NUMBERS:
        text = sent.get(f"{name}:{row['measure']}", "").strip()
        value = amount_of(text) if text else row[name]
        if value is None:
            said_so = _("“%(text)s” is not a number.") % {"text": text[:40]}
            wrong[f"values/{row['measure']}/{name}"] = said_so
        elif typed(value) != typed(row[name]):
            change[name] = value
    reason = sent.get(f"reason:{row['measure']}", "").strip()
    if change and not reason:
        wrong[f"values/{row['measure']}/reason"] = _("Say why: the reason stands with the study.")
    return change | {"reason": reason} if change else {}


def _page(
    request: HttpRequest,
    study: Study,
    catalogue: Catalogue,
    sent: Mapping[str, str] | None,
    trouble: Trouble | None,
) -> HttpResponse:
    saved = study.plan.get("values", {})
    rows = [
        _shown(row, saved.get(row["measure"], {}), sent, trouble)
        for row in catalogue.values.iter_rows(named=True)
    ]
    told = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, _LIST),
        "rows": rows,
        "currency": catalogue.city.currency,
        "conflict": trouble and trouble.conflict,
        "said": said(trouble, [entry for row in rows for entry in row["entries"]]),
    }
    return render(request, "studies/plan/values.html", told, status=trouble.status if trouble else 200)


def _shown(row: Row, change: Row, sent: Mapping[str, str] | None, trouble: Trouble | None) -> dict[str, Any]:
    labels = {"low": _("At least"), "value": _("Most likely"), "high": _("At most")}
    measure = row["measure"]

    def entry(name: str, label: str, saved: str, kind: str, was: str = "") -> Entry:
        field, place = f"{name}:{measure}", f"values/{measure}/{name}"
        value = saved if sent is None else sent.get(field, "")
        error = error_at(trouble, place)
        return Entry(field, label, value, kind, place=place, was=was, optional=kind == "text", **error)

    numbers = [
        entry(name, labels[name], typed(change.get(name, row[name])), "decimal",
              typed(row[name]) if name in change else "")
        for name in _NUMBERS
    ]  # fmt: skip
    reason = entry("reason", _("Reason for the change"), change.get("reason", ""), "text")
    return {
        "title": names.measure(measure),
        "unit": report_names.unit(row["unit"] or ""),
        "pillar": names.pillar(row["pillar"]),
        "source": row["source"],
        "date": row["date"],
        "changed": bool(change),
        "entries": [*numbers, reason],
    }
