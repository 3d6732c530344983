"""What needs no sign-in: a calendar by its secret address, and saying that one wants no messages."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import PUBLIC, access, actor_of
from philoxenia_web.casework.appointments import feeds
from philoxenia_web.casework.appointments.reminding import choose_messages, resident_of_token, wishes_of
from philoxenia_web.casework.desk.writing import carried_out
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.registry.people.visits import at_the_desk, resident_visit


@access(CASEWORK)
@require_POST
def open_feed(request: HttpRequest) -> HttpResponse:
    """Make an address for one's own calendar."""
    try:
        place = UUID(request.POST.get("organisation", ""))
    except ValueError:
        raise Http404 from None
    carried_out(
        request,
        lambda: feeds.open_feed(actor_of(request), place),
        _("Copy the address into your calendar. An address made before has ended."),
    )
    return redirect("appointment-offered")


@access(CASEWORK)
@require_POST
def end_feed(request: HttpRequest, feed_id: UUID) -> HttpResponse:
    """End one's own address."""
    carried_out(
        request, lambda: feeds.end_feed(actor_of(request), feed_id), _("The address gives nothing any more.")
    )
    return redirect("appointment-offered")


@access(PUBLIC)
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar as text/calendar. There is nothing behind a token that is not ours."""
    feed = feeds.feed_of(token)
    if feed is None:
        raise Http404
    answer = HttpResponse(feeds.calendar_of(feed), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@access(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def no_messages(request: HttpRequest, token: str) -> HttpResponse:
    """A resident says which messages they want. Opening the page changes nothing: programs open links too."""
    found = resident_of_token(token)
    if found is None:
        raise Http404
    resident_id, language = found
    with translation.override(language), resident_visit(resident_id):
        if request.method == "POST":
            choose_messages(
                actor_of(request), resident_id, email="email" in request.POST, sms="sms" in request.POST
            )
        email, sms = wishes_of(resident_id)
        context = {"email": email, "sms": sms, "done": request.method == "POST"}
        answer = render(request, "casework/appointments/no_messages.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@access(CASEWORK)
@require_POST
@at_the_desk
def messages_of(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The desk notes which messages a resident wants."""
    choose_messages(actor_of(request), resident_id, email="email" in request.POST, sms="sms" in request.POST)
    back = request.POST.get("appointment", "")
    try:
        return redirect("appointment", UUID(back))
    except ValueError:
        return redirect("appointment-list")
