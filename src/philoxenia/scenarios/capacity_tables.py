"""Capacity rows from a city's tables: what schools, clinics and libraries can give, and whence we know.

Owns one derivation a service; ignores demand. A city's own table `service_capacity` comes first.
"""

from collections.abc import Callable, Mapping

import polars as pl

from philoxenia.reference import Parameters

Tables = Mapping[str, pl.DataFrame]

LANGUAGE_PROGRAMMES = ("esl",)
_TEXT = ("service", "district_id", "date", "source")
_COLUMNS = ("service", "district_id", "capacity", "low", "high", "used", "date", "source")


def capacity_of(tables: Tables, parameters: Parameters, missing: list[str]) -> pl.DataFrame:
    """Rows service, district_id ("" where not placed), capacity, low, high, used, date, source.

    `used` is what is given today, for services whose demand is today's use. What has no table is said.
    """
    given = tables.get("service_capacity", pl.DataFrame(schema={"service": pl.String}))
    frames = [_completed(given)]
    for service, (table, derive) in _DERIVED.items():
        if service in given["service"].to_list():
            continue
        if table not in tables or tables[table].is_empty():
            missing.append(f"{service!r}: there is no table {table}, so capacity is not known.")
        else:
            frames.append(_completed(derive(tables, parameters).with_columns(service=pl.lit(service))))
    return pl.concat(frames)


def _completed(rows: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for name in _COLUMNS:
        there = pl.col(name) if name in rows.columns else pl.lit(None)
        columns.append(there.cast(pl.String if name in _TEXT else pl.Float64).alias(name))
    return rows.select(columns).with_columns(pl.col("district_id").fill_null(""))


def _schools(tables: Tables, parameters: Parameters) -> pl.DataFrame:
    # Colleges and universities are no school places; a school of unknown level takes the mean school.
    level, kind = _text(tables["schools"], "level"), _text(tables["schools"], "type")
    parameter = (
        pl.when(kind == "private")
        .then(pl.lit("private_school"))
        .when(level.is_in(["elementary", "secondary"]))
        .then(level + "_school")
        .otherwise(pl.lit("school"))
    )
    schools = tables["schools"].filter(level != "postsecondary")
    return _assumed(schools.with_columns(each="scenarios.places_per_" + parameter), parameters, "schools")


def _clinics(tables: Tables, parameters: Parameters) -> pl.DataFrame:
    clinics = tables["clinics"].with_columns(each=pl.lit("scenarios.visits_per_clinic_per_month"))
    return _assumed(clinics, parameters, "clinics").with_columns(used=pl.col("capacity"))


def _text(table: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column).fill_null("") if column in table.columns else pl.lit("")


def _assumed(sites: pl.DataFrame, parameters: Parameters, table: str) -> pl.DataFrame:
    """Sites times the parameter named in `each`: a default brings its range, a city's own figure none."""
    rows = [parameters.row(name) for name in sites["each"].unique().sort().to_list()]
    amounts = pl.DataFrame(
        {
            "each": [row.name for row in rows],
            "capacity": [row.value for row in rows],
            "low": [row.value if row.overridden else row.low for row in rows],
            "high": [row.value if row.overridden else row.high for row in rows],
            "date": [row.date for row in rows],
        }
    )
    names = ", ".join(row.name for row in rows)
    return (
        sites.join(amounts, on="each", how="left")
        .group_by("district_id")
        .agg(pl.col("capacity", "low", "high").sum(), pl.col("date").max())
        .sort("district_id")
        .with_columns(source=pl.lit(f"{table} times {names}"))
    )


def _library_programmes(tables: Tables, _: Parameters) -> pl.DataFrame:
    return _attendance(tables, ~pl.col("programme_type").is_in(LANGUAGE_PROGRAMMES))


def _language_programmes(tables: Tables, _: Parameters) -> pl.DataFrame:
    return _attendance(tables, pl.col("programme_type").is_in(LANGUAGE_PROGRAMMES))


def _attendance(tables: Tables, kinds: pl.Expr) -> pl.DataFrame:
    """Attendances a month in the latest year on record, where the branch is."""
    programmes = tables["library_programmes"].filter(kinds)
    latest = programmes.filter(pl.col("year") == pl.col("year").max())
    if "libraries" in tables:
        latest = latest.join(
            tables["libraries"].select("branch_id", "district_id"), on="branch_id", how="left"
        )
    else:
        latest = latest.with_columns(district_id=pl.lit(""))
    monthly = pl.col("attendance").cast(pl.Float64).sum() / 12
    return (
        latest.group_by("district_id")
        .agg(capacity=monthly, used=monthly, date=pl.col("year").cast(pl.String).max())
        .sort("district_id")
        .with_columns(source=pl.lit("library_programmes"))
    )


_Derivation = Callable[[Tables, Parameters], pl.DataFrame]
_DERIVED: dict[str, tuple[str, _Derivation]] = {
    "school_places": ("schools", _schools),
    "primary_care": ("clinics", _clinics),
    "library_programmes": ("library_programmes", _library_programmes),
    "language_programmes": ("library_programmes", _language_programmes),
}
