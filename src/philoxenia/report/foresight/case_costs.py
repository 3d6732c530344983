"""Sections of a case: what it costs whom and when, what people gain for it, and what that hangs on."""

import polars as pl

from philoxenia.report.document import Block, Cell, Column, Figure, Section, Table, Text
from philoxenia.report.foresight.charts import drivers, tornado_chart, tornado_words
from philoxenia.report.foresight.facts import Facts, Row, Unit, unit_of
from philoxenia.report.foresight.view import View
from philoxenia.report.words import sentence_case

_MOST_DRIVERS, _MOST_SWITCHING, _FARTHEST = 8, 6, 10.0


def costs(facts: Facts) -> Section | None:
    """Costs by funder and year, and what people gain for each unit of money."""
    if facts.is_empty:
        return None
    view = facts.view
    answer = view.text(
        "costs.answer",
        cost=facts.total("cost"),
        currency=view.currency or "1",
        ratio=facts.ratio(),
        weighted=facts.ratio(weighted=True),
    )
    table = _by_year(facts) or _discounted(facts)
    remaining = facts.totals.get("remaining")
    rest = (
        view.text("costs.remaining", amount=view.money(remaining["mean"]))
        if remaining and remaining["mean"]
        else ""
    )
    blocks = [one for one in (table, Text(rest) if rest else None) if one]
    return Section("costs", view.text("costs.title"), answer, blocks=tuple(blocks))


def _by_year(facts: Facts) -> Table | None:
    """Funders down, years across; nothing where the study did not keep costs by year."""
    view = facts.view
    own = facts.found["plan_costs"].filter(pl.col("plan") == facts.subject).sort("funder", "year")
    paying = own.group_by("funder", maintain_order=True).agg(pl.col("mean").sum())
    funders = paying.filter(pl.col("mean") != 0)["funder"].to_list()
    if not funders:
        return None
    years = sorted(set(own["year"]))
    cells = {(row["funder"], row["year"]): row for row in own.iter_rows(named=True)}
    unit = unit_of([row["mean"] for row in cells.values()], view)
    heads = [Column(view.text("column.funder"))]
    heads += [Column(view.text("column.year", year=year), numeric=True) for year in years]
    heads += [Column(view.text(f"column.{name}"), numeric=True) for name in ("total", "today")]
    today = {row["name"]: abs(row["mean"]) for row in facts.of_kind("funder")}
    rows = []
    for funder in funders:
        paid = [cells[funder, year]["mean"] if (funder, year) in cells else 0.0 for year in years]
        rows.append(
            (
                Cell(view.name(funder)),
                *(unit.cell(one) for one in paid),
                unit.cell(sum(paid)),
                unit.cell(today.get(funder)),
            )
        )
    note = _cost_note(facts, list(cells.values()))
    return Table("costs", view.text("costs.table", unit=unit.words), tuple(heads), tuple(rows), note=note)


def _cost_note(facts: Facts, rows: list[Row]) -> str:
    view = facts.view
    by_year: dict[int, float] = {}
    for row in rows:
        by_year[row["year"]] = by_year.get(row["year"], 0.0) + float(row["p90"] or 0.0)
    most = view.money(max(by_year.values(), default=0.0))
    budgets = _budgets(facts)
    if not budgets or not facts.is_plan:
        return view.text("costs.note_free", most=most)
    return view.text("costs.note", most=most, budgets=budgets)


def _budgets(facts: Facts) -> str:
    view, told = facts.view, []
    limited = facts.found["plan_costs"].filter(
        pl.col("plan") == facts.subject, pl.col("budget").is_not_null(), pl.col("budget").is_finite()
    )
    for (funder,), rows in limited.group_by("funder", maintain_order=True):
        low, high = float(rows["budget"].min() or 0.0), float(rows["budget"].max() or 0.0)  # type: ignore[arg-type]
        amount = (
            view.money(high)
            if low == high
            else view.text("legend.between", low=view.money(low), high=view.money(high))
        )
        told.append(view.text("costs.budget", funder=view.name(str(funder)), amount=amount))
    return "; ".join(told)


def _discounted(facts: Facts) -> Table | None:
    view, rows = facts.view, [row for row in facts.of_kind("funder") if row["mean"]]
    if not rows:
        return None
    unit = unit_of([row["mean"] for row in rows], view)
    heads = (Column(view.text("column.funder")), Column(view.text("column.interval"), numeric=True))
    told = tuple(
        (
            Cell(view.name(row["name"])),
            _paid(unit, row),
        )
        for row in rows
    )
    return Table("paid", view.text("costs.discounted", unit=unit.words), heads, told)


def _paid(unit: Unit, row: Row) -> Cell:
    low, high = sorted((abs(row["p10"]), abs(row["p90"])))
    return unit.spread(abs(row["mean"]), low, high)


def hangs_on(facts: Facts) -> Section | None:
    """The tornado, and how far single numbers may move before nothing is gained."""
    view = facts.view
    rows = drivers(facts.found, facts.subject, view, _MOST_DRIVERS)
    rows = [row for row in rows if abs(row.at_high - row.at_low) > 0]
    if facts.is_empty or not (rows or _switching(facts)):
        return None
    blocks: list[Block] = []
    if rows:
        said = " ".join(tornado_words(rows, view))
        chart = tornado_chart(rows, facts.totals["net"]["mean"], said, view=view)
        blocks.append(Figure("drivers", view.text("drivers.figure"), (chart,)))
    blocks += [table for table in [_switching(facts)] if table]
    answer = view.text("drivers.answer", first=_lower(rows[0].name)) if rows else view.text("drivers.none")
    return Section("drivers", view.text("drivers.title"), answer, blocks=tuple(blocks))


def _switching(facts: Facts) -> Table | None:
    view = facts.view
    own = facts.found["switching"].filter(
        pl.col("action") == facts.subject,
        pl.col("change").abs() < _FARTHEST,
        pl.col("switching").is_not_null(),
    )
    same_sign = pl.col("switching") * pl.col("current") >= 0
    rows = own.filter(same_sign).sort(pl.col("change").abs(), "name").head(_MOST_SWITCHING)
    if rows.is_empty():
        return None
    heads = [Column(view.text("column.what"))]
    heads += [Column(view.text(f"column.{name}"), numeric=True) for name in ("current", "switching", "step")]
    told = tuple(
        (
            Cell(sentence_case(view.name(row["name"]))),
            Cell(view.number(row["current"])),
            Cell(view.number(row["switching"])),
            Cell(_step(row["change"], view)),
        )
        for row in rows.iter_rows(named=True)
    )
    return Table(
        "switching", view.text("switching.table"), tuple(heads), told, note=view.text("switching.note")
    )


def _step(change: float, view: View) -> str:
    return view.text(
        "switching.step_up" if change >= 0 else "switching.step_down", percent=view.percent(abs(change))
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
