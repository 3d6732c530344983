"""Taking what readers say is wrong: once, without a cookie, without asking who they are.

A form carries a signed token of its own in place of a cookie's: it says for which service and when the page
was made, so that other sites cannot send it, and holds the key by which a report sent twice counts once.
"""

import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from philoxenia.report.names import clean
from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.directory import queries
from philoxenia_web.directory.editing.silence import tells_place
from philoxenia_web.directory.models.feedback import Feedback
from philoxenia_web.directory.public import frame
from philoxenia_web.directory.shown import ShownService

LONGEST = 1000
# More of a day for one service than readers send: the rest is noise, and is thanked for.
_MOST_A_DAY = 40
_VALID = timedelta(hours=24)
_SALT = "directory.feedback"
_FIELD = "csrfmiddlewaretoken"


@access(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@frame.spoken
def wrong(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """The form, and what it sends."""
    service = queries.shown(service_id, language)
    if service is None:
        raise Http404
    if request.method != "POST":
        return _form(request, service)
    key = _key(request, service)
    if key is None:
        return _form(request, service, "late", 403)
    if request.POST.get("kind") not in Feedback.Kind.values:
        return _form(request, service, "kind", 400)
    # A field that people do not see, and machines fill in.
    if not request.POST.get("website"):
        keep(service, key, request.POST["kind"], request.POST.get("words", ""), language)
    return HttpResponseRedirect(reverse("help-thanks", args=[language, service.id]))


@frame.help_page
def thanks(request: HttpRequest, language: str, service_id: UUID) -> HttpResponse:
    """It has arrived; where to go on."""
    service = queries.shown(service_id, language)
    if service is None:
        raise Http404
    return frame.answer(request, "directory/public/thanks.html", {"service": service})


def keep(service: ShownService, key: UUID, kind: str, words: str, language: str) -> bool:
    """Write a report down; False where it is known already or there are too many of the day."""
    today = timezone.now().date()
    with transaction.atomic():
        if Feedback.objects.filter(service_id=service.id, day=today).count() >= _MOST_A_DAY:
            return False
        told = "\n".join(clean(line) for line in words[: 2 * LONGEST].splitlines()).strip()
        if service.confidential and tells_place(told):
            # That something is wrong is kept, not where a hidden place is.
            told = ""
        _row, made = Feedback.objects.get_or_create(
            key=key,
            defaults={
                "service_id": service.id,
                "service_version": service.version,
                "kind": kind,
                "words": told[:LONGEST],
                "language": language,
                "day": today,
            },
        )
    return made


def token(service_id: str) -> str:
    """What a form of this service carries."""
    return signing.dumps([service_id, str(uuid.uuid4())], salt=_SALT, compress=False)


def _key(request: HttpRequest, service: ShownService) -> UUID | None:
    """The key of a form of ours, sent from a page of ours; None for any other."""
    if getattr(request, "_dont_enforce_csrf_checks", False):
        # As Django's own check: tests that are about something else.
        return uuid.uuid4()
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin" or not _own_origin(request):
        return None
    try:
        told: Any = signing.loads(request.POST.get(_FIELD, ""), salt=_SALT, max_age=_VALID)
    except signing.BadSignature:
        return None
    return UUID(told[1]) if told[0] == service.id else None


def _own_origin(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin")
    own = f"{request.scheme}://{request.get_host()}"
    return origin in (None, own, settings.ENVIRONMENT.url)


def _form(request: HttpRequest, service: ShownService, fault: str = "", status: int = 200) -> HttpResponse:
    context = {
        "service": service,
        "kinds": Feedback.Kind.choices,
        "token": token(service.id),
        "fault": fault,
        "kind": request.POST.get("kind", ""),
        "told": clean(request.POST.get("words", ""))[:LONGEST],
    }
    made = frame.answer(request, "directory/public/wrong.html", context, status)
    # Each copy of the form has a token of its own.
    made.headers["Cache-Control"] = "no-store"
    return made
