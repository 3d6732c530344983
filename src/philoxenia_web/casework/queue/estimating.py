"""How long people of a queue will wait now: what the estimate reads of the tickets, kept for some seconds."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from philoxenia.reference import default_parameters
from philoxenia_web.casework.models.queue import Queue, Ticket
from philoxenia_web.casework.queue.actions import as_waiting, sittings
from philoxenia_web.casework.queue.clock import minutes_of, today
from philoxenia_web.casework.queue.ordering import Waiting, aims, in_order
from philoxenia_web.casework.queue.waiting import Scene, Wait, estimates, filled_lengths


@dataclass(frozen=True)
class Outlook:
    """The line in its order, how long each in it will wait, and somebody who would come just now."""

    order: list[UUID]
    waits: dict[UUID, Wait]
    newcomer: Wait | None
    desks: int


_NEWCOMER = UUID(int=0)
_RECKONING = Lock()


def outlook(queue: Queue) -> Outlook:
    """Of a queue now, inside a visit that sees its tickets. Its order is exact, its waits are seconds old."""
    told = list(Ticket.objects.filter(queue=queue, day=today(), state__in=["waiting", "called", "serving"]))
    now = minutes_of(timezone.now())
    desks = _desks(queue, told, now)
    line = in_order(as_waiting(one) for one in told if one.state == Ticket.State.WAITING)
    seconds = int(default_parameters()["casework.queue_estimate_seconds"])
    # All who look at that moment wait for one reckoning.
    with _RECKONING:
        waits: dict[UUID, Wait] = cache.get_or_set(  # type: ignore[assignment]
            f"queue-{queue.pk}-{len(desks)}-{bool(line)}", lambda: _waits(queue, line, desks, now), seconds
        )
    order = [one.id for one in line]
    return Outlook(order, _filled(order, waits), waits.get(_NEWCOMER), len(desks))


def _waits(queue: Queue, line: list[Waiting], desks: list[float | None], now: float) -> dict[UUID, Wait]:
    newcomer = Waiting(_NEWCOMER, 10**6, now, aims()["usual"])
    scene = Scene(now, [*line, newcomer], desks, _lengths(queue), _coming(queue))
    return estimates(scene, int(default_parameters()["casework.queue_runs"]), seed=len(line))


def _filled(order: list[UUID], waits: dict[UUID, Wait]) -> dict[UUID, Wait]:
    """Who came since the waits were reckoned waits no longer than whoever is next behind them."""
    found: dict[UUID, Wait] = {}
    behind = waits.get(_NEWCOMER)
    for id_ in reversed(order):
        behind = waits.get(id_, behind)
        if behind is not None:
            found[id_] = behind
    return found


def _desks(queue: Queue, told: list[Ticket], now: float) -> list[float | None]:
    """How long each desk that is open has been busy with the one who sits there or was called."""
    busy = {
        one.desk: now - minutes_of(one.begun_at or one.called_at or one.came_at)
        for one in told
        if one.state in ("called", "serving")
    }
    return [busy.get(desk) for desk in sittings(queue).values_list("desk", flat=True)]


def _lengths(queue: Queue) -> list[float]:
    """Minutes from the call to the end of the last people served, as long as a desk was busy with them."""
    parameters = default_parameters()
    served = Ticket.objects.filter(queue=queue, state=Ticket.State.SERVED, called_at__isnull=False)
    times = served.order_by("-ended_at").values_list("called_at", "begun_at", "ended_at")
    seen = [
        (ended - called).total_seconds() / 60
        for called, begun, ended in times[: int(parameters["casework.queue_history"])]
        # What was never finished by hand was ended by the night as of when it began.
        if ended and ended > called and ended != begun
    ]
    return filled_lengths(
        seen,
        int(parameters["casework.queue_prior_weight"]),
        parameters["casework.queue_prior_median_minutes"],
        parameters["casework.queue_prior_spread"],
    )


def _coming(queue: Queue) -> dict[float, float]:
    """How many came a minute in the last hours, by their aim."""
    hours = default_parameters()["casework.queue_hours_of_arrivals"]
    since = timezone.now() - timedelta(hours=hours)
    first = Ticket.objects.filter(queue=queue, day=today()).order_by("came_at").first()
    if first is None:
        return {}
    begun = max(since, first.came_at)
    minutes = max((timezone.now() - begun).total_seconds() / 60, 10.0)
    came = Ticket.objects.filter(queue=queue, came_at__gte=begun).values_list("aim", flat=True)
    return {float(aim): count / minutes for aim, count in Counter(came).items()}
