"""Mends and rules about whole rows: order, copies, keys, filling and leaving out. Each change is logged."""

import hashlib

import polars as pl

from philoxenia.exchange.contract import Rule
from philoxenia.exchange.rules.context import ROW, Context, named, shown
from philoxenia.exchange.spelling import listed, quoted


def sort_rows(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `sort`: order the rows `by` columns where they are not already; ties keep the file's order."""
    by = [name for name in rule["by"] if name in table.columns]
    if not by or table.height < 2:
        return table
    # Text sorts by its letters, not by the order in which it was first met.
    keys = [pl.col(name).cast(pl.String) if _is_text(table.schema[name]) else pl.col(name) for name in by]
    order = (
        table.lazy()
        .select(pl.arg_sort_by(keys, maintain_order=True, nulls_last=True).alias("o"))
        .collect()["o"]
    )
    moved = order < order.cum_max()
    if not moved.any():
        return table
    if not _order_matters(table, by[0]):
        return table
    rows = table[ROW].gather(order).filter(moved)
    context.ledger.mend_rows(
        "out_of_order",
        rows.head(20).to_list(),
        count=int(moved.sum()),
        key=listed([context.header(n) for n in by]),
    )
    return table[order]


def _order_matters(table: pl.DataFrame, first: str) -> bool:
    """Only time that runs backwards is disorder; groups in another order than ours are the department's own
    habit.
    """
    values = table[first].cast(pl.String) if _is_text(table.schema[first]) else table[first]
    return not values.drop_nulls().is_sorted()


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.Categorical | pl.String)


def fill_when(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `fill_when`: put `value` into empty cells of `column` where `when` is one of `is`."""
    column, when = rule["column"], rule["when"]
    if context.lacks(rule, table, [column, when]):
        return table
    mask = table[column].is_null() & table[when].cast(pl.String).is_in(list(rule["is"])).fill_null(False)
    if not mask.any():
        return table
    rows = table[ROW].filter(mask)
    value = pl.Series([rule["value"]] * len(rows), dtype=pl.String)
    blank = pl.Series([""] * len(rows), dtype=pl.String)
    context.ledger.mend("filled", column, rows, blank, value, why=rule.why or f"where {when} says so")
    filled = pl.when(mask).then(pl.lit(rule["value"])).otherwise(pl.col(column).cast(pl.String))
    return table.with_columns(filled.alias(column))


def fill_from(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `fill_from`: fill `column` from the first of `from` that is not empty; makes the column where it
    is not there.
    """
    column, sources = rule["column"], [name for name in rule["from"] if name in table.columns]
    if not sources:
        return table
    made = pl.coalesce([pl.col(name) for name in ([column] if column in table.columns else []) + sources])
    values = table.select(made.alias(column))[column]
    before = (
        table[column] if column in table.columns else pl.Series([None] * table.height, dtype=values.dtype)
    )
    mask = before.is_null() & values.is_not_null()
    if mask.any():
        source = listed([context.header(name) for name in sources])
        rows = table[ROW].filter(mask)
        empty = pl.Series([""] * len(rows), dtype=pl.String)
        context.ledger.mend("derived", column, rows, empty, values.filter(mask), source=source)
    return table.with_columns(values.alias(column))


def constant(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `constant`: give `column` one `value` in a file that has no such column."""
    if rule["column"] in table.columns:
        return table
    return table.with_columns(pl.lit(rule["value"]).alias(rule["column"]))


def drop_when(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `drop_when`: leave out rows whose `column` is one of `is`, or is empty where `is` holds ''."""
    column = rule["column"]
    if column not in table.columns:
        return table
    mask = table[column].cast(pl.String).fill_null("").is_in(list(rule["is"]))
    if not mask.any():
        return table
    left_out = table.filter(mask)
    context.ledger.mend_rows(
        "rows_left_out",
        left_out[ROW].head(20).to_list(),
        count=left_out.height,
        why=rule.why or f"{context.header(column)} is {listed([quoted(v) for v in rule['is']])}",
    )
    return table.filter(~mask)


def stable_id(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `stable_id`: make `column` from the text of the columns `from`, the same for the same text in
    every file.

    Rows with equal text are told apart by `-2`, `-3` in the order of the file.
    """
    column = rule["column"]
    if column in table.columns or context.lacks(rule, table, rule["from"]):
        return table
    texts = named(table, rule["from"]).to_list()
    prefix, seen, ids = rule.get("prefix", ""), dict[str, int](), []
    for text in texts:
        seen[text] = seen.get(text, 0) + 1
        mark = hashlib.sha256(text.casefold().encode()).hexdigest()[:8]
        ids.append(f"{prefix}{mark}" + (f"-{seen[text]}" if seen[text] > 1 else ""))
    made = pl.Series(column, ids, dtype=pl.String)
    source = listed([context.header(name) for name in rule["from"]])
    empty = pl.Series([""] * table.height, dtype=pl.String)
    context.ledger.mend("derived", column, table[ROW], empty, made, source=source)
    return table.with_columns(made)


def flag_rows(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `flag`: a column that is true where `column` is one of `is`; says how many rows are not."""
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    mask = table[column].cast(pl.String).is_in(list(rule["is"])).fill_null(False)
    others = table.filter(~mask)
    if others.height:
        values = listed(
            [quoted(v) for v in others[column].cast(pl.String).fill_null("(empty)").unique().sort()[:6]]
        )
        context.ledger.find(
            "rows_not_usable",
            column,
            shown(others),
            others.height,
            total=f"{table.height:,}",
            words=rule["words"],
            value=values,
            flag=rule["flag"],
        )
    return table.with_columns(mask.alias(rule["flag"]))


def near_repeats(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `near_repeats`: rows equal in `columns` (empty cells too) but not in everything are shown, and
    kept.
    """
    columns = [name for name in rule["columns"] if name in table.columns]
    if context.lacks(rule, table, rule["columns"]):
        return table
    texts = named(table, columns).str.to_lowercase()
    later = texts.is_duplicated() & ~texts.is_first_distinct()
    repeats = table.filter(later)
    if repeats.height:
        cells = shown(repeats, named(repeats, columns[:1]))
        names = listed([context.header(n) for n in columns])
        context.ledger.find("near_repeats", "", cells, repeats.height, columns=names)
    return table


def nested_terms(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `nested_terms`: says how many terms `column` nests with its marks `between` and `within`; shows
    empty ones.
    """
    column = rule["column"]
    if context.lacks(rule, table, [column]):
        return table
    terms = table.select(ROW, pl.col(column).cast(pl.String).str.split(rule["between"]).alias("t")).explode(
        "t"
    )
    terms = terms.with_columns(pl.col("t").str.strip_chars()).drop_nulls("t")
    empty = terms.filter(pl.col("t").str.strip_chars(rule["within"] + " ") == "")
    if empty.height:
        context.ledger.find("empty_terms", column, shown(empty), empty.height, mark=quoted(rule["between"]))
    nested = int(terms["t"].str.contains(rule["within"], literal=True).sum())
    context.ledger.find(
        "nested_terms",
        column,
        count=terms.height,
        between=quoted(rule["between"]),
        within=quoted(rule["within"]),
        nested=f"{nested:,}",
        distinct=f"{terms['t'].n_unique():,}",
    )
    return table


def drop_repeats(table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows that repeat an earlier one in every column: left out, kept or refused, as the contract's
    `repeats` says.
    """
    later = _later_copies(table, context.contract.key)
    if not later.any():
        return table
    rows, count = table.filter(later)[ROW].head(20).to_list(), int(later.sum())
    policy = context.contract.repeats
    if policy == "drop":
        context.ledger.mend_rows("repeated_row", rows, count=count)
        return table.filter(~later)
    rule = "repeated_row_kept" if policy == "keep" else "repeated_row_refused"
    context.ledger.find(rule, "", [(row, "") for row in rows], count)
    return table


def _later_copies(table: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    """Which rows equal an earlier one. Copies share their key, so only rows that do are compared in full."""
    columns = [name for name in table.columns if name != ROW]
    none = pl.repeat(False, table.height, eager=True)
    candidates = pl.repeat(True, table.height, eager=True)
    if key and all(name in columns for name in key):
        filled = table.select(pl.all_horizontal(pl.col(name).is_not_null() for name in key).alias("f"))["f"]
        candidates = table.select(key).hash_rows(seed=0).is_duplicated() & filled
    if not candidates.any():
        return none
    places = candidates.arg_true()
    copies = ~table[places].select(columns).hash_rows(seed=0).is_first_distinct()
    return none.scatter(places, copies)


def check_key(table: pl.DataFrame, context: Context) -> None:
    """No two rows may have the same key."""
    key = [name for name in context.contract.key if name in table.columns]
    if len(key) < len(context.contract.key) or not key:
        return
    hashes = table.select(key).hash_rows(seed=0)
    filled = table.select(pl.all_horizontal(pl.col(name).is_not_null() for name in key).alias("f"))["f"]
    doubled = hashes.is_duplicated() & filled
    if not doubled.any():
        return
    clash = table.filter(doubled).sort(ROW)
    differ = _differing(clash, key, context)
    keys = listed([context.header(name) for name in key])
    context.ledger.find(
        "key_twice", "", shown(clash, named(clash, key)), clash.height, key=keys, differ=differ
    )


def _differing(clash: pl.DataFrame, key: list[str], context: Context) -> str:
    others = [name for name in clash.columns if name not in (*key, ROW)]
    spread = clash.group_by(key).agg(pl.col(name).n_unique() for name in others).select(others).max()
    names = [context.header(name) for name in others if (spread[name][0] or 0) > 1]
    return listed(names, 4) or "their place in the file"
