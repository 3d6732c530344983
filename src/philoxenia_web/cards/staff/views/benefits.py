"""Benefits of the card: what partners give, using one at the counter, and how often that was."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.cards import benefits as actions
from philoxenia_web.cards import queries
from philoxenia_web.cards.policies import MANAGE, REDEEM
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.staff.carrying import carried_out
from philoxenia_web.cards.staff.forms import BenefitForm, key_from
from philoxenia_web.directory.queries import services_of_member
from philoxenia_web.registry.refusals import Damaged, KeyGone


@access(REDEEM)
@require_safe
def benefits(request: HttpRequest) -> HttpResponse:
    """Those one may redeem; a supervisor sees all and adds new ones."""
    actor = actor_of(request)
    rows = queries.benefits_for(actor)
    names = queries.names_of_services(rows)
    context = {
        "lines": [
            (one, names.get(one.service_id, ""), can(actor, REDEEM, one.organisation_id)) for one in rows
        ],
        "manages": can(actor, MANAGE),
    }
    return render(request, "cards/staff/benefits.html", context)


@access(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A service of an organisation becomes a benefit."""
    choices = [
        (f"{place.pk} {number}", f"{place}: {name}")
        for place in organisations()
        for number, name in services_of_member(place.pk)
    ]
    form = BenefitForm(choices, request.POST or None)
    if request.method == "POST" and form.is_valid():
        place, number = (UUID(part) for part in form.cleaned_data["service"].split())
        often = form.cleaned_data["often"]
        done = _("The benefit is there: its organisation can redeem it.")
        actor, key = actor_of(request), key_from(request)
        if carried_out(request, lambda: actions.add_benefit(actor, place, number, often, key), done):
            return redirect("card-benefits")
    key = request.POST.get("key") or uuid4()
    return render(request, "cards/staff/benefit_new.html", {"form": form, "key": key, "none": not choices})


@access(MANAGE)
@require_POST
def set_active(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """End it or begin it again."""
    actor, active = actor_of(request), request.POST.get("active") == "yes"
    carried_out(request, lambda: actions.set_active(actor, benefit_id, active))
    return redirect("card-benefits")


@access(REDEEM)
@require_http_methods(["GET", "HEAD", "POST"])
def benefit(request: HttpRequest, benefit_id: UUID) -> HttpResponse:
    """At the counter: a code in, yes or no out; and how often it was used, without anybody's name."""
    actor = actor_of(request)
    row = queries.benefit_for(actor, benefit_id)
    said, good, status = "", False, 200
    if request.method == "POST":
        try:
            actions.redeem(actor, row.pk, request.POST.get("code", ""), key_from(request))
            said, good = _("Good. This use is counted."), True
        except (NotPossible, KeyGone, Damaged) as refusal:
            said, status = str(refusal), 422
    context = {
        "row": row,
        "name": queries.names_of_services([row]).get(row.service_id, ""),
        "periods": queries.periods_of(row),
        "said": said,
        "good": good,
        "key": uuid4(),
    }
    # Rendered at once and kept nowhere: a code must not come back with the button "back".
    response = render(request, "cards/staff/benefit.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Permissions-Policy"] = (
        "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
    )
    return response
