"""The pages of hooks: which addresses are told of what, and what was sent to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.hooks import actions
from philoxenia_web.casework.hooks.forms import HookForm, StepForm
from philoxenia_web.casework.hooks.policies import HOOKS, hook_for
from philoxenia_web.casework.hooks.states import HOOK
from philoxenia_web.casework.models.hooks import Delivery, Hook, Kind
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.policies import organisations_with
from philoxenia_web.ui.tables import Column, Table

_SIGNS = {"new": "attention", "active": "success", "paused": "waiting", "silent": "problem", "ended": "info"}
_SENT_SIGNS = {"waiting": "waiting", "delivered": "success", "given_up": "problem"}


@access(HOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def hooks(request: HttpRequest) -> HttpResponseBase:
    """The addresses of one's organisations, and the form that adds one."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.make(
                actor_of(request), UUID(told["organisation"]), told["address"], told["kinds"], told["key"]
            )
        except NotPossible as refusal:
            form.add_error("address", str(refusal))
        else:
            return redirect("hook", hook_id=made.pk)
    table = _table(request)
    if table.wants_export:
        return table.export()
    status = 422 if form.errors else 200
    return render(request, "casework/hooks/hooks.html", {"form": form, "table": table}, status=status)


def _form(request: HttpRequest) -> HookForm:
    mine = organisations_with(actor_of(request), HOOKS)
    places = accounts.organisations().filter(pk__in=mine)
    data = request.POST if request.method == "POST" else None
    return HookForm(data, organisations=[(str(one.pk), one.name) for one in places])


def _table(request: HttpRequest) -> Table:
    mine = organisations_with(actor_of(request), HOOKS)
    rows = [
        {
            "address": one.address,
            "organisation": one.organisation.name,
            "kinds": _kinds(one),
            "state": (one.get_state_display(), _SIGNS[one.state]),
            "made_at": one.made_at,
            "href": f"/front/hooks/{one.pk}/",
        }
        for one in Hook.objects.filter(organisation__in=mine).select_related("organisation")
    ]
    return Table(
        "hooks",
        [
            Column("address", _("Address"), kind="name"),
            Column("organisation", _("Organisation"), kind="name"),
            Column("kinds", _("Told of")),
            Column("state", _("State"), kind="status"),
            Column("made_at", _("Since"), kind="when"),
        ],
        rows=rows,
        request=request,
        caption=_("Addresses that are told of changes"),
        empty=_("No address is told of anything yet."),
        narrow="cards",
        download=False,
    )


def _kinds(one: Hook) -> str:
    return ", ".join(str(Kind(kind).label) for kind in one.kinds)


@access(HOOKS)
@require_safe
@at_the_desk
def hook(request: HttpRequest, hook_id: UUID) -> HttpResponseBase:
    """One address: its state, its secret, what was sent."""
    return _shown(request, hook_for(actor_of(request), hook_id))


def _shown(request: HttpRequest, found: Hook, secret: str = "") -> HttpResponseBase:
    table = _sent(request, found)
    if table.wants_export:
        return table.export()
    can = {one.verb for one in HOOK.steps_from(found.state)}
    waiting = found.deliveries.filter(state=Delivery.State.WAITING).count()
    context = {
        "hook": found,
        "sign": _SIGNS[found.state],
        "kinds": _kinds(found),
        "table": table,
        "can": can,
        "waiting": waiting,
        "given_up": actions.given_up(found).count(),
        "secret": secret,
    }
    return render(request, "casework/hooks/hook.html", context)


def _sent(request: HttpRequest, found: Hook) -> Table:
    return Table(
        "messages",
        [
            Column("at", _("When it happened"), kind="when"),
            Column("event", _("Message"), kind="name", sort=False),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(Delivery.State.choices),
                signs=_SENT_SIGNS,
            ),
            Column("attempts", _("Attempts"), kind="whole"),
            Column("status", _("Answer"), kind="whole"),
            Column("fault", _("Why not"), value=lambda one: one.get_fault_display(), sort=False),
            Column("next_at", _("Next attempt"), kind="when", value=_next, sort=False),
        ],
        rows=Delivery.objects.filter(hook=found),
        request=request,
        caption=_("What was sent"),
        empty=_("Nothing was sent yet. Try it: a message that tells of nothing goes out."),
        order="-at",
        size=25,
        narrow="cards",
    )


def _next(one: Delivery) -> Any:
    return one.next_at if one.state == Delivery.State.WAITING else None


def _done(request: HttpRequest, hook_id: UUID, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except (Conflict, NotPossible) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("hook", hook_id=hook_id)


@access(HOOKS)
@require_POST
@at_the_desk
def step(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """Pause, resume or end."""
    actor, form = actor_of(request), StepForm(request.POST)
    hook_for(actor, hook_id)
    if not form.is_valid() or not form.cleaned_data["verb"]:
        return redirect("hook", hook_id=hook_id)
    told = form.cleaned_data
    said = {
        "pause": _("Nothing is sent until you resume. What happens meanwhile waits."),
        "resume": _("Messages are sent again."),
    }
    return _done(
        request,
        hook_id,
        lambda: actions.step(actor, hook_id, told["verb"], told["version"]),
        said.get(told["verb"], _("Nothing is sent to this address any more.")),
    )


@access(HOOKS)
@require_POST
@at_the_desk
def rotate(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """A new secret."""
    actor, form = actor_of(request), StepForm(request.POST)
    hook_for(actor, hook_id)
    if not form.is_valid():
        return redirect("hook", hook_id=hook_id)
    said = _("A new secret signs from now on; the one before signs along for a day.")
    return _done(request, hook_id, lambda: actions.rotate(actor, hook_id, form.cleaned_data["version"]), said)


@access(HOOKS)
@require_POST
@never_cache
@at_the_desk
def reveal(request: HttpRequest, hook_id: UUID) -> HttpResponseBase:
    """The secret, in this answer and nowhere else."""
    actor = actor_of(request)
    secret = actions.reveal(actor, hook_id)
    return _shown(request, hook_for(actor, hook_id), secret)


@access(HOOKS)
@require_POST
@at_the_desk
def try_out(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """A message that tells of nothing."""
    actor = actor_of(request)
    hook_for(actor, hook_id)
    said = _("A trial goes out within a minute.")
    return _done(request, hook_id, lambda: actions.try_out(actor, hook_id), said)


@access(HOOKS)
@require_POST
@at_the_desk
def send_again(request: HttpRequest, hook_id: UUID) -> HttpResponse:
    """What was given up, once more."""
    actor = actor_of(request)
    hook_for(actor, hook_id)
    said = _("What was given up is sent again within a minute.")
    return _done(request, hook_id, lambda: actions.send_again(actor, hook_id), said)
