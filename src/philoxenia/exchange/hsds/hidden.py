"""Sites that must not be found: they are recognised, and lose every trace of their place, before anything
is kept.

Owns the recognition (words of names, texts, terms and codes, flags of the source, addresses left out on
purpose)
and what is dropped. Rather one site too many is hidden than one shown. Says numbers only, never which.
"""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.hsds.traces import without_traces
from philoxenia.exchange.notations import marks
from philoxenia.reference.tables import reference_table

Tables = dict[str, pl.DataFrame]
_NAMES = ("name", "alternate_name")
_TEXTS = (
    "description",
    "eligibility_description",
    "application_process",
    "alert",
    "accreditations",
    "fees_description",
)
# Signs one does not see could keep a word from being recognised.
_UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u064b-\u0652\u0640]"


@cache
def patterns(looks_in: str) -> str:
    """Every pattern of one kind as a single one, for Rust's regular expressions; '' where there is none."""
    table = reference_table("directory/confidential")
    found = table.filter(pl.col("looks_in") == looks_in)["pattern"].to_list()
    return "(?i)" + "|".join(f"(?:{pattern})" for pattern in found) if found else ""


def says(frame: pl.DataFrame, columns: Sequence[str], looks_in: str) -> pl.Series:
    """Which rows hold a pattern of that kind in one of these columns."""
    there = [name for name in columns if name in frame.columns]
    if not there or not frame.height:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    text = pl.concat_str([pl.col(name).cast(pl.String) for name in there], separator=" ; ", ignore_nulls=True)
    seen = text.str.replace_all(_UNSEEN, "").str.replace_all(r"[\s\u00a0]+", " ")
    return frame.select(seen.str.contains(patterns(looks_in)).fill_null(False))[:, 0]


def without_hidden(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """The tables with `service.confidential` set and no trace of such places left."""
    found: Tables = dict(tables)
    services = found.get("service")
    if services is None:
        return found
    marked_places = _marked(found, "location") | _marked_addresses(found)
    hidden = _hidden_services(found, marked_places)
    places = _hidden_places(found, hidden) | marked_places
    neighbours = _at(found, places) - hidden
    told.find("confidential", "service", len(hidden))
    told.find("confidential_neighbours", "service", len(neighbours))
    marked = pl.col("id").is_in(list(hidden))
    found["service"] = services.with_columns(confidential=marked)
    return without_traces(found, hidden, places) if hidden or places else found


def _flagged(frame: pl.DataFrame) -> pl.Series:
    """Rows a column of the source marks, by yes, by no, or by a word."""
    mask = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    yes, no = list(marks("yes")), list(marks("no"))
    for name in frame.columns:
        column = pl.Series([name.lower().replace(" ", "_").replace("-", "_")])
        said = frame[name].cast(pl.String).str.strip_chars().str.to_lowercase()
        worded = said.str.contains(patterns("flag_word")).fill_null(False)
        if column.str.contains(patterns("flag")).item():
            mask |= said.is_in(yes).fill_null(False) | worded
        elif column.str.contains(patterns("flag_not")).item():
            mask |= said.is_in(no).fill_null(False) | worded
    return mask


def _marked(tables: Mapping[str, pl.DataFrame], table: str) -> set[str]:
    """Ids of records whose own words or flags say they are hidden."""
    frame = tables.get(table)
    if frame is None:
        return set()
    mask = _flagged(frame) | says(frame, _NAMES, "name")
    if table != "organization":
        # What an organisation says of itself may name all it does.
        mask |= says(frame, (*_TEXTS, "transportation"), "text")
    return set(frame.filter(mask)["id"].to_list())


def _marked_addresses(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Places whose address says only that it is confidential."""
    frame = tables.get("address")
    if frame is None or "location_id" not in frame.columns:
        return set()
    mask = _flagged(frame) | says(frame, ("address_1", "address_2", "attention"), "flag_word")
    mask |= says(frame, ("address_1", "address_2", "attention"), "name")
    return set(frame.filter(mask)["location_id"].drop_nulls().to_list())


def _hidden_services(tables: Tables, marked_places: set[str]) -> set[str]:
    services = tables["service"]
    hidden = _marked(tables, "service") | _by_term(tables) | _left_out(tables)
    if "organization_id" in services.columns:
        organisations = _marked(tables, "organization")
        hidden |= set(services.filter(pl.col("organization_id").is_in(list(organisations)))["id"].to_list())
    places = tables.get("service_at_location")
    if places is not None and places.height and {"service_id", "location_id"} <= set(places.columns):
        flagged = places.filter(_flagged(places) | says(places, ("description",), "text"))
        hidden |= set(flagged["service_id"].drop_nulls().to_list())
        marked = pl.col("location_id").is_in(list(marked_places))
        only = places.group_by("service_id").agg(marked.all().alias("all")).filter("all")
        hidden |= set(only["service_id"].drop_nulls().to_list())
    return hidden & set(services["id"].to_list())


def _by_term(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Services classified as such a shelter, by the words or the code of a term."""
    terms, links = tables.get("taxonomy_term"), tables.get("attribute")
    if terms is None or links is None or not {"link_id", "taxonomy_term_id"} <= set(links.columns):
        return set()
    mask = says(terms, ("name", "description"), "term") | says(terms, ("code", "id"), "code")
    chosen = links.filter(pl.col("taxonomy_term_id").is_in(terms.filter(mask)["id"].to_list()))
    return set(chosen["link_id"].drop_nulls().to_list())


def _left_out(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Services on such a topic that have a place, of which the address was left out."""
    services, places = tables["service"], tables.get("service_at_location")
    if places is None or not {"service_id", "location_id"} <= set(places.columns):
        return set()
    topic = set(services.filter(says(services, (*_NAMES, *_TEXTS), "blanked"))["id"].to_list())
    topic |= _linked_terms(tables, "blanked")
    addresses = tables.get("address")
    known = set()
    if addresses is not None and {"location_id", "address_1"} <= set(addresses.columns):
        known = set(addresses.drop_nulls("address_1")["location_id"].drop_nulls().to_list())
    bare = places.group_by("service_id").agg(pl.col("location_id").is_in(list(known)).any().alias("any"))
    return topic & set(bare.filter(~pl.col("any"))["service_id"].drop_nulls().to_list())


def _linked_terms(tables: Mapping[str, pl.DataFrame], looks_in: str) -> set[str]:
    terms, links = tables.get("taxonomy_term"), tables.get("attribute")
    if terms is None or links is None or not {"link_id", "taxonomy_term_id"} <= set(links.columns):
        return set()
    chosen = terms.filter(says(terms, ("name",), looks_in))["id"].to_list()
    return set(links.filter(pl.col("taxonomy_term_id").is_in(chosen))["link_id"].drop_nulls().to_list())


def _hidden_places(tables: Mapping[str, pl.DataFrame], hidden: set[str]) -> set[str]:
    """Places of hidden services, those of organisations that have no others, and all at the same address."""
    found: set[str] = set()
    links, locations = tables.get("service_at_location"), tables.get("location")
    if links is not None and {"service_id", "location_id"} <= set(links.columns):
        found |= set(
            links.filter(pl.col("service_id").is_in(list(hidden)))["location_id"].drop_nulls().to_list()
        )
    if locations is not None and "organization_id" in locations.columns:
        owned = pl.col("organization_id").is_in(list(wholly_hidden(tables, hidden)))
        found |= set(locations.filter(owned)["id"].to_list())
    return found | _same_place(tables, found)


def wholly_hidden(tables: Mapping[str, pl.DataFrame], hidden: set[str]) -> set[str]:
    """Organisations all of whose services are hidden."""
    services = tables["service"]
    if "organization_id" not in services.columns:
        return set()
    every = services.group_by("organization_id").agg(pl.col("id").is_in(list(hidden)).all().alias("all"))
    return set(every.filter("all")["organization_id"].drop_nulls().to_list())


def _same_place(tables: Mapping[str, pl.DataFrame], places: set[str]) -> set[str]:
    """Other records of a place: the same address, or the same point."""
    found: set[str] = set()
    for frame, id_column, columns in (
        (tables.get("address"), "location_id", ("address_1", "city")),
        (tables.get("location"), "id", ("latitude", "longitude")),
    ):
        if frame is None or not {id_column, columns[0]} <= set(frame.columns):
            continue
        there = [name for name in columns if name in frame.columns]
        key = pl.concat_str(
            [
                pl.col(name).cast(pl.String).str.to_lowercase().str.replace_all(r"[^\w.-]+", "")
                for name in there
            ]
        )
        keyed = frame.select(pl.col(id_column).alias("place"), key.alias("key")).drop_nulls()
        same = keyed.filter(pl.col("place").is_in(list(places)))["key"].unique()
        found |= set(keyed.filter(pl.col("key").is_in(same.implode()))["place"].to_list())
    return found


def _at(tables: Mapping[str, pl.DataFrame], places: set[str]) -> set[str]:
    links = tables.get("service_at_location")
    if links is None or not {"service_id", "location_id"} <= set(links.columns):
        return set()
    return set(links.filter(pl.col("location_id").is_in(list(places)))["service_id"].drop_nulls().to_list())
