"""Tables as bytes that depend on the table alone: CSV for people, Parquet for long ones, GeoJSON for maps."""

import io
import json
from typing import Any

import polars as pl
import shapely
from shapely.geometry import mapping


def file_bytes(frame: pl.DataFrame, format_: str) -> bytes:
    """A frame as csv, parquet or geojson."""
    if format_ == "parquet":
        buffer = io.BytesIO()
        frame.rechunk().write_parquet(buffer, compression="zstd", compression_level=19, statistics=False)
        return buffer.getvalue()
    return _geojson(frame) if format_ == "geojson" else _csv(frame)


def _csv(frame: pl.DataFrame) -> bytes:
    """Numbers without a useless `.0`, empty cells empty, quotes only where needed."""
    numbers = [name for name, dtype in frame.schema.items() if dtype.is_float()]
    plain = frame.with_columns(pl.col(numbers).cast(pl.String).str.strip_suffix(".0"))
    texts = [name for name, dtype in plain.schema.items() if dtype == pl.String]
    blank = plain.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in texts)
    return blank.write_csv(line_terminator="\n").encode()


def _geojson(frame: pl.DataFrame) -> bytes:
    """One feature a line, so that a change shows as a line; rings turn as RFC 7946 asks."""
    names = [name for name in frame.columns if name != "geometry"]
    features = [
        {
            "type": "Feature",
            "properties": {name: row[name] for name in names},
            "geometry": _tidy(mapping(shapely.orient_polygons(shapely.from_wkb(row["geometry"])))),
        }
        for row in frame.iter_rows(named=True)
    ]
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode()


def _tidy(value: Any) -> Any:
    """Coordinates as they were rounded: 43.67 and not 43.670000000000002."""
    if isinstance(value, dict):
        return {name: _tidy(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [_tidy(item) for item in value]
    return round(value, 7) if isinstance(value, float) else value
