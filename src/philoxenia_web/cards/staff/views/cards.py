"""Cards: printed, handed over, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.cards import issuing, sheets
from philoxenia_web.cards.models import Card
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.staff.carrying import carried_out
from philoxenia_web.cards.staff.forms import version_from
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import at_the_desk

_MOST_AT_ONCE = 50


@access(WORK)
@require_POST
@at_the_desk
def print_cards(request: HttpRequest) -> HttpResponse:
    """A PDF with front and back of each chosen card, under a name that tells nothing."""
    chosen = list(dict.fromkeys(filter(None, map(_number, request.POST.getlist("card")))))[:_MOST_AT_ONCE]
    if not chosen:
        messages.warning(request, _("Choose the cards to print."))
        return redirect("cards")
    made: list[bytes] = []
    if not carried_out(request, lambda: made.append(_printed(actor_of(request), chosen))):
        return redirect("cards")
    return HttpResponse(
        made[0],
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="cards.pdf"', "Cache-Control": "no-store"},
    )


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _printed(actor: Actor, chosen: list[UUID]) -> bytes:
    """All or none: a card counts as printed where its sheet was made."""
    return sheets.pdf([_sheet(actor, one) for one in chosen])


def _sheet(actor: Actor, card_id: UUID) -> sheets.Sheet:
    card, face, token = issuing.printed(actor, card_id)
    number = issuing.photo_of(card)
    photo = texts.read_file(actor, number, "serving_now")[0] if number else None
    return sheets.Sheet(card, face, token, photo)


@access(WORK)
@require_POST
@at_the_desk
def step(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """Hand over, or withdraw with a reason; that also at another desk than the card's."""
    actor, version = actor_of(request), version_from(request)
    card = Card.objects.filter(pk=card_id).first()
    if card is None:
        raise Http404
    if request.POST.get("verb") == "hand_over":
        done = _("Handed over.")
        carried_out(request, lambda: issuing.hand_over(actor, card_id, version), done)
    elif request.POST.get("verb") == "withdraw":
        reason = request.POST.get("reason", "")
        done = _("Withdrawn. Partners see it at their next look at the list; the photo was destroyed.")
        carried_out(request, lambda: issuing.withdraw(actor, card_id, version, reason), done)
    if can(actor, WORK, card.organisation_id):
        return redirect("card-application", card.application_id)
    return redirect("front-person", card.resident_id)
