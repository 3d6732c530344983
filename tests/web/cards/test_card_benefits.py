"""Using a benefit once a period, counted without names."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.http import Http404

from philoxenia.cards.payload import lettered, written
from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.cards import benefits, issuing
from philoxenia_web.cards.models import Benefit, Card, Mark, Period
from philoxenia_web.cards.refusals import NotPossible
from philoxenia_web.registry import keys


@pytest.fixture
def museum(person: Callable[..., Person]) -> Actor:
    """Somebody at the counter of a partner."""
    place = Organisation.objects.create(name="A museum", kind=Organisation.Kind.PARTNER)
    return actor_for(person(Role.PARTNER, organisation=place, email="museum@example.org"))


@pytest.fixture
def benefit(boss: Actor, museum: Actor) -> Benefit:
    """Once a month."""
    (place,) = museum.organisations
    return benefits.add_benefit(boss, place, uuid4(), "month", uuid4())


@pytest.fixture
def code(first: Actor, card: Card) -> str:
    """The code of a good card, as a scanner types it."""
    return written(issuing.printed(first, card.pk)[2])


def test_once_a_month(museum: Actor, benefit: Benefit, code: str, card: Card) -> None:
    day = card.valid_from
    key = uuid4()
    period = benefits.redeem(museum, benefit.pk, code, key, day)
    assert period.used == 1
    # The answer was lost and the page is sent again: one use, and the same answer.
    assert benefits.redeem(museum, benefit.pk, code, key, day).used == 1
    with pytest.raises(NotPossible, match="this month"):
        benefits.redeem(museum, benefit.pk, code, on=day)
    later = date(day.year + 1, 2, 28)
    assert benefits.redeem(museum, benefit.pk, code, on=later).used == 1
    assert list(Period.objects.values_list("used", flat=True)) == [1, 1]


def test_typed_lines_do_too(museum: Actor, benefit: Benefit, first: Actor, card: Card) -> None:
    lines = lettered(issuing.printed(first, card.pk)[2])
    assert benefits.redeem(museum, benefit.pk, "\n".join(lines)).used == 1


@pytest.mark.parametrize("spoiled", ["", "hello", "A" * 107, "\x00" * 107])
def test_what_is_no_code_is_no_use(museum: Actor, benefit: Benefit, spoiled: str) -> None:
    with pytest.raises(NotPossible, match="not"):
        benefits.redeem(museum, benefit.pk, spoiled)
    assert not Mark.objects.exists()


def test_withdrawn_and_expired_cards_open_nothing(
    museum: Actor, benefit: Benefit, first: Actor, card: Card, code: str
) -> None:
    with pytest.raises(NotPossible, match="expired"):
        benefits.redeem(museum, benefit.pk, code, on=date(2040, 1, 1))
    issuing.withdraw(first, card.pk, 2, "lost")
    with pytest.raises(NotPossible, match="withdrawn"):
        benefits.redeem(museum, benefit.pk, code)
    assert not Mark.objects.exists()


def test_at_its_end_a_period_is_a_number(museum: Actor, benefit: Benefit, code: str, card: Card) -> None:
    period = benefits.redeem(museum, benefit.pk, code)
    assert benefits.close_past(period.ends) == 0
    assert benefits.close_past(date(period.ends.year + 1, 12, 31)) == 1
    assert not Mark.objects.exists() and keys.is_destroyed(period.pk)
    period.refresh_from_db()
    assert period.used == 1 and period.closed_at
    with pytest.raises(NotPossible, match="closed"):
        benefits.redeem(museum, benefit.pk, code)


def test_nothing_kept_tells_which_card(museum: Actor, benefit: Benefit, code: str, card: Card) -> None:
    benefits.redeem(museum, benefit.pk, code)
    entry = AuditEntry.objects.get(action="cards.redeem")
    assert (entry.after, entry.before, entry.object_id) == (None, None, str(benefit.pk))
    # Two benefits, two marks: uses of one card do not meet.
    other = benefits.add_benefit(
        actor_for(Person.objects.get(email="boss@example.org")),
        benefit.organisation_id,
        uuid4(),
        "day",
        uuid4(),
    )
    benefits.redeem(museum, other.pk, code)
    marks = [bytes(one) for one in Mark.objects.values_list("mark", flat=True)]
    assert len(set(marks)) == 2


def test_another_partner_redeems_nothing_here(stranger: Actor, benefit: Benefit, code: str) -> None:
    with pytest.raises(Http404):
        benefits.redeem(stranger, benefit.pk, code)
