"""Lists of people that come in: handed over, read, let in, and the rows a person decides."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.registry.models import PeopleImport
from philoxenia_web.registry.people.shapes import plain
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import Conflict, KeyGone, NotPossible
from philoxenia_web.registry.rights import import_deciding, import_rows, importing, words
from philoxenia_web.registry.rights.forms import ImportForm
from philoxenia_web.registry.rights.importing import Received
from philoxenia_web.registry.rights.own import names_of
from philoxenia_web.registry.rights.policies import DECIDE, places
from philoxenia_web.registry.rights.states import IMPORT
from philoxenia_web.ui.tables import Column, Table
from philoxenia_web.ui.uploads import kept_in_memory

SIGNS = {
    "checking": "waiting",
    "refused": "problem",
    "checked": "attention",
    "running": "waiting",
    "deciding": "attention",
    "done": "success",
    "given_up": "info",
}


@access(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@kept_in_memory(importing.MOST_BYTES)
@at_the_desk
def imports(request: HttpRequest) -> HttpResponse:
    """Every list of the department, and a new one."""
    actor = actor_of(request)
    form = ImportForm(request.POST or None, request.FILES or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            batch = _received(request, actor, form.cleaned_data)
        except NotPossible as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("rights-import", batch.pk)
    table = Table(
        "imports",
        [
            Column("made_at", _("Came in"), kind="when"),
            Column("organisation", _("Department"), kind="name", path="organisation__name"),
            Column("rows", _("Rows"), kind="whole"),
            Column("state", _("State"), kind="status", choices=dict(PeopleImport.State.choices), signs=SIGNS),
        ],
        rows=importing.imports(actor),
        request=request,
        caption=_("Lists of people"),
        empty=_("No list came in yet."),
        href=lambda one: reverse("rights-import", args=[one.pk]),
        order="-made_at",
        narrow="cards",
        download=False,
    )
    departments = names_of(places(actor, DECIDE))
    context = {
        "table": table,
        "form": form,
        "departments": sorted(departments.items(), key=lambda one: one[1]),
    }
    return render(request, "registry/rights/imports.html", context, status=422 if form.errors else 200)


def _received(request: HttpRequest, actor: Actor, told: dict[str, Any]) -> PeopleImport:
    file, mine = told["file"], places(actor, DECIDE)
    if file.size > importing.MOST_BYTES:
        raise NotPossible(_("The file is empty or larger than 15 MB. Bring it in parts."))
    wanted = request.POST.get("organisation", "")
    place = next((one for one in mine if str(one) == wanted), mine[0])
    return importing.receive(actor, Received(file.read(), file.name or "", place, told["key"]))


@access(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def one(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What the check found, what comes in, and what waits."""
    actor = actor_of(request)
    batch = importing.own_import(actor, batch_id)
    if request.method == "POST":
        return _step(request, batch)
    found = importing.counts(batch)
    context = {
        "batch": batch,
        "sign": SIGNS[batch.state],
        "counts": [(state.label, found[state.value]) for state in importing.State],
        "findings": [one for one in batch.report.get("findings", []) if one.get("message")][:50],
        "refused": [(number, words.fault(code)) for number, code in importing.refused(batch)],
        "next_row": import_deciding.doubtful(actor, batch).values_list("pk", flat=True).first(),
        "moving": batch.state in ("checking", "running"),
        "may_take_in": batch.state == PeopleImport.State.CHECKED,
        "may_give_up": any(one.verb == "give up" for one in IMPORT.steps_from(batch.state)),
    }
    return render(request, "registry/rights/import.html", context)


def _step(request: HttpRequest, batch: PeopleImport) -> HttpResponse:
    actor, sent = actor_of(request), request.POST.get("version", "")
    based_on = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
    try:
        if request.POST.get("do") == "give up":
            importing.give_up(actor, batch.pk)
        else:
            importing.take_in(actor, batch.pk, based_on)
    except (Conflict, NotPossible, StepError) as refusal:
        messages.error(request, str(refusal))
    return redirect("rights-import", batch.pk)


@access(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def row(request: HttpRequest, row_id: UUID) -> HttpResponse:
    """One row beside those it may be: new, the same as one of them, or left out."""
    actor = actor_of(request)
    try:
        if request.method == "POST":
            batch = import_deciding.waiting_row(actor, row_id).batch
            import_deciding.decide(actor, row_id, request.POST.get("do", "")[:60])
            return _next(actor, batch)
        found, line, briefs = import_deciding.open_row(actor, row_id)
    except (NotPossible, KeyGone) as refusal:
        messages.error(request, str(refusal))
        return redirect("rights-imports")
    draft = import_rows.draft(line, found.organisation_id)
    context = {
        "row": found,
        "names": [one.text for one in draft.names],
        "facts": words.facts_of(_plain(draft)),
        "candidates": [briefs[one] for one in found.candidates if one in briefs],
    }
    return render(request, "registry/rights/import_row.html", context)


def _plain(draft: Any) -> dict[str, Any]:
    return {
        name: plain(getattr(draft, name))
        for name in ("birth", "contacts", "languages", "district_id", "here_since")
    }


def _next(actor: Actor, batch: PeopleImport) -> HttpResponse:
    """The next row that waits; the list itself where none does."""
    waiting = import_deciding.doubtful(actor, batch).values_list("pk", flat=True).first()
    return redirect("rights-import-row", waiting) if waiting else redirect("rights-import", batch.pk)
