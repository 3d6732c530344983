"""An application: begun, photographed, looked at by two, issued or taken back."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.cards import applications, issuing, queries
from philoxenia_web.cards.asking import agreed, renewable_from
from philoxenia_web.cards.face import face_of, mark_of
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.photos import MOST_BYTES
from philoxenia_web.cards.policies import WORK, organisations_with
from philoxenia_web.cards.rules import card_rules, today
from philoxenia_web.cards.staff.carrying import carried_out
from philoxenia_web.cards.staff.forms import BeginForm, PhotoForm, key_from, version_from
from philoxenia_web.cards.states import OPEN
from philoxenia_web.registry.people import merging, texts
from philoxenia_web.registry.people.identities import Identity, identity, read_lately
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.rights import consents
from philoxenia_web.registry.rights.purposes import purpose
from philoxenia_web.registry.rights.speakers import Speaker, choices_of
from philoxenia_web.ui.uploads import kept_in_memory

_CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


@access(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def begin(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Begin an application for a person whose record this colleague opened, and said why, within the hour."""
    actor = actor_of(request)
    same = merging.same_person(resident_id)
    if not same:
        raise Http404
    if (going_on := queries.open_application_of(same)) is not None:
        return redirect("card-application", going_on.pk)
    if not read_lately(actor, same[0]):
        messages.info(request, _("Open the record first: that asks why you read it."))
        return redirect("front-person", same[0])
    desks = organisations_with(actor, WORK)
    who = identity(actor, same[0], "serving_now", desks[0] if len(desks) == 1 else None)
    form = _begin_form(request, same, desks, who)
    if request.method == "POST" and form.is_valid():
        made: list[Application] = []
        desk, key = UUID(form.cleaned_data.get("organisation") or str(desks[0])), key_from(request)

        def act() -> None:
            made.append(applications.begin(actor, same[0], desk, form.asked(), key))

        if carried_out(request, act):
            return redirect("card-application", made[0].pk)
    context = {
        "form": form,
        "face": face_of(who, True),
        "resident_id": same[0],
        "notices": _notices("card", who),
        "agreed": agreed(same[0], "card"),
    }
    return render(request, "cards/staff/begin.html", context, status=422 if form.errors else 200)


def _begin_form(request: HttpRequest, same: list[UUID], desks: list[UUID], who: Identity) -> BeginForm:
    live = next((one for one in queries.cards_of(same) if one.ended_at is None), None)
    child = consents.is_minor(who.birth, today())
    due = live is not None and renewable_from(live) <= today()
    kind = "first" if live is None else "renewal" if due else "replacement"
    may = choices_of(actor_of(request), same[0])
    initial = {"kind": kind, "key": uuid4(), **_speaks(who, may)}
    named = organisations().filter(pk__in=desks).values_list("pk", "name")
    places = [(str(number), name) for number, name in named]
    asks = not agreed(same[0], "card")
    told = request.POST or None
    return BeginForm(places, live is not None, child, asks, told, initial=initial, speakers=may)


def _speaks(who: Identity, may: list[Speaker]) -> dict[str, str]:
    """Who agrees, and in which language they are asked, as far as the record tells."""
    child = consents.is_minor(who.birth, today())
    return {"language": _spoken(who), "by": may[0].choice if child and may else "self"}


def _spoken(who: Identity) -> str:
    """The person's own language, where notices are read in it; else that of the page."""
    known = dict(settings.LANGUAGES)
    mine = next((one.code for one in who.languages if one.code in known), None)
    return mine or get_language() or "en"


def _notices(code: str, who: Identity) -> list[dict[str, Any]]:
    """The notice to be read, in the person's language and in that of the page."""
    told = []
    for language in dict.fromkeys((_spoken(who), get_language() or "en")):
        with translation.override(language):
            told.append({"text": _(purpose(code).notice), **translation.get_language_info(language)})
    return told


@access(WORK)
@require_safe
@at_the_desk
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """How far it is, what the card will say, and what is to be done next."""
    actor = actor_of(request)
    row = queries.application_for(actor, application_id)
    who = identity(actor, row.resident_id, "serving_now", row.organisation_id)
    waits = row.state == Application.State.SEEN_ONCE
    first = row.reviews.order_by("-turn", "at").last() if waits else None
    may = choices_of(actor, row.resident_id)
    photo_agreed, face = agreed(row.resident_id, "photo"), face_of(who, row.shows_birth)
    context = {
        "row": row,
        "card": queries.card_of(row),
        "face": face,
        "changed": bool(row.face_mark) and mark_of(face, row.resident_id) != bytes(row.face_mark),
        "reviews": queries.reviews_of(row),
        "rules": card_rules(),
        "kinds": _kinds(),
        "is_first": first is not None and first.by == actor.person_id,
        "looking": row.state in ("open", "seen_once"),
        "is_open": row.state in OPEN,
        "refusals": Application.Refusal.choices,
        "reasons": [one for one in Card.Reason.choices if one[0] in issuing.WHY_WITHDRAWN],
        "photo_form": PhotoForm(not photo_agreed, initial=_speaks(who, may), speakers=may),
        "photo_agreed": photo_agreed,
        "photo_notices": _notices("photo", who),
        "seen_days": int(default_parameters()["casework.card_seen_days"]),
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
    if row.photo_id is None or not agreed(row.resident_id, "photo"):
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
    may = choices_of(actor, row.resident_id)
    form = PhotoForm(not agreed(row.resident_id, "photo"), request.POST, request.FILES, speakers=may)
    if not form.is_valid():
        said = _("Choose a photo first.") if "file" in form.errors else _("Say who agrees, and their name.")
        messages.warning(request, said)
        return redirect("card-application", row.pk)
    content = form.cleaned_data["file"].read()
    carried_out(
        request,
        lambda: applications.set_photo(actor, row.pk, content, form.cut(), form.yes()),
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
    told, version = request.POST, version_from(request)
    looked = applications.Looked(
        told.get("says", ""),
        told.getlist("kinds"),
        told.get("refusal", ""),
        guardian=told.get("guardian") == "yes",
    )
    done: list[Application] = []
    carried_out(request, lambda: done.append(applications.look(actor, row.pk, version, looked)))
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
    elif request.POST.get("verb") == "reopen":
        done = _("Two people look again, from the beginning.")
        carried_out(request, lambda: applications.reopen(actor, row.pk, version), done)
    elif request.POST.get("verb") == "withdraw":
        done = _("Taken back. The photo was destroyed.")
        carried_out(request, lambda: applications.take_back(actor, row.pk, version), done)
    return redirect("card-application", row.pk)
