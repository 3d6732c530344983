"""Lists of people come in: by contract, once, compared with who is here, doubtful rows left to a person."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.utils import timezone
from tests.web.registry_rights.test_rights_desk import desk

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import Finding, ImportRow, PeopleImport, Reading, Resident
from philoxenia_web.registry.people import limits, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import KeyGone
from philoxenia_web.registry.rights import import_deciding, import_taking, importing, parts, retention
from philoxenia_web.registry.rights.importing import Received

HEAD = "record_id,given_name,family_name,birth_date,language,phone,id_social,needs\n"
PEOPLE = (
    "S-1,Zoreta,Quillimand,1987-03-05,uk,+1 416 555 0143,SIN-99,housing\n"
    "S-2,Bexiro,Tamblin,1990-11-20,ar,,,\n"
    "S-3,Kolvena,Brusten,,fr,,,\n"
)


@pytest.fixture(autouse=True)
def jobs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Jobs that were asked for; tests run them themselves."""
    asked: list[str] = []
    monkeypatch.setattr(importing, "defer", lambda what, batch_id: asked.append(what))
    return asked


def brought(actor: Actor, text: str, key: object = None) -> PeopleImport:
    (place,) = actor.organisations
    return importing.receive(actor, Received(text.encode(), "people.csv", place, key or uuid4()))  # type: ignore[arg-type]


def taken_in(actor: Actor, text: str) -> PeopleImport:
    batch = brought(actor, text)
    importing.check(batch.pk)
    with visiting(actor):
        importing.take_in(actor, batch.pk, importing.own_import(actor, batch.pk).version)
    import_taking.run(batch.pk)
    return batch


def states(batch: PeopleImport) -> list[str]:
    with visiting(SYSTEM):
        return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("state", flat=True))


def count() -> int:
    with visiting(SYSTEM):
        return Resident.objects.filter(erased_at=None).count()


def test_a_list_comes_in_once_and_takes_what_a_record_takes(supervisor: Actor) -> None:
    batch = taken_in(supervisor, HEAD + PEOPLE)
    assert states(batch) == ["made", "made", "made"]
    import_taking.run(batch.pk)
    assert count() == 3
    with visiting(SYSTEM):
        batch.refresh_from_db()
        assert batch.state == "done"
        assert not ImportRow.objects.exclude(content=None).exists()
        row = ImportRow.objects.get(number=2)
        held = records.open_rows([row.resident_id])[row.resident_id].details()
    assert held["birth"]["date"] == "1987-03-05"
    assert held["contacts"][0]["safe"] is False
    assert "SIN-99" not in json.dumps(held)


def test_the_key_of_a_finished_list_is_destroyed(
    supervisor: Actor, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        batch = taken_in(supervisor, HEAD + PEOPLE)
    with pytest.raises(KeyGone):
        keys.load(batch.pk)


def test_the_same_records_in_a_later_list_are_the_same_people(supervisor: Actor) -> None:
    taken_in(supervisor, HEAD + PEOPLE)
    again = taken_in(supervisor, HEAD + PEOPLE.replace("Zoreta", "Zoretta"))
    assert states(again) == ["known", "known", "known"]
    assert count() == 3


def test_who_may_be_known_waits_for_a_person(supervisor: Actor, resident: Resident) -> None:
    batch = taken_in(supervisor, HEAD + PEOPLE)
    assert states(batch) == ["doubtful", "made", "made"]
    with visiting(SYSTEM):
        row = ImportRow.objects.get(number=2)
        assert row.candidates == [resident.pk]
    client = desk(supervisor)
    page = client.get(f"/front/rights/imports/rows/{row.pk}/").content.decode()
    assert page.count("Zoreta Quillimand") == 2
    assert client.post(f"/front/rights/imports/rows/{row.pk}/", {"do": str(uuid4())}).status_code == 302
    assert states(batch)[0] == "doubtful"
    client.post(f"/front/rights/imports/rows/{row.pk}/", {"do": str(resident.pk)})
    assert states(batch)[0] == "known"
    with visiting(SYSTEM):
        batch.refresh_from_db()
    assert batch.state == "done"
    assert count() == 3


def test_a_person_may_say_that_it_is_somebody_new(supervisor: Actor, resident: Resident) -> None:
    batch = taken_in(supervisor, HEAD + PEOPLE)
    with visiting(SYSTEM):
        row = ImportRow.objects.get(batch=batch, number=2)
    for _ in range(2):
        with visiting(supervisor):
            import_deciding.decide(supervisor, row.pk, "new")
    assert states(batch)[0] == "made"
    assert count() == 4


def test_a_restricted_record_of_another_department_is_not_told(
    supervisor: Actor, other_worker: Actor, write_down: Callable[..., Resident]
) -> None:
    write_down(other_worker, "Zoreta Quillimand", restricted=True)
    batch = taken_in(supervisor, HEAD + PEOPLE)
    assert states(batch)[0] == "made"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not a list at all",
        HEAD.replace("needs", "immigration status") + PEOPLE,
        "record_id\nS-1\n",
        HEAD + "S-1,Ann,Bee,1987,en,,,\nS-1,Cee,Dee,1988,en,,,\n",
    ],
    ids=["empty", "no list", "status", "no names", "one number twice"],
)
def test_what_is_no_list_of_people_is_refused_and_nobody_is_made(supervisor: Actor, text: str) -> None:
    client = desk(supervisor)
    file = SimpleUploadedFile("people.csv", text.encode())
    answer = client.post("/front/rights/imports/", {"key": str(uuid4()), "file": file})
    if answer.status_code == 302:
        with visiting(SYSTEM):
            batch = PeopleImport.objects.get()
        importing.check(batch.pk)
        page = client.get(f"/front/rights/imports/{batch.pk}/").content.decode()
        assert "Refused" in page
        assert 'value="take in"' not in page
    else:
        assert answer.status_code == 422
    assert count() == 0


def test_the_same_form_twice_is_one_list_and_holds_nothing_in_plain(supervisor: Actor) -> None:
    key = uuid4()
    batch = brought(supervisor, HEAD + PEOPLE, key)
    assert brought(supervisor, HEAD + PEOPLE, key).pk == batch.pk
    with visiting(SYSTEM):
        assert b"Quillimand" not in bytes(PeopleImport.objects.get().content)
    importing.check(batch.pk)
    with visiting(SYSTEM):
        row = ImportRow.objects.get(number=2)
        assert b"Quillimand" not in bytes(row.content)
        assert "Quillimand" not in json.dumps(PeopleImport.objects.get().report)


def test_only_supervisors_of_the_department_bring_lists(
    worker: Actor, supervisor: Actor, other_worker: Actor
) -> None:
    with pytest.raises(Denied):
        brought(worker, HEAD + PEOPLE)
    batch = brought(supervisor, HEAD + PEOPLE)
    assert desk(worker).get(f"/front/rights/imports/{batch.pk}/").status_code == 403
    assert Client().get("/front/rights/imports/").status_code == 302


def test_giving_a_list_up_destroys_what_is_left(
    supervisor: Actor, resident: Resident, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    batch = taken_in(supervisor, HEAD + PEOPLE)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        desk(supervisor).post(f"/front/rights/imports/{batch.pk}/", {"do": "give up"})
    with visiting(SYSTEM):
        assert not ImportRow.objects.exclude(content=None).exists()
    with pytest.raises(KeyGone):
        keys.load(batch.pk)


def test_a_killed_run_goes_on_where_it_was(supervisor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = brought(supervisor, HEAD + PEOPLE)
    importing.check(batch.pk)
    with visiting(supervisor):
        importing.take_in(supervisor, batch.pk, importing.own_import(supervisor, batch.pk).version)
    take, taken = import_taking._take, []

    def killed(*told: object) -> None:
        if taken:
            raise KeyboardInterrupt
        taken.append(told)
        take(*told)  # type: ignore[arg-type]

    monkeypatch.setattr(import_taking, "_take", killed)
    with pytest.raises(KeyboardInterrupt):
        import_taking.run(batch.pk)
    assert states(batch) == ["made", "waits", "waits"]
    monkeypatch.setattr(import_taking, "_take", take)
    with visiting(SYSTEM):
        PeopleImport.objects.update(touched_at=timezone.now() - timedelta(hours=1))
    assert importing.going_on() == [("run", batch.pk)]
    assert importing.going_on() == []
    assert import_taking.run(batch.pk) == 2
    assert count() == 3


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (
            "Zoreta,Quillimand,1987-03-05,,+1 647 555 0100",
            "doubtful",
        ),  # a telephone changes
        ("Quillimand,Zoreta,1987,,", "doubtful"),  # turned round, the year alone
        ("Zoreta,Marwick,1987-03-05,,", "doubtful"),  # one name changed
        ("Zoreta,Quillimand,1959-08-30,,", "made"),  # the same names, another person
        ("Bexiro,Quillimand,2001-02-03,,+1 416 555 0143", "made"),  # of the same family and telephone
    ],
)
def test_what_waits_for_a_person_is_alike_in_more_than_a_name(
    supervisor: Actor, resident: Resident, row: str, state: str
) -> None:
    batch = taken_in(
        supervisor, "record_id,given_name,family_name,birth_date,language,phone\nS-1," + row + "\n"
    )
    assert states(batch) == [state]


def test_a_large_list_never_lies_on_the_disk_in_the_clear(
    supervisor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spooled(*told: object, **more: object) -> None:
        raise AssertionError("a temporary file was begun")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", spooled)
    text = HEAD + PEOPLE + "".join(f"T-{n},Ann,Bee{n},1987,en,,,{'x' * 500}\n" for n in range(10_000))
    told = {"key": str(uuid4()), "file": SimpleUploadedFile("people.csv", text.encode())}
    careful = desk(supervisor)
    careful.handler.enforce_csrf_checks = True
    assert careful.post("/front/rights/imports/", told).status_code == 403
    told["file"] = SimpleUploadedFile("people.csv", text.encode())
    assert desk(supervisor).post("/front/rights/imports/", told).status_code == 302
    with visiting(SYSTEM):
        assert len(PeopleImport.objects.get().content) > 5 * 2**20


def test_a_row_no_record_takes_is_set_aside_and_named(supervisor: Actor) -> None:
    rows = (
        "record_id,given_name,family_name,birth_date,email,in_city_since\n"
        f"S-2,Bexiro,Tamblin,1990-11-20,{'x' * 210}@example.org,\n"
        "S-3,Kolvena,Brusten,1984-01-09,,2024-07\n"
        f"S-4,{'Ann ' * 60},Bee,1984,,\n"
        "S-5,Mono,,,,\n"
    )
    batch = taken_in(supervisor, rows)
    assert states(batch) == ["refused", "made", "refused", "refused"]
    with visiting(SYSTEM):
        batch.refresh_from_db()
        assert batch.state == "done" and count() == 1
        assert not ImportRow.objects.exclude(content=None).exists()
    page = desk(supervisor).get(f"/front/rights/imports/{batch.pk}/").content.decode()
    told = ["Row 2: How to reach", "Row 4: Names", "Row 5: too little to tell who it is"]
    assert [one for one in told if one not in page] == []


def test_who_may_no_longer_take_in_leaves_it_to_another(
    supervisor: Actor, person: Callable[..., Person]
) -> None:
    batch = brought(supervisor, HEAD + PEOPLE)
    importing.check(batch.pk)
    with visiting(supervisor):
        importing.take_in(supervisor, batch.pk, importing.own_import(supervisor, batch.pk).version)
    Person.objects.get(pk=supervisor.person_id).memberships.all().delete()
    assert import_taking.run(batch.pk) == 0
    other = actor_for(person(Role.SUPERVISOR, email="second@example.org"))
    with visiting(other):
        importing.take_in(other, batch.pk, importing.own_import(other, batch.pk).version)
    assert import_taking.run(batch.pk) == 3
    with visiting(SYSTEM):
        assert set(Resident.objects.values_list("made_by", flat=True)) == {other.person_id}


def test_a_list_that_never_ends_can_be_given_up_and_is_proposed_to_go(supervisor: Actor) -> None:
    batch = brought(supervisor, HEAD + PEOPLE)
    importing.check(batch.pk)
    with visiting(supervisor):
        importing.take_in(supervisor, batch.pk, importing.own_import(supervisor, batch.pk).version)
    with visiting(SYSTEM):
        PeopleImport.objects.update(made_at=timezone.now() - timedelta(days=40))
    importing.going_on()
    assert retention.propose()["import_left"] == 1
    page = desk(supervisor).get(f"/front/rights/imports/{batch.pk}/").content.decode()
    assert 'value="give up"' in page
    desk(supervisor).post(f"/front/rights/imports/{batch.pk}/", {"do": "give up"})
    assert import_taking.run(batch.pk) == 0 and count() == 0


def test_who_was_forgotten_is_somebody_new_and_leaves_no_link(supervisor: Actor) -> None:
    first = taken_in(supervisor, HEAD + PEOPLE)
    with visiting(SYSTEM):
        row = ImportRow.objects.get(batch=first, number=2)
        gone, mark = row.resident_id, bytes(row.mark)
    with visiting(SYSTEM):
        parts.erase_all(supervisor, gone)
        records.erase(SYSTEM, gone, "asked")
        assert not ImportRow.objects.filter(resident_id=gone).exists()
        assert not ImportRow.objects.filter(mark=mark).exists()
    assert states(taken_in(supervisor, HEAD + PEOPLE)) == ["made", "known", "known"]
    assert count() == 3


def test_a_list_is_a_search_that_each_found_person_is_told(
    supervisor: Actor, resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = taken_in(supervisor, HEAD + PEOPLE)
    with visiting(SYSTEM):
        told = Reading.objects.filter(
            resident_id=resident.pk, reason="import", person_id=supervisor.person_id
        )
        assert told.values_list("person_id", flat=True).get() == supervisor.person_id
        row = ImportRow.objects.get(batch=batch, number=2)
    client, place = desk(supervisor), f"/front/rights/imports/rows/{row.pk}/"
    # Which row met somebody is told one look at a time, and looks are counted as searches.
    assert str(row.pk) in client.get(f"/front/rights/imports/{batch.pk}/").content.decode()
    monkeypatch.setattr(limits, "whole", lambda name: 2 if name == "find_an_hour" else 60)
    assert [client.get(place).status_code for _ in range(3)] == [200, 200, 302]
    with visiting(SYSTEM):
        assert Finding.objects.filter(person_id=supervisor.person_id, reason="import").count() == 2
