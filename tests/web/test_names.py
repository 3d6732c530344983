"""Ways to a name, to a record's number or to a status that somebody might try; none may lead there."""

# ruff: noqa: F811 (fixtures are imported)

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.linkage_review.conftest import (  # noqa: F401
    actors,
    address,
    agreement,
    browsers,
    departments,
    own_folder,
    reviewers,
    run,
    said,
)
from tests.web.linkage_runs.made_lists import agreement_of, hand_in

from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.config.logs import JsonFormatter
from philoxenia_web.linkage.models import Agreement, ReviewPair, Run
from philoxenia_web.linkage.review import views
from philoxenia_web.linkage.review.queries import place_of
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import child
from philoxenia_web.registry import queries as lists
from philoxenia_web.registry.models import DataKey
from philoxenia_web.registry.refusals import Damaged

pytestmark = pytest.mark.django_db
# Nobody is called so, born so, numbered so: what is looked for in pages, tables, logs.
HOSTILE = "<script>Zyxwvutka</script>"
MARKS = ("Zyxwvutka", "Quuxovna", "1987-03-05", "zyx@example.org", "1 Grue Lane", "SEC-7001", "SEC-8001")


def _record(number: str) -> pl.DataFrame:
    said_of = {
        "record_id": number, "given_name": HOSTILE, "family_name": "Quuxovna\u202e",
        "birth_date": "1987-03-05", "email": "zyx@example.org",
        "address": "1 Grue Lane", "needs": "housing", "synthetic": True,
    }  # fmt: skip
    return pl.DataFrame([said_of])


@pytest.fixture
def handed_in(agreement: Agreement, departments: list[Organisation]) -> Agreement:
    """Two departments know the same person."""
    for number, department in zip(("SEC-7001", "SEC-8001"), departments, strict=False):
        hand_in(agreement, department, _record(number))
    return agreement


@pytest.fixture
def pair(run: Run) -> ReviewPair:
    """The two records, in doubt."""
    return _pair_of(run)


def _pair_of(run: Run) -> ReviewPair:
    left, right = sorted(
        lists.lists_of(run.agreement_id), key=lambda one: one.organisation.name, reverse=True
    )
    sides = {
        side: {"source": str(one.organisation_id), "record": number, "list": str(one.pk)}
        for side, one, number in (("left", left, "SEC-7001"), ("right", right, "SEC-8001"))
    }
    told = sides | {"evidence": [], "weight": 0.4, "probability": 0.57, "content": []}
    made = uuid4()
    sealed = registry.seal(run.agreement_id, json.dumps(told).encode(), name=place_of(made))
    return ReviewPair.objects.create(id=made, agreement_id=run.agreement_id, run=run, sealed=sealed, worth=1)


def _found(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def _addresses(pair: ReviewPair) -> list[str]:
    base = f"/linkage/{pair.agreement_id}/"
    listed = [f"{base}lists/{one.pk}/" for one in lists.lists_of(pair.agreement_id)]
    own = ["", "lists/", "review/", f"review/{pair.pk}/", f"runs/{pair.run_id}/", "runs/new/", "unlink/"]
    return [*(base + rest for rest in own), *listed, "/linkage/", "/needs/", f"/needs/overlap/{pair.run_id}/"]


def test_nobody_but_a_named_reviewer_comes_to_a_name(
    pair: ReviewPair,
    browsers: list[Client],
    sign_in: Callable[..., Client],
) -> None:
    shown = browsers[0].get(address(pair))
    page = shown.content.decode()
    assert _found(page) == list(MARKS) and "<script>Zyx" not in page and "no-store" in shown["Cache-Control"]
    assert not _found(page[page.index("<title>") : page.index("</title>")])
    for role in Role:
        client = sign_in(role, email=f"curious-{role}@example.org")
        for place in _addresses(pair):
            answer = client.get(place)
            assert not _found(answer.content.decode()), (role, place)
        assert client.get(address(pair)).status_code in (403, 404)
        assert client.post(address(pair), said(pair, "same")).status_code in (403, 404)
    assert Client().get(address(pair)).status_code == 302


def test_another_agreement_opens_nothing(
    pair: ReviewPair,
    departments: list[Organisation],
    person: Callable[..., Person],
) -> None:
    other = person(Role.REVIEWER, email="elsewhere@example.org")
    second = agreement_of(*departments, reviewers=(other, other))
    client = Client()
    client.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")
    for base in (second.pk, pair.agreement_id):
        assert client.get(f"/linkage/{base}/review/{pair.pk}/").status_code == 404
    # Moved into an agreement of theirs, or to another place in the same one, the bytes do not open.
    for there, place in ((second.pk, pair.pk), (pair.agreement_id, uuid4())):
        with pytest.raises(Damaged):
            registry.unseal(there, bytes(pair.sealed), name=place_of(place))
    assert not lists.lists_of(second.pk).exists()


def test_the_end_a_passed_day_and_a_role_taken_away_close_every_page(
    pair: ReviewPair,
    browsers: list[Client],
    reviewers: list[Person],
) -> None:
    assert _found(browsers[0].get(address(pair)).content.decode())
    Membership.objects.filter(person=reviewers[1]).delete()
    assert browsers[1].get(address(pair)).status_code == 403
    # An extension that not all have signed opens nothing.
    passed = timezone.localdate() - timedelta(days=1)
    later = passed + timedelta(days=90)
    Agreement.objects.filter(pk=pair.agreement_id).update(valid_until=passed, proposed_until=later, round=2)
    key = DataKey.objects.filter(pk=pair.agreement_id)
    until = key.get().valid_until
    key.update(valid_until=passed)
    answer = browsers[0].get(address(pair))
    assert answer.status_code == 410 and not _found(answer.content.decode())
    key.update(valid_until=until, destroyed_at=timezone.now())
    answer = browsers[0].get(address(pair))
    assert answer.status_code == 410 and not _found(answer.content.decode())


def test_the_database_holds_no_person_and_joins_none(pair: ReviewPair, browsers: list[Client]) -> None:
    for client in browsers[:2]:
        client.get(address(pair))
        client.post(address(pair), said(pair, "same"))
    assert ReviewPair.objects.get(pk=pair.pk).outcome == "same"
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"select coalesce(string_agg(kept::text, ' '), '') from {table} kept")  # noqa: S608
            assert not _found(cursor.fetchone()[0]), table


def test_a_fault_on_a_page_of_names_tells_the_log_none(
    pair: ReviewPair,
    browsers: list[Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*records: dict) -> None:
        raise ValueError(records[0]["given_name"], records[0]["record_id"])

    monkeypatch.setattr(views.comparing, "lines_of", broken)
    browsers[0].raise_request_exception = False
    with caplog.at_level(logging.INFO):
        answer = browsers[0].get(address(pair))
    written = "\n".join(JsonFormatter().format(record) for record in caplog.records)
    assert answer.status_code == 500 and "ValueError" in written
    assert not _found(written) and not _found(answer.content.decode())


def test_a_status_in_a_cell_is_not_kept() -> None:
    table = _record("SEC-7001").with_columns(
        locality=pl.lit("refugee"), language=pl.lit("undocumented"), needs=pl.lit("claimant;housing")
    )
    kept = child.kept_table(table, ["housing"]).row(0, named=True)
    assert (kept["locality"], kept["language"], kept["needs"]) == (None, None, "housing")
