"""Districts as the report speaks of them: names, anchors, and cells that link to their profile."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from philoxenia.report.document import Cell
from philoxenia.report.geometry import Outlines, outlines
from philoxenia.report.names import clean, named, safe_id


@dataclass(frozen=True)
class Places:
    """Names and outlines of all districts, in the order of their ids."""

    names: Mapping[str, str]
    shapes: Outlines

    def __len__(self) -> int:
        return len(self.names)

    def name(self, district: str) -> str:
        """The name, or the id where the city gave none."""
        return self.names.get(district) or district

    def cell(self, district: str) -> Cell:
        """The name as a link to the district's profile."""
        return Cell(named(self.name(district)), href=anchor(district))


def anchor(district: str) -> str:
    """The id of a district's profile in the page."""
    return safe_id("district-", district)


def places_of(districts: pl.DataFrame) -> Places:
    """Places from the districts frame; a district without a name is called by its id."""
    rows = districts.sort("district_id")
    names = rows["name"] if "name" in rows.columns else rows["district_id"]
    pairs = zip(rows["district_id"], names, strict=True)
    return Places({id_: clean(name or "") or id_ for id_, name in pairs}, outlines(districts))


def holds(frame: pl.DataFrame, *columns: str) -> bool:
    """Whether a frame has rows and these columns."""
    return not frame.is_empty() and set(columns) <= set(frame.columns)
