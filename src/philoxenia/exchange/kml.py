"""KML, which map services and libraries publish: one row a placemark, with its fields, position and outline.

Row 0 of the grid is the header, so row n is placemark n, as for the other map formats.
"""

import json
import re
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import polars as pl

from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

_LOOKS_LIKE_KML = re.compile(rb"<(?:\w+:)?kml[\s>]")
_PLAIN = ("name", "address", "phoneNumber", "description")


def is_kml(start: bytes) -> bool:
    """Whether a file's first bytes are those of a KML document."""
    return bool(_LOOKS_LIKE_KML.search(start))


def read_kml(path: Path) -> tuple[Grid, str]:
    """The placemarks of a KML file and words on its coordinates. Raises `UnreadableFileError`."""
    if path.stat().st_size > limit("file", "grid_bytes"):
        raise UnreadableFileError(f"{path.name} is too large to be opened as KML. Hand it in as CSV.")
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise UnreadableFileError(
            f"{path.name} declares a document type, which KML does not need. Export it again."
        )
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 (no document type, so no entities)
        places = [_placemark(item) for item in root.iter() if _tag(item) == "Placemark"]
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise UnreadableFileError(
            f"{path.name} is not valid KML ({fault}): it was probably cut off. Export it again."
        ) from fault
    if not places:
        raise UnreadableFileError(f"{path.name} holds no placemarks. Export the layer again.")
    headers = list(dict.fromkeys(header for place in places for header in place))
    columns = {
        f"c{i}": [header, *(place.get(header) for place in places)] for i, header in enumerate(headers)
    }
    return Grid(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), 0), "WGS84 degrees (KML)"


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _placemark(placemark: Element) -> dict[str, str]:
    fields = {"id": placemark.get("id", "")}
    for child in placemark:
        if _tag(child) in _PLAIN:
            fields[_tag(child)] = (child.text or "").strip()
    for item in placemark.iter():
        if _tag(item) == "SimpleData":
            fields[item.get("name", "")] = (item.text or "").strip()
        elif _tag(item) == "Data":
            fields[item.get("name", "")] = "".join(item.itertext()).strip()
    return fields | _position(placemark)


def _position(placemark: Element) -> dict[str, str]:
    polygons = [item for item in placemark.iter() if _tag(item) == "Polygon"]
    if polygons:
        outline = {"type": "MultiPolygon", "coordinates": [_rings(polygon) for polygon in polygons]}
        return {"geometry": json.dumps(outline)}
    corners = next(iter(_rings(placemark)), [])
    if not corners:
        return {}
    longitude, latitude = corners[0]
    point = json.dumps({"type": "Point", "coordinates": [longitude, latitude]})
    return {"longitude": str(longitude), "latitude": str(latitude), "geometry": point}


def _rings(element: Element) -> list[list[list[float]]]:
    """Corners of each outline inside; in a polygon the outer one comes first, as GeoJSON wants it."""
    texts = [item.text or "" for item in element.iter() if _tag(item) == "coordinates"]
    return [[[float(part) for part in corner.split(",")[:2]] for corner in text.split()] for text in texts]
