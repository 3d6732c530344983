"""Opening a record in an emergency ("break the glass"): with a reason, for an hour, seen by all concerned.

The team that holds the record and the supervisors are told at once; a supervisor who did not open it reviews
each one. The person sees it among who read their record.

With the record's number anybody at a desk opens it. Who has no number asks a supervisor, who asks by all
names and the whole date of birth: it opens where that is one person and no other. Names of protected people
are what those know from whom they are protected, so this is for few, a few times a day, and never silent.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, can, check_can
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.referrals import Emergency
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, desks_of
from philoxenia_web.casework.referrals.mails import tell_about_emergency
from philoxenia_web.casework.referrals.policies import places_with
from philoxenia_web.casework.referrals.times import days
from philoxenia_web.casework.referrals.writing import kept, note, step
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import grants, reading, records, texts
from philoxenia_web.registry.people.certain import only_one
from philoxenia_web.registry.people.visits import visiting

_TRY, _TRY_BY_NAME, _LEAST_WORDS = "casework.try_emergency", "casework.try_emergency_by_name", 10


def seen_by(actor: Actor) -> QuerySet[Emergency]:
    """Those a person opened, of records their team holds, or by a team they supervise; the newest first."""
    mine, held = places_with(actor, SUPERVISE), desks_of(actor)
    found = Emergency.objects.filter(
        Q(person_id=actor.person_id) | Q(organisation__in=mine) | Q(holders__overlap=held)
    )
    return found.select_related("organisation").order_by("-opened_at")


def emergency_for(actor: Actor, emergency_id: UUID) -> Emergency:
    """One of them. Raises `Http404` for every other."""
    found = seen_by(actor).filter(pk=emergency_id).first()
    if found is None:
        raise Http404
    return found


def words_of(actor: Actor, row: Emergency) -> str:
    """Why it could not wait, for those whom the opening concerns, also where they cannot open the record."""
    if row.text_id is None:
        return ""
    reading.note(actor, "registry.read_texts", [row.resident_id], "supervision", ["emergency"])
    with visiting(SYSTEM):
        return texts.read_texts(SYSTEM, [row.text_id], "supervision").get(row.text_id, "")


def may_review(actor: Actor, row: Emergency) -> bool:
    """A supervisor of the team that opened it or of one that holds the record, who did not open it."""
    concerned = {row.organisation_id, *row.holders}
    return row.person_id != actor.person_id and bool(concerned & set(places_with(actor, SUPERVISE)))


def open_by_number(
    actor: Actor, number: str, reason: str, words: str, organisation_id: UUID, key: UUID
) -> Emergency:
    """Open the record with this number. Whatever was wrong with the number, `NotPossible` says the same."""
    check_can(actor, CASEWORK, organisation_id)
    _check_said(reason, words)
    _count_try(actor, _TRY, timedelta(hours=1), days("break_glass_tries_an_hour"))
    with visiting(SYSTEM):
        found = records.by_number(SYSTEM, number)
    if found is None:
        raise NotPossible(_("There is no record with this number. Look at it again, digit by digit."))
    asked = Emergency(person_id=actor.person_id, organisation_id=organisation_id, reason=reason, key=key)
    return _open(actor, found, words, asked)


def open_by_name(
    actor: Actor, names: str, birth: str, reason: str, words: str, organisation_id: UUID, key: UUID
) -> Emergency:
    """Open the record of the one person whom all names and the whole date of birth tell; a supervisor does.

    Whatever else there is, similar names or two people or nobody, `NotPossible` says the same.
    """
    check_can(actor, CASEWORK, organisation_id)
    if not can(actor, SUPERVISE, organisation_id):
        raise NotPossible(_("Without the number a supervisor of your team opens it. Call one."))
    _check_said(reason, words)
    _count_try(actor, _TRY_BY_NAME, timedelta(days=1), days("break_glass_names_a_day"))
    found = only_one(names, birth)
    if found is None:
        raise NotPossible(_("These names and this date do not tell one record beyond doubt."))
    asked = Emergency(person_id=actor.person_id, organisation_id=organisation_id, reason=reason, key=key)
    asked.found_by = Emergency.FoundBy.NAME
    return _open(actor, found, words, asked)


def _open(actor: Actor, resident_id: UUID, words: str, asked: Emergency) -> Emergency:
    """Open it for the one who asks alone, and tell those concerned. The same form again is the same."""
    with visiting(actor, asked.organisation_id):
        return made_once(
            lambda: Emergency.objects.filter(
                key=asked.key, person_id=actor.person_id, resident=resident_id
            ).first(),
            lambda: _opened(actor, resident_id, words, asked),
        )


def _opened(actor: Actor, resident_id: UUID, words: str, made: Emergency) -> Emergency:
    place = made.organisation_id
    with visiting(SYSTEM):
        made.resident_id, made.holders = resident_id, _holders(resident_id, place)
        made.opened_at = timezone.now()
        made.until = made.opened_at + timedelta(minutes=days("break_glass_minutes"))
        made.save(force_insert=True)
        grants.give(
            SYSTEM, resident_id, place, "break_glass", grants.ALL, made.until, made.pk, actor.person_id
        )
    records.open_record(actor, resident_id, "break_glass", words)
    made.text_id = texts.keep_text(
        actor, resident_id, "emergency", words, place, shared_with=tuple(made.holders)
    )
    made.save(update_fields=["text_id"])
    told = {"reason": made.reason, "resident": resident_id, "found_by": made.found_by}
    note(actor, "open_in_emergency", made, told | {"holders": [str(one) for one in made.holders]}, place)
    tell_about_emergency(made)
    return made


def _holders(resident_id: UUID, organisation_id: UUID) -> list[UUID]:
    """The teams with a live case, and the one that holds the record itself."""
    opened = records.open_rows([resident_id])
    if resident_id not in opened:
        raise Http404
    cases = Case.objects.filter(resident=resident_id).exclude(state=Case.State.CLOSED)
    found = {*cases.values_list("organisation_id", flat=True), opened[resident_id].row.organisation_id}
    return sorted(found - {organisation_id})


def leave(actor: Actor, emergency_id: UUID, based_on: int) -> Emergency:
    """Whoever opened it is done before the time is over."""
    with visiting(actor):
        row = _locked(emergency_id)
        if row.person_id != actor.person_id:
            raise Http404
        if not step(row, "leave", based_on):
            return row
        return _closed(actor, "leave_emergency", row)


def review(actor: Actor, emergency_id: UUID, based_on: int, justified: bool) -> Emergency:
    """A supervisor says whether it was right. Nobody reviews what they opened themselves."""
    with visiting(actor):
        row = _locked(emergency_id)
        if not may_review(actor, row):
            raise NotPossible(_("A supervisor who did not open it reviews it."))
        if not step(row, "find_justified" if justified else "find_not_justified", based_on):
            return row
        row.reviewed_by, row.reviewed_at = actor.person_id, timezone.now()
        return _closed(actor, "review_emergency", row)


def lapse_due() -> int:
    """Note as over what is over; the grant ended by itself at its minute. How many."""
    with visiting(SYSTEM):
        over = Emergency.objects.filter(state=Emergency.State.OPEN, until__lte=timezone.now())
        rows = list(over.select_for_update(no_key=True, skip_locked=True)[:500])
        for row in rows:
            step(row, "lapse")
            _closed(SYSTEM, "lapse_emergency", row)
    return len(rows)


def _locked(emergency_id: UUID) -> Emergency:
    row = Emergency.objects.select_for_update(no_key=True).filter(pk=emergency_id).first()
    if row is None:
        raise Http404
    return row


def _closed(actor: Actor, verb: str, row: Emergency) -> Emergency:
    with visiting(SYSTEM):
        grants.end(SYSTEM, row.pk)
    return kept(actor, verb, row, place=row.organisation_id)


def _check_said(reason: str, words: str) -> None:
    if reason not in Emergency.Reason.values:
        raise NotPossible(_("Say what could not wait."))
    if len(words.strip()) < _LEAST_WORDS:
        raise NotPossible(_("Write in a sentence why it could not wait: a supervisor reads it."))


def _count_try(actor: Actor, action: str, within: timedelta, most: float) -> None:
    """Each try stands in the trail, found or not; too many are refused."""
    with connection.cursor() as cursor:
        # One after the other, so that ten at once are counted as ten.
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"{action} {actor.person_id}"])
    since = timezone.now() - within
    if AuditEntry.objects.filter(person_id=actor.person_id, action=action, at__gte=since).count() >= most:
        raise NotPossible(_("Too many tries for now. Ask somebody of the team that knows the person."))
    audit.record(actor, action)
