"""The city's districts on the pages of needs: names, outlines, and maps with hatching for too few."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from philoxenia.report.geometry import Outlines, outlines
from philoxenia.report.maps import Choropleth, Scale, quantile_scale
from philoxenia.report.names import clean
from philoxenia_web.datasets.queries import package
from philoxenia_web.needs import words as named
from philoxenia_web.ui import numbers
from philoxenia_web.ui.maps import CityMap
from philoxenia_web.ui.tables import Table

_LABELLED = 5


@dataclass(frozen=True)
class Places:
    """Districts by id in the order of their names, and how they are drawn."""

    names: Mapping[str, str]
    shapes: Outlines

    def name(self, district: str) -> str:
        """A district's name; its id where the city knows none."""
        return self.names.get(district) or named.group("district_id", district)

    def map(
        self,
        id_: str,
        values: Mapping[str, float | None],
        scale: Scale,
        title: str,
        words: str = "",
        source: str = "",
        table: Table | None = None,
    ) -> CityMap:
        """A map of shares by district; districts that are listed without a value have too few to show."""
        # People whose district is not known have a row in the table, and no place on a map.
        placed = {one: value for one, value in values.items() if one in self.names}
        few = frozenset(one for one, value in placed.items() if value is None)
        known = {one: value for one, value in placed.items() if value is not None}
        highest = sorted(known, key=lambda one: -known[one])[:_LABELLED]
        drawn = Choropleth(
            known,
            self.names,
            scale,
            title,
            scale.form,
            few,
            tuple(highest),
        )
        listed = _(", ").join(f"{self.name(one)} {scale.form(known[one])}" for one in highest)
        said = words or (_("Highest: %(districts)s.") % {"districts": listed} if listed else "")
        return CityMap(id_, drawn, self.shapes, {}, title, said, source, table)


def shares_scale(values: list[float | None], title: str) -> Scale:
    """Five classes for all maps of a page alike, so that they can be compared."""
    return quantile_scale(values, title, numbers.percent)


def places() -> Places:
    """The districts of this installation's city, drawn once for as long as its package stays."""
    city = package()
    if not (_KEPT and _KEPT[0] is city):
        rows = city.districts.select("district_id", "name").sort("name").iter_rows()
        names = {district: clean(name) for district, name in rows}
        _KEPT[:] = [city, Places(names, outlines(city.districts))]
    return _KEPT[1]


_KEPT: list[Any] = []
