"""What a partner, a colleague without a reason or an old page might try, and what they get: nothing."""

import datetime
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.web.casework.desk_world import desk_of
from tests.web.casework_referrals.referral_world import (
    FIELDS,
    NAME,
    World,
    agreement,
    worker,
)

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.referrals import Referral, ReferralWord, SharingAgreement
from philoxenia_web.casework.referrals import agreements, following, passing, sending
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import grants, records, texts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents


def test_another_partner_guesses_ids_in_vain(front: World) -> None:
    referral = front.send()
    place = Organisation.objects.create(name="Cold Rooms", kind=Organisation.Kind.PARTNER)
    stranger = worker(place, Role.PARTNER)
    browser = stranger.browser()
    assert browser.get(reverse("referral", args=[referral.pk])).status_code == 404
    assert front.take(browser, referral, "accept").status_code == 404
    with visiting(stranger.actor):
        assert not Referral.objects.filter(pk=referral.pk).exists()
        assert not ReferralWord.objects.exists()
        assert texts.read_texts(stranger.actor, [one_text(front)], "referral_follow_up") == {}
        with pytest.raises(Http404):
            records.open_record(stranger.actor, front.resident_id, "referral_follow_up")
    # The other desk of the city sees neither the referral nor the words, though it may find the person.
    with visiting(desk_of("Parks").actor):
        assert not Referral.objects.filter(pk=referral.pk).exists()


def one_text(front: World) -> object:
    with visiting(SYSTEM):
        return ReferralWord.objects.values_list("text_id", flat=True).first()


def test_the_receiver_cannot_take_the_senders_steps_nor_the_sender_the_receivers(front: World) -> None:
    referral = front.send()
    assert front.take(front.partner.browser(), referral, "withdraw", reason="mistake").status_code == 404
    assert front.take(front.desk.browser(), referral, "accept").status_code == 404
    assert front.take(front.desk.browser(), referral, "vanish").status_code == 404


def test_the_registry_itself_gives_the_partner_no_field_that_was_not_agreed(front: World) -> None:
    referral = front.send()
    actor = front.partner.actor
    with visiting(actor):
        early = records.open_record(actor, front.resident_id, "referral_follow_up")
    assert (early.names, early.contacts, early.access_needs) == ((), (), ())
    assert early.name == "" and early.number == "" and [one.code for one in early.languages] == ["uk"]
    front.take(front.partner.browser(), referral, "accept")
    with visiting(actor):
        later = records.open_record(actor, front.resident_id, "referral_follow_up")
    assert later.name == NAME and later.access_needs == () and later.number == ""


def test_fields_outside_the_agreement_are_dropped_whatever_a_form_sends(front: World) -> None:
    draft = front.draft(fields=(*FIELDS, "number", "birth", "access_needs"))
    shown = sending.preview(front.desk.actor, draft)
    made = sending.send(front.desk.actor, draft, shown.mark, uuid4())
    assert set(made.fields) == set(FIELDS)
    # An agreement that is narrowed by hand afterwards narrows what is seen at once.
    SharingAgreement.objects.filter(pk=front.agreement.pk).update(fields=["languages"])
    with visiting(SYSTEM):
        row = Referral.objects.select_related("agreement").get(pk=made.pk)
    row.state = "accepted"
    assert passing.open_fields(row) == {"languages"}


def test_consent_taken_back_closes_everything_in_the_same_moment(front: World) -> None:
    referral, partner = front.send(), front.partner.browser()
    front.take(partner, referral, "accept")
    assert NAME in partner.get(reverse("referral", args=[referral.pk])).content.decode()
    actor = front.desk.actor
    with visiting(actor):
        place = front.desk.department.pk
        consents.withdraw(actor, front.resident_id, "referral", place, consents.Said(), uuid4())
    assert partner.get(reverse("referral", args=[referral.pk])).status_code == 404
    with visiting(front.partner.actor):
        assert grants.fields_for(front.partner.actor, front.resident_id) == frozenset()
    row = front.fresh(referral)
    assert (row.state, row.reason) == ("withdrawn", "no_consent")


def test_without_consent_or_after_a_change_nothing_is_sent(front: World) -> None:
    actor, draft = front.desk.actor, front.draft()
    mark = sending.preview(actor, draft).mark
    with pytest.raises(NotPossible, match="changed meanwhile"):
        sending.send(actor, front.draft(message="Other words."), mark, uuid4())
    with pytest.raises(NotPossible, match="changed meanwhile"):
        sending.send(actor, front.draft(fields=(*FIELDS[:1],)), mark, uuid4())
    records.change(actor, front.resident_id, 1, {"access_needs": ["calm"]}, uuid4())
    with pytest.raises(NotPossible, match="changed meanwhile"):
        sending.send(actor, draft, mark, uuid4())
    mark = sending.preview(actor, draft).mark
    with visiting(actor):
        place = front.desk.department.pk
        consents.withdraw(actor, front.resident_id, "referral", place, consents.Said(), uuid4())
    with pytest.raises(NotPossible, match="not agreed"):
        sending.send(actor, draft, mark, uuid4())
    with visiting(SYSTEM):
        assert not Referral.objects.filter(case=front.case).exists()


def test_an_agreement_that_ends_closes_what_was_passed_under_it(front: World) -> None:
    referral, partner = front.send(), front.partner.browser()
    front.take(partner, referral, "accept")
    supervisor = worker(front.desk.department, Role.SUPERVISOR)
    agreements.end(supervisor.actor, front.agreement.pk, 1)
    assert partner.get(reverse("referral", args=[referral.pk])).status_code == 404
    assert front.fresh(referral).reason == "agreement_ended"
    with pytest.raises(NotPossible, match="No agreement"):
        front.send()


def test_an_agreement_whose_last_day_is_over_passes_nothing_even_before_the_job_runs(front: World) -> None:
    referral, partner = front.send(), front.partner.browser()
    front.take(partner, referral, "accept")
    yesterday = today() - datetime.timedelta(days=1)
    SharingAgreement.objects.filter(pk=front.agreement.pk).update(valid_until=yesterday)
    page = partner.get(reverse("referral", args=[referral.pk]))
    assert page.context["closed"] and NAME not in page.content.decode()
    assert [one["verb"] for one in page.context["steps"]] == ["finish"]
    assert front.take(partner, referral, "begin").status_code == 422
    assert following.close_what_ended() == 1 and front.fresh(referral).state == "withdrawn"


def test_a_signature_takes_the_other_side_and_another_person(front: World) -> None:
    both = worker(front.desk.department, Role.SUPERVISOR)
    made = agreements.propose(
        both.actor,
        front.desk.department.pk,
        front.partner.department.pk,
        fields=["languages", "names", "papers"],
        needs=[],
        purpose="give_help",
        valid_from=today(),
        valid_until=today(),
        key=uuid4(),
    )
    assert made.fields == ["names", "languages"]
    with pytest.raises(NotPossible, match="other organisation"):
        agreements.sign(both.actor, made.pk, made.version)
    stranger = worker(Organisation.objects.create(name="Cold Rooms", kind="partner"), Role.PARTNER)
    with pytest.raises(Http404):
        agreements.sign(stranger.actor, made.pk, made.version)
    assert agreements.sign(front.partner.actor, made.pk, made.version).state == "in_force"


def test_rows_and_trail_hold_no_word_of_the_person(front: World) -> None:
    referral = front.send(message="Her sister waits in the yard.")
    front.take(front.partner.browser(), referral, "decline", reason="no_place", words="Her sister called.")
    said = " ".join(str(one.__dict__) for one in AuditEntry.objects.all())
    with visiting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select to_jsonb(r)::text from casework_referral r")
        said += " ".join(row for (row,) in cursor.fetchall())
        cursor.execute("select encode(content, 'escape') from registry_kepttext")
        said += " ".join(row for (row,) in cursor.fetchall())
    for word in ("sister", NAME, "Oblankot"):
        assert word not in said


def test_in_the_database_the_receiver_loses_the_row_with_its_end(front: World) -> None:
    referral = front.send()
    with visiting(SYSTEM):
        past = timezone.now() - datetime.timedelta(hours=1)
        Referral.objects.filter(pk=referral.pk).update(state="finished", ended_at=past, outcome="met")
    with visiting(front.partner.actor):
        assert not Referral.objects.filter(pk=referral.pk).exists()
        assert not ReferralWord.objects.filter(referral_id=referral.pk).exists()
    with visiting(front.desk.actor):
        assert Referral.objects.filter(pk=referral.pk).exists()


def test_nobody_writes_a_referral_in_the_name_of_another_desk(front: World) -> None:
    referral = front.send()
    other = desk_of("Parks")
    agreement(other.department, front.partner.department)
    row = front.fresh(referral)
    row.pk, row.key = uuid4(), uuid4()
    with visiting(other.actor), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        row.save(force_insert=True)
