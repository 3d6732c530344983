"""Which addresses records name, and checking those that are due, a bounded number at a time."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.datasets.queries import package
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.links.checking import Found, check
from philoxenia_web.directory.models import CheckedLink
from philoxenia_web.directory.queries import IS_SHOWN

TASK, QUEUE = "directory.check_links", "directory"
_AT_ONCE = 8
# Addresses of what is shown; nothing else of the directory is asked for outside.
_NAMED = f"""
select distinct trim(address) from (
  select url as address from directory_service where {IS_SHOWN}
  union all select o.website from directory_organization o where not o.withheld
    and o.id in (select organization_id from directory_service where {IS_SHOWN})
  union all select url from directory_url
    where service_id in (select id from directory_service where {IS_SHOWN})
) named where trim(address) <> ''"""  # noqa: S608 (words of ours)


def gather() -> int:
    """Note every address that records name now, and forget those that none does; how many there are."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NAMED)
            named = {hash_of(address): address for (address,) in cursor.fetchall()}
        known = set(CheckedLink.objects.values_list("pk", flat=True))
        CheckedLink.objects.filter(pk__in=known - named.keys()).delete()
        CheckedLink.objects.bulk_create(
            (CheckedLink(pk=key, address=named[key]) for key in named.keys() - known),
            batch_size=2000,
            ignore_conflicts=True,
        )
    return len(named)


def hash_of(address: str) -> str:
    """Names an address in the table."""
    return hashlib.sha256(address.encode()).hexdigest()


def due() -> QuerySet[CheckedLink]:
    """Addresses to check: the new first, then those not asked for longest; failures sooner."""
    now, parameters = timezone.now(), package().parameters
    usual = now - timedelta(days=parameters["directory.link_days"])
    failed = now - timedelta(days=parameters["directory.link_retry_days"])
    late = Q(checked_at=None) | Q(checked_at__lt=usual) | Q(failures__gt=0, checked_at__lt=failed)
    return CheckedLink.objects.filter(late).order_by("checked_at", "pk")


def check_due(checked: Callable[[str], Found] = check) -> int:
    """Check some of what is due, and write down what was found; how many. A job runs this."""
    gather()
    most = int(package().parameters["directory.link_batch"])
    # Unknown times sort last in PostgreSQL; they are what is to be asked first.
    rows = list(due().filter(checked_at=None)[:most])
    rows += list(due().exclude(checked_at=None)[: most - len(rows)])
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(checked, [row.address for row in rows]))
    for row, found in zip(rows, answers, strict=True):
        _note(row, found)
    fields = ["state", "status", "goes_to", "said", "checked_at", "failures"]
    CheckedLink.objects.bulk_update(rows, fields, batch_size=500)
    return len(rows)


def _note(row: CheckedLink, found: Found) -> None:
    failed = found.state in (CheckedLink.State.BROKEN, CheckedLink.State.SILENT)
    row.failures = row.failures + 1 if failed else 0
    row.state, row.status = found.state, found.status
    row.goes_to, row.said = found.goes_to[:2000], found.said
    row.checked_at = timezone.now()


def ask_for_check(actor: Actor) -> None:
    """Have the worker check now; asked twice it runs once."""
    check_can(actor, LOOK_AFTER)
    from procrastinate.contrib.django import app  # noqa: PLC0415 (exists once Django is set up)
    from procrastinate.exceptions import AlreadyEnqueued  # noqa: PLC0415

    try:
        app.configure_task(TASK, queue=QUEUE, queueing_lock=TASK).defer(timestamp=0)
    except AlreadyEnqueued:
        return
    audit.record(actor, "directory.check_links")


def used_by(address: str) -> list[dict[str, Any]]:
    """The records that name an address: table, id, name."""
    query = f"""
    select 'service', id, name from directory_service where trim(url) = %s and {IS_SHOWN}
    union all select 'organization', id, name from directory_organization where trim(website) = %s
    union all select 'service', s.id, s.name
      from directory_url u join directory_service s on s.id = u.service_id
      where trim(u.url) = %s limit 20"""  # noqa: S608 (words of ours)
    with connection.cursor() as cursor:
        cursor.execute(query, [address] * 3)
        return [dict(zip(("table", "id", "name"), row, strict=True)) for row in cursor.fetchall()]
