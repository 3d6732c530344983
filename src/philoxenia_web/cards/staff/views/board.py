"""What waits at the desk: applications to look at, cards to print and to hand over."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.cards import queries
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.rules import issues_cards
from philoxenia_web.registry.people.visits import at_the_desk


@access(WORK)
@require_safe
@at_the_desk
def board(request: HttpRequest) -> HttpResponse:
    """The worklists."""
    found = queries.worklists(actor_of(request))
    titles = {
        "seen_once": _("A second person must look"),
        "open": _("Documents to be looked at"),
        "accepted": _("Accepted, to be issued"),
    }
    context = {
        "lists": [(title, found[state]) for state, title in titles.items() if found[state]],
        "to_print": found["issued"],
        "again": found["again"],
        "most": queries.MOST,
        "more": any(len(lines) >= queries.MOST for lines in found.values()),
        "to_hand_over": found["printed"],
        "nothing": not any(found.values()),
        "issues": issues_cards(),
    }
    return render(request, "cards/staff/board.html", context)
