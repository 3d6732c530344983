"""Parameters: a table row each, never a literal in code. A city may override one; the change is marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

from philoxenia.reference.tables import reference_table
from philoxenia.vocabulary import PhiloxeniaError

_TOPICS = (
    *("arrivals", "needs", "scenarios", "futures", "valuation"),
    *("linkage", "disclosure", "synth", "small_area", "directory", "casework"),
)


@dataclass(frozen=True)
class Parameter:
    """One number with its unit, range and source. `overridden` names who changed the default."""

    name: str
    unit: str
    value: float
    low: float
    high: float
    description: str
    source: str
    date: str
    overridden: str = ""

    @property
    def topic(self) -> str:
        """The part of the engine it belongs to: the beginning of its name."""
        return self.name.split(".", 1)[0]


class Parameters(Mapping[str, float]):
    """All parameters of a run by name; indexing gives the number, `row(name)` the whole row."""

    def __init__(self, rows: Mapping[str, Parameter]) -> None:
        self._rows = dict(rows)

    def __getitem__(self, name: str) -> float:
        return self.row(name).value

    def __contains__(self, name: object) -> bool:
        # `Mapping` would ask for the row, which raises a sentence and not a KeyError.
        return name in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def row(self, name: str) -> Parameter:
        """The row of one parameter. Raises `PhiloxeniaError` for a name that is not there."""
        if name not in self._rows:
            near = ", ".join(get_close_matches(name, self._rows, cutoff=0.5))
            raise PhiloxeniaError(f"There is no parameter {name!r}. Near it: {near or 'nothing'}.")
        return self._rows[name]

    def of_topics(self, *topics: str) -> "Parameters":
        """The parameters of some parts of the engine: `scenarios`, `futures`, `valuation` ..."""
        return Parameters({name: row for name, row in self._rows.items() if row.topic in topics})

    def overridden(self, changes: Mapping[str, float], by: str) -> "Parameters":
        """The same parameters with some values changed; each must lie in its own range."""
        rows = dict(self._rows)
        for name, value in changes.items():
            row = self.row(name)
            if not row.low <= value <= row.high:
                raise PhiloxeniaError(
                    f"{by} sets {name} to {value:g} {row.unit}; "
                    f"it must lie between {row.low:g} and {row.high:g}."
                )
            rows[name] = replace(row, value=float(value), overridden=by)
        return Parameters(rows)


@cache
def default_parameters() -> Parameters:
    """Every parameter of the engine at its default, read from `parameters_<topic>.csv`."""
    rows: dict[str, Parameter] = {}
    for topic in _TOPICS:
        for row in reference_table(f"parameters_{topic}").iter_rows(named=True):
            rows[row["name"]] = Parameter(
                name=row["name"],
                unit=row["unit"],
                value=float(row["default"]),
                low=float(row["low"]),
                high=float(row["high"]),
                description=row["description"],
                source=row["source"],
                date=row["date"],
            )
    return Parameters(rows)
