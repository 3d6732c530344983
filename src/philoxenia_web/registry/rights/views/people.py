"""One person's rights at the desk: agreements, slip, requests, who read, take along, be forgotten."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.registry.models import Consent, Resident, RightsRequest, Slip
from philoxenia_web.registry.people import merging, reading, records
from philoxenia_web.registry.people.identities import read_speakers
from philoxenia_web.registry.people.shapes import FIELDS, Brief
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import (
    consents,
    export,
    forgetting,
    own,
    printing,
    requests,
    slips,
    speakers,
    words,
)
from philoxenia_web.registry.rights.downloading import download
from philoxenia_web.registry.rights.forms import AskForm, ConsentForm, EraseForm, SlipForm
from philoxenia_web.registry.rights.policies import DECIDE, SERVE, places
from philoxenia_web.registry.rights.purposes import number, purposes
from philoxenia_web.ui import numbers
from philoxenia_web.ui.errors import answer

_BOTH = ["GET", "HEAD", "POST"]
# As codes in the log of what was read: a person's rights are part of serving them.
_SERVING = "serving_now"


def brief_of(actor: Actor, resident_id: UUID, reason: str = _SERVING) -> Brief:
    """The line of a person. Raises `Http404` for whom the visit does not see."""
    found = records.briefs(actor, [resident_id], reason)
    if resident_id not in found:
        raise Http404
    return found[resident_id]


def within_the_hour(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """More people within the hour than anybody serves are not shown."""

    @wraps(view)
    def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotPossible as refusal:
            return answer(request, 429, str(refusal))

    return inside


@access(SERVE)
@require_safe
@at_the_desk
@within_the_hour
def person(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Everything about one person's rights."""
    actor = actor_of(request)
    # Who looks whether a record may go does not serve the person: it would stay for that look.
    why = "quality" if request.GET.get("why") == "quality" else _SERVING
    brief, sees = brief_of(actor, resident_id, why), read_speakers(actor, resident_id, why)
    ids = forgetting.records_of(actor, resident_id)
    context = {
        "brief": brief,
        "consents": _consents(resident_id),
        "slip": slips.live_of(ids),
        "may_end": printing.may_end(actor, resident_id),
        "may_print": printing.place_to_print(actor, resident_id) is not None,
        "requests": requests.of_person(actor, ids),
        "holds": can(actor, DECIDE, _holder(resident_id)),
        "may_take_along": bool(_to_hand_out(actor, ids)),
        "of_age": _of_age(resident_id) if sees else "",
        "sees_speakers": sees,
        "speakers": speakers.choices_of(actor, resident_id) if sees else [],
    }
    return render(request, "registry/rights/person.html", context)


def _holder(resident_id: UUID) -> UUID:
    """The department that holds the record."""
    return Resident.objects.values_list("organisation_id", flat=True).get(pk=resident_id)


def _of_age(resident_id: UUID) -> str:
    """The day somebody comes of age, where that is to come."""
    born = own.birth(resident_id)
    day = consents.comes_of_age(born)
    return numbers.day(day) if day and consents.is_minor(born, timezone.localdate()) else ""


def _consents(resident_id: UUID) -> list[dict[str, Any]]:
    today, found = timezone.localdate(), consents.held(resident_id)
    lines = []
    for code, asked in purposes().items():
        rows = [one for (_place, known), one in found.items() if known == code]
        lines.append(
            {
                "code": code,
                "what": words.purpose(code),
                "asked": asked.asked,
                "rows": [_consent(one, today) for one in rows],
            }
        )
    return lines


def _consent(one: Consent, today: Any) -> dict[str, Any]:
    live = consents.holds(one, today)
    run_out = one.state == Consent.State.GIVEN and not live
    return {
        "who": one.organisation.name,
        "state": Consent.State.EXPIRED.label if run_out else one.get_state_display(),
        "sign": "success" if live else "attention",
        "until": numbers.day(one.valid_until) if live and one.valid_until else "",
    }


@access(SERVE)
@require_http_methods(_BOTH)
@at_the_desk
@within_the_hour
def agree(request: HttpRequest, resident_id: UUID, code: str) -> HttpResponse:
    """Read the notice in the person's language, and write down what they say."""
    actor = actor_of(request)
    asked = purposes().get(code)
    if asked is None or not asked.asked:
        raise Http404
    brief, sees = brief_of(actor, resident_id), read_speakers(actor, resident_id, _SERVING)
    language = _language(request.POST.get("language") or request.GET.get("language") or brief.language)
    form = ConsentForm(
        request.POST or None,
        initial={"key": uuid4(), "language": language},
        speakers=speakers.choices_of(actor, resident_id) if sees else [],
    )
    if request.method == "POST" and form.is_valid():
        try:
            _write(actor, resident_id, code, form, request.POST.get("do", ""))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted."))
            return redirect("rights-person", resident_id)
    with translation.override(language):
        notice, without = translation.gettext(asked.notice), translation.gettext(asked.without)
    context = {
        "brief": brief,
        "form": form,
        "what": words.purpose(code),
        "notice": notice,
        "without": without,
        "notice_language": get_language_info(language),
        "others": [one for one in _languages() if one["code"] != language],
        "data": words.data(asked.personal_data),
        "recipients": _(asked.recipients),
        "months": asked.renew_months,
        "held": any(
            one.state == "given" for one in consents.held(resident_id).values() if one.purpose == code
        ),
    }
    return render(request, "registry/rights/agree.html", context, status=422 if form.errors else 200)


def _languages() -> list[dict[str, Any]]:
    return [get_language_info(code) for code, _name in settings.LANGUAGES]


def _language(code: str) -> str:
    known = dict(settings.LANGUAGES)
    return code if code in known else (translation.get_language() or "en")


def _write(actor: Actor, resident_id: UUID, code: str, form: ConsentForm, do: str) -> None:
    say = {"give": consents.give, "refuse": consents.refuse}.get(do)
    if say is None:
        raise NotPossible(_("Say whether the person agrees or not."))
    place, key = _desk(actor, resident_id), form.cleaned_data["key"]
    say(actor, resident_id, code, place, form.said(), key)


def _desk(actor: Actor, resident_id: UUID) -> UUID:
    """For which organisation the actor asks: the one that holds the record, if it is theirs."""
    mine = places(actor, SERVE)
    holder = _holder(resident_id)
    return holder if holder in mine else mine[0]


@access(SERVE)
@require_http_methods(_BOTH)
@at_the_desk
def slip(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Print a slip; its code is shown this once."""
    actor = actor_of(request)
    brief = brief_of(actor, resident_id)
    initial = {"key": uuid4(), "language": _language(brief.language)}
    form = SlipForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made, code = printing.print_slip(actor, resident_id, told["pin"], told["language"], told["key"])
        except NotPossible as refusal:
            form.add_error("pin", str(refusal))
        else:
            return _printed(request, made, code)
    context = {
        "brief": brief,
        "form": form,
        "live": slips.live_of(forgetting.records_of(actor, resident_id)),
        "days": number("slip_valid_days"),
        "refused": printing.check_place(actor, resident_id),
    }
    return render(request, "registry/rights/slip.html", context, status=422 if form.is_bound else 200)


def _printed(request: HttpRequest, made: Slip, code: str) -> HttpResponse:
    address = f"{settings.ENVIRONMENT.url}{reverse('mine-start')}"
    with translation.override(made.language):
        told = {
            "code": code,
            "address": address,
            # The code after #: no server sees it, and no log. The number stands nowhere.
            "sign": _sign(f"{settings.ENVIRONMENT.url}{reverse('mine', args=[made.language])}#{code}"),
            "until": numbers.day(made.expires_at),
            "slip_language": get_language_info(made.language),
        }
        paper = translation.gettext("See what the city keeps about you")
        context = {**told, "paper_title": paper, "resident_id": made.resident_id}
        context["paper"] = _paper(told, paper)
    return render(request, "registry/rights/printed.html", context)


def _sign(address: str) -> SafeString:
    """A QR code as a drawing, with error correction M (15 %)."""
    import segno  # noqa: PLC0415 (for who prints)

    drawn = segno.make(address, error="m", micro=False).svg_inline(
        border=4, omitsize=True, light="white", dark="black", svgclass="slip-sign", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 (made of squares alone)


def _paper(told: dict[str, Any], title: str) -> str:
    return render_to_string("registry/rights/paper.html", {**told, "paper_title": title})


@access(SERVE)
@require_POST
@at_the_desk
def end_slip(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """End a slip that was lost."""
    found = Slip.objects.filter(pk=slip_id).first()
    if found is None or not printing.may_end(actor_of(request), found.resident_id):
        raise Http404
    slips.end(actor_of(request), slip_id, Slip.Because.DESK)
    messages.success(request, _("The slip opens nothing any more."))
    return redirect("rights-person", found.resident_id)


@access(SERVE)
@require_http_methods(_BOTH)
@at_the_desk
def ask(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Write down what somebody asks for at the desk."""
    actor = actor_of(request)
    brief = brief_of(actor, resident_id)
    form = AskForm(request.POST or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        wish = requests.Wish(told["kind"], told["field"], told["words"])
        try:
            requests.ask(actor, resident_id, wish, told["key"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. The day by which it is answered stands beside it."))
            return redirect("rights-person", resident_id)
    context = {"brief": brief, "form": form, "days": number("answer_days")}
    return render(request, "registry/rights/ask.html", context, status=422 if form.is_bound else 200)


@access(DECIDE)
@require_safe
@at_the_desk
def readings(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Who read of a person, for a supervisor of the department that holds the record.

    For other desks it would tell where else the person goes; the person sees it on their own page.
    """
    actor = actor_of(request)
    brief = brief_of(actor, resident_id)
    _check_holds(actor, resident_id)
    looks = forgetting.looks_for(_held(actor, forgetting.records_of(actor, resident_id)))
    lines = [words.look_line(one) for one in looks]
    return render(request, "registry/rights/readings.html", {"brief": brief, "looks": lines})


def _held(actor: Actor, resident_ids: list[UUID]) -> list[UUID]:
    """Those of one person's records that the actor's departments hold: others' are told to their own."""
    mine = Resident.objects.filter(pk__in=resident_ids, organisation__in=places(actor, DECIDE))
    return list(mine.values_list("pk", flat=True))


@access(DECIDE)
@require_POST
@at_the_desk
def take_along(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The person's record as a file, handed to them because they asked, and told somebody else so.

    It holds the words of the own department, and of others that let theirs out; the person sees who handed
    it out.
    """
    actor = actor_of(request)
    brief_of(actor, resident_id)
    place = _check_holds(actor, resident_id)
    ids = forgetting.records_of(actor, resident_id)
    waiting = _to_hand_out(actor, ids)
    if not waiting:
        messages.error(
            request,
            _(
                "Nobody but you has written down that the person asks for it. They take it from their own "
                "page, or a colleague writes it down: a record is handed out by two people."
            ),
        )
        return redirect("rights-person", resident_id)
    for one in waiting:
        requests.step(actor, one.pk, one.version, "answer")
    reading.note(actor, "registry.hand_out_record", ids, "handed_out", FIELDS, place=place)
    audit.record(actor, "registry.rights_file", Resident(pk=resident_id), organisation_id=place)
    return download(export.bundle(resident_id))


def _to_hand_out(actor: Actor, resident_ids: list[UUID]) -> list[RightsRequest]:
    """Open requests for the record that this supervisor may answer: not what they wrote down themselves.

    None of records they joined with others' themselves: a record is handed out by two people.
    """
    if merging.joined_alone(actor, resident_ids, places(actor, DECIDE)):
        return []
    open_ones = RightsRequest.objects.filter(
        resident__in=resident_ids,
        kind=RightsRequest.Kind.TAKE_ALONG,
        state__in=requests.OPEN,
        organisation__in=places(actor, DECIDE),
    )
    return [one for one in open_ones if one.asked_by is None or one.asked_by != actor.person_id]


def _check_holds(actor: Actor, resident_id: UUID) -> UUID:
    """The department that holds the record. Raises `Http404` unless the actor supervises it."""
    holder = _holder(resident_id)
    if holder not in places(actor, DECIDE):
        raise Http404
    return holder


@access(DECIDE)
@require_http_methods(_BOTH)
@at_the_desk
def erase(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Forget a person: what stands against it, and the number typed."""
    actor = actor_of(request)
    brief = brief_of(actor, resident_id)
    _check_holds(actor, resident_id)
    against = forgetting.against(actor, resident_id)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not against:
        if forgetting.same_number(form.cleaned_data["number"], brief.number):
            forgetting.forget(actor, resident_id, forgetting.ASKED)
            messages.success(request, _("The record is erased. Nobody can bring it back."))
            return redirect("rights")
        form.add_error("number", _("This is not the number of this record. Nothing was erased."))
    context = {"brief": brief, "form": form, "against": against}
    return render(request, "registry/rights/erase.html", context, status=422 if form.is_bound else 200)
