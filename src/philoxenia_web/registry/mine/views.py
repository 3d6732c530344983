"""A resident's own page: what is kept, who read it and why; ask, take along, take back an agreement."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, SYSTEM, Actor, access
from philoxenia_web.accounts.gate import client_address
from philoxenia_web.registry.mine import frame, parts
from philoxenia_web.registry.mine.frame import own_page, own_page_to_read, with_slip
from philoxenia_web.registry.models import Consent, RightsRequest, Slip
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import consents, export, own, requests, slips, words
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.downloading import download
from philoxenia_web.registry.rights.purposes import purposes
from philoxenia_web.ui import numbers

_NOBODY = Actor()


@access(PUBLIC)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The short address on the slip: on to the device's language."""
    return HttpResponseRedirect(reverse("mine", args=[translation.get_language() or "en"]))


@access(PUBLIC)
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of a record that is taken along."""
    return JsonResponse(export.schema(), json_dumps_params={"indent": 1, "ensure_ascii": False})


@own_page
def page(request: HttpRequest, language: str) -> HttpResponse:
    """The page itself; where nobody opened it yet, the form for the slip."""
    slip = frame.slip_of(request)
    if request.method == "POST":
        return _open(request, language) if slip is None else _unlock(request, language, slip)
    if slip is None:
        return _start(request)
    if not slips.is_awake(slip):
        return frame.answer(request, "registry/mine/unlock.html", {})
    with visiting(SYSTEM):
        slips.touch(slip)
    with resident_visit(slip.resident_id):
        return frame.answer(request, "registry/mine/mine.html", _shown(slip))


def _start(request: HttpRequest, said: str = "", status: int = 200) -> HttpResponse:
    answer = frame.answer(
        request, "registry/mine/start.html", {"said": said, "token": frame.first_token()}, status
    )
    if frame.COOKIE in request.COOKIES:
        frame.forget(answer)
    return answer


def _open(request: HttpRequest, language: str) -> HttpResponse:
    code, pin = request.POST.get("code", "")[:60], request.POST.get("pin", "")[:20]
    with visiting(SYSTEM):
        tried = slips.open_slip(code, pin, client_address(request))
    if tried.slip is None:
        return _start(request, tried.said, 422)
    answer = HttpResponseRedirect(reverse("mine", args=[language]))
    frame.remember(answer, tried.device, tried.slip)
    return answer


def _unlock(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    with visiting(SYSTEM):
        said = slips.unlock(slip.pk, request.POST.get("pin", "")[:20])
    if said:
        return frame.answer(request, "registry/mine/unlock.html", {"said": said}, 422)
    return HttpResponseRedirect(reverse("mine", args=[language]))


def _shown(slip: Slip) -> dict[str, Any]:
    resident_id = slip.resident_id
    told = own.own_record(resident_id)
    looks = own.looks(resident_id, 6)
    record = {"number": told.number, "since": told.made_at.date().isoformat(), **told.values}
    return {
        "facts": words.facts_of(record),
        "parts": parts.filled(resident_id),
        "looks": [words.look_line(one.at, one.organisation, one.reason, one.fields) for one in looks[:5]],
        "more_looks": len(looks) > 5,
        "consents": _consents(resident_id),
        "requests": [words.request_lines(one) for one in export.requests_of(resident_id)],
        "until": numbers.day(slip.expires_at),
        "kept_by": own.names_of([told.organisation_id]).get(told.organisation_id, ""),
    }


def _consents(resident_id: UUID) -> list[dict[str, Any]]:
    """What holds or was said, and what needs no agreement."""
    today = timezone.localdate()
    rows = sorted(consents.held(resident_id).values(), key=lambda one: list(purposes()).index(one.purpose))
    return [
        {
            "id": one.pk,
            "key": uuid4(),
            "what": words.purpose(one.purpose),
            "who": one.organisation.name,
            "state": one.get_state_display(),
            "holds": one.state == Consent.State.GIVEN and bool(one.valid_until and one.valid_until >= today),
            "until": numbers.day(one.valid_until) if one.valid_until else "",
            "without": _(purposes()[one.purpose].without),
        }
        for one in rows
    ]


@own_page_to_read
@with_slip
def readings(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """Everybody who read, newest first."""
    with resident_visit(slip.resident_id):
        found = own.looks(slip.resident_id, 500)
        lines = [words.look_line(one.at, one.organisation, one.reason, one.fields) for one in found]
        return frame.answer(request, "registry/mine/readings.html", {"looks": lines})


@own_page
@with_slip
def ask(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """Ask that something is corrected, or that everything is erased."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in (RightsRequest.Kind.CORRECT, RightsRequest.Kind.ERASE):
        kind = RightsRequest.Kind.CORRECT
    said, status = "", 200
    if request.method == "POST":
        try:
            _asked(request, slip, kind)
        except NotPossible as refusal:
            said, status = str(refusal), 422
        else:
            return HttpResponseRedirect(reverse("mine", args=[language]) + "#requests")
    told = {
        "kind": kind,
        "fields": RightsRequest.Field.choices,
        "chosen": request.POST.get("field", ""),
        "words": request.POST.get("words", "")[: requests.MOST_WORDS],
        "said": said,
        "key": request.POST.get("key") or uuid4(),
    }
    return frame.answer(request, "registry/mine/ask.html", told, status)


def _asked(request: HttpRequest, slip: Slip, kind: str) -> None:
    field = request.POST.get("field", "")
    if kind == RightsRequest.Kind.CORRECT and field not in RightsRequest.Field.values:
        raise NotPossible(_("Choose what is wrong."))
    wish = requests.Wish(kind, field if kind == "correct" else "", request.POST.get("words", ""))
    with resident_visit(slip.resident_id):
        requests.ask(_NOBODY, slip.resident_id, wish, _key(request))


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as fault:
        raise NotPossible(_("This page is old. Open it again, then send the form.")) from fault


@own_page
@with_slip
def back(request: HttpRequest, language: str, slip: Slip, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    if request.method == "POST":
        with resident_visit(slip.resident_id):
            requests.take_back(slip.resident_id, request_id)
    return HttpResponseRedirect(reverse("mine", args=[language]) + "#requests")


@own_page
@with_slip
def withdraw(request: HttpRequest, language: str, slip: Slip, consent_id: UUID) -> HttpResponse:
    """Take an agreement back, at once."""
    if request.method == "POST":
        said = Said(method="own_page", language=language)
        with resident_visit(slip.resident_id):
            one = Consent.objects.filter(pk=consent_id, resident=slip.resident_id).first()
            if one is not None:
                key = _key(request)
                consents.withdraw(_NOBODY, one.resident_id, one.purpose, one.organisation_id, said, key)
    return HttpResponseRedirect(reverse("mine", args=[language]) + "#consents")


@own_page
@with_slip
def take_along(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """The whole record as a file."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("mine", args=[language]))
    return download(export.bundle(slip.resident_id))


@own_page
@with_slip
def leave(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """Close the page on this device, or end the slip for good."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("mine", args=[language]))
    with visiting(SYSTEM):
        if request.POST.get("do") == "end":
            slips.end(SYSTEM, slip.pk, Slip.Because.PERSON)
        else:
            slips.lock(slip.pk)
    answer = frame.answer(request, "registry/mine/left.html", {"ended": request.POST.get("do") == "end"})
    if request.POST.get("do") == "end":
        frame.forget(answer)
    return answer
