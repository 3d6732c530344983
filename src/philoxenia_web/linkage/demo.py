"""The linkage that every demonstration shows: synthetic people, three lists, one run, a queue.

Nobody in it exists, and every list, file name and page of it says SYNTHETIC. Twice is once.
"""

import hashlib
import time
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid5

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.exchange import City
from philoxenia.reference import reference_table
from philoxenia.synth import MarginsError, synthesise
from philoxenia_web.accounts import actions as accounts
from philoxenia_web.accounts import queries as people
from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage import actions
from philoxenia_web.linkage.actions import Terms
from philoxenia_web.linkage.models import Agreement, Run
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.runs import actions as runs
from philoxenia_web.linkage.runs import running
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import queries as lists
from philoxenia_web.registry import receiving
from philoxenia_web.registry.models import PersonList

_KEY = UUID("6d0b7c52-1f0a-4c1b-9a39-7a1f5f2c8d20")
_DAYS = 365
# Which department of the synthetic city hands in as which of the demonstration's.
_LISTS = ("housing_queue", "health", "shelter")
_WAIT_SECONDS = 120
_THIRD = "Demo third department"
_OPEN = (PersonList.State.RECEIVING, PersonList.State.CHECKING)


def make_demo_linkage(city: City, number: int) -> Run | None:
    """Three departments agree, hand in lists of `number` synthetic people, link them; None where that ended.

    Raises `MarginsError` where the city's tables cannot make people.
    """
    stewards = _stewards()
    agreement = _agreement(stewards)
    if not agreement.is_live:
        return None
    known = Run.objects.filter(key=_key("run")).first()
    if known is not None and known.is_done:
        return known
    if lists.lists_of(agreement.pk).count() < len(_LISTS):
        _hand_in(agreement, stewards, synthesise(city, number).tables)
    first = next(iter(stewards.values()))
    run = known or runs.start(first, agreement.pk, key=_key("run"))
    if run.state in (Run.State.CANCELLED, Run.State.FAILED):
        run = runs.retry(first, agreement.pk, run.pk)
    running.run(run.pk)
    run.refresh_from_db()
    return run


def _key(name: str) -> UUID:
    return uuid5(_KEY, name)


def _stewards() -> dict[UUID, Actor]:
    """A steward for each of three departments: the second one answers for the third as well."""
    holding = [one for one in people.people_holding(Role.DATA_STEWARD) if one.email.endswith("@example.org")]
    demo = sorted(holding, key=lambda one: (len(one.email), one.email))
    if len(demo) < 2:
        raise NotPossible(_("Make the demonstration's people first."))
    third = people.organisations().filter(name=_THIRD).first()
    third = third or accounts.make_organisation(SYSTEM, _THIRD, "department", key=_key("third"))
    accounts.replace_roles(demo[1], third, {Role.DATA_STEWARD})
    actors = [actor_for(one) for one in demo[:2]]
    own = [next(place for place, _role in actor.memberships if place != third.pk) for actor in actors]
    return {own[0]: actors[0], own[1]: actors[1], third.pk: actors[1]}


def _agreement(stewards: Mapping[UUID, Actor]) -> Agreement:
    first = next(iter(stewards.values()))
    terms = Terms(
        title=_("SYNTHETIC: homes, health and shelter"),
        purpose=_(
            "An example with people who do not exist: who waits for a home, is known to the health "
            "department and sleeps in a shelter, so that the three can plan together."
        ),
        needs=tuple(reference_table("needs")["code"]),
        valid_until=timezone.localdate() + timedelta(days=_DAYS),
        organisation_ids=tuple(stewards),
        reviewer_ids=tuple(one.pk for one in people.people_holding(Role.REVIEWER)),
    )
    agreement = actions.propose(first, terms, request=_key("agreement"))
    if agreement.state == Agreement.State.PROPOSED:
        for place, actor in stewards.items():
            agreement = actions.sign(actor, agreement.pk, place, agreement.round)
    return agreement


def _hand_in(
    agreement: Agreement, stewards: Mapping[UUID, Actor], tables: Mapping[str, pl.DataFrame]
) -> None:
    """Each list as a steward would send it; the workers check them."""
    sent = []
    for name, (place, actor) in zip(_LISTS, stewards.items(), strict=True):
        content = tables[name].write_csv().encode()
        offered = receiving.Offered(
            agreement.pk, place, f"synthetic_{name}.csv", len(content), _key(f"list {name}")
        )
        one = receiving.begin(actor, offered)
        _send(one, content)
        sent.append((actor, receiving.finish(actor, agreement.pk, one.pk)))
    for actor, one in sent:
        _wait_for(one)
        registry.accept(actor, agreement.pk, one.pk, None)


def _send(one: PersonList, content: bytes) -> None:
    if one.state != PersonList.State.RECEIVING:
        return
    at = receiving.offset_of(one)
    while at < len(content):
        piece = content[at : at + receiving.SENT_BYTES]
        at = receiving.receive_piece(one, at, piece, hashlib.sha256(piece).hexdigest())


def _wait_for(one: PersonList) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while one.state in _OPEN and time.monotonic() < deadline:
        time.sleep(0.2)
        one.refresh_from_db()


__all__ = ["MarginsError", "make_demo_linkage"]
