"""Directories of HSDS 1 and 2, and of the United Kingdom's profile, brought to the tables of 3.1.

Works on frames of text; what has no place in 3.1 is left for `settling` to name and leave out.
"""

from collections.abc import Mapping

import polars as pl

from philoxenia.exchange.hsds.model import model
from philoxenia.exchange.hsds.naming import OLDER_TABLES, column_names
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.reference.tables import reference_table

Tables = dict[str, pl.DataFrame]


def brought_up(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """The tables of any version as those of 3.1, still as text."""
    found = {name: _renamed(name, frame) for name, frame in tables.items()}
    old = sorted(set(found) & set(OLDER_TABLES))
    if _is_old_taxonomy(found.get("taxonomy")):
        found["old_term"] = found.pop("taxonomy")
        old.append("taxonomy")
    told.find("made_older", count=len(old), examples=old)
    for step in (_terms, _classified, _addresses, _weekdays, _holidays, _eligibility, _payments, _spoken):
        step(found)
    _kinds(found)
    return {name: frame for name, frame in found.items() if name in model()}


def _renamed(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Columns under their present names; a name that is there already keeps its own column."""
    names = {old: new for old, new in column_names(table).items() if old in frame.columns}
    for old, new in names.items():
        frame = (
            frame.with_columns(pl.coalesce(new, old).alias(new)).drop(old)
            if new in frame.columns
            else frame.rename({old: new})
        )
    return frame


def _is_old_taxonomy(frame: pl.DataFrame | None) -> bool:
    return frame is not None and bool({"parent_id", "vocabulary", "parent_name"} & set(frame.columns))


def _add(tables: Tables, name: str, frame: pl.DataFrame) -> None:
    tables[name] = pl.concat([tables[name], frame], how="diagonal") if name in tables else frame


def _has(frame: pl.DataFrame, *names: str) -> bool:
    return set(names) <= set(frame.columns)


def _numbered(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """With an id: the old one, which may stand in two old tables, behind the name of its table."""
    own = pl.col("id") if "id" in frame.columns else pl.int_range(pl.len()).cast(pl.String)
    return frame.with_columns(id=pl.concat_str(pl.lit(f"{table}-"), own.fill_null("")))


def _terms(tables: Tables) -> None:
    if (frame := tables.pop("old_term", None)) is not None:
        frame = frame.rename({"vocabulary": "taxonomy"}, strict=False)
        _add(tables, "taxonomy_term", frame.drop("taxonomy_id", strict=False))


def _classified(tables: Tables) -> None:
    """Terms of services and of other records, once tables of their own, as attributes."""
    if (frame := tables.pop("service_taxonomy", None)) is not None:
        frame = frame.rename({"service_id": "link_id"}, strict=False)
        if "taxonomy_term_id" not in frame.columns:
            frame = frame.rename({"taxonomy_id": "taxonomy_term_id"}, strict=False)
        _add(
            tables,
            "attribute",
            _numbered(frame, "service_taxonomy").with_columns(link_entity=pl.lit("service")),
        )
    if (frame := tables.pop("other_attribute", None)) is not None:
        frame = frame.rename({"link_type": "link_entity"}, strict=False)
        _add(tables, "attribute", _numbered(frame, "other_attribute"))


def _addresses(tables: Tables) -> None:
    for kind in ("physical", "postal"):
        if (frame := tables.pop(f"{kind}_address", None)) is not None:
            named = _numbered(frame, f"{kind}_address").with_columns(address_type=pl.lit(kind))
            _add(tables, "address", _renamed("address", named))


def _weekdays(tables: Tables) -> None:
    """Opening hours a weekday each, as rules that come back every week."""
    if (frame := tables.pop("regular_schedule", None)) is None:
        return
    if not _has(frame, "weekday"):
        _add(tables, "schedule", _numbered(frame, "regular_schedule"))
        return
    days = {row["word"]: row["day"] for row in reference_table("directory/weekdays").iter_rows(named=True)}
    day = pl.col("weekday").str.strip_chars().str.to_lowercase().replace_strict(days, default=None)
    said = [pl.col(name) for name in ("byday", "description") if name in frame.columns]
    strange = pl.when(day.is_null()).then(pl.col("weekday"))
    weekly = _numbered(frame, "regular_schedule").with_columns(
        freq=pl.lit("WEEKLY"),
        byday=pl.coalesce(day, *said[:1]) if "byday" in frame.columns else day,
        description=pl.coalesce(strange, *said[-1:]) if "description" in frame.columns else strange,
    )
    _add(tables, "schedule", weekly.drop("weekday"))


def _holidays(tables: Tables) -> None:
    """Holidays as closed days: valid over these days, with neither opening nor closing time."""
    if (frame := tables.pop("holiday_schedule", None)) is None:
        return
    closed = (
        pl.col("closed").str.to_lowercase().is_in(["true", "1", "yes", "y", "t"])
        if "closed" in frame.columns
        else pl.lit(True)
    )
    hours = [
        pl.when(~closed).then(pl.col(name)).alias(name)
        for name in ("opens_at", "closes_at")
        if name in frame.columns
    ]
    start = pl.col("start_date") if "start_date" in frame.columns else pl.lit(None, pl.String)
    end = pl.col("end_date") if "end_date" in frame.columns else start
    made = _numbered(frame, "holiday_schedule").with_columns(
        *hours,
        notes=pl.when(closed).then(pl.lit("closed")),
        dtstart=start,
        valid_from=start,
        valid_to=end,
        freq=pl.lit("DAILY"),
    )
    _add(tables, "schedule", made.drop("closed", "start_date", "end_date", strict=False))


def _onto_services(tables: Tables, frame: pl.DataFrame, text: str, column: str, before: str = "") -> None:
    """Texts of a table of their own, joined into one text of their service."""
    services = tables.get("service")
    if services is None or not _has(frame, "service_id", text):
        return
    joined = (
        frame.drop_nulls(text)
        .group_by("service_id", maintain_order=True)
        .agg(pl.col(text).unique(maintain_order=True).str.join("; ").alias("__joined"))
    )
    joined = joined.with_columns(pl.concat_str(pl.lit(before), "__joined").alias("__joined"))
    if column not in services.columns:
        services = services.with_columns(pl.lit(None, pl.String).alias(column))
    found = services.join(joined, left_on="id", right_on="service_id", how="left", maintain_order="left")
    told = (
        pl.when(pl.col(column).is_null())
        .then(pl.col("__joined"))
        .when(pl.col("__joined").is_null())
        .then(pl.col(column))
        .otherwise(pl.concat_str(column, "__joined", separator="\n"))
    )
    tables["service"] = found.with_columns(told.alias(column)).drop("__joined")


def _eligibility(tables: Tables) -> None:
    if (frame := tables.pop("eligibility", None)) is not None:
        _onto_services(tables, frame, "eligibility", "eligibility_description")
        for age in ("minimum_age", "maximum_age"):
            _onto_services(tables, frame, age, age)


def _payments(tables: Tables) -> None:
    if (frame := tables.pop("payment_accepted", None)) is not None:
        _onto_services(tables, frame, "payment", "fees_description", "Payment: ")


def _spoken(tables: Tables) -> None:
    """Languages of a phone, once a list of codes in its own row."""
    phones = tables.get("phone")
    if phones is None or "language" not in phones.columns:
        return
    spoken = (
        phones.select(phone_id="id", name=pl.col("language").str.split(","))
        .explode("name")
        .drop_nulls("name")
    )
    spoken = spoken.with_columns(pl.col("name").str.strip_chars())
    made = spoken.with_columns(id=pl.concat_str(pl.lit("phone-language-"), "phone_id", pl.lit("-"), "name"))
    if made.height:
        _add(tables, "language", made)
    tables["phone"] = phones.drop("language")


def _kinds(tables: Tables) -> None:
    """What older versions left unsaid: a location and an address were places one can go to."""
    for table, column in (("location", "location_type"), ("address", "address_type")):
        frame = tables.get(table)
        if frame is not None:
            said = pl.col(column) if column in frame.columns else pl.lit(None, pl.String)
            tables[table] = frame.with_columns(said.fill_null("physical").alias(column))
