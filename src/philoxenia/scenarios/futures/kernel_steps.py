"""The steps of a month, for people and homes. The same as `plain`, with districts in the inner loops."""

from philoxenia.scenarios.futures.kernel_state import (
    MONTHS,
    NEW_BANDS,
    STARTS,
    B,
    City,
    K,
    Luck,
    Now,
    Plan,
    compiled,
    group_of,
    total,
)
from philoxenia.scenarios.futures.levers import KINDS
from philoxenia.scenarios.futures.types import CITY_MEASURES, DRIVERS, FLOWS, PEOPLE_MEASURES, Floats

CAPACITY, EXITS, DEPARTURES, ENTRIES, USE, ELIGIBILITY, NOTHING = range(len(KINDS))
D_EXITS, D_DEPARTURES, D_HOMES, D_CAPACITY, D_DISPLACED = range(len(DRIVERS))
TO_SHELTER, TO_HOMES, LONG_LOSE, NEW_LOSE, NEW_BACK, LONG_BACK = range(len(FLOWS))
WAITING, IN_SHELTER, IN_HOMES, EXITS_MADE = range(len(PEOPLE_MEASURES))
# City measures stand at the end of the month's row.
ARRIVALS, LEFT, PEOPLE, INTAKE, VACANT, WITHOUT_HOME = range(-len(CITY_MEASURES), 0)


@compiled
def read_levers(city: City, plan: Plan, now: Now, f: int, t: int) -> None:
    """What levers change this month: multipliers of exits, departures, entries, use; who else may use."""
    now.exits[:] = 1.0
    now.departures[:] = 1.0
    now.entries[:] = 1.0
    now.use[:] = 1.0
    now.opened[:] = 0.0
    for row in range(plan.kind.size):
        strength = plan.strength[f, row, t]
        kind, target = plan.kind[row], plan.target[row]
        if strength == 0.0 or kind in (CAPACITY, NOTHING):
            continue
        for k in range(K):
            for b in range(B):
                change = strength * plan.mask[row, k, b]
                if kind == EXITS:
                    now.exits[k, b] += change
                elif kind == DEPARTURES:
                    now.departures[k, b] += change
                elif kind == ENTRIES:
                    now.entries[k, b] += change
                elif kind == USE:
                    now.use[target, k, b] += change
                elif kind == ELIGIBILITY:
                    now.opened[target, k, b] += change


@compiled
def age(now: Now) -> None:
    """Everybody is here one month longer; a band hands on the share that its months hand on."""
    for k in range(K):
        for step in range(NEW_BANDS):
            band = NEW_BANDS - 1 - step
            inside = 0.0
            for m in range(STARTS[band], STARTS[band + 1]):
                inside += now.homes_months[k, m]
            last = now.homes_months[k, STARTS[band + 1] - 1]
            share = last / inside if inside > 0 else 0.0
            for d in range(now.slack.size):
                older = now.homes[k, band, d] * share
                now.homes[k, band, d] -= older
                now.homes[k, band + 1, d] += older
        _shift(now.homes_months[k])
        _shift(now.shelter[k])
        _shift(now.waiting[k])


@compiled
def _shift(months: Floats) -> None:
    months[MONTHS] += months[MONTHS - 1]
    for step in range(MONTHS - 1):
        months[MONTHS - 1 - step] = months[MONTHS - 2 - step]
    months[0] = 0.0


@compiled
def _leave_homes(
    homes: Floats, slack: Floats, offered: Floats, room: Floats, per_home: float, share: float
) -> float:
    gone = 0.0
    if share > 0.0:
        for d in range(slack.size):
            leaving = homes[d] * share
            room[d] = leaving
            homes[d] -= leaving
            slack[d] += leaving / per_home
            offered[d] += leaving / per_home
        gone = total(room)
    return gone


@compiled
def offer(now: Now) -> None:
    """Homes on offer this month: those vacant at its beginning; what is freed or built comes on top."""
    for d in range(now.slack.size):
        now.offered[d] = max(now.slack[d], 0.0)


@compiled
def depart(city: City, luck: Luck, now: Now, f: int, t: int) -> None:
    """People leave the city."""
    for k in range(K):
        for band in range(B):
            base = city.departing[1 if band == NEW_BANDS else 0] * luck.drivers[f, t, D_DEPARTURES]
            share = min(base * max(now.departures[k, band], 0.0), 1.0)
            now.month[LEFT] += _leave_homes(
                now.homes[k, band], now.slack, now.offered, now.rows[0], city.per_home, share
            )
            for m in range(STARTS[band], STARTS[band + 1]):
                now.homes_months[k, m] *= 1 - share


@compiled
def build(city: City, luck: Luck, plan: Plan, now: Now, f: int, t: int) -> None:
    """Homes are added, by the city's pace and by levers."""
    pace = luck.drivers[f, t, D_HOMES]
    for d in range(now.slack.size):
        now.slack[d] += city.added[d] * pace
        now.offered[d] += city.added[d] * pace
    for row in range(plan.kind.size):
        if plan.kind[row] == CAPACITY and plan.target[row] == city.rates.shape[0] + 1:
            more = plan.strength[f, row, t] - (plan.strength[f, row, t - 1] if t > 0 else 0.0)
            for d in range(now.slack.size):
                now.slack[d] += plan.vector[row, d] * more
                now.offered[d] += plan.vector[row, d] * more


@compiled
def weigh_districts(city: City, luck: Luck, now: Now, f: int) -> None:
    """Where people settle: last shares times rents, mixed with newcomers already there and vacant homes."""
    known, vacant = now.rows[0], now.rows[1]
    known[:] = 0.0
    for k in range(K):
        for band in range(NEW_BANDS):
            for d in range(known.size):
                known[d] += now.homes[k, band, d]
    for d in range(known.size):
        vacant[d] = max(now.slack[d], 0.0)
    people, homes = total(known), total(vacant)
    own = 1 - city.network - city.vacancy_pull
    for d in range(known.size):
        base = luck.settling[f, d]
        network = known[d] / people if people > 0 else base
        room = vacant[d] / homes if homes > 0 else base
        now.weights[d] = own * base + city.network * network + city.vacancy_pull * room


@compiled
def _settle(homes: Floats, slack: Floats, weights: Floats, per_home: float, people: float) -> None:
    for d in range(slack.size):
        here = people * weights[d]
        homes[d] += here
        slack[d] -= here / per_home


@compiled
def arrive(city: City, luck: Luck, now: Now, f: int, t: int) -> None:
    """Newcomers come into homes, and to the shelters; others come back to the shelters."""
    coming = luck.flows[f, t, TO_HOMES]
    now.entering[:] = 0.0
    for k in range(K):
        share = city.arrival_classes[k]
        _settle(now.homes[k, 0], now.slack, now.weights, city.per_home, coming * share)
        now.homes_months[k, 0] += coming * share
        now.entering[k, 0] += luck.flows[f, t, TO_SHELTER] * share
        now.entering[k, city.back_after] += luck.flows[f, t, NEW_BACK] * share
        now.entering[k, MONTHS] += luck.flows[f, t, LONG_BACK] * city.homeless_classes[k]
    now.month[ARRIVALS] += coming
    now.month[ARRIVALS] += (
        luck.flows[f, t, TO_SHELTER] + luck.flows[f, t, NEW_BACK] + luck.flows[f, t, LONG_BACK]
    )


@compiled
def lose_homes(city: City, luck: Luck, now: Now, f: int, t: int) -> None:
    """People lose their homes and come to the shelters."""
    newcomers = 0.0
    for k in range(K):
        newcomers += total(now.homes_months[k, :MONTHS])
    for k in range(K):
        for band in range(B):
            wanted, there = luck.flows[f, t, NEW_LOSE], newcomers
            if band == NEW_BANDS:
                wanted = luck.flows[f, t, LONG_LOSE] * city.homeless_classes[k]
                there = now.homes_months[k, MONTHS]
            share = wanted / there if there > 0 else 0.0
            share = min(share * max(now.entries[k, band], 0.0), 1.0)
            _leave_homes(now.homes[k, band], now.slack, now.offered, now.rows[0], city.per_home, share)
            _to_entering(now.homes_months[k], now.entering[k], band, share)


@compiled
def _to_entering(homes_months: Floats, entering: Floats, band: int, share: float) -> None:
    for m in range(STARTS[band], STARTS[band + 1]):
        leaving = homes_months[m] * share
        homes_months[m] -= leaving
        entering[m] += leaving


@compiled
def displace(luck: Luck, now: Now, f: int, t: int) -> None:
    """A flood or heat emergency takes homes in the districts it strikes."""
    share = luck.drivers[f, t, D_DISPLACED]
    if share <= 0.0:
        return
    for k in range(K):
        for band in range(B):
            there = total(now.homes[k, band])
            for d in range(now.slack.size):
                leaving = now.homes[k, band, d] * share * luck.struck[f, t, d]
                now.homes[k, band, d] -= leaving
                now.rows[0, d] = leaving
            gone = total(now.rows[0])
            lost = gone / there if there > 0 else 0.0
            _to_entering(now.homes_months[k], now.entering[k], band, lost)


@compiled
def wanting_homes(city: City, now: Now, pace: float) -> float:
    """People in shelter who would leave for a home this month; counts those lost sight of."""
    wanting, lost = 0.0, 0.0
    for k in range(K):
        for band in range(B):
            long_term = 1 if band == NEW_BANDS else 0
            share = exit_share(city.to_homes[long_term] * pace, now.exits[k, band])
            elsewhere = min(city.to_elsewhere[long_term], 1 - share)
            for m in range(STARTS[band], STARTS[band + 1]):
                lost += now.shelter[k, m] * elsewhere
                wanting += now.shelter[k, m] * share
    now.month[LEFT] += lost
    return wanting


@compiled
def exit_share(base: float, multiplier: float) -> float:
    """Share of people in shelter who would leave for a home this month."""
    share: float = min(base * max(multiplier, 0.0), 1.0)
    return share


@compiled
def exit_to_homes(city: City, luck: Luck, plan: Plan, now: Now, costs: Floats, f: int, t: int) -> None:
    """People move from shelters to vacant homes, as far as there are any where they look."""
    pace = luck.drivers[f, t, D_EXITS]
    wanting = wanting_homes(city, now, pace)
    for d in range(now.slack.size):
        aim = city.stay_near * city.shelter_districts[d] + (1 - city.stay_near) * now.weights[d]
        arriving = luck.flows[f, t, TO_HOMES] * now.weights[d]
        part = wanting * aim / (wanting * aim + arriving) if wanting * aim > 0 else 0.0
        now.taken[d] = min(wanting * aim, max(now.offered[d], 0.0) * city.per_home * part)
        now.slack[d] -= now.taken[d] / city.per_home
    taken = total(now.taken)
    housed = taken / wanting if wanting > 0 else 0.0
    for k in range(K):
        for band in range(B):
            exits, long_term = 0.0, 1 if band == NEW_BANDS else 0
            share = exit_share(city.to_homes[long_term] * pace, now.exits[k, band])
            elsewhere = min(city.to_elsewhere[long_term], 1 - share)
            for m in range(STARTS[band], STARTS[band + 1]):
                leaving = now.shelter[k, m] * share * housed
                gone = now.shelter[k, m] * elsewhere
                now.shelter[k, m] -= gone
                now.shelter[k, m] -= leaving
                now.homes_months[k, m] += leaving
                exits += leaving
            if plan.kind.size > 0:
                _credit_levers(plan, now, costs, exits, f, t, k, band)
            if exits > 0.0:
                each, group = exits / taken, group_of(k, band)
                now.month[EXITS_MADE] += exits
                for d in range(now.slack.size):
                    here = now.taken[d] * each
                    now.homes[k, band, d] += here
                    now.tally[EXITS_MADE, group, d] += here


@compiled
def _credit_levers(
    plan: Plan, now: Now, costs: Floats, exits: float, f: int, t: int, k: int, band: int
) -> None:
    for row in range(plan.kind.size):
        change = plan.strength[f, row, t] * plan.mask[row, k, band]
        if plan.kind[row] == EXITS and change > 0 and now.exits[k, band] > 0:
            part = exits * change / now.exits[k, band]
            now.brought_about[row] += part
            costs[row, t // 12] += part * plan.per_exit[f, row, 0]


@compiled
def pay_levers(plan: Plan, now: Now, costs: Floats, f: int, t: int) -> None:
    """What falls due this month, whatever comes of it, and for exits brought about so far."""
    for row in range(plan.kind.size):
        costs[row, t // 12] += plan.spent[f, row, t]
        costs[row, t // 12] += now.brought_about[row] * plan.per_exit[f, row, 1]


@compiled
def stop_waiting(city: City, now: Now) -> None:
    """Some of those left without a place give up: they leave, or find a home or other people's."""
    for k in range(K):
        for band in range(B):
            stay, group = 0.0, group_of(k, band)
            for m in range(STARTS[band], STARTS[band + 1]):
                now.system[0, group] += now.waiting[k, m]
                now.system[1, group] += now.shelter[k, m]
                now.month[WAITING] += now.waiting[k, m]
                now.month[IN_SHELTER] += now.shelter[k, m]
                stopping = now.waiting[k, m] * city.stop_waiting
                now.waiting[k, m] -= stopping
                now.month[LEFT] += stopping * city.stopped_leave
                now.homes_months[k, m] += stopping * (1 - city.stopped_leave)
                stay += stopping * (1 - city.stopped_leave)
            if stay > 0.0:
                _settle(now.homes[k, band], now.slack, now.weights, city.per_home, stay)


@compiled
def move(city: City, now: Now) -> None:
    """Newcomers change district."""
    if city.moving <= 0.0:
        return
    for k in range(K):
        for band in range(NEW_BANDS):
            moving = total(now.homes[k, band]) * city.moving
            for d in range(now.slack.size):
                coming = moving * now.weights[d] - now.homes[k, band, d] * city.moving
                now.homes[k, band, d] += coming
                now.slack[d] -= coming / city.per_home


@compiled
def close_month(city: City, now: Now) -> None:
    """Count the people and homes at the end of the month."""
    people = 0.0
    for k in range(K):
        people += total(now.shelter[k]) + total(now.waiting[k])
        for band in range(B):
            group = group_of(k, band)
            for d in range(now.slack.size):
                now.tally[IN_HOMES, group, d] += now.homes[k, band, d]
            now.month[IN_HOMES] += total(now.homes[k, band])
    now.month[PEOPLE] = people + now.month[IN_HOMES]
    for d in range(now.slack.size):
        now.rows[0, d] = max(now.slack[d], 0.0)
        now.rows[1, d] = max(-now.slack[d], 0.0)
    now.month[VACANT] = total(now.rows[0])
    now.month[WITHOUT_HOME] = total(now.rows[1]) * city.per_home
