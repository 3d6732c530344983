"""Raw sheets that are not plain tables, turned into long tables.

Owns the shape of a sheet: title rows, merged headings, areas as columns, opening hours. Ignores what values
mean, which the contract says. A contract names a layout in its entry `layout`.
"""

from philoxenia.exchange.grids import Layout
from philoxenia.exchange.layouts.areas import areas_across
from philoxenia.exchange.layouts.headings import headings_across
from philoxenia.exchange.layouts.hours import parse_hours, weekdays_across
from philoxenia.exchange.layouts.titled import titled_table

LAYOUTS: dict[str, Layout] = {
    "titled_table": titled_table,
    "headings_across": headings_across,
    "areas_across": areas_across,
    "weekdays_across": weekdays_across,
}

__all__ = ["LAYOUTS", "areas_across", "headings_across", "parse_hours", "titled_table", "weekdays_across"]
