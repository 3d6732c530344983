"""The outlines of a city as every map of every page uses them, and which districts touch."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
import shapely

from philoxenia.report.geometry import Outlines
from philoxenia_web.ui.maps import outlines_address

# Borders drawn by different hands leave gaps: about thirty metres still count as touching.
_GAP_DEGREES = 0.0003


@dataclass(frozen=True)
class Drawing:
    """Outlines in a drawing of `shapes.width` x `shapes.height`, and which districts touch."""

    shapes: Outlines
    neighbours: Mapping[str, list[str]]

    @cached_property
    def file(self) -> str:
        """The address of the outlines: the browser fetches them once for all maps."""
        return outlines_address(self.shapes)

    @property
    def size(self) -> str:
        """The view box of every map."""
        return f"0 0 {self.shapes.width:g} {self.shapes.height:g}"


def touching(districts: pl.DataFrame) -> dict[str, list[str]]:
    """For each district those that touch it, in the order of their ids."""
    if not {"district_id", "geometry"} <= set(districts.columns):
        return {}
    rows = districts.select("district_id", "geometry").drop_nulls().sort("district_id")
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(), on_invalid="ignore")
    known = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    tree = shapely.STRtree(shapes[known])
    ids, found = rows["district_id"].to_list(), dict[str, list[str]]()
    pairs = tree.query(shapes[known], predicate="dwithin", distance=_GAP_DEGREES)
    for first, second in sorted(zip(*(known[side] for side in pairs), strict=True)):
        if first != second:
            found.setdefault(ids[first], []).append(ids[second])
    return found
