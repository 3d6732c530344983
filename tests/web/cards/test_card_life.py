"""From the application to the card's end: two people, one card, and what becomes of it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from tests.web.cards.conftest import ENOUGH, accepted, picture, written_down

from philoxenia.cards.payload import name_check, taken_apart, written
from philoxenia.cards.status_list import is_withdrawn, unpacked
from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.cards import applications, following, issuing, keys, lists, queries
from philoxenia_web.cards.applications import Asked, Looked
from philoxenia_web.cards.models import Application, Card, Review, Seen, SigningKey, Withdrawn
from philoxenia_web.cards.refusals import Conflict, NotPossible
from philoxenia_web.cards.rules import today
from philoxenia_web.cards.signing import checked
from philoxenia_web.registry import keys as registry_keys
from philoxenia_web.registry.models import KeptFile
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.rights.consents import Said


def verdict(token: bytes, day: date | None = None) -> str:
    publics = {one.kid: keys.public_of(one) for one in keys.trusted()}
    gone = set(Withdrawn.objects.values_list("index", flat=True))
    return checked(written(token), publics, day or today(), gone).verdict


def test_a_card_lives(first: Actor, card: Card) -> None:
    with visiting(first):
        _, face, token = issuing.printed(first, card.pk)
        assert (face.main, face.other, face.birth) == ("Layan Zarour", "ليان زعرور", "")
        assert verdict(token) == "good"
        assert taken_apart(token)[0].name_check == name_check("layan  ZAROUR", card.index)
        card.refresh_from_db()
        handed = issuing.hand_over(first, card.pk, card.version)
        assert handed.state == "active" and handed.handed_at
        ended = issuing.withdraw(first, card.pk, handed.version, "stolen")
        assert (ended.state, verdict(token)) == ("withdrawn", "withdrawn")
        # Found again, it stays withdrawn.
        with pytest.raises(NotPossible):
            issuing.hand_over(first, card.pk, ended.version)


def test_days_are_looked_at(first: Actor, card: Card) -> None:
    _, _, token = issuing.printed(first, card.pk)
    assert card.valid_until == issuing.last_day(card.valid_from, 5)
    assert verdict(token, card.valid_until) == "good"
    assert verdict(token, card.valid_until + timedelta(1)) == "expired"
    assert verdict(token, card.valid_from - timedelta(1)) == "early"
    assert issuing.last_day(date(2028, 2, 29), 5) == date(2033, 2, 28)


def test_a_changed_code_is_no_card(first: Actor, card: Card) -> None:
    _, _, token = issuing.printed(first, card.pk)
    for place in range(1, len(token)):
        assert verdict(token[:place] + bytes([token[place] ^ 1]) + token[place + 1 :]) == "forged"


def test_the_second_is_another_person(first: Actor, second: Actor, begun: Application) -> None:
    seen = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    with pytest.raises(NotPossible, match="second person"):
        applications.look(first, begun.pk, seen.version, Looked("enough", ENOUGH))
    with visiting(first), pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.create(application=begun, by=first.person_id, turn=1, says="enough")
    with pytest.raises(NotPossible):
        issuing.issue(first, begun.pk, seen.version)
    assert applications.look(second, begun.pk, seen.version, Looked("enough", ENOUGH)).state == "accepted"


def test_the_database_itself_wants_two(first: Actor, begun: Application) -> None:
    seen = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    with visiting(first), pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        Card.objects.create(
            application=seen, resident_id=seen.resident_id, organisation_id=seen.organisation_id,
            signed_with=keys.current(), index=1, valid_from=date(2026, 1, 1), valid_until=date(2031, 1, 1),
        )  # fmt: skip
    with visiting(first), pytest.raises(DatabaseError), transaction.atomic():
        Review.objects.update(by=uuid4())


def test_what_counts_is_what_both_saw(first: Actor, second: Actor, begun: Application) -> None:
    seen = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    again = applications.look(second, begun.pk, seen.version, Looked("enough", ["ontario_licence"]))
    assert again.state == "open"
    # From the beginning; now the second may be the first.
    seen = applications.look(second, begun.pk, again.version, Looked("enough", ENOUGH))
    assert applications.look(first, begun.pk, seen.version, Looked("enough", ENOUGH)).state == "accepted"


def test_too_little_is_not_written(first: Actor, begun: Application) -> None:
    with pytest.raises(NotPossible, match="that they live in the city"):
        applications.look(first, begun.pk, begun.version, Looked("enough", ["passport"]))
    with visiting(first):
        assert not Review.objects.exists() and not Seen.objects.exists()


def test_the_same_form_twice_is_one(
    first: Actor, second: Actor, resident: UUID, department: Organisation
) -> None:
    key = uuid4()
    one = applications.begin(first, resident, department.pk, Asked(said=Said()), key)
    assert applications.begin(first, resident, department.pk, Asked(said=Said()), key).pk == one.pk
    seen = applications.look(first, one.pk, 1, Looked("enough", ENOUGH))
    assert applications.look(first, one.pk, 1, Looked("enough", ENOUGH)).version == seen.version
    with pytest.raises(Conflict):
        applications.look(second, one.pk, 1, Looked("enough", ENOUGH))
    done = applications.look(second, one.pk, 2, Looked("enough", ENOUGH))
    made = issuing.issue(first, one.pk, done.version)
    assert issuing.issue(first, one.pk, done.version).pk == made.pk
    with visiting(first):
        assert Card.objects.count() == 1


def test_nobody_has_two_cards(first: Actor, second: Actor, card: Card, department: Organisation) -> None:
    with pytest.raises(NotPossible, match="has a card"):
        applications.begin(first, card.resident_id, department.pk, Asked(), uuid4())
    _, _, old = issuing.printed(first, card.pk)
    with pytest.raises(NotPossible, match="renewed from"):
        applications.begin(first, card.resident_id, department.pk, Asked("renewal"), uuid4())
    with visiting(first):
        Card.objects.update(valid_until=today() + timedelta(60))
    one = applications.begin(first, card.resident_id, department.pk, Asked("renewal"), uuid4())
    with pytest.raises(NotPossible, match="already"):
        applications.begin(first, card.resident_id, department.pk, Asked("renewal"), uuid4())
    one = applications.look(first, one.pk, one.version, Looked("enough", ["city_card"]))
    one = applications.look(second, one.pk, one.version, Looked("enough", ["city_card"]))
    fresh = issuing.issue(second, one.pk, one.version)
    with visiting(first):
        card.refresh_from_db()
    assert (card.state, card.reason, verdict(old)) == ("replaced", "renewed", "withdrawn")
    assert fresh.index != card.index


def test_without_the_persons_agreement_nothing_begins(
    first: Actor, resident: UUID, department: Organisation
) -> None:
    with pytest.raises(NotPossible, match="agreed"):
        applications.begin(first, resident, department.pk, Asked(), uuid4())
    one = applications.begin(first, resident, department.pk, Asked(said=Said()), uuid4())
    with pytest.raises(NotPossible, match="agreed"):
        applications.set_photo(first, one.pk, picture())


def test_the_photo_goes_with_the_card(first: Actor, card: Card, begun: Application) -> None:
    with visiting(first):
        assert KeptFile.objects.filter(kind="card_photo").count() == 1
        issuing.withdraw(first, card.pk, card.version, "asked")
        assert not KeptFile.objects.filter(kind="card_photo").exists()
        assert Application.objects.get(pk=begun.pk).photo_id is None


def test_refused_with_a_reason(first: Actor, second: Actor, begun: Application) -> None:
    seen = applications.look(first, begun.pk, begun.version, Looked("enough", ENOUGH))
    with pytest.raises(NotPossible, match="why"):
        applications.look(second, begun.pk, seen.version, Looked("refused"))
    done = applications.look(second, begun.pk, seen.version, Looked("refused", (), "not_the_person"))
    assert (done.state, done.refusal, done.photo_id) == ("refused", "not_the_person", None)


def test_another_desk_sees_the_card_and_withdraws_it(stranger: Actor, first: Actor, card: Card) -> None:
    for act in (
        lambda: issuing.printed(stranger, card.pk),
        lambda: issuing.hand_over(stranger, card.pk, card.version),
        lambda: applications.look(stranger, card.application_id, 1, Looked("enough", ENOUGH)),
    ):
        with pytest.raises(Http404):
            act()
    with visiting(stranger):
        assert Card.objects.count() == 1 and Card.objects.update(state="active") == 0
        assert not Application.objects.exists()
        assert not Review.objects.exists() and not Seen.objects.exists()
    # Below every policy: the role without a visit, and the person themselves.
    assert not Card.objects.exists() and not Seen.objects.exists()
    with resident_visit(card.resident_id):
        assert Card.objects.count() == 1 and Seen.objects.count() == 4
        assert Card.objects.update(state="active") == 0
    with resident_visit(uuid4()):
        assert not Card.objects.exists()
    # It was stolen, and its person came here.
    assert issuing.withdraw(stranger, card.pk, card.version, "stolen").state == "withdrawn"
    assert lists.is_withdrawn(card.index)
    entry = AuditEntry.objects.get(action="cards.withdraw_card")
    assert (entry.person_id, entry.organisation_id) == (stranger.person_id, card.organisation_id)
    with visiting(first):
        assert not KeptFile.objects.filter(kind="card_photo").exists()


def test_a_withdrawal_is_never_taken_back(first: Actor, card: Card) -> None:
    with visiting(first):
        issuing.withdraw(first, card.pk, card.version, "lost")
        assert Withdrawn.objects.filter(pk=card.index).delete()[0] == 0
        assert Withdrawn.objects.count() == 1


def test_the_published_list_is_signed_and_fresh(first: Actor, card: Card) -> None:
    import jwt  # noqa: PLC0415 (a peer that reads what we sign)

    def read() -> bytes:
        text = lists.published(0)
        key = jwt.PyJWK(keys.as_jwk(keys.current()))
        told = jwt.decode(text, key, algorithms=["EdDSA"], options={"verify_aud": False})
        assert told["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        return unpacked(told["credentialSubject"]["encodedList"])

    assert not is_withdrawn(read(), card.index)
    issuing.withdraw(first, card.pk, card.version, "stolen")
    assert is_withdrawn(read(), card.index)
    assert lists.published(1) is None and lists.published(-1) is None


def test_keys_rotate_and_a_broken_one_ends_its_cards(
    boss: Actor,
    first: Actor,
    card: Card,
    person: Callable[..., Person],
    django_capture_on_commit_callbacks: Any,
) -> None:
    other = actor_for(person(Role.SUPERVISOR, email="boss2@example.org"))
    _, _, token = issuing.printed(first, card.pk)
    old = keys.current()
    fresh = keys.rotate(boss, old.kid)
    # The same form twice makes one key.
    assert keys.rotate(boss, old.kid).kid == fresh.kid == keys.current().kid
    assert verdict(token) == "good"
    # Printed again, an old card is signed with its own key.
    assert issuing.printed(first, card.pk)[2] == token
    with visiting(first):
        card = issuing.hand_over(first, card.pk, card.version + 1)
    with pytest.raises(NotPossible, match="Two supervisors"):
        keys.give_up(boss, old.kid)
    keys.doubt(boss, old.kid)
    with pytest.raises(NotPossible, match="Two supervisors"):
        keys.give_up(boss, old.kid)
    with django_capture_on_commit_callbacks(execute=True):
        keys.give_up(other, old.kid)
        keys.give_up(other, old.kid)
    # The key of last month is no more, the one of now stays; no second time gives that up.
    assert verdict(token) == "forged" and [one.kid for one in keys.trusted()] == [fresh.kid]
    assert registry_keys.is_destroyed(old.pk)
    with visiting(first):
        assert [line.row.pk for line in queries.worklists(first)["again"]] == [card.pk]
        _, _, anew = issuing.printed(first, card.pk)
        assert verdict(anew) == "good" and taken_apart(anew)[0].index == card.index
        assert queries.worklists(first)["again"] == []
    # A database of before knows it as good; the folder of keys does not.
    SigningKey.objects.filter(pk=old.pk).update(broken_at=None)
    assert verdict(token) == "forged"
    following.agree()
    assert SigningKey.objects.get(pk=old.pk).broken_at


def test_cards_expire_by_their_day(first: Actor, card: Card) -> None:
    with visiting(first):
        Card.objects.update(valid_from=date(2020, 1, 1), valid_until=date(2021, 1, 1))
    assert (issuing.expire_due(), issuing.expire_due()) == (1, 0)
    with visiting(first):
        card.refresh_from_db()
    assert card.state == "expired" and not Withdrawn.objects.exists()


def test_the_trail_says_what_was_done_and_no_name(first: Actor, second: Actor, card: Card) -> None:
    issuing.printed(first, card.pk)
    rows = AuditEntry.objects.filter(action__startswith="cards.")
    assert [one.action for one in rows.order_by("id")] == [
        "cards.begin_application", "cards.set_photo", "cards.see_application", "cards.accept_application",
        "cards.issue_application", "cards.issue", "cards.print",
    ]  # fmt: skip
    told = " ".join(f"{one.before} {one.after} {one.reason}" for one in AuditEntry.objects.all())
    assert "Layan" not in told and "ليان" not in told


def test_places_are_drawn_and_lists_grow(
    first: Actor, second: Actor, card: Card, monkeypatch: pytest.MonkeyPatch, department: Organisation
) -> None:
    monkeypatch.setattr("philoxenia_web.cards.lists.bits", lambda: 1)
    who = written_down(first, "Ilir Kola")
    one = applications.begin(first, who, department.pk, Asked(said=Said()), uuid4())
    one = accepted(first, second, one)
    # The only place of list 0 may be taken by the first card or not: the second gets another.
    fresh = issuing.issue(first, one.pk, one.version)
    assert fresh.index != card.index and lists.count() == 2


def test_nothing_of_a_card_is_in_the_clear(first: Actor, card: Card) -> None:
    issuing.printed(first, card.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name, data_type from information_schema.columns "
            "where table_name like 'cards\\_%%' and "
            "data_type in ('text', 'json', 'jsonb', 'character varying')"
        )
        found = {(table, column) for table, column, _kind in cursor.fetchall()}
    # Codes and nothing else can hold letters.
    assert found == {
        ("cards_signingkey", "kid"), ("cards_application", "kind"), ("cards_application", "state"),
        ("cards_application", "refusal"), ("cards_review", "says"), ("cards_seen", "kind"),
        ("cards_card", "state"), ("cards_card", "reason"), ("cards_benefit", "often"),
    }  # fmt: skip
