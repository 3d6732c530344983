"""Sections of a case: what is built, what it brings to whom, what changes for people, and where."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import polars as pl

from philoxenia.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Legend,
    Points,
    Section,
    Swatch,
    Table,
    Text,
)
from philoxenia.report.foresight.charts import (
    dividend_chart,
    dividend_words,
    ranking,
    ranking_chart,
    ranking_words,
    spreads,
)
from philoxenia.report.foresight.facts import Facts, Row, Unit, unit_of
from philoxenia.report.foresight.types import CONSTITUENCIES
from philoxenia.report.foresight.view import View
from philoxenia.report.geometry import outlines
from philoxenia.report.maps import Choropleth, fixed_scale, picture
from philoxenia.report.names import clean, named
from philoxenia.report.numbers import two_figures
from philoxenia.report.words import sentence_case

_ALWAYS = ("waiting", "in_shelter", "exits_to_homes", "in_homes")
_GAIN_TOKENS = ("div-4", "div-3", "div-2", "div-1")
_POPULATIONS = ("newcomers", "long_term_residents")
_MOST_LOSERS, _MOST_DISTRICTS, _MOST_CHANGES, _RARE = 6, 6, 12, 0.01


def built(facts: Facts) -> Section:
    """The actions: of a plan as a table, one action with what there is to know of it."""
    view = facts.view
    if facts.is_empty:
        rows = ranking(facts.found, view)
        chart = ranking_chart(rows, " ".join(ranking_words(rows, view)), view=view)
        figure = Figure(
            "nearest", view.text("summary.ranking"), (chart,), tuple(ranking_words(rows[:3], view))
        )
        return Section("built", view.text("summary.ranking"), "", blocks=(figure,) if rows else ())
    block: Block = _plan_table(facts) if facts.is_plan else _action_table(facts)
    return Section("built", view.text("built.title"), "", blocks=(block,))


def _plan_table(facts: Facts) -> Table:
    view = facts.view
    unit = unit_of([row["cost"] for row in facts.actions], view)
    names = ("column.action", "column.funder", "column.size", "column.start")
    heads = [Column(view.text(name), numeric=name in names[2:]) for name in names]
    heads += [Column(view.text(f"column.{name}", unit=unit.words), numeric=True) for name in ("cost", "net")]
    rows = tuple(
        (
            Cell(named(view.name(row["action"]))),
            Cell(view.name(row.get("funder") or "")),
            Cell(view.number(row["size"])),
            Cell(str(row["start_year"] + 1)),
            unit.cell(row["cost"]),
            unit.cell(row["net_mean"]),
        )
        for row in facts.actions
    )
    return Table("actions", view.text("built.table"), tuple(heads), rows)


def _action_table(facts: Facts) -> Table:
    view, row = facts.view, facts.actions[0]
    lasts = row["duration_months"]
    told = {
        "built.serves": view.own(row["serves"]),
        "column.funder": view.name(row["funder"] or ""),
        "built.lead": view.text("built.months", count=row["lead_months"]),
        "built.ramp": view.text("built.months", count=row["ramp_months"]),
        "built.duration": view.text("built.to_end")
        if lasts is None
        else view.text("built.months", count=lasts),
        "built.needs": view.listing([view.name(one) for one in (row["needs"] or "").split(";") if one]),
        "built.blueprint": (row["blueprint"] or "").replace(";", ", "),
        "built.goals": (row["crf_goals"] or "").replace(";", ", "),
        "built.note": view.own(row["note"]),
    }
    rows = tuple((Cell(view.text(id_)), Cell(text)) for id_, text in told.items() if text)
    return Table("action", view.text("built.action"), (Column(""), Column("")), rows)


def brings(facts: Facts) -> Section | None:
    """The distribution over constituencies, newcomers and long-term residents side by side, who loses."""
    rows = spreads(facts.found, facts.subject, facts.view)
    if facts.is_empty or not rows:
        return None
    view = facts.view
    said = " ".join(dividend_words(rows, view))
    figure = Figure("gains", view.text("brings.figure"), (dividend_chart(rows, said, view=view),))
    blocks = (figure, _gains_table(facts), Text(_losers(facts)), *_pillars(facts))
    gains = {row["name"]: row for row in facts.of_kind("constituency")}
    amounts = (view.money(*(gains[name][key] for key in ("mean", "p10", "p90"))) for name in _POPULATIONS)
    winners = view.text("brings.winners", newcomers=next(amounts), long_term=next(amounts))
    answer = view.text("brings.answer", gross=facts.total("gross"), winners=winners)
    return Section("brings", view.text("brings.title"), answer, blocks=blocks)


def _gains_table(facts: Facts) -> Table:
    view = facts.view
    gains = {row["name"]: row for row in facts.of_kind("constituency")}
    weighted = {row["name"]: row for row in facts.of_kind("weighted")}
    unit = unit_of([row["mean"] for row in (*gains.values(), *weighted.values())], view)
    heads = [Column(view.text("column.who"))]
    heads += [
        Column(view.text(f"column.{name}", unit=unit.words), numeric=True) for name in ("gain", "weighted")
    ]
    heads.append(Column(view.text("column.losing"), numeric=True))
    rows = tuple(
        (
            Cell(view.name(name)),
            _spread(unit, gains[name]),
            _spread(unit, weighted[name]) if name in weighted else Cell("–"),
            Cell(view.percent(gains[name]["share_losing"])),
        )
        for name in CONSTITUENCIES
        if name in gains
    )
    return Table("groups", view.text("brings.table"), tuple(heads), rows, note=view.text("brings.note"))


def _spread(unit: Unit, row: Row) -> Cell:
    return unit.spread(row["mean"], row["p10"], row["p90"])


def _losers(facts: Facts) -> str:
    """Who loses in how many futures, the finest groups that are known, the largest mean loss first."""
    view = facts.view
    cells = facts.of_kind("cell") or facts.of_kind("constituency")
    losing = [row for row in cells if row["share_losing"] > _RARE and _matters(facts, row)]
    losing.sort(key=lambda row: (row["share_losing"] * row["mean_when_losing"], row["name"]))
    if not losing:
        return view.text("brings.no_losers")
    said = [
        view.text(
            "brings.loser",
            name=_cell_name(row["name"], view),
            futures=view.futures(row["share_losing"]),
            amount=view.money(abs(row["mean_when_losing"])),
        )
        for row in losing[:_MOST_LOSERS]
    ]
    return view.text("brings.losers", names=sentence_case("; ".join(said)))


def _matters(facts: Facts, row: Row) -> bool:
    """A loss of less than a ten-thousandth of the gross gain is noise of the arithmetic, not a loss."""
    return bool(abs(row["mean_when_losing"]) > 1e-4 * abs(facts.totals["gross"]["mean"]))


def _cell_name(cell: str, view: View) -> str:
    group, dot, kind = cell.partition(".")
    return f"{view.name(group)}, {view.name(kind)}" if dot else view.name(group)


def _pillars(facts: Facts) -> tuple[Block, ...]:
    view, parts = facts.view, [row for row in facts.of_kind("pillar") if row["mean"]]
    said = [
        view.text("brings.pillar", amount=view.money(row["mean"]), name=_lower(view.name(row["name"])))
        for row in parts
    ]
    return (Text(view.text("brings.pillars", parts=view.listing(said))),) if said else ()


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def changes(facts: Facts) -> Section | None:
    """What physically changes: people housed, months waited, places and visits, for both populations."""
    view = facts.view
    own = facts.found["changes"].filter(
        pl.col("action") == facts.subject, pl.col("constituency").is_in(list(_POPULATIONS))
    )
    by_measure: dict[str, dict[str, Row]] = {}
    for row in own.iter_rows(named=True):
        by_measure.setdefault(row["measure"], {})[row["constituency"]] = row
    chosen = _worth_telling(facts, by_measure)
    if facts.is_empty or not chosen:
        return None
    heads = [Column(view.text("column.what")), Column(view.text("column.unit"))]
    for who in _POPULATIONS:
        heads.append(Column(f"{view.name(who)}: {_lower(view.text('column.without'))}", numeric=True))
        heads.append(Column(f"{view.name(who)}: {_lower(view.text('column.change'))}", numeric=True))
    rows = tuple(_change(measure, by_measure[measure], view) for measure in chosen)
    table = Table("changes", view.text("changes.table"), tuple(heads), rows, note=view.text("changes.note"))
    answer = view.text("changes.answer", years=facts.years)
    return Section("changes", view.text("changes.title"), answer, blocks=(table,))


def _change(measure: str, by_who: dict[str, Row], view: View) -> tuple[Cell, ...]:
    cells = [Cell(sentence_case(view.name(measure))), Cell(view.own(next(iter(by_who.values()))["unit"]))]
    for who in _POPULATIONS:
        row = by_who.get(who)
        if row is None:
            cells += [Cell("–"), Cell("–")]
            continue
        cells.append(Cell(view.number(row["without_mean"])))
        cells.append(Cell(view.interval(row["mean"], row["p10"], row["p90"]), exact=f"{row['mean']:,.1f}"))
    return tuple(cells)


def _worth_telling(facts: Facts, by_measure: dict[str, dict[str, Row]]) -> list[str]:
    """Homes and shelter always, then what is valued, then what the actions aim at; not what stays."""
    own = {row["action"] for row in facts.actions}
    targets = facts.found["effects"].filter(pl.col("action").is_in(list(own)))["target"].to_list()
    valued = facts.found["values"]["measure"].to_list()
    wanted = [
        *_ALWAYS,
        *valued,
        *(f"served.{target}" for target in targets),
        *(f"unmet.{target}" for target in targets),
    ]
    moved = [
        one
        for one in dict.fromkeys(wanted)
        if any(
            abs(row["mean"]) > 1e-6 * max(abs(row["without_mean"]), 1)
            for row in by_measure.get(one, {}).values()
        )
    ]
    return moved[:_MOST_CHANGES]


def where(facts: Facts) -> Section | None:
    """Two maps of one scale, the districts that gain most, and those that lose."""
    view, found = facts.view, facts.found
    own = found["districts"].filter(pl.col("action") == facts.subject)
    shapes = outlines(found.districts)
    if facts.is_empty or own.is_empty():
        return None
    ids = found.districts["district_id"].to_list()
    titles = found.districts["name"].to_list() if "name" in found.districts.columns else ids
    names = {id_: clean(name or "") or id_ for id_, name in zip(ids, titles, strict=True)}
    means = {who: _means(own, who) for who in _POPULATIONS}
    both = {id_: sum(means[who].get(id_, 0.0) for who in _POPULATIONS) for id_ in names}
    best = sorted(both, key=lambda id_: (-both[id_], id_))[:_MOST_DISTRICTS]
    blocks: list[Block] = [_maps(facts, means, names, best)] if shapes.paths else []
    blocks.append(_district_table(facts, own, best, names))
    worst = sorted((id_ for id_ in both if both[id_] < 0), key=lambda id_: (both[id_], id_))
    if worst:
        listed = view.listing([named(names[id_]) for id_ in worst[:3]])
        losing = view.text("where.losing", count=len(worst), total=len(both), districts=listed)
        blocks.append(Points((losing,)))
    answer = view.text("where.answer", districts=view.listing([named(names[id_]) for id_ in best[:3]]))
    return Section("where", view.text("where.title"), answer, blocks=tuple(blocks))


def _means(own: pl.DataFrame, who: str) -> dict[str, float]:
    rows = own.filter(pl.col("population") == who).select("district_id", "mean")
    return {str(id_): float(mean) for id_, mean in rows.iter_rows()}


def _maps(
    facts: Facts, means: dict[str, dict[str, float]], names: dict[str, str], best: Sequence[str]
) -> Figure:
    view, every = facts.view, [value for own in means.values() for value in own.values()]
    unit = unit_of([max(map(abs, every), default=0.0) / 10], view)
    limits = _limits([value / unit.step for value in every])
    tokens = _GAIN_TOKENS[: len(limits) + 1]
    idle = 0 if any(value < 0 for value in every) else 1
    scale = fixed_scale(limits, tokens, view.text("where.legend", unit=unit.words))
    maps = [
        Choropleth(
            {id_: value / unit.step for id_, value in means[who].items()},
            names,
            scale,
            view.text(id_text),
            labelled=tuple(best),
        )
        for who, id_text in zip(_POPULATIONS, ("where.newcomers", "where.long_term"), strict=True)
    ]
    shapes = outlines(facts.found.districts)
    pictures = tuple(picture(one, shapes, one.label) for one in maps)
    legend = Legend(scale.title, tuple(_swatches(limits, tokens, view)[idle:]))
    if any(id_ not in own for own in means.values() for id_ in names):
        legend = replace(legend, swatches=(*legend.swatches, Swatch("no-data", view.text("legend.no_data"))))
    return Figure("map", view.text("where.map"), pictures, legend=legend)


def _limits(values: Sequence[float]) -> tuple[float, ...]:
    """Zero, then two limits that part the gains in thirds, rounded."""
    gains = [value for value in values if value > 0]
    cuts = {two_figures(float(cut)) for cut in np.quantile(gains, (1 / 3, 2 / 3))} if gains else set()
    return (0.0, *sorted(cut for cut in cuts if cut > 0))


def _swatches(limits: tuple[float, ...], tokens: tuple[str, ...], view: View) -> list[Swatch]:
    said = [view.number(limit) for limit in limits]
    texts = [view.text("legend.loss")]
    texts += [view.text("legend.between", low=low, high=high) for low, high in pairwise(said)]
    texts.append(view.text("legend.over", low=said[-1]))
    return [Swatch(token, text) for token, text in zip(tokens, texts, strict=True)]


def _district_table(facts: Facts, own: pl.DataFrame, best: Sequence[str], names: dict[str, str]) -> Table:
    view = facts.view
    rows = {(row["district_id"], row["population"]): row for row in own.iter_rows(named=True)}
    there = [row["mean"] for (id_, _who), row in rows.items() if id_ in best]
    unit = unit_of(there, view)
    heads = [Column(view.text("column.district"))]
    heads += [
        Column(view.text(f"column.{who}", unit=unit.words), numeric=True)
        for who in ("newcomers", "long_term")
    ]
    told = tuple(
        (
            Cell(f"{number}  {named(names[id_])}"),
            *(_spread(unit, rows[id_, who]) if (id_, who) in rows else Cell("–") for who in _POPULATIONS),
        )
        for number, id_ in enumerate(best, 1)
    )
    return Table("districts", view.text("where.table"), tuple(heads), told)
