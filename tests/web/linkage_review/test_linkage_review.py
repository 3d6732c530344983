"""The review of doubtful pairs: two decide, a third breaks a tie, and nobody sees what another said."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.web.linkage_review.conftest import address, said
from tests.web.linkage_runs.made_lists import FAMILY, GIVEN

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import AuditEntry, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Decision, ReviewPair
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.review import actions, comparing, queries
from philoxenia_web.linkage.review.deciding import outcome_of
from philoxenia_web.registry import actions as registry

Made = Callable[[int, float], ReviewPair]


def answer(actor: Actor, pair: ReviewPair, word: str) -> ReviewPair:
    """One reviewer's answer, as from a page just opened."""
    now = ReviewPair.objects.get(pk=pair.pk)
    return actions.answer(actor, pair.agreement_id, pair.pk, version=now.version, said=word, key=uuid4())


@given(st.lists(st.sampled_from(["same", "different", "unsure", "away"]), max_size=3))
def test_two_equal_answers_decide_whatever_their_order(answers: list[str]) -> None:
    assert outcome_of(answers) == outcome_of(sorted(answers))
    counted = {word: answers.count(word) for word in ("same", "different", "unsure")}
    if max(counted.values()) < 2:
        assert outcome_of(answers) == ("unsure" if sum(counted.values()) == 3 else "open")
    else:
        assert counted[outcome_of(answers)] >= 2


@pytest.mark.django_db
class TestDeciding:
    """What answers become."""

    def test_one_reviewer_alone_never_decides(self, pair: ReviewPair, actors: list[Actor]) -> None:
        assert answer(actors[0], pair, "same").outcome == "open"
        with pytest.raises(NotPossible, match="already"):
            answer(actors[0], pair, "different")
        assert answer(actors[0], pair, "same").outcome == "open"
        assert Decision.objects.filter(pair=pair).count() == 1

    def test_two_who_agree_decide(self, pair: ReviewPair, actors: list[Actor]) -> None:
        answer(actors[0], pair, "same")
        assert answer(actors[1], pair, "same").outcome == "same"
        with pytest.raises(NotPossible, match="decided meanwhile"):
            answer(actors[2], pair, "different")

    def test_a_third_breaks_a_tie(self, pair: ReviewPair, actors: list[Actor]) -> None:
        answer(actors[0], pair, "same")
        assert answer(actors[1], pair, "different").outcome == "open"
        assert answer(actors[2], pair, "different").outcome == "different"

    def test_staying_away_counts_for_nothing(self, pair: ReviewPair, actors: list[Actor]) -> None:
        answer(actors[0], pair, "away")
        assert pair.pk not in queries.open_for(actors[0], pair.agreement).values_list("pk", flat=True)
        answer(actors[1], pair, "same")
        assert answer(actors[2], pair, "same").outcome == "same"

    def test_an_answer_to_old_evidence_is_not_kept(self, pair: ReviewPair, actors: list[Actor]) -> None:
        ReviewPair.objects.filter(pk=pair.pk).update(version=2)
        with pytest.raises(NotPossible, match="evidence changed"):
            actions.answer(actors[0], pair.agreement_id, pair.pk, version=1, said="same", key=uuid4())
        assert not Decision.objects.filter(pair=pair).exists()

    def test_a_form_sent_twice_is_one_answer(self, pair: ReviewPair, actors: list[Actor]) -> None:
        key = uuid4()
        for _time in range(2):
            actions.answer(actors[0], pair.agreement_id, pair.pk, version=1, said="same", key=key)
        assert Decision.objects.filter(pair=pair).count() == 1
        assert AuditEntry.objects.filter(action="linkage.answer", object_id=str(pair.pk)).count() == 1

    def test_an_answer_is_taken_back_until_the_second(self, pair: ReviewPair, actors: list[Actor]) -> None:
        answer(actors[0], pair, "same")
        actions.take_back(actors[0], pair.agreement_id, pair.pk)
        assert queries.own_answer(actors[0], pair) is None
        answer(actors[0], pair, "different")
        answer(actors[1], pair, "same")
        for actor in actors[:2]:
            with pytest.raises(NotPossible, match="your answer stands"):
                actions.take_back(actor, pair.agreement_id, pair.pk)

    def test_what_is_worth_most_comes_first_and_once(self, make_pair: Made, actors: list[Actor]) -> None:
        little, much = make_pair(1, 0.1), make_pair(2, 3.0)
        assert queries.next_pair(actors[0], little.agreement) == much.pk
        assert queries.next_pair(actors[0], little.agreement, after=much.pk) == little.pk
        assert queries.next_pair(actors[0], little.agreement, after=little.pk) == much.pk
        answer(actors[0], much, "same")
        assert queries.next_pair(actors[0], little.agreement) == little.pk

    def test_after_the_end_nothing_is_decided(self, pair: ReviewPair, actors: list[Actor]) -> None:
        pair.agreement.state = "ended"
        pair.agreement.save()
        with pytest.raises(NotPossible):
            answer(actors[0], pair, "same")


@pytest.mark.django_db
class TestPages:
    """What reviewers see, and nobody else."""

    def test_a_pair_shows_both_records_and_is_written_down(
        self, pair: ReviewPair, browsers: list[Client]
    ) -> None:
        page = browsers[0].get(address(pair)).content.decode()
        assert "A-0005" in page and "B-0005" in page
        assert "nearly the same" in page and 'dir="auto"' in page and "speaks against it" in page
        read = AuditEntry.objects.filter(action="registry.read_records")
        assert read.count() == 1 and [len(marks) for marks in read.get().after["lists"].values()] == [1, 1]
        assert not AuditEntry.objects.filter(after__icontains="-0005").exists()
        told = " ".join(str(values) for values in AuditEntry.objects.values_list("before", "after", "reason"))
        assert not any(name in told for name in GIVEN + FAMILY)

    def test_nobody_sees_what_another_said(self, pair: ReviewPair, browsers: list[Client]) -> None:
        before = browsers[1].get(address(pair)).content.decode()
        browsers[0].post(address(pair), said(pair, "different"))
        after = browsers[1].get(address(pair)).content.decode()
        assert "You answered" not in after
        assert before.count("Different people") == after.count("Different people")
        assert f'name="version" value="{pair.version}"' in after

    def test_an_answer_leads_to_the_next_pair_and_back(self, make_pair: Made, browsers: list[Client]) -> None:
        first, second = make_pair(1, 2.0), make_pair(2, 1.0)
        answered = browsers[0].post(address(first), said(first, "same"))
        assert answered.headers["Location"] == f"{address(second)}?after={first.pk}"
        assert "Take back" in browsers[0].get(answered.headers["Location"]).content.decode()
        assert browsers[0].post(address(first, "undo/")).headers["Location"] == address(first)
        assert not Decision.objects.filter(undone_at=None).exists()

    def test_the_queue_says_how_far_it_is(self, make_pair: Made, browsers: list[Client]) -> None:
        pairs = [make_pair(number, 1.0) for number in (1, 2, 3)]
        for client in browsers[:2]:
            client.post(address(pairs[0]), said(pairs[0], "same"))
        page = browsers[0].get(f"/linkage/{pairs[0].agreement_id}/review/").content.decode()
        assert "1 of 3 doubtful pairs are decided; 2 wait for your answer." in page
        assert not any(name in page for name in GIVEN + FAMILY)

    def test_who_is_not_named_finds_nothing(self, pair: ReviewPair, person: Callable[..., Person]) -> None:
        stranger = person(Role.REVIEWER, email="stranger@example.org")
        with pytest.raises(Http404):
            queries.pair_for(actor_for(stranger), pair.agreement_id, pair.pk)
        client = Client()
        client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.get(address(pair)).status_code == 404
        assert client.post(address(pair), said(pair, "same")).status_code == 404

    def test_a_decided_pair_is_closed_to_others(
        self, pair: ReviewPair, actors: list[Actor], browsers: list[Client]
    ) -> None:
        answer(actors[0], pair, "same")
        answer(actors[1], pair, "same")
        assert browsers[2].get(address(pair)).status_code == 404
        assert browsers[0].get(address(pair)).status_code == 200

    def test_after_the_key_is_gone_a_sentence_stands_there(
        self,
        pair: ReviewPair,
        browsers: list[Client],
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        registry.destroy_key(SYSTEM, pair.agreement_id, "It is over.")
        page = browsers[0].get(address(pair))
        assert page.status_code == 410 and "destroyed" in page.content.decode()


def test_differences_are_told_in_words_and_marked() -> None:
    left = {"given_name": "Anna", "family_name": "Коваль", "birth_date": "05/03/1987", "phone": "555-1"}
    right = {"given_name": "Anne", "family_name": "Koval", "birth_date": "1987-03-05", "phone": None}
    lines = {line.field: line for line in comparing.lines_of(left, right)}
    assert lines["given_name"].verdict == "nearly"
    assert str(lines["given_name"].left) == 'Ann<mark class="differs">a</mark>'
    assert lines["family_name"].verdict == "script"
    assert lines["birth_date"].verdict == "written"
    assert lines["phone"].verdict == "one" and "email" not in lines


def test_what_a_record_says_is_never_markup() -> None:
    hostile = {"full_name": '<script>alert("x")</script>', "address": "<b>1</b>"}
    told = comparing.lines_of(hostile, {"full_name": "<i>y</i>", "address": "2"})
    assert all(
        "<script" not in line.left and "<b>" not in line.left and "<i>" not in line.right for line in told
    )
