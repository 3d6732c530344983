"""Surveys handed in, and their profiles."""

from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.needs.models import Profile
from philoxenia_web.needs.policies import PROFILE, READ
from philoxenia_web.needs.profiles import actions, page
from philoxenia_web.needs.profiles.forms import HandInForm
from philoxenia_web.needs.profiles.queries import may_delete, profile_for, profiles_for
from philoxenia_web.ui.late import Late
from philoxenia_web.ui.tables import Column, Table

_made_up = Late("philoxenia.needs.profiles.made_up")

_SIGNS = {"waiting": "waiting", "done": "success", "failed": "problem"}
_AROUND = 2**20


@access(READ)
@require_http_methods(["GET", "HEAD", "POST"])
def profiles(request: HttpRequest) -> HttpResponseBase:
    """The surveys profiled so far, and handing one in."""
    actor = actor_of(request)
    form = HandInForm(actor, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        made = _hand_in(request, form)
        return redirect("needs-profile", made.pk)
    table = profiles_table(request)
    if table.wants_export:
        return table.export()
    context = {"form": form, "table": table, "may_hand_in": can(actor, PROFILE)}
    return render(request, "needs/profiles.html", context, status=422 if form.errors else 200)


profiles.largest_request = actions.MOST_BYTES + _AROUND  # type: ignore[attr-defined]


def _hand_in(request: HttpRequest, form: HandInForm) -> Profile:
    survey: UploadedFile = form.cleaned_data["survey"]

    def write(place: Path) -> None:
        with place.open("wb") as file:
            for chunk in survey.chunks():
                file.write(chunk)

    return actions.hand_in(
        actor_of(request),
        form.cleaned_data["organisation"].pk,
        key=form.cleaned_data["key"],
        spec=form.cleaned_data["spec"],
        name=survey.name or "survey.csv",
        write=write,
        size=survey.size or 0,
    )


def profiles_table(request: HttpRequest) -> Table:
    """Surveys by title."""
    return Table(
        "profiles",
        [
            Column("title", _("Survey"), kind="name", filter=True),
            Column(
                "state",
                _("State"),
                kind="status",
                choices=dict(Profile.State.choices),
                signs=_SIGNS,
            ),
            Column("organisation", _("Handed in by"), kind="name", path="organisation__name"),
            Column("created_at", _("On"), kind="when"),
        ],
        profiles_for(actor_of(request)),
        request,
        caption=_("Surveys profiled"),
        empty=_("No survey has been profiled yet."),
        href=lambda one: reverse("needs-profile", args=[one.pk]),
        marks=lambda one: [(_("Synthetic"), "attention")] if one.is_synthetic else (),
        order="-created_at",
        download=False,
    )


@access(READ)
@require_safe
def profile(request: HttpRequest, profile_id: UUID) -> HttpResponseBase:
    """One profile: the view asked for, or how far it is, or what was wrong."""
    actor = actor_of(request)
    found = profile_for(actor, profile_id)
    context = {"profile": found, "may_delete": may_delete(actor, found)}
    if found.state != Profile.State.DONE:
        return render(request, "needs/profile_waiting.html", context)
    reading = page.Reading(found, request)
    tables = _tables(reading)
    for table in tables:
        if table.wants_export:
            return table.export()
    context |= {"reading": reading, "tables": tables, "blocks": _blocks(reading)}
    return render(request, "needs/profile.html", context)


def _tables(reading: page.Reading) -> list[Table]:
    names = {"compare": ["indicators", "differences"]}.get(reading.shown, [page.VIEWS[reading.shown][0]])
    return [page.table_of(reading, name) for name in names if reading.profile.tables.get(name)]


def _blocks(reading: page.Reading) -> list[dict[str, object]]:
    if reading.shown == "compare":
        return page.blocks(reading)
    if reading.shown == "deprivation":
        return page.bars(reading, "deprivation", page.measure)
    if reading.shown == "severity":
        return page.bars(reading, "severity", page.sector)
    return []


@access(PROFILE)
@require_POST
def forget(request: HttpRequest, profile_id: UUID) -> HttpResponseBase:
    """Delete a profile."""
    actions.forget(actor_of(request), profile_id)
    return redirect("needs-profiles")


@access(READ)
@require_safe
def example(request: HttpRequest, name: str) -> HttpResponse:
    """A made-up survey and its spec, to begin from."""
    files = {
        "synthetic_households.csv": lambda: _made_up.made_up_survey().write_csv(),
        "spec.toml": _made_up.example_spec,
    }
    if name not in files:
        raise Http404
    answer = HttpResponse(files[name](), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
