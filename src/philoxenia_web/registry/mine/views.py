"""A resident's own page: what is kept, who read it and why; ask, take along, take back an agreement."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, SYSTEM, Actor, access, actor_of
from philoxenia_web.accounts.gate import client_address
from philoxenia_web.registry.mine import frame, parts
from philoxenia_web.registry.mine.frame import own_page, own_page_to_read, with_slip
from philoxenia_web.registry.models import Consent, RightsRequest, Slip
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import consents, export, own, requests, slips, words
from philoxenia_web.registry.rights.consents import Said
from philoxenia_web.registry.rights.downloading import download
from philoxenia_web.registry.rights.purposes import number, purposes
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
        # Another code: a second person of a family with one telephone.
        another = slip is None or "code" in request.POST
        return _open(request, language, slip) if another else _unlock(request, language, slip)
    if slip is None:
        return _start(request)
    if not slips.is_awake(slip):
        return frame.answer(request, "registry/mine/unlock.html", {})
    with visiting(SYSTEM):
        slips.touch(slip)
    return frame.answer(request, "registry/mine/mine.html", _shown(slip))


def _start(request: HttpRequest, said: str = "", status: int = 200) -> HttpResponse:
    told = {"said": said, "ended": _ended(request), "token": frame.first_token()}
    answer = frame.answer(request, "registry/mine/start.html", told, status)
    if frame.COOKIE in request.COOKIES:
        frame.forget(answer)
    return answer


def _ended(request: HttpRequest) -> bool:
    """Whether a desk has ended this device's slip. Where and when would tell where the person is."""
    with visiting(SYSTEM):
        return slips.ended_of_device(request.COOKIES.get(frame.COOKIE, "")) is not None


def _ended_before(slip: Slip) -> dict[str, Any] | None:
    """That a desk ended the slip this person opened before, told behind code and number alone."""
    with visiting(SYSTEM):
        before = slips.before(slip)
    if before is None or before.opened_at is None or before.because not in slips.TOLD:
        return None
    newer = before.because == Slip.Because.NEWER
    return {"newer": newer, "at": numbers.when(before.ended_at), "who": slip.organisation.name}


def _open(request: HttpRequest, language: str, slip: Slip | None) -> HttpResponse:
    if (refused := _of_staff(request, slip)) is not None:
        return refused
    code, pin = request.POST.get("code", "")[:60], request.POST.get("pin", "")[:20]
    with visiting(SYSTEM):
        tried = slips.open_slip(code, pin, client_address(request))
    if tried.slip is None:
        return _said(request, slip, tried.said, 422)
    answer = HttpResponseRedirect(reverse("mine", args=[language]))
    frame.remember(answer, tried.device, tried.slip)
    return answer


def _unlock(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    if (refused := _of_staff(request, slip)) is not None:
        return refused
    with visiting(SYSTEM):
        said = slips.unlock(slip.pk, request.POST.get("pin", "")[:20])
    if said:
        return _said(request, slip, said, 422)
    return HttpResponseRedirect(reverse("mine", args=[language]))


def _said(request: HttpRequest, slip: Slip | None, said: str, status: int) -> HttpResponse:
    """The form again, with what is wrong; a slip that is open on this device stays so."""
    if slip is None:
        return _start(request, said, status)
    return frame.answer(request, "registry/mine/unlock.html", {"said": said}, status)


def _of_staff(request: HttpRequest, slip: Slip | None) -> HttpResponse | None:
    """A member of staff opens nobody's page, and a person not theirs where staff is signed in."""
    if not actor_of(request).person_id:
        return None
    said = _(
        "In this browser a member of staff is signed in. Nobody’s own page opens here: use a device of your "
        "own, or let the member of staff sign out."
    )
    return _said(request, slip, said, 403)


def _shown(slip: Slip) -> dict[str, Any]:
    told = own.of_each(slip.resident_id, _of_record)
    looks = sorted((look for one in told for look in one["looks"]), key=lambda one: one.at, reverse=True)
    return {
        "ended": _ended_before(slip),
        "records": [one["facts"] for one in told],
        "kept_by": told[0]["kept_by"],
        "parts": parts.joined(part for one in told for part in one["parts"]),
        "looks": [words.look_line(one) for one in looks[:5]],
        "more_looks": len(looks) > 5,
        "consents": _consents([row for one in told for row in one["consents"]]),
        "requests": [words.request_lines(row) for one in told for row in one["requests"]],
        "slips": [words.slip_line(row) for one in told for row in one["slips"]][:5],
        "until": numbers.day(slip.expires_at),
    }


def _of_record(resident_id: UUID) -> dict[str, Any]:
    """What one record shows, in its own visit."""
    told = own.own_record(resident_id)
    record = {"number": told.number, "since": told.made_at.date().isoformat(), **told.values}
    return {
        "facts": words.facts_of(record),
        "kept_by": own.names_of([told.organisation_id]).get(told.organisation_id, ""),
        "parts": parts.filled(resident_id),
        "consents": list(consents.held(resident_id).values()),
        "requests": export.requests_of(resident_id),
        "slips": export.slips_of(resident_id),
        "looks": own.looks_by_day([resident_id], 6),
    }


def _consents(rows: list[Consent]) -> list[dict[str, Any]]:
    """What holds or was said; of two records of a person what was said last."""
    today, order = timezone.localdate(), list(purposes())
    newest = {
        (one.organisation_id, one.purpose): one
        for one in sorted(rows, key=lambda one: one.last)  # type: ignore[attr-defined]
    }
    return [
        {
            "id": one.pk,
            "key": uuid4(),
            "what": words.purpose(one.purpose),
            "who": one.organisation.name,
            "state": one.get_state_display(),
            "holds": consents.holds(one, today),
            "until": numbers.day(one.valid_until) if one.valid_until else "",
            "without": _(purposes()[one.purpose].without),
        }
        for one in sorted(newest.values(), key=lambda one: order.index(one.purpose))
    ]


@own_page_to_read
@with_slip
def readings(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """Everybody who read, newest first."""
    found = own.of_each(slip.resident_id, lambda one: own.looks_by_day([one]))
    looks = sorted((look for each in found for look in each), key=lambda one: one.at, reverse=True)
    told = {"looks": [words.look_line(one) for one in looks]}
    return frame.answer(request, "registry/mine/readings.html", told)


_ASKED = (RightsRequest.Kind.CORRECT, RightsRequest.Kind.ERASE, RightsRequest.Kind.TAKE_ALONG)


@own_page
@with_slip
def ask(request: HttpRequest, language: str, slip: Slip) -> HttpResponse:
    """Ask that something is corrected or erased, or for the words that staff wrote."""
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in _ASKED:
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
        "days": number("words_days"),
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
        requests.ask(_NOBODY, slip.resident_id, wish, _key(request), slip.made_by)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as fault:
        raise NotPossible(_("This page is old. Open it again, then send the form.")) from fault


def _of_mine(
    slip: Slip, model: type[Consent | RightsRequest], row_id: UUID, act: Callable[[UUID, UUID], None]
) -> None:
    """Act on a row of one of the person's records, in that record's visit. `Http404` for any other row."""

    def here(resident_id: UUID) -> bool:
        if not model._default_manager.filter(pk=row_id, resident=resident_id).exists():
            return False
        act(resident_id, row_id)
        return True

    if not any(own.of_each(slip.resident_id, here)):
        raise Http404


@own_page
@with_slip
def back(request: HttpRequest, language: str, slip: Slip, request_id: UUID) -> HttpResponse:
    """Take a request back."""
    if request.method == "POST":
        _of_mine(slip, RightsRequest, request_id, requests.take_back)
    return HttpResponseRedirect(reverse("mine", args=[language]) + "#requests")


@own_page
@with_slip
def withdraw(request: HttpRequest, language: str, slip: Slip, consent_id: UUID) -> HttpResponse:
    """Take an agreement back, at once."""
    if request.method == "POST":
        said, key = Said(method="own_page", language=language), _key(request)

        def take_back(resident_id: UUID, row_id: UUID) -> None:
            one = Consent.objects.get(pk=row_id)
            consents.withdraw(_NOBODY, resident_id, one.purpose, one.organisation_id, said, key)

        _of_mine(slip, Consent, consent_id, take_back)
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
