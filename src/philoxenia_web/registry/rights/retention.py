"""What may go by rule: a job proposes, says what must be kept and why, and a supervisor confirms.

Rules are rows of `retention`; nothing is ever deleted by the passing of time alone.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from philoxenia.reference import reference_table
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import (
    KeptText,
    PeopleImport,
    Reading,
    Resident,
    RetentionItem,
    RightsRequest,
    Slip,
)
from philoxenia_web.registry.people.merging import kept_of
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import forgetting, parts
from philoxenia_web.registry.rights.consents import months_on
from philoxenia_web.registry.rights.policies import DECIDE, places
from philoxenia_web.registry.rights.purposes import parameters

_AT_ONCE = 1000
# Who opens a record reads this; who looks through a list does not.
_OPENED = "contacts"
# What a job, an own look or an import reads is no service to the person.
_NO_SERVICE = ("own_page", "quality", "import")
State = RetentionItem.State


@dataclass(frozen=True)
class Rule:
    """A row of the table; `last_day` is the newest day of use whose time is up."""

    code: str
    words: str
    kept: str
    parameter: str
    counted_from: str
    ends: str
    source: str

    @property
    def time(self) -> int:
        """How long, in the unit of the parameter."""
        return int(parameters()[self.parameter])

    @property
    def unit(self) -> str:
        """Days or months."""
        return parameters().row(self.parameter).unit

    def last_day(self, today: date) -> date:
        """What was used last on this day or before may go."""
        if self.unit == "months":
            return months_on(today, -self.time)
        return today - timedelta(days=self.time)


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code."""
    rows = reference_table("casework/retention").to_dicts()
    names = Rule.__dataclass_fields__
    return {row["code"]: Rule(**{name: row[name] for name in names}) for row in rows}


Found = tuple[UUID, UUID, date]


def propose(today: date | None = None) -> dict[str, int]:
    """Look for what may go; how many by rule. What is in use again is no longer proposed. For the job."""
    day = today or timezone.localdate()
    with visiting(SYSTEM):
        _drop_used(day)
        return {code: _propose(rule, _SEEKERS[code](rule.last_day(day))) for code, rule in rules().items()}


def waiting(actor: Actor) -> Any:
    """What waits for the actor's decision, the longest unused first."""
    check_can(actor, DECIDE)
    found = RetentionItem.objects.filter(state__in=[State.PROPOSED, State.HELD])
    return found.filter(organisation__in=places(actor, DECIDE)).order_by("rule", "last_used_on", "pk")


def confirm(actor: Actor, item_ids: Sequence[UUID]) -> dict[str, int]:
    """Let go what was proposed and is still not in use; what must be kept is held. How many of each."""
    done = {State.ENDED.value: 0, State.HELD.value: 0, State.USED.value: 0}
    for item_id in item_ids:
        with visiting(actor):
            done[_confirm(actor, item_id)] += 1
    return done


def _confirm(actor: Actor, item_id: UUID) -> str:
    with transaction.atomic():
        item = RetentionItem.objects.select_for_update(no_key=True, of=("self",)).filter(pk=item_id).first()
        if item is None:
            raise Http404
        check_can(actor, DECIDE, item.organisation_id)
        if item.state in (State.ENDED, State.USED):
            return str(item.state)
        item.state = _end(actor, item)
        item.decided_at, item.decided_by = timezone.now(), actor.person_id
        item.save()
        after = {"rule": item.rule, "state": item.state}
        audit.record(actor, "registry.retention", item, after=after, organisation_id=item.organisation_id)
    return str(item.state)


def _end(actor: Actor, item: RetentionItem) -> str:
    if _used_since(item):
        return str(State.USED)
    if item.rule == "record_unused":
        if not Resident.objects.filter(pk=item.object_id, erased_at=None).exists():
            return str(State.ENDED)
        try:
            forgetting.forget(actor, item.object_id, "retention")
        except NotPossible:
            return str(State.HELD)
        return str(State.ENDED)
    with visiting(SYSTEM):
        _ENDERS[item.rule](item.object_id)
    return str(State.ENDED)


def _used_since(item: RetentionItem) -> bool:
    if item.rule != "record_unused":
        return False
    with visiting(SYSTEM):
        return _last_use([item.object_id]).get(item.object_id, date.min) > item.last_used_on


# --- what may go ------------------------------------------------------------------------------------------


def _records(last: date) -> Iterable[Found]:
    """Residents nobody served since; read in steps, so that a million fit."""
    old = Resident.objects.filter(erased_at=None, merged_into=None, changed_at__date__lte=last)
    rows = old.order_by("pk").values_list("pk", "organisation_id")
    after = UUID(int=0)
    while step := list(rows.filter(pk__gt=after)[:_AT_ONCE]):
        after = step[-1][0]
        used = _last_use([pk for pk, _place in step])
        for pk, place in step:
            if used[pk] <= last:
                yield pk, place, used[pk]


def _last_use(resident_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The newest day anybody changed, opened or served each of them, under any of the person's records.

    That somebody stood in a list of hits is no service: people of common names would never go.
    """
    kept = kept_of(resident_ids)
    same = list(kept)
    found: dict[UUID, date] = {}

    def use(one: UUID, day: date) -> None:
        found[kept[one]] = max(found.get(kept[one], day), day)

    for one, at in Resident.objects.filter(pk__in=same).values_list("pk", "changed_at"):
        use(one, at.date())
    read = Reading.objects.filter(resident_id__in=same, fields__contains=[_OPENED])
    served = read.exclude(reason__in=_NO_SERVICE).order_by().values_list("resident_id")
    for one, at in served.annotate(newest=Max("at")):
        use(one, at.date())
    for one, day in parts.last_uses(same).items():
        use(one, day)
    return {one: found[kept[one]] for one in resident_ids if kept.get(one) in found}


def _requests(last: date) -> Iterable[Found]:
    old = RightsRequest.objects.filter(decided_at__date__lte=last).exclude(text_id=None, answer_id=None)
    return [
        (pk, place, at.date()) for pk, place, at in old.values_list("pk", "organisation_id", "decided_at")
    ]


def _slips(last: date) -> Iterable[Found]:
    old = Slip.objects.filter(ended_at__date__lte=last)
    return [(pk, place, at.date()) for pk, place, at in old.values_list("pk", "organisation_id", "ended_at")]


def _imports(last: date) -> Iterable[Found]:
    ended = [PeopleImport.State.DONE, PeopleImport.State.GIVEN_UP]
    # From the day it came: a job that always dies touches it for ever.
    old = PeopleImport.objects.filter(made_at__date__lte=last).exclude(state__in=ended)
    return [(pk, place, at.date()) for pk, place, at in old.values_list("pk", "organisation_id", "made_at")]


def _end_request(object_id: UUID) -> None:
    one = RightsRequest.objects.get(pk=object_id)
    KeptText.objects.filter(pk__in=[text for text in (one.text_id, one.answer_id) if text]).delete()
    one.text_id = one.answer_id = None
    one.save()


def _end_slip(object_id: UUID) -> None:
    Slip.objects.filter(pk=object_id).delete()


def end_import(object_id: UUID) -> None:
    """The rows of an import can be read by nobody any more."""
    one = PeopleImport.objects.get(pk=object_id)
    one.lines.exclude(content=None).update(content=None)
    one.content, one.state = None, PeopleImport.State.GIVEN_UP
    one.save()
    transaction.on_commit(lambda: keys.destroy(object_id))


_SEEKERS: dict[str, Callable[[date], Iterable[Found]]] = {
    "record_unused": _records,
    "request_closed": _requests,
    "slip_ended": _slips,
    "import_left": _imports,
}
_ENDERS: dict[str, Callable[[UUID], None]] = {
    "request_closed": _end_request,
    "slip_ended": _end_slip,
    "import_left": end_import,
}


def _propose(rule: Rule, found: Iterable[Found]) -> int:
    made = [
        RetentionItem(rule=rule.code, object_id=pk, organisation_id=place, last_used_on=day)
        for pk, place, day in found
    ]
    known = set(
        RetentionItem.objects.filter(rule=rule.code, state__in=[State.PROPOSED, State.HELD]).values_list(
            "object_id", flat=True
        )
    )
    fresh = [one for one in made if one.object_id not in known]
    RetentionItem.objects.bulk_create(fresh, batch_size=_AT_ONCE, ignore_conflicts=True)
    return len(fresh)


def _drop_used(today: date) -> None:
    """Records that were served since they were proposed."""
    last = rules()["record_unused"].last_day(today)
    open_ones = RetentionItem.objects.filter(rule="record_unused", state__in=[State.PROPOSED, State.HELD])
    ids = list(open_ones.values_list("object_id", flat=True))
    for begin in range(0, len(ids), _AT_ONCE):
        used = _last_use(ids[begin : begin + _AT_ONCE])
        again = [pk for pk, day in used.items() if day > last]
        open_ones.filter(object_id__in=again).update(state=State.USED)
