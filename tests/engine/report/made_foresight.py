"""A made foresight for pictures, pages and the case: four actions, forty futures, no table empty.

Every table is computed from the gains of 16 cells in every future (`made_gains`), so that sums hold: cells
add up to newcomers and long-term residents, these less the costs to net, districts to what each population
gains. `one_future()` and `empty()` are the smallest that may happen.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
from tests.engine.report import made_gains as made
from tests.engine.report.made_city import districts
from tests.engine.report.made_gains import ACTIONS, CELLS, CHOSEN, FUNDERS, PLAN, RATE, WITHOUT, YEARS, Floats

from philoxenia.report import CityFacts
from philoxenia.report.foresight import CONSTITUENCIES, TABLES, Foresight

MONTHS = tuple(f"{2025 + month // 12}-{month % 12 + 1:02d}" for month in range(12 * YEARS))
POPULATIONS = ("newcomers", "long_term_residents")
SOURCE, DATE, ASSUMED = "Made for tests, table 1", "2025", "assumption: as in a made city nearby"
LEVELS = {0.0: (), 0.5: ("language_classes",), 1.0: CHOSEN, 1.5: (*CHOSEN, "reception_hub")}
PLANS = {f"mean_{100 * share:.0f}": parts for share, parts in LEVELS.items()} | {"all": tuple(ACTIONS)}
LABELS = {
    "exit_factor": "how many find a home (share of today)",
    "rent_growth": "growth of rents (a year)",
    "served.clinics": "visits to clinics",
    PLAN: "The plan",
}
Gains = dict[str, Floats]


@cache
def foresight(futures: int = 40) -> Foresight:
    """The whole made foresight."""
    gains = {action: made.gains(action, futures) for action in ACTIONS}
    costs = {action: made.costs(action, futures) for action in ACTIONS}
    gains[PLAN] = sum((gains[action] for action in CHOSEN), np.zeros((futures, len(CELLS))))
    costs[PLAN] = sum((costs[action] for action in CHOSEN), np.zeros((futures, YEARS)))
    nets = {one: gains[one].sum(axis=1) - made.discounted(costs[one]) for one in gains}
    rows = {
        **_declared(),
        "options": _options(nets, gains, costs),
        "dividends": _dividends(nets, gains, costs),
        "samples": _samples(nets, gains, costs),
        "districts": _districts(gains),
        "changes": _changes(futures),
        "drivers": _drivers(nets),
        "switching": _switching(nets, gains, costs),
        **_plans(nets, gains, costs),
        **_failing(nets[PLAN]),
        "months": _months(),
    }
    tables = {name: _frame(name, rows[name]) for name in TABLES if name != "futures"}
    return Foresight(
        city=CityFacts("squares", "Squares", "Nowhere", ("en", "ar"), "CAD", "who came within five years"),
        districts=districts(6),
        settings={"months": 60, "futures": futures, "changed": {"rent_support": {"reason": "own bids"}}},
        tables=tables | {"futures": _futures(futures, nets)},
        main_plan=PLAN,
        months=MONTHS,
        futures=futures,
        seed=7,
        rate=RATE,
        worst_share=0.1,
        evpi=8e5,
        rule="first_come",
        version="0.0",
        notes=("A made note.",),
        labels=LABELS,
    )


def one_future() -> Foresight:
    """The same with a single future: every interval is a point."""
    return foresight(1)


def empty() -> Foresight:
    """Every table without rows: nothing was found."""
    full = foresight()
    bare = {name: frame.clear() for name, frame in full.tables.items()}
    return replace(full, tables=bare, districts=full.districts.clear(), futures=0)


def _frame(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    # Columns that were added since are empty here.
    missing = (None,) * (len(TABLES[name]) - len(rows[0])) if rows else ()
    rows = [(*row, *missing) for row in rows]
    return pl.DataFrame(rows, schema=list(TABLES[name]), orient="row", infer_schema_length=None)


def _summed(parts: tuple[str, ...], whole: Gains) -> Floats:
    return np.asarray(sum((whole[one] for one in parts), np.zeros_like(whole[PLAN])))


def _of(name: str, gained: Floats) -> Floats:
    return np.asarray(gained[:, made.cells_of(name)].sum(axis=1))


def _dividends(nets: Gains, gains: Gains, costs: Gains) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for action, gain in gains.items():
        gross, cost, heavy = gain.sum(axis=1), made.discounted(costs[action]), made.weighted(gain)
        found = {
            ("total", "net"): nets[action],
            ("total", "gross"): gross,
            ("total", "cost"): cost,
            ("total", "weighted"): heavy.sum(axis=1) - cost,
            ("pillar", "avoided_loss"): 0.6 * gross,
            ("pillar", "unlocked_potential"): 0.3 * gross,
            ("pillar", "co_benefit"): 0.1 * gross,
            ("measure", "exits_to_homes"): 0.7 * gross,
            ("measure", "waiting"): 0.3 * gross,
            **{("constituency", name): _of(name, gain) for name in CONSTITUENCIES},
            **{("weighted", name): _of(name, heavy) for name in CONSTITUENCIES},
            **{("funder", funder): paid for funder, paid in _paid_by(action, costs).items()},
            **{("cell", cell): gain[:, place] for place, cell in enumerate(CELLS)},
        }
        rows += [(action, kind, name, *made.summary(values)) for (kind, name), values in found.items()]
    return rows


def _paid_by(action: str, costs: Gains) -> Gains:
    parts = CHOSEN if action == PLAN else (action,)
    own = {funder: tuple(one for one in parts if ACTIONS[one][2] == funder) for funder in FUNDERS}
    return {funder: made.discounted(_summed(parts, costs)) for funder, parts in own.items() if parts}


def _samples(nets: Gains, gains: Gains, costs: Gains) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for action, gain in gains.items():
        cost = made.discounted(costs[action])
        columns = (nets[action], made.weighted(gain).sum(axis=1) - cost, cost)
        table = np.column_stack([*columns, *(_of(name, gain) for name in CONSTITUENCIES)])
        rows += [(action, future, *map(float, row)) for future, row in enumerate(table)]
    return rows


def _districts(gains: Gains) -> list[tuple[object, ...]]:
    shares = (0.3, 0.25, 0.2, 0.15, 0.07, 0.03)
    return [
        (action, f"{n:03d}", who, *made.bands(own), float((own < 0).mean()))
        for action, gain in gains.items()
        for who in POPULATIONS
        for n, share in enumerate(shares)
        for own in [share * _of(who, gain)]
    ]


def _changes(futures: int) -> list[tuple[object, ...]]:
    measures = (
        ("exits_to_homes", "people", 12_000.0, 1_400.0),
        ("waiting", "person-months", 90_000.0, -21_000.0),
        ("in_shelter", "person-months", 480_000.0, -12_500.0),
        ("served.clinics", "visits", 800_000.0, 9_000.0),
    )
    return [
        (action, measure, unit, who, without * part, without * part + float(own.mean()), *made.bands(own))
        for action in (*ACTIONS, PLAN)
        for measure, unit, without, more in measures
        for who, part in zip(POPULATIONS, (0.7, 0.3), strict=True)
        for own in [more * part * made.drawn(futures)["exit_factor"]]
    ]


def _drivers(nets: Gains) -> list[tuple[object, ...]]:
    leans = {
        "arrival_path": -0.3, "exit_factor": 0.9, "rent_growth": -0.5, "shock.border_closure": -0.1,
        "value.exits_to_homes": 0.6, "cost.rent_support": -0.2,
    }  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for action, values in nets.items():
        net = float(values.mean())
        for name, lean in leans.items():
            low, high = net - 0.5 * abs(net) * lean, net + 0.5 * abs(net) * lean
            rows.append((action, name, low, high, abs(high - low), lean**2 / 2, lean**2 / 2 + 0.02))
    return rows


def _switching(nets: Gains, gains: Gains, costs: Gains) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for action in gains:
        net, gross = float(nets[action].mean()), float(gains[action].sum(axis=1).mean())
        cost = float(made.discounted(costs[action]).mean())
        change = -net / (0.5 * gross)
        rows.append((action, "value.exits_to_homes", 20_000.0, 20_000.0 * (1 + change), change))
        rows.append((action, f"cost.{action}", 1.0, gross / cost, gross / cost - 1))
    return rows


def _options(nets: Gains, gains: Gains, costs: Gains) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for action in ACTIONS:
        net, cost = nets[action], made.discounted(costs[action])
        heavy = made.weighted(gains[action]).sum(axis=1) - cost
        parts = (net, gains[action].sum(axis=1), cost, heavy)
        for size in (0.5, 1.0, 2.0):
            for start in (0, 1, 2):
                means = (size * RATE_OF_START**start * float(part.mean()) for part in parts)
                losing, worst = float((net < 0).mean()), size * float(np.sort(net)[:4].mean())
                rows.append((f"{action}@{size:g}@{start}", action, size, start, *means, losing, worst))
    return rows


RATE_OF_START = 0.8


def _plans(nets: Gains, gains: Gains, costs: Gains) -> dict[str, list[tuple[object, ...]]]:
    of_plan = {plan: _summed(parts, nets) for plan, parts in PLANS.items()}
    best = np.max(list(of_plan.values()), axis=0)
    shares = {f"mean_{100 * share:.0f}": share for share in LEVELS}
    found: dict[str, list[tuple[object, ...]]] = {
        "plans": [], "plan_actions": [], "plan_gains": [], "plan_costs": [], "robustness": [],
    }  # fmt: skip
    for plan, parts in PLANS.items():
        net, paid = of_plan[plan], _summed(parts, costs)
        mean, p10, _p50, p90 = made.bands(net)
        worst, behind = float(np.sort(net)[:4].mean()), best - net
        tail = (worst, float(behind.max()), float((net < 0).mean()), mean, 0.0)
        aim, cost = ("mean" if plan in shares else ""), float(made.discounted(paid).mean())
        found["plans"].append((plan, aim, shares.get(plan, 1.0), cost, mean, p10, p90, *tail))
        found["plan_actions"] += [
            (plan, one, 1.0, 0, float(made.discounted(costs[one]).mean()), float(nets[one].mean()))
            for one in parts
        ]
        gained = _summed(parts, gains)
        found["plan_gains"] += [(plan, name, *made.summary(_of(name, gained))) for name in CONSTITUENCIES]
        found["plan_costs"] += _paid(plan, parts, costs)
        found["robustness"].append(_robust(plan, net, behind))
    found["robustness"].append(_robust(WITHOUT, np.zeros_like(best), best))
    return found | {"pareto": _pareto(of_plan), "reasons": _reasons()}


def _robust(plan: str, net: Floats, behind: Floats) -> tuple[object, ...]:
    regrets = (float(behind.max()), float(behind.mean()))
    return (
        plan,
        float(net.mean()),
        float(net.min()),
        *regrets,
        float((net > 0).mean()),
        float(np.sort(net)[:4].mean()),
    )


def _budget(funder: str) -> float:
    return 4e6 if funder == "city" else 2e6


def _paid(plan: str, parts: tuple[str, ...], costs: Gains) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for funder in FUNDERS:
        paid = _summed(tuple(one for one in parts if ACTIONS[one][2] == funder), costs)
        for year in range(YEARS):
            mean, high = float(paid[:, year].mean()), float(np.quantile(paid[:, year], 0.9))
            rows.append((plan, funder, year + 1, _budget(funder), mean, high))
    return rows


def _reasons() -> list[tuple[object, ...]]:
    return [
        (action, True, -5.0e6, "", "")
        if action in CHOSEN
        else (action, False, -1.2e6, f"budget {ACTIONS[action][2]} 1", "language_classes")
        for action in ACTIONS
    ]


def _failing(net: Floats) -> dict[str, list[tuple[object, ...]]]:
    """Futures in which few find a home while rents grow, and how many of the failures lie there."""
    world, failing = made.drawn(len(net)), net < 0
    inside = (world["exit_factor"] <= 0.85) & (world["rent_growth"] >= 0.01)
    covered = float((failing & inside).sum() / max(failing.sum(), 1))
    box = (covered, float((failing & inside).sum() / max(inside.sum(), 1)), float(inside.mean()))
    return {
        "failures": [(PLAN, "net below 0", float(failing.mean()), 0.0)],
        "boxes": [
            (PLAN, 1, "exit_factor", None, 0.85, *box, 0.001),
            (PLAN, 1, "rent_growth", 0.01, None, *box, 0.02),
        ],
    }


def _pareto(of_plan: Gains) -> list[tuple[object, ...]]:
    top, both = float(of_plan["mean_150"].mean()), "rent_support;language_classes"
    steps = (
        (1.0, 2.0e6, both),
        (0.97, 3.5e6, both),
        (0.88, 4.2e6, "rent_support;cash_for_work"),
        (0.6, 4.5e6, "cash_for_work"),
    )
    return [
        ("long_term_residents", step, share * top, goal, parts)
        for step, (share, goal, parts) in enumerate(steps)
    ]


def _months() -> list[tuple[object, ...]]:
    measures = (("waiting", "people", 1_500.0, 1.0), ("shelter_intake", "people a month", 600.0, 0.1))
    return [
        (plan, month, measure, unit, middle, middle * 0.8, middle, middle * 1.3)
        for plan, slope in ((WITHOUT, 60.0), (PLAN, 25.0), *((action, 45.0) for action in ACTIONS))
        for measure, unit, start, pace in measures
        for place, month in enumerate(MONTHS)
        for middle in [start + slope * pace * place]
    ]


def _futures(futures: int, nets: Gains) -> pl.DataFrame:
    of_plan = {f"net.{plan}": _summed(parts, nets) for plan, parts in PLANS.items()}
    return pl.DataFrame(
        {"future": np.arange(futures), **made.drawn(futures), **of_plan, f"net.{WITHOUT}": np.zeros(futures)}
    )


def _declared() -> dict[str, list[tuple[object, ...]]]:
    """What a city or a judgement gives; nothing of it is computed."""
    return {
        "actions": [
            (action, title, f"{title}, worked out for a made city.", blueprint, "1;3",
             "homeless people" if homeless else "newcomers", funder, 6, 6, 60, 0.0, cost / 12, 0.9, 1.1,
             "0.5;1;2", "", "", SOURCE, DATE, "", "cost_per_month" if action == "rent_support" else "", None)
            for action, (title, blueprint, funder, _worth, cost, _newcomers, homeless) in ACTIONS.items()
        ],
        "effects": [
            ("rent_support", "exits", "homes", "people a month", 24.0, *_EFFECT),
            ("reception_hub", "capacity", "shelter", "beds", 200.0, *_EFFECT),
            ("language_classes", "use", "libraries", "share", 0.1, True, *_EFFECT[1:]),
            ("cash_for_work", "exits", "homes", "people a month", 4.0, *_EFFECT),
        ],
        "benefits": [
            ("language_classes", "hours of classes", "hours", 4_000.0, 18.0, 9.0, 27.0, "unlocked_potential",
             "newcomer_women;newcomer_men", SOURCE, DATE),
            ("cash_for_work", "park days kept", "days", 300.0, 120.0, 80.0, 160.0, "co_benefit", "",
             "assumption", DATE),
        ],
        "values": [
            ("exits_to_homes", "people", 20_000.0, 10_000.0, 30_000.0, "unlocked_potential", SOURCE, DATE),
            ("waiting", "person-months", -900.0, -1_350.0, -450.0, "avoided_loss", ASSUMED, DATE),
            ("in_shelter", "person-months", -400.0, -600.0, -200.0, "avoided_loss", "assumption", DATE),
            ("served.clinics", "visits", 60.0, 30.0, 90.0, "avoided_loss", SOURCE, DATE),
        ],
        "weights": [
            (cell, made.income(cell), (48_000.0 / made.income(cell)) ** 1.3, SOURCE, DATE) for cell in CELLS
        ],
        "budgets": [
            (funder, title, year + 1, _budget(funder), "assumption")
            for funder, title in FUNDERS.items()
            for year in range(YEARS)
        ],
        "knowing": [
            (name, 4e5 / (place + 1), 0.5 / (place + 1)) for place, name in enumerate(made.UNCERTAINTIES)
        ],
        "triggers": [
            (PLAN, "shelter_intake", "people a month", 3, 830.0, 6, "reception_hub", 22, 0.8, 0.1, 0.12, 0.74,
             8.0),
        ],
    }  # fmt: skip


_EFFECT = (False, "", "", "", 0.6, 1.3, 0.0, 0.0, ASSUMED, DATE)
