"""The section of a case on failure: how often, where failures meet, which signs warn and what to do then."""

import re
from dataclasses import replace

import polars as pl

from philoxenia.reference import default_parameters
from philoxenia.report.document import Block, Cell, Column, Figure, Points, Section, Table, Text
from philoxenia.report.foresight.facts import Facts, Row
from philoxenia.report.foresight.future_charts import (
    Frame,
    box_chart,
    box_words,
    course,
    frames,
    months_chart,
    months_words,
)
from philoxenia.report.foresight.view import View
from philoxenia.report.words import sentence_case

_RULE = re.compile(r"(\S+) (above|below) (-?[\d.,e+]+)$")
_MOST_BOXES, _MOST_SIGNS = 3, 6
_WATCHED = "waiting"
# Two pictures stand beside each other on a page; words and axes around the lower one take the frame.
_HALF, _LOW, _FRAME = 310, 140, 70


def fails(facts: Facts) -> Section | None:
    """How often it falls short, in which futures, and the signs that say so early enough."""
    if facts.is_empty:
        return None
    view = facts.view
    boxes = frames(facts.found, facts.subject, view)[:_MOST_BOXES]
    blocks: list[Block] = [Text(_loss(facts)), *_pictures(facts, boxes)]
    if boxes:
        told = tuple(box_words(box, view) for box in boxes)
        blocks.append(Points(told, fold=view.text("fails.boxes")))
    elif facts.is_plan:
        blocks.append(Text(view.text("fails.no_boxes")))
    signs = _signs(facts) or (Text(view.text("fails.no_signs")) if facts.is_plan else None)
    blocks += [signs] if signs else []
    return Section("fails", view.text("fails.title"), _answer(facts), blocks=tuple(blocks))


def _pictures(facts: Facts, boxes: list[Frame]) -> list[Block]:
    """What fails month by month and the futures in which it does; beside each other where both are known."""
    own = course(facts.found, _failing_measure(facts), facts.subject, facts.view)
    months = bool(own.without and own.with_plan)
    drawn = [box for box in boxes if box.points][:1]
    width = _HALF if months and drawn else facts.view.width
    view, pictures = replace(facts.view, width=width, height=_LOW), []
    if months:
        said = " ".join(months_words(own, view))
        title = f"{own.name}, {view.text('fails.course')}"
        pictures.append(months_chart(own, said, title, replace(view, height=_LOW + _FRAME)))
    for box in drawn:
        pictures.append(box_chart(box, box_words(box, view), view.text("fails.figure"), view))
    return [Figure("fails", view.text("fails.pictures"), tuple(pictures))] if pictures else []


def _failing_measure(facts: Facts) -> str:
    """The monthly measure by which the plan is judged; people who wait where it is judged by money."""
    plan = facts.found.main_plan
    rules = facts.found["failures"].filter(pl.col("plan") == plan)["rule"].to_list()
    rule = _RULE.match(rules[0]) if rules else None
    return rule[1] if rule and rule[1] != "net" else _WATCHED


def _answer(facts: Facts) -> str:
    rows = facts.found["failures"].filter(pl.col("plan") == facts.subject).to_dicts()
    if not rows:
        return "" if facts.is_plan else facts.view.text("fails.unasked")
    view, row = facts.view, rows[0]
    return view.text(
        "fails.answer",
        rule=rule_words(row["rule"], view),
        futures=view.futures(row["share_failing"]),
        without=view.futures(row["share_failing_without"]),
    )


def rule_words(rule: str, view: View) -> str:
    """What counts as a failure, in words."""
    found = _RULE.match(rule)
    if found is None:
        return view.own(rule)
    limit = float(found[3].replace(",", ""))
    if found[1] == "net":
        return view.text(f"fails.net_{found[2]}", limit=view.money(limit))
    return view.text(f"fails.{found[2]}", name=view.name(found[1]), limit=view.number(limit))


def _loss(facts: Facts) -> str:
    view, net = facts.view, facts.totals["net"]
    values = facts.samples["net"].sort().to_list()
    count = max(round(len(values) * facts.found.worst_share), 1)
    worst = sum(values[:count]) / count if values else net["p5"]
    return view.text(
        "fails.loss",
        futures=view.futures(net["share_losing"]),
        amount=view.money(abs(net["mean_when_losing"])),
        share=view.percent(facts.found.worst_share),
        worst=view.money(worst),
    )


def signs_of(facts: Facts) -> list[Row]:
    """The triggers of a case: those of the plan, or those that start this action; of these the ones that warn
    often enough without warning too often, the surest first."""
    own = pl.col("plan") == facts.found.main_plan
    fits = own if facts.is_plan else own & (pl.col("action") == facts.subject)
    skill = pl.col("caught") - pl.col("false_alarms")
    skilled = fits & (skill >= default_parameters()["valuation.least_skill"])
    rows = facts.found["triggers"].filter(skilled).sort(skill, "indicator", descending=[True, False])
    return rows.head(_MOST_SIGNS).to_dicts()


def _signs(facts: Facts) -> Table | None:
    view, rows = facts.view, signs_of(facts)
    if not rows:
        return None
    names = ("watch", "threshold", "then", "by", "warned", "false")
    heads = tuple(
        Column(view.text(f"column.{name}"), numeric=name in ("threshold", "warned", "false"))
        for name in names
    )
    told = tuple(
        (
            Cell(sentence_case(watch(row, view))),
            Cell(f"{threshold(row, view)} {view.own(row['unit'])}"),
            Cell(view.name(row["action"]) if row["action"] else "–"),
            Cell(latest(row, facts.found.months, view)),
            Cell(view.percent(row["caught"])),
            Cell(view.percent(row["false_alarms"])),
        )
        for row in rows
    )
    return Table("signs", view.text("fails.signs"), heads, told, note=view.text("fails.signs_note"))


def watch(row: Row, view: View) -> str:
    """What is watched, over how many months."""
    id_ = "watch.one" if row["window"] == 1 else "watch"
    return view.text(id_, name=view.indicator(row["indicator"]), window=row["window"])


def threshold(row: Row, view: View) -> str:
    """From which value on; a negative one is passed downwards."""
    id_ = "threshold.below" if row["threshold"] < 0 else "threshold.above"
    return view.text(id_, figure=view.number(abs(row["threshold"])))


def latest(row: Row, months: tuple[str, ...], view: View) -> str:
    """The month by which the next action must have started."""
    place = row["latest_start"]
    if place is None or place < 0:
        return view.text("latest.never")
    return view.month(months[min(place, len(months) - 1)]) if months else "–"
