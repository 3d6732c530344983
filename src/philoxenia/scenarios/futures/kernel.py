"""The compiled model: futures side by side on all cores, one future's state small enough to stay in cache.

Owns the order of a month's steps and the sums over years; the steps are in files of their own. Everything
is added in 64 bits and in a fixed order, so that bytes do not depend on cores or chunks.
"""

from hashlib import sha256
from importlib.resources import files
from typing import Any

from numba import njit

from philoxenia.scenarios.futures.draws import Draws
from philoxenia.scenarios.futures.kernel_cores import spread
from philoxenia.scenarios.futures.kernel_services import serve
from philoxenia.scenarios.futures.kernel_shelter import place_in_shelter
from philoxenia.scenarios.futures.kernel_state import (
    City,
    G,
    K,
    Now,
    begin,
    city_arrays,
    compiled,
    luck_arrays,
    make_room,
    plan_arrays,
    total,
)
from philoxenia.scenarios.futures.kernel_steps import (
    IN_SHELTER,
    WAITING,
    age,
    arrive,
    build,
    close_month,
    depart,
    displace,
    exit_to_homes,
    lose_homes,
    move,
    offer,
    pay_levers,
    read_levers,
    stop_waiting,
    weigh_districts,
)
from philoxenia.scenarios.futures.levers import LeverArrays
from philoxenia.scenarios.futures.outcomes import Chunk, empty_chunk
from philoxenia.scenarios.futures.types import Floats, Model, Rule

_RULES = list(Rule)


def kernel_chunk(model: Model, draws: Draws, levers: LeverArrays, rule: Rule, discount: Floats) -> Chunk:
    """A chunk of futures under one plan, on as many cores as Numba may use (NUMBA_NUM_THREADS)."""
    chunk = empty_chunk(model, levers)
    spread(
        _RUN,
        draws.futures,
        city_arrays(model),
        luck_arrays(draws),
        plan_arrays(levers),
        _RULES.index(rule),
        discount,
        chunk.by_group,
        chunk.by_district,
        chunk.by_month,
        chunk.costs,
    )
    return chunk


@compiled
def close_year(city: City, now: Now, discount: float, by_group: Floats, by_district: Floats) -> None:
    """Add the year up over districts (G, M), and over groups (D, 2, M) with its discount; begin anew."""
    for g in range(G):
        for d in range(now.slack.size):
            now.tally[WAITING, g, d] = now.system[0, g] * city.shelter_districts[d]
            now.tally[IN_SHELTER, g, d] = now.system[1, g] * city.shelter_districts[d]
        for m in range(now.tally.shape[0]):
            by_group[g, m] = total(now.tally[m, g])
            for d in range(now.slack.size):
                by_district[d, g // K, m] += discount * now.tally[m, g, d]
    now.tally[:] = 0.0
    now.system[:] = 0.0


def _compiled() -> Any:
    """Compile once per source: the kept machine code is found by this file alone, so the source of all
    kernel files is made part of what it is looked up by."""
    folder = files("philoxenia.scenarios.futures")
    names = ("kernel", "types", "levers")
    sources = sorted(entry.name for entry in folder.iterdir() if entry.name.startswith(names))
    content = b"".join((folder / name).read_bytes() for name in sources)
    source = int(sha256(content).hexdigest()[:12], 16)

    @njit(nogil=True, error_model="numpy", cache=True)
    def run(  # type: ignore[no-untyped-def]
        city, luck, plan, rule, discount, by_group, by_district, by_month, costs, first, last
    ):
        assert source > 0  # noqa: S101 - only here to be seen by the cache
        now = make_room(city, plan.kind.size, by_group.shape[3], by_month.shape[2])
        # The steps stand here and not in a function of their own, which would be optimised twice.
        for f in range(first, last):
            begin(city, now)
            for t in range(by_month.shape[1]):
                now.month[:] = 0.0
                read_levers(city, plan, now, f, t)
                age(now)
                offer(now)
                depart(city, luck, now, f, t)
                build(city, luck, plan, now, f, t)
                weigh_districts(city, luck, now, f)
                arrive(city, luck, now, f, t)
                lose_homes(city, luck, now, f, t)
                displace(luck, now, f, t)
                exit_to_homes(city, luck, plan, now, costs[f], f, t)
                pay_levers(plan, now, costs[f], f, t)
                place_in_shelter(city, luck, plan, now, rule, f, t)
                stop_waiting(city, now)
                move(city, now)
                serve(city, luck, plan, now, rule, f, t)
                close_month(city, now)
                by_month[f, t] = now.month
                if t % 12 == 11 or t == by_month.shape[1] - 1:
                    close_year(city, now, discount[t // 12], by_group[f, t // 12], by_district[f])

    return run


_RUN = _compiled()
