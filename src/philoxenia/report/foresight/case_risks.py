"""The section of a case on failure: how often, where failures meet, which signs warn and what to do then."""

import re

import polars as pl

from philoxenia.report.document import Block, Cell, Column, Figure, Points, Section, Table, Text
from philoxenia.report.foresight.facts import Facts, Row
from philoxenia.report.foresight.future_charts import box_chart, box_words, frames
from philoxenia.report.foresight.view import View
from philoxenia.report.words import sentence_case

_RULE = re.compile(r"(\S+) (above|below) (-?[\d.,e+]+)$")
_MOST_BOXES, _MOST_SIGNS = 3, 6


def fails(facts: Facts) -> Section | None:
    """How often it falls short, in which futures, and the signs that say so early enough."""
    if facts.is_empty:
        return None
    view = facts.view
    blocks: list[Block] = [Text(_loss(facts))]
    boxes = frames(facts.found, facts.subject, view)[:_MOST_BOXES]
    if boxes:
        told = tuple(box_words(box, view) for box in boxes)
        drawn = [box for box in boxes[:1] if box.points]
        pictures = tuple(box_chart(box, told[0], view=view) for box in drawn)
        blocks.append(Figure("boxes", view.text("fails.figure"), pictures) if pictures else Text(""))
        blocks.append(Points(told, fold=view.text("fails.boxes")))
    elif facts.is_plan:
        blocks.append(Text(view.text("fails.no_boxes")))
    blocks += [table for table in [_signs(facts)] if table]
    kept = tuple(block for block in blocks if not isinstance(block, Text) or block.text)
    return Section("fails", view.text("fails.title"), _answer(facts), blocks=kept)


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
        return view.say(rule)
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
        worst=view.money(worst),
    )


def signs_of(facts: Facts) -> list[Row]:
    """The triggers of a case: those of the plan, or those that start this action; the surest first."""
    own = pl.col("plan") == facts.found.main_plan
    fits = own if facts.is_plan else own & (pl.col("action") == facts.subject)
    better = pl.col("caught") - pl.col("false_alarms")
    rows = (
        facts.found["triggers"]
        .filter(fits)
        .sort(better, "indicator", descending=[True, False], nulls_last=True)
    )
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
            Cell(f"{threshold(row, view)} {view.unit(row['unit'])}"),
            Cell(view.name(row["action"])),
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
