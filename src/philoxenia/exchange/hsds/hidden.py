"""Sites that must not be found: they are recognised, and lose every trace of their place, before anything
is kept.

Owns the recognition (words of names, texts, terms and codes, flags of the source, addresses left out on
purpose)
and what is dropped. Rather one site too many is hidden than one shown. Says numbers only, never which.
"""

from collections.abc import Mapping

import polars as pl

from philoxenia.exchange.hsds.hidden_words import flagged, labelled, names_hidden, says
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.hsds.traces import without_traces

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
# Columns that say of what kind a record is.
_KINDS = ("status", "location_type", "address_type", "attention")
_LINES = ("address_1", "address_2", "attention")


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


def _marked(tables: Mapping[str, pl.DataFrame], table: str) -> set[str]:
    """Ids of records whose own words, flags, translations, terms or attributes say they are hidden."""
    frame = tables.get(table)
    if frame is None or not frame.height:
        return set()
    texts = (*_TEXTS, "transportation")
    mask = flagged(frame) | names_hidden(frame, _NAMES, texts) | says(frame, _KINDS, "flag_word")
    if table != "organization":
        # What an organisation says of itself may name all it does.
        mask |= says(frame, texts, "text") | says(frame, _KINDS, "name")
    found = set(frame.filter(mask)["id"].to_list()) | _translated(tables, table)
    return (
        (found | (_by_attribute(tables) & set(frame["id"].to_list()))) if table != "organization" else found
    )


def _translated(tables: Mapping[str, pl.DataFrame], table: str) -> set[str]:
    """Records that say so in another language only."""
    frame = tables.get("translation")
    if frame is None or not {"object_id", "object_table", "field", "text"} <= set(frame.columns):
        return set()
    names = frame["field"].is_in(_NAMES).fill_null(False)
    mask = (names & names_hidden(frame, ("text",))) | (
        ~names & says(frame, ("text",), "text") & (table != "organization")
    )
    own = (frame["object_table"].str.strip_suffix("s") == table).fill_null(False)
    return set(frame.filter(mask & own)["object_id"].drop_nulls().to_list())


def _marked_addresses(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Places whose address says only that it is confidential."""
    frame = tables.get("address")
    if frame is None or "location_id" not in frame.columns:
        return set()
    mask = flagged(frame) | says(frame, (*_LINES, *_KINDS), "flag_word") | says(frame, _LINES, "name")
    return set(frame.filter(mask)["location_id"].drop_nulls().to_list())


def _hidden_services(tables: Tables, marked_places: set[str]) -> set[str]:
    services = tables["service"]
    linked = _by_attribute(tables)
    hidden = _marked(tables, "service") | linked | _left_out(tables)
    for column, owners in (
        ("organization_id", _organisations(tables, linked)),
        ("program_id", _marked(tables, "program")),
    ):
        if column in services.columns:
            hidden |= set(services.filter(pl.col(column).is_in(list(owners)))["id"].to_list())
    return (hidden | _of_places(tables, marked_places, linked)) & set(services["id"].to_list())


def _organisations(tables: Mapping[str, pl.DataFrame], linked: set[str]) -> set[str]:
    """Organisations that are hidden as a whole, those below them, and those of one service that say so."""
    frame, services = tables.get("organization"), tables["service"]
    if frame is None or not frame.height:
        return set()
    found = _marked(tables, "organization") | (linked & set(frame["id"].to_list()))
    if "organization_id" in services.columns:
        single = services.group_by("organization_id").len().filter(pl.col("len") == 1)["organization_id"]
        says_so = says(frame, ("description",), "text") & frame["id"].is_in(single.implode())
        found |= set(frame.filter(says_so)["id"].to_list())
    return _with_children(frame, "parent_organization_id", found)


def _with_children(frame: pl.DataFrame, column: str, found: set[str]) -> set[str]:
    """Ids and those of all below them."""
    before: set[str] = set()
    while column in frame.columns and before != found:
        before = found
        found = found | set(frame.filter(pl.col(column).is_in(list(found)))["id"].to_list())
    return found


def _of_places(tables: Tables, marked_places: set[str], linked: set[str]) -> set[str]:
    """Services at a place only because of which they are hidden too."""
    places = tables.get("service_at_location")
    if places is None or not places.height or not {"service_id", "location_id"} <= set(places.columns):
        return set()
    mask = flagged(places) | says(places, ("description",), "text")
    if "id" in places.columns:
        mask |= places["id"].is_in(list(linked)).fill_null(False)
    marked = pl.col("location_id").is_in(list(marked_places))
    only = places.group_by("service_id").agg(marked.all().alias("all")).filter("all")
    return set(places.filter(mask)["service_id"].drop_nulls()) | set(only["service_id"].drop_nulls())


def _by_attribute(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Records of any table that are classified as such a shelter, by a term, its parents, or plain words."""
    links = tables.get("attribute")
    if links is None or not links.height or "link_id" not in links.columns:
        return set()
    mask = labelled(links)
    terms = tables.get("taxonomy_term")
    if terms is not None and terms.height and "taxonomy_term_id" in links.columns:
        said = says(terms, ("name", "description"), "term") | says(terms, ("code", "id"), "code")
        chosen = _with_children(terms, "parent_id", set(terms.filter(said)["id"].to_list()))
        mask |= links["taxonomy_term_id"].is_in(list(chosen)).fill_null(False)
    return set(links.filter(mask)["link_id"].drop_nulls().to_list())


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
    if hidden:
        found |= _nobodys(tables)
    return found | _same_place(tables, found)


def _nobodys(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    """Places of which nothing says whose they are: beside hidden services they may be theirs."""
    links, locations = tables.get("service_at_location"), tables.get("location")
    if locations is None or not locations.height:
        return set()
    lonely = pl.lit(True)
    if "organization_id" in locations.columns:
        lonely = pl.col("organization_id").is_null()
    if links is not None and {"service_id", "location_id"} <= set(links.columns):
        known = links.filter(pl.col("service_id").is_in(tables["service"]["id"].implode()))["location_id"]
        lonely &= ~pl.col("id").is_in(known.drop_nulls().implode())
    return set(locations.filter(lonely)["id"].to_list())


def wholly_hidden(tables: Mapping[str, pl.DataFrame], hidden: set[str]) -> set[str]:
    """Organisations all of whose services are hidden."""
    services = tables["service"]
    if "organization_id" not in services.columns:
        return set()
    every = services.group_by("organization_id").agg(pl.col("id").is_in(list(hidden)).all().alias("all"))
    return set(every.filter("all")["organization_id"].drop_nulls().to_list())


def _same_place(tables: Mapping[str, pl.DataFrame], places: set[str]) -> set[str]:
    """Other records of a place: the same address, however its street is shortened, or the same point."""
    found: set[str] = set()
    for frame, id_column, columns in (
        (tables.get("address"), "location_id", ("address_1", "city")),
        (tables.get("location"), "id", ("latitude", "longitude")),
    ):
        if frame is None or not {id_column, columns[0]} <= set(frame.columns):
            continue
        there = [name for name in columns if name in frame.columns]
        key = pl.concat_str([_key(name) for name in there])
        keyed = frame.select(pl.col(id_column).alias("place"), key.alias("key")).drop_nulls()
        same = keyed.filter(pl.col("place").is_in(list(places)))["key"].unique()
        found |= set(keyed.filter(pl.col("key").is_in(same.implode()))["place"].to_list())
    return found


def _key(column: str) -> pl.Expr:
    plain = pl.col(column).cast(pl.String).str.to_lowercase()
    if column == "address_1":
        # Crescent, Cres and Cr. begin alike, as do Road and Rd.
        street = r"^\W*(\d+)[a-z]?\W+([\w']+)\W+(\w)\w*.*$"
        plain = plain.str.replace(street, "$1 $2 $3")
    return plain.str.replace_all(r"[^\w.-]+", "")


def _at(tables: Mapping[str, pl.DataFrame], places: set[str]) -> set[str]:
    links = tables.get("service_at_location")
    if links is None or not {"service_id", "location_id"} <= set(links.columns):
        return set()
    return set(links.filter(pl.col("location_id").is_in(list(places)))["service_id"].drop_nulls().to_list())
