"""The main job, end to end: a city package in, a report and its tables out."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from philoxenia.exchange import City, read_city
from philoxenia.lake import Lake, Provenance
from philoxenia.report import Findings, headline, write_report
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.arrivals_step import find_arrivals
from philoxenia.workflows.findings import findings_of
from philoxenia.workflows.load_step import find_load
from philoxenia.workflows.pressure_step import find_pressure
from philoxenia.workflows.steps import KeptOutcomes, Outcome, frame_fingerprint, key_of


class RunError(PhiloxeniaError):
    """A run cannot begin or go on; the message says why and what to do."""


Progress = Callable[[str, float, str], None]

READ = "Reading and checking the city"
PRESSURE = "Pressure today"
ARRIVALS = "Who may come"
LOAD = "Load and gaps"
REPORT = "Writing the report"


def _silent(_step: str, _share_done: float, _found: str = "") -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True)
class RunResult:
    """What a run found. `written` maps each file's path to what it is; empty until written."""

    findings: Findings
    written: Mapping[str, str] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """The answer in a few sentences."""
        return headline(self.findings)

    @property
    def report(self) -> str:
        """The path of report.html, or '' where nothing was written."""
        return next((path for path in self.written if path.endswith("report.html")), "")

    def write(self, out: str | Path) -> "RunResult":
        """Write report.html, report.pdf and the tables under `out`; each file appears whole or not at all."""
        return RunResult(self.findings, write_report(self.findings, Path(out)))


def open_city(path: str | Path) -> City:
    """Read and check a city package. Raises `PhiloxeniaError` naming each file, the fault and the remedy."""
    return read_city(path)


def run_city(
    city: City | str | Path,
    *,
    out: str | Path | None = None,
    seed: int = 1,
    horizon: int = 12,
    fresh: bool = False,
    kept: Path | None = None,
    progress: Progress = _silent,
) -> RunResult:
    """Pressure today, arrivals, load and gaps of a city; with `out` (from a path always) also the report.

    `horizon` in months: a series by quarter or year is forecast for the periods that hold them. Steps
    finished earlier with the same inputs, parameters, seed and engine are taken from the folder `kept`, or
    from `out`; `fresh` computes them again. Raises `PhiloxeniaError`.
    """
    progress(READ, 0.0, "")
    package = city if isinstance(city, City) else open_city(city)
    place = _out_folder(package, city, out)
    if place:
        _keep_in_lake(package, place)
    progress(READ, 1.0, _counted(package))
    steps = kept or (place / ".steps" if place else None)
    outcomes = _outcomes(package, KeptOutcomes(None if fresh else steps), seed, horizon, progress)
    result = RunResult(findings_of(package, outcomes, seed))
    if place is None:
        return result
    progress(REPORT, 0.0, "")
    written = result.write(place)
    progress(REPORT, 1.0, f"{len(written.written)} files")
    return written


def _counted(city: City) -> str:
    tables, districts = len(city.tables), city.districts.height
    return (
        f"{tables} {'table' if tables == 1 else 'tables'} accepted, "
        f"{districts:,} {'district' if districts == 1 else 'districts'}"
    )


def _out_folder(package: City, city: City | str | Path, out: str | Path | None) -> Path | None:
    if out is not None:
        return Path(out)
    return None if isinstance(city, City) else Path("out") / package.id


def _outcomes(
    city: City, kept: KeptOutcomes, seed: int, horizon: int, progress: Progress
) -> dict[str, Outcome]:
    inputs = [city_fingerprint(city), f"seed {seed}"]
    outcomes: dict[str, Outcome] = {}

    def step(name: str, title: str, parts: list[str], compute: Callable[[], Outcome]) -> None:
        progress(title, 0.0, "")
        outcomes[name], reused = kept.get_or_compute(name, key_of([name, *inputs, *parts]), compute)
        count = sum(frame.height for frame in outcomes[name].frames.values())
        progress(title, 1.0, "kept from an earlier run" if reused else f"{count:,} rows")

    step("pressure", PRESSURE, [], lambda: find_pressure(city, seed))
    ahead = [f"horizon {horizon}"]
    step("arrivals", ARRIVALS, ahead, lambda: find_arrivals(city, horizon, seed))
    step("load", LOAD, ahead, lambda: find_load(city, outcomes["arrivals"], seed))
    return outcomes


def city_fingerprint(city: City) -> str:
    """A hash of everything a city package says: settings, parameters, districts and every table."""
    tables = [f"{name} {frame_fingerprint(frame)}" for name, frame in sorted(city.tables.items())]
    settings = hashlib.sha256((city.path / "city.toml").read_bytes()).hexdigest()
    # A study may change parameters that city.toml does not.
    parameters = [f"{name} {value!r}" for name, value in sorted(city.parameters.items())]
    return key_of([settings, *parameters, frame_fingerprint(city.districts), *tables])


def _keep_in_lake(city: City, place: Path) -> None:
    try:
        lake = Lake(place / "lake")
        for name, table in city.tables.items():
            lake.put(name, table, _provenance(city, name))
    except OSError as fault:
        raise RunError(
            f"Nothing can be written under {place} ({fault.strerror or fault}). Choose a folder you may "
            "write to, with room on the disk, with --out."
        ) from fault


def _provenance(city: City, table: str) -> Provenance:
    source = city.sources.get(table)
    contract = city.reports[table].contract
    return Provenance(
        source=f"{source.owner}: {source.title}" if source else "not stated in the city package",
        licence=source.licence if source else "not stated in the city package",
        contract=contract.name if contract else table,
        contract_version=contract.version if contract else "",
        # The date the table speaks of: a clock would make two equal runs differ.
        time=source.date if source else "",
    )


def tables_of(result: RunResult) -> dict[str, pl.DataFrame]:
    """Every frame of the findings by name, for a notebook."""
    return {name: value for name, value in vars(result.findings).items() if isinstance(value, pl.DataFrame)}
