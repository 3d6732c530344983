"""Requests about one's own data: asked on the own page or at the desk, answered by a day, with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.registry.models import Resident, RightsRequest
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.visits import visiting, visiting_resident
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import parts
from philoxenia_web.registry.rights.policies import DECIDE, SERVE
from philoxenia_web.registry.rights.purposes import number
from philoxenia_web.registry.rights.states import REQUEST

MOST_WORDS = 2000
# More at once is a machine, or somebody in need of a person to talk to.
MOST_OPEN = 10
OPEN = ("asked", "taken_up")


@dataclass(frozen=True, repr=False)
class Wish:
    """What is asked for: a kind, which field is wrong, and words."""

    kind: str
    field: str = ""
    words: str = ""


def ask(
    actor: Actor, resident_id: UUID, wish: Wish, key: UUID, printed_by: UUID | None = None
) -> RightsRequest:
    """Write down what a person asks for; the record's organisation answers. The same key again: the same.

    On the own page `actor` is nobody: the visit says whose page it is, and `printed_by` whose slip opened it.
    To take everything along, each department that wrote words about the person is asked for its own.
    """
    own = visiting_resident() is not None
    if not own:
        check_can(actor, SERVE)
    if wish.kind == RightsRequest.Kind.CORRECT and not wish.words.strip():
        raise NotPossible(_("Write what is wrong, and how it should be."))
    row = Resident.objects.filter(pk=resident_id, erased_at=None).first()
    if row is None:
        raise Http404
    # Any desk writes it down; the departments that answer read it.
    with visiting(SYSTEM):
        ids = same_person(resident_id)
        row = Resident.objects.select_for_update(no_key=True).get(pk=ids[0])
        known = RightsRequest.objects.filter(key=key).first()
        if known is not None:
            if known.resident_id not in ids or known.kind != wish.kind:
                raise NotPossible(_("This page is old. Open it again, then send the form."))
            return known
        if _waiting_askings(ids) >= MOST_OPEN:
            raise NotPossible(
                _("Many requests are open already. Come to the desk: somebody helps you there.")
            )
        asked = [(row.organisation_id, key)]
        if wish.kind == RightsRequest.Kind.TAKE_ALONG:
            wrote = {one.organisation_id for one in parts.teams(ids)} - {row.organisation_id}
            # Partners have no desk that answers.
            desks = Organisation.objects.filter(pk__in=wrote, kind=Organisation.Kind.DEPARTMENT)
            asked += [(one.pk, uuid5(key, str(one.pk))) for one in desks.order_by("pk")]
        by = printed_by if own else actor.person_id
        made = [_asked(row, wish, place, one, own=own, by=by) for place, one in asked]
    for one in made:
        _trail(actor, one, "", one.state)
    return made[0]


def _waiting_askings(resident_ids: Sequence[UUID]) -> int:
    """How often something was asked that waits; one asking may be a row for each department."""
    waits = RightsRequest.objects.filter(resident__in=resident_ids, state__in=OPEN)
    most: dict[str, int] = {}
    for kind, _place, rows in waits.values_list("kind", "organisation").annotate(rows=Count("pk")):
        most[kind] = max(most.get(kind, 0), rows)
    return sum(most.values())


def _asked(row: Resident, wish: Wish, place: UUID, key: UUID, *, own: bool, by: UUID | None) -> RightsRequest:
    """One department's request, in a visit of the application itself."""
    return RightsRequest.objects.create(
        resident=row,
        organisation_id=place,
        kind=wish.kind,
        field=wish.field,
        own_page=own,
        asked_by=by,
        due_on=timezone.localdate() + timedelta(days=number("answer_days")),
        text_id=_sealed(SYSTEM, row, "request", wish.words, place),
        key=key,
    )


def words_told(resident_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Departments that let their words into the person's file, for some days; two people each."""
    since = timezone.now() - timedelta(days=number("words_days"))
    let_out = RightsRequest.objects.filter(
        resident__in=resident_ids,
        kind=RightsRequest.Kind.TAKE_ALONG,
        state=RightsRequest.State.DONE,
        decided_at__gt=since,
    ).exclude(decided_by=F("asked_by"))
    return frozenset(let_out.values_list("organisation_id", flat=True))


def check_another(actor: Actor, asked: RightsRequest) -> None:
    """Raise `NotPossible` where who answers wrote the request down, or printed the slip, themselves."""
    if asked.asked_by is not None and asked.asked_by == actor.person_id:
        raise NotPossible(
            _("You wrote this down yourself, or printed the slip it was asked with. A colleague answers it.")
        )


def waiting(actor: Actor) -> QuerySet[RightsRequest]:
    """Requests that wait for the actor's departments, the first due first."""
    check_can(actor, SERVE)
    return RightsRequest.objects.filter(state__in=OPEN).order_by("due_on", "asked_at")


def of_person(actor: Actor, resident_ids: Sequence[UUID]) -> list[RightsRequest]:
    """A person's requests, the newest first."""
    check_can(actor, SERVE)
    return list(RightsRequest.objects.filter(resident__in=resident_ids).order_by("-asked_at"))


def one(actor: Actor, request_id: UUID) -> RightsRequest:
    """A request the visit sees. Raises `Http404` for any other."""
    check_can(actor, SERVE)
    found = RightsRequest.objects.select_related("organisation").filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def step(
    actor: Actor, request_id: UUID, based_on: int, verb: str, reason: str = "", words: str = ""
) -> RightsRequest:
    """Take a request up, hand it on, answer or decline it. `Conflict` where it changed since."""
    permission = DECIDE if verb == "decline" else SERVE
    with transaction.atomic():
        found = (
            RightsRequest.objects.select_for_update(no_key=True, of=("self",)).filter(pk=request_id).first()
        )
        if found is None:
            raise Http404
        check_can(actor, permission, found.organisation_id)
        if found.version != based_on:
            raise Conflict(_("Somebody else worked on this request meanwhile. Look at it as it is now."))
        if verb == "decline" and reason not in RightsRequest.Reason.values:
            raise NotPossible(_("Choose the reason: the person is told."))
        if verb == "answer" and found.kind == RightsRequest.Kind.TAKE_ALONG:
            check_another(actor, found)
        if verb == "answer" and found.kind == RightsRequest.Kind.ERASE:
            raise NotPossible(_("A request to be forgotten is answered by erasing the record."))
        return move(actor, found, verb, reason, words)


def move(
    actor: Actor,
    found: RightsRequest,
    verb: str,
    reason: str = "",
    words: str = "",
    *,
    keep_words: bool = True,
) -> RightsRequest:
    """The step itself, on a row that is held; the caller has asked who may."""
    before, found.state = found.state, REQUEST.after(found.state, verb)
    found.version += 1
    found.taken_by = actor.person_id if found.state == "taken_up" else found.taken_by
    if found.state not in OPEN:
        found.decided_by, found.decided_at, found.reason = actor.person_id, timezone.now(), reason
        if keep_words:
            found.answer_id = _sealed(actor, found.resident, "answer", words, found.organisation_id)
    found.save()
    _trail(actor, found, before, found.state)
    return found


def take_back(resident_id: UUID, request_id: UUID) -> None:
    """The person no longer asks for it. In their own visit; twice is once."""
    with transaction.atomic():
        mine = RightsRequest.objects.select_for_update(no_key=True, of=("self",))
        found = mine.filter(pk=request_id, resident=resident_id).first()
        if found is None:
            raise Http404
        if found.state in OPEN:
            move(Actor(), found, "take back", keep_words=False)


def _sealed(actor: Actor, row: Resident, kind: str, words: str, place: UUID) -> UUID | None:
    said = words.strip()
    if len(said) > MOST_WORDS:
        raise NotPossible(_("This is too long; at most %(most)s letters are kept.") % {"most": MOST_WORDS})
    return texts.keep_text(actor, row.pk, kind, said, place) if said else None


def _trail(actor: Actor, found: RightsRequest, before: str, after: str) -> None:
    audit.record(
        actor,
        "registry.rights_request",
        found,
        before={"state": before} if before else None,
        after={"state": after, "kind": found.kind},
        organisation_id=found.organisation_id,
    )
