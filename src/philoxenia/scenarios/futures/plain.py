"""The obvious slow version of one future: loops over classes, months since arrival, districts and services.

The oracle of the kernel in tests and the place to read what a month does; shares no arithmetic with it.
It starts from the same drawn numbers (`Draws`, `LeverArrays`).
"""

import numpy as np

from philoxenia.scenarios.futures.plain_services import plain_allocation
from philoxenia.scenarios.futures.plain_state import PlainState, band_of, group_of
from philoxenia.scenarios.futures.types import (
    BAND_STARTS,
    GROUPS,
    LAST_BAND,
    OLDEST,
    Floats,
    Rule,
)

Tally = dict[tuple[str, int, int], float]


class PlainFuture(PlainState):
    """One future under one plan, month by month, in the order in which things happen."""

    def run(self) -> "PlainFuture":
        """Step through every month of the horizon."""
        self._begin()
        for month in range(len(self.model.months)):
            self.month = month
            self._age()
            self._offer()
            self._depart()
            self._build()
            self._weigh_districts()
            self._arrive()
            self._enter_shelter_system()
            self._displace()
            self._exit()
            self._place_in_shelter()
            self._stop_waiting()
            self._move()
            self._serve()
            self._close()
        return self

    def _age(self) -> None:
        for k in self.classes:
            for band in reversed(range(LAST_BAND)):
                first, end = BAND_STARTS[band], BAND_STARTS[band + 1]
                inside = sum(self.homes_months[k, first:end])
                share = self.homes_months[k, end - 1] / inside if inside > 0 else 0.0
                for d in self.places:
                    older = self.homes[k, band, d] * share
                    self.homes[k, band, d] -= older
                    self.homes[k, band + 1, d] += older
        for months in (self.homes_months, self.shelter, self.waiting):
            for k in self.classes:
                months[k, OLDEST] += months[k, OLDEST - 1]
                months[k, 1:OLDEST] = months[k, 0 : OLDEST - 1].copy()
                months[k, 0] = 0.0

    def _offer(self) -> None:
        """Homes on offer this month: those vacant at its beginning, and what is freed or built in it."""
        self.offered = [max(slack, 0.0) for slack in self.slack]

    def _leave_homes(self, k: int, band: int, share: float) -> float:
        """The same share of every district leaves its homes; how many do."""
        gone = 0.0
        for d in self.places:
            leaving = self.homes[k, band, d] * share
            self.homes[k, band, d] -= leaving
            self._homes_of(d, -leaving)
            self.offered[d] += leaving / self.model.homes.persons_per_home
            gone += leaving
        return gone

    def _depart(self) -> None:
        shares = {}
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                base = self.model.homes.departing[band == LAST_BAND] * self._driver("departures")
                shares[k, band] = min(base * self._multiplier("departures", k, band), 1.0)
                self._count("left_city", self._leave_homes(k, band, shares[k, band]))
        for k, since, band in self._cells():
            self.homes_months[k, since] *= 1 - shares[k, band]

    def _build(self) -> None:
        homes = len(self.model.services) + 1
        for d in self.places:
            built = self.model.homes.added[d] * self._driver("homes_added")
            for row, strength in self._levers("capacity", homes):
                before = self.levers.strength[self.future, row, self.month - 1] if self.month else 0.0
                built += self.levers.vector[row, d] * (strength - before)
            self.slack[d] += built
            self.offered[d] += built

    def _weigh_districts(self) -> None:
        homes = self.model.homes
        base = self.draws.settling[self.future]
        known = [
            sum(self.homes[k, b, d] for k in self.classes for b in range(LAST_BAND)) for d in self.places
        ]
        vacant = [max(slack, 0.0) for slack in self.slack]
        self.weights = []
        for d in self.places:
            network = known[d] / sum(known) if sum(known) > 0 else base[d]
            room = vacant[d] / sum(vacant) if sum(vacant) > 0 else base[d]
            own = 1 - homes.network - homes.vacancy_pull
            self.weights.append(own * base[d] + homes.network * network + homes.vacancy_pull * room)

    def _settle(self, k: int, since: int, people: float) -> None:
        for d in self.places:
            self.homes[k, band_of(since), d] += people * self.weights[d]
            self._homes_of(d, people * self.weights[d])
        self.homes_months[k, since] += people

    def _arrive(self) -> None:
        coming = self._flow("newcomers_to_homes")
        for k in self.classes:
            self._settle(k, 0, coming * self.model.arrival_classes[k])
        self._count("arrivals", coming)

    def _enter_shelter_system(self) -> None:
        arriving, back = self._flow("newcomers_to_shelter"), self._flow("newcomers_back")
        long_back = self._flow("long_term_back")
        self.entering = np.zeros_like(self.waiting)
        for k in self.classes:
            self.entering[k, 0] += arriving * self.model.arrival_classes[k]
            self.entering[k, self.model.shelter.back_after] += back * self.model.arrival_classes[k]
            self.entering[k, OLDEST] += long_back * self.model.homeless_classes[k]
        self._count("arrivals", arriving + back + long_back)
        self._lose_homes()

    def _lose_homes(self) -> None:
        newcomers = sum(self.homes_months[k, since] for k, since, b in self._cells() if b < LAST_BAND)
        lost: dict[tuple[int, int], float] = {}
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                if band < LAST_BAND:
                    wanted, there = self._flow("newcomers_from_homes"), newcomers
                else:
                    wanted = self._flow("long_term_from_homes") * self.model.homeless_classes[k]
                    there = self.homes_months[k, OLDEST]
                share = wanted / there if there > 0 else 0.0
                lost[k, band] = min(share * self._multiplier("entries", k, band), 1.0)
                self._leave_homes(k, band, lost[k, band])
        for k, since, band in self._cells():
            leaving = self.homes_months[k, since] * lost[k, band]
            self.homes_months[k, since] -= leaving
            self.entering[k, since] += leaving

    def _displace(self) -> None:
        share = self._driver("displaced")
        struck = self.draws.struck[self.future, self.month]
        lost: dict[tuple[int, int], float] = {}
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                there = sum(self.homes[k, band])
                gone = 0.0
                for d in self.places:
                    # Their homes are lost with them, so that none becomes vacant.
                    leaving = self.homes[k, band, d] * share * struck[d]
                    self.homes[k, band, d] -= leaving
                    gone += leaving
                lost[k, band] = gone / there if there > 0 else 0.0
        for k, since, band in self._cells():
            leaving = self.homes_months[k, since] * lost[k, band]
            self.homes_months[k, since] -= leaving
            self.entering[k, since] += leaving

    def _exit(self) -> None:
        system = self.model.shelter
        wanting: dict[tuple[int, int], float] = {}
        for k, since, band in self._cells():
            long_term = band == LAST_BAND
            multiplier = self._multiplier("exits", k, band)
            share = min(system.to_homes[long_term] * self._driver("exits") * multiplier, 1.0)
            lost_sight_of = self.shelter[k, since] * min(system.to_elsewhere[long_term], 1 - share)
            wanting[k, since] = self.shelter[k, since] * share
            self.shelter[k, since] -= lost_sight_of
            self._count("left_city", lost_sight_of)
        total = sum(wanting.values())
        per_home = self.model.homes.persons_per_home
        taken = []
        for d in self.places:
            aim = system.stay_near * system.districts[d] + (1 - system.stay_near) * self.weights[d]
            arriving = self._flow("newcomers_to_homes") * self.weights[d]
            # Those who arrive and those who leave shelters look for the same homes.
            part = total * aim / (total * aim + arriving) if total * aim > 0 else 0.0
            taken.append(min(total * aim, max(self.offered[d], 0.0) * per_home * part))
            self._homes_of(d, taken[d])
        housed = sum(taken) / total if total > 0 else 0.0
        for k, since, band in self._cells():
            leaving = wanting[k, since] * housed
            self.shelter[k, since] -= leaving
            self.homes_months[k, since] += leaving
            self._credit_levers(k, band, leaving)
            for d in self.places:
                here = leaving * (taken[d] / sum(taken)) if sum(taken) > 0 else 0.0
                self.homes[k, band, d] += here
                self._tally("exits_to_homes", group_of(k, band), d, here)
        self._pay_levers()

    def _credit_levers(self, k: int, band: int, leaving: float) -> None:
        multiplier = self._multiplier("exits", k, band)
        for row, strength in self._levers("exits"):
            change = strength * self.levers.mask[row, k, band]
            if change > 0 and multiplier > 0:
                part = leaving * change / multiplier
                self.brought_about[row] += part
                self._cost(row, part * self.levers.per_exit[self.future, row, 0])

    def _cost(self, row: int, amount: float) -> None:
        key = (row, self.month // 12)
        self.costs[key] = self.costs.get(key, 0.0) + float(amount)

    def _pay_levers(self) -> None:
        for row in range(len(self.levers.kind)):
            self._cost(row, self.levers.spent[self.future, row, self.month])
            self._cost(row, self.brought_about[row] * self.levers.per_exit[self.future, row, 1])

    def _place_in_shelter(self) -> None:
        self._count("shelter_intake", float(self.entering.sum()))
        system = self.model.shelter
        places = system.places * self.draws.places[self.future] * self._driver("capacity")
        for row, strength in self._levers("capacity", len(self.model.services)):
            places += strength * sum(self.levers.vector[row])
        places = max(places, 0.0)
        there = float(self.shelter.sum())
        if there > places:
            turned_out = self.shelter * (1 - places / there)
            self.shelter -= turned_out
            self.waiting += turned_out
        free = max(places - there, 0.0)
        if self.rule is Rule.NEED_FIRST:
            for level in sorted(set(system.priority)):
                free = self._admit(free, level, both=True)
        elif self.rule is Rule.EQUAL_SHARES:
            free = self._admit(free, None, both=True)
        else:
            free = self._admit(free, None, both=False)
        self.waiting += self.entering

    def _admit(self, free: float, level: int | None, *, both: bool) -> float:
        """Give free places to those who wait and those who enter: together, or those who wait first."""
        priority = self.model.shelter.priority
        cells = [
            (k, since) for k, since, b in self._cells() if level is None or priority[group_of(k, b)] == level
        ]
        queues = [[self.waiting, self.entering]] if both else [[self.waiting], [self.entering]]
        for together in queues:
            asking = sum(people[cell] for people in together for cell in cells)
            share = min(free / asking, 1.0) if asking > 0 else 0.0
            for people in together:
                for cell in cells:
                    placed = people[cell] * share
                    people[cell] -= placed
                    self.shelter[cell] += placed
            free = max(free - asking * share, 0.0)
        return free

    def _stop_waiting(self) -> None:
        system = self.model.shelter
        for k, since, band in self._cells():
            for d in self.places:
                share = system.districts[d]
                self._tally("in_shelter", group_of(k, band), d, self.shelter[k, since] * share)
                self._tally("waiting", group_of(k, band), d, self.waiting[k, since] * share)
            stopping = self.waiting[k, since] * system.stop_waiting
            self.waiting[k, since] -= stopping
            self._count("left_city", stopping * system.stopped_leave_city)
            self._settle(k, since, stopping * (1 - system.stopped_leave_city))

    def _move(self) -> None:
        for k in self.classes:
            for band in range(LAST_BAND):
                moving = [self.homes[k, band, d] * self.model.homes.moving for d in self.places]
                for d in self.places:
                    coming = sum(moving) * self.weights[d] - moving[d]
                    self.homes[k, band, d] += coming
                    self._homes_of(d, coming)

    def _serve(self) -> None:
        people = self.homes.copy()
        for k, since, band in self._cells():
            for d in self.places:
                system = self.shelter[k, since] + self.waiting[k, since]
                people[k, band, d] += system * self.model.shelter.districts[d]
        heads = np.zeros((len(GROUPS), len(self.places)))
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                heads[group_of(k, band)] += people[k, band]
        for row in range(len(self.model.services)):
            fresh, barred = self._demand(row, people)
            capacity = self._capacity(row)
            self._allocate(row, fresh, barred, capacity, heads)

    def _demand(self, row: int, people: Floats) -> tuple[Floats, Floats]:
        service = self.model.services[row]
        fresh, barred = np.zeros((2, len(GROUPS), len(self.places)))
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                rate = service.rates[k, band] * self.draws.rates[self.future, row]
                rate *= self._multiplier("use", k, band, row)
                opened = sum(s * self.levers.mask[i, k, band] for i, s in self._levers("eligibility", row))
                may = min(max(service.eligible[k, band] + opened, 0.0), 1.0)
                for d in self.places:
                    fresh[group_of(k, band), d] += people[k, band, d] * rate * may
                    barred[group_of(k, band), d] += people[k, band, d] * rate * (1 - may)
        return fresh, barred

    def _capacity(self, row: int) -> list[float]:
        factor = self.draws.capacities[self.future, row] * self._driver("capacity")
        capacity = []
        for d in self.places:
            here = self.model.services[row].capacity[d] * factor
            for lever, strength in self._levers("capacity", row):
                here += strength * self.levers.vector[lever, d]
            capacity.append(max(here, 0.0))
        return capacity

    def _allocate(
        self, row: int, fresh: Floats, barred: Floats, capacity: list[float], heads: Floats
    ) -> None:
        service, name = self.model.services[row], self.model.services[row].name
        areas = [list(self.places)] if service.pooled else [[d] for d in self.places]
        for area in areas:
            room = sum(capacity[d] for d in area)
            asks = [(g, d) for d in area for g in range(len(GROUPS))]
            served = plain_allocation(
                [self.queue[row, g, d] for g, d in asks],
                [fresh[g, d] for g, d in asks],
                [heads[g, d] for g, d in asks],
                [service.priority[g] for g, _ in asks],
                room,
                self.rule,
            )
            for (g, d), given in zip(asks, served, strict=True):
                left = max(self.queue[row, g, d] + fresh[g, d] - given, 0.0)
                self.queue[row, g, d] = left * service.keeps
                self._tally(f"served.{name}", g, d, given)
                self._tally(f"unmet.{name}", g, d, left * (1 - service.keeps) + barred[g, d])
                self._tally(f"queue.{name}", g, d, self.queue[row, g, d])
            self._count(f"idle.{name}", max(room - sum(served), 0.0))

    def _close(self) -> None:
        for k in self.classes:
            for band in range(LAST_BAND + 1):
                for d in self.places:
                    self._tally("in_homes", group_of(k, band), d, self.homes[k, band, d])
        per_home = self.model.homes.persons_per_home
        self._count("people", float(self.homes.sum() + self.shelter.sum() + self.waiting.sum()))
        self._count("vacant_homes", sum(max(slack, 0.0) for slack in self.slack))
        self._count("without_own_home", sum(max(-slack, 0.0) for slack in self.slack) * per_home)
