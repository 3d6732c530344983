"""One study's findings, read once and kept ready: looked up by district, aspect and service."""

from functools import cached_property
from statistics import median
from typing import Any

import polars as pl

from philoxenia.report import Findings, read_findings
from philoxenia.report.geometry import outlines
from philoxenia.report.names import clean
from philoxenia.report.sections.places import holds
from philoxenia.report.sections.today import districts_by_overlap
from philoxenia.report.sections.totals import last_rows
from philoxenia.vocabulary import Aspect
from philoxenia_web.studies.queries import findings_folder
from philoxenia_web.studies.report.answering import ReadOnce
from philoxenia_web.studies.report.names import EVERYBODY, LONG_TERM, NEWCOMERS, POPULATIONS
from philoxenia_web.studies.report.outlines import Drawing, touching

Row = dict[str, Any]

_SCORES = ("district_id", "aspect", "population", "score")
_LOAD = ("district_id", "service", "time", "population", "demand_p50", "unit")
_PREFERRED = ("e2sfca", "2sfca")


class Reading:
    """The findings of one study with what pages look up in them."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings

    @cached_property
    def names(self) -> dict[str, str]:
        """Districts by id in the order of their names."""
        return in_order_of_names(self.findings.districts)

    @cached_property
    def districts(self) -> dict[str, Row]:
        """What the city says of each district, without its outline."""
        rows = self.findings.districts.drop("geometry", strict=False)
        return {row["district_id"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def drawing(self) -> Drawing:
        """The outlines, drawn once."""
        return Drawing(outlines(self.findings.districts), touching(self.findings.districts))

    @cached_property
    def people(self) -> dict[str, dict[str, float]]:
        """People by population and district."""
        frame = self.findings.people
        if not holds(frame, "district_id", "population", "people"):
            return {}
        found: dict[str, dict[str, float]] = {}
        for row in frame.drop_nulls("people").iter_rows(named=True):
            found.setdefault(row["population"], {})[row["district_id"]] = row["people"]
        return found

    @cached_property
    def aspects(self) -> list[str]:
        """The aspects that have scores, in their order."""
        if not holds(self.findings.pressure, *_SCORES):
            return []
        there = set(self.findings.pressure["aspect"])
        known = [one.value for one in Aspect if one.value in there]
        return known + sorted(there - set(known))

    @cached_property
    def scores(self) -> dict[tuple[str, str], dict[str, Row]]:
        """Scores by aspect and population, then district, the most pressed first."""
        if not self.aspects:
            return {}
        rows = self.findings.pressure.drop_nulls("score").sort(
            ["score", "district_id"], descending=[True, False]
        )
        found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in rows.iter_rows(named=True):
            found.setdefault((row["aspect"], row["population"]), {})[row["district_id"]] = row
        return found

    def populations(self, aspect: str) -> list[str]:
        """The populations an aspect is known for, all residents first."""
        return [one for one in POPULATIONS if (aspect, one) in self.scores]

    def scores_of(self, aspect: str, population: str = EVERYBODY) -> dict[str, Row]:
        """Scores of one aspect; of the first population there is, where the one asked for is not known."""
        there = self.populations(aspect)
        return self.scores[aspect, population if population in there else there[0]] if there else {}

    @cached_property
    def overlap(self) -> dict[str, int]:
        """In how many aspects a district is among the most pressed fifth; the most first, 0 for the rest."""
        if not self.aspects:
            return {}
        meeting = districts_by_overlap(self.findings.pressure)
        return meeting | {one: 0 for one in self.names if one not in meeting}

    @cached_property
    def exposure(self) -> list[Row]:
        """Newcomers beside long-term residents, by aspect and indicator."""
        needed = ("kind", "aspect", "newcomers_mean", "long_term_mean", "difference_low")
        return self.findings.exposure.to_dicts() if holds(self.findings.exposure, *needed) else []

    @cached_property
    def reach(self) -> dict[str, dict[str, Row]]:
        """Reach by service and district, by the better of the methods there are."""
        frame = self.findings.reach
        if not holds(frame, "district_id", "service", "access", "method"):
            return {}
        there = set(frame["method"])
        method = next((name for name in _PREFERRED if name in there), min(there))
        found: dict[str, dict[str, Row]] = {}
        for row in frame.filter(pl.col("method") == method).drop_nulls("access").iter_rows(named=True):
            found.setdefault(row["service"], {})[row["district_id"]] = row
        return found

    @cached_property
    def reach_ratios(self) -> dict[str, dict[str, float | None]]:
        """Each district's reach of a service beside that of the middle district."""
        found: dict[str, dict[str, float | None]] = {}
        for service, rows in self.reach.items():
            middle = median(row["access"] for row in rows.values())
            found[service] = {
                one: row["access"] / middle if middle > 0 else None for one, row in rows.items()
            }
        return found

    @cached_property
    def unreached(self) -> dict[str, Row]:
        """Who and what is out of reach, by service."""
        frame = self.findings.unreached
        return {row["service"]: row for row in frame.iter_rows(named=True)} if holds(frame, "service") else {}

    @cached_property
    def indicators(self) -> dict[str, Row]:
        """The weight, the middle district, source and date of each indicator, for all residents."""
        frame = self._values
        if frame.is_empty():
            return {}
        said = frame.group_by("indicator", maintain_order=True).agg(
            pl.col("value").median().alias("middle"),
            pl.col("value").min().alias("least"),
            pl.col("value").max().alias("most"),
            pl.col("source_table").first(),
            pl.col("date").max(),
            pl.len().alias("known"),
        )
        return {row["indicator"]: row for row in said.iter_rows(named=True)}

    @cached_property
    def _values(self) -> pl.DataFrame:
        frame = self.findings.values
        if not holds(frame, "district_id", "indicator", "population", "value", "source_table", "date"):
            return pl.DataFrame()
        return frame.filter(pl.col("population") == EVERYBODY).drop_nulls("value")

    @cached_property
    def values(self) -> dict[str, list[Row]]:
        """Indicators by district."""
        return _grouped(self._values)

    @cached_property
    def services(self) -> list[str]:
        """The services of load, those that fall short first."""
        return [str(row["service"]) for row in self.last_totals]

    @cached_property
    def last_totals(self) -> list[Row]:
        """The city's totals in the last month for everybody, those that fall short first."""
        needed = ("service", "time", "population", "demand_p50", "unit")
        return last_rows(self.findings) if holds(self.findings.totals, *needed) else []

    @cached_property
    def outlook(self) -> dict[str, Row]:
        """When a gap opens, by service."""
        frame = self.findings.outlook
        return {row["service"]: row for row in frame.iter_rows(named=True)} if holds(frame, "service") else {}

    @cached_property
    def months(self) -> list[str]:
        """The months of load."""
        return sorted(set(self.findings.totals["time"])) if self.last_totals else []

    @cached_property
    def totals(self) -> dict[tuple[str, str], list[Row]]:
        """The city's totals by service and population, month by month."""
        if not self.last_totals:
            return {}
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.findings.totals.sort("time").iter_rows(named=True):
            found.setdefault((row["service"], row["population"]), []).append(row)
        return found

    @cached_property
    def _load(self) -> dict[tuple[object, ...], pl.DataFrame]:
        if not holds(self.findings.load, *_LOAD):
            return {}
        rows = self.findings.load.filter(pl.col("population") == EVERYBODY)
        return rows.partition_by("district_id", as_dict=True)

    def load_of(self, district: str) -> dict[str, list[Row]]:
        """Load of one district by service, month by month."""
        rows = self._load.get((district,))
        return _grouped(rows.sort("time"), "service") if rows is not None else {}

    def load_in(self, service: str, month: str) -> dict[str, Row]:
        """Load of one service in one month, by district."""
        if not self._load:
            return {}
        frame = self.findings.load.filter(
            (pl.col("service") == service) & (pl.col("time") == month) & (pl.col("population") == EVERYBODY)
        )
        return {row["district_id"]: row for row in frame.iter_rows(named=True)}

    @cached_property
    def settlement(self) -> dict[str, Row]:
        """People who came since the last census, by district, the most first."""
        frame = self.findings.settlement
        if not holds(frame, "district_id", "arrivals_p10", "arrivals_p50", "arrivals_p90"):
            return {}
        rows = frame.sort(["arrivals_p50", "district_id"], descending=[True, False])
        return {row["district_id"]: row for row in rows.iter_rows(named=True)}

    def around(self, district: str) -> tuple[str, str]:
        """The districts before and after one in the order of names, the last beside the first."""
        ids = list(self.names)
        place = ids.index(district)
        return ids[place - 1], ids[(place + 1) % len(ids)]


def in_order_of_names(districts: pl.DataFrame) -> dict[str, str]:
    """Names of districts by id, in the order of names; a district without a name is called by its id."""
    names = districts["name"] if "name" in districts.columns else districts["district_id"]
    pairs = [
        (id_, clean(name or "") or id_) for id_, name in zip(districts["district_id"], names, strict=True)
    ]
    return dict(sorted(pairs, key=lambda pair: (pair[1].casefold(), pair[0])))


def _grouped(frame: pl.DataFrame, column: str = "district_id") -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[column], []).append(row)
    return found


reading_of = ReadOnce(findings_folder, lambda folder: Reading(read_findings(folder)))


def share_of_newcomers(reading: Reading, district: str) -> float | None:
    """How many of a district's people are newcomers, as a share."""
    everybody = reading.people.get(EVERYBODY, {}).get(district)
    newcomers = reading.people.get(NEWCOMERS, {}).get(district)
    return newcomers / everybody if everybody and newcomers is not None else None


__all__ = ["LONG_TERM", "NEWCOMERS", "Reading", "Row", "reading_of", "share_of_newcomers"]
