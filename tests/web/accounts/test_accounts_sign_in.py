"""Signing in as people do it: password, second factor, limits, sessions; and what an attacker learns."""

import re
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import transaction
from django.test import Client
from tests.web.accounts.conftest import PASSWORD, code_of, enter
from tests.web.api.programs import token_for

from philoxenia_web.accounts import actions
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

Member = Callable[..., Person]


def set_up_app(client: Client) -> str:
    """Set up an authenticator app as a person does; its secret."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.get("/account/2fa/totp/activate/").content.decode()
    secret = re.search(r'class="secret" dir="ltr">([A-Z2-7]+)<', page)[1]
    # What is done once it is committed is done within the test's own transaction.
    with mock.patch.object(transaction, "on_commit", lambda work: work()):
        done = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/account/2fa/recovery-codes/"
    return secret


def trail() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


# Second factor


@pytest.mark.parametrize("role", list(Role))
def test_staff_set_up_a_second_factor_before_anything_else(
    member: Member, settings: Any, client: Client, role: Role
) -> None:
    settings.SECOND_FACTOR = "staff"
    enter(client, member(role))
    for path in ("/", "/profile/", "/people/", "/trail/", "/account/email/", "/account/sessions/"):
        assert client.get(path)["Location"] == "/account/2fa/"
        assert client.post(path)["Location"] == "/account/2fa/"
    assert b"Set up a second factor to go on" in client.get("/account/2fa/").content
    set_up_app(client)
    assert client.get("/profile/").status_code == 200


def test_without_a_role_one_may_do_without_unless_everyone_must(
    member: Member, settings: Any, client: Client
) -> None:
    settings.SECOND_FACTOR = "staff"
    enter(client, member())
    assert client.get("/profile/").status_code == 200
    settings.SECOND_FACTOR = "everyone"
    assert client.get("/profile/").status_code == 302


def test_recovery_codes_alone_are_no_second_factor(member: Member, settings: Any, client: Client) -> None:
    settings.SECOND_FACTOR = "staff"
    person = member(Role.PLANNER)
    Authenticator.objects.create(user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    enter(client, person)
    assert client.get("/profile/").status_code == 302


def test_the_password_alone_opens_nothing_once_there_is_a_second_factor(member: Member) -> None:
    person = member(Role.PLANNER)
    first = Client()
    enter(first, person)
    secret = set_up_app(first)
    second = Client()
    assert enter(second, person)["Location"].startswith("/account/2fa/authenticate/")
    assert second.get("/profile/").status_code == 302
    assert b"Incorrect code" in second.post("/account/2fa/authenticate/", {"code": "000000"}).content
    assert second.get("/profile/").status_code == 302
    # A code counts once; the app was set up with this period's.
    code = next(c for c in _codes(secret) if c != code_of(secret))
    assert second.post("/account/2fa/authenticate/", {"code": code}).status_code == 302
    assert second.get("/profile/").status_code == 200


def _codes(secret: str) -> list[str]:
    """What the app showed just before, now, and just after."""
    now = time.time
    try:
        return [_at(secret, now() + shift) for shift in (-30, 0, 30)]
    finally:
        time.time = now


def _at(secret: str, moment: float) -> str:
    time.time = lambda: moment
    return code_of(secret)


def test_a_code_of_the_app_counts_only_once(member: Member) -> None:
    person = member(Role.PLANNER)
    first = Client()
    enter(first, person)
    secret = set_up_app(first)
    code = _codes(secret)[2]
    one, two = Client(), Client()
    for client in (one, two):
        enter(client, person)
        client.post("/account/2fa/authenticate/", {"code": code})
    assert one.get("/profile/").status_code == 200
    assert two.get("/profile/").status_code == 302


def test_secrets_of_second_factors_are_encrypted(member: Member, client: Client) -> None:
    enter(client, member(Role.PLANNER))
    secret = set_up_app(client)
    kept = "".join(str(one.data) for one in Authenticator.objects.all())
    assert secret not in kept


def test_guessing_codes_is_stopped(member: Member) -> None:
    person = member(Role.PLANNER)
    first = Client()
    enter(first, person)
    secret = set_up_app(first)
    guesser = Client()
    enter(guesser, person)
    for number in range(6):
        answer = guesser.post("/account/2fa/authenticate/", {"code": f"{number:06d}"})
    assert b"Too many" in answer.content
    assert b"Too many" in guesser.post("/account/2fa/authenticate/", {"code": _codes(secret)[2]}).content
    assert guesser.get("/profile/").status_code == 302


def test_sensitive_changes_ask_again(member: Member, client: Client) -> None:
    enter(client, member(Role.PLANNER))
    for path in (
        "/account/2fa/totp/activate/",
        "/account/2fa/webauthn/add/",
        "/account/2fa/recovery-codes/generate/",
    ):
        answer = client.get(path)
        assert answer.status_code == 302, path
    assert client.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    answer = client.post("/account/email/", {"action_add": "", "email": "other@example.org"})
    assert answer["Location"].startswith("/account/reauthenticate/")


# Limits


def test_guessing_passwords_is_stopped_in_every_process(member: Member) -> None:
    person = member(Role.PLANNER)
    for _ in range(6):
        answer = enter(Client(REMOTE_ADDR="192.0.2.7"), person, "wrong")
    assert b"Too many failed" in answer.content
    # The right password does not help, from another address neither.
    assert enter(Client(REMOTE_ADDR="192.0.2.8"), person).status_code == 200
    # Somebody else is not locked out.
    assert enter(Client(REMOTE_ADDR="192.0.2.9"), member(Role.AUDITOR)).status_code == 302


def test_one_address_cannot_try_many_people(member: Member) -> None:
    answers = [
        Client(REMOTE_ADDR="192.0.2.7").post(
            "/account/login/", {"login": f"p{n}@example.org", "password": "wrong"}
        )
        for n in range(21)
    ]
    assert b"Too many failed" in answers[-1].content or answers[-1].status_code == 429


def test_a_forged_address_does_not_help(member: Member) -> None:
    person = member(Role.PLANNER)
    for n in range(6):
        answer = enter(Client(headers={"X-Forwarded-For": f"198.51.100.{n}"}), person, "wrong")
    assert b"Too many failed" in answer.content


# What an attacker learns


def test_wrong_password_and_unknown_address_look_the_same(member: Member) -> None:
    person = member(Role.PLANNER)
    known = enter(Client(), person, "wrong").content.decode()
    unknown = (
        Client()
        .post("/account/login/", {"login": "nobody@example.org", "password": "wrong"})
        .content.decode()
    )

    def bare(page: str) -> str:
        return re.sub(r'value="[^"]*"', "", page)

    assert bare(known) == bare(unknown)


def test_wrong_password_and_unknown_address_take_the_same_time(member: Member, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
    person = member(Role.PLANNER)
    person.set_password(PASSWORD)
    person.save()

    def seconds(address: str) -> float:
        begun = time.perf_counter()
        Client().post("/account/login/", {"login": address, "password": "wrong"})
        return time.perf_counter() - begun

    # The quickest of three: what the machine does besides only ever adds.
    known = min(seconds(person.email) for _ in range(3))
    unknown = min(seconds("nobody@example.org") for _ in range(3))
    assert 0.5 < known / unknown < 2


def test_a_reset_answers_alike_and_tells_only_the_mailbox(member: Member) -> None:
    person = member(Role.PLANNER, email="known@example.org")
    known = Client().post("/account/password/reset/", {"email": person.email})
    unknown = Client().post("/account/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["nobody@example.org"]]
    assert "no account" in mail.outbox[1].body


def test_a_closed_account_cannot_come_in(member: Member, client: Client) -> None:
    person = member(Role.PLANNER)
    person.is_active = False
    person.save()
    enter(client, person)
    assert client.get("/profile/").status_code == 302
    assert "accounts.sign_in" not in trail()


def test_failed_sign_ins_are_written_without_the_address(member: Member) -> None:
    person = member(Role.PLANNER)
    enter(Client(), person, "wrong")
    Client().post("/account/login/", {"login": "nobody@example.org", "password": "wrong"})
    entries = AuditEntry.objects.filter(action="accounts.sign_in_failed").order_by("id")
    assert [(one.object_id, one.after) for one in entries] == [
        (str(person.pk), {"known": True}),
        ("", {"known": False}),
    ]


# Passwords


@pytest.mark.parametrize(
    ("password", "fine"),
    [
        ("short one", False),
        ("password1234", False),
        ("Password!2026", False),
        ("abcabcabcabcabc", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("philoxenia is mine", False),
        ("test person test", False),
        ("x" * 5 + "yz12" * 40, False),
        ("bread stone window river", True),
        ("ψωμί πέτρα παράθυρο", True),
        ("only lower case words", True),
    ],
)
def test_passwords_are_long_and_not_common(member: Member, client: Client, password: str, fine: bool) -> None:
    person = member(Role.PLANNER)
    enter(client, person)
    client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    person.refresh_from_db()
    assert person.check_password(password) is fine


def test_a_new_password_by_mail_ends_other_sessions_and_works_once(member: Member) -> None:
    person = member(Role.PLANNER)
    thief = Client()
    enter(thief, person)
    Client().post("/account/password/reset/", {"email": person.email})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
    owner = Client()
    form = owner.get(link)["Location"]
    new = "bread stone window river"
    assert owner.post(form, {"password1": new, "password2": new}).status_code == 302
    assert thief.get("/profile/").status_code == 302
    assert enter(Client(), person, new).status_code == 302
    assert b"This link has ended" in Client().get(link).content
    assert "accounts.reset_password" in trail()


def test_a_reset_ends_tokens_and_a_plain_change_keeps_them(
    member: Member, department: Organisation, client: Client
) -> None:
    person = member(Role.PLANNER)
    program = Client(headers={"Authorization": f"Bearer {token_for(person, department)}"})
    assert program.get("/api/v1/me").status_code == 200
    enter(client, person)
    assert b"tokens for programs go on" in client.get("/account/password/change/").content
    changed = "bread stone window river"
    answer = client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": changed, "password2": changed}
    )
    assert answer.status_code == 302
    assert program.get("/api/v1/me").status_code == 200
    Client().post("/account/password/reset/", {"email": person.email})
    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    owner = Client()
    new = "stone window river bread"
    assert owner.post(owner.get(link)["Location"], {"password1": new, "password2": new}).status_code == 302
    assert program.get("/api/v1/me").status_code == 401


# Sessions


def test_the_sessions_key_changes_at_sign_in(member: Member, client: Client) -> None:
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by an attacker"
    session.save()
    client.cookies["session"] = session.session_key
    enter(client, member(Role.PLANNER))
    assert client.cookies["session"].value != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_sessions_key_changes_with_the_roles(member: Member, client: Client) -> None:
    person = member(Role.PLANNER)
    enter(client, person)
    client.get("/profile/")
    before = client.cookies["session"].value
    Membership.objects.filter(person=person).update(role=Role.AUDITOR)
    assert client.get("/trail/").status_code == 200
    after = client.cookies["session"].value
    assert before != after
    assert UserSession.objects.filter(session_key=after).exists()
    stale = Client()
    stale.cookies["session"] = before
    assert stale.get("/profile/").status_code == 302


def test_a_session_passes_only_if_it_showed_a_second_factor(member: Member, settings: Any) -> None:
    settings.SECOND_FACTOR = "staff"
    person = member(Role.PLANNER)
    thief, unlisted, owner = Client(), Client(), Client()
    for client in (thief, unlisted, owner):
        enter(client, person)
        assert client.get("/profile/")["Location"] == "/account/2fa/"
    # One that the list of sessions does not name: it has to show the factor all the same.
    UserSession.objects.filter(session_key=unlisted.cookies["session"].value).delete()
    key = thief.cookies["session"].value
    secret = set_up_app(owner)
    assert owner.get("/profile/").status_code == 200
    assert not Session.objects.filter(session_key=key).exists()
    for client in (thief, unlisted):
        assert client.get("/account/2fa/recovery-codes/")["Location"].startswith("/account/login/")
        assert client.get("/profile/")["Location"].startswith("/account/login/")
    # The second factor ends nobody's session: each has shown the first.
    here = Client()
    enter(here, person)
    here.post("/account/2fa/authenticate/", {"code": next(c for c in _codes(secret) if c != code_of(secret))})
    Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data={})
    assert owner.get("/profile/").status_code == here.get("/profile/").status_code == 200


def test_the_sessions_key_changes_with_the_factors(member: Member, client: Client) -> None:
    enter(client, member(Role.PLANNER))
    before = client.cookies["session"].value
    set_up_app(client)
    assert client.cookies["session"].value != before


@pytest.mark.parametrize(
    ("mark", "limit"), [("seen", "SESSION_IDLE_SECONDS"), ("began", "SESSION_ABSOLUTE_SECONDS")]
)
def test_sessions_end_by_themselves(
    member: Member, client: Client, settings: Any, mark: str, limit: str
) -> None:
    enter(client, member(Role.PLANNER))
    session = client.session
    session[mark] = int(time.time()) - getattr(settings, limit) + 30
    session.save()
    assert client.get("/profile/").status_code == 200
    session = client.session
    session[mark] = int(time.time()) - getattr(settings, limit) - 1
    session.save()
    assert client.get("/profile/").status_code == 302
    assert "accounts.session_ended" in trail()


def test_one_signs_out_everywhere_else(member: Member) -> None:
    person = member(Role.PLANNER)
    here, there = Client(), Client()
    enter(here, person)
    enter(there, person)
    assert b"2" in here.get("/profile/").content
    here.post("/account/sessions/")
    assert here.get("/profile/").status_code == 200
    assert there.get("/profile/").status_code == 302


@pytest.mark.parametrize("what", ["deactivate", "sign_out_everywhere", "reset_second_factor"])
def test_an_administrator_ends_sessions_at_once(member: Member, what: str) -> None:
    person = member(Role.PLANNER)
    client = Client()
    enter(client, person)
    assert client.get("/profile/").status_code == 200
    more = {} if what == "sign_out_everywhere" else {"version": person.version}
    getattr(actions, what)(SYSTEM, person.pk, **more)
    assert client.get("/profile/").status_code == 302


def test_signing_out_ends_the_session(member: Member, client: Client) -> None:
    enter(client, member(Role.PLANNER))
    key = client.cookies["session"].value
    assert client.get("/account/logout/").status_code == 200, "asks; only a form signs out"
    client.post("/account/logout/")
    assert not Session.objects.filter(session_key=key).exists()
    stale = Client()
    stale.cookies["session"] = key
    assert stale.get("/profile/").status_code == 302
    assert trail()[-1] == "accounts.sign_out"


def test_pages_speak_the_persons_language_after_sign_in(member: Member, client: Client) -> None:
    person = member(Role.PLANNER)
    person.language = "el"
    person.save()
    enter(client, person)
    assert client.get("/profile/")["Content-Language"] == "el"
    client.post("/profile/", {"name": "Test Person", "language": "ar"})
    assert client.get("/profile/")["Content-Language"] == "ar"


def test_mail_is_plain_text(member: Member) -> None:
    person = member(Role.PLANNER)
    Client().post("/account/password/reset/", {"email": person.email})
    assert mail.outbox[0].content_subtype == "plain"
    assert not getattr(mail.outbox[0], "alternatives", [])


# Who is not let in by a page that asks


def test_there_is_no_sign_up(client: Client) -> None:
    for path in ("/account/signup/", "/account/3rdparty/signup/", "/account/login/code/confirm/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"email": "me@example.org", "password1": PASSWORD}).status_code == 403
    assert not Person.objects.filter(email="me@example.org").exists()


def test_signed_in_pages_are_not_kept(member: Member, client: Client) -> None:
    enter(client, member(Role.PLANNER))
    assert client.get("/profile/")["Cache-Control"] == "no-store, private"
