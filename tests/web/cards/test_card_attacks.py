"""What one person at a desk might try with cards, and what a restored backup or a kill might bring back."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from tests.web.cards.conftest import ENOUGH, accepted, picture, written_down

from philoxenia_web.accounts.access import NOBODY, SYSTEM, Actor
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.cards import applications, benefits, desk, following, issuing, lists, places, queries
from philoxenia_web.cards.applications import Asked, Looked
from philoxenia_web.cards.face import face_of
from philoxenia_web.cards.models import Application, Card, Mark, Period, Review, Seen, Withdrawn
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.cards.rules import today
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import KeptFile
from philoxenia_web.registry.people import merging, records
from philoxenia_web.registry.people.shapes import Birth, Guardian, NameForm
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.rights import consents
from philoxenia_web.registry.rights.consents import Said


def rename(actor: Actor, resident_id: UUID, *names: NameForm) -> None:
    with visiting(actor):
        version = records.open_record(actor, resident_id, "correction").version
        records.change(actor, resident_id, version, {"names": list(names)}, uuid4())


def test_nobody_changes_the_photo_that_two_saw(first: Actor, second: Actor, begun: Application) -> None:
    one = accepted(first, second, begun)
    again = applications.set_photo(first, one.pk, picture())
    assert again.state == "open"
    with pytest.raises(NotPossible):
        issuing.issue(first, one.pk, again.version)
    # Who had opened the page with the other photo accepts nothing.
    seen = applications.look(first, one.pk, again.version, Looked("enough", ENOUGH))
    other = applications.set_photo(first, one.pk, picture())
    with pytest.raises(NotPossible):
        applications.look(second, one.pk, seen.version, Looked("enough", ENOUGH))
    assert accepted(first, second, other).state == "accepted"


def test_nobody_changes_the_name_that_two_saw(first: Actor, second: Actor, begun: Application) -> None:
    seen = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    rename(first, begun.resident_id, NameForm("Somebody Else"))
    # Between the looks: they did not see the same.
    again = applications.look(second, begun.pk, seen.version, Looked("enough", ENOUGH))
    assert again.state == "open"
    one = accepted(first, second, again)
    rename(first, begun.resident_id, NameForm("Layan Zarour"))
    with pytest.raises(NotPossible, match="changed since"):
        issuing.issue(first, one.pk, one.version)
    one = accepted(first, second, applications.reopen(first, one.pk, one.version))
    card = issuing.issue(first, one.pk, one.version)
    issuing.printed(first, card.pk)
    rename(first, begun.resident_id, NameForm("Somebody Else"))
    with pytest.raises(NotPossible, match="changed since"):
        issuing.printed(first, card.pk)
    with visiting(first):
        assert Card.objects.get().version == card.version + 1


def test_a_name_of_before_stands_on_no_card() -> None:
    class Known:
        names = (
            NameForm("أمل حداد"),
            NameForm("Amal Saleh", kind="before"),
            NameForm("Amal Haddad", kind="official"),
            NameForm("Милка", kind="preferred"),
        )
        birth = None

    face = face_of(Known, False)
    # The other script is of the same kind where there is one; here there is none.
    assert (face.main, face.other) == ("Amal Haddad", "Милка")


def test_joined_records_are_one_person_with_one_card(
    first: Actor, second: Actor, card: Card, department: Organisation
) -> None:
    twin = written_down(first, "Layan Zaarour")
    one = applications.begin(first, twin, department.pk, Asked(said=Said()), uuid4())
    one = accepted(first, second, one)
    merging.merge(first, twin, card.resident_id)
    with visiting(first):
        part = desk.card_part(first, merging.same_person(twin))
    assert part and part["live"].pk == card.pk
    with visiting(first), pytest.raises(DatabaseError, match="one person, one card"), transaction.atomic():
        Card.objects.create(
            application=one, resident_id=twin, organisation_id=department.pk, signed_with=card.signed_with,
            index=7, valid_from=card.valid_from, valid_until=card.valid_until,
        )  # fmt: skip
    fresh = issuing.issue(first, one.pk, one.version)
    with visiting(first):
        assert [one.pk for one in queries.cards_of([twin, card.resident_id]) if not one.ended_at] == [
            fresh.pk
        ]
        assert lists.is_withdrawn(card.index)
    # Each id is forgotten by itself, twice is once.
    for known in (twin, card.resident_id, card.resident_id):
        issuing.forget(SYSTEM, known)
    assert lists.is_withdrawn(fresh.index)
    with visiting(SYSTEM):
        assert not Application.objects.exists()


def test_whoever_opens_an_application_waives_no_photo(
    first: Actor, second: Actor, department: Organisation
) -> None:
    who = written_down(first, "Mila Kovac")
    child = Asked(accompanied=True, said=Said(by="guardian", name="Vera Kovac"))
    with pytest.raises(NotPossible, match="guardian stands in the record"):
        applications.begin(first, who, department.pk, child, uuid4())
    born = Birth(f"{today().year - 8}-03-05")
    with visiting(first):
        told = {"birth": born, "guardians": [Guardian(name="Vera Kovac")]}
        records.change(first, who, 1, told, uuid4())
    # A child's own yes is none; a guardian's is noted as theirs, in the language it was read in.
    with pytest.raises(NotPossible, match="guardian agrees"):
        applications.begin(first, who, department.pk, Asked(accompanied=True, said=Said()), uuid4())
    one = applications.begin(first, who, department.pk, child, uuid4())
    papers = ("birth_certificate", "school_record", "hospital_record")
    with pytest.raises(NotPossible, match="guardian must be here"):
        applications.look(first, one.pk, one.version, Looked("enough", papers))
    one = applications.look(first, one.pk, one.version, Looked("enough", papers, guardian=True))
    assert (
        applications.look(second, one.pk, one.version, Looked("enough", papers, guardian=True)).state
        == "accepted"
    )


def test_a_stolen_card_ends_when_another_is_asked_for(first: Actor, stranger: Actor, card: Card) -> None:
    (place,) = stranger.organisations
    with pytest.raises(NotPossible, match="has a card"):
        applications.begin(stranger, card.resident_id, place, Asked(said=Said()), uuid4())
    with pytest.raises(NotPossible, match="lost, stolen or damaged"):
        applications.begin(stranger, card.resident_id, place, Asked("replacement", said=Said()), uuid4())
    with visiting(stranger):
        part = desk.card_part(stranger, [card.resident_id])
    assert part and part["cards"] == [(card, False)] and part["live"] == card
    applications.begin(
        stranger, card.resident_id, place, Asked("replacement", said=Said(), lost="stolen"), uuid4()
    )
    with visiting(first):
        card.refresh_from_db()
        part = desk.card_part(first, [card.resident_id])
    assert (card.state, card.reason) == ("withdrawn", "stolen") and lists.is_withdrawn(card.index)
    assert part and part["elsewhere"] == "Public Health"


def test_taking_an_agreement_back_has_effect(
    first: Actor, second: Actor, card: Card, begun: Application
) -> None:
    with visiting(first):
        assert issuing.photo_of(Card.objects.get())
    with resident_visit(card.resident_id):
        consents.withdraw(NOBODY, card.resident_id, "photo", card.organisation_id, Said(), uuid4())
    with visiting(first):
        assert not KeptFile.objects.filter(kind="card_photo").exists()
        assert issuing.photo_of(Card.objects.get()) is None
        card.refresh_from_db()
        assert card.state == "issued"
    with resident_visit(card.resident_id):
        consents.withdraw(NOBODY, card.resident_id, "card", card.organisation_id, Said(), uuid4())
    with visiting(first):
        card.refresh_from_db()
    assert (card.state, card.reason) == ("withdrawn", "asked") and lists.is_withdrawn(card.index)


def test_which_documents_were_shown_is_forgotten(first: Actor, card: Card, begun: Application) -> None:
    told = " ".join(f"{one.before} {one.after}" for one in AuditEntry.objects.all())
    assert not [kind for kind in ENOUGH if f"'{kind}'" in told]
    following.nightly()
    with visiting(first):
        assert Seen.objects.count() == 4
        Application.objects.update(ended_at=timezone.now() - timedelta(31))
    following.nightly()
    with visiting(first):
        assert not Seen.objects.exists() and Review.objects.count() == 2
        # Nobody finished it for half a year.
        Application.objects.update(state="open", ended_at=None, opened_at=timezone.now() - timedelta(181))
    following.nightly()
    with visiting(first):
        assert Application.objects.get().state == "withdrawn"


def test_one_person_is_not_two_in_the_database_either(
    first: Actor, second: Actor, begun: Application
) -> None:
    one = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    with visiting(first):
        with pytest.raises(DatabaseError), transaction.atomic():
            Review.objects.create(application=one, by=second.person_id, turn=1, says="enough")
        assert Review.objects.all().delete()[0] == 0 and Application.objects.all()._raw_delete("default") == 0
        assert Review.objects.count() == 1
    with visiting(second), pytest.raises(DatabaseError), transaction.atomic():
        Seen.objects.create(review=one.reviews.get(), kind="bill2", on=today())


def test_what_was_withdrawn_and_given_survives_a_restored_backup(
    first: Actor, card: Card, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        issuing.withdraw(first, card.pk, card.version, "stolen")
    with visiting(SYSTEM):
        # The night's backup knows nothing of it.
        Card.objects.update(state="active", ended_at=None, reason="")
        Withdrawn.objects.all().delete()
    assert lists.is_withdrawn(card.index) and lists.published(0)
    assert following.agree() == 1 and following.agree() == 0
    with visiting(first):
        card.refresh_from_db()
    assert (card.state, card.reason) == ("withdrawn", "restored")
    with visiting(SYSTEM):
        Application.objects.all().delete()
        Withdrawn.objects.all().delete()
    assert not lists._is_free(card.index)
    # A withdrawal that was committed and not noted is noted.
    Withdrawn.objects.create(index=12, until=card.valid_until)
    following.agree()
    assert places.noted(places.WITHDRAWN) == sorted({12, card.index})
    assert places.noted(places.GIVEN) == [card.index]


def test_a_period_closes_from_its_key_on(
    boss: Actor, department: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between, it is closed the next night."""
    one = benefits.add_benefit(boss, department.pk, uuid4(), "day", uuid4())
    day = today()
    period = Period.objects.create(benefit=one, begins=day, ends=day)
    keys.make(period.pk)

    def killed(**_asked: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Mark.objects, "filter", killed)
        benefits.close_past(day + timedelta(1))
    assert keys.is_destroyed(period.pk)
    assert benefits.close_past(day + timedelta(1)) == 1
