"""Why a record is opened: a code that stands in the trail and is shown to the person."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Those a person at the desk chooses among; the others belong to one page each.
AT_THE_DESK: dict[str, Promise] = {
    "serving_now": _("The person is here, or on the phone"),
    "appointment": _("An appointment is prepared"),
    "referral_follow_up": _("A referral is followed up"),
    "correction": _("Something is corrected"),
    "supervision": _("The work of the team is looked after"),
}


def reason_in(given: Any) -> str:
    """The reason among those that may be chosen; '' for anything else."""
    told = str(given.get("why", "") or given.get("reason", ""))
    return told if told in AT_THE_DESK else ""


def ask_why(request: HttpRequest) -> HttpResponse:
    """The page that asks for the reason, and leads on to the page that was asked for."""
    return render(request, "casework/desk/why.html", {"reasons": AT_THE_DESK.items()})


def reason_of(request: HttpRequest, *, own_case: bool) -> str:
    """Why this page is opened: as the address says, or because the visitor works with this person."""
    return reason_in(request.GET) or ("serving_now" if own_case else "")
