"""An application: begun, photographed, looked at by two, issued or taken back."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.cards import applications, issuing, queries
from philoxenia_web.cards.face import face_of
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.photos import MOST_BYTES
from philoxenia_web.cards.policies import WORK, organisations_with
from philoxenia_web.cards.rules import card_rules
from philoxenia_web.cards.staff.carrying import carried_out
from philoxenia_web.cards.staff.forms import BeginForm, PhotoForm, key_from, version_from
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.records import open_record
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.rights import consents
from philoxenia_web.registry.rights.purposes import purpose
from philoxenia_web.ui.uploads import kept_in_memory

_CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


@access(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def begin(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Begin an application for a person whose record is open."""
    actor = actor_of(request)
    desk = organisations_with(actor, WORK)[0]
    if (going_on := queries.open_application_of(resident_id)) is not None:
        return redirect("card-application", going_on.pk)
    has_card = any(one.ended_at is None for one in queries.cards_of(resident_id))
    record = open_record(actor, resident_id, "serving_now")
    form = BeginForm(request.POST or None, initial={"kind": "renewal" if has_card else "first"})
    if request.method == "POST" and form.is_valid():
        made: list[Application] = []
        asked = applications.Asked(**form.cleaned_data)

        def act() -> None:
            made.append(applications.begin(actor, resident_id, desk, asked, key_from(request)))

        if carried_out(request, act):
            return redirect("card-application", made[0].pk)
    context = {
        "form": form,
        "face": face_of(record, True),
        "resident_id": resident_id,
        "notice": purpose("card").notice,
        "agreed": consents.consent(resident_id, "card", desk),
        "key": request.POST.get("key") or uuid4(),
    }
    return render(request, "cards/staff/begin.html", context)


@access(WORK)
@require_safe
@at_the_desk
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """How far it is, what the card will say, and what is to be done next."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    record = open_record(actor, row.resident_id, "serving_now")
    reviews = queries.reviews_of(row)
    waits = row.state == Application.State.SEEN_ONCE
    first = row.reviews.order_by("-turn", "at").last() if waits else None
    context = {
        "row": row,
        "card": queries.card_of(row),
        "face": face_of(record, row.shows_birth),
        "reviews": reviews,
        "rules": card_rules(),
        "kinds": _kinds(),
        "is_first": first is not None and first.by == actor.person_id,
        "looking": row.state in ("open", "seen_once"),
        "refusals": Application.Refusal.choices,
        "reasons": [one for one in Card.Reason.choices if one[0] not in ("renewed", "erased")],
        "photo_form": PhotoForm(),
        "photo_agreed": consents.consent(row.resident_id, "photo", row.organisation_id),
        "photo_notice": purpose("photo").notice,
        "step": ["open", "seen_once", "accepted", "issued"].index(row.state)
        if row.state in ("open", "seen_once", "accepted", "issued")
        else None,
    }
    response = render(request, "cards/staff/application.html", context)
    response.headers["Permissions-Policy"] = _CAMERA
    return response


def _kinds() -> list[dict[str, Any]]:
    language = get_language() or "en"
    return [
        {"kind": one, "name": one.name(language), "lang": language if language in one.names else "en"}
        for one in card_rules().kinds.values()
    ]


@access(WORK)
@require_safe
@at_the_desk
def photo(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The photo as it will be printed."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    if row.photo_id is None:
        raise Http404
    content, media_type = texts.read_file(actor, row.photo_id, "serving_now")
    made = HttpResponse(content, content_type=media_type)
    made["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return made


@access(WORK)
@require_POST
@kept_in_memory(MOST_BYTES)
@at_the_desk
def set_photo(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The photo of an application, cut; it stays in memory until it is sealed."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, _("Choose a photo first."))
        return redirect("card-application", row.pk)
    content = form.cleaned_data["file"].read()
    cut, agreed = form.cut(), form.cleaned_data["agreed"]
    carried_out(
        request,
        lambda: applications.set_photo(actor, row.pk, content, cut, agreed),
        _("The photo is kept, sealed. Everything else in the file was thrown away."),
    )
    return redirect("card-application", row.pk)


@access(WORK)
@require_POST
@at_the_desk
def look(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """What one person says they saw."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    says, kinds = request.POST.get("says", ""), request.POST.getlist("kinds")
    refusal, version = request.POST.get("refusal", ""), version_from(request)
    done: list[Application] = []
    carried_out(request, lambda: done.append(applications.look(actor, row.pk, version, says, kinds, refusal)))
    if done:
        _say(request, done[0])
    return redirect("card-application", row.pk)


def _say(request: HttpRequest, row: Application) -> None:
    said = {
        "seen_once": _("Noted. A second person must look at the documents now."),
        "accepted": _("Accepted by two. The card can be issued."),
        "open": _("The two did not see the same, or not enough. Look at the documents again together."),
        "refused": _("Refused. Tell the person why, and how they can ask for another look."),
    }
    show = messages.success if row.state in ("seen_once", "accepted") else messages.warning
    show(request, said.get(row.state, ""))


@access(WORK)
@require_POST
@at_the_desk
def step(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Issue the card, or take the application back."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    version = version_from(request)
    if request.POST.get("verb") == "issue":
        done = _("The card is issued. Print it, then hand it over.")
        carried_out(request, lambda: issuing.issue(actor, row.pk, version), done)
    elif request.POST.get("verb") == "withdraw":
        done = _("Taken back. The photo was destroyed.")
        carried_out(request, lambda: applications.take_back(actor, row.pk, version), done)
    return redirect("card-application", row.pk)
