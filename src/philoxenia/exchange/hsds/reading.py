"""Any directory as records of the model: what it is, its tables, what is hidden, what is settled.

The order matters: hidden sites go before anything else looks at a cell, so that nothing can tell of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.enriching import enriched
from philoxenia.exchange.hsds.hidden import without_hidden
from philoxenia.exchange.hsds.listing import cut_up, named_columns, of_rows
from philoxenia.exchange.hsds.mapping import DeclaredMapping, mapped_rows, read_mapping
from philoxenia.exchange.hsds.naming import table_named
from philoxenia.exchange.hsds.nested import flattened, kind_of, records_in, text_frame
from philoxenia.exchange.hsds.older import brought_up
from philoxenia.exchange.hsds.pieces import (
    JSON,
    Piece,
    json_documents,
    pieces_of,
    table_of_file,
    text_table,
    under_header,
)
from philoxenia.exchange.hsds.points import without_stand_ins
from philoxenia.exchange.hsds.records import Records, whole
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.hsds.settling import clean, known_columns, settled
from philoxenia.exchange.hsds.translating import translated, translations_of
from philoxenia.exchange.problems import UnreadableFileError
from philoxenia.reference import default_parameters

Tables = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class About:
    """What is known of a directory besides its file. `today` sets the day by which records are checked
    again."""

    source: str = ""
    licence: str = ""
    language: str = ""
    source_date: str = ""
    checked_on: str = ""
    today: date | None = None
    mapping: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def read_records(path: Path, about: About | None = None) -> Records:
    """The directory in a file, folder or archive.

    Raises `UnreadableFileError` for what cannot be opened, `DeclarationError` for a mapping that does not
    fit.
    What is wrong with the records themselves is told, and the rest is read.
    """
    asked = about or About()
    told = Told()
    mapping = read_mapping(asked.mapping) if asked.mapping else None
    if mapping is not None:
        asked = _with_about(asked, mapping)
    asked = replace(asked, source=asked.source or path.stem)
    tables = _gathered(path, asked, mapping, told)
    return records_of(tables, asked, told)


def records_of(tables: Mapping[str, pl.DataFrame], about: About, told: Told) -> Records:
    """Records from tables of text under HSDS's names, of any version."""
    found = brought_up(tables, told)
    found = clean(found, told)
    found = without_hidden(without_stand_ins(found, told), told)
    found = settled(known_columns(found, told), about.source, told)
    found = translated(enriched(_described(found, about), told), told)
    records = Records(whole(found), tuple(told.findings))
    if not records.count("service") and not records.count("organization"):
        told.find("nothing_read")
        return replace(records, told=tuple(told.findings))
    return records


def stripped(records: Records) -> Records:
    """The records once more without hidden sites: nothing changes where that was done before."""
    told = Told()
    return replace(records, tables=whole(without_hidden(records.tables, told)))


def _with_about(asked: About, mapping: DeclaredMapping) -> About:
    said = {
        name: str(value)
        for name, value in mapping.about.items()
        if name in ("source", "licence", "language", "source_date", "checked_on")
    }
    return replace(asked, **{name: getattr(asked, name) or value for name, value in said.items()})  # type: ignore[arg-type]


def _gathered(path: Path, asked: About, mapping: DeclaredMapping | None, told: Told) -> Tables:
    """Tables of text, under the names their source gives them."""
    pieces = pieces_of(path)
    if mapping is not None:
        return _mapped(path, pieces, mapping, asked, told)
    texts = [piece for piece in pieces if piece.ending not in JSON and not _is_json(piece)]
    others = [piece for piece in pieces if piece not in texts and piece.stem != "datapackage"]
    described = _resources(pieces, Told())
    known = [piece for piece in texts if piece.base in described or table_named(piece.name)]
    if len(known) > 1 or (known and len(pieces) > 1 and not others):
        return _package(pieces, texts, told)
    if others and not texts:
        return _from_json(others, asked, told)
    if len(texts) == 1 and not others:
        return cut_up(of_rows(_one_table(path, texts[0], told), told, asked.columns), told)
    raise UnreadableFileError(
        f"{path.name} holds {len(pieces)} files, and which of them is the directory cannot be told. "
        "Name one file, or call the tables as HSDS does: organizations.csv, services.csv, locations.csv ..."
    )


def _is_json(piece: Piece) -> bool:
    if piece.ending in JSON:
        return True
    with piece.open() as stream:
        return stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _one_table(path: Path, piece: Piece, told: Told) -> pl.DataFrame:
    """A listing: any format the exchange opens where it is a file of its own, text where it lies in an
    archive."""
    if path.is_dir() or piece.name != path.name:
        return text_table(piece, told)
    opened = table_of_file(path, told)
    rows = [opened.head.row(index) for index in range(opened.head.cells.height)]
    scored: list[int] = [len(named_columns(_headers(row))) for row in rows[:15]]
    most = max(scored, default=0)
    at = scored.index(most) if most else 0
    return under_header(opened.batches, rows[at] if rows else [], at)


def _headers(row: Sequence[str]) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _package(pieces: Sequence[Piece], texts: Sequence[Piece], told: Told) -> Tables:
    """The tables of a tabular data package, whether it has a datapackage.json or not."""
    listed = _resources(pieces, told)
    found: Tables = {}
    strange = []
    for piece in texts:
        name = listed.get(piece.base) or table_named(piece.name)
        if not name:
            strange.append(piece.name)
            continue
        frame = _quiet(piece, told)
        if frame is not None:
            found[name] = pl.concat([found[name], frame], how="diagonal") if name in found else frame
    told.find("table_unknown", count=len(strange), examples=strange)
    return found


def _quiet(piece: Piece, told: Told) -> pl.DataFrame | None:
    """A table of a package; one that is empty is as good as absent."""
    try:
        return text_table(piece, told)
    except UnreadableFileError as fault:
        if "is empty" in str(fault):
            return None
        raise


def _resources(pieces: Sequence[Piece], told: Told) -> dict[str, str]:
    """Which file holds which table, as datapackage.json says."""
    found: dict[str, str] = {}
    described = next(
        (piece for piece in pieces if piece.stem == "datapackage" and piece.ending == ".json"), None
    )
    if described is None:
        return found
    try:
        document = json_documents(described, Told())[0]
    except UnreadableFileError:
        return found
    resources = document.get("resources", []) if isinstance(document, dict) else []
    here = {piece.base for piece in pieces}
    missing = []
    for one in resources if isinstance(resources, list) else []:
        paths = one.get("path", []) if isinstance(one, dict) else []
        for path in [paths] if isinstance(paths, str) else paths:
            name = str(path).rsplit("/", 1)[-1]
            table = table_named(str(one.get("name", ""))) or table_named(name)
            if name in here and table:
                found[name] = table
            elif name not in here:
                missing.append(name)
    told.find("package_missing_file", count=len(missing), examples=missing)
    return found


def _from_json(pieces: Sequence[Piece], asked: About, told: Told) -> Tables:
    """HSDS records one inside another, or flat records that are a listing."""
    records: list[tuple[str, dict[str, Any]]] = []
    for piece in pieces:
        hint = table_named(piece.name)
        for document in json_documents(piece, told):
            records += [(table or hint, record) for table, record in records_in(document, told)]
    if _is_listing([record for _, record in records]):
        return cut_up(of_rows(_flat(record for _, record in records), told, asked.columns), told)
    return flattened(records, told)


def _is_listing(records: Sequence[Mapping[str, Any]]) -> bool:
    """Whether records are rows of a listing rather than of HSDS: more of their names are the contract's."""
    if not records:
        return False
    sample = [_properties(record) for record in records[:20]]
    if any(
        isinstance(value, list) and value and isinstance(value[0], dict)
        for one in sample
        for value in one.values()
    ):
        return False
    listing = max(len(named_columns(list(one))) for one in sample)
    return listing > max(kind_of(one)[1] for one in sample)


def _properties(record: Mapping[str, Any]) -> dict[str, Any]:
    """A feature of a map as a flat record, with its point."""
    if not isinstance(record.get("properties"), Mapping):
        return dict(record)
    flat = dict(record["properties"])
    flat.setdefault("id", record.get("id"))
    geometry = record.get("geometry")
    at = (
        geometry.get("coordinates")
        if isinstance(geometry, Mapping) and geometry.get("type") == "Point"
        else None
    )
    if isinstance(at, list) and len(at) > 1 and not {"latitude", "lat"} & {name.lower() for name in flat}:
        flat |= {"longitude": at[0], "latitude": at[1]}
    return flat


def _flat(records: Any) -> pl.DataFrame:
    rows = []
    for record in records:
        row = {}
        for name, value in _properties(record).items():
            if isinstance(value, list):
                row[name] = "; ".join(str(one) for one in value if not isinstance(one, dict | list))
            elif value is not None and not isinstance(value, dict):
                row[name] = str(value)
        rows.append(row)
    return text_frame(rows)


def _mapped(
    path: Path, pieces: Sequence[Piece], mapping: DeclaredMapping, asked: About, told: Told
) -> Tables:
    """A listing through a declared mapping, with its translations."""
    rows = _mapped_rows(pieces[0], path, mapping.columns, mapping.fixed, told)
    tables = cut_up(rows, told)
    others = []
    for entry in mapping.translations:
        file = (asked.mapping or path).parent / entry.file
        beside = file if file.is_file() else path.parent / entry.file
        piece = pieces_of(beside)[0]
        columns = {**mapping.columns, **entry.columns}
        others.append((entry, _mapped_rows(piece, beside, columns, mapping.fixed, told)))
    found = translations_of(rows, others, told)
    return tables | ({"translation": found} if found.height else {})


def _mapped_rows(
    piece: Piece, path: Path, columns: Mapping[str, Any], fixed: Mapping[str, str], told: Told
) -> pl.DataFrame:
    if not _is_json(piece):
        frame = _one_table(path, piece, told).with_columns(
            pl.lit(value).alias(name) for name, value in fixed.items()
        )
        return of_rows(frame, told, {**columns, **{name: name for name in fixed}})
    records = [record for document in json_documents(piece, told) for _, record in records_in(document, told)]
    return of_rows(mapped_rows(records, columns, fixed), Told())


def _described(tables: Tables, about: About) -> Tables:
    """Every record with its source, licence, language, and the day by which it is to be checked again."""
    found = dict(tables)
    said = {
        "source": about.source,
        "licence": about.licence,
        "source_date": about.source_date,
        "text_language": about.language,
    }
    for name in ("organization", "service", "location", "program"):
        given = [
            pl.col(column).fill_null(pl.lit(value)).alias(column)
            for column, value in said.items()
            if value and column in found[name].columns
        ]
        found[name] = found[name].with_columns(given)
    services = found["service"]
    checked = pl.coalesce("checked_on", "assured_date", pl.lit(about.checked_on or None, pl.String))
    after = timedelta(days=int(default_parameters()["directory.check_after_days"]))
    due = (checked.str.to_date(strict=False) + after).cast(pl.String)
    today = pl.lit(about.today.isoformat() if about.today else None, pl.String)
    found["service"] = services.with_columns(checked_on=checked, check_by=pl.coalesce("check_by", due, today))
    return found
