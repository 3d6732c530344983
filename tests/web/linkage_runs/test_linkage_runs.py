"""Runs of a linkage: asked for once, computed, sealed; nothing plain is left behind."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.test import Client
from tests.web.linkage_runs.made_lists import FAMILY, GIVEN

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Agreement, ReviewPair, Run
from philoxenia_web.linkage.refusals import KeyGone, NotPossible
from philoxenia_web.linkage.review import actions as review
from philoxenia_web.linkage.review import queries as reviews
from philoxenia_web.linkage.runs import actions, quality_page, queries, results, runner, running, sealed
from philoxenia_web.registry import actions as registry

pytestmark = pytest.mark.django_db


def test_a_run_joins_the_lists_and_leaves_nothing_plain(done: Run, own_folder: Path) -> None:
    assert done.state == Run.State.DONE
    assert done.records == 360
    # Three records stand for each of 120 people, but for those that are in doubt.
    assert 110 <= done.people <= 200
    links = sealed.frame_of(done, "links")
    assert links.height == 360 and links["person"].n_unique() == done.people
    names = [name.encode() for name in GIVEN + FAMILY]
    for file in own_folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert not any(name in content for name in names), file.name
            assert b"PAR1" not in content[:4], file.name


def test_cells_add_up_to_the_people_and_speak_of_the_agreed_needs(done: Run) -> None:
    cells = queries.overlap_cells(SYSTEM, done.pk)
    assert cells["people"].sum() == done.people
    facts = queries.run_facts(SYSTEM, done.pk)
    assert set(facts.needs) == {"housing", "language", "health", "work"}
    assert cells["mask"].max() < 2 ** len(facts.needs)
    assert facts.synthetic and not facts.ended
    assert set(cells["population"].unique()) <= {"newcomers", "long_term_residents", "unknown"}


def test_the_trail_and_the_jobs_hold_no_name(done: Run) -> None:
    told = " ".join(str(values) for values in AuditEntry.objects.values_list("before", "after", "reason"))
    assert "linkage.run_finish" in AuditEntry.objects.values_list("action", flat=True)
    assert not any(name in told for name in GIVEN + FAMILY)


def test_asking_twice_is_one_run(handed_in: Agreement, steward: Actor) -> None:
    key = uuid4()
    first = actions.start(steward, handed_in.pk, key=key)
    assert actions.start(steward, handed_in.pk, key=key).pk == first.pk
    assert actions.start(steward, handed_in.pk, key=uuid4()).pk == first.pk, "one at a time"


def test_nothing_to_link_is_said(agreement: Agreement, steward: Actor) -> None:
    with pytest.raises(NotPossible, match="no list"):
        actions.start(steward, agreement.pk, key=uuid4())


@pytest.mark.parametrize("deleted", [False, True])
def test_after_the_end_nothing_opens(
    done: Run, django_capture_on_commit_callbacks: Any, sign_in: Callable[..., Client], deleted: bool
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        registry.destroy_key(SYSTEM, done.agreement_id, "It is over.")
    if deleted:
        shutil.rmtree(sealed.runs_folder(done.pk), ignore_errors=True)
    page = sign_in(Role.AUDITOR).get(f"/linkage/{done.agreement_id}/runs/{done.pk}/")
    assert page.status_code == 410 and "cannot be opened any more" in page.content.decode()
    with pytest.raises(KeyGone):
        queries.overlap_cells(SYSTEM, done.pk)
    assert queries.run_facts(SYSTEM, done.pk).ended


def test_cancelled_is_cancelled(handed_in: Agreement, steward: Actor, run_now: Callable[[UUID], Run]) -> None:
    run = actions.start(steward, handed_in.pk, key=uuid4())
    assert actions.cancel(steward, handed_in.pk, run.pk).state == Run.State.CANCELLED
    assert actions.cancel(steward, handed_in.pk, run.pk).state == Run.State.CANCELLED
    assert actions.retry(steward, handed_in.pk, run.pk).state == Run.State.WAITING
    assert run_now(run.pk).is_done
    with pytest.raises(NotPossible, match="nothing to cancel"):
        actions.cancel(steward, handed_in.pk, run.pk)


def test_another_department_finds_no_run(done: Run, person: Callable[..., Person], steward: Actor) -> None:
    parks = Organisation.objects.create(name="Parks", kind="department")
    stranger = actor_for(person(Role.DATA_STEWARD, organisation=parks, email="parks@example.org"))
    with pytest.raises(Http404):
        queries.run_for(stranger, done.agreement_id, done.pk)
    with pytest.raises(Http404):
        queries.run_facts(stranger, done.pk)
    assert queries.finished_runs(stranger) == []
    assert [facts.run_id for facts in queries.finished_runs(steward)] == [done.pk]


def test_doubtful_pairs_fill_the_queue(done: Run) -> None:
    pairs = ReviewPair.objects.filter(run=done)
    assert pairs.count() == done.doubtful


def test_a_run_whose_agreement_ends_meanwhile_is_not_kept(
    handed_in: Agreement, steward: Actor, run_now: Callable[[UUID], Run], own_folder: Path
) -> None:
    run = actions.start(steward, handed_in.pk, key=uuid4())
    held = running.take(run.pk)
    assert held is not None
    folder = results.unfinished_folder(held.pk, held.lease)
    folder.mkdir(parents=True)
    (folder / "links.sealed").write_bytes(b"sealed")
    Agreement.objects.filter(pk=handed_in.pk).update(state=Agreement.State.ENDED)
    running.ATTEMPTS.publish(held, {})
    run.refresh_from_db()
    assert (run.state, run.fault) == (Run.State.FAILED, "code:ended")
    assert not folder.exists()


def test_a_fault_is_told_by_its_place_and_never_by_its_words() -> None:
    try:
        raise ValueError("Could not convert 'Aurelia Quillfeather'")
    except ValueError as fault:
        told = runner.place_of(fault)
    assert told.startswith("ValueError at test_linkage_runs.py:")
    assert not any(name in told for name in GIVEN + FAMILY)


def test_the_page_of_a_run_tells_no_name_and_hides_small_counts(
    done: Run, sign_in: Callable[..., Client]
) -> None:
    client = sign_in(Role.AUDITOR)
    page = client.get(f"/linkage/{done.agreement_id}/runs/{done.pk}/")
    told = page.content.decode()
    assert page.status_code == 200 and "SYNTHETIC" in told
    assert f"{done.people} people stand behind 360 records" in told
    assert not any(name in told for name in GIVEN + FAMILY)
    rows = quality_page.departments_of([["a", 100], ["b", 2], ["a;b", 50]], {"a": "A", "b": "B"})
    assert [row["people"] for row in rows if row["title"] == "B"] == [None]
    assert sum(row["people"] is None for row in rows) > 1, "one hidden alone could be worked out"


def test_what_reviewers_decided_holds_in_the_next_run(
    done: Run, steward: Actor, reviewers: list[Person], run_now: Callable[[UUID], Run]
) -> None:
    pair = ReviewPair.objects.filter(run=done).first()
    if pair is None:
        pytest.skip("the model is in no doubt about these lists")
    told = reviews.evidence_of(pair)
    for person in reviewers[:2]:
        review.answer(actor_for(person), done.agreement_id, pair.pk, version=1, said="different", key=uuid4())
    again = run_now(actions.start(steward, done.agreement_id, key=uuid4()).pk)
    assert again.decisions == 1
    people_of = {
        (source, record): person for source, record, person in sealed.frame_of(again, "links").rows()
    }
    sides = [(told[side]["source"], told[side]["record"]) for side in ("left", "right")]  # type: ignore[index]
    assert people_of[sides[0]] != people_of[sides[1]]
    assert not ReviewPair.objects.filter(pk=pair.pk, outcome="open").exists()
