"""Takes out what tells where hidden services are: rows of their places, and texts that name them."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from philoxenia.reference.tables import reference_table

Tables = dict[str, pl.DataFrame]
_OF_A_PLACE = ("address", "phone", "contact", "schedule", "language", "accessibility", "service_area")
_NOT_OF_HIDDEN = ("contact", "service_area", "url", "service_capacity")
_KEPT_TEXTS = (
    "id",
    "status",
    "language",
    "needs",
    "confidential",
    "source",
    "licence",
    "external_id",
    "free",
)
# Shorter pieces of an address stand in texts by chance.
_LEAST = 7


@cache
def place_pattern() -> re.Pattern[str]:
    """What names a place: a street with a number, a postal code, coordinates, directions."""
    table = reference_table("directory/confidential")
    found = table.filter(pl.col("looks_in") == "place")["pattern"].to_list()
    return re.compile("|".join(f"(?:{one})" for one in found), re.IGNORECASE)


def without_traces(tables: Tables, hidden: set[str], places: set[str]) -> Tables:
    """The tables without the rows of these places and without texts that name them."""
    names = _names_of(tables, places)
    cut = _without_rows(dict(tables), hidden, places)
    organisations = _organisations(cut, hidden)
    cut["service"] = _scrubbed(
        cut["service"], hidden, names, drop=("url", "email", "assurer_email", "source_url", "license_url")
    )
    if "organization" in cut:
        cut["organization"] = _scrubbed(
            cut["organization"], organisations, names, drop=("email", "uri", "logo")
        )
    for table in ("phone", "schedule", "language", "cost_option", "required_document", "funding", "program"):
        if table in cut:
            rows = _belonging(cut[table], hidden, organisations)
            cut[table] = _scrubbed(cut[table], rows, names, drop=("schedule_link",))
    beside = _neighbours(cut["service"], hidden)
    cut["service"] = _scrubbed(cut["service"], beside, _streets(names))
    if "translation" in cut:
        mask = pl.col("object_id").is_in([*hidden, *organisations])
        own = cut["translation"].filter(mask & _names_place("text"))["id"].to_list()
        cut["translation"] = cut["translation"].filter(~pl.col("id").is_in(own))
    return {table: _without_names(frame, names) for table, frame in cut.items()}


def _belonging(frame: pl.DataFrame, services: set[str], organisations: set[str]) -> set[str]:
    """Rows of hidden services, and of organisations that have no others."""
    found: set[str] = set()
    for column, ids in (("service_id", services), ("organization_id", organisations)):
        if column in frame.columns:
            found |= set(frame.filter(pl.col(column).is_in(list(ids)))["id"].to_list())
    return found


def _neighbours(services: pl.DataFrame, hidden: set[str]) -> set[str]:
    """Other services of the organisations of hidden ones: they may say where to go."""
    if "organization_id" not in services.columns:
        return set()
    bodies = services.filter(pl.col("id").is_in(list(hidden)))["organization_id"].drop_nulls()
    return set(services.filter(pl.col("organization_id").is_in(bodies.implode()))["id"]) - hidden


def _streets(names: Sequence[str]) -> list[str]:
    """Streets of addresses without their number, however they are shortened: "lantern cr"."""
    found = (re.match(r"\d+[a-z]?[ ,]+([^\W\d][\w'’.-]{3,} \w)", name) for name in names)
    return sorted({one[1] for one in found if one})


def _names_of(tables: Mapping[str, pl.DataFrame], places: set[str]) -> list[str]:
    """How hidden places are called: streets, postal codes, names, in lower case."""
    found: set[str] = set()
    for table, link, columns in (
        ("address", "location_id", ("address_1", "postal_code")),
        ("location", "id", ("name", "alternate_name")),
    ):
        frame = tables.get(table)
        if frame is None or link not in frame.columns:
            continue
        own = frame.filter(pl.col(link).is_in(list(places)))
        for column in columns:
            if column in own.columns:
                found |= {text.strip().lower() for text in own[column].drop_nulls()}
    # However the street is shortened, its number and first word give it away.
    starts = (re.match(r"\d+[a-z]? +[^\W\d][\w'’.-]{3,}", name) for name in found)
    found |= {one[0] for one in starts if one}
    postal = {name.replace(" ", "") for name in found if re.fullmatch(r"[a-z]\d[a-z] ?\d[a-z]\d", name)}
    service_names = (
        {name.lower() for name in tables["service"]["name"].drop_nulls()}
        if "name" in tables["service"].columns
        else set()
    )
    organisations = tables.get("organization")
    if organisations is not None and "name" in organisations.columns:
        service_names |= {name.lower() for name in organisations["name"].drop_nulls()}
    # A place often bears the organisation's name, which is not what hides it.
    telling = {name for name in found | postal if len(name) >= _LEAST or name in postal} - service_names
    # The longest first: of two that begin alike the whole goes.
    return sorted(telling, key=lambda name: (-len(name), name))


def _without_rows(tables: Tables, hidden: set[str], places: set[str]) -> Tables:
    services, gone = list(hidden), list(places)
    lost: list[str] = list(places)
    links = tables.get("service_at_location")
    dropped_links: list[str] = []
    if links is not None and {"service_id", "location_id"} <= set(links.columns):
        mask = pl.col("service_id").is_in(services) | pl.col("location_id").is_in(gone)
        dropped_links = links.filter(mask)["id"].to_list()
        tables["service_at_location"] = links.filter(~mask)
    if "location" in tables:
        tables["location"] = tables["location"].filter(~pl.col("id").is_in(gone))
    organisations = list(_organisations(tables, hidden))
    for table in dict.fromkeys((*_OF_A_PLACE, *_NOT_OF_HIDDEN)):
        if (frame := tables.get(table)) is not None:
            kept = _kept(table, frame, services, gone, dropped_links, organisations)
            lost += frame.filter(~kept)["id"].to_list()
            tables[table] = frame.filter(kept)
    lost += dropped_links
    for table, link in (("attribute", "link_id"), ("metadata", "resource_id"), ("translation", "object_id")):
        if (frame := tables.get(table)) is not None and link in frame.columns:
            # Former values of a hidden record may hold its address.
            known = [*lost, *services, *organisations] if table == "metadata" else lost
            tables[table] = frame.filter(~pl.col(link).is_in(known).fill_null(False))
    return tables


def _kept(
    table: str,
    frame: pl.DataFrame,
    services: Sequence[str],
    places: Sequence[str],
    links: Sequence[str],
    organisations: Sequence[str],
) -> pl.Series:
    rules = [("location_id", places), ("service_at_location_id", links)]
    if table in _NOT_OF_HIDDEN:
        rules.append(("service_id", services))
    if table == "contact":
        rules.append(("organization_id", organisations))
    drop = [pl.col(name).is_in(list(ids)).fill_null(False) for name, ids in rules if name in frame.columns]
    return (
        frame.select(~pl.any_horizontal(*drop, pl.lit(False)).alias("kept"))["kept"]
        if frame.height
        else pl.Series([], dtype=pl.Boolean)
    )


def _organisations(tables: Mapping[str, pl.DataFrame], hidden: set[str]) -> set[str]:
    services = tables["service"]
    if "organization_id" not in services.columns:
        return set()
    every = services.group_by("organization_id").agg(pl.col("id").is_in(list(hidden)).all().alias("all"))
    return set(every.filter("all")["organization_id"].drop_nulls().to_list())


def _names_place(column: str) -> pl.Expr:
    return (
        pl.col(column)
        .map_elements(lambda text: place_pattern().search(text) is not None, pl.Boolean)
        .fill_null(False)
    )


def _scrubbed(
    frame: pl.DataFrame, ids: set[str], names: Sequence[str], drop: Sequence[str] = ()
) -> pl.DataFrame:
    """These records without texts that name a place; of a name only the words that do go."""
    if not ids or not frame.height:
        return frame
    mask = frame["id"].is_in(list(ids))
    for column in frame.columns:
        kept = column in _KEPT_TEXTS and not (column == "source" and "external_id" not in frame.columns)
        if kept or column.endswith("_id") or frame.schema[column] != pl.String:
            continue
        texts = frame[column].filter(mask).to_list()
        cleaned = [None] * len(texts) if column in drop else _cleaned(column, texts, names)
        if cleaned != texts:
            frame = frame.with_columns(
                frame[column].scatter(mask.arg_true(), pl.Series(cleaned, dtype=pl.String))
            )
    return frame


def _cleaned(column: str, texts: Sequence[str | None], names: Sequence[str]) -> list[str | None]:
    """Texts of one column as `_clean` leaves them; which names stand in them is looked for all at once."""
    plain = [_spoken(text) if text and "://" in text else text for text in texts]
    lowered = pl.Series([text and text.lower() for text in plain], dtype=pl.String)
    found = lowered.str.extract_many(list(names), overlapping=True) if names else [None] * len(texts)
    return [
        text if text is None or said is None else _clean(column, text, said, there)
        for text, said, there in zip(texts, plain, found, strict=True)
    ]


def _clean(column: str, text: str, plain: str, names: Sequence[str] | None) -> str | None:
    """A text, given how it is spoken and the names in it: nothing where it tells, of a name what is left."""
    told = bool(names is not None and len(names)) or place_pattern().search(plain) is not None
    if not told or column in ("number", "code", "byday", "opens_at", "closes_at"):
        return text
    if column != "name":
        return None
    bare = place_pattern().sub("", text)
    # The longest first: of two that begin alike the whole goes.
    for name in sorted(names if names is not None else (), key=lambda one: (-len(one), one)):
        bare = re.sub(re.escape(name), "", bare, flags=re.IGNORECASE)
    return re.sub(r"[\s,;:()–-]+$", "", re.sub(r"\s{2,}", " ", bare)).strip() or None


def _spoken(address: str) -> str:
    """What the address of a page says: /7-lantern-crescent as words."""
    plain = re.sub(r"(?:%[0-9a-f]{2})+", _letters, address, flags=re.IGNORECASE)
    return re.sub(r"[-_+/=&?#]+", " ", plain)


def _letters(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("%", "")).decode("utf-8", "replace")


def _without_names(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Texts of all others that name a hidden place are emptied too; of a name only those words go."""
    if not names or not frame.height:
        return frame
    texts = [
        name
        for name, kind in frame.schema.items()
        if kind == pl.String and not name.endswith("id") and name not in _KEPT_TEXTS
    ]
    return frame.with_columns(_emptied(name, list(names)) for name in texts)


def _emptied(column: str, names: list[str]) -> pl.Expr:
    text = pl.col(column)
    lowered = text.str.to_lowercase()
    said = lowered.str.replace_all("%20", " ", literal=True).str.replace_all(r"[-_+/=&?#]+", " ")
    told = lowered.str.contains_any(names) | (lowered.str.contains("://") & said.str.contains_any(names))
    bare = text.str.replace_many(names, [""] * len(names), ascii_case_insensitive=True, leftmost=True)
    bare = bare.str.strip_chars(" ,;:-()")
    kept = pl.when(bare != "").then(bare) if column == "name" else pl.lit(None, pl.String)
    return pl.when(told).then(kept).otherwise(text).alias(column)
