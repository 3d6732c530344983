"""Files that come in pieces: repeated, out of order, changed on the way, somebody else's, too large."""

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from philoxenia_web.accounts.access import Actor, Denied, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import queries, receiving
from philoxenia_web.datasets.models import Upload, Version
from philoxenia_web.datasets.receiving import Handed
from philoxenia_web.datasets.refusals import NotPossible
from philoxenia_web.datasets.stores import original_path, upload_path
from philoxenia_web.ui.pieces import WrongChecksum, WrongOffset, shown_name

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def begun(steward: Actor, department: Organisation) -> Upload:
    """An upload of CONTENT of which nothing has come."""
    return receiving.begin(steward, Handed("flow.csv", len(CONTENT), uuid4(), department.pk))


def send(upload: Upload, offset: int, piece: bytes) -> int:
    """A piece with its true checksum."""
    return receiving.receive_piece(upload, offset, piece, hashlib.sha256(piece).hexdigest())


def on_disk(upload: Upload) -> bytes:
    """What has come."""
    return upload_path(upload.pk).read_bytes()


class TestPieces:
    def test_make_up_the_file_byte_for_byte(self, begun: Upload, steward: Actor) -> None:
        for offset in range(0, len(CONTENT), 3000):
            send(begun, offset, CONTENT[offset : offset + 3000])
        version = receiving.finish(steward, begun.pk)
        assert original_path(version.pk, version.file_name).read_bytes() == CONTENT
        assert version.sha256 == hashlib.sha256(CONTENT).hexdigest()

    def test_sent_twice_change_nothing(self, begun: Upload) -> None:
        assert send(begun, 0, CONTENT[:3000]) == 3000
        assert send(begun, 0, CONTENT[:3000]) == 3000
        assert on_disk(begun) == CONTENT[:3000]

    def test_that_leave_a_gap_are_told_where_to_begin(self, begun: Upload) -> None:
        send(begun, 0, CONTENT[:1000])
        with pytest.raises(WrongOffset) as wrong:
            send(begun, 2000, CONTENT[2000:3000])
        assert wrong.value.offset == 1000
        assert on_disk(begun) == CONTENT[:1000]

    def test_that_overlap_are_refused(self, begun: Upload) -> None:
        send(begun, 0, CONTENT[:1000])
        with pytest.raises(WrongOffset):
            send(begun, 500, CONTENT[500:1500])

    def test_changed_on_the_way_are_not_kept(self, begun: Upload) -> None:
        with pytest.raises(WrongChecksum):
            receiving.receive_piece(begun, 0, b"changed", hashlib.sha256(b"as sent").hexdigest())
        assert receiving.offset_of(begun) == 0

    def test_beyond_what_was_announced_are_refused(self, begun: Upload) -> None:
        send(begun, 0, CONTENT[:-10])
        with pytest.raises(NotPossible):
            send(begun, len(CONTENT) - 10, b"x" * 11)

    def test_after_the_end_are_refused(self, begun: Upload, steward: Actor) -> None:
        send(begun, 0, CONTENT)
        receiving.finish(steward, begun.pk)
        begun.refresh_from_db()
        with pytest.raises(WrongOffset):
            send(begun, 0, CONTENT[:10])

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(data=st.data())
    def test_in_any_order_and_number_end_in_the_file_or_in_less_of_it(
        self, data: st.DataObject, steward: Actor, department: Organisation
    ) -> None:
        upload = receiving.begin(steward, Handed("any.csv", len(CONTENT), uuid4(), department.pk))
        pieces = st.tuples(st.integers(0, len(CONTENT)), st.integers(0, 4000))
        for offset, length in data.draw(st.lists(pieces, max_size=25)):
            before = receiving.offset_of(upload)
            try:
                after = send(upload, offset, CONTENT[offset : offset + length])
            except WrongOffset as wrong:
                after = wrong.offset
            assert after >= before
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.GIVEN_UP)
        here = on_disk(upload) if upload_path(upload.pk).exists() else b""
        assert here == CONTENT[: len(here)]


class TestTheEnd:
    def test_comes_only_when_every_byte_is_here(self, begun: Upload, steward: Actor) -> None:
        send(begun, 0, CONTENT[:-1])
        with pytest.raises(WrongOffset) as wrong:
            receiving.finish(steward, begun.pk)
        assert wrong.value.offset == len(CONTENT) - 1

    def test_twice_is_one_hand_in(self, begun: Upload, steward: Actor) -> None:
        send(begun, 0, CONTENT)
        assert receiving.finish(steward, begun.pk) == receiving.finish(steward, begun.pk)
        assert Version.objects.count() == 1

    def test_counts_what_the_disk_holds_not_what_the_database_says(
        self, begun: Upload, steward: Actor
    ) -> None:
        send(begun, 0, CONTENT)
        os.truncate(upload_path(begun.pk), 100)
        assert receiving.offset_of(begun) == 100
        with pytest.raises(WrongOffset):
            receiving.finish(steward, begun.pk)


class TestBeginning:
    def test_with_the_same_key_goes_on_with_the_same_upload(
        self, steward: Actor, department: Organisation
    ) -> None:
        handed = Handed("flow.csv", 10, uuid4(), department.pk)
        assert receiving.begin(steward, handed) == receiving.begin(steward, handed)

    def test_with_the_same_key_and_another_file_is_refused(
        self, steward: Actor, department: Organisation
    ) -> None:
        key = uuid4()
        receiving.begin(steward, Handed("flow.csv", 10, key, department.pk))
        with pytest.raises(NotPossible):
            receiving.begin(steward, Handed("other.csv", 10, key, department.pk))

    @pytest.mark.parametrize("size", [0, -1, receiving.MOST_BYTES + 1])
    def test_refuses_sizes_that_cannot_be(self, size: int, steward: Actor, department: Organisation) -> None:
        with pytest.raises(NotPossible):
            receiving.begin(steward, Handed("flow.csv", size, uuid4(), department.pk))

    def test_keeps_to_the_quota(self, steward: Actor, department: Organisation) -> None:
        for _ in range(4):
            receiving.begin(steward, Handed("big.csv", receiving.MOST_BYTES, uuid4(), department.pk))
        with pytest.raises(NotPossible, match="2 GB"):
            receiving.begin(steward, Handed("big.csv", receiving.MOST_BYTES, uuid4(), department.pk))

    def test_keeps_room_on_the_disk(
        self, steward: Actor, department: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(receiving.shutil, "disk_usage", lambda _path: _Full)
        with pytest.raises(NotPossible, match="room"):
            receiving.begin(steward, Handed("flow.csv", 10, uuid4(), department.pk))

    def test_is_for_an_organisation_one_hands_in_for(self, steward: Actor, elsewhere: Organisation) -> None:
        with pytest.raises(Denied):
            receiving.begin(steward, Handed("flow.csv", 10, uuid4(), elsewhere.pk))


class _Full:
    """A disk without room."""

    free = receiving.SPARE_BYTES


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("flow\x00.csv\n", "flow.csv"),
        ("evil\u202excod.csv", "evilxcod.csv"),
        ("<b>flow</b>.csv", "b>.csv"),
        ("", "unnamed file"),
        ("x" * 300 + ".csv", "x" * 196 + ".csv"),
    ],
)
def test_names_are_only_shown(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


def test_no_name_reaches_the_disk(steward: Actor, department: Organisation, own_folder: Path) -> None:
    upload = receiving.begin(steward, Handed("../../../tmp/evil.csv", 4, uuid4(), department.pk))
    send(upload, 0, b"a,b\n")
    version = receiving.finish(steward, upload.pk)
    files = [path.name for path in own_folder.rglob("*") if path.is_file()]
    assert f"{version.pk}.csv" in files
    assert all("evil" not in name for name in files)


class TestOtherPeople:
    @pytest.fixture
    def colleague(self, person: Callable[..., Person]) -> Actor:
        """Another data steward of the same department."""
        return actor_for(person(Role.DATA_STEWARD, email="colleague@example.org"))

    def test_do_not_find_an_upload(self, begun: Upload, colleague: Actor) -> None:
        with pytest.raises(Http404):
            queries.upload_for(colleague, begun.pk)
        with pytest.raises(Http404):
            receiving.finish(colleague, begun.pk)
        with pytest.raises(Http404):
            receiving.give_up(colleague, begun.pk)

    def test_get_404_from_every_address_of_it(self, begun: Upload, sign_in: Callable[..., Client]) -> None:
        client = sign_in(Role.DATA_STEWARD, email="third@example.org")
        address = reverse("upload", args=[begun.pk])
        headers = {"Upload-Offset": "0", "Upload-Checksum": hashlib.sha256(b"").hexdigest()}
        assert client.patch(address, b"", headers=headers).status_code == 404
        assert client.head(address).status_code == 404
        assert client.delete(address).status_code == 404
        assert client.post(reverse("upload-finish", args=[begun.pk])).status_code == 404


class TestThroughThePage:
    def start(self, client: Client, department: Organisation, **more: object) -> dict[str, object]:
        """Begin an upload as the script does."""
        said = {"name": "flow.csv", "size": 10, "key": str(uuid4()), "organisation": str(department.pk)}
        answer = client.post(reverse("upload-begin"), {**said, **more})
        return {"status": answer.status_code, **answer.json()}

    def test_the_whole_way(
        self, sign_in: Callable[..., Client], department: Organisation, flow: bytes
    ) -> None:
        client = sign_in(Role.DATA_STEWARD)
        begun = self.start(client, department, size=len(flow))
        headers = {"Upload-Offset": "0", "Upload-Checksum": hashlib.sha256(flow).hexdigest()}
        answer = client.patch(begun["address"], flow, "application/offset+octet-stream", headers=headers)
        assert answer["Upload-Offset"] == str(len(flow))
        page = client.post(begun["finish"]).json()["page"]
        assert client.get(page).status_code == 200
        assert Version.objects.get().sha256 == hashlib.sha256(flow).hexdigest()

    @pytest.mark.parametrize("offset", ["-1", "٣", "1e9", "", "9" * 40, "0x10"])
    def test_offsets_that_are_none(
        self, offset: str, sign_in: Callable[..., Client], department: Organisation
    ) -> None:
        client = sign_in(Role.DATA_STEWARD)
        begun = self.start(client, department)
        answer = client.patch(begun["address"], b"x", headers={"Upload-Offset": offset})
        assert answer.status_code == 400

    @pytest.mark.parametrize("more", [{"size": "many"}, {"name": ""}, {"size": "-5"}, {"size": str(10**30)}])
    def test_sizes_and_names_that_are_none(
        self, more: dict[str, str], sign_in: Callable[..., Client], department: Organisation
    ) -> None:
        assert self.start(sign_in(Role.DATA_STEWARD), department, **more)["status"] in (400, 422)

    def test_somebody_elses_data_set_cannot_be_named(
        self, sign_in: Callable[..., Client], department: Organisation
    ) -> None:
        begun = self.start(sign_in(Role.DATA_STEWARD), department, data_set=str(uuid4()))
        assert begun["status"] == 422

    def test_pieces_that_are_too_large_are_refused_before_they_are_read(
        self, sign_in: Callable[..., Client], department: Organisation
    ) -> None:
        client = sign_in(Role.DATA_STEWARD)
        begun = self.start(client, department, size=receiving.MOST_BYTES)
        piece = b"x" * (receiving.PIECE_BYTES + 1)
        headers = {"Upload-Offset": "0", "Upload-Checksum": hashlib.sha256(piece).hexdigest()}
        assert client.patch(begun["address"], piece, headers=headers).status_code in (413, 422)

    def test_pieces_need_the_token_against_forged_requests(self, begun: Upload, steward: Actor) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(
            Person.objects.get(pk=steward.person_id), "allauth.account.auth_backends.AuthenticationBackend"
        )
        answer = client.patch(reverse("upload", args=[begun.pk]), b"x", headers={"Upload-Offset": "0"})
        assert answer.status_code == 403

    def test_without_a_script(
        self, sign_in: Callable[..., Client], department: Organisation, tmp_path: Path
    ) -> None:
        path = tmp_path / "flow.csv"
        path.write_bytes(CONTENT)
        said = {"key": str(uuid4()), "organisation": str(department.pk)}
        client = sign_in(Role.DATA_STEWARD)
        for _ in range(2):
            with path.open("rb") as file:
                answer = client.post(reverse("data-hand-in"), {**said, "file": file})
            assert answer.status_code == 302
        version = Version.objects.get()
        assert original_path(version.pk, version.file_name).read_bytes() == CONTENT

    def test_without_a_file_says_so(self, sign_in: Callable[..., Client], department: Organisation) -> None:
        said = {"key": str(uuid4()), "organisation": str(department.pk)}
        answer = sign_in(Role.DATA_STEWARD).post(reverse("data-hand-in"), said)
        assert answer.status_code == 422
        assert "Choose a file first." in answer.content.decode()


class TestCleaningUp:
    def test_deletes_what_nobody_went_on_with(self, begun: Upload) -> None:
        send(begun, 0, CONTENT[:1000])
        long_ago = timezone.now() - timedelta(days=3)
        Upload.objects.filter(pk=begun.pk).update(touched_at=long_ago)
        os.utime(upload_path(begun.pk), (long_ago.timestamp(),) * 2)
        receiving.clean_up()
        begun.refresh_from_db()
        assert begun.state == Upload.State.GIVEN_UP
        assert not upload_path(begun.pk).exists()

    def test_leaves_what_is_on_its_way(self, begun: Upload) -> None:
        send(begun, 0, CONTENT[:1000])
        receiving.clean_up()
        assert on_disk(begun) == CONTENT[:1000]


WRITER = """
import hashlib, os, sys
from types import SimpleNamespace
from pathlib import Path
from uuid import UUID
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.web.settings"
import django
django.setup()
from philoxenia_web.datasets import receiving
folder, content = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
receiving.upload_path = lambda upload_id: folder / f"{upload_id}.part"
class Rows:
    filter = staticmethod(lambda **_: SimpleNamespace(update=lambda **_: 0))
State = receiving.Upload.State
receiving.Upload = SimpleNamespace(objects=Rows, State=State)
upload = SimpleNamespace(pk=UUID(int=7), state=State.RECEIVING, size=len(content))
print("ready", flush=True)
while True:
    offset = receiving.offset_of(upload)
    if offset == len(content):
        break
    piece = content[offset : offset + 4096]
    receiving.receive_piece(upload, offset, piece, hashlib.sha256(piece).hexdigest())
    print(offset, flush=True)
"""


def test_a_server_killed_in_the_middle_goes_on_where_the_disk_is(tmp_path: Path) -> None:
    content = os.urandom(600_000)
    (tmp_path / "content").write_bytes(content)
    script = tmp_path / "writer.py"
    script.write_text(textwrap.dedent(WRITER), encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path), str(tmp_path / "content")]
    root = Path(__file__).resolve().parent.parent.parent.parent
    for _ in range(2):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
        ) as writer:
            assert writer.stdout is not None
            for _line in range(15):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
        here = (tmp_path / f"{UUID(int=7)}.part").read_bytes()
        assert here
        assert here == content[: len(here)]
    subprocess.run(
        command, check=True, capture_output=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert (tmp_path / f"{UUID(int=7)}.part").read_bytes() == content
