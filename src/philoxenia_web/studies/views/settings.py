"""What made a study: question, inputs, parameters, seed, engine; and its notes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.studies import actions, costs, parameters, plan_in_words, queries
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.forms import NotesForm
from philoxenia_web.studies.models import Study, StudyInput
from philoxenia_web.studies.policies import READ, READ_SETTINGS, RUN
from philoxenia_web.studies.refusals import Conflict, Refused
from philoxenia_web.studies.signs import SIGNS
from philoxenia_web.studies.views.answers import add_refusal, after_conflict, next_key
from philoxenia_web.studies.views.choosing import reads_and_writes
from philoxenia_web.ui.tables import Column, Table


@access(READ_SETTINGS)
@reads_and_writes
def settings(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Everything that made a study."""
    actor = actor_of(request)
    study = queries.settings_for(actor, study_id)
    owns = can(actor, RUN, study.organisation_id)
    form, code = NotesForm(initial={"notes": study.notes, "version": study.version}), 200
    if request.method == "POST":
        queries.own_study_for(actor, study_id)
        form = NotesForm(request.POST)
        try:
            if form.is_valid():
                told = form.cleaned_data
                actions.change(actor, study.pk, told["version"], Settings(notes=told["notes"]))
                return redirect("study-settings", study.pk)
        except Conflict as conflict:
            form, code = after_conflict(form, conflict), 409
        except Refused as refusal:
            add_refusal(form, refusal)
        code = code if code == 409 else 422
    table = _inputs_table(request, study)
    if table.wants_export:
        return table.export()
    return render(
        request, "studies/settings.html", _told(study, form, table, owns, can(actor, READ)), status=code
    )


def _told(study: Study, form: NotesForm, table: Table, owns: bool, reads: bool) -> dict[str, Any]:
    versions = _versions(study)
    return {
        "study": study,
        "sign": SIGNS[Study.State(study.state)],
        "purpose": dict(datasets.purposes()).get(study.purpose, study.purpose),
        "inputs": table,
        "plan": plan_in_words.facts(study) if study.is_foresight else None,
        "changes": parameters.shown_changes(study),
        "withdrawn": datasets.withdrawn_among(versions) if versions else [],
        "form": form,
        "owns": owns,
        "reads": reads and study.is_done,
        "copy_key": next_key(),
        "shares": queries.live_shares(study).count() if owns else 0,
    }


def _versions(study: Study) -> list[UUID]:
    return [one.dataset_version_id for one in study.inputs.all() if one.dataset_version_id]


def _inputs_table(request: HttpRequest, study: Study) -> Table:
    """The tables that went in: after a run as they were, before it as they are chosen."""
    known = {one.id: one for one in datasets.facts_of(_versions(study))}
    titles = costs.titles()
    rows = [_row(one, known.get(one.dataset_version_id), titles) for one in study.inputs.all()]
    columns = [
        Column("title", _("Data set"), kind="link"),
        Column("version", _("Version"), kind="whole"),
        Column("organisation", _("From"), kind="name"),
        Column("date", _("Date")),
        Column("rows", _("Rows"), kind="whole"),
        Column("licence", _("Licence"), kind="name"),
        Column("hash", _("Content hash")),
    ]
    return Table("inputs", columns, rows, request, caption=_("Inputs"), narrow="cards", size=50)


def _row(one: StudyInput, facts: datasets.VersionFacts | None, titles: dict[str, str]) -> dict[str, Any]:
    name = one.title or titles.get(one.table, one.table)
    return {
        "title": (facts.title, reverse("data-set", args=[facts.dataset_id])) if facts else (name, ""),
        "version": facts.number if facts else None,
        "organisation": facts.organisation if facts else "",
        "date": one.date,
        "rows": one.rows,
        "licence": facts.licence if facts else "",
        "hash": one.content_hash[:16],
    }
