"""The check of a hand-in in the background and its report in the page; hostile and very large files."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import AuditEntry, Person
from philoxenia_web.datasets import actions, checking, reports
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.refusals import Conflict, NotPossible
from philoxenia_web.datasets.stores import checks_folder, original_path

HandIn = Callable[..., Version]
SPOILED = b"Jan-18"


@pytest.fixture
def page(steward: Actor) -> Callable[..., str]:
    """The text of a version's page as the steward sees it."""
    client = Client()
    client.force_login(
        Person.objects.get(pk=steward.person_id), "allauth.account.auth_backends.AuthenticationBackend"
    )

    def read(name: str, version: Version, query: str = "", **parts: str) -> str:
        answer = client.get(reverse(name, kwargs={"version_id": version.pk, **parts}) + query)
        assert answer.status_code == 200, answer.status_code
        return b"".join(answer).decode() if answer.streaming else answer.content.decode()

    read.client = client  # type: ignore[attr-defined]
    return read


class TestInTheBackground:
    def test_a_check_is_asked_for_once_and_counts_once(
        self, upload: HandIn, at_once: list[Any], flow: bytes
    ) -> None:
        version = upload(flow)
        assert at_once == [(version.pk, 1)]
        assert checking.run_check(version.pk, 1)
        assert not checking.run_check(version.pk, 1)
        assert AuditEntry.objects.filter(action="datasets.check").count() == 1

    def test_killed_in_the_middle_it_is_run_again_and_nothing_is_doubled(
        self, upload: HandIn, at_once: list[Any], flow: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        version = upload(flow)

        def killed(*_: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(checking, "_keep", killed)
            with pytest.raises(KeyboardInterrupt):
                checking.run_check(version.pk, 1)
        version.refresh_from_db()
        assert (version.state, version.checked) == (Version.State.CHECKING, 0)
        assert checking.run_check(version.pk, 1)
        version.refresh_from_db()
        assert (version.state, version.rows) == (Version.State.CHECKED, 168)
        assert [folder.name for folder in checks_folder(version.pk).iterdir()] == [version.check_folder]

    def test_of_answers_that_changed_meanwhile_it_does_not_count(
        self, upload: HandIn, steward: Actor, flow: bytes
    ) -> None:
        version = upload(flow)
        actions.choose(steward, version.pk, None, {"dates": "day-first"})
        assert not checking.run_check(version.pk, 1)
        assert checking.run_check(version.pk, 2)

    def test_a_silent_one_is_asked_for_again(
        self, upload: HandIn, at_once: list[Any], flow: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload(flow)
        at_once.clear()
        assert checking.resume_checks() == 0
        monkeypatch.setattr(checking, "SILENT_SECONDS", -1)
        assert checking.resume_checks() == 1
        assert len(at_once) == 1


@pytest.mark.usefixtures("checked_here")
class TestMending:
    def test_a_corrected_cell_lets_the_file_in(
        self, hand_in: HandIn, check_now: Callable[[Version], Version], steward: Actor, flow: bytes
    ) -> None:
        version = hand_in(flow.replace(SPOILED, b"soon", 1))
        assert version.outcome == "refused"
        place = reports.places(version).row(0, named=True)
        assert (place["row"], place["header"], place["value"]) == (2, "date(mmm-yy)", "soon")
        fix = {"kind": "cell", "row": 2, "column": "date(mmm-yy)", "before": "soon", "after": "Jan-18"}
        actions.correct(steward, version.pk, version.version, [fix])
        version = check_now(version)
        assert version.outcome == "accepted with mends"
        assert b"soon" in original_path(version.pk, version.file_name).read_bytes()
        actions.take_back(steward, version.pk, version.version, [0])
        assert check_now(version).outcome == "refused"

    def test_by_two_people_shows_one_of_them_the_conflict(
        self, hand_in: HandIn, steward: Actor, flow: bytes
    ) -> None:
        version = hand_in(flow)
        actions.choose(steward, version.pk, version.version, {"dates": "day-first"})
        with pytest.raises(Conflict):
            actions.choose(steward, version.pk, version.version, {"dates": "month-first"})
        assert Version.objects.get(pk=version.pk).answers["dates"] == "day-first"

    def test_takes_back_the_acceptance_of_mends(self, hand_in: HandIn, steward: Actor, flow: bytes) -> None:
        version = hand_in(flow)
        actions.accept_mends(steward, version.pk, None)
        actions.correct(steward, version.pk, None, [{"kind": "leave_out", "row": 5}])
        version.refresh_from_db()
        assert version.mends_accepted_at is None

    def test_a_column_is_named(
        self, hand_in: HandIn, check_now: Callable[[Version], Version], page: Callable[..., str], flow: bytes
    ) -> None:
        version = hand_in(flow.replace(b"date(mmm-yy)", b"Zeitraum", 1), contract="shelter_flow")
        assert version.outcome == "refused"
        assert "Zeitraum" in page("version-check", version)
        headers = reports.about(version)["headers"]
        form = {"version": version.version, f"column_{headers.index('Zeitraum')}": "month"}
        for i, header in enumerate(headers):
            named = {one["header"]: one["name"] for one in version.report["columns"]}
            form.setdefault(f"column_{i}", named.get(header, ""))
        page.client.post(reverse("version-columns", args=[version.pk]), form)  # type: ignore[attr-defined]
        version = check_now(version)
        assert version.answers["columns"] == {"Zeitraum": "month"}
        assert version.outcome == "accepted with mends"

    def test_a_column_taken_for_status_needs_a_reason(
        self, hand_in: HandIn, steward: Actor, check_now: Callable[[Version], Version], flow: bytes
    ) -> None:
        lines = flow.decode().splitlines()
        text = "\n".join([f"{lines[0]},Asylum status", *(f"{line},open" for line in lines[1:])])
        version = hand_in(text.encode())
        assert "status_column" in {one["rule"] for one in version.report["findings"]}
        with pytest.raises(NotPossible):
            actions.declare_not_status(steward, version.pk, None, "Asylum status", "no")
        reason = "Whether the asylum building is open to visitors."
        actions.declare_not_status(steward, version.pk, None, "Asylum status", reason)
        version = check_now(version)
        assert "status_column" not in {one["rule"] for one in version.report["findings"]}
        assert reason in str(version.report)


@pytest.mark.usefixtures("checked_here")
class TestTheReport:
    def test_says_the_outcome_first_and_shows_the_place(
        self, hand_in: HandIn, page: Callable[..., str], flow: bytes
    ) -> None:
        shown = page("version-check", hand_in(flow.replace(SPOILED, b"soon", 1)))
        assert "1 thing must be changed before the file can be taken." in shown
        assert 'class="marked"' in shown
        assert "Correct this cell" in shown

    def test_of_ten_thousand_findings_is_paged(
        self, hand_in: HandIn, page: Callable[..., str], flow: bytes
    ) -> None:
        lines = flow.decode().splitlines()
        body = [line.split(",") for line in lines[1:]]
        many = [
            ",".join([*line[:1], f"x{i}-{j}", *line[2:]]) for i in range(60) for j, line in enumerate(body)
        ]
        version = hand_in("\n".join([lines[0], *many]).encode())
        assert reports.places(version).filter(rule="not_month").height > 10_000
        shown = page("version-check", version, "?places-page=200")
        assert len(shown) < 200_000

    def test_withholds_what_columns_of_status_hold(
        self, hand_in: HandIn, page: Callable[..., str], flow: bytes
    ) -> None:
        lines = flow.decode().splitlines()
        secret = [f"{line},claimant no {i}" for i, line in enumerate(lines[1:])]
        version = hand_in("\n".join([f"{lines[0]},Immigration status", *secret]).encode())
        for name in ("version-check", "version-report-csv"):
            assert "claimant no" not in page(name, version)

    def test_is_downloaded_without_formulas(
        self, hand_in: HandIn, page: Callable[..., str], flow: bytes
    ) -> None:
        version = hand_in(flow.replace(b",Refugees,", b',"=cmd|calc",', 1))
        lines = list(csv.reader(io.StringIO(page("version-report-csv", version).lstrip("\ufeff"))))
        cells = [cell for line in lines for cell in line if "cmd|calc" in cell]
        assert cells
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]

    def test_shows_markup_in_cells_and_names_as_text(
        self, hand_in: HandIn, page: Callable[..., str], flow: bytes
    ) -> None:
        attack = "<script>alert(1)</script>"
        spoiled = flow.replace(b",Refugees,", f",{attack},".encode(), 1).replace(b"_id", b"<img src=x>", 1)
        version = hand_in(spoiled, f"flow {attack.replace('/', '')}.csv")
        shown = page("version-check", version)
        assert "alert(1)" in shown
        assert "<script>alert" not in shown
        assert "<img src=x>" not in shown


def zip_bomb() -> bytes:
    """A small archive of a large table of nothing."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.csv", b"0" * 60_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (zip_bomb(), "bomb.zip"),
        (gzip.compress(b"0" * 60_000_000), "bomb.csv.gz"),
        (b"," * 2_000_000, "wide.csv"),
        (b'"' * 100_000, "quotes.csv"),
        (b"PAR1" + b"\xff" * 5000 + b"PAR1", "broken.parquet"),
        (b"PK\x03\x04" + b"\x00" * 200, "broken.xlsx"),
        (b"\x00" * 10_000, "nothing.csv"),
        (b"{" * 50_000, "deep.json"),
        (b"<html><body>Sign in</body></html>", "page.csv"),
    ],
    ids=["zip", "gzip", "wide", "quotes", "parquet", "xlsx", "zeros", "deep", "web"],
)
def test_hostile_files_end_in_a_sentence(
    content: bytes, name: str, hand_in: HandIn, page: Callable[..., str]
) -> None:
    version = hand_in(content, name)
    assert version.outcome in ("unreadable", "not recognised", "refused")
    message = version.report["findings"][0]["message"]
    assert "Traceback" not in message
    assert str(version.pk) not in message
    page("version-check", version)


@pytest.mark.usefixtures("checked_here")
def test_a_file_of_every_kind_of_the_city_is_taken(hand_in: HandIn, small_city: Any) -> None:
    for path in sorted((small_city / "tables").iterdir()):
        assert hand_in(path.read_bytes(), path.name).outcome in (actions.ACCEPTED, actions.MENDED), path.name


UNKNOWN_HEADERS = (
    "klient;geb;kommentar\nZyxwvutka Hassan;1990-01-02;a\nOlena Kovalenko;1961-03-04;b\n"
    "محمد حسن;1985-05-06;c\nMaria Garcia;2004-07-08;d\n"
)


@pytest.mark.parametrize(
    "people",
    [
        b"record_id,given_name,family_name,birth_date\nS-1,Zyxwvutka,Testi,1990-01-02\n",
        UNKNOWN_HEADERS.encode(),
    ],
    ids=["known", "unknown headers"],
)
def test_a_list_of_people_is_turned_away_and_deleted(
    people: bytes,
    hand_in: Callable[..., Version],
    own_folder: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        version = hand_in(people, name="people.csv")
    assert version.outcome == "refused"
    assert [one["rule"] for one in version.report["findings"]] == ["list_of_people"]
    assert "Zyxwvutka" not in str(Version.objects.values().get(pk=version.pk))
    left = [path for path in own_folder.rglob("*") if path.is_file()]
    assert not [path for path in left if b"Zyxwvutka" in path.read_bytes()]
