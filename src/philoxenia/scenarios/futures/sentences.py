"""What a simulation found, in sentences a department can read aloud.

Owns the words for bands over futures; ignores plans' worth (that is valuation's).
"""

from collections.abc import Callable, Iterator

import numpy as np

from philoxenia.scenarios.futures.outcomes import Outcomes
from philoxenia.scenarios.futures.types import Floats

_SHOWN_SHARE = 0.01


def summary_of(outcomes: Outcomes) -> str:
    """The summary as Markdown: what happens in each plan, then what is assumed."""
    lines = [
        f"# {outcomes.futures:,} futures, {outcomes.months[0]} to {outcomes.months[-1]}",
        "",
        "Each figure is the middle future, with the range that four futures in five lie in. Futures are "
        "possible courses under stated assumptions, not forecasts of shocks.",
        "",
    ]
    for name in outcomes.plans:
        lines += [f"## Plan: {name}", "", *(f"- {line}" for line in _plan(outcomes, name)), ""]
    lines += ["## What is missing or assumed", "", *(f"- {note}" for note in outcomes.notes)]
    return "\n".join(lines) + "\n"


def _plan(outcomes: Outcomes, name: str) -> Iterator[str]:
    last, whole = _last_month(outcomes, name), _whole(outcomes, name)
    yield f"People in the city in the last month: {_band(last('people'))}."
    yield f"People in shelter in the last month: {_band(last('in_shelter'))}."
    yield f"People waiting for a shelter place in the last month: {_band(last('waiting'))}."
    yield f"Person-months spent waiting for a shelter place: {_band(whole('waiting'))}."
    yield f"People who moved from shelter to a home: {_band(whole('exits_to_homes'))}."
    without = last("without_own_home")
    yield f"People beyond those the city's homes have room for, in the last month: {_band(without)}."
    yield from _services(outcomes, name)
    cost = outcomes.cost(name)
    if cost.size and cost.sum() > 0:
        yield f"Cost over the horizon, not discounted: {_band(cost.sum(axis=1))}."


def _services(outcomes: Outcomes, name: str) -> Iterator[str]:
    whole = _whole(outcomes, name)
    for measure in outcomes.measures:
        if not measure.startswith("unmet."):
            continue
        service = measure.removeprefix("unmet.")
        unmet = whole(measure) / np.maximum(whole(measure) + whole(f"served.{service}"), 1e-9)
        often = float((unmet > _SHOWN_SHARE).mean())
        yield (
            f"{service.replace('_', ' ').capitalize()}: {100 * np.median(unmet):.1f} % of what is asked for "
            f"is not met ({_percent(unmet, 0.1)} to {_percent(unmet, 0.9)}); more than {_SHOWN_SHARE:.0%} in "
            f"{often:.0%} of futures."
        )


def _last_month(outcomes: Outcomes, name: str) -> Callable[[str], Floats]:
    plan = outcomes.by_month[outcomes.plan(name)]
    return lambda measure: plan[:, -1, outcomes.month_measure(measure)].astype(np.float64)


def _whole(outcomes: Outcomes, name: str) -> Callable[[str], Floats]:
    plan = outcomes.by_month[outcomes.plan(name)]
    return lambda measure: plan[:, :, outcomes.month_measure(measure)].sum(axis=1, dtype=np.float64)


def _band(values: Floats) -> str:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9))
    return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"


def _percent(values: Floats, level: float) -> str:
    return f"{100 * float(np.quantile(values, level)):.1f} %"
