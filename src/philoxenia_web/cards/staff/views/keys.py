"""Keys that sign cards: which there are, and a new one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.cards import keys as actions
from philoxenia_web.cards.models import SigningKey
from philoxenia_web.cards.policies import MANAGE
from philoxenia_web.cards.staff.carrying import carried_out


@access(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys, and making a new one."""
    if request.method == "POST":
        actor, verb = actor_of(request), request.POST.get("verb", "")
        if verb in ("rotate", "broken"):
            done = _("A new key signs cards from now on.")
            carried_out(request, lambda: actions.rotate(actor, verb == "broken"), done)
        return redirect("card-keys-page")
    rows = SigningKey.objects.order_by("-made_at")
    return render(request, "cards/staff/keys.html", {"rows": rows})
