"""People who sign in for real: with the form, a confirmed address, codes of an authenticator app."""

import base64
import hmac
import struct
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role

PASSWORD = "correct horse battery"  # noqa: S105 (of people in tests)


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    """Limits on attempts count from nothing."""
    cache.clear()


@pytest.fixture
def member(person: Callable[..., Person]) -> Callable[..., Person]:
    """A person whose e-mail address is confirmed, as after an invitation."""

    def make(*roles: Role, **more: object) -> Person:
        made = person(*roles, **more)
        EmailAddress.objects.create(user=made, email=made.email, primary=True, verified=True)
        return made

    return make


def enter(client: Client, person: Person, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Send the sign-in form."""
    return client.post("/account/login/", {"login": person.email, "password": password, **more})


def code_of(secret: str) -> str:
    """What the authenticator app shows now."""
    counted = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1").digest()
    start = counted[-1] & 15
    return f"{(struct.unpack('>I', counted[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def chain_now(db: None) -> Iterator[Callable[[], None]]:
    """Do what the database does at the end of each transaction, inside the test's own."""

    def link() -> None:
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")

    yield link
