"""Applications for a card: begun with the person's agreement, looked at by two, accepted or refused.

Of documents the kind and the day are kept, never a number, a picture or a country.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.cards.models import Application, Card, Review, Seen
from philoxenia_web.cards.photos import MEDIA_TYPE, card_photo
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.refusals import Conflict, NotPossible
from philoxenia_web.cards.rules import card_rules
from philoxenia_web.cards.states import APPLICATION, LIVE
from philoxenia_web.cards.writing import held, kept, note, stepped
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

MISSING = {
    "identity": gettext_lazy("who the person is"),
    "residence": gettext_lazy("that they live in the city"),
    "photo": gettext_lazy("a document with a photo"),
    "birth_date": gettext_lazy("a document with the date of birth"),
}


@dataclass(frozen=True)
class Asked:
    """What is asked for. `agreed`: the person said yes to the city looking at their documents for this."""

    kind: str = Application.Kind.FIRST
    accompanied: bool = False
    shows_birth: bool = False
    agreed: bool = False


def begin(actor: Actor, resident_id: UUID, organisation_id: UUID, asked: Asked, key: UUID) -> Application:
    """A new application; the one this key made before. `NotPossible` where there is one, or no agreement."""
    check_can(actor, WORK, organisation_id)
    with visiting(actor):
        if (made := Application.objects.filter(key=key).first()) is not None:
            return made
        _check_kind(resident_id, asked.kind)
        _agree(actor, resident_id, organisation_id, "card", asked.agreed)
        try:
            with transaction.atomic():
                fresh = Application.objects.create(
                    key=key,
                    resident_id=resident_id,
                    organisation_id=organisation_id,
                    kind=asked.kind,
                    accompanied=asked.accompanied,
                    shows_birth=asked.shows_birth,
                    opened_by=actor.person_id,
                )
        except IntegrityError as fault:
            raise NotPossible(
                _("There is an application of this person already, at this or another desk. Finish that one.")
            ) from fault
        note(actor, "begin_application", fresh, {"kind": asked.kind, "resident": str(resident_id)})
        return fresh


def _check_kind(resident_id: UUID, kind: str) -> None:
    if kind not in Application.Kind.values:
        raise NotPossible(_("Choose why a card is asked for."))
    live = Card.objects.filter(resident=resident_id, state__in=LIVE)
    if kind == Application.Kind.FIRST and live.exists():
        raise NotPossible(_("This person has a card. Choose renewal, replacement or another name."))


def _agree(actor: Actor, resident_id: UUID, organisation_id: UUID, purpose: str, agreed: bool) -> None:
    """Use the agreement there is, or note the one just given."""
    if consents.consent(resident_id, purpose, organisation_id):
        return
    if not agreed:
        raise NotPossible(_("The person has not agreed to this yet. Read them the notice and ask."))
    said = consents.Said(language=get_language() or "en")
    consents.give(actor, resident_id, purpose, organisation_id, said, uuid4())


def set_photo(
    actor: Actor,
    application_id: UUID,
    content: bytes,
    cut: tuple[float, float, float] = (0.5, 0.42, 1.0),
    agreed: bool = False,
) -> None:
    """Cut a photo, seal it, destroy the one before. Raises `NotPossible` for what is no photo."""
    photo = card_photo(content, *cut)
    with visiting(actor):
        row = held(actor, Application, application_id)
        if row.state not in ("open", "seen_once", "accepted"):
            raise NotPossible(_("This application is closed."))
        _agree(actor, row.resident_id, row.organisation_id, "photo", agreed)
        before = row.photo_id
        row.photo_id = texts.keep_file(
            actor, row.resident_id, "card_photo", photo, MEDIA_TYPE, row.organisation_id
        )
        row.save(update_fields=["photo_id"])
        note(actor, "set_photo", row)
        if before:
            texts.drop_file(actor, before)


def drop_photo(actor: Actor, row: Application) -> None:
    """Destroy the photo; where there is none, nothing."""
    if row.photo_id is None:
        return
    try:
        with transaction.atomic():
            texts.drop_file(actor, row.photo_id)
    except Http404:
        # Destroyed before, with the person's record.
        pass
    row.photo_id = None
    Application.objects.filter(pk=row.pk).update(photo_id=None)


def look(
    actor: Actor,
    application_id: UUID,
    based_on: int,
    says: str,
    kinds: Collection[str] = (),
    refusal: str = "",
) -> Application:
    """What one person saw. The second must be another one; what counts is what both saw.

    Raises `NotPossible` with what is missing, or where the same person looks twice; nothing is written then.
    """
    with visiting(actor):
        row = held(actor, Application, application_id)
        turn = _turn(row)
        first = _first(row, turn)
        if first is not None and first.by == actor.person_id:
            if row.version == based_on + 1:
                return row
            raise NotPossible(_("A second person must look at the documents: you were the first."))
        seen = sorted(set(kinds) & set(card_rules().kinds))
        verb = _verb(row, first, says, seen)
        if not stepped(row, APPLICATION, verb, based_on):
            return row
        _keep_review(actor, row, turn, says if verb != "look_again" else Review.Says.NOT_ENOUGH, seen)
        if verb == "refuse":
            _refuse(actor, row, refusal)
        return kept(actor, f"{verb}_application", row, {"kinds": seen, "refusal": row.refusal})


def _verb(row: Application, first: Review | None, says: str, seen: list[str]) -> str:
    if first is None:
        if says != Review.Says.ENOUGH:
            raise NotPossible(_("Choose the documents you see."))
        _check_enough(row, seen)
        return "see"
    if says == Review.Says.REFUSED:
        return "refuse"
    both = set(seen) & set(first.seen.values_list("kind", flat=True))
    if says == Review.Says.NOT_ENOUGH or card_rules().missing(both, row.accompanied):
        return "look_again"
    return "accept"


def _check_enough(row: Application, seen: list[str]) -> None:
    if lacking := card_rules().missing(seen, row.accompanied):
        what = "; ".join(str(MISSING[one]) for one in lacking)
        raise NotPossible(
            _("These documents are not enough yet. What is missing: %(what)s.") % {"what": what}
        )


def _turn(row: Application) -> int:
    last = row.reviews.order_by("-turn").first()
    if last is None:
        return 1
    return last.turn if row.state == Application.State.SEEN_ONCE else last.turn + 1


def _first(row: Application, turn: int) -> Review | None:
    return row.reviews.filter(turn=turn).first()


def _keep_review(actor: Actor, row: Application, turn: int, says: str, seen: list[str]) -> None:
    review = Review.objects.create(application=row, by=actor.person_id, turn=turn, says=says)
    today = timezone.localdate()
    Seen.objects.bulk_create([Seen(review=review, kind=kind, on=today) for kind in seen])


def _refuse(actor: Actor, row: Application, refusal: str) -> None:
    if refusal not in Application.Refusal.values:
        raise NotPossible(_("Say why it is refused."))
    row.refusal, row.ended_at = refusal, timezone.now()
    drop_photo(actor, row)


def take_back(actor: Actor, application_id: UUID, based_on: int) -> Application:
    """The person wants no card after all: the photo is destroyed."""
    with visiting(actor):
        row = held(actor, Application, application_id)
        if not stepped(row, APPLICATION, "withdraw", based_on):
            return row
        row.ended_at = timezone.now()
        drop_photo(actor, row)
        return kept(actor, "take_back_application", row)


__all__ = ["Asked", "Conflict", "begin", "drop_photo", "look", "set_photo", "take_back"]
