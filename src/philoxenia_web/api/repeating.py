"""Idempotency-Key: the answer to a request that makes something is kept, in the transaction that makes it.

A request that fails keeps nothing and may be sent again with the same key.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.models import KeptAnswer
from philoxenia_web.api.problems import Problem

KEPT = timedelta(hours=48)
KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEPT_HEADERS = ("Location", "ETag", "Content-Type")


def check_key(request: HttpRequest) -> str:
    """The request's key; a `Problem` when it is missing or no key."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise Problem("key-missing")
    if not KEY.fullmatch(key):
        raise Problem("key-missing", "An Idempotency-Key has 1 to 200 visible ASCII characters.")
    return key


def key_for_action(request: HttpRequest) -> UUID:
    """The same key as a UUID, for actions that know one."""
    person = actor_of(request).person_id
    if person is None:
        raise Problem("unauthenticated")
    return uuid5(person, f"{request.path} {check_key(request)}")


def answered_once(
    request: HttpRequest, operation: str, run: Callable[[], HttpResponse], *, keeps_answer: bool = True
) -> HttpResponse:
    """What the first request with this key was answered, now or before.

    Where the answer is not kept, `run` gives it again: its action knows the key.
    """
    key, person = check_key(request), actor_of(request).person_id
    with transaction.atomic():
        _take_turn(f"{person} {operation} {key}")
        kept = KeptAnswer.objects.filter(person_id=person, operation=operation, key=key).first()
        if kept is not None and kept.created_at > timezone.now() - KEPT:
            return _again(kept, request, None if keeps_answer else run)
        if kept is not None:
            kept.delete()
        response = run()
        if response.status_code < 400:
            _keep(response, request, operation, key, response.content if keeps_answer else b"")
        return response


def _take_turn(name: str) -> None:
    """Hold a lock until the transaction ends; 409 where another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [lock_number(name)])
        if not cursor.fetchone()[0]:
            raise Problem("in-progress", headers={"Retry-After": "1"})


def lock_number(name: str) -> int:
    """A number by which PostgreSQL knows the lock."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def _again(kept: KeptAnswer, request: HttpRequest, run: Callable[[], HttpResponse] | None) -> HttpResponse:
    if kept.request_digest != _digest(request):
        raise Problem("key-reused")
    response = run() if run else HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _keep(response: HttpResponse, request: HttpRequest, operation: str, key: str, body: bytes) -> None:
    KeptAnswer.objects.create(
        person_id=actor_of(request).person_id,
        operation=operation,
        key=key,
        request_digest=_digest(request),
        status=response.status_code,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        body=body,
    )


def _digest(request: HttpRequest) -> str:
    address = request.get_full_path().encode()
    return hashlib.sha256(address + b"\0" + request.body).hexdigest()
