"""What load needs, taken from a city package's tables.

Owns which table feeds which input; ignores how tables were cleaned. Only population by district is needed;
every other table may be missing, and what follows from that is said in a sentence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.types import CityInputs, LoadError, ShelterGroups

Tables = Mapping[str, pl.DataFrame]

NEWCOMER_CHARACTERISTICS = ("recent_immigrants", "external_migrants_5_years")
_AGES = {
    "age_0_4": ("age_0_4",),
    "age_5_14": ("age_5_9", "age_10_14"),
    "age_15_19": ("age_15_19",),
    "age_20_64": tuple(f"age_{first}_{first + 4}" for first in range(20, 65, 5)),
    "age_65_over": ("age_65_over",),
}
_CAPACITY = ("service", "district_id", "capacity", "low", "high", "used", "date", "source")
_LANGUAGE_PROGRAMMES = ("esl",)


def inputs_from_tables(
    districts: pl.DataFrame,
    tables: Tables,
    parameters: Parameters,
    services: tuple[str, ...] = (),
    groups: ShelterGroups | None = None,
) -> CityInputs:
    """Inputs from canonical tables: `districts` (district_id, longitude, latitude) and tables by name.

    Raises `LoadError` where no population by district is there.
    """
    if "census_profile" not in tables:
        raise LoadError("There is no table census_profile; load needs at least population by district.")
    census = tables["census_profile"].with_columns(pl.col("year").cast(pl.Int64))
    years = _census_years(census)
    missing: list[str] = []
    return CityInputs(
        profile=_profile(census, years[-1], districts),
        profile_year=years[-1],
        earlier=_profile(census, years[-2], districts) if len(years) > 1 else None,
        earlier_year=years[-2] if len(years) > 1 else None,
        shelter_flow=tables.get("shelter_flow"),
        shelter_occupancy=tables.get("shelter_occupancy"),
        arrivals_history=_arrivals_history(tables),
        capacity=_capacity(tables, parameters, missing),
        own_rates=tables.get("service_rates"),
        services=services,
        groups=groups or ShelterGroups(),
        parameters=parameters,
        missing=tuple(missing),
    )


def _census_years(census: pl.DataFrame) -> list[int]:
    years = sorted(census.filter(pl.col("characteristic") == "population")["year"].unique().to_list())
    if not years:
        raise LoadError(
            "census_profile has no characteristic 'population'; load needs population by district."
        )
    return years


def _profile(census: pl.DataFrame, year: int, districts: pl.DataFrame) -> pl.DataFrame:
    wide = census.filter(pl.col("year") == year).pivot("characteristic", index="district_id", values="value")
    newcomers = next((name for name in NEWCOMER_CHARACTERISTICS if name in wide.columns), None)
    columns = [pl.col("population")]
    if newcomers is not None:
        columns.append(pl.col(newcomers).alias("newcomers"))
    if all(part in wide.columns for parts in _AGES.values() for part in parts):
        columns += [pl.sum_horizontal(parts).alias(age) for age, parts in _AGES.items()]
    if "median_rent" in wide.columns:
        columns.append(pl.col("median_rent"))
    profile = wide.select("district_id", *columns)
    centres = [name for name in ("longitude", "latitude") if name in districts.columns]
    return (
        districts.select("district_id", *centres)
        .join(profile, on="district_id", how="left")
        .sort("district_id")
    )


def _arrivals_history(tables: Tables) -> pl.DataFrame | None:
    claims = tables.get("asylum_claims")
    if claims is None:
        return None
    return (
        claims.filter(pl.col("office") == "all")
        .group_by("month")
        .agg(arrivals=pl.col("claims").sum())
        .sort("month")
    )


@dataclass(frozen=True)
class _Source:
    service: str
    table: str
    derive: Callable[[Tables, Parameters], pl.DataFrame]


def _capacity(tables: Tables, parameters: Parameters, missing: list[str]) -> pl.DataFrame:
    frames = []
    given = tables.get("service_capacity")
    named = set() if given is None else set(given["service"].to_list())
    if given is not None:
        frames.append(_completed(given))
    for source in _SOURCES:
        if source.service in named:
            continue
        if source.table not in tables:
            missing.append(f"{source.service}: there is no table {source.table}, so capacity is not known.")
            continue
        frames.append(_completed(source.derive(tables, parameters)))
    return pl.concat(frames) if frames else _completed(pl.DataFrame())


def _completed(rows: pl.DataFrame) -> pl.DataFrame:
    text = ("service", "district_id", "date", "source")
    return rows.select(
        [
            (pl.col(name) if name in rows.columns else pl.lit(None).alias(name)).cast(
                pl.String if name in text else pl.Float64
            )
            for name in _CAPACITY
        ]
    )


def _schools(tables: Tables, parameters: Parameters) -> pl.DataFrame:
    schools = tables["schools"].filter(~pl.col("level").fill_null("").is_in(["postsecondary"]))
    private = pl.col("type").fill_null("") == "private"
    level = pl.col("level").fill_null("")
    kind = (
        pl.when(private)
        .then(pl.lit("private_school"))
        .when(level == "elementary")
        .then(pl.lit("elementary_school"))
        .when(level == "secondary")
        .then(pl.lit("secondary_school"))
        .otherwise(pl.lit("school"))
    )
    return _assumed("school_places", schools.with_columns(kind=kind), "places_per_", parameters, "schools")


def _clinics(tables: Tables, parameters: Parameters) -> pl.DataFrame:
    clinics = tables["clinics"].with_columns(kind=pl.lit("clinic_per_month"))
    rows = _assumed("primary_care", clinics, "visits_per_", parameters, "clinics")
    return rows.with_columns(used=pl.col("capacity"))


def _assumed(
    service: str, sites: pl.DataFrame, prefix: str, parameters: Parameters, source: str
) -> pl.DataFrame:
    # A city's own figure stands as given; a default carries its whole range.
    rows = {
        kind: parameters.row(f"scenarios.{prefix}{kind}") for kind in sites["kind"].unique().sort().to_list()
    }
    each = pl.DataFrame(
        {
            "kind": list(rows),
            "capacity": [row.value for row in rows.values()],
            "low": [row.value if row.overridden else row.low for row in rows.values()],
            "high": [row.value if row.overridden else row.high for row in rows.values()],
            "date": [row.date for row in rows.values()],
        },
        schema_overrides={"kind": pl.String},
    )
    return (
        sites.join(each, on="kind", how="left")
        .group_by(pl.col("district_id").fill_null(""))
        .agg(pl.col("capacity", "low", "high").sum(), pl.col("date").max())
        .sort("district_id")
        .with_columns(
            service=pl.lit(service), source=pl.lit(f"{source}; {', '.join(r.name for r in rows.values())}")
        )
    )


def _library(tables: Tables, _: Parameters) -> pl.DataFrame:
    return _programmes(tables, "library_programmes", ~pl.col("programme_type").is_in(_LANGUAGE_PROGRAMMES))


def _language(tables: Tables, _: Parameters) -> pl.DataFrame:
    return _programmes(tables, "language_programmes", pl.col("programme_type").is_in(_LANGUAGE_PROGRAMMES))


def _programmes(tables: Tables, service: str, kinds: pl.Expr) -> pl.DataFrame:
    programmes = tables["library_programmes"].filter(kinds)
    latest = programmes.filter(pl.col("year") == pl.col("year").max())
    placed = (
        latest.join(tables["libraries"].select("branch_id", "district_id"), on="branch_id", how="left")
        if "libraries" in tables
        else latest.with_columns(district_id=pl.lit(""))
    )
    return (
        placed.group_by(pl.col("district_id").fill_null(""))
        .agg(
            capacity=pl.col("attendance").sum().cast(pl.Float64) / 12,
            date=pl.col("year").max().cast(pl.String),
        )
        .sort("district_id")
        .with_columns(service=pl.lit(service), source=pl.lit("library_programmes"), used=pl.col("capacity"))
    )


_SOURCES = (
    _Source("school_places", "schools", _schools),
    _Source("primary_care", "clinics", _clinics),
    _Source("library_programmes", "library_programmes", _library),
    _Source("language_programmes", "library_programmes", _language),
)
