"""A made foresight in which every page of plans has something to say: levels of three aims, records, shocks.

What the plans bring is of `made_foresight`; here it is only spread over more budgets and futures.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
from tests.engine.report.made_foresight import ACTIONS, MONTHS, WITHOUT, foresight

from philoxenia.report.foresight import TABLES, Foresight

PLAN = foresight().main_plan
LEVELS = (0.0, 0.5, 1.0, 1.5, 2.0)
# What is chosen at each level: action, size, start year.
CHOSEN = {
    0.0: (),
    0.5: (("language_classes", 1.0, 0),),
    1.0: (("rent_support", 1.0, 0), ("language_classes", 1.0, 0)),
    1.5: (("rent_support", 2.0, 1), ("language_classes", 1.0, 0), ("reception_hub", 0.5, 2)),
    2.0: (("rent_support", 2.0, 0), ("reception_hub", 1.0, 1), ("cash_for_work", 1.0, 2)),
}
NET = {0.0: 0.0, 0.5: 8.8e6, 1.0: 37.9e6, 1.5: 52.0e6, 2.0: 51.8e6}
RECORDS = tuple(520.0 + 14.0 * month for month in range(24))


@cache
def plans() -> Foresight:
    """Five budgets for the mean, one each for bad times and least regret."""
    found = foresight()
    tables = dict(found.tables)
    tables["plans"] = pl.concat(
        [tables["plans"].clear(), pl.DataFrame(_plans(tables["plans"]))], how="vertical_relaxed"
    )
    tables["plan_actions"] = _taken(tables["plan_actions"])
    tables["plan_costs"] = _repeated(tables["plan_costs"])
    tables["plan_gains"] = _repeated(tables["plan_gains"])
    tables["reasons"] = _reasons()
    tables["futures"] = _futures(tables["futures"])
    tables["months"] = pl.concat([tables["months"], _recorded()])
    tables["boxes"] = tables["boxes"].vstack(_shock_box(tables["boxes"]))
    settings = {**found.settings, "aim": "mean", "floors": {"children": 0.0, "newcomers": 1e6}}
    return replace(found, tables=tables, settings=settings)


def plan_of(share: float, aim: str = "mean") -> str:
    """The name of a plan."""
    return f"{aim}_{100 * share:g}"


def _all() -> list[tuple[float, str]]:
    return [*((share, "mean") for share in LEVELS), (1.0, "cvar"), (1.0, "regret")]


def _plans(made: pl.DataFrame) -> list[dict[str, object]]:
    like = made.filter(pl.col("plan") == PLAN).to_dicts()[0]
    return [
        {
            **like, "plan": plan_of(share, aim), "aim": aim, "budget_share": share, "cost": 18.2e6 * share,
            "net_mean": NET[share], "net_p10": 0.4 * NET[share], "net_p90": 1.5 * NET[share],
            "cvar": 0.2 * NET[share],
            "share_losing": 0.08 if share > 1 else 0.0, "sum_of_parts": 1.1 * NET[share],
        }
        for share, aim in _all()
    ]  # fmt: skip


def _taken(made: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {"plan": plan_of(share, aim), "action": action, "size": size, "start_year": start,
         "cost": 4 * size * ACTIONS[action][4], "net_mean": 2 * size * ACTIONS[action][3]}
        for share, aim in _all() for action, size, start in CHOSEN[share]
    ]  # fmt: skip
    return pl.concat([made.clear(), pl.DataFrame(rows)], how="vertical_relaxed")


def _repeated(made: pl.DataFrame) -> pl.DataFrame:
    """The rows of the main plan for every plan."""
    own = made.filter(pl.col("plan") == PLAN)
    return pl.concat([own.with_columns(plan=pl.lit(plan_of(share, aim))) for share, aim in _all()])


def _reasons() -> pl.DataFrame:
    rows = [
        ("rent_support", True, 29.1e6, "", ""),
        ("language_classes", True, None, "required", ""),
        ("reception_hub", False, 1.2e6, "budget city 2", "language_classes"),
        ("cash_for_work", False, None, "needs rent_support;excludes reception_hub;floor children", ""),
    ]
    return pl.DataFrame(rows, schema=list(TABLES["reasons"]), orient="row", infer_schema_length=None)


def _futures(made: pl.DataFrame) -> pl.DataFrame:
    drawn = made["arrival_path"].to_numpy()
    worth = {plan_of(share): NET[share] * (0.4 + 1.2 * drawn) - 9e6 * share * drawn for share in LEVELS}
    kept = [name for name in made.columns if not name.startswith(("net.", "fails."))]
    return made.select(kept).with_columns(
        pl.Series("shock.sudden_influx", (drawn > 0.7).astype(np.int64)),
        pl.Series("arrivals", 60 * (900 + 1000 * drawn)),
        pl.Series(f"fails.{PLAN}", drawn > 0.75),
        **{f"net.{plan}": pl.Series(values) for plan, values in {**worth, WITHOUT: 0 * drawn}.items()},
    )


def _recorded() -> pl.DataFrame:
    months = [f"{2023 + place // 12}-{place % 12 + 1:02d}" for place in range(len(RECORDS))]
    values = {name: list(RECORDS) for name in ("mean", "p10", "p50", "p90")}
    return pl.DataFrame({
        "plan": ["recorded"] * len(months), "month": months, "measure": ["shelter_intake"] * len(months),
        "unit": ["people a month"] * len(months), **values,
    })  # fmt: skip


def _shock_box(made: pl.DataFrame) -> pl.DataFrame:
    shared = {"plan": PLAN, "box": 2, "coverage": 0.5, "density": 0.8, "mass": 0.2}
    rows = [
        {**shared, "name": "arrivals", "low": 60 * 1400.0, "high": None, "quasi_p": 0.001},
        {**shared, "name": "shock.sudden_influx", "low": 0.5, "high": 1.0, "quasi_p": 0.2},
    ]
    return pl.concat([made.clear(), pl.DataFrame(rows).select(made.columns)], how="vertical_relaxed")


__all__ = ["CHOSEN", "LEVELS", "MONTHS", "NET", "RECORDS", "plan_of", "plans"]
