"""Rules about numbers that must fit together: stocks and flows, groups that divide everyone, parts and
totals.
"""

from typing import Any

import polars as pl

from philoxenia.exchange.contract import Rule
from philoxenia.exchange.limits import limit
from philoxenia.exchange.rules.context import ROW, Context, named, shown
from philoxenia.exchange.spelling import listed, quoted
from philoxenia.vocabulary import parse_period


def stock_flow(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `stock_flow`: the change of a stock equals what came in less what went out, for each group `by`.

    The residual of a real system is seldom zero: people change group and records are corrected later. A row
    is shown where its residual lies further from the group's median than `spread` robust deviations (1.4826 x
    the median absolute deviation) and also than the share `tolerance` of the stock. The file is refused where
    the median residual of the rows exceeds the share `broken` of the stock: then it is not that row but a
    column that is wrong.
    """
    flows = [*rule["inflows"], *rule["outflows"]]
    if context.lacks_rows(rule):
        return table
    if context.lacks(rule, table, [rule["stock"], rule["time"], *flows, *rule.get("by", ())]):
        return table
    frame = _residuals(rule, table)
    if not frame.height:
        return table
    sizes = (frame["residual"].abs() / frame["before"].clip(lower_bound=1)).fill_nan(None).drop_nulls()
    typical = sizes.median()
    if isinstance(typical, float) and typical > rule.get("broken", 0.2):
        beyond = float((sizes > rule.get("tolerance", 0.05)).mean() or 0)
        names = listed([context.header(name) for name in flows])
        stock = context.header(rule["stock"])
        context.ledger.find(
            "stock_flow_broken", rule["stock"], count=1, share=beyond, stock=stock, flows=names
        )
        return table
    _tell_residuals(rule, frame, context)
    return table


def _residuals(rule: Rule, table: pl.DataFrame) -> pl.DataFrame:
    """One line for each row that follows the time just before it in its group."""
    stock, by = rule["stock"], list(rule.get("by", ()))
    texts = table[rule["time"]].cast(pl.String)
    ordinals = {text: parse_period(text).ordinal for text in texts.drop_nulls().unique().to_list()}
    number = pl.col("when").replace_strict(ordinals, default=None, return_dtype=pl.Int64)
    frame = table.select(
        ROW,
        texts.alias("when"),
        (named(table, by) if by else pl.Series([""] * table.height)).alias("group"),
        pl.col(stock).cast(pl.Float64).alias("stock"),
        (_sum(rule["inflows"]) - _sum(rule["outflows"])).alias("flow"),
    ).with_columns(number.alias("t"))
    earlier = [pl.col(name).shift(1).over("group") for name in ("stock", "t")]
    frame = frame.sort("group", "t", ROW, nulls_last=True).with_columns(
        earlier[0].alias("before"), earlier[1].alias("t_before")
    )
    frame = frame.filter(pl.col("t") - pl.col("t_before") == 1).drop_nulls(["stock", "before", "flow"])
    frame = frame.with_columns(change=pl.col("stock") - pl.col("before"))
    frame = frame.with_columns(residual=pl.col("change") - pl.col("flow"))
    middle = pl.col("residual").median().over("group")
    frame = frame.with_columns(usual=middle, off=pl.col("residual") - middle)
    return frame.with_columns(deviation=1.4826 * pl.col("off").abs().median().over("group"))


def _sum(columns: Any) -> pl.Expr:
    return pl.sum_horizontal([pl.col(name) for name in columns], ignore_nulls=False).cast(pl.Float64)


def _tell_residuals(rule: Rule, frame: pl.DataFrame, context: Context) -> None:
    spread, tolerance = rule.get("spread", 6.0), rule.get("tolerance", 0.05)
    size = pl.col("off").abs()
    follows = pl.col("off").shift(-1).over("group")
    frame = frame.with_columns(mirrored=(pl.col("off") + follows).abs() < 0.2 * size)
    frame = frame.with_columns(after_mirror=pl.col("mirrored").shift(1).over("group").fill_null(False))
    large = (size > spread * pl.col("deviation")) & (size > tolerance * pl.max_horizontal("before", "stock"))
    odd = frame.with_columns(large=large.fill_null(False)).filter("large").sort(ROW)
    for line in odd.iter_rows(named=True):
        if line["after_mirror"]:
            continue  # the same wrong stock, seen from the month after
        context.ledger.find(
            "stock_flow_row",
            rule["stock"],
            [(line[ROW], ", ".join(part for part in (line["when"], line["group"]) if part))],
            variant=str(line[ROW]) if odd.height <= 10 else "",
            **_words(rule, line, context),
        )


def _words(rule: Rule, line: dict[str, Any], context: Context) -> dict[str, Any]:
    stock = context.header(rule["stock"])
    suspect = (
        f"The month after shows the reverse, so {stock} itself is probably wrong."
        if line["mirrored"]
        else "One of the flows is probably wrong, or people were counted anew."
    )
    return {"change": line["change"], "flow": line["flow"], "usual": line["usual"], "suspect": suspect}


def partition(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `partition`: for each time, the `parts` of `column` add up to the `whole` in every one of
    `measures`.
    """
    column, time, whole, parts = rule["column"], rule["time"], rule["whole"], list(rule["parts"])
    if context.lacks_rows(rule):
        return table
    if context.lacks(rule, table, [column, time]):
        return table
    measures = [name for name in rule["measures"] if name in table.columns]
    groups = table[column].cast(pl.String)
    _tell_overlap(rule, groups, context)
    chosen = table.with_columns(groups.alias("g"), table[time].cast(pl.String).alias("w")).filter(
        pl.col("g").is_in([whole, *parts])
    )
    # A doubled key has been told already; its sums would only repeat it.
    doubled = chosen.filter(chosen.select("w", "g").is_duplicated())["w"].unique()
    once = chosen.filter(~pl.col("w").is_in(doubled.implode()))
    counts = once.group_by("w").agg(pl.col("g").n_unique().alias("n"), pl.col("g"))
    short = counts.filter(pl.col("n") <= len(parts)).sort("w")
    if short.height and not context.ledger.has("time_gap"):
        absent = listed(sorted({g for row in short["g"].to_list() for g in {whole, *parts} - set(row)}))
        value = listed(short["w"].to_list(), 4)
        context.ledger.find(
            "partition_incomplete", column, count=short.height, value=value, absent=absent, whole=whole
        )
    complete = once.filter(pl.col("w").is_in(counts.filter(pl.col("n") > len(parts))["w"].to_list()))
    _compare_parts(rule, complete, measures, context)
    return table


def _tell_overlap(rule: Rule, groups: pl.Series, context: Context) -> None:
    known = {rule["whole"], *rule["parts"]}
    overlapping = sorted(set(groups.drop_nulls().unique().to_list()) - known)
    if overlapping:
        context.ledger.find(
            "groups_overlap",
            rule["column"],
            count=1,
            overlapping=listed(overlapping, 8),
            parts=listed(list(rule["parts"])),
            whole=rule["whole"],
        )


def _compare_parts(rule: Rule, chosen: pl.DataFrame, measures: list[str], context: Context) -> None:
    is_whole = pl.col("g") == rule["whole"]
    told: list[str] = []
    rows: dict[int, str] = {}
    for measure in measures:
        sums = chosen.group_by("w").agg(
            pl.col(measure).filter(is_whole).sum().alias("whole"),
            pl.col(measure).filter(~is_whole).sum().alias("parts"),
            pl.col(measure).null_count().alias("empty"),
            pl.col(ROW),
        )
        differs = (pl.col("whole") - pl.col("parts")).abs() > rule.get("tolerance", 0)
        for line in sums.filter((pl.col("empty") == 0) & differs).sort("w").iter_rows(named=True):
            told.append(
                f"{context.header(measure)} in {line['w']} ({line['parts']:,} against {line['whole']:,})"
            )
            rows.update(dict.fromkeys(line[ROW], line["w"]))
    if told:
        context.ledger.find(
            "partition_broken",
            rule["column"],
            sorted(rows.items())[: limit("report", "cells_kept")],
            len(rows),
            value=listed(told, 4),
            parts=listed(list(rule["parts"])),
            whole=rule["whole"],
        )


def parts_sum(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `parts_sum`: the columns `parts` of a row add up to `total`, within `tolerance` (a share) and
    `slack` (a count).
    """
    total, parts = rule["total"], list(rule["parts"])
    if context.lacks(rule, table, [total, *parts]):
        return table
    frame = table.select(
        ROW, pl.col(total).cast(pl.Float64).alias("total"), _sum(parts).alias("sum")
    ).drop_nulls()
    allowed = pl.max_horizontal(
        pl.col("total").abs() * rule.get("tolerance", 0.0), pl.lit(rule.get("slack", 0.5))
    )
    wrong = frame.filter((pl.col("sum") - pl.col("total")).abs() > allowed)
    if wrong.height:
        line = wrong.row(0, named=True)
        # Where most rows differ it is a column that is wrong, not a row.
        mostly = frame.height >= rule.get("at_least", 6) and 2 * wrong.height > frame.height
        context.ledger.find(
            "parts_differ_mostly" if mostly else "parts_differ",
            total,
            shown(wrong, wrong["total"]),
            wrong.height,
            severity="" if mostly else rule.severity,
            rows_checked=f"{frame.height:,}",
            variant=parts[0],
            value=f"{line['total']:,.0f}",
            parts=listed([context.header(name) for name in parts], 4),
            sum=line["sum"],
            total=context.header(total),
        )
    return table


def at_most(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `at_most`: `smaller` is not greater than `larger` in any row."""
    smaller, larger = rule["smaller"], rule["larger"]
    if context.lacks(rule, table, [smaller, larger]):
        return table
    wrong = table.filter((pl.col(smaller) > pl.col(larger)).fill_null(False))
    if wrong.height:
        context.ledger.find(
            "larger_than",
            smaller,
            shown(wrong, wrong[smaller]),
            wrong.height,
            severity=rule.severity,
            variant=larger,
            smaller=context.header(smaller),
            larger=context.header(larger),
            other=quoted(wrong[larger][0]),
        )
    return table


def one_measure(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `one_measure`: `column` says which set of columns a row fills; the other set stays empty.

    `cases` maps each value to its columns: a programme counts beds or rooms, never both.
    """
    column, cases = rule["column"], rule["cases"]
    if context.lacks(rule, table, [column]):
        return table
    stated = table[column].cast(pl.String)
    for case, own in cases.items():
        mine = [name for name in own if name in table.columns]
        others = [
            name for other, names in cases.items() if other != case for name in names if name in table.columns
        ]
        rows = table.filter((stated == case).fill_null(False))
        _tell_measure(rule, rows, case, others, "is filled", pl.any_horizontal, context)
        _tell_measure(rule, rows, case, mine, "is empty", pl.all_horizontal, context)
    return table


def _tell_measure(
    rule: Rule, rows: pl.DataFrame, case: str, columns: list[str], what: str, over: Any, context: Context
) -> None:
    if not columns or not rows.height:
        return
    test = [pl.col(name).is_not_null() if what == "is filled" else pl.col(name).is_null() for name in columns]
    wrong = rows.filter(over(test))
    if wrong.height:
        first = wrong.select(columns).row(0)
        filled = [
            context.header(n)
            for n, v in zip(columns, first, strict=True)
            if (v is not None) == (what == "is filled")
        ]
        verb = what if len(filled) == 1 else what.replace("is", "are")
        context.ledger.find(
            "one_measure_only",
            rule["column"],
            shown(wrong),
            wrong.height,
            variant=f"{case} {what}",
            case=quoted(case),
            wrong=f"{listed(filled, 3)} {verb}",
            cases=" or ".join(rule["cases"]),
        )


def rounded(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `rounded`: says so where every number of `column` is a multiple of `base`, `masks` aside."""
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    values = table[column].drop_nulls()
    values = values.filter(~values.is_in(list(rule.get("masks", ()))))
    if len(values) > 20 and (values % rule["base"] == 0).all():
        masks = listed([str(mask) for mask in rule.get("masks", ())])
        base = f"{rule['base']}" + (f" ({masks} stands for a small number that is withheld)" if masks else "")
        context.ledger.find("rounded", column, count=len(values), base=base)
    return table


def plausible_mean(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `plausible_mean`: the mean of `column` lies between `low` and `high`, or the column may mean
    something else.
    """
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    mean = table[column].cast(pl.Float64).mean()
    if isinstance(mean, float) and not rule["low"] <= mean <= rule["high"]:
        meaning = context.contract.column(column).meaning.rstrip(".")
        meaning = meaning[0].lower() + meaning[1:]
        context.ledger.find(
            "mean_unlikely", column, count=1, mean=mean, low=rule["low"], high=rule["high"], meaning=meaning
        )
    return table


def shares_of_one(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `shares_of_one`: the shares in `column` add up to 1 within each combination of columns `by`."""
    column, by = rule["column"], list(rule["by"])
    if context.lacks(rule, table, [column, *by]):
        return table
    sums = table.with_columns(pl.col(column).sum().over(by).alias("sum of shares"))
    wrong = sums.filter((pl.col("sum of shares") - 1).abs() > rule.get("slack", 1e-6))
    if wrong.height:
        first = wrong.row(0, named=True)
        whose = " ".join(str(first[name]) for name in by)
        context.ledger.find(
            "shares_differ",
            column,
            shown(wrong, wrong[column]),
            wrong.height,
            sum=first["sum of shares"],
            whose=whose,
        )
    return table


def steady_totals(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `steady_totals`: the sum of `column` at one `time` is not `factor` times more or less than at
    the others.
    """
    column, time = rule["column"], rule["time"]
    if context.lacks(rule, table, [column, time]):
        return table
    totals = (
        table.group_by(pl.col(time).cast(pl.String)).agg(pl.col(column).cast(pl.Float64).sum()).sort(time)
    )
    for place, (when, total) in enumerate(totals.iter_rows()):
        others = [value for i, value in enumerate(totals[column].to_list()) if i != place]
        usual = pl.Series(others).median() if len(others) > 1 else None
        if isinstance(usual, float) and not usual <= total * rule["factor"] <= usual * rule["factor"] ** 2:
            rows = table.filter(pl.col(time).cast(pl.String) == when)
            context.ledger.find(
                "total_unlikely",
                column,
                shown(rows, rows[column]),
                rows.height,
                variant=when,
                when=when,
                total=total,
                usual=usual,
            )
    return table
