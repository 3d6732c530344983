"""Sharing agreements: all of the visitor's organisations, a new one, one of them, signing and ending it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.models.referrals import SharedField, SharingAgreement
from philoxenia_web.casework.policies import SUPERVISE
from philoxenia_web.casework.referrals import agreements
from philoxenia_web.casework.referrals.forms import AgreementForm
from philoxenia_web.casework.referrals.policies import AGREE, places_with, sides_of
from philoxenia_web.casework.referrals.words import AGREEMENT_SIGNS
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.casework.words import need_name
from philoxenia_web.ui.tables import Column, Table

_VERBS = {"sign": agreements.sign, "refuse": agreements.refuse, "end": agreements.end}


@access(AGREE)
@require_safe
def listing(request: HttpRequest) -> HttpResponseBase:
    """Every agreement of the visitor's organisations."""
    actor = actor_of(request)
    table = Table(
        "agreements",
        [
            Column("giver", _("Who passes on"), kind="name", path="giver__name", filter=True),
            Column("taker", _("Who receives"), kind="name", path="taker__name", filter=True),
            Column("purpose", _("For what"), filter=True, choices=dict(SharingAgreement.Purpose.choices)),
            Column("valid_until", _("Until"), kind="date"),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(SharingAgreement.State.choices),
                signs=AGREEMENT_SIGNS,
            ),
        ],
        rows=agreements.agreements_of(actor),
        request=request,
        caption=_("Sharing agreements"),
        empty=_("No agreement yet. Without one nothing is passed on."),
        href=lambda one: reverse("agreement", args=[one.pk]),
        order="-valid_until",
        size=25,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = [
        one
        for one in agreements.agreements_of(actor).filter(state="proposed")
        if "taker" in sides_of(actor, one)
    ]
    context = {"table": table, "waiting": waiting, "may_propose": bool(places_with(actor, SUPERVISE))}
    return render(request, "casework/referrals/agreements.html", context)


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Propose one: a supervisor does, for their team."""
    actor = actor_of(request)
    form = AgreementForm(request.POST or None, givers=places_with(actor, SUPERVISE), initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = agreements.propose(
                actor,
                said["giver"].pk,
                said["taker"].pk,
                fields=said["fields_"],
                needs=said["needs"],
                purpose=said["purpose"],
                valid_from=said["valid_from"],
                valid_until=said["valid_until"],
                key=said["key"],
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is proposed. It binds when the other organisation has signed."))
            return redirect("agreement", made.pk)
    context = {"form": form}
    return render(
        request, "casework/referrals/agreement_new.html", context, status=422 if form.is_bound else 200
    )


@access(AGREE)
@require_safe
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """What may be passed, for what, until when, and what can be done with it."""
    actor = actor_of(request)
    row = agreements.agreement_for(actor, agreement_id)
    return render(request, "casework/referrals/agreement.html", _facts(row) | {"sides": sides_of(actor, row)})


def _facts(row: SharingAgreement) -> dict[str, Any]:
    return {
        "row": row,
        "sign": AGREEMENT_SIGNS[row.state],
        "named": [one.label for one in SharedField if one.value in row.fields],
        "kept_back": [one.label for one in SharedField if one.value not in row.fields],
        "needs": [need_name(one) for one in row.needs],
        "binds": agreements.binds(row),
    }


@access(AGREE)
@require_POST
def step(request: HttpRequest, agreement_id: UUID, verb: str) -> HttpResponse:
    """Sign, refuse or end."""
    if verb not in _VERBS:
        raise Http404
    actor = actor_of(request)
    sent = request.POST.get("version", "")
    based_on = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
    try:
        _VERBS[verb](actor, agreement_id, based_on)
    except (Conflict, NotPossible) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Done. The other side sees it."))
    return redirect("agreement", agreement_id)
