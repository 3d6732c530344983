"""Keys that sign cards: which there are, a new one, and giving one up by two supervisors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.cards import keys as actions
from philoxenia_web.cards import queries
from philoxenia_web.cards.models import SigningKey
from philoxenia_web.cards.policies import MANAGE
from philoxenia_web.cards.staff.carrying import carried_out

_VERBS = {
    "rotate": actions.rotate,
    "doubt": actions.doubt,
    "keep": actions.keep,
    "give_up": actions.give_up,
}


@access(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys, with how many cards hang on each; what is done to one names it."""
    actor = actor_of(request)
    if request.method == "POST":
        verb, kid = request.POST.get("verb", ""), request.POST.get("kid", "")
        done = {
            "rotate": _("A new key signs cards from now on."),
            "doubt": _("Said. Another supervisor confirms it on this page."),
            "keep": _("The key stays."),
            "give_up": _("The key is given up. Its cards stand under City cards, to be printed anew."),
        }
        if verb in _VERBS:
            carried_out(request, lambda: _VERBS[verb](actor, kid), done[verb])
        return redirect("card-keys-page")
    rows = list(SigningKey.objects.order_by("-made_at"))
    live = queries.live_by_key()
    context = {
        "lines": [(one, live.get(one.pk, 0), one.doubted_by == actor.person_id) for one in rows],
        "signing": next((one.kid for one in rows if not one.retired_at and not one.broken_at), ""),
    }
    return render(request, "cards/staff/keys.html", context)
