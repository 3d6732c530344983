"""Sections of a case: the source of every number, and the method in half a page."""

import re
from collections.abc import Iterator

import polars as pl

from philoxenia.report.document import Block, Cell, Column, Points, Section, Table, Text
from philoxenia.report.foresight.facts import Facts, Row
from philoxenia.report.foresight.view import View
from philoxenia.report.words import sentence_case

Line = tuple[str, str, str, str, str]
_ASSUMED = "assumption"
_QUOTED = re.compile(r"'([a-z_.]+)'")


def sources(facts: Facts) -> Section | None:
    """Every cost, effect, benefit, value, weight and budget with its range, source and date."""
    parts = {
        "sources.costs": list(_costs(facts)),
        "sources.effects": list(_effects(facts)),
        "sources.benefits": list(_benefits(facts)),
        "sources.values": list(_values(facts)),
        "sources.weights": list(_weights(facts)),
        "sources.budgets": list(_budgets(facts)) if facts.is_plan else [],
    }
    lines = [line for part in parts.values() for line in part]
    if facts.is_empty or not lines:
        return None
    view = facts.view
    assumed = sum(line[3].lower().startswith(_ASSUMED) for line in lines)
    answer = view.text("sources.answer", count=len(lines), assumed=assumed)
    blocks = tuple(_table(id_, part, view) for id_, part in parts.items() if part)
    return Section("sources", view.text("sources.title"), answer, blocks=blocks)


def _table(id_: str, lines: list[Line], view: View) -> Table:
    names = ("what", "number", "range", "source", "date")
    heads = tuple(Column(view.text(f"column.{name}"), numeric=name in ("number", "range")) for name in names)
    rows = tuple(tuple(Cell(text) for text in line) for line in lines)
    return Table(id_.replace(".", "-"), view.text(id_), heads, rows)


def _of_actions(facts: Facts, table: str) -> Iterator[Row]:
    order = [row["action"] for row in facts.actions]
    rows = facts.found[table].filter(pl.col("action").is_in(order)).to_dicts()
    yield from sorted(rows, key=lambda row: order.index(row["action"]))


def _costs(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in _of_actions(facts, "actions"):
        between = _factor(row["cost_low"], row["cost_high"], view)
        source = _source(row["cost_source"], view, changed="cost" in (row["changed"] or ""))
        for column, id_ in (("cost_once", "sources.once"), ("cost_per_month", "sources.monthly")):
            if row[column]:
                what = view.text(id_, title=view.name(row["action"]))
                yield what, view.money(row[column]), between, source, _date(row["cost_date"])


def _effects(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in _of_actions(facts, "effects"):
        title, source, date = view.name(row["action"]), _source(row["source"], view), _date(row["date"])
        named = view.name(row["target"]) if row["target"] else view.name("homes")
        what = view.text("sources.effect", title=title, kind=view.name(row["kind"]), target=_lower(named))
        size = _size(row, view)
        yield what, size, _factor(row["low"], row["high"], view), source, date
        for column in ("per_exit", "per_exit_month"):
            if row[f"cost_{column}"]:
                yield (
                    view.text(f"sources.{column}", title=title),
                    view.money(row[f"cost_{column}"]),
                    "",
                    source,
                    date,
                )


def _size(row: Row, view: View) -> str:
    if row["relative"] or row["unit"] == "share":
        return view.percent(row["size"])
    return f"{view.number(row['size'])} {view.own(row['unit'])}".strip()


def _benefits(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in _of_actions(facts, "benefits"):
        title, name = view.name(row["action"]), view.own(row["benefit"])
        source, date, unit = _source(row["source"], view), _date(row["date"]), view.own(row["unit"])
        amount = view.text("unit.a_month", unit=f"{view.number(row['amount_per_month'])} {unit}")
        yield view.text("sources.amount", title=title, name=name), amount, "", source, date
        between = _between(row["value_low"], row["value_high"], view)
        what = view.text("sources.worth", title=title, name=name)
        yield what, view.text("unit.each", amount=view.money(row["value"])), between, source, date


def _values(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in facts.found["values"].iter_rows(named=True):
        name = sentence_case(view.name(row["measure"]))
        what = view.text("sources.value", name=name, unit=view.own(row["unit"]))
        number = view.money(row["value"])
        yield (
            what,
            number,
            _between(row["low"], row["high"], view),
            _source(row["source"], view),
            _date(row["date"]),
        )


def _weights(facts: Facts) -> Iterator[Line]:
    """Cells of one income stand in one line."""
    view = facts.view
    columns = ("income", "weight", "source", "date")
    for key, rows in facts.found["weights"].group_by(*columns, maintain_order=True):
        income, weight, source, date = key
        cells = rows["cell"].to_list()
        # People without a home have one income, whoever they are.
        homeless = all(str(cell).endswith(".homeless") or cell == "homeless" for cell in cells)
        what = [view.name("homeless")] if homeless else [view.name(str(cell)) for cell in cells]
        number = view.text("income.year", amount=view.money(float(str(income))))
        factor = view.text("size.times", size=view.number(float(str(weight))))
        yield sentence_case(view.listing(what)), number, factor, _source(str(source or ""), view), _date(date)


def _budgets(facts: Facts) -> Iterator[Line]:
    view = facts.view
    columns = ("funder", "amount", "source")
    for (funder, amount, source), rows in facts.found["budgets"].group_by(*columns, maintain_order=True):
        years = rows["year"].to_list()
        whole = rows.height == facts.found["budgets"].filter(pl.col("funder") == funder).height
        name = view.name(str(funder))
        for year in [None] if whole else years:
            what = (
                view.text("sources.years", funder=name)
                if whole
                else view.text("sources.year", funder=name, year=year)
            )
            yield what, view.money(float(str(amount))), "", _source(str(source or ""), view), ""


def _source(text: str | None, view: View, changed: bool = False) -> str:
    said = view.own(text) if text else "–"
    return f"{said} ({view.text('sources.changed')})" if changed else said


def _factor(low: float | None, high: float | None, view: View) -> str:
    if low is None or high is None or low == high:
        return ""
    return view.text("sources.factor", low=view.number(low), high=view.number(high))


def _between(low: float | None, high: float | None, view: View) -> str:
    if low is None or high is None or low == high:
        return ""
    return view.text("legend.between", low=view.number(low), high=view.number(high))


def _date(date: object) -> str:
    return str(date) if date else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def method(facts: Facts) -> Section:
    """How it was computed, in half a page, with the study's own notes."""
    view, found = facts.view, facts.found
    first = view.text("method.1", years=facts.years, count=found.futures, seed=found.seed)
    paragraphs: list[Block] = [
        Text(first),
        Text(view.text("method.2", rate=view.percent(found.rate))),
        Text(view.text("method.3", rule=view.name(found.rule))),
        Text(view.text("method.4")),
    ]
    if found.notes:
        paragraphs.append(
            Points(tuple(_note(note, view) for note in found.notes), fold=view.text("method.notes"))
        )
    return Section("method", view.text("method.title"), "", blocks=tuple(paragraphs))


def _note(note: str, view: View) -> str:
    """A note of the engine with its quoted ids as the reader knows them."""
    return sentence_case(_QUOTED.sub(lambda quoted: _lower(view.name(quoted[1])), view.own(note)))
