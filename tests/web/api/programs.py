"""Programs that ask with a token."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.api.models import Token
from philoxenia_web.api.scopes import all_scopes
from philoxenia_web.api.tokens import digest_of, new_secret

BASE = "/api/v1"


def token_for(
    person: Person, organisation: Organisation, scopes: list[str] | None = None, **fields: Any
) -> str:
    """The text of a token with these scopes; with all of them when none are named."""
    secret = new_secret()
    told = {"expires_at": timezone.now() + timedelta(days=1), "epoch": person.epoch} | fields
    Token.objects.create(
        person=person,
        organisation=organisation,
        name="Test",
        scopes=[one.name for one in all_scopes()] if scopes is None else scopes,
        prefix=secret.prefix,
        digest=digest_of(secret.text),
        **told,
    )
    return secret.text


def program(text: str) -> Client:
    """A client that sends a token, where CSRF would be checked."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {text}"})


def send(client: Client, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
    """A request with a JSON body; headers with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content_type": "application/json"} if body is not None else {}
    return client.generic(method, BASE + path, "" if body is None else _json(body), headers=named, **kind)


def make(client: Client, path: str, body: Any, key: str = "", **headers: str) -> HttpResponse:
    """A POST with an Idempotency-Key."""
    return send(client, "POST", path, body, Idempotency_Key=key or str(uuid4()), **headers)


def _json(body: Any) -> str | bytes:
    return body if isinstance(body, str | bytes) else json.dumps(body, default=str)
