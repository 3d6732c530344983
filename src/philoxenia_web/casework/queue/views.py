"""Pages of the walk-in queue: waiting rooms, the line and one's own desk, a printed number, the screen."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import PUBLIC, SYSTEM, Actor, access, actor_of, can
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.casework.desk.writing import carried_out, first_error, version_from
from philoxenia_web.casework.models.queue import Queue, Sitting, Ticket
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, desks_of
from philoxenia_web.casework.queries import names_of
from philoxenia_web.casework.queue import actions
from philoxenia_web.casework.queue.addresses import queue_of, screen_address
from philoxenia_web.casework.queue.clock import minutes_of, today
from philoxenia_web.casework.queue.estimating import outlook
from philoxenia_web.casework.queue.forms import ChangeQueueForm, OpenQueueForm, SitForm, TicketForm
from philoxenia_web.casework.queue.showing import lines, screen, wait_words
from philoxenia_web.casework.queue.states import TICKET
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import at_the_desk, visiting

# Shown at first; further back nobody is called soon.
_FIRST, _LEFT = 40, 10
_BUTTONS = {"call_again", "begin", "finish", "pass_over", "come_back", "leave"}


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def queues(request: HttpRequest) -> HttpResponse:
    """The waiting rooms of one's desks; supervisors open new ones."""
    actor = actor_of(request)
    places = [
        (str(pk), name)
        for pk, name in Organisation.objects.filter(pk__in=desks_of(actor)).values_list("pk", "name")
        if can(actor, SUPERVISE, pk)
    ]
    form = OpenQueueForm(places, request.POST or None, initial={"key": uuid4(), "letter": "A"})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.make_queue(
                actor,
                UUID(said["organisation"]),
                said["name"],
                said["letter"],
                said["languages"],
                said["key"],
            )
            return redirect("queue", made.pk)
        except NotPossible as refusal:
            form.add_error("letter", str(refusal))
    found = Queue.objects.filter(organisation__in=desks_of(actor), active=True).select_related("organisation")
    shown = [(one, outlook(one)) for one in found.order_by("organisation__name", "letter")]
    context = {
        "rooms": [(one, len(seen.order), seen.desks, wait_words(seen.newcomer)) for one, seen in shown],
        "form": form if places else None,
        "sitting": actions.sitting_of(actor),
    }
    return render(request, "casework/queue/queues.html", context, status=422 if form.is_bound else 200)


@access(CASEWORK)
@require_safe
@at_the_desk
def queue(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """The line, one's own desk, and giving out numbers."""
    actor = actor_of(request)
    shown = actions.own_queue(actor, queue_id)
    sitting = actions.sitting_of(actor)
    here = sitting if sitting and sitting.queue_id == shown.pk else None
    context = _line(shown, whole="all" in request.GET) | {
        "queue": shown,
        "sitting": here,
        "elsewhere": sitting if sitting and not here else None,
        "current": _current(here),
        "form": TicketForm(initial={"key": uuid4()}),
        "sit_form": SitForm(initial={"desk": _free_desk(shown), "languages": _last_languages(actor)}),
        "screen": screen_address(shown) if can(actor, SUPERVISE, shown.organisation_id) else "",
        "open_desks": _open_desks(actor, shown),
    }
    # The line alone is asked for again every few seconds; the rest of the page stays as it is.
    name = "line" if request.headers.get("HX-Request") else "queue"
    return render(request, f"casework/queue/{name}.html", context)


def _line(shown: Queue, *, whole: bool) -> dict[str, Any]:
    """The line, its first people alone unless the `whole` is asked for."""
    day = Ticket.objects.filter(queue=shown, day=today()).select_related("queue")
    seen = outlook(shown)
    others = list(day.filter(state__in=["called", "serving"]).order_by("desk"))
    return {
        "queue": shown,
        "lines": lines(shown, minutes_of(timezone.now()), seen, None if whole else _FIRST),
        "waiting": len(seen.order),
        "whole": whole,
        "others": others,
        "gone": list(day.filter(state=Ticket.State.GONE).order_by("-ended_at")),
        "left": list(day.filter(state=Ticket.State.LEFT).order_by("-ended_at")[: None if whole else _LEFT]),
        "served": day.filter(state=Ticket.State.SERVED).count(),
        "desks": seen.desks,
        "workers": names_of(one.worker_id for one in others if one.worker_id),
        "newcomer": wait_words(seen.newcomer),
    }


def _open_desks(actor: Actor, shown: Queue) -> list[tuple[int, str]]:
    """The desks a supervisor may free, with who sits there."""
    if not can(actor, SUPERVISE, shown.organisation_id):
        return []
    others = list(actions.sittings(shown).exclude(person_id=actor.person_id))
    names = names_of(one.person_id for one in others)
    return [(one.desk, names.get(one.person_id, "")) for one in others]


def _current(here: Sitting | None) -> Ticket | None:
    if here is None:
        return None
    found = Ticket.objects.filter(queue=here.queue_id, day=today(), desk=here.desk)
    return found.filter(state__in=["called", "serving"]).select_related("queue").first()


def _free_desk(shown: Queue) -> int:
    taken = set(actions.sittings(shown).values_list("desk", flat=True))
    return next(number for number in range(1, actions.MOST_DESKS + 2) if number not in taken)


def _last_languages(actor: Any) -> list[str]:
    """What the actor said when they last sat down."""
    last = Sitting.objects.filter(person_id=actor.person_id).order_by("-opened_at").first()
    return last.languages if last else []


@access(CASEWORK)
@require_POST
@at_the_desk
def take(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """Give out a number and show it for printing."""
    form = TicketForm(request.POST)
    if not form.is_valid():
        messages.warning(request, first_error(form))
        return redirect("queue", queue_id)
    said = form.cleaned_data
    try:
        made = actions.take_ticket(
            actor_of(request), queue_id, said["language"], said["reasons"], said["key"], said["resident"]
        )
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
        return redirect("queue", queue_id)
    return redirect("queue-ticket", made.pk)


@access(CASEWORK)
@require_safe
@at_the_desk
def ticket(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """One number, to be printed or shown, in the language of who waits where pages know it."""
    shown = Ticket.objects.select_related("queue__organisation").filter(pk=ticket_id).first()
    if shown is None:
        raise Http404
    seen = outlook(shown.queue)
    known = dict(translation.trans_real.get_languages())
    language = shown.language if shown.language in known else translation.get_language() or "en"
    with translation.override(language):
        words = {
            "wait": wait_words(seen.waits.get(shown.pk)) if shown.state == "waiting" else "",
            "before": seen.order.index(shown.pk) if shown.pk in seen.order else 0,
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "your_number": _("Your number"),
            "come_back": _("If you go out, come back to the counter: you keep your place."),
            "rule": _("Numbers are called by need, not only by the time of coming."),
        }
    return render(request, "casework/queue/ticket.html", {"ticket": shown, "words": words})


@access(CASEWORK)
@require_POST
def sit(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """Sit down at a desk."""
    form = SitForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        carried_out(
            request, lambda: actions.sit_down(actor_of(request), queue_id, said["desk"], said["languages"])
        )
    else:
        messages.warning(request, first_error(form))
    return redirect("queue", queue_id)


@access(CASEWORK)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave one's desk."""
    actor = actor_of(request)
    sitting = actions.sitting_of(actor)
    actions.leave_desk(actor)
    return redirect("queue", sitting.queue_id) if sitting else redirect("queue-list")


@access(SUPERVISE)
@require_POST
def free(request: HttpRequest, queue_id: UUID, desk: int) -> HttpResponse:
    """Free a desk that somebody left without saying so."""
    carried_out(request, lambda: actions.free_desk(actor_of(request), queue_id, desk), _("The desk is free."))
    return redirect("queue", queue_id)


@access(CASEWORK)
@require_POST
def call(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """Call whoever is next."""
    actor = actor_of(request)
    actions.own_queue(actor, queue_id)
    try:
        if actions.call_next(actor) is None:
            messages.info(request, _("Nobody waits."))
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    return redirect("queue", queue_id)


@access(CASEWORK)
@require_POST
def step(request: HttpRequest, ticket_id: UUID) -> HttpResponse:
    """A button beside a number."""
    verb = request.POST.get("verb", "")
    if verb not in _BUTTONS or verb not in {one.verb for one in TICKET.steps}:
        raise Http404
    actor = actor_of(request)
    with visiting(actor):
        found = Ticket.objects.filter(pk=ticket_id).first()
        if found is None:
            raise Http404
    carried_out(request, lambda: actions.step_ticket(actor, ticket_id, version_from(request), verb))
    return redirect("queue", found.queue_id)


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, queue_id: UUID) -> HttpResponse:
    """A waiting room's name, the languages of its screen and the screen's address."""
    actor = actor_of(request)
    shown = actions.own_queue(actor, queue_id)
    if not can(actor, SUPERVISE, shown.organisation_id):
        raise Http404
    if request.POST.get("do") == "renew":
        actions.renew_screen(actor, queue_id)
        messages.success(request, _("The screen has a new address; the old one shows nothing any more."))
        return redirect("queue-change", queue_id)
    known = {
        "name": shown.name,
        "languages": shown.languages,
        "active": shown.active,
        "version": shown.version,
    }
    form = ChangeQueueForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.change_queue(
                actor, queue_id, said["version"], said["name"], said["languages"], active=said["active"]
            )
            return redirect("queue", queue_id) if said["active"] else redirect("queue-list")
        except Conflict as refusal:
            form.add_error(None, str(refusal))
    context = {"queue": shown, "form": form, "screen": screen_address(shown)}
    return render(request, "casework/queue/change.html", context, status=422 if form.is_bound else 200)


@access(PUBLIC)
@require_safe
def public_screen(request: HttpRequest, token: str) -> HttpResponse:
    """The screen in the waiting room: numbers and desks, in the room's languages. Nobody signs in there."""
    shown = queue_of(token)
    if shown is None:
        raise Http404
    with visiting(SYSTEM), translation.override(shown.languages[0]):
        context = screen(shown) | {"token": token}
        name = "called" if request.headers.get("HX-Request") else "screen"
        answer = render(request, f"casework/queue/{name}.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
