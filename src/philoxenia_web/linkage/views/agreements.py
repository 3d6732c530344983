"""Agreements: what there are, a new one, what one says, signing, extending, ending."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.accounts.queries import names_of
from philoxenia_web.linkage import actions, queries
from philoxenia_web.linkage.forms import AgreementForm, ExtendForm, SignForm, UnlinkForm, needs_in_words
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.linkage.policies import MANAGE, SEE, own_departments, refusal_of
from philoxenia_web.linkage.refusals import Conflict, NotPossible
from philoxenia_web.linkage.review.queries import progress_of
from philoxenia_web.linkage.runs.policies import READ_RUNS, RUN
from philoxenia_web.linkage.runs.queries import latest_run
from philoxenia_web.linkage.views.showing import lists_table, signatures_table
from philoxenia_web.registry.queries import lists_of
from philoxenia_web.ui.tables import Column, Table

STATES = {
    "proposed": (gettext_lazy("Waiting for signatures"), "waiting"),
    "in_force": (gettext_lazy("In force"), "success"),
    "ended": (gettext_lazy("Ended"), "info"),
}
_FORM = require_http_methods(["GET", "HEAD", "POST"])


@access(SEE)
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Every agreement the visitor has to do with."""
    actor = actor_of(request)
    found = list(queries.agreements_for(actor))
    table = _agreements_table(request, found)
    if table.wants_export:
        return table.export()
    live = sum(one.is_live for one in found)
    mine = own_departments(actor)
    to_sign = [one for one in found if _unsigned(one, mine)]
    context = {
        "table": table,
        "count": len(found),
        "live": live,
        "to_sign": to_sign,
        "may": can(actor, MANAGE),
    }
    return render(request, "linkage/agreements.html", context)


def _unsigned(agreement: Agreement, mine: frozenset[UUID]) -> bool:
    """Whether a department of the visitor still has to sign."""
    return bool(departments_to_sign(agreement, mine))


def departments_to_sign(agreement: Agreement, mine: frozenset[UUID]) -> list[UUID]:
    """The visitor's departments whose signature is missing now."""
    open_ = agreement.state == Agreement.State.PROPOSED or agreement.proposed_until is not None
    if not open_ or agreement.state == Agreement.State.ENDED:
        return []
    signed = queries.signatures_of(agreement)
    return [one.organisation_id for one in signed if one.signature is None and one.organisation_id in mine]


def _agreements_table(request: HttpRequest, found: list[Agreement]) -> Table:
    rows = [
        {
            "title": one.title,
            "href": reverse("linkage-agreement", args=[one.pk]),
            "departments": ", ".join(str(party) for party in one.parties.all()),
            "state": _state(one),
            "until": one.valid_until,
            "days": one.days_left or None,
        }
        for one in found
    ]
    return Table(
        "agreements",
        [
            Column("title", _("Agreement"), kind="name", filter=True),
            Column("departments", _("Departments"), kind="name", filter=True),
            Column("state", _("State"), kind="status", sort=False),
            Column("until", _("Until"), kind="date"),
            Column("days", _("Days left"), kind="whole"),
        ],
        rows=rows,
        request=request,
        caption=_("Agreements to link lists of people"),
        size=50,
        narrow="cards",
    )


def _state(agreement: Agreement) -> tuple[str, str]:
    if agreement.state == Agreement.State.IN_FORCE and not agreement.is_live:
        return (_("Ended"), "info")
    words, kind = STATES[agreement.state]
    return (str(words), kind)


@access(MANAGE)
@_FORM
def new(request: HttpRequest) -> HttpResponse:
    """Propose an agreement."""
    actor = actor_of(request)
    form = AgreementForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.propose(actor, form.terms(), form.cleaned_data["request"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The agreement was proposed. It begins when every department has signed.")
            )
            return redirect("linkage-agreement", made.pk)
    return render(request, "linkage/new.html", {"form": form}, status=422 if form.is_bound else 200)


@access(SEE)
@require_safe
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """What an agreement says, who signed, which lists are there, how far runs and review are."""
    actor = actor_of(request)
    one = queries.agreement_for(actor, agreement_id)
    mine = own_departments(actor) & {party.organisation_id for party in one.parties.all()}
    began = one.began_at is not None
    lists = lists_table(request, one, mine) if began else None
    if lists is not None and lists.wants_export:
        return lists.export()
    context = {
        **facts(one),
        "agreement": one,
        "lead": lead(one),
        "state": _state(one),
        "own": bool(mine),
        "to_sign": departments_to_sign(one, mine),
        "signatures": signatures_table(request, one),
        "lists": lists,
        "handed_in": lists_of(one.pk).count() if began else 0,
        "reviews": actor.person_id in one.reviewer_ids,
        **_progress(actor, one),
    }
    return render(request, "linkage/agreement.html", context)


def _progress(actor: Actor, one: Agreement) -> dict[str, Any]:
    """Runs and review, for those who may know of them."""
    if not one.is_live:
        return {"run": None, "review": None, "may_run": False}
    return {
        "run": latest_run(one) if can(actor, READ_RUNS) else None,
        "review": progress_of(one),
        "may_run": can(actor, RUN),
    }


def facts(one: Agreement) -> dict[str, Any]:
    """What an agreement says, in words."""
    people = names_of({*one.reviewer_ids, *filter(None, [one.made_by, one.ended_by])})
    return {
        "departments": [str(party) for party in one.parties.all()],
        "needs": [words for _code, words in needs_in_words(one.needs)],
        "reviewers": [people.get(person, _("somebody who is no longer here")) for person in one.reviewer_ids],
        "made_by": people.get(one.made_by) if one.made_by else "",
        "ended_by": people.get(one.ended_by) if one.ended_by else "",
        "refusal": refusal_of(one),
    }


def lead(one: Agreement) -> str:
    """How it stands, in a sentence."""
    if one.state == Agreement.State.PROPOSED:
        missing = [each.organisation for each in queries.signatures_of(one) if each.signature is None]
        told = {"departments": ", ".join(missing)}
        return _("It begins when all have signed. Still to sign: %(departments)s.") % told
    return refusal_of(one)


@access(MANAGE)
@_FORM
def sign(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Read the terms and consent for one's department."""
    actor = actor_of(request)
    one = queries.agreement_for(actor, agreement_id, MANAGE)
    mine = departments_to_sign(one, own_departments(actor))
    if request.method != "POST" and not mine:
        return redirect("linkage-agreement", one.pk)
    form = SignForm(one, mine or own_departments(actor), request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            signed = actions.sign(actor, one.pk, said["organisation"].pk, said["signed_round"])
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said_of_signing(signed))
            return redirect("linkage-agreement", one.pk)
    context = {"agreement": one, "form": form, **facts(one)}
    return render(request, "linkage/sign.html", context, status=422 if form.is_bound else 200)


def _said_of_signing(signed: Agreement) -> str:
    if signed.state == Agreement.State.PROPOSED or signed.proposed_until:
        return _("You signed. The others are still to sign.")
    return _("You signed, and with you all have: the agreement is in force.")


@access(MANAGE)
@_FORM
def extend(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Propose a later last day."""
    actor = actor_of(request)
    one = queries.agreement_for(actor, agreement_id, MANAGE)
    form = ExtendForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.propose_extension(actor, one.pk, said["version"], said["until"])
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The later day was proposed. All departments sign again."))
            return redirect("linkage-agreement", one.pk)
    context = {"agreement": one, "form": form, "refusal": refusal_of(one)}
    return render(request, "linkage/extend.html", context, status=422 if form.is_bound else 200)


@access(MANAGE)
@_FORM
def unlink(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """End an agreement now and destroy its key, after a page that says what that means."""
    actor = actor_of(request)
    one = queries.agreement_for(actor, agreement_id, MANAGE)
    if one.state == Agreement.State.ENDED and request.method != "POST":
        return redirect("linkage-agreement", one.pk)
    form = UnlinkForm(request.POST or None, initial={"version": one.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.end(actor, one.pk, said["because"], said["version"])
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The agreement has ended. Nobody can read what was kept under it."))
            return redirect("linkage-agreement", one.pk)
    context = {"agreement": one, "form": form, "lists": lists_of(one.pk).count()}
    return render(request, "linkage/unlink.html", context, status=422 if form.is_bound else 200)
