"""Tables of text as records of the model: columns known, cells read, ids ours, every link leading
somewhere."""

import hashlib
import re
import uuid
from collections.abc import Mapping

import polars as pl

from philoxenia.exchange.hsds.model import Table, model
from philoxenia.exchange.hsds.naming import table_named
from philoxenia.exchange.hsds.records import fitted
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.hsds.tidying import clean_texts, typed

Tables = dict[str, pl.DataFrame]
_UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "directory.philoxenia")
_LINKS = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type"),
          "translation": ("object_id", "object_table")}  # fmt: skip
# What HSDS asks for and a directory still makes sense without: the field stays empty.
_BEARABLE = {("organization", "description"), ("program", "description"), ("taxonomy", "description"),
             ("taxonomy_term", "description"), ("address", "address_1"), ("address", "city"),
             ("address", "state_province"), ("address", "postal_code"), ("address", "country"),
             ("service_capacity", "available"), ("service_capacity", "updated"),
             ("organization_identifier", "identifier_type")}  # fmt: skip


def own_id(source: str, table: str, external: str) -> str:
    """The UUID under which we keep a record: its own where it is one, else made of source, table and id."""
    tidy = external.strip()
    return tidy.lower() if _UUID.match(tidy.lower()) else _made_id(f"{source}|{table}|{tidy}")


def _made_id(name: str) -> str:
    """As `uuid.uuid5` makes it, at half its cost: a directory asks for millions."""
    digest = hashlib.sha1(_NAMESPACE.bytes + name.encode(), usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def known_columns(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """Only columns of the model, each table with an id; what is left out is named."""
    found: Tables = {}
    for name, frame in tables.items():
        fields = model()[name].by_name
        strange = [column for column in frame.columns if column not in fields]
        told.find("column_unknown", name, len(strange), strange)
        found[name] = _with_ids(name, frame.drop(strange), told)
    return found


def _with_ids(name: str, frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    if not frame.width or not frame.height:
        return frame
    if "id" not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("id"))
    absent = frame["id"].is_null()
    if absent.any():
        told.find("id_missing", name, int(absent.sum()))
        content = pl.concat_str(pl.exclude("id"), separator="|", ignore_nulls=True)
        made = frame.select(pl.concat_str(pl.lit("made-"), content.hash(seed=1).cast(pl.String)))[:, 0]
        frame = frame.with_columns(frame["id"].zip_with(~absent, made))
    return frame


def clean(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """Texts tidied; rows that repeat another in full, or only its id, are left out."""
    found: Tables = {}
    for name, frame in tables.items():
        found[name] = _once(name, _with_ids(name, clean_texts(name, frame, told), told), told)
    return found


def _once(name: str, frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    if not frame.height or "id" not in frame.columns:
        return frame
    if frame["id"].n_unique() == frame.height:
        return frame
    whole = frame.unique(maintain_order=True, keep="first")
    told.find("rows_again", name, frame.height - whole.height)
    single = whole.unique("id", maintain_order=True, keep="first")
    told.find("id_again", name, whole.height - single.height)
    return single


def settled(tables: Mapping[str, pl.DataFrame], source: str, told: Told) -> Tables:
    """Typed tables of the model with our ids, every link leading to a record that is there."""
    tables = _with_entities(tables)
    found = {
        name: _identified(model()[name], frame, source) for name, frame in tables.items() if frame.height
    }
    for name in model():
        if name in found:
            found[name] = typed(model()[name], found[name], told)
    _status_of_services(found, told)
    known = {name: frame["id"] for name, frame in found.items()}
    for name in model():
        if name in found:
            found[name] = _required(model()[name], found[name], told)
            known[name] = found[name]["id"]
            found[name] = _linked(model()[name], found[name], known, told)
            known[name] = found[name]["id"]
    for name in _LINKS:
        if name in found:
            found[name] = _linked_anywhere(name, found[name], known, told)
    return {name: fitted(name, found.get(name)) for name in model()}


def _with_entities(tables: Mapping[str, pl.DataFrame]) -> Tables:
    """Attributes and the like with the name of the table they belong to, looked up where it is not a
    table's."""
    found: Tables = dict(tables)
    for name, (link, entity) in _LINKS.items():
        frame = found.get(name)
        if frame is None or link not in frame.columns:
            continue
        said = (
            frame[entity]
            if entity in frame.columns
            else pl.Series(entity, [None] * frame.height, dtype=pl.String)
        )
        named = {text: table_named(text) or None for text in said.drop_nulls().unique()}
        known = said.replace_strict(named, default=None, return_dtype=pl.String)
        if known.null_count():
            there = [table for table in reversed(list(model())) if "id" in _columns(tables, table)]
            ids = {one: table for table in there for one in tables[table]["id"].drop_nulls()}
            held = frame[link].replace_strict(ids, default=None, return_dtype=pl.String)
            known = known.zip_with(known.is_not_null(), held)
        found[name] = frame.with_columns(known.alias(entity))
    return found


def _columns(tables: Mapping[str, pl.DataFrame], name: str) -> list[str]:
    return tables[name].columns if name in tables else []


def _identified(table: Table, frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Ids and links as UUIDs; the id of the source is kept where the profile has a column for it."""
    if "external_id" in table.by_name:
        own = pl.when(
            ~pl.col("id").str.contains(_UUID.pattern) & ~pl.col("id").str.starts_with("made-")
        ).then(pl.col("id"))
        said = pl.col("external_id") if "external_id" in frame.columns else pl.lit(None, pl.String)
        frame = frame.with_columns(external_id=pl.coalesce(said, own))
    columns = [_uuids(frame["id"], source, table.name)]
    for field in table.fields:
        if field.references and field.name in frame.columns:
            columns.append(_uuids(frame[field.name], source, field.references))
    if table.name in _LINKS:
        link, entity = _LINKS[table.name]
        if {link, entity} <= set(frame.columns):
            columns.append(_linked_uuids(frame, link, entity, source))
    return frame.with_columns(columns)


def _uuids(column: pl.Series, source: str, table: str) -> pl.Series:
    tidy = column.str.strip_chars().str.to_lowercase()
    good = tidy.str.contains(_UUID.pattern).fill_null(True)
    if good.all():
        return tidy
    made = {one: own_id(source, table, one) for one in column.filter(~good).unique()}
    return tidy.zip_with(good, column.replace_strict(made, default=None, return_dtype=pl.String))


def _linked_uuids(frame: pl.DataFrame, link: str, entity: str, source: str) -> pl.Series:
    """Ids of records of several tables, each made as its own table makes them."""
    known = pl.Series(link, [None] * frame.height, dtype=pl.String)
    for table in frame[entity].drop_nulls().unique():
        others = (frame[entity] != table).fill_null(True)
        known = known.zip_with(others, _uuids(frame[link], source, table))
    return known


def _status_of_services(tables: Tables, told: Told) -> None:
    services = tables.get("service")
    if services is None:
        return
    said = (
        services["status"]
        if "status" in services.columns
        else pl.Series("status", [None] * services.height, dtype=pl.String)
    )
    told.find("status_missing", "service", said.null_count())
    tables["service"] = services.with_columns(said.fill_null("active"))


def _required(table: Table, frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Rows without what they cannot be without go; what HSDS asks for besides is said."""
    for field in table.fields:
        if not field.required or field.name == "id":
            continue
        if field.name not in frame.columns:
            frame = frame.with_columns(pl.lit(None, field.dtype).alias(field.name))
        absent = frame[field.name].is_null()
        if not absent.any():
            continue
        bearable = (table.name, field.name) in _BEARABLE
        kind = "asked_missing" if bearable else "required_missing"
        told.find(kind, table.name, int(absent.sum()), field=field.name)
        frame = frame if bearable else frame.filter(~absent)
    return frame


def _linked(table: Table, frame: pl.DataFrame, known: Mapping[str, pl.Series], told: Told) -> pl.DataFrame:
    """Links that lead nowhere are emptied; a row that needs one, or has none left at all, goes."""
    for field in table.fields:
        if not field.references or field.name not in frame.columns:
            continue
        there = known.get(field.references, pl.Series([], dtype=pl.String))
        lost = frame[field.name].is_not_null() & ~frame[field.name].is_in(there.implode())
        if not lost.any():
            continue
        parent = field.references.replace("_", " ")
        told.find(
            "parent_missing" if field.required else "link_missing", table.name, int(lost.sum()), parent=parent
        )
        frame = (
            frame.filter(~lost) if field.required else frame.with_columns(frame[field.name].set(lost, None))
        )
    owners = [name for name in table.owners if name in frame.columns]
    if table.owners:
        lonely = (
            frame.select(pl.all_horizontal(*[pl.col(name).is_null() for name in owners], pl.lit(True)))[:, 0]
            if frame.height
            else pl.Series([], dtype=pl.Boolean)
        )
        told.find("belongs_nowhere", table.name, int(lonely.sum()))
        frame = frame.filter(~lonely)
    return frame


def _linked_anywhere(
    name: str, frame: pl.DataFrame, known: Mapping[str, pl.Series], told: Told
) -> pl.DataFrame:
    """Attributes, changes and translations belong to a record of the table they name."""
    link, entity = _LINKS[name]
    # A table that lost all its rows to hidden places still has columns of text.
    schema = {entity: pl.String, link: pl.String}
    every = pl.concat(
        pl.DataFrame({entity: [table] * len(ids), link: ids}, schema) for table, ids in known.items()
    )
    kept = frame.join(every.unique(), on=[entity, link], how="semi", maintain_order="left")
    told.find("belongs_nowhere", name, frame.height - kept.height)
    return kept
