"""A directory in one table, a row a service at a place (as 211 exports it), as tables of HSDS.

Owns how such rows are cut up: organisations, services, places, phones, hours, terms. Columns are those of the
contract `service_listing`, found by any of their names; a mapping names others.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from philoxenia.exchange.contract import Contract, load_contract
from philoxenia.exchange.hsds.hidden_words import flagged, says
from philoxenia.exchange.hsds.listing_parts import languages, phones, schedules, terms, texts
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.recognise import header_row, match_headers
from philoxenia.exchange.spelling import listed, quoted
from philoxenia.exchange.status import header_term

Tables = dict[str, pl.DataFrame]
_OF_SERVICE = {
    "name": "name", "alternate_name": "alternate_name", "description": "description", "email": "email",
    "website": "url", "status": "status", "eligibility": "eligibility_description",
    "minimum_age": "minimum_age",
    "maximum_age": "maximum_age", "fees": "fees_description", "interpretation": "interpretation_services",
    "application": "application_process", "alert": "alert", "checked_on": "checked_on",
    "record_id": "external_id",
    "source": "source", "source_url": "source_url", "source_date": "source_date", "licence": "licence",
    "needs": "needs", "asks_status": "asks_status", "safe_without_papers": "safe_without_papers",
    "status_statement": "status_statement", "status_source": "status_source", "free": "free",
    "text_language": "text_language",
}  # fmt: skip
# Rows of one service differ in these only by mistake: where they do, they speak of two.
_OWN_WORDS = ("description", "eligibility", "fees", "application", "documents", "services", "languages",
              "minimum_age", "maximum_age", "status", "confidential")  # fmt: skip
_OF_ADDRESS = {"address": "address_1", "address_2": "address_2", "city": "city", "county": "region",
               "province": "state_province", "postal_code": "postal_code", "country": "country"}  # fmt: skip


def contract() -> Contract:
    """The contract of such a table."""
    return load_contract("service_listing")


def named_columns(headers: Sequence[str], columns: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which header holds which column of the contract: by the mapping first, by its names else.

    Raises `DeclarationError` for a column of the mapping that the contract or the file does not have.
    """
    known = [column.name for column in contract().columns]
    told: dict[str, str] = {}
    for name, header in (columns or {}).items():
        if name not in known:
            raise DeclarationError(
                f"The mapping names {name!r}, which is no column. There are: {', '.join(known)}."
            )
        if header not in headers:
            raise DeclarationError(f"The mapping says {header!r} holds {name}, but there is no such column.")
        told[header] = name
    rest = [header for header in headers if header not in told]
    left = replace(contract(), columns=tuple(c for c in contract().columns if c.name not in told.values()))
    match = match_headers(left, header_row(rest, 0))
    return told | {rest[place]: name for name, place in match.places.items()}


def of_rows(frame: pl.DataFrame, told: Told, columns: Mapping[str, str] | None = None) -> pl.DataFrame:
    """The rows under the contract's own names, all text, with `record_id` and `row`."""
    ours = {column.name for column in contract().columns} | set((columns or {}).values())
    held = [header for header in frame.columns if header not in ours and header_term(header)]
    told.find("column_status", "the listing", len(held), shown_bare=listed([quoted(one) for one in held]))
    frame = frame.drop(held)
    names = named_columns(frame.columns, columns)
    unused = [header for header in frame.columns if header not in names]
    told.find("column_unknown", "the listing", len(unused), unused)
    shown = listed([f"{quoted(header)} as {name}" for header, name in names.items()], 8)
    told.find("columns_read", "listing", len(names), columns=shown)
    # Names become parts of ids below; one sign too many is left for the cutting to be told of.
    most = limit("directory", "text_characters") + 1
    rows = frame.select(
        pl.col(header).cast(pl.String).str.slice(0, most).alias(name) for header, name in names.items()
    )
    rows = _with_remarks(rows, frame.select(unused))
    if not {"name", "agency"} & set(rows.columns):
        column = contract().column("name")
        told.find(
            "column_missing",
            "listing",
            name="name",
            meaning=column.meaning.rstrip(".").lower(),
            aliases=listed([quoted(one) for one in column.aliases[:4]]),
        )
    return _numbered(_complete(rows))


def _with_remarks(rows: pl.DataFrame, unused: pl.DataFrame) -> pl.DataFrame:
    """Columns nobody knows are not kept, but what they say of a place that is hidden counts."""
    if not unused.width or not unused.height:
        return rows
    hidden = flagged(unused)
    for looks_in in ("name", "text", "term", "flag_word"):
        hidden |= says(unused, unused.columns, looks_in)
    if not hidden.any():
        return rows
    said = pl.col("confidential") if "confidential" in rows.columns else pl.lit(None, pl.String)
    marked = rows.with_columns(hidden.alias("__hidden"))
    return marked.with_columns(
        confidential=pl.when("__hidden").then(pl.lit("confidential")).otherwise(said)
    ).drop("__hidden")


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    absent = [column.name for column in contract().columns if column.name not in rows.columns]
    whole = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    whole = whole.with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all().str.strip_chars()))
    named = whole.with_columns(
        name=pl.coalesce("name", "agency"), agency=pl.coalesce("agency", "legal_name", "name")
    )
    return named.filter(pl.col("name").is_not_null())


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows once each; an id that comes again with other words gets a number behind it."""
    once = rows.unique(maintain_order=True)
    again = pl.int_range(1, pl.len() + 1).over("record_id")
    several = pl.col("record_id").is_not_null() & (again > 1)
    numbered = (
        pl.when(several)
        .then(pl.concat_str("record_id", pl.lit("#"), again.cast(pl.String)))
        .otherwise("record_id")
    )
    return once.with_columns(row=pl.int_range(pl.len()).cast(pl.String)).with_columns(record_id=numbered)


def cut_up(rows: pl.DataFrame, told: Told | None = None) -> Tables:
    """Tables of text from rows of the contract. An agency's row of the same name is one more place of one
    service."""
    rows = _keyed(rows)
    first = rows.unique("service", keep="first", maintain_order=True)
    services = first.select(
        pl.col("service").alias("id"),
        pl.col("organisation").alias("organization_id"),
        *(pl.col(ours).alias(theirs) for ours, theirs in _OF_SERVICE.items()),
        pl.col("confidential"),
    )
    services = services.with_columns(name=_without_agency(first))
    tables = {
        "organization": _organisations(rows),
        "service": _with_hidden(services, rows),
        **_places(rows),
        "phone": phones(rows),
        "language": languages(first),
        "schedule": schedules(rows),
        "required_document": texts(first, "documents", "document", "required_document"),
        "service_area": texts(first, "area", "name", "service_area"),
        "accessibility": _accessibility(rows),
        **terms(first),
    }
    if told is not None:
        # Counted, not shown: nothing has been hidden yet.
        told.find("hours_as_text", "schedule", tables["schedule"]["description"].count())
    return {name: frame for name, frame in tables.items() if frame.height}


def _plain(*names: str) -> pl.Expr:
    parts = [
        pl.col(name)
        .fill_null("")
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
        for name in names
    ]
    return pl.concat_str(parts, separator="|")


def _keyed(rows: pl.DataFrame) -> pl.DataFrame:
    """Keys of what a row speaks of. Rows that say the same of one offer are one service at several places."""
    words = pl.concat_str([pl.col(name).fill_null("") for name in _OWN_WORDS], separator="|").hash(seed=1)
    frame = rows.with_columns(
        organisation=pl.concat_str(pl.lit("made-org:"), _plain("agency")),
        __what=pl.concat_str(_plain("agency", "name"), words.cast(pl.String), separator="|"),
    )
    first = pl.col("record_id").drop_nulls().first().over("__what")
    place = _plain("address", "address_2", "city", "postal_code", "latitude", "longitude")
    somewhere = pl.any_horizontal(
        pl.col(name).is_not_null() for name in ("address", "latitude", "postal_code")
    )
    frame = frame.with_columns(
        service=pl.coalesce(first, pl.concat_str(pl.lit("made-service:"), "__what")),
        place=pl.when(somewhere).then(
            pl.concat_str(pl.lit("made-place:"), "organisation", place, separator="|")
        ),
    )
    at = pl.when(pl.col("place").is_not_null()).then(pl.concat_str("service", "place", separator="@"))
    return frame.with_columns(link=at).with_columns(places=pl.col("link").n_unique().over("service"))


def _without_agency(rows: pl.DataFrame) -> pl.Series:
    """`Agency - Programme - Site` without the agency, which has a field of its own."""

    def bare(name: str, agency: str) -> str:
        rest = name.removeprefix(agency)
        return re.sub(r"^[\s–:.,-]+", "", rest) if rest != name and re.match(r"^\s*[-–:]\s", rest) else name

    pairs = rows.select("name", "agency").iter_rows()
    return pl.Series("name", [bare(name, agency or "") or name for name, agency in pairs], dtype=pl.String)


def _organisations(rows: pl.DataFrame) -> pl.DataFrame:
    kept = ("source", "licence", "source_date", "text_language")
    return rows.unique("organisation", keep="first", maintain_order=True).select(
        pl.col("organisation").alias("id"),
        pl.col("agency").alias("name"),
        pl.when(pl.col("legal_name").str.strip_chars() != pl.col("agency"))
        .then("legal_name")
        .alias("alternate_name"),
        pl.col("agency_description").alias("description"),
        *kept,
    )


def _with_hidden(services: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """A service is flagged where any row of it is, by its column or by the reason its place was left out."""
    said = rows.group_by("service").agg(
        pl.concat_str(
            "confidential",
            pl.col("reason").str.extract(r"(?i)(confidential)"),
            separator=" ",
            ignore_nulls=True,
        )
        .str.join(" ")
        .alias("__said")
    )
    flagged = services.join(said, left_on="id", right_on="service", how="left", maintain_order="left")
    marked = pl.col("__said").str.contains("(?i)confidential")
    return flagged.with_columns(
        confidential=pl.when(marked).then(pl.lit("confidential")).otherwise("confidential")
    ).drop("__said")


def _places(rows: pl.DataFrame) -> Tables:
    """Places, their addresses, and which service is at which."""
    there = rows.drop_nulls("place")
    first = there.unique("place", keep="first", maintain_order=True)
    locations = first.select(
        pl.col("place").alias("id"),
        pl.lit("physical").alias("location_type"),
        pl.col("organisation").alias("organization_id"),
        pl.col("transport").alias("transportation"),
        "latitude", "longitude", "district_id", "source", "text_language",
    )  # fmt: skip
    given = pl.any_horizontal(pl.col(name).is_not_null() for name in ("address", "city", "postal_code"))
    addresses = first.filter(given).select(
        pl.concat_str(pl.lit("address:"), "place").alias("id"),
        pl.col("place").alias("location_id"),
        pl.lit("physical").alias("address_type"),
        *(pl.col(ours).alias(theirs) for ours, theirs in _OF_ADDRESS.items()),
    )
    links = there.unique("link", keep="first", maintain_order=True).select(
        pl.col("link").alias("id"),
        pl.col("service").alias("service_id"),
        pl.col("place").alias("location_id"),
    )
    return {"location": locations, "address": addresses, "service_at_location": links}


def _accessibility(rows: pl.DataFrame) -> pl.DataFrame:
    said = rows.drop_nulls(["place", "accessibility"]).unique("place", keep="first", maintain_order=True)
    word = (
        pl.when(pl.col("accessibility").str.to_lowercase().is_in(["yes", "y", "true", "1", "oui", "sí"]))
        .then(pl.lit("Wheelchair accessible"))
        .when(pl.col("accessibility").str.to_lowercase().is_in(["no", "n", "false", "0", "non"]))
        .then(pl.lit("Not wheelchair accessible"))
        .otherwise("accessibility")
    )
    return said.select(
        pl.concat_str(pl.lit("access:"), "place").alias("id"),
        pl.col("place").alias("location_id"),
        word.alias("description"),
    )


def translated_rows(original: pl.DataFrame, other: pl.DataFrame, told: Told, language: str) -> pl.DataFrame:
    """Rows of another language beside those of the first, matched by `record_id` and how often it came."""
    joined = original.select("record_id", "service").join(
        other, on="record_id", how="right", maintain_order="right"
    )
    lost = joined["service"].null_count()
    told.find("translation_unmatched", count=lost, language=language)
    return joined.drop_nulls("service")


def keyed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the keys under which `cut_up` keeps what they speak of."""
    return _keyed(rows)


def text_fields() -> Iterable[tuple[str, str]]:
    """Columns of the contract that hold a service's own words, and their field in HSDS."""
    words = (
        "name",
        "alternate_name",
        "description",
        "eligibility",
        "fees",
        "interpretation",
        "application",
        "alert",
        "status_statement",
    )
    return [(name, _OF_SERVICE[name]) for name in words]
