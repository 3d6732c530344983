"""The investment case comes as PDF for the plan or an action, is kept, and is nobody else's."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from philoxenia.report import ReportError
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.roles import Role
from philoxenia_web.studies.foresight import case_file
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.queries import result_folder


def cases() -> list[Path]:
    """The cases that are kept."""
    return sorted((Path(settings.ENVIRONMENT.var) / "pages" / "cases").glob("*.pdf"))


def test_the_case_is_made_once(planner: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    address = reverse("foresight-case", args=[study.pk])
    first = planner.get(address)
    content = b"".join(first.streaming_content)  # type: ignore[arg-type]
    assert content.startswith(b"%PDF")
    assert first["Content-Type"] == "application/pdf"
    assert 'filename="investment-case-plan.pdf"' in first["Content-Disposition"]
    monkeypatch.setattr(case_file, "write_case", lambda *_a, **_k: pytest.fail("made again"))
    again = planner.get(address + "?unknown=1")
    assert b"".join(again.streaming_content) == content  # type: ignore[arg-type]
    assert len(cases()) == 1


def test_the_choice_reaches_the_case(planner: Client, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def write(_found: object, path: Path, **choice: object) -> None:
        asked.append({name: choice[name] for name in ("action", "funder", "language")})
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-made")

    monkeypatch.setattr(case_file, "write_case", write)
    address = reverse("foresight-case", args=[study.pk])
    answer = planner.get(address + "?action=reception_hub&funder=city&language=ar")
    assert 'filename="investment-case-reception_hub.pdf"' in answer["Content-Disposition"]
    planner.get(address + "?language=xx", HTTP_ACCEPT_LANGUAGE="fr")
    assert asked == [
        {"action": "reception_hub", "funder": "city", "language": "ar"},
        {"action": None, "funder": None, "language": "fr"},
    ]


def test_the_case_of_the_run_is_sent_as_it_is(planner: Client, study: Study) -> None:
    (result_folder(study) / "case.pdf").write_bytes(b"%PDF-of-the-run")
    answer = planner.get(reverse("foresight-case", args=[study.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-of-the-run"  # type: ignore[arg-type]
    assert cases() == []


@pytest.mark.parametrize("query", ["?action=no_such", "?funder=no_such", "?action=../../etc/passwd"])
def test_what_is_not_there_is_not_found(planner: Client, study: Study, query: str) -> None:
    assert planner.get(reverse("foresight-case", args=[study.pk]) + query).status_code == 404
    assert cases() == []


def test_a_case_that_cannot_be_made_is_told(
    planner: Client, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise ReportError("The disk is full.")

    monkeypatch.setattr(case_file, "write_case", fail)
    assert planner.get(reverse("foresight-case", args=[study.pk])).status_code == 503


def test_another_organisation_gets_none_though_it_is_kept(
    planner: Client, study: Study, sign_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_file, "write_case", lambda _found, path, **_k: _put(path))
    address = reverse("foresight-case", args=[study.pk])
    assert planner.get(address).status_code == 200
    other = Organisation.objects.create(name="Partner", kind=Organisation.Kind.PARTNER)
    stranger = sign_in(Role.PLANNER, organisation=other, email="other@example.org")
    assert stranger.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_study_that_is_not_done_shows_how_far_it_is(planner: Client, study: Study) -> None:
    Study.objects.filter(pk=study.pk).update(state=Study.State.DRAFT, result="")
    answer = planner.get(reverse("foresight-case", args=[study.pk]))
    assert answer["Location"] == reverse("study-status", args=[study.pk])


def _put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-made")
