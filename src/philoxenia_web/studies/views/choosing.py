"""A new study in steps: the question, the inputs, how far ahead, the check before it starts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.studies import actions, costs, inputs, parameters, plan_in_words, queries, wizard
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.catalogue import shocks_for
from philoxenia_web.studies.forms import AheadForm, ChangeQuestionForm, QuestionForm, SeedForm
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.progress import expected_total
from philoxenia_web.studies.refusals import Conflict, Refused
from philoxenia_web.studies.views.answers import (
    add_refusal,
    after_conflict,
    key_of,
    of_own_draft,
    refusal_said,
)

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


def steps_of(study: Study | None) -> list[Any]:
    """The steps for the component; those of a draft can be opened."""
    named = wizard.steps(study.kind if study else Kind.PRESSURE)
    if study is None:
        return [str(words) for words, _name in named]
    return [(str(words), reverse(name, args=[study.pk])) for words, name in named]


def place_of(study: Study | None, name: str) -> int:
    """Where a page stands among the steps."""
    return wizard.names(study.kind if study else Kind.PRESSURE).index(name)


@access(RUN)
@reads_and_writes
def new(request: HttpRequest) -> HttpResponse:
    """Step 1 of a study that is not there yet."""
    actor = actor_of(request)
    places = _places(actor)
    form = QuestionForm(request.POST or None, organisations=places, initial={"purpose": "planning"})
    if request.method == "POST" and form.is_valid():
        try:
            made = _create(actor, form, places, key_of(request))
        except Refused as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(wizard.after(made.kind, "study-question"), made.pk)
    told = {"form": form, "steps": None, "current": 0, "study": None}
    return render(request, "studies/question.html", told, status=422 if form.errors else 200)


def _places(actor: Actor) -> list[tuple[str, str]]:
    wanted = queries.organisations_with(actor)
    return [(str(one.pk), one.name) for one in accounts.organisations() if one.pk in wanted]


def _create(actor: Actor, form: QuestionForm, places: list[tuple[str, str]], key: UUID) -> Study:
    told = form.cleaned_data
    place = told.get("organisation") or places[0][0]
    wanted = Settings(
        kind=told["kind"], title=told["title"], question=told["question"], purpose=told["purpose"]
    )
    return actions.create(actor, UUID(place), key=key, wanted=wanted)


@access(RUN)
@reads_and_writes
@of_own_draft
def question(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """Step 1 of a draft."""
    initial = {name: getattr(study, name) for name in ("title", "question", "purpose", "version")}
    form = ChangeQuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wanted = Settings(title=told["title"], question=told["question"], purpose=told["purpose"])
        try:
            actions.change(actor, study.pk, told["version"], wanted)
            return redirect(wizard.after(study.kind, "study-question"), study.pk)
        except Conflict as conflict:
            form = after_conflict(form, conflict)
            return _question_page(request, study, form, conflict)
        except Refused as refusal:
            add_refusal(form, refusal)
    return _question_page(request, study, form, None)


def _question_page(
    request: HttpRequest, study: Study, form: ChangeQuestionForm, conflict: Conflict | None
) -> HttpResponse:
    told = {"form": form, "steps": steps_of(study), "current": 0, "study": study, "conflict": conflict}
    status = 409 if conflict else (422 if form.errors else 200)
    return render(request, "studies/question.html", told, status=status)


@access(RUN)
@reads_and_writes
@of_own_draft
def choose_inputs(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """Step 2: which version of which data set for each table."""
    conflict: Conflict | None = None
    if request.method == "POST":
        try:
            actions.change(actor, study.pk, version_of(request), Settings(inputs=_inputs_sent(request)))
            return redirect("study-parameters", study.pk)
        except Conflict as found:
            conflict = found
            study.refresh_from_db()
        except Refused as refusal:
            return refusal_said(request, refusal, "study-inputs", study.pk)
    told = {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, "study-inputs"),
        "back": wizard.before(study.kind, "study-inputs"),
        "tables": _tables(actor, study),
        "conflict": conflict,
    }
    return render(request, "studies/inputs.html", told, status=409 if conflict else 200)


def version_of(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def _inputs_sent(request: HttpRequest) -> dict[str, UUID | None]:
    sent: dict[str, UUID | None] = {}
    for name, value in request.POST.items():
        table = name.removeprefix("input:")
        if table != name and value:
            try:
                sent[table] = UUID(value)
            except ValueError:
                raise Refused(_("Choose one of the versions in the list."), table) from None
    return sent


def _tables(actor: Actor, study: Study) -> list[dict[str, Any]]:
    """What is shown of each table: the ones that are missing or refused first."""
    found = inputs.choices(actor, study.purpose, inputs.chosen_of(study))
    titles = costs.titles()
    rows = [
        {
            "choice": one,
            "title": titles.get(one.table, one.table),
            "uses": costs.uses_of(one.table),
            "needed": one.table in costs.NEEDED,
            "several": len(one.options) + one.in_package > 1,
        }
        for one in found
    ]
    return sorted(rows, key=lambda row: (not (row["choice"].missing or row["choice"].refused), row["title"]))


@access(RUN)
@reads_and_writes
@of_own_draft
def check(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """The last step: months ahead and seed, all choices once more, and the button that starts."""
    initial = {"horizon": study.horizon, "seed": study.seed, "version": study.version}
    form = (SeedForm if study.is_foresight else AheadForm)(request.POST or None, initial=initial)
    conflict: Conflict | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _started(actor, study, form, start="start" in request.POST)
        except Conflict as found:
            conflict = found
            form = after_conflict(form, found)  # type: ignore[assignment]
        except Refused as refusal:
            add_refusal(form, refusal)
    told = {
        "study": study,
        "plan": plan_in_words.facts(study, shocks_for(actor, study)) if study.is_foresight else None,
        "form": form,
        "steps": steps_of(study),
        "current": place_of(study, "study-check"),
        "conflict": conflict,
        "tables": _tables(actor, study),
        "changes": parameters.shown_changes(study),
        "expected": expected_total(study.kind),
    }
    return render(
        request, "studies/check.html", told, status=409 if conflict else 422 if form.errors else 200
    )


def _started(actor: Actor, study: Study, form: SeedForm, *, start: bool) -> HttpResponse:
    told = form.cleaned_data
    wanted = Settings(horizon=told.get("horizon"), seed=told["seed"])
    changed = actions.change(actor, study.pk, told["version"], wanted)
    if not start:
        return redirect("study-check", study.pk)
    actions.start(actor, study.pk, changed.version)
    return redirect("study-status", study.pk)


@access(RUN)
@require_POST
def copy(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """A new draft with the settings of a study."""
    try:
        made = actions.copy(actor_of(request), study_id, key=key_of(request))
    except Refused as refusal:
        return refusal_said(request, refusal, "study-settings", study_id)
    messages.success(request, _("This is a copy. Change what should be different, then start it."))
    return redirect("study-question", made.pk)


@access(RUN)
@require_POST
def delete(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Remove a draft."""
    try:
        actions.delete(actor_of(request), study_id)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-status", study_id)
    messages.success(request, _("The draft was deleted."))
    return redirect("studies")
