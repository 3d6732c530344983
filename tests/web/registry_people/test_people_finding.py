"""Finding a person by what one is told: other scripts, orders, spellings, half-known birth; no browsing."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import signing
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Finding, Reading, Resident
from philoxenia_web.registry.people import finding, limits, records
from philoxenia_web.registry.people.finding import Question
from philoxenia_web.registry.people.shapes import Birth
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible

Write = Callable[..., Resident]

# As written down, and as another says or writes it.
SAME = [
    ("Олександр Іванович Коваленко", "Kovalenko Oleksandr"),
    ("Олександр Іванович Коваленко", "Alexander Kovalenko"),
    ("Oleksandr Kovalenko", "Коваленко Олександр Іванович"),
    ("محمد عبد الرحمن الحسيني", "Mohammad Abdulrahman Al-Husseini"),
    ("Mohamed Abd el Rahman Hussaini", "الحسيني محمد"),
    ("Γεώργιος Παπαδόπουλος", "Papadopoulos Georgios"),
    ("Nguyễn Thị Minh", "Minh Nguyen"),
    ("María del Carmen García López", "Garcia Maria Carmen"),
    ("Kovalenko-Bondar Olena", "Olena Bondar"),
]


def hits(actor: Actor, **asked: str) -> list[finding.Hit]:
    """Who is shown."""
    return finding.find(actor, Question(**asked), "serving_now").hits  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "said"), SAME)
def test_any_script_and_order_finds(worker: Actor, write_down: Write, written: str, said: str) -> None:
    one = write_down(worker, written)
    write_down(worker, "Somebody Else")
    assert [hit.resident_id for hit in hits(worker, names=said)] == [one.pk]


@pytest.mark.parametrize(
    ("birth", "asked", "why"),
    [
        (Birth("1987-03-05"), "5.3.1987", "birth_date"),
        (Birth("1987-03-05"), "1987-05-03", "birth_date"),
        (Birth("1987-03-05"), "1987", "birth_year"),
        (Birth(year=1987, certainty="year_only"), "5 March 1987", "birth_year"),
        (Birth("1988-01-01", certainty="conventional_january_1"), "1987", "birth_near"),
        (Birth(year=1986, certainty="estimated"), "1987", "birth_near"),
    ],
)
def test_one_name_and_a_half_known_birth_find(
    worker: Actor, write_down: Write, birth: Birth, asked: str, why: str
) -> None:
    one = write_down(worker, "Maryam Haidari", birth=birth)
    (hit,) = hits(worker, names="Mariam", birth=asked)
    assert hit.resident_id == one.pk and why in hit.why


def test_a_phone_number_finds_in_any_writing(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Maryam Haidari")
    (hit,) = hits(worker, names="Mariam", phone="(416) 555-0143")
    assert hit.resident_id == one.pk and "phone" in hit.why


def test_better_answers_stand_first(worker: Actor, write_down: Write) -> None:
    far = write_down(worker, "Oleksandr Kovalenko", birth=Birth("1950-01-02"))
    near = write_down(worker, "Oleksandr Kovalenko", birth=Birth("1987-03-05"))
    found = hits(worker, names="Oleksandr Kovalenko", birth="1987-03-05")
    assert [hit.resident_id for hit in found] == [near.pk, far.pk]
    assert found[0].score == 1.0 > found[1].score


@pytest.mark.parametrize("asked", [{"names": "Kovalenko"}, {"names": ""}, {"names": "", "birth": "1987"}])
def test_one_piece_alone_is_refused(worker: Actor, asked: dict[str, str]) -> None:
    with pytest.raises(NotPossible, match="at least two"):
        hits(worker, **asked)


def test_one_agreeing_piece_shows_nobody(worker: Actor, write_down: Write) -> None:
    write_down(worker, "Oleksandr Kovalenko")
    assert hits(worker, names="Oleksandr Bondar") == []
    assert hits(worker, names="Kovalenko Maryam", birth="1955") == []


def test_ten_are_shown_and_that_there_are_more(worker: Actor, write_down: Write) -> None:
    for _ in range(12):
        write_down(worker, "Ana Lima")
    found = finding.find(worker, Question("Ana Lima"), "serving_now")
    assert len(found.hits) == 10 and found.more


def test_a_page_carries_no_token_of_the_index(worker: Actor) -> None:
    asked = Question("Ana Lima", "1987")
    told = signing.loads(finding.find(worker, asked, "serving_now").mark, salt=finding._SALT)
    tokens = finding.asked_tokens(finding.read_question(asked))
    assert told[1] and told[2]
    assert not {str(one) for one in (*tokens.strong, *tokens.loose)} & {
        str(one) for one in (*told[1], *told[2])
    }


def test_who_is_shown_has_a_reading(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Ana Lima")
    hits(worker, names="Lima Ana")
    with visiting(worker):
        assert Reading.objects.filter(resident_id=one.pk, reason="serving_now").exists()
        assert Finding.objects.filter(person_id=worker.person_id).count() == 2


def test_searches_of_an_hour_are_counted(worker: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "whole", lambda name: {"find_an_hour": 2}.get(name, 10))
    with CaptureQueriesContext(connection) as first:
        hits(worker, names="Ana Lima")
    # Two that ask at once would both count one: near the limit they ask one after the other.
    with CaptureQueriesContext(connection) as second:
        hits(worker, names="Ana Lima")
    assert [any("advisory" in one["sql"] for one in each) for each in (first, second)] == [False, True]
    with pytest.raises(NotPossible, match="very often"):
        hits(worker, names="Ana Lima")
    with pytest.raises(NotPossible, match="very often"):
        records.by_number(worker, "123-456-789-0")
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr(limits.timezone, "now", lambda: later)
    assert hits(worker, names="Ana Lima") == []


def test_openings_of_an_hour_are_counted(
    worker: Actor, write_down: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [write_down(worker, name) for name in ("Ana Lima", "Rosa Silva", "Ines Costa")]
    monkeypatch.setattr(limits, "whole", lambda name: 2)
    for one in people[:2]:
        records.open_record(worker, one.pk, "serving_now")
    with pytest.raises(NotPossible, match="very many"):
        records.open_record(worker, people[2].pk, "serving_now")


@pytest.mark.parametrize("asked", ["x" * 10_000, "'; drop table registry_resident; -- a", "%_ \x00 \u202e"])
def test_hostile_questions_find_nobody(worker: Actor, asked: str) -> None:
    try:
        assert hits(worker, names=asked, birth="1987") == []
    except NotPossible as refused:
        assert asked not in str(refused)


def test_a_restricted_person_takes_the_same_steps_as_nobody(
    worker: Actor, other_worker: Actor, write_down: Write
) -> None:
    """The same statements, so the same time: nothing is opened and compared that is not shown."""
    hidden = write_down(worker, "Oleksandra Kovalenko", restricted=True)
    number = records.open_record(worker, hidden.pk, "serving_now").number

    def steps(ask: Callable[[], object]) -> list[str]:
        with CaptureQueriesContext(connection) as asked, suppress(Http404):
            assert ask() is None
        return [re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in asked.captured_queries]

    def search(names: str) -> None:
        assert finding.find(other_worker, Question(names, "1987"), "serving_now").hits == []

    assert steps(lambda: search("Oleksandra Kovalenko")) == steps(lambda: search("Zyxandra Quuxenko"))
    free = lambda: records.by_number(other_worker, "123-456-789-4")  # noqa: E731
    assert len(steps(free)) > 3
    assert steps(lambda: records.by_number(other_worker, number)) == steps(free)
    assert steps(lambda: records.open_record(other_worker, hidden.pk, "serving_now")) == steps(
        lambda: records.open_record(other_worker, uuid4(), "serving_now")
    )
