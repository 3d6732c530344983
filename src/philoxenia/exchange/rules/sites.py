"""Rules about places: points in districts, names of districts, placeholders, and sites that must never be
shown.
"""

import polars as pl
import shapely

from philoxenia.exchange.contract import Rule
from philoxenia.exchange.rules.context import ROW, Context, shown
from philoxenia.exchange.spelling import listed, quoted


def _pairs(table: pl.DataFrame, rule: Rule) -> pl.Series:
    latitude, longitude = (
        table[rule[axis]].cast(pl.String).fill_null("") for axis in ("latitude", "longitude")
    )
    return pl.select(pl.concat_str(latitude, longitude, separator=", ").alias("p")).to_series()


def inside_city(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `inside_city`: points lie in a district; fills `fill` with the district where the file does not
    say it.

    Recognises swapped axes and a lost minus sign, which put every point far away.
    """
    axes = [rule["latitude"], rule["longitude"]]
    if context.lacks(rule, table, axes) or context.lacks_city(rule) or not table.height:
        return table
    assert context.places is not None  # noqa: S101 - lacks_city has just said so
    found = context.places.locate(table[axes[1]], table[axes[0]])
    placed = table.select(pl.all_horizontal(pl.col(name).is_not_null() for name in axes).alias("p"))["p"]
    outside = placed & found.is_null()
    total = int(placed.sum())
    if total and int(outside.sum()) > total / 2:
        _explain_far_points(rule, table.filter(outside), total, context)
        return table
    if outside.any() and rule.get("tell", True):
        wrong = table.filter(outside)
        details = {"city": context.places.name}
        context.ledger.find(
            "outside_city", axes[0], shown(wrong, _pairs(wrong, rule)), wrong.height, **details
        )
    return _with_district(rule, table, found, context)


def _explain_far_points(rule: Rule, far: pl.DataFrame, total: int, context: Context) -> None:
    places = context.places
    assert places is not None  # noqa: S101
    latitude, longitude = far[rule["latitude"]], far[rule["longitude"]]
    cells = shown(far, _pairs(far, rule))
    if places.locate(latitude, longitude).is_not_null().sum() > far.height / 2:
        context.ledger.find("swapped_axes", rule["latitude"], cells, far.height)
        return
    for axis, found in (
        ("longitude", places.locate(-longitude, latitude)),
        ("latitude", places.locate(longitude, -latitude)),
    ):
        if found.is_not_null().sum() > far.height / 2:
            example = str(-float(far[rule[axis]][0]))
            context.ledger.find("sign_lost", rule[axis], cells, far.height, axis=axis, example=example)
            return
    context.ledger.find(
        "mostly_outside", rule["latitude"], cells, far.height, total=f"{total:,}", city=places.name
    )


def _with_district(rule: Rule, table: pl.DataFrame, found: pl.Series, context: Context) -> pl.DataFrame:
    fill = rule.get("fill", "")
    if not fill:
        return table
    if fill not in table.columns:
        table = table.with_columns(pl.lit(None, dtype=pl.String).alias(fill))
    stated = table[fill].cast(pl.String)
    differs = (stated != found).fill_null(False)
    if differs.any() and rule.get("tell", True):
        wrong = table.filter(differs)
        values = stated.filter(differs) + " says the file, " + found.filter(differs) + " the point"
        context.ledger.find("wrong_district", fill, shown(wrong, values), wrong.height)
    empty = stated.is_null() & found.is_not_null()
    if empty.any():
        rows = table[ROW].filter(empty)
        blank = pl.Series([""] * len(rows), dtype=pl.String)
        context.ledger.mend(
            "derived", fill, rows, blank, found.filter(empty), source="the place of the point"
        )
    merged = pl.select(pl.coalesce(stated, found).alias(fill)).to_series()
    return table.with_columns(merged)


def known_district(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `known_district`: `column` names districts of the city, by name, known spelling or id.

    Ids go into `fill` (the column itself by default); with `check_only` nothing is changed. With `former`,
    names of an older map of the city pass too.
    """
    column = rule["column"]
    if column not in table.columns and not context.contract.column(column).required:
        return table
    if context.lacks(rule, table, [column]) or context.lacks_city(rule):
        return table
    assert context.places is not None  # noqa: S101
    places = context.places
    texts = table[column].cast(pl.String)
    distinct = texts.drop_nulls().unique(maintain_order=True).to_list()
    ids = {text: places.identify(text) or None for text in distinct}
    strange = [
        t for t, found in ids.items() if not found and not (rule.get("former") and places.was_district(t))
    ]
    unknown = texts.is_in(pl.Series(strange, dtype=pl.String).implode()).fill_null(False)
    if unknown.any():
        _tell_unknown(rule, table.filter(unknown), texts.filter(unknown), context)
    if rule.get("check_only"):
        return table
    found = texts.replace_strict(ids, default=None, return_dtype=pl.String)
    fill = rule.get("fill", "") or column
    if fill == column:
        _log_spellings(column, table[ROW], texts, found, context)
    elif fill in table.columns:
        found = pl.select(pl.coalesce(table[fill].cast(pl.String), found)).to_series()
    return table.with_columns(found.alias(fill))


def _log_spellings(
    column: str, rows: pl.Series, before: pl.Series, after: pl.Series, context: Context
) -> None:
    changed = (before != after).fill_null(False)
    if changed.any():
        pairs = pl.DataFrame({"b": before.filter(changed), "a": after.filter(changed)})
        seen = pairs.unique(maintain_order=True).head(6).iter_rows()
        value = listed([f"{quoted(b)} as {a}" for b, a in seen])
        context.ledger.mend(
            "name_spelling", column, rows.filter(changed), pairs["b"], pairs["a"], value=value
        )


def _tell_unknown(rule: Rule, wrong: pl.DataFrame, texts: pl.Series, context: Context) -> None:
    assert context.places is not None  # noqa: S101
    guesses = []
    for text in texts.unique(maintain_order=True).head(5).to_list():
        near = context.places.nearest(text)
        guesses.append(
            f"{quoted(text)} is perhaps {quoted(near)}" if near else f"nothing like {quoted(text)} is known"
        )
    hint = (
        f"Write it as the city does: {'; '.join(guesses)}. A new spelling goes into the table district_names."
    )
    context.ledger.find(
        "unknown_district",
        rule["column"],
        shown(wrong, texts),
        wrong.height,
        severity=rule.severity,
        city=context.places.name,
        hint=hint,
    )


def placeholder_points(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `placeholder_points`: a point on a row without a street address is no place; its coordinates are
    emptied.

    A point that `at_least` such rows share is named, so that its owner sees which default was filled in.
    """
    address, latitude, longitude = rule["address"], rule["latitude"], rule["longitude"]
    if context.lacks(rule, table, [address, latitude, longitude]):
        return table
    homeless = table[address].is_null() & table[latitude].is_not_null()
    if not homeless.any():
        return table
    rows = table.filter(homeless)
    pairs = _pairs(rows, rule)
    counts = pairs.value_counts(sort=True, name="n")
    shared = counts.filter(pl.col("n") >= rule.get("at_least", 5)).sort(
        ["n", counts.columns[0]], descending=[True, False]
    )
    for pair, _ in shared.head(1).iter_rows():
        same = rows.filter(pairs == pair)
        context.ledger.find(
            "placeholder_point", latitude, shown(same, pairs.filter(pairs == pair)), same.height, variant=pair
        )
    # A site without an address may be a hidden one: only points that many rows share are printed.
    context.ledger.find("placeholder_points", latitude, shown(rows), rows.height)
    empty = [
        pl.when(homeless).then(None).otherwise(pl.col(name)).alias(name) for name in (latitude, longitude)
    ]
    return table.with_columns(empty)


def confidential_sites(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `confidential`: rows whose `columns` match one of `patterns` lose everything in `withhold`, and
    are flagged.

    The report gives their number, never their rows or names.
    """
    columns = [name for name in rule["columns"] if name in table.columns]
    if not columns:
        return table
    pattern = "(?i)" + "|".join(f"(?:{text})" for text in rule["patterns"])
    tests = [pl.col(name).cast(pl.String).str.contains(pattern).fill_null(False) for name in columns]
    if "confidential" in table.columns:
        tests.append(pl.col("confidential").fill_null(False))
    mask = table.select(pl.any_horizontal(tests).alias("m"))["m"]
    if mask.any():
        context.ledger.find("confidential_site", "", count=int(mask.sum()))
        context.ledger.forget(table[ROW].filter(mask), rule["withhold"])
    table = table.with_columns(mask.alias("confidential"))
    withheld = [
        pl.when(mask).then(None).otherwise(pl.col(name)).alias(name)
        for name in rule["withhold"]
        if name in table.columns
    ]
    return table.with_columns(withheld)


def point_of_geometry(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Mend `point`: `latitude` and `longitude` from `geometry` where the file has no such columns.

    A place of several points gives its first, an area a point inside it.
    """
    geometry, latitude, longitude = rule["geometry"], rule["latitude"], rule["longitude"]
    if geometry not in table.columns or latitude in table.columns:
        return table
    places = shapely.from_wkb(table[geometry].to_list())
    points = [_one_point(place) for place in places]
    several = [row for row, place in zip(table[ROW].to_list(), places, strict=True) if _is_several(place)]
    if several:
        context.ledger.mend_rows("several_points", several[:20], count=len(several))
    columns = {
        latitude: pl.Series([None if p is None else p.y for p in points], dtype=pl.Float64),
        longitude: pl.Series([None if p is None else p.x for p in points], dtype=pl.Float64),
    }
    made = columns[latitude].is_not_null()
    blank = pl.Series([""] * int(made.sum()), dtype=pl.String)
    for name, values in columns.items():
        source = context.header(geometry)
        context.ledger.mend(
            "derived", name, table[ROW].filter(made), blank, values.filter(made), source=source
        )
    return table.with_columns(**columns)


def _is_several(place: shapely.Geometry | None) -> bool:
    return place is not None and place.geom_type == "MultiPoint" and len(place.geoms) > 1


def _one_point(place: shapely.Geometry | None) -> shapely.Point | None:
    if place is None or place.is_empty:
        return None
    if place.geom_type == "MultiPoint":
        return place.geoms[0]
    return place if place.geom_type == "Point" else place.representative_point()


def not_observations(rule: Rule, table: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rule `not_observations`: a file whose name begins with one of `prefixes` holds made-up numbers."""
    name = context.facts.name.rsplit("/", 1)[-1]
    if name.startswith(tuple(rule["prefixes"])):
        context.ledger.find("not_observations", "", [(-1, name)])
    return table
