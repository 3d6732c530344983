"""What other panels teach a forecast, and a fair test: each family is forecast by what the others taught.

Usage: python benchmarks/learn_forecasts.py           the test, as in docs/explanation/forecasts.md
       python benchmarks/learn_forecasts.py --write   learn from all, write the tables of `reference`
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from forecast_panels import DATA, HORIZON, Measured, all_panels
from scipy.optimize import minimize

from philoxenia.arrivals.combination import Workbench, ahead, blend, members_of
from philoxenia.arrivals.fan import calibrated
from philoxenia.arrivals.learnt import FEATURES, Learnt, column_of, learnt
from philoxenia.arrivals.scores import covered, weighted_interval_score
from philoxenia.arrivals.spread import rule_inputs, spread_of
from philoxenia.arrivals.types import BASELINES, COMBINATION, Floats
from philoxenia.reference import default_parameters
from philoxenia.vocabulary import Frequency

TABLES = Path(__file__).resolve().parents[1] / "src" / "philoxenia" / "reference" / "tables"
PARAMETERS = default_parameters()
LEVELS = (0.5, 0.8, 0.95)
FEWEST_TO_LEARN = {Frequency.MONTH: 8, Frequency.QUARTER: 6, Frequency.YEAR: 5}
FEWEST_TO_TEST = {Frequency.MONTH: 24, Frequency.QUARTER: 8, Frequency.YEAR: 7}
MOST_ERRORS = 2500
DEGREES = 3.0


def bench_of(measured: Measured, taught: Learnt) -> Workbench:
    return Workbench(measured.panel, HORIZON[measured.panel.frequency], PARAMETERS, taught)


# --- learning ----------------------------------------------------------------------------------------


def learn(panels: Sequence[Measured], frequency: Frequency) -> Learnt:
    """Members' usual errors, the rule of spreads and the shape of errors; every family counts the same."""
    start = learnt(frequency, PARAMETERS)
    priors = _priors(panels, start)
    members = tuple(replace(m, prior=priors.get(m.name, m.prior)) for m in start.members)
    taught = replace(start, members=members)
    features, offset, error, weight = _errors(panels, taught)
    rule = _fit(features, offset, error, weight)
    size = np.abs(error) / np.exp(features @ rule + offset)
    return replace(taught, rule=rule, sizes=_quantiles(size, weight, taught.grid))


def _priors(panels: Sequence[Measured], start: Learnt) -> dict[str, float]:
    logs: dict[str, list[tuple[float, float]]] = {}
    families = Counter(one.family for one in panels)
    for one in panels:
        for name, loss in member_losses(one, start).items():
            logs.setdefault(name, []).append((np.log(loss), 1 / families[one.family]))
    return {name: _mean(pairs) for name, pairs in logs.items()}


def _mean(pairs: list[tuple[float, float]]) -> float:
    values, weights = np.array(pairs).T
    return float(np.exp(np.average(values, weights=weights)))


@cache
def _losses(name: str, frequency: Frequency) -> dict[str, float]:
    one = next(m for m in PANELS if m.name == name)
    bench = bench_of(one, learnt(frequency, PARAMETERS))
    change = np.abs(np.diff(bench.scaled, axis=1, prepend=np.nan))
    known = np.cumsum(~np.isnan(change), axis=1)
    total = np.cumsum(np.nan_to_num(change), axis=1)
    unit = (total + (total.sum(axis=0) + 0.01) / (known.sum(axis=0) + 0.1)) / (known + 1)
    means = {}
    for member in bench.members:
        error = np.minimum(np.abs(bench.forecast(member) - bench.realised) / unit[:, :, None], 12)
        error[bench.known < FEWEST_TO_LEARN[frequency]] = np.nan
        means[member.name] = np.nanmean(error, axis=(0, 1))
    first = means[bench.members[0].name]
    return {name: float(np.exp(np.log(mean / first).mean())) for name, mean in means.items()}


def member_losses(one: Measured, start: Learnt) -> dict[str, float]:
    return _losses(one.name, one.panel.frequency)


def _errors(panels: Sequence[Measured], taught: Learnt) -> tuple[Floats, Floats, Floats, Floats]:
    # A family counts by the origins it has: five years of one upswing must not outweigh twenty years of many.
    rng, families = np.random.default_rng(0), Counter(one.family for one in panels)
    parts = []
    for one in panels:
        bench = bench_of(one, taught)
        point = blend(bench, bench.members)
        spread = spread_of(bench, point.centre, point.disagreement)
        features, offset = rule_inputs(bench, point.centre, point.disagreement)
        early = bench.known < FEWEST_TO_LEARN[one.panel.frequency]
        use = np.flatnonzero(~np.isnan(np.where(early[:, :, None], np.nan, spread.error)))
        if len(use) < 30:
            continue
        use = rng.choice(use, MOST_ERRORS, replace=False) if len(use) > MOST_ERRORS else use
        missed = (bench.realised - point.centre).ravel()[use]
        origins = one.panel.periods - FEWEST_TO_LEARN[one.panel.frequency]
        weight = np.full(len(use), origins / len(use) / families[one.family])
        parts.append((features.reshape(-1, len(FEATURES))[use], offset.ravel()[use], missed, weight))
    features, offset, error, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    return features, offset, error, weight


def _fit(features: Floats, offset: Floats, error: Floats, weight: Floats) -> Floats:
    """Maximum likelihood of a t distribution with three degrees of freedom, slightly shrunk."""

    def loss(rule: Floats) -> tuple[float, Floats]:
        log_size = features @ rule + offset
        square = (error * np.exp(-log_size)) ** 2
        heavy = 1 + square / DEGREES
        value = np.sum(weight * (log_size + (DEGREES + 1) / 2 * np.log(heavy))) / weight.sum()
        pull = 1 - (DEGREES + 1) * square / DEGREES / heavy
        penalty = np.concatenate([[0.0], rule[1:]])
        slope = features.T @ (weight * pull) / weight.sum() + 2e-3 * penalty
        return float(value + 1e-3 * (penalty**2).sum()), slope

    return np.asarray(minimize(loss, np.zeros(features.shape[1]), jac=True, method="BFGS").x)


def _quantiles(size: Floats, weight: Floats, grid: Floats) -> Floats:
    order = np.argsort(size)
    middle = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return np.concatenate([[0.0], np.interp(grid[1:], middle, size[order])])


# --- testing ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """Scores of one model on one panel. `wis` in units; `scaled` against each series' usual change."""

    coverage: tuple[float, ...]
    wis: float
    scaled: float
    count: int


def test(one: Measured, taught: Learnt) -> dict[str, Outcome]:
    """The combination and the baselines, these also with the plain quantiles of their own past errors."""
    bench = bench_of(one, taught)
    actual = ahead(one.panel.values, bench.horizon)
    unit = np.nanmean(np.abs(np.diff(one.panel.values, axis=1)), axis=1)
    busy = (np.nanmean(one.panel.values, axis=1) > 5) & (unit > 0.5)
    use = (
        (bench.known >= FEWEST_TO_TEST[one.panel.frequency])[:, :, None]
        & ~np.isnan(actual)
        & busy[:, None, None]
    )
    whole, found = blend(bench, bench.members), dict[str, Outcome]()
    for model in (COMBINATION, *BASELINES):
        point = replace(blend(bench, members_of(bench, model)), disagreement=whole.disagreement)
        made = calibrated(bench, point)
        fans = [made.fan(t) for t in range(one.panel.periods)]
        median = np.stack([fan.median() for fan in fans], axis=1)
        bounds = {
            p: tuple(np.stack(b, axis=1) for b in zip(*[fan.bounds(p) for fan in fans], strict=True))
            for p in LEVELS
        }
        found[model] = _outcome(actual, median, bounds, unit, use)
        if model != COMBINATION:
            found[f"{model}, plain"] = _outcome(
                actual, median, _plain_bounds(actual, median, bounds), unit, use
            )
    return found


def _plain_bounds(
    actual: Floats, median: Floats, instead: dict[float, tuple[Floats, ...]]
) -> dict[float, tuple[Floats, ...]]:
    """Quantiles of the series' own absolute errors at the same period ahead; the calibrated ones until there
    are four.
    """
    error = np.abs(actual - median)
    out = {p: (lower.copy(), upper.copy()) for p, (lower, upper) in instead.items()}
    for t in range(error.shape[1]):
        for h in range(error.shape[2]):
            past = error[:, : max(t - h, 0), h]
            enough = (~np.isnan(past)).sum(axis=1) >= 4
            if not enough.any():
                continue
            for p in LEVELS:
                half = np.nanquantile(past[enough], p, axis=1)
                out[p][0][enough, t, h] = np.maximum(median[enough, t, h] - half, 0)
                out[p][1][enough, t, h] = median[enough, t, h] + half
    return out


def _outcome(
    actual: Floats, median: Floats, bounds: dict[float, tuple[Floats, ...]], unit: Floats, use: Floats
) -> Outcome:
    score = weighted_interval_score(actual, median, bounds)
    shares = tuple(float(covered(actual, *bounds[p])[use].mean()) for p in LEVELS)
    return Outcome(
        shares, float(score[use].mean()), float((score / unit[:, None, None])[use].mean()), int(use.sum())
    )


def others(one: Measured, panels: Sequence[Measured]) -> list[Measured]:
    return [p for p in panels if p.panel.frequency is one.panel.frequency and p.family != one.family]


# --- commands ----------------------------------------------------------------------------------------


def show(panels: Sequence[Measured], within: bool, frequency: str) -> None:
    taught: dict[tuple[str, Frequency], Learnt] = {}
    print(
        "| panel | series | values | 50 % | 80 % | 95 % | last value | seasonal | mean of 3 | best, plain |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    rows = []
    for one in [p for p in panels if frequency in ("", column_of(p.panel.frequency))]:
        key = one.family, one.panel.frequency
        if key not in taught:
            taught[key] = (
                learnt(one.panel.frequency, PARAMETERS)
                if within
                else learn(others(one, panels), one.panel.frequency)
            )
        found = test(one, taught[key])
        mine = found[COMBINATION]
        ratios = [mine.wis / found[name].wis for name in BASELINES]
        plain = mine.wis / min(found[f"{name}, plain"].wis for name in BASELINES)
        scaled = mine.scaled / min(
            min(found[name].scaled, found[f"{name}, plain"].scaled) for name in BASELINES
        )
        rows.append((*mine.coverage, *ratios, plain, scaled))
        cells = [f"{x:.3f}" for x in mine.coverage] + [f"{x:.3f}" for x in (*ratios, plain)]
        print(f"| {one.name} | {len(one.panel.groups)} | {mine.count} | {' | '.join(cells)} |", flush=True)
    table = np.array(rows)
    print(
        "mean coverage",
        table[:, :3].mean(axis=0).round(3),
        "mean abs error of 80 %",
        np.abs(table[:, 1] - 0.8).mean().round(3),
    )
    print(
        "geometric mean ratios: three baselines, best plain, best scaled",
        np.exp(np.log(table[:, 3:]).mean(axis=0)).round(3),
    )


def write(panels: Sequence[Measured]) -> None:
    """Write members' priors, rules and shapes into the reference tables, three digits each."""
    members = pl.read_csv(TABLES / "forecast_members.csv", infer_schema=False)
    errors = pl.read_csv(TABLES / "forecast_errors.csv", infer_schema=False)
    parameters = (TABLES / "parameters_arrivals.csv").read_text(encoding="utf-8").splitlines()
    for frequency in Frequency:
        taught = learn([p for p in panels if p.panel.frequency is frequency], frequency)
        column = column_of(frequency)
        priors = {m.name: f"{m.prior:.3f}" for m in taught.members}
        members = members.with_columns(
            pl.when(pl.col("member").is_in(list(priors)))
            .then(pl.col("member").replace_strict(priors, default=None))
            .otherwise(pl.col(column))
            .alias(column)
        )
        errors = errors.with_columns(pl.Series(column, [f"{size:.3f}" for size in taught.sizes[1:]]))
        for name, value in zip(FEATURES, taught.rule, strict=True):
            start = f"arrivals.spread.{column}.{name},log,"
            parameters = [
                f"{start}{value:.3f},{line.split(',', 3)[3]}" if line.startswith(start) else line
                for line in parameters
            ]
    members.write_csv(TABLES / "forecast_members.csv")
    errors.write_csv(TABLES / "forecast_errors.csv")
    (TABLES / "parameters_arrivals.csv").write_text("\n".join(parameters) + "\n", encoding="utf-8")


PANELS = all_panels()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--write", action="store_true", help="learn from all panels and write the reference tables"
    )
    parser.add_argument("--frequency", default="", help="month, quarter or year: test these panels alone")
    parser.add_argument(
        "--within", action="store_true", help="test with the tables as they are, learnt from all"
    )
    options = parser.parse_args()
    if not PANELS:
        raise SystemExit(
            f"No raw extracts in {DATA.name}: set PHILOXENIA_SHARED_DATA to the folder that holds them."
        )
    write(PANELS) if options.write else show(PANELS, options.within, options.frequency)
