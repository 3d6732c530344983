"""Somebody is protected in the moment in which another team begins to work with them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.http import Http404
from tests.web.casework.desk_world import Desk, desk_of
from tests.web.casework_referrals.referral_world import World, worker, world
from tests.web.crowd import apart, crowd_database

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.actions.cases import close, reopen
from philoxenia_web.casework.models import Case
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import protecting
from philoxenia_web.registry.people.visits import visiting

__all__ = ["crowd_database"]


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path, keys=tmp_path / "keys")


def _protected_slowly(desk: Desk, resident_id: object, begun: Event, over: Event) -> None:
    """Protect, and stay a while before it holds."""
    with visiting(desk.actor):
        protecting.protect(desk.actor, resident_id, True, 1, uuid4())
        begun.set()
        assert over.wait(20)


def _until_somebody_waits() -> None:
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("select 1 from pg_locks where not granted and locktype = 'transactionid'")
            if cursor.fetchone():
                return
            sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.usefixtures("crowd_database")
def test_a_case_begun_while_the_person_is_protected_is_not_begun() -> None:
    begun, over = Event(), Event()
    with ThreadPoolExecutor(3) as pool:
        holder, other = (pool.submit(apart, desk_of, name).result() for name in ("Holder", "Other"))
        who = pool.submit(apart, holder.write_down).result()
        protects = pool.submit(apart, _protected_slowly, holder, who, begun, over)
        assert begun.wait(20)
        opens = pool.submit(apart, other.open_case, who)
        pool.submit(apart, _until_somebody_waits).result()
        over.set()
        protects.result()
        # From then on the person is nobody for others.
        with pytest.raises(Http404):
            opens.result()
        assert pool.submit(apart, Case.objects.count).result() == 0


@pytest.mark.usefixtures("crowd_database")
def test_protecting_and_referring_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over = Event(), Event()

    def waits(*_told: object) -> None:
        begun.set()
        assert over.wait(20)

    # Between the lock of the person and that of their cases.
    monkeypatch.setattr(protecting, "_HOOKS", [waits, *protecting._HOOKS])
    with ThreadPoolExecutor(3) as pool:
        front = pool.submit(apart, world).result()
        closed = pool.submit(apart, _closed_elsewhere, front).result()
        protects = pool.submit(apart, _protected, front)
        assert begun.wait(20), protects.result()
        sends = pool.submit(apart, front.send)
        pool.submit(apart, _until_somebody_waits).result()
        over.set()
        assert protects.result() == 2
        # What was shown before is not sent: the record is another one now.
        with pytest.raises(NotPossible):
            sends.result()
        assert pool.submit(apart, Referral.objects.count).result() == 0
        # A team that worked with them once does not begin again.
        with pytest.raises(Http404):
            pool.submit(apart, reopen, *closed).result()


def _protected(front: World) -> int:
    return protecting.protect(front.desk.actor, front.resident_id, True, 1, uuid4())


def _closed_elsewhere(front: World) -> tuple[Actor, UUID, int]:
    """An old case of another team, for its supervisor."""
    other = desk_of("Other")
    case = other.open_case(front.resident_id)
    ended = close(other.actor, case.pk, 1, "met")
    return worker(other.department, Role.SUPERVISOR).actor, case.pk, ended.version
