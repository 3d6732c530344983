"""Applications for a card: begun with the person's agreement, looked at by two, accepted or refused.

Of documents the kind and the day are kept until some days after the decision, never a number, a picture or
a country.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.cards.asking import agreed, check_kind, end_lost
from philoxenia_web.cards.ending import drop_photo
from philoxenia_web.cards.face import face_of, mark_of
from philoxenia_web.cards.models import Application, Review, Seen
from philoxenia_web.cards.photos import MEDIA_TYPE, card_photo
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import card_rules, today
from philoxenia_web.cards.states import APPLICATION, OPEN
from philoxenia_web.cards.writing import held, kept, note, stepped
from philoxenia_web.registry.people import merging, texts
from philoxenia_web.registry.people.identities import Identity, identity
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
    """What is asked for; `lost` says lost, stolen or damaged, of a card that is replaced.

    `said` is the yes to the city looking at documents for this: None where it was not given now.
    """

    kind: str = Application.Kind.FIRST
    accompanied: bool = False
    shows_birth: bool = False
    said: consents.Said | None = None
    lost: str = ""


@dataclass(frozen=True)
class Looked:
    """What somebody says of the documents; `guardian`: a child's guardian is here."""

    says: str
    kinds: Collection[str] = ()
    refusal: str = ""
    guardian: bool = False


def begin(actor: Actor, resident_id: UUID, organisation_id: UUID, asked: Asked, key: UUID) -> Application:
    """A new application; the one this key made before. `NotPossible` where there is one, or no agreement."""
    check_can(actor, WORK, organisation_id)
    with visiting(actor, organisation_id):
        if (made := Application.objects.filter(key=key).first()) is not None:
            return made
        same = merging.same_person(resident_id)
        if not same:
            raise Http404
        check_kind(same, asked.kind, asked.lost)
        if asked.accompanied:
            _check_child(identity(actor, same[0], "serving_now", organisation_id))
        agree(actor, same[0], organisation_id, "card", asked.said)
        end_lost(actor, same, asked.lost)
        row = _begun(actor, same[0], organisation_id, asked, key)
        note(actor, "begin_application", row, {"kind": asked.kind, "resident": str(same[0])})
        return row


def _begun(actor: Actor, resident_id: UUID, organisation_id: UUID, asked: Asked, key: UUID) -> Application:
    try:
        with transaction.atomic():
            return Application.objects.create(
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


def _check_child(who: Identity) -> None:
    if not consents.is_minor(who.birth, today()) or not who.guardians:
        raise NotPossible(
            _(
                "Only a child whose guardian stands in the record needs no document with a photo. "
                "Correct the date of birth or the guardian there first."
            )
        )


def agree(
    actor: Actor, resident_id: UUID, organisation_id: UUID, purpose: str, said: consents.Said | None
) -> None:
    """Use the agreement there is, or note the one just given. Raises `NotPossible` where there is none."""
    if agreed(resident_id, purpose):
        return
    if said is None:
        raise NotPossible(_("The person has not agreed to this yet. Read them the notice and ask."))
    consents.give(actor, resident_id, purpose, organisation_id, said, uuid4())


def set_photo(
    actor: Actor,
    application_id: UUID,
    content: bytes,
    cut: tuple[float, float, float] = (0.5, 0.42, 1.0),
    said: consents.Said | None = None,
) -> Application:
    """Cut a photo, seal it, destroy the one before. Raises `NotPossible` for what is no photo.

    Whoever looked at documents looked at another photo: they look again.
    """
    photo = card_photo(content, *cut)
    with visiting(actor):
        row = held(actor, Application, application_id)
        if row.state not in OPEN:
            raise NotPossible(_("This application is closed."))
        agree(actor, row.resident_id, row.organisation_id, "photo", said)
        drop_photo(row)
        if row.state != Application.State.OPEN:
            stepped(row, APPLICATION, "reopen", row.version)
        row.photo_id = texts.keep_file(
            actor, row.resident_id, "card_photo", photo, MEDIA_TYPE, row.organisation_id
        )
        return kept(actor, "set_photo", row)


def face_mark(actor: Actor, row: Application) -> bytes:
    """A keyed hash of what the card would say now."""
    who = identity(actor, row.resident_id, "serving_now", row.organisation_id)
    return mark_of(face_of(who, row.shows_birth), row.resident_id)


def look(actor: Actor, application_id: UUID, based_on: int, looked: Looked) -> Application:
    """What one person saw. The second must be another one; what counts is what both saw, of one name.

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
        seen = sorted(set(looked.kinds) & set(card_rules().kinds))
        mark = face_mark(actor, row)
        verb = _verb(row, first, looked, seen, mark)
        if not stepped(row, APPLICATION, verb, based_on):
            return row
        row.face_mark = mark
        says = looked.says if verb != "look_again" else Review.Says.NOT_ENOUGH
        _keep_review(actor, row, turn, says, seen)
        if verb == "refuse":
            _refuse(row, looked.refusal)
        # Which kinds they were is nobody's who reads the trail.
        return kept(actor, f"{verb}_application", row, {"kinds": len(seen), "refusal": row.refusal})


def _verb(row: Application, first: Review | None, looked: Looked, seen: list[str], mark: bytes) -> str:
    if looked.says == Review.Says.ENOUGH and row.accompanied and not looked.guardian:
        raise NotPossible(_("A child's guardian must be here: say that you see them."))
    if first is None:
        if looked.says != Review.Says.ENOUGH:
            raise NotPossible(_("Choose the documents you see."))
        _check_enough(row, seen)
        return "see"
    if looked.says == Review.Says.REFUSED:
        return "refuse"
    both = set(seen) & set(first.seen.values_list("kind", flat=True))
    enough = not card_rules().missing(both, row.accompanied) and mark == bytes(row.face_mark)
    return "accept" if looked.says == Review.Says.ENOUGH and enough else "look_again"


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
    day = today()
    Seen.objects.bulk_create([Seen(review=review, kind=kind, on=day) for kind in seen])


def _refuse(row: Application, refusal: str) -> None:
    if refusal not in Application.Refusal.values:
        raise NotPossible(_("Say why it is refused."))
    row.refusal, row.ended_at = refusal, timezone.now()
    drop_photo(row)


def reopen(actor: Actor, application_id: UUID, based_on: int) -> Application:
    """Two look again from the beginning, because the record's names were changed since."""
    with visiting(actor):
        row = held(actor, Application, application_id)
        if not stepped(row, APPLICATION, "reopen", based_on):
            return row
        return kept(actor, "reopen_application", row)


def take_back(actor: Actor, application_id: UUID, based_on: int) -> Application:
    """The person wants no card after all: the photo is destroyed."""
    with visiting(actor):
        row = held(actor, Application, application_id)
        if not stepped(row, APPLICATION, "withdraw", based_on):
            return row
        return close(actor, row)


def close(actor: Actor, row: Application) -> Application:
    """What follows where an application was taken back."""
    row.ended_at = timezone.now()
    drop_photo(row)
    return kept(actor, "take_back_application", row)
