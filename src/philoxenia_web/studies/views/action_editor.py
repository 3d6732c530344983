"""One action with all its numbers: the catalogue's, changed with a reason, or one of the planner's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies import action_fields, planned_actions
from philoxenia_web.studies.catalogue import Catalogue, catalogue_of
from philoxenia_web.studies.entered import amount_of
from philoxenia_web.studies.foresight_plan import Plan
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.planned_actions import PARTS, Planned, Row, Rows
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.views.action_entries import Editor
from philoxenia_web.studies.views.answers import refusal_said
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of
from philoxenia_web.studies.views.plan_step import Trouble, of_own_foresight, save

_LIST = "study-actions"
_MOST_ROWS = 20
_SEVERAL = ("goals", "actions", "groups", "bands")


@access(RUN)
@reads_and_writes
@of_own_foresight
def edit(request: HttpRequest, actor: Actor, study: Study, action: str) -> HttpResponse:
    """An action of the study."""
    try:
        catalogue = catalogue_of(actor, study)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-inputs", study.pk)
    planned = planned_actions.planned_action(catalogue, study.plan, action)
    if planned is None:
        raise Http404
    if request.method != "POST":
        return _page(request, study, catalogue, planned)
    if "reset" in request.POST or "remove" in request.POST:
        return _taken_back(request, actor, study, catalogue, planned)
    return _kept(request, actor, study, catalogue, planned)


@access(RUN)
@reads_and_writes
@of_own_foresight
def new(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """An action of the planner's own, from nothing or from a copy."""
    try:
        catalogue = catalogue_of(actor, study)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-inputs", study.pk)
    if request.method != "POST":
        source = planned_actions.planned_action(catalogue, study.plan, request.GET.get("copy", ""))
        rows = planned_actions.copied(source.rows) if source else planned_actions.blank()
        return _page(request, study, catalogue, Planned(rows, None))
    return _kept(request, actor, study, catalogue, Planned(planned_actions.blank(), None))


def _taken_back(
    request: HttpRequest, actor: Actor, study: Study, catalogue: Catalogue, planned: Planned
) -> HttpResponse:
    """The catalogue's numbers again, or the planner's own action away."""
    if planned.own:
        part = planned_actions.without_own(study.plan, planned.id)
    else:
        part = planned_actions.with_change(study.plan, planned.id, {}, "")
    trouble = save(request, actor, study, part)
    if trouble is not None:
        return _page(request, study, catalogue, planned, _local(trouble))
    messages.success(request, _("Taken out.") if planned.own else _("The catalogue's numbers hold again."))
    return redirect(_LIST, study.pk)


def _kept(
    request: HttpRequest, actor: Actor, study: Study, catalogue: Catalogue, planned: Planned
) -> HttpResponse:
    """Keep what was typed, or show it again with what is wrong; nothing typed is ever lost."""
    sent = request.POST
    typed = replace(planned, rows=read_rows(sent, planned), reason=sent.get("reason", "").strip())
    if asked := _rearranged(sent, typed):
        return _page(request, study, catalogue, asked)
    if typed.own and not typed.id:
        taken = [one.id for one in planned_actions.planned_actions(catalogue, study.plan)]
        name = planned_actions.id_for(str(typed.rows.row.get("title") or ""), taken)
        typed = replace(typed, rows=replace(typed.rows, row={**typed.rows.row, "action": name}))
    trouble = _faults(catalogue, typed) or _saved(request, actor, study, typed)
    if trouble is not None:
        known = typed if planned.id else replace(typed, rows=planned_actions.copied(typed.rows))
        return _page(request, study, catalogue, known, trouble)
    messages.success(request, _("“%(title)s” is saved.") % {"title": typed.rows.row.get("title")})
    return redirect(_LIST, study.pk)


def _rearranged(sent: QueryDict, typed: Planned) -> Planned | None:
    """The action with one effect or benefit more or fewer, where a button asked for that."""
    part, _colon, place = sent.get("more", sent.get("drop", "")).partition(":")
    if not typed.own or part not in PARTS:
        return None
    rows = list(typed.rows.part(part))
    if "more" in sent and len(rows) < _MOST_ROWS:
        rows.append({})
    elif place.isascii() and place.isdigit() and int(place) < len(rows):
        del rows[int(place)]
    return replace(typed, rows=replace(typed.rows, **{part: tuple(rows)}))


def _faults(catalogue: Catalogue, typed: Planned) -> Trouble | None:
    """What the catalogue's rules say, and a reason that is missing."""
    faults = planned_actions.faults_of(catalogue, typed.rows)
    wrong = dict(reversed(faults))
    english = frozenset(wrong)
    if typed.changed and not typed.reason:
        wrong["reason"] = _("Say why these numbers are changed: the reason stands with the study.")
    return Trouble(wrong, english) if wrong else None


def _saved(request: HttpRequest, actor: Actor, study: Study, typed: Planned) -> Trouble | None:
    trouble = save(request, actor, study, _part(study.plan, typed))
    return _local(trouble) if trouble else None


def _part(plan: Plan, typed: Planned) -> Plan:
    if typed.base is None:
        return planned_actions.with_own(plan, typed.rows, typed.reason)
    change = planned_actions.changes_between(typed.base, typed.rows)
    return planned_actions.with_change(plan, typed.id, change, typed.reason)


def _local(trouble: Trouble) -> Trouble:
    """Places in the plan as places on this page: added/0/cost_once is cost_once here."""

    def here(place: str) -> str:
        parts = place.split("/")
        return "/".join(parts[2:]) if parts[0] in ("changed", "added") and len(parts) > 2 else place

    wrong = {here(place): sentence for place, sentence in trouble.wrong.items()}
    return replace(trouble, wrong=wrong, english=frozenset(here(place) for place in trouble.english))


def read_rows(sent: QueryDict, planned: Planned) -> Rows:
    """The rows as typed; a number that cannot be read stays as its text, and the rules tell of it."""
    names = [name for _title, columns in action_fields.ROW for name in columns]
    row: Row = {"action": planned.id} if planned.id else {}
    row |= _cells(sent, "row", "row", names)
    parts = []
    for part, columns in zip(PARTS, (action_fields.EFFECT, action_fields.BENEFIT), strict=True):
        count = len(planned.rows.part(part)) if planned.base else _count(sent.get(f"count:{part}", ""))
        parts.append(tuple(_cells(sent, part, f"{part}:{number}", columns) for number in range(count)))
    return Rows(row, *parts)


def _count(text: str) -> int:
    return min(int(text), _MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _cells(sent: QueryDict, part: str, prefix: str, names: Sequence[str]) -> Row:
    return {name: _cell(sent, part, name, f"{prefix}:{name}") for name in names}


def _cell(sent: QueryDict, part: str, name: str, field: str) -> Any:
    column = action_fields.column(part, name)
    if column.type == "boolean":
        return field in sent
    if action_fields.WORDS[part][name].shape in _SEVERAL:
        return ";".join(sent.getlist(field)) or None
    text = " ".join(sent.get(field, "").split()) if column.type != "text" else sent.get(field, "").strip()
    if not text:
        return None
    if not action_fields.is_number(part, name):
        return text
    value = amount_of(text)
    return text if value is None else int(value) if value.is_integer() and abs(value) < 1e15 else value


def _page(
    request: HttpRequest,
    study: Study,
    catalogue: Catalogue,
    planned: Planned,
    trouble: Trouble | None = None,
) -> HttpResponse:
    editor = Editor(catalogue, study.plan, planned, trouble)
    told = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, _LIST),
        "planned": planned,
        "title": str(planned.rows.row.get("title") or ""),
        "editor": editor,
        "conflict": trouble and trouble.conflict,
        "said": editor.said,
    }
    return render(request, "studies/plan/action.html", told, status=trouble.status if trouble else 200)
