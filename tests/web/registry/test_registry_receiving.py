"""Lists come in piece by piece, sealed: torn, doubled, strange and given-up ones too."""

import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from django.http import Http404
from django.utils import timezone
from tests.web.registry.conftest import CSV, MARKED

from philoxenia_web.accounts.access import Actor, Denied, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry import actions, checking, queries, receiving
from philoxenia_web.registry.models import DataKey, PersonList
from philoxenia_web.registry.receiving import LEAST_BYTES, Offered
from philoxenia_web.registry.refusals import Conflict, KeyGone, NotPossible
from philoxenia_web.registry.sealing import pieces_of
from philoxenia_web.registry.stores import original_path, sealed_name
from philoxenia_web.ui.pieces import WrongChecksum, WrongOffset

Send = Callable[..., PersonList]
PIECES = [MARKED.encode().ljust(LEAST_BYTES, b"."), os.urandom(LEAST_BYTES), b"the end"]
SIZE = sum(map(len, PIECES))


@pytest.fixture
def begun(steward: Actor, agreement_id: UUID, department: Organisation) -> PersonList:
    """Nothing of it is here yet."""
    return receiving.begin(steward, Offered(agreement_id, department.pk, "list.csv", SIZE, uuid4()))


def put(one: PersonList, number: int) -> int:
    """Send one of the pieces."""
    at = sum(map(len, PIECES[:number]))
    return receiving.receive_piece(one, at, PIECES[number], hashlib.sha256(PIECES[number]).hexdigest())


def content(one: PersonList) -> bytes:
    """What the sealed file holds."""
    path = original_path(one.pk)
    with path.open("rb") as stream:
        return b"".join(pieces_of(stream, queries.live_key(one.key_id), sealed_name(path)))


def test_pieces_are_sealed_as_they_come(begun: PersonList) -> None:
    put(begun, 0)
    assert MARKED.encode() not in original_path(begun.pk).read_bytes()
    assert put(begun, 1) == receiving.offset_of(begun)
    assert put(begun, 2) == SIZE
    assert content(begun) == b"".join(PIECES)


@pytest.mark.parametrize("left", [1, 3, 40, LEAST_BYTES])
def test_a_piece_torn_by_a_crash_is_sent_again(begun: PersonList, left: int) -> None:
    put(begun, 0)
    path = original_path(begun.pk)
    whole = path.stat().st_size
    put(begun, 1)
    # The server was killed while it wrote the second piece.
    os.truncate(path, whole + left)
    assert receiving.offset_of(begun) == len(PIECES[0])
    put(begun, 1)
    put(begun, 2)
    assert content(begun) == b"".join(PIECES)


def test_a_piece_twice_changes_nothing_and_a_gap_is_told(begun: PersonList) -> None:
    put(begun, 0)
    before = original_path(begun.pk).read_bytes()
    assert put(begun, 0) == len(PIECES[0])
    assert original_path(begun.pk).read_bytes() == before
    with pytest.raises(WrongOffset) as wrong:
        put(begun, 2)
    assert wrong.value.offset == len(PIECES[0])


def test_changed_oversized_and_tiny_pieces_are_not_kept(begun: PersonList) -> None:
    with pytest.raises(WrongChecksum):
        receiving.receive_piece(begun, 0, PIECES[0], "0" * 64)
    with pytest.raises(NotPossible, match="More was sent"):
        receiving.receive_piece(begun, SIZE, PIECES[0], "")
    with pytest.raises(NotPossible, match="larger than 64"):
        receiving.receive_piece(begun, 0, b"x", hashlib.sha256(b"x").hexdigest())
    assert receiving.offset_of(begun) == 0


def test_an_unfinished_list_is_not_handed_in(begun: PersonList, steward: Actor, agreement_id: UUID) -> None:
    put(begun, 0)
    with pytest.raises(WrongOffset):
        receiving.finish(steward, agreement_id, begun.pk)


def test_a_request_sent_twice_begins_one_list(
    steward: Actor, agreement_id: UUID, department: Organisation
) -> None:
    offered = Offered(agreement_id, department.pk, "list.csv", SIZE, uuid4())
    assert receiving.begin(steward, offered).pk == receiving.begin(steward, offered).pk


def test_only_departments_of_the_agreement_hand_in(agreement_id: UUID, person: Callable[..., Person]) -> None:
    third = Organisation.objects.create(name="Libraries", kind=Organisation.Kind.DEPARTMENT)
    stranger = actor_for(person(Role.DATA_STEWARD, organisation=third, email="third@example.org"))
    with pytest.raises(NotPossible, match="does not take part"):
        receiving.begin(stranger, Offered(agreement_id, third.pk, "list.csv", 10, uuid4()))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_STEWARD])
def test_no_other_role_hands_in(
    role: Role, agreement_id: UUID, department: Organisation, person: Callable[..., Person]
) -> None:
    actor = actor_for(person(role, email="other@example.org"))
    with pytest.raises(Denied):
        receiving.begin(actor, Offered(agreement_id, department.pk, "list.csv", 10, uuid4()))


def test_another_departments_list_is_not_there(
    send: Send, agreement_id: UUID, person: Callable[..., Person]
) -> None:
    one = send(check=False)
    third = Organisation.objects.create(name="Libraries", kind=Organisation.Kind.DEPARTMENT)
    stranger = actor_for(person(Role.DATA_STEWARD, organisation=third, email="third@example.org"))
    for read in (
        lambda: queries.own_list(stranger, agreement_id, one.pk),
        lambda: actions.withdraw(stranger, agreement_id, one.pk, None),
        lambda: actions.accept(stranger, agreement_id, one.pk, None),
        lambda: receiving.finish(stranger, agreement_id, one.pk),
        lambda: queries.own_list(stranger, uuid4(), one.pk),
    ):
        with pytest.raises(Http404):
            read()


def test_after_the_end_nothing_is_received(begun: PersonList, agreement_id: UUID) -> None:
    put(begun, 0)
    DataKey.objects.filter(pk=agreement_id).update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(KeyGone, match="ended on"):
        put(begun, 1)


def test_a_new_list_takes_the_place_of_the_old_one(
    send: Send, steward: Actor, agreement_id: UUID, django_capture_on_commit_callbacks: Any, own_folder: Path
) -> None:
    first = send()
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(steward, agreement_id, first.pk, first.version)
    assert not original_path(first.pk).exists()
    second = send(CSV.replace(b"S-2", b"S-7"))
    with pytest.raises(Conflict):
        actions.accept(steward, agreement_id, second.pk, second.version - 1)
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(steward, agreement_id, second.pk, second.version)
    assert [one.pk for one in queries.lists_of(agreement_id)] == [second.pk]
    left = {path.name for path in (own_folder / "registry").iterdir()}
    assert left == {f"{second.pk}-1.table"}


def test_a_withdrawn_list_is_deleted(
    send: Send, steward: Actor, agreement_id: UUID, django_capture_on_commit_callbacks: Any, own_folder: Path
) -> None:
    one = send()
    with django_capture_on_commit_callbacks(execute=True):
        actions.accept(steward, agreement_id, one.pk, one.version)
        actions.withdraw(steward, agreement_id, one.pk, None)
        actions.withdraw(steward, agreement_id, one.pk, None)
    assert not queries.lists_of(agreement_id).exists()
    assert list((own_folder / "registry").iterdir()) == []


def test_what_was_left_behind_is_cleaned_up(begun: PersonList, own_folder: Path) -> None:
    put(begun, 0)
    long_ago = timezone.now() - receiving.LEFT_BEHIND_AFTER - timedelta(hours=1)
    PersonList.objects.filter(pk=begun.pk).update(touched_at=long_ago)
    stray = own_folder / "registry" / f"{uuid4().hex}.incoming"
    stray.write_bytes(b"sealed")
    for path in (stray, original_path(begun.pk)):
        os.utime(path, (long_ago.timestamp(),) * 2)
    assert receiving.clean_up() == 2
    assert list((own_folder / "registry").iterdir()) == []


# The check


def test_the_check_runs_in_a_process_of_its_own_and_leaves_nothing_plain(
    send: Send, monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    monkeypatch.undo()
    one = send(check=False)
    temporary = set(Path("/tmp").glob("*"))  # noqa: S108
    assert checking.run_check(one.pk, one.wanted)
    one.refresh_from_db()
    assert (one.state, one.rows) == ("checked", 3)
    assert one.outcome.startswith("accepted")
    for path in [*own_folder.rglob("*"), *(set(Path("/tmp").glob("*")) - temporary)]:  # noqa: S108
        if path.is_file() and os.access(path, os.R_OK):
            assert MARKED.encode() not in path.read_bytes()


HOSTILE = {
    "no header": f"{MARKED},1987-03-05\nMaryam,1990-01-01\n".encode(),
    "bad birth dates": f"record_id,given_name,birth_date\nS-1,Maryam,{MARKED}\n".encode(),
    "twice the same number": f"record_id,given_name\nS-1,{MARKED}\nS-1,Maryam\n".encode(),
    "a row too long": f"record_id,given_name\nS-1,Maryam,{MARKED},x\n".encode(),
    "cut off": f'record_id,given_name\nS-1,"{MARKED}'.encode(),
    "unknown codes": f"record_id,given_name,needs,district_id\nS-1,M,{MARKED},{MARKED}\n".encode(),
    "status": f"record_id,given_name,immigration_status\nS-1,Maryam,{MARKED}\n".encode(),
    "titles above": f"{MARKED}\n\nrecord_id,given_name\nS-1,Maryam\n".encode(),
    "not a table": b"%PDF-1.7 " + MARKED.encode(),
    "broken parquet": b"PAR1" + MARKED.encode() + b"PAR1",
    "zeros": b"\0" * 3000 + MARKED.encode(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_report_holds_the_content_of_a_cell(kind: str, send: Send) -> None:
    one = send(HOSTILE[kind], name="list.csv")
    assert MARKED not in str(PersonList.objects.values().get(pk=one.pk))
    assert one.report["findings"] or one.outcome == "accepted"
    assert all(entry["message"] for entry in one.report["findings"])


def test_a_column_of_status_is_refused(send: Send) -> None:
    one = send(HOSTILE["status"])
    assert one.outcome == "refused"
    assert one.report["status"] == ["immigration_status"]


def test_parquet_is_read_from_memory_too(send: Send, tmp_path: Path) -> None:
    path = tmp_path / "list"
    pl.DataFrame({"record_id": ["S-1"], "given_name": [MARKED]}).write_parquet(path)
    one = send(path.read_bytes(), name="list.parquet")
    assert (one.outcome, one.rows) == ("accepted", 1)
