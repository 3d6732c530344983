"""Signing in through the city's identity provider, and everything such a provider could get wrong."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from tests.web.accounts.provider import CLIENT, SECRET, Provider

from philoxenia_web.accounts import invitations
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

BEGIN, BACK = "/account/oidc/city/login/", "/account/oidc/city/login/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    made = Provider().begin()
    app = {
        "provider_id": "city",
        "name": "City account",
        "client_id": CLIENT,
        "secret": SECRET,
        "settings": {"server_url": made.url, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield made
    made.end()


def claims(email: str, **more: Any) -> dict[str, Any]:
    return {"sub": "person-1", "email": email, "email_verified": True, "name": "Test Person"} | more


def through(provider: Provider, client: Client) -> Any:
    """From the button to the answer after coming back."""
    leads_to = client.post(BEGIN)["Location"]
    return client.get(BACK + provider.agree(leads_to))


def is_in(client: Client) -> bool:
    return client.get("/profile/").status_code == 200


def test_the_sign_in_page_offers_it(provider: Provider, client: Client) -> None:
    assert b"Sign in with City account" in client.get("/account/login/").content


def test_the_way_there_carries_state_and_challenge(provider: Provider, client: Client) -> None:
    query = parse_qs(urlsplit(client.post(BEGIN)["Location"]).query)
    assert query["client_id"] == [CLIENT]
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["state"][0]) >= 16


def test_a_known_person_comes_in(provider: Provider, client: Client, member: Callable[..., Person]) -> None:
    person = member(Role.PLANNER)
    provider.claims = claims(person.email)
    assert through(provider, client)["Location"] == "/"
    assert is_in(client)
    assert Person.objects.count() == 1
    assert AuditEntry.objects.filter(action="accounts.sign_in", person_id=person.pk).exists()


def test_who_is_not_invited_stays_out(provider: Provider, client: Client) -> None:
    provider.claims = claims("stranger@example.org")
    assert b"You have no place here yet" in through(provider, client).content
    assert not is_in(client)
    assert Person.objects.count() == SocialAccount.objects.count() == 0


def test_an_invited_person_comes_in_without_a_password(
    provider: Provider, client: Client, department: Organisation
) -> None:
    invitations.invite(SYSTEM, "new@example.org", department.pk, {Role.PLANNER})
    provider.claims = claims("NEW@example.org")
    through(provider, client)
    assert is_in(client)
    person = Person.objects.get()
    assert not person.has_usable_password()
    assert set(Membership.objects.values_list("person", "role")) == {(person.pk, "planner")}
    assert invitations.open_invitations().count() == 0
    again = Client()
    through(provider, again)
    assert is_in(again)


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1])
def test_an_address_nobody_checked_opens_nothing(
    provider: Provider, client: Client, member: Callable[..., Person], department: Organisation, verified: Any
) -> None:
    person = member(Role.PLANNER)
    invitations.invite(SYSTEM, "new@example.org", department.pk, {Role.PLANNER})
    for email in (person.email, "new@example.org"):
        provider.claims = claims(email, email_verified=verified)
        through(provider, client)
        assert not is_in(client)
    assert Person.objects.count() == 1


def test_a_closed_account_stays_closed(
    provider: Provider, client: Client, member: Callable[..., Person]
) -> None:
    person = member(Role.PLANNER)
    Person.objects.update(is_active=False)
    provider.claims = claims(person.email)
    through(provider, client)
    assert not is_in(client)


@pytest.mark.parametrize(
    "wrong", [{"audience": "another"}, {"issuer": "https://elsewhere.example.org"}, {"valid_for": -600}]
)
def test_a_token_for_somebody_else_is_refused(
    provider: Provider, client: Client, member: Callable[..., Person], wrong: dict[str, Any]
) -> None:
    provider.claims = claims(member(Role.PLANNER).email)
    for name, value in wrong.items():
        setattr(provider, name, value)
    through(provider, client)
    assert not is_in(client)


def test_an_answer_nobody_asked_for_is_refused(
    provider: Provider, client: Client, member: Callable[..., Person]
) -> None:
    provider.claims = claims(member(Role.PLANNER).email)
    victim = Client()
    attackers_answer = provider.agree(client.post(BEGIN)["Location"])
    victim.get(BACK + attackers_answer)
    assert not is_in(victim)
    victim.post(BEGIN)
    victim.get(BACK + "?code=a+code&state=guessed")
    assert not is_in(victim)


def test_its_second_factor_counts_only_where_the_installation_says_so(
    provider: Provider, member: Callable[..., Person], settings: Any
) -> None:
    settings.SECOND_FACTOR = "staff"
    provider.claims = claims(member(Role.PLANNER).email)
    client = Client()
    through(provider, client)
    assert client.get("/profile/")["Location"] == "/account/2fa/"
    settings.OIDC_HAS_SECOND_FACTOR = True
    assert is_in(client)


def test_a_provider_that_does_not_answer_is_told_of(provider: Provider, client: Client) -> None:
    provider.end()
    answer = client.post(BEGIN)
    assert answer.status_code < 500
    assert not is_in(client)
    provider.begin()
