"""What one study foresaw, read once and kept ready: looked up by action, constituency, district, future."""

from functools import cached_property
from typing import Any

import polars as pl

from philoxenia.report.foresight import CONSTITUENCIES, Foresight, read_foresight
from philoxenia.report.geometry import outlines
from philoxenia.report.names import clean
from philoxenia_web.studies.queries import foresight_folder
from philoxenia_web.studies.report.answering import ReadOnce
from philoxenia_web.studies.report.outlines import Drawing
from philoxenia_web.studies.report.reading import in_order_of_names

Row = dict[str, Any]

NET, GROSS, WEIGHTED, EVERYBODY = "net", "gross", "weighted", "all"
WITHOUT = "without"
_TOTAL = "total"


class ForesightReading:
    """What a study foresaw, with what pages look up in it."""

    def __init__(self, found: Foresight) -> None:
        self.found = found

    @property
    def currency(self) -> str:
        """The city's currency."""
        return self.found.city.currency

    @property
    def years(self) -> float:
        """Years of the horizon, over which everything is discounted and summed."""
        return max(len(self.found.months), 1) / 12

    @cached_property
    def actions(self) -> dict[str, Row]:
        """What each action is, those that bring most first, then those that could not be valued."""
        rows = {row["action"]: row for row in self.found["actions"].iter_rows(named=True)}
        valued = [one for one in rows if self.of(one, NET)]
        ordered = sorted(valued, key=lambda one: -self.dividends[one][NET, EVERYBODY]["mean"])
        return {one: rows[one] for one in [*ordered, *(one for one in rows if one not in valued)]}

    def title(self, action: str) -> str:
        """What an action is called."""
        row = self.actions.get(action)
        return clean(row["title"]) if row else action

    @cached_property
    def dividends(self) -> dict[str, dict[tuple[str, str], Row]]:
        """Summaries over futures by action, then kind and name."""
        found: dict[str, dict[tuple[str, str], Row]] = {}
        for row in self.found["dividends"].iter_rows(named=True):
            key = (row["name"], EVERYBODY) if row["kind"] == _TOTAL else (row["kind"], row["name"])
            found.setdefault(row["action"], {})[key] = row
        return found

    def of(self, action: str, kind: str, name: str = EVERYBODY) -> Row | None:
        """One summary, where it was computed."""
        return self.dividends.get(action, {}).get((kind, name))

    def cost(self, action: str) -> float | None:
        """The mean discounted cost of an action: what it brings in all less what remains."""
        gross, net = self.of(action, GROSS), self.of(action, NET)
        return gross["mean"] - net["mean"] if gross and net else None

    def gains(self, action: str) -> dict[str, Row]:
        """What each constituency gains, in their order."""
        found = {one: self.of(action, "constituency", one) for one in CONSTITUENCIES}
        return {one: row for one, row in found.items() if row is not None}

    @cached_property
    def _samples(self) -> dict[tuple[object, ...], pl.DataFrame]:
        return self.found["samples"].partition_by("action", as_dict=True)

    def samples(self, action: str) -> pl.DataFrame:
        """An action's dividend in every future, in the order of futures."""
        there = self._samples.get((action,))
        return self.found["samples"].clear() if there is None else there.sort("future")

    @cached_property
    def futures(self) -> pl.DataFrame:
        """The futures, a row each."""
        return self.found["futures"]

    def rows(self, table: str, action: str) -> list[Row]:
        """The rows of a table that are an action's."""
        return self._by_action.setdefault(table, self._grouped(table)).get(action, [])

    @cached_property
    def _by_action(self) -> dict[str, dict[str, list[Row]]]:
        return {}

    def _grouped(self, table: str, column: str = "action") -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.found[table].iter_rows(named=True):
            found.setdefault(row[column], []).append(row)
        return found

    @cached_property
    def months(self) -> dict[tuple[str, str], list[Row]]:
        """Bands by plan or action and measure, month by month."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.found["months"].sort("month").iter_rows(named=True):
            found.setdefault((row["plan"], row["measure"]), []).append(row)
        return found

    def measures(self, plan: str) -> list[str]:
        """The measures that are known month by month with a plan or action."""
        return [measure for one, measure in self.months if one == plan]

    @cached_property
    def funders(self) -> dict[str, str]:
        """Who pays, by id."""
        rows = self.found["budgets"].select("funder", "title").unique(maintain_order=True).iter_rows()
        titles = {funder: clean(title or "") or funder for funder, title in rows}
        paying = [row["funder"] for row in self.actions.values() if row["funder"]]
        return titles | {one: one for one in paying if one not in titles}

    @cached_property
    def names(self) -> dict[str, str]:
        """Districts by id in the order of their names."""
        return in_order_of_names(self.found.districts)

    @cached_property
    def drawing(self) -> Drawing:
        """The outlines, drawn once."""
        return Drawing(outlines(self.found.districts), {})

    def changed(self, action: str) -> set[str]:
        """The columns of an action a planner changed; `added` for an action of their own."""
        row = self.actions.get(action)
        return {part for part in str((row or {}).get("changed") or "").split(";") if part}


reading_of = ReadOnce(foresight_folder, lambda folder: ForesightReading(read_foresight(folder)))


def parts(cell: object) -> list[str]:
    """What stands in a cell that holds a list."""
    return [part.strip() for part in str(cell or "").split(";") if part.strip()]
