"""What foresight found, in sentences that can be read aloud; English only, pages have words of their own.

Owns wording and rounding; ignores how anything was computed.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from philoxenia.reference import default_parameters
from philoxenia.report.foresight import Foresight

_LOSES_OFTEN = 0.01
_SHOWN_GAINS = 4


def value_lines(found: Foresight) -> Iterator[str]:
    """Each action, best first: what it brings, what it costs, who gains, who loses and how often."""
    names = found["actions"]["action"].to_list()
    rows = {(row["action"], row["kind"], row["name"]): row for row in found["dividends"].to_dicts()}
    order = sorted(names, key=lambda name: -rows[name, "total", "net"]["mean"])
    for name in order:
        net, gross, cost = (rows[name, "total", part] for part in ("net", "gross", "cost"))
        yield (
            f"{words(found, name)} ({name}): net {_band(found, net)}; brings {money(found, gross['mean'])}, "
            f"costs {money(found, cost['mean'])}. It loses {often(net['share_losing'])}."
        )
        gains = [row for (action, kind, _), row in rows.items() if action == name and kind == "constituency"]
        yield from (f"  {line}" for line in _constituencies(found, gains))


def _constituencies(found: Foresight, gains: list[dict[str, Any]]) -> Iterator[str]:
    winners = sorted((row for row in gains if row["mean"] > 0), key=lambda row: -row["mean"])
    if winners:
        told = (f"{_plain(row['name'])} {money(found, row['mean'])}" for row in winners[:_SHOWN_GAINS])
        yield f"gains on average: {'; '.join(told)}"
    for row in gains:
        if row["share_losing"] > _LOSES_OFTEN:
            lost = money(found, row["mean_when_losing"])
            yield f"loses: {_plain(row['name'])} {often(row['share_losing'])}, then {lost} on average"


def plan_lines(found: Foresight) -> Iterator[str]:
    """The plan asked for: its actions, why others are out, how it fares, where it breaks, what warns."""
    name = found.main_plan
    plan = found["plans"].row(by_predicate=pl.col("plan") == name, named=True)
    yield f"{words(found, name)} ({name}): {_number_of(found, name)}."
    yield (
        f"Net {money(found, plan['net_mean'])} on average ({money(found, plan['net_p10'])} to "
        f"{money(found, plan['net_p90'])} in four futures of five); costs {money(found, plan['cost'])}. "
        f"In the worst {found.worst_share:.0%} of futures {money(found, plan['cvar'])}. "
        f"It loses {often(plan['share_losing'])}. One by one its actions would bring "
        f"{money(found, plan['sum_of_parts'])}."
    )
    for row in found["plan_actions"].filter(pl.col("plan") == name).to_dicts():
        yield (
            f"  {words(found, row['action'])}: size {row['size']:g}, from year {row['start_year'] + 1}; "
            f"costs {money(found, row['cost'])}, alone brings net {money(found, row['net_mean'])}"
        )
    yield ""
    yield from _reasons(found)
    yield ""
    yield from _robustness(found)
    yield from _failures(found)
    yield from _triggers(found)


def _number_of(found: Foresight, plan: str) -> str:
    count = found["plan_actions"].filter(pl.col("plan") == plan).height
    return "no action" if count == 0 else f"{count} {'action' if count == 1 else 'actions'}"


def _reasons(found: Foresight) -> Iterator[str]:
    yield "Why each action is in or out:"
    for row in found["reasons"].to_dicts():
        change = row["change"]
        if row["is_in"]:
            said = (
                "in: nothing else is possible"
                if change is None
                else f"in: worth {money(found, change)} to the plan"
            )
        elif change is None:
            said = "out: the limits forbid it"
        else:
            said = f"out: it would cost the plan {money(found, change)}"
        against = f" ({row['binding'].replace(';', ', ')})" if row["binding"] else ""
        yield f"  {words(found, row['action'])}: {said}{against}"


def _robustness(found: Foresight) -> Iterator[str]:
    yield "Plans over all futures (mean; worst future; largest regret; futures above zero):"
    for row in found["robustness"].to_dicts():
        yield (
            f"  {words(found, row['plan'])}: {money(found, row['mean'])}; {money(found, row['maximin'])}; "
            f"{money(found, row['regret_max'])}; {often(row['satisficing'])}"
        )


def _failures(found: Foresight) -> Iterator[str]:
    failing = found["failures"].filter(pl.col("plan") == found.main_plan).to_dicts()
    for row in failing:
        yield (
            f"The plan fails ({rule_words(found, row['rule'])}) in {row['share_failing']:.0%} of futures; "
            f"without any action in {row['share_failing_without']:.0%}."
        )
    boxes = found["boxes"].filter(pl.col("plan") == found.main_plan)
    for number in boxes["box"].unique(maintain_order=True):
        rows = boxes.filter(pl.col("box") == number).to_dicts()
        sides = ", and ".join(_side(found, row) for row in rows)
        yield (
            f"  It fails most where {sides}: {often(rows[0]['density'])} there, "
            f"{rows[0]['coverage']:.0%} of all failures."
        )


def rule_words(found: Foresight, rule: str) -> str:
    """`waiting above 5480` as words."""
    measure, side, level = rule.rsplit(" ", 2)
    what = "the net dividend" if measure == "net" else words(found, measure)
    return (
        f"{what} {side} {float(level):,.0f} in some month" if measure != "net" else f"{what} {side} {level}"
    )


def _side(found: Foresight, row: dict[str, Any]) -> str:
    name, low, high = words(found, row["name"]), row["low"], row["high"]
    if row["name"].startswith("shock.") and row["name"].count(".") == 1:
        return name if low is not None else f"it is not so that {name}"
    if low is not None and high is not None:
        return f"{name} between {low:,.3g} and {high:,.3g}"
    return f"{name} above {low:,.3g}" if low is not None else f"{name} below {high:,.3g}"


def _triggers(found: Foresight) -> Iterator[str]:
    least = default_parameters()["valuation.least_skill"]
    rows = found["triggers"].filter(pl.col("plan") == found.main_plan).to_dicts()
    skilled = [row for row in rows if row["caught"] - row["false_alarms"] >= least]
    if rows and not skilled:
        tried = ", ".join(words(found, row["indicator"]) for row in rows)
        yield f"No sign that was tried warns early enough without warning all the time: {tried}."
    yield from (_trigger(found, row) for row in skilled)


def _trigger(found: Foresight, row: dict[str, Any]) -> str:
    window = f" (mean of {row['window']} months)" if row["window"] > 1 else ""
    level = row["threshold"]
    passes = f"reach {level:,.0f}" if level >= 0 else f"fall to {-level:,.0f}"
    latest = found.months[row["latest_start"]] if row["latest_start"] >= 0 else found.months[0]
    start = (
        f"start {words(found, row['action'])}, which takes {row['lead']} months"
        if row["action"]
        else "be warned; no action of the catalogue lowers what fails"
    )
    return (
        f"  If {words(found, row['indicator'])}{window} {passes} in a month, {start}: in time "
        f"{often(row['caught'], 'failing futures')}, for nothing {often(row['false_alarms'], 'others')}; "
        f"for nine in ten failures that is by {latest}."
    )


def words(found: Foresight, name: str) -> str:
    """The words for a name, or the name itself."""
    return found.labels.get(name, _plain(name))


def money(found: Foresight, amount: float) -> str:
    """An amount with two or three figures and the city's currency."""
    currency = f" {found.city.currency}" if found.city.currency else ""
    for size, name in ((1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if abs(amount) >= size:
            figures = amount / size
            return (
                f"{figures:,.1f}{name}{currency}" if abs(figures) < 100 else f"{figures:,.0f}{name}{currency}"
            )
    return f"{amount:,.0f}{currency}"


def _band(found: Foresight, row: dict[str, Any]) -> str:
    return f"{money(found, row['mean'])} ({money(found, row['p10'])} to {money(found, row['p90'])})"


def often(share: float, of: str = "futures") -> str:
    """A share as so many of ten, or of a hundred where ten would hide it."""
    if share <= 0:
        return f"in none of the {of}"
    if share >= 1:
        return f"in all {of}"
    if 0.05 <= share <= 0.95:
        return f"in {max(1, min(9, round(10 * share)))} of 10 {of}"
    counted = round(100 * share)
    return f"in {min(max(counted, 1), 99)} of 100 {of}" if counted else f"in less than 1 of 100 {of}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
