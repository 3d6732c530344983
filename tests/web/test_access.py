"""Access is denied by default."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.roles import Role


def test_home_leads_strangers_to_help(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/help/")


def test_other_pages_ask_for_sign_in(client: Client) -> None:
    answer = client.get("/studies/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


def test_home_opens_when_signed_in(sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.PLANNER).get("/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", ["update accounts_auditentry set action = 'x'", "delete from accounts_auditentry"]
)
def test_the_application_cannot_change_the_trail(change: str) -> None:
    record(SYSTEM, "tests.tried")
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
