"""For machines that watch this one: does it live, is it ready, what are its numbers.

Answered before hosts, sessions and people are looked at: probes come by number and hold no session.
"""

import hmac
import ipaddress
import shutil
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse

from philoxenia_web.config import metrics
from philoxenia_web.config.prepare import unapplied

_LEAST_FREE_BYTES = 500 * 2**20
_SILENT_WORKER_SECONDS = 60


class HealthMiddleware:
    """Answers /health/live, /health/ready and /metrics; passes on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._answers = {"/health/live": _live, "/health/ready": _ready, "/metrics": _metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Only the exact addresses."""
        answer = self._answers.get(request.path_info)
        return answer(request) if answer else self.get_response(request)


def _live(_request: HttpRequest) -> HttpResponse:
    """This process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


def _ready(_request: HttpRequest) -> HttpResponse:
    """Every part it needs, with a sentence about what is wrong."""
    checks = {"database": _database, "migrations": _migrations, "worker": _worker, "disk": _disk}
    found = {}
    for name, check in checks.items():
        try:
            found[name] = check()
        except Error:
            found[name] = "The database does not answer."
    ready = not any(found.values())
    told = {"ready": ready, "checks": {name: wrong or "ok" for name, wrong in found.items()}}
    answer = JsonResponse(told, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
    # What is wrong stands in the answer; a line in the log for each probe would hide the others.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return ""


def _migrations() -> str:
    try:
        _all_applied()
    except _MissingError as missing:
        return str(missing)
    return ""


@cache
def _all_applied() -> None:
    """Asked until it is so, then never again: tables do not go back under a running process."""
    if missing := unapplied():
        raise _MissingError(f"{len(missing)} changes of the tables are missing. Run philoxenia web migrate.")


class _MissingError(Exception):
    pass


def _worker() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from procrastinate_workers"
            " where last_heartbeat > now() - make_interval(secs => %s)",
            [_SILENT_WORKER_SECONDS],
        )
        alive = cursor.fetchone()[0]
    return "" if alive else "No worker has been heard of for a minute: studies and checks wait."


def _disk() -> str:
    free = shutil.disk_usage(settings.ENVIRONMENT.var).free
    return "" if free > _LEAST_FREE_BYTES else f"Only {free // 2**20} MB are free for uploads and studies."


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        return HttpResponseForbidden(
            "Send the token of PHILOXENIA_METRICS_TOKEN, or ask from this machine.\n"
        )
    return HttpResponse(metrics.page(), content_type=metrics.CONTENT_TYPE)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.ENVIRONMENT.metrics_token
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    # Behind a proxy everybody seems to come from this machine.
    forwarded = settings.ENVIRONMENT.behind_proxy or "X-Forwarded-For" in request.headers
    return not forwarded and _is_this_machine(request.META.get("REMOTE_ADDR", ""))


def _is_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False
