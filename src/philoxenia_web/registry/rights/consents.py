"""What people agree to, refuse and take back. Each thing said is an event of a structured record.

Fields are those of ISO/IEC TS 27560 in words of the W3C Data Privacy Vocabulary (`rights/receipts.py`).
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import Consent, ConsentEvent, Resident
from philoxenia_web.registry.people import merging, texts
from philoxenia_web.registry.people.shapes import Birth
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights.own import birth
from philoxenia_web.registry.rights.purposes import Purpose, number, purpose
from philoxenia_web.registry.rights.states import CONSENT

Withdrawn = Callable[[Actor, UUID, str, UUID], None]
_ON_WITHDRAWN: list[Withdrawn] = []
# Who may agree for somebody is asked of those who speak for them alone.
_OTHERS = (ConsentEvent.By.GUARDIAN, ConsentEvent.By.REPRESENTATIVE)
# What a form may have done, by what it asked for: it is looked up when it is sent again.
_AGAIN = {"give": "renew", "refuse": "withdraw"}
_SAME = {"give": ("give", "renew"), "refuse": ("refuse", "withdraw"), "withdraw": ("withdraw",)}


@dataclass(frozen=True, repr=False)
class Said:
    """What somebody said about a purpose: how, who, in which language. `name` is a representative's."""

    method: str = ConsentEvent.Method.SPOKEN
    by: str = ConsentEvent.By.SELF
    language: str = "en"
    guardian_id: UUID | None = None
    name: str = ""


def on_withdrawn(stop: Withdrawn) -> None:
    """Called in an app's `ready`: what ends when an agreement is taken back, in the same transaction."""
    if stop not in _ON_WITHDRAWN:
        _ON_WITHDRAWN.append(stop)


def consent(resident_id: UUID, purpose_code: str, organisation_id: UUID) -> UUID | None:
    """The agreement that holds today, None where there is none. Of all records of the person."""
    found = _holding([resident_id], purpose_code, organisation_id)
    return found.get(resident_id)


def agreed(resident_ids: Iterable[UUID], purpose_code: str, organisation_id: UUID) -> set[UUID]:
    """Those of the residents whose agreement with this organisation holds today."""
    return set(_holding(set(resident_ids), purpose_code, organisation_id))


def _holding(resident_ids: Collection[UUID], purpose_code: str, organisation_id: UUID) -> dict[UUID, UUID]:
    """The agreement that holds, by resident. Of joined records the newest word counts."""
    kept = merging.kept_of(resident_ids)
    said = ConsentEvent.objects.filter(
        resident__in=kept, consent__purpose=purpose_code, consent__organisation=organisation_id
    ).exclude(method=ConsentEvent.Method.TIME)
    newest: dict[UUID, ConsentEvent] = {}
    for event in said.order_by("at", "pk").select_related("consent"):
        newest[kept[event.resident_id]] = event
    today = timezone.localdate()
    live = {person: one.consent_id for person, one in newest.items() if holds(one.consent, today)}
    return {one: live[kept[one]] for one in resident_ids if one in kept and kept[one] in live}


def holds(one: Consent, today: date) -> bool:
    """Whether what stands in a row counts on a day."""
    return one.state == Consent.State.GIVEN and one.valid_until is not None and one.valid_until >= today


def give(actor: Actor, resident_id: UUID, code: str, organisation_id: UUID, said: Said, key: UUID) -> Consent:
    """Somebody agrees, or agrees again. The same key again is the same event."""
    return _say(actor, resident_id, code, organisation_id, "give", said, key)


def refuse(
    actor: Actor, resident_id: UUID, code: str, organisation_id: UUID, said: Said, key: UUID
) -> Consent:
    """Somebody says no; what they said no to before is taken back."""
    return _say(actor, resident_id, code, organisation_id, "refuse", said, key)


def withdraw(
    actor: Actor, resident_id: UUID, code: str, organisation_id: UUID, said: Said, key: UUID
) -> Consent:
    """An agreement is taken back, and what hangs on it stops. Twice is once."""
    return _say(actor, resident_id, code, organisation_id, "withdraw", said, key)


def held(resident_id: UUID, same: Iterable[UUID] = ()) -> dict[tuple[UUID, str], Consent]:
    """What holds for a person, by organisation and purpose: of joined records what was said last.

    `same`: every record of the person, where the caller knows them.
    """
    found = Consent.objects.filter(resident__in=same or merging.kept_of([resident_id]))
    said = found.annotate(last=Coalesce(Max("events__at"), "made_at")).order_by("last", "pk")
    return {(one.organisation_id, one.purpose): one for one in said.select_related("organisation")}


def events(resident_id: UUID) -> list[ConsentEvent]:
    """Everything that was said, the newest first; of joined records too."""
    found = ConsentEvent.objects.filter(resident__in=merging.kept_of([resident_id]))
    return list(found.select_related("consent__organisation").order_by("-at", "-pk"))


def run_out() -> int:
    """Agreements whose day has passed say so. How many. Runs in a visit of the system."""
    today = timezone.localdate()
    late = Consent.objects.select_for_update(no_key=True).filter(
        state=Consent.State.GIVEN, valid_until__lt=today
    )
    passed = Said(method=ConsentEvent.Method.TIME, language=settings.LANGUAGE_CODE)
    found = list(late)
    for one in found:
        _keep(SYSTEM, one, purpose(one.purpose), "run out", passed, None, None)
    return len(found)


def valid_until(asked: Purpose, born: Birth | None, by: str, today: date) -> date:
    """The last day an agreement holds: by its rule, and for a child at most until they come of age."""
    last = months_on(today, asked.renew_months)
    of_age = comes_of_age(born)
    if by != ConsentEvent.By.SELF and of_age is not None and today < of_age:
        return min(last, of_age - timedelta(days=1))
    return last


def comes_of_age(born: Birth | None) -> date | None:
    """The first day on which somebody may be of age; where a day or month is not known, the earliest."""
    year = born.known_year if born else None
    if born is None or year is None:
        return None
    years = number("age_of_majority")
    if born.certainty == "exact" and born.date:
        return months_on(date.fromisoformat(born.date), 12 * years)
    return date(year + years, born.month if born.month and born.certainty == "exact" else 1, 1)


def is_minor(born: Birth | None, today: date) -> bool:
    """Whether somebody is surely not of age yet."""
    of_age = comes_of_age(born)
    return of_age is not None and today < of_age


def months_on(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last)
        except ValueError:
            continue
    raise ValueError(f"No day {day.day} in {year}-{month}.")


def _say(
    actor: Actor, resident_id: UUID, code: str, organisation_id: UUID, verb: str, said: Said, key: UUID
) -> Consent:
    asked = purpose(code)
    if not asked.asked:
        raise NotPossible(_("This needs no agreement: it is the task of the city."))
    with transaction.atomic():
        if (known := _known(key, resident_id, code, organisation_id, verb)) is not None:
            return known
        one, others = _rows(resident_id, code, organisation_id)
        # A no to one record of a person is a no to all of them.
        given = [row for row in (one, *others) if verb != "give" and row.state == Consent.State.GIVEN]
        for row in given:
            if row is not one:
                with visiting(SYSTEM):
                    _keep(actor, row, asked, "withdraw", said, None, uuid5(key, str(row.pk)))
        if verb != "withdraw" or one in given:
            step = _AGAIN.get(verb, verb) if one.state == Consent.State.GIVEN else verb
            _keep(actor, one, asked, step, said, _until(resident_id, asked, step, said), key)
        for row in given:
            for stop in _ON_WITHDRAWN:
                stop(actor, row.resident_id, code, organisation_id)
    return one


def _known(key: UUID, resident_id: UUID, code: str, organisation_id: UUID, verb: str) -> Consent | None:
    """What the same form did before. `NotPossible` where its key was sent with something else."""
    with visiting(SYSTEM):
        known = ConsentEvent.objects.filter(key=key).select_related("consent").first()
    if known is None:
        return None
    same = (known.resident_id, known.consent.purpose, known.consent.organisation_id)
    if same != (resident_id, code, organisation_id) or known.verb not in _SAME[verb]:
        raise NotPossible(_("This page is old. Open it again, then send the form."))
    return known.consent


def _rows(resident_id: UUID, code: str, organisation_id: UUID) -> tuple[Consent, list[Consent]]:
    """The row of a purpose and those of the person's other records, held until the transaction ends."""
    if not Resident.objects.filter(pk=resident_id, erased_at=None).exists():
        raise Http404
    Consent.objects.bulk_create(
        [Consent(resident_id=resident_id, organisation_id=organisation_id, purpose=code)],
        ignore_conflicts=True,
    )
    with visiting(SYSTEM):
        same = Consent.objects.select_for_update(no_key=True).filter(
            resident__in=merging.same_person(resident_id), organisation=organisation_id, purpose=code
        )
        found = list(same.order_by("pk"))
    one = next(row for row in found if row.resident_id == resident_id)
    return one, [row for row in found if row is not one]


def _until(resident_id: UUID, asked: Purpose, verb: str, said: Said) -> date | None:
    """Until when a yes holds; a child's own yes does not."""
    if verb not in ("give", "renew"):
        return None
    born, today = birth(resident_id), timezone.localdate()
    if said.by == ConsentEvent.By.SELF and is_minor(born, today):
        raise NotPossible(
            _("This person is not of age yet: a parent or guardian agrees for them. Ask the child too.")
        )
    if said.by == ConsentEvent.By.GUARDIAN and born is not None and not is_minor(born, today):
        raise NotPossible(_("This person is of age: they agree themselves, or a representative does."))
    return valid_until(asked, born, said.by, today)


def _keep(
    actor: Actor,
    one: Consent,
    asked: Purpose,
    verb: str,
    said: Said,
    until: date | None,
    key: UUID | None,
) -> None:
    before, one.state = one.state, CONSENT.after(one.state, verb)
    one.valid_until, one.version = until, one.version + 1
    one.save()
    ConsentEvent.objects.create(
        consent=one,
        resident_id=one.resident_id,
        verb=verb,
        state=one.state,
        by=said.by,
        guardian_id=said.guardian_id if said.by in _OTHERS else None,
        text_id=_named(actor, one, said),
        method=said.method,
        language=said.language,
        notice_version=asked.notice_version,
        notice_mark=asked.mark(said.language),
        valid_until=until,
        person_id=actor.person_id,
        key=key or _key_of(one),
    )
    after = {"purpose": one.purpose, "state": one.state, "until": until.isoformat() if until else None}
    audit.record(
        actor,
        "registry.consent",
        one,
        before={"state": before},
        after=after,
        organisation_id=one.organisation_id,
    )


def _key_of(one: Consent) -> UUID:
    """The key of what time did: once for each version."""
    return uuid5(one.pk, f"run out {one.version}")


def _named(actor: Actor, one: Consent, said: Said) -> UUID | None:
    if said.by not in _OTHERS or not said.name.strip():
        return None
    return texts.keep_text(actor, one.resident_id, "representative", said.name.strip(), one.organisation_id)
