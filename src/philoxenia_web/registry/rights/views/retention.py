"""What may go by rule, and a supervisor's word on it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.registry.models import RetentionItem
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.rights import retention
from philoxenia_web.registry.rights.policies import DECIDE

# So many are confirmed with one press: more would be pressed unread.
_AT_ONCE = 50


@access(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def board(request: HttpRequest) -> HttpResponse:
    """Each rule with its time and source, and what waits by it."""
    actor = actor_of(request)
    if request.method == "POST":
        return _confirmed(request)
    found = list(retention.waiting(actor)[: 20 * _AT_ONCE])
    rules = [
        {
            "rule": rule,
            "words": _(rule.words),
            "kept": _(rule.kept),
            "counted_from": _(rule.counted_from),
            "source": _(rule.source),
            "items": [one for one in found if one.rule == rule.code][:_AT_ONCE],
            "count": sum(one.rule == rule.code for one in found),
        }
        for rule in retention.rules().values()
    ]
    held = RetentionItem.State.HELD
    return render(request, "registry/rights/retention.html", {"rules": rules, "held": held})


def _confirmed(request: HttpRequest) -> HttpResponse:
    try:
        wanted = [UUID(one) for one in request.POST.getlist("item")[:_AT_ONCE]]
    except ValueError:
        wanted = []
    done = retention.confirm(actor_of(request), wanted)
    ended, held, used = done["ended"], done["held"], done["used"]
    messages.success(request, ngettext("%(count)s is gone.", "%(count)s are gone.", ended) % {"count": ended})
    if used:
        messages.warning(
            request,
            ngettext(
                "%(count)s stays: it was used since it was proposed, and leaves the list.",
                "%(count)s stay: they were used since they were proposed, and leave the list.",
                used,
            )
            % {"count": used},
        )
    if held:
        messages.warning(
            request,
            ngettext(
                "%(count)s must be kept for now: something is still under way.",
                "%(count)s must be kept for now: something is still under way.",
                held,
            )
            % {"count": held},
        )
    return redirect("rights-retention")
