"""Referring somebody: choose whom to ask, say what to pass, look at exactly what they will see, send."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.referrals import Referral, SharingAgreement
from philoxenia_web.casework.policies import CASEWORK, check_work_on
from philoxenia_web.casework.referrals import sending
from philoxenia_web.casework.referrals.agreements import given_by
from philoxenia_web.casework.referrals.forms import ReferralForm
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.casework.words import need_name
from philoxenia_web.directory.queries import services_of_member
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import at_the_desk, visiting

_OPEN = ("open", "in_hand")


def _case(request: HttpRequest, case_id: UUID) -> Case:
    """An open case of the visitor's desk; for others there is none."""
    return check_work_on(actor_of(request), Case.objects.filter(pk=case_id).exclude(state="closed").first())


@access(CASEWORK)
@require_safe
@at_the_desk
def choose(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Each open need with those who may be asked, and the teams the case can be moved to."""
    case = _case(request, case_id)
    needs = CaseNeed.objects.filter(case=case, state__in=_OPEN).order_by("-severity", "noted_at")
    live = set(Referral.objects.filter(case=case, ended_at=None).values_list("need_id", "receiver_id"))
    context = {
        "case": case,
        "person": _person(request, case, case.resident_id),
        "needs": [
            {
                "need": one,
                "name": need_name(one.need),
                "receivers": [
                    {"agreement": each, "running": (one.pk, each.taker_id) in live}
                    for each in given_by(case.organisation_id, one.need)
                ],
            }
            for one in needs
        ],
        "teams": given_by(case.organisation_id, kind=Referral.Kind.TRANSFER),
    }
    return render(request, "casework/referrals/choose.html", context)


def _person(request: HttpRequest, case: Case, resident_id: UUID) -> Any:
    with visiting(actor_of(request), case.organisation_id):
        found = records.briefs(actor_of(request), [resident_id], "referral_follow_up")
    if resident_id not in found:
        raise Http404
    return found[resident_id]


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def write(
    request: HttpRequest, case_id: UUID, agreement_id: UUID, need_id: UUID | None = None
) -> HttpResponse:
    """What to pass on; then the preview; then it is sent. Until then nothing is kept. No need: a transfer."""
    case = _case(request, case_id)
    kind = Referral.Kind.REFERRAL if need_id else Referral.Kind.TRANSFER
    need = get_object_or_404(CaseNeed, case=case, pk=need_id, state__in=_OPEN) if need_id else None
    fitting = given_by(case.organisation_id, need.need if need else "", kind)
    agreement = next((one for one in fitting if one.pk == agreement_id), None)
    if agreement is None:
        raise Http404
    form = _form(request, agreement, need)
    page = {"case": case, "agreement": agreement, "need": need, "kind": kind, "form": form}
    page["need_name"] = need_name(need.need) if need else ""
    page["person"] = _person(request, case, need.resident_id if need else case.resident_id)
    if request.method == "POST" and request.POST.get("do") != "back":
        if form.is_valid():
            return _act(request, page)
        return render(request, "casework/referrals/write.html", page, status=422)
    return render(request, "casework/referrals/write.html", page)


def _form(request: HttpRequest, agreement: SharingAgreement, need: CaseNeed | None) -> ReferralForm:
    services = services_of_member(agreement.taker_id, need.need) if need else []
    return ReferralForm(
        request.POST or None,
        agreement=agreement,
        services=[(str(one), name) for one, name in services],
        initial={"key": uuid4()},
    )


def _draft(page: dict[str, Any]) -> sending.Draft:
    said, need = page["form"].cleaned_data, page["need"]
    return sending.Draft(
        case_id=page["case"].pk,
        kind=page["kind"],
        agreement_id=page["agreement"].pk,
        need_id=need.pk if need else None,
        fields=tuple(sorted(said["fields_"])),
        urgency=said["urgency"],
        service_id=UUID(said["service"]) if said["service"] else None,
        message=said["message"],
    )


def _act(request: HttpRequest, page: dict[str, Any]) -> HttpResponse:
    """Show what they will see, or send it."""
    actor, draft = actor_of(request), _draft(page)
    if request.POST.get("do") == "send":
        try:
            _check_shown(request)
            made = sending.send(actor, draft, request.POST.get("mark", ""), page["form"].cleaned_data["key"])
        except NotPossible as refusal:
            page["refusal"] = str(refusal)
        else:
            messages.success(request, _("It is sent. You will be told when they answer."))
            return redirect("referral", made.pk)
    page["preview"] = sending.preview(actor, draft)
    page["carried"] = _carried(page["form"])
    chosen = page["form"].cleaned_data["service"]
    page["service_name"] = dict(page["form"].fields["service"].choices)[chosen] if chosen else ""
    page["urgency"] = Referral.Urgency(draft.urgency).label
    return render(request, "casework/referrals/preview.html", page, status=409 if "refusal" in page else 200)


def _check_shown(request: HttpRequest) -> None:
    if request.POST.get("shown") != "yes":
        raise NotPossible(_("Show or read this to the person first, and say that they agree to this one."))


def _carried(form: ReferralForm) -> list[tuple[str, str]]:
    """What was filled in, for the form that sends it: kept by the page alone."""
    one = [(name, str(form.cleaned_data[name])) for name in ("key", "service", "urgency", "message")]
    return one + [("fields_", code) for code in form.cleaned_data["fields_"]]
