"""Pages and answers of offline work. What is kept on a device is read and written by its scripts."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import PUBLIC, access, actor_of
from philoxenia_web.casework.models.cases import CaseNeed
from philoxenia_web.casework.models.offline import OfflineDevice
from philoxenia_web.casework.offline import devices, disputes, leaving, shell, syncing, taking, words
from philoxenia_web.casework.offline.places import STEPS
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.queries import names_of
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.casework.words import need_name
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import at_the_desk, visiting

_MOST_BYTES = 2**21
_NOT_KEPT = {"Cache-Control": "no-store"}


# --- pages ------------------------------------------------------------------------------------------------


@access(CASEWORK)
@require_safe
@at_the_desk
def show(request: HttpRequest) -> HttpResponse:
    """Which cases come along today, what is on devices, what is to be decided."""
    actor = actor_of(request)
    cases = taking.for_today(actor)
    people = (
        records.briefs(actor, [one.resident_id for one, _due, _why in cases], "serving_now") if cases else {}
    )
    context = {
        "cases": [(one, people.get(one.resident_id), due, why) for one, due, why in cases],
        "devices": devices.listed(actor),
        "kinds": OfflineDevice.Kind.choices,
        "conflicts": len(disputes.open_conflicts(actor)),
        "hours": int(taking.rule("hours")),
        "letters": int(taking.rule("passphrase_letters")),
        "tries": int(taking.rule("tries")),
        "most": int(taking.rule("cases")),
        "key": uuid4(),
        "sentences": words.sentences() | _of_taking(),
    }
    return render(request, "casework/offline/show.html", context)


def _of_taking() -> dict[str, str]:
    return {
        "short": _("Make the passphrase longer: at least %(letters)s letters."),
        "differ": _("The two passphrases differ."),
        "nothing_chosen": _("Choose at least one case."),
        "held": _("This device already holds cases. Send what is on it and empty it first."),
        "taking": _("Taking them along …"),
    }


@access(CASEWORK)
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The page that is kept on the device: the same for everybody, nobody's name on it."""
    rules = {"batch": int(taking.rule("batch")), "steps": STEPS, "severities": CaseNeed.Severity.values}
    context = {
        "rules": json.dumps(rules),
        "sentences": words.sentences(),
        "scripts": shell.scripts(),
        "styles": shell.styles(),
    }
    response = render(request, "casework/offline/work.html", context)
    response.headers["Cache-Control"] = "no-cache"
    return response


@access(PUBLIC)
@require_safe
def serve_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its place makes /front/offline/ its scope."""
    return HttpResponse(
        shell.worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@access(CASEWORK)
@require_safe
@at_the_desk
def conflicts(request: HttpRequest) -> HttpResponse:
    """What devices brought that differs from what the desk wrote meanwhile."""
    actor = actor_of(request)
    found = disputes.open_conflicts(actor)
    people = records.briefs(actor, [one.resident_id for one in found], "correction") if found else {}
    names = names_of({one.mine_by for one in found})
    lines = [(one, people.get(one.resident_id), names.get(one.mine_by, "")) for one in found]
    return render(request, "casework/offline/conflicts.html", {"lines": lines})


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def conflict(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Both values, who wrote them and when; which stands is said by a person."""
    actor, said = actor_of(request), ""
    if request.method == "POST":
        try:
            one = disputes.decide(
                actor, conflict_id, request.POST.get("decision", ""), request.POST.get("based_on", "")
            )
            return redirect("front-person", one.resident_id)
        except (Conflict, NotPossible) as refusal:
            said = str(refusal)
    seen = disputes.look(actor, conflict_id)
    context = _as_words(actor, seen) | {"seen": seen, "said": said}
    return render(request, "casework/offline/conflict.html", context, status=409 if said else 200)


def _as_words(actor: Any, seen: disputes.Dispute) -> dict[str, Any]:
    one = seen.conflict
    found = records.briefs(actor, [one.resident_id], "correction", place=one.organisation_id)
    brief = found.get(one.resident_id)
    need = CaseNeed.objects.filter(pk=one.object_id).first() if one.kind == "need" else None
    told = {
        name: words.said(one.kind, one.field, getattr(seen, name))
        for name in ("was", "theirs", "mine", "now")
    }
    return told | {
        "person": brief,
        "about": need_name(need.need) if need else one.get_kind_display(),
        "names": names_of({who for who in (one.mine_by, one.theirs_by, one.decided_by) if who}),
        "moved": seen.now != seen.theirs,
    }


@access(CASEWORK)
@require_POST
def stop(request: HttpRequest, device_id: UUID) -> HttpResponseRedirect:
    """Stop a device: it sends nothing any more and removes what it holds."""
    devices.stop(actor_of(request), device_id)
    return redirect("offline")


# --- answers to scripts -----------------------------------------------------------------------------------


def _answering(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponse]:
    """JSON in and out; what cannot be done is a sentence, and a stopped device is told to empty itself."""

    @wraps(view)
    def answer(request: HttpRequest, **told: Any) -> HttpResponse:
        try:
            return JsonResponse(view(request, _body(request), **told), headers=_NOT_KEPT)
        except NotPossible as refusal:
            return JsonResponse({"said": str(refusal)}, status=409, headers=_NOT_KEPT)
        except syncing.Stopped:
            return JsonResponse({"stopped": True}, status=410, headers=_NOT_KEPT)

    return answer


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    try:
        if int(request.headers.get("Content-Length") or 0) > _MOST_BYTES:
            raise ValueError
        told = json.loads(request.body)
    except (ValueError, RecursionError) as fault:
        raise NotPossible(_("What was sent cannot be read. Nothing was changed.")) from fault
    if not isinstance(told, dict):
        raise NotPossible(_("What was sent cannot be read. Nothing was changed."))
    return told


def _uuid(told: Any) -> UUID:
    try:
        return UUID(str(told))
    except ValueError as fault:
        raise Http404 from fault


@access(CASEWORK)
@require_safe
@never_cache
@_answering
def hello(request: HttpRequest, _told: dict[str, Any]) -> dict[str, Any]:
    """That somebody is signed in, the token their requests need, how much they may hold."""
    now = timezone.now().isoformat()
    return {"token": get_token(request), "now": now, "batch": int(taking.rule("batch"))}


@access(PUBLIC)
@require_safe
@_answering
def alive(_request: HttpRequest, _told: dict[str, Any], device_id: UUID) -> dict[str, Any]:
    """What a device may keep of what it holds. Its number, which nobody can guess, is all that is needed."""
    return leaving.standing(device_id)


@access(CASEWORK)
@require_POST
@_answering
def take(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any]:
    """Copies of cases for a device: a new one, or one that is known and has sent everything."""
    actor = actor_of(request)
    listed = told.get("cases")
    ids = [_uuid(one) for one in listed] if isinstance(listed, list) else []
    with visiting(actor):
        if told.get("device"):
            device, copies = taking.take_again(actor, _uuid(told["device"]), ids)
        else:
            device, copies = taking.take(actor, str(told.get("kind", "")), ids, _uuid(told.get("key")))
    return {"grant": _grant(device), "copies": copies, "languages": words.language_names(copies)}


def _grant(device: OfflineDevice) -> dict[str, Any]:
    known = default_parameters()
    return {
        "device": str(device.pk),
        "now": timezone.now().isoformat(),
        "until": device.until.isoformat(),
        "keep_until": device.keep_until.isoformat(),
        "rules": {
            "iterations": int(known["casework.offline_iterations"]),
            "allowed_tries": int(known["casework.offline_tries"]),
            "idle_minutes": known["casework.offline_idle_minutes"],
        },
    }


@access(CASEWORK)
@require_POST
@_answering
def sync(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any]:
    """What became of each change of a batch."""
    changes, unsent = told.get("changes"), told.get("unsent")
    if not isinstance(changes, list) or len(changes) > int(taking.rule("batch")):
        raise NotPossible(_("Too many changes came at once. Load the page again and send them in parts."))
    count = min(unsent, 10**6) if isinstance(unsent, int) and unsent >= 0 else 0
    return {"results": syncing.sync(actor_of(request), _uuid(told.get("device")), changes, count)}


@access(CASEWORK)
@require_POST
@_answering
def wiped(request: HttpRequest, told: dict[str, Any]) -> dict[str, Any]:
    """A device says that it removed everything."""
    devices.hear_wiped(actor_of(request), _uuid(told.get("device")), str(told.get("why", "")))
    return {"heard": True}
