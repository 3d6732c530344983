"""GeoJSON and zipped shapefiles as grids: one row a feature, its properties as text, its place in WGS84
degrees.

A geometry becomes a column `geometry` (GeoJSON text); a point also gives `longitude` and `latitude` where the
file has no columns of that name. Row 0 of the grid is the header, so row n is feature n.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl
import pyproj
import shapefile
import shapely
from pyproj.exceptions import CRSError
from shapely.geometry import mapping, shape

from philoxenia.exchange.archives import members, open_zip, read_member
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

Place = tuple[dict[str, Any], Any]


def read_geojson(path: Path) -> tuple[Grid, str]:
    """The features of a GeoJSON file and words on its coordinates.

    Raises `UnreadableFileError` for other JSON.
    """
    if path.stat().st_size > limit("file", "grid_bytes"):
        raise UnreadableFileError(
            f"{path.name} is too large to be opened as GeoJSON. Hand in the table as CSV or Parquet."
        )
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise UnreadableFileError(
            f"{path.name} is not valid JSON{_where(fault)}: it was probably cut off while it was saved. "
            "Export it again."
        ) from fault
    features = _features(path.name, document)
    place_of, words = _transformer(path.name, _declared_crs(document))
    rows = [
        (dict(item.get("properties") or {}), place_of(_geometry(path.name, n, item))) for n, item in features
    ]
    return _grid(path.name, rows), words


def _where(fault: Exception) -> str:
    return f" (line {fault.lineno}, column {fault.colno})" if isinstance(fault, json.JSONDecodeError) else ""


def _features(name: str, document: Any) -> list[tuple[int, dict[str, Any]]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Topology":
        raise UnreadableFileError(
            f"{name} is TopoJSON. Export it as GeoJSON, which holds each outline in full."
        )
    if kind != "FeatureCollection" or not isinstance(document.get("features"), list):
        raise UnreadableFileError(
            f"{name} is JSON but not GeoJSON: it has no list of features. Export the layer as a GeoJSON "
            "FeatureCollection, or the table as CSV."
        )
    found = [item for item in document["features"] if isinstance(item, dict)]
    if not found:
        raise UnreadableFileError(
            f"{name} holds no features. Check the filter of the export, and export it again."
        )
    return list(enumerate(found, start=1))


def _geometry(name: str, number: int, item: dict[str, Any]) -> Any:
    raw = item.get("geometry")
    if not raw or not raw.get("coordinates", raw.get("geometries")):
        return None
    try:
        return shape(raw)
    except Exception as fault:
        raise UnreadableFileError(
            f"{name}, feature {number}: its geometry is not valid GeoJSON ({fault}). Repair or delete that "
            f"feature."
        ) from fault


def _declared_crs(document: dict[str, Any]) -> str:
    crs = document.get("crs") or {}
    return str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""


def _transformer(name: str, crs: str) -> tuple[Callable[[Any], Any], str]:
    if not crs:
        return lambda geometry: geometry, "WGS84 degrees (assumed: the file declares nothing)"
    try:
        source = pyproj.CRS.from_user_input(crs)
    except CRSError as fault:
        raise UnreadableFileError(
            f"{name} declares a coordinate system that is not known ({crs[:60]!r}). Export it in WGS84 "
            f"(EPSG:4326)."
        ) from fault
    words = f"{source.name}, carried over to WGS84 degrees"
    if source.is_geographic and source.name in {"WGS 84", "WGS 84 (CRS84)"}:
        return lambda geometry: geometry, "WGS84 degrees"
    transform = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True)
    return (
        lambda geometry: geometry and shapely.transform(geometry, transform.transform, interleaved=False),
        words,
    )


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _grid(name: str, rows: list[Place]) -> Grid:
    headers = list(dict.fromkeys(header for properties, _ in rows for header in properties))
    columns = {header: [_text(properties.get(header)) for properties, _ in rows] for header in headers}
    places = [geometry for _, geometry in rows]
    _check_degrees(name, places)
    known = {header.lower() for header in headers}
    if all(place is None or place.geom_type == "Point" for place in places):
        for axis, letter in (("longitude", "x"), ("latitude", "y")):
            if axis not in known:
                columns[axis] = [None if place is None else str(getattr(place, letter)) for place in places]
    if "geometry" not in known:
        columns["geometry"] = [None if place is None else json.dumps(mapping(place)) for place in places]
    data = {f"c{i}": [header, *values] for i, (header, values) in enumerate(columns.items())}
    return Grid(pl.DataFrame(data, schema=dict.fromkeys(data, pl.String)), 0)


def _check_degrees(name: str, places: list[Any]) -> None:
    for number, place in enumerate(places, start=1):
        if place is None or place.is_empty:
            continue
        west, south, east, north = place.bounds
        if max(abs(west), abs(east)) > 180.001 or max(abs(south), abs(north)) > 90.001:
            raise UnreadableFileError(
                f"{name}, feature {number}: its coordinates ({west:,.0f}, {south:,.0f}) are not degrees, "
                f"and the file does "
                "not say in which system they are. Export it in WGS84 (EPSG:4326), or as a shapefile with "
                "its .prj."
            )


def shapefile_members(path: Path) -> list[str]:
    """The shapefiles inside an archive, by name without ending."""
    with open_zip(path) as archive:
        return [name[:-4] for name in members(archive) if name.lower().endswith(".shp")]


def read_shapefile(path: Path, stem: str) -> tuple[Grid, str]:
    """One shapefile out of an archive.

    Raises `UnreadableFileError` naming the part that is missing or damaged.
    """
    with open_zip(path) as archive:
        by_ending = {
            PurePosixPath(name).suffix.lower(): name
            for name in members(archive)
            if name[: len(stem)] == stem and name[len(stem) :].startswith(".")
        }
        for ending in (".shp", ".dbf"):
            if ending not in by_ending:
                raise UnreadableFileError(
                    f"{path.name} lacks {PurePosixPath(stem).name}{ending}. A shapefile is .shp, .dbf, .shx "
                    f"and .prj "
                    "together: zip all of them."
                )
        parts = {ending: read_member(archive, name, path.name) for ending, name in by_ending.items()}
    rows = _shapes(path.name, parts)
    projection = parts.get(".prj", b"").decode("utf-8", errors="replace").strip()
    place_of, words = _transformer(path.name, projection)
    if not projection:
        words = "WGS84 degrees (assumed: the archive has no .prj)"
    return _grid(path.name, [(properties, place_of(geometry)) for properties, geometry in rows]), words


def _shapes(name: str, parts: dict[str, bytes]) -> list[Place]:
    declared = parts.get(".cpg", b"utf-8").decode("ascii", errors="replace").strip() or "utf-8"
    for encoding in (declared, "cp1252"):
        try:
            with shapefile.Reader(
                shp=io.BytesIO(parts[".shp"]),
                dbf=io.BytesIO(parts[".dbf"]),
                shx=io.BytesIO(parts[".shx"]) if ".shx" in parts else None,
                encoding=encoding,
            ) as reader:
                return [
                    (item.record.as_dict(date_strings=True), _outline(item.shape))
                    for item in reader.iterShapeRecords()
                ]
        except (UnicodeDecodeError, LookupError):
            continue
        except Exception as fault:
            raise UnreadableFileError(
                f"{name} holds a damaged shapefile ({fault}). Export the layer again."
            ) from fault
    raise UnreadableFileError(
        f"{name} holds text in an encoding that is not known. Export the layer again in UTF-8."
    )


def _outline(item: Any) -> Any:
    return None if item.shapeType == shapefile.NULL or not item.points else shape(item.__geo_interface__)
