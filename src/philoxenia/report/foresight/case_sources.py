"""Sections of a case: the source of every number, and the method in half a page.

Sources are numbered and listed once, since many numbers share one; a table names the source by its number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from philoxenia.report.document import Block, Cell, Column, Points, Section, Table, Text
from philoxenia.report.foresight.facts import Facts, Row
from philoxenia.report.foresight.view import View
from philoxenia.report.words import sentence_case

_ASSUMED = "assumption"
_WITHOUT_TARGET = ("exits", "departures", "entries")
_QUOTED = re.compile(r"'([a-z_.]+)'")


@dataclass(frozen=True)
class Line:
    """One number: what it is, how large, its range, where it is from and when."""

    what: str
    number: str
    between: str
    source: str
    date: str = ""


@dataclass
class _Numbered:
    """Sources in the order in which they are first named."""

    known: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, line: Line) -> str:
        return str(self.known.setdefault((line.source, line.date), len(self.known) + 1))

    def items(self, view: View) -> tuple[str, ...]:
        said = []
        for (source, date), number in self.known.items():
            text = view.text("sources.dated", source=source, date=date) if date else source
            said.append(f"{number}. {text}")
        return tuple(said)


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
    view, numbered = facts.view, _Numbered()
    assumed = sum(line.source.lower().startswith(_ASSUMED) for line in lines)
    answer = view.text("sources.answer", count=len(lines), assumed=assumed)
    blocks: list[Block] = [_table(id_, part, numbered, view) for id_, part in parts.items() if part]
    blocks.append(Points(numbered.items(view), fold=view.text("sources.list")))
    return Section("sources", view.text("sources.title"), answer, blocks=tuple(blocks))


def _table(id_: str, lines: list[Line], numbered: _Numbered, view: View) -> Table:
    names = ("what", "number", "range", "source")
    heads = tuple(Column(view.text(f"column.{name}"), numeric=name != "what") for name in names)
    rows = tuple(
        tuple(Cell(text) for text in (line.what, line.number, line.between, numbered.number(line)))
        for line in lines
    )
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
                yield Line(what, view.money(row[column]), between, source, _date(row["cost_date"]))


def _effects(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in _of_actions(facts, "effects"):
        title, source, date = view.name(row["action"]), _source(row["source"], view), _date(row["date"])
        what = _effect(title, row, view)
        yield Line(what, _size(row, view), _factor(row["low"], row["high"], view), source, date)
        for column in ("per_exit", "per_exit_month"):
            if row[f"cost_{column}"]:
                what = view.text(f"sources.{column}", title=title)
                yield Line(what, view.money(row[f"cost_{column}"]), "", source, date)


def _effect(title: str, row: Row, view: View) -> str:
    if row["kind"] in _WITHOUT_TARGET or not row["target"]:
        return view.text("sources.amount", title=title, name=view.name(row["kind"]))
    target = _lower(view.service(row["target"]))
    return view.text("sources.effect", title=title, kind=view.name(row["kind"]), target=target)


def _size(row: Row, view: View) -> str:
    if row["relative"] or row["unit"] == "share":
        return view.percent(row["size"])
    return f"{view.number(row['size'])} {view.own(row['unit'])}".strip()


def _benefits(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in _of_actions(facts, "benefits"):
        title, name = view.name(row["action"]), view.own(row["benefit"])
        source, date = _source(row["source"], view), _date(row["date"])
        amount = view.text(
            "unit.a_month", unit=f"{view.number(row['amount_per_month'])} {view.own(row['unit'])}"
        )
        yield Line(view.text("sources.amount", title=title, name=name), amount, "", source, date)
        worth = view.text("unit.each", amount=view.money(row["value"]))
        between = _between(row["value_low"], row["value_high"], view)
        yield Line(view.text("sources.worth", title=title, name=name), worth, between, source, date)


def _values(facts: Facts) -> Iterator[Line]:
    view = facts.view
    for row in facts.found["values"].iter_rows(named=True):
        name = sentence_case(view.name(row["measure"]))
        what = view.text("sources.value", name=name, unit=view.own(row["unit"]))
        between = _between(row["low"], row["high"], view)
        yield Line(what, view.money(row["value"]), between, _source(row["source"], view), _date(row["date"]))


def _weights(facts: Facts) -> Iterator[Line]:
    """Cells of one income stand in one line."""
    view = facts.view
    columns = ("income", "weight", "source", "date")
    for key, rows in facts.found["weights"].group_by(*columns, maintain_order=True):
        income, weight, source, date = key
        cells = [str(cell) for cell in rows["cell"]]
        # People without a home have one income, whoever they are.
        homeless = all(cell.endswith(".homeless") or cell == "homeless" for cell in cells)
        what = [view.name("homeless")] if homeless else [view.name(cell) for cell in cells]
        number = view.text("income.year", amount=view.money(_known(income))) if _known(income) else ""
        factor = view.text("size.times", size=view.number(_known(weight)))
        yield Line(
            sentence_case(view.listing(what)), number, factor, _source(str(source or ""), view), _date(date)
        )


def _known(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _budgets(facts: Facts) -> Iterator[Line]:
    """Years of one source stand in one line; only those that were looked at."""
    view = facts.view
    within = facts.found["budgets"].filter(pl.col("year") <= facts.years)
    for (funder, source), rows in within.group_by("funder", "source", maintain_order=True):
        years, amounts = sorted(rows["year"]), sorted(float(amount) for amount in rows["amount"].drop_nulls())
        id_ = "sources.year" if len(years) == 1 else "sources.years"
        what = view.text(id_, funder=view.name(str(funder)), year=years[0], last=years[-1])
        low, high = (view.money(amounts[place] if amounts else None) for place in (0, -1))
        number = low if low == high else view.text("legend.between", low=low, high=high)
        yield Line(what, number, "", _source(str(source or ""), view))


def _source(text: str | None, view: View, changed: bool = False) -> str:
    said = view.own(text) or "–"
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
        notes = tuple(_note(note, view) for note in found.notes)
        paragraphs.append(Points(notes, fold=view.text("method.notes")))
    return Section("method", view.text("method.title"), "", blocks=tuple(paragraphs))


def _note(note: str, view: View) -> str:
    """A note of the engine with its quoted ids as the reader knows them."""
    return sentence_case(_QUOTED.sub(lambda quoted: _lower(view.name(quoted[1])), view.own(note)))
