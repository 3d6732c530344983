"""Step 3 of a draft: the parameters, each with its unit, range and source."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies import actions, parameters
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.entered import number_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.parameters import Change
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Conflict, Refused
from philoxenia_web.studies.views.answers import of_own_draft
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of, version_of

_VALUE, _REASON = "value:", "reason:"


@access(RUN)
@reads_and_writes
@of_own_draft
def choose_parameters(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """All parameters in groups, or those that hold the words sought."""
    if request.method != "POST":
        return _page(request, study, parameters.changes_of(study))
    wrong: dict[str, str] = {}
    wanted = _wanted(study, request.POST, wrong)
    if wrong:
        return _page(request, study, wanted, wrong=wrong, status=422)
    try:
        return _saved(actor, study, request, wanted)
    except Conflict as conflict:
        study.refresh_from_db()
        return _page(request, study, wanted, conflict=conflict, status=409)
    except Refused as refusal:
        return _page(request, study, wanted, wrong={refusal.field: str(refusal)}, status=422)


def _saved(actor: Actor, study: Study, request: HttpRequest, wanted: dict[str, Change]) -> HttpResponse:
    actions.change(actor, study.pk, version_of(request), Settings(parameters=wanted))
    if "next" in request.POST:
        return redirect("study-check", study.pk)
    sought = request.POST.get("q", "")[:100]
    query = QueryDict(mutable=True)
    if sought:
        query["q"] = sought
    return redirect(f"{reverse('study-parameters', args=[study.pk])}?{query.urlencode()}".rstrip("?"))


def _wanted(study: Study, sent: QueryDict, wrong: dict[str, str]) -> dict[str, Change]:
    """What the form says of the parameters it showed; the others stay as they are."""
    if "reset" in sent:
        return _without(parameters.changes_of(study), sent["reset"])
    wanted = parameters.changes_of(study)
    known = parameters.offered(study.kind)
    for field, text in sent.items():
        name = field.removeprefix(_VALUE)
        if name == field or name not in known:
            continue
        wanted.pop(name, None)
        if not text.strip():
            continue
        value = number_of(text)
        if value is None:
            wrong[name] = _("“%(text)s” is not a number.") % {"text": text[:40]}
        elif value != known[name]:
            wanted[name] = Change(value, sent.get(_REASON + name, "").strip())
            _checked(name, value, wrong)
    return wanted


def _without(changes: dict[str, Change], name: str) -> dict[str, Change]:
    """The changes without one, or without all."""
    return {} if name == "all" else {one: change for one, change in changes.items() if one != name}


def _checked(name: str, value: float, wrong: dict[str, str]) -> None:
    try:
        parameters.check_value(parameters.city_parameters().row(name), value)
    except Refused as refusal:
        wrong[name] = str(refusal)


def _page(
    request: HttpRequest,
    study: Study,
    changes: dict[str, Change],
    *,
    wrong: dict[str, str] | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    sought = (request.POST if request.method == "POST" else request.GET).get("q", "")[:100].strip()
    wrong = wrong or {}
    groups = parameters.grouped(changes, study.kind, sought)
    told = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, "study-parameters"),
        "groups": [
            (group, bool(sought) or any(row.row.name in wrong for row in group.rows)) for group in groups
        ],
        "changes": [
            parameters.shown_of(parameters.city_parameters().row(name), changes) for name in sorted(changes)
        ],
        "sought": sought,
        "found": sum(len(group.rows) for group in groups),
        "wrong": wrong,
        "conflict": conflict,
    }
    return render(request, "studies/parameters.html", told, status=status)
