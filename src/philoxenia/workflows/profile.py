"""From a survey and a spec to a profile on disk: tables, their index, and one page."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia import __version__
from philoxenia.lake.content import content_hash
from philoxenia.lake.source import engine_fingerprint
from philoxenia.needs.profiles import Profile, ProfileError, Spec, profile, read_spec, read_survey
from philoxenia.needs.profiles.made_up import example_spec, made_up_survey
from philoxenia.reference import reference_table
from philoxenia.report.tables import as_csv, as_parquet
from philoxenia.report.write import write_whole
from philoxenia.workflows.profile_report import profile_page

_FIGURES = 8
_MOST_ROWS = 5_000_000


@dataclass(frozen=True)
class Profiled:
    """A profile with what made it: `facts` are survey, spec, engine and their fingerprints."""

    profile: Profile
    facts: dict[str, str]

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """Every table, figures rounded to what the machine knows of them."""
        rounded = {
            name: frame.with_columns(pl.col(pl.Float64).round_sig_figs(_FIGURES))
            for name, frame in self.profile.tables.items()
            if not frame.is_empty()
        }
        synthetic = self.profile.spec.synthetic
        return {n: f.with_columns(synthetic=pl.lit(True)) if synthetic else f for n, f in rounded.items()}


def profile_survey(survey: Path, spec: Path | str | Spec) -> Profiled:
    """The profile of a survey's file. Raises sentences for a wrong spec and for a survey that is refused."""
    wanted = spec if isinstance(spec, Spec) else read_spec(spec)
    rows = read_survey(survey, wanted)
    if rows.height > _MOST_ROWS:
        raise ProfileError(f"{survey.name} has {rows.height:,} rows; a profile takes {_MOST_ROWS:,} at most.")
    facts = {
        "survey": survey.name,
        "survey_hash": content_hash(rows),
        "engine": f"{__version__} ({engine_fingerprint()[:12]})",
    }
    return Profiled(profile(rows, wanted), facts)


def write_profile(made: Profiled, out: Path) -> dict[str, str]:
    """Write report.html and tables/ (CSV with HXL tags, Parquet, index) under `out`; what was written."""
    prefix = "synthetic_" if made.profile.spec.synthetic else ""
    for name, frame in made.tables.items():
        write_whole(out / "tables" / f"{prefix}{name}.csv", as_csv(frame))
        write_whole(out / "tables" / f"{prefix}{name}.parquet", as_parquet(frame))
    write_whole(out / "tables" / "datapackage.json", _index(made, prefix))
    page = write_whole(out / "report.html", profile_page(made.profile, made.facts).encode())
    return {page: "the profile", str(out / "tables"): f"{len(made.tables)} tables, CSV and Parquet"}


def write_example(out: Path) -> tuple[Path, Path]:
    """Write a made-up survey and the spec that goes with it; their paths."""
    survey, spec = out / "synthetic_households.csv", out / "spec.toml"
    write_whole(survey, made_up_survey().write_csv().encode())
    write_whole(spec, example_spec().encode())
    return survey, spec


def _index(made: Profiled, prefix: str) -> bytes:
    spec = made.profile.spec
    tags = dict(reference_table("hxl").select("column", "tag").iter_rows())
    package: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": "survey-profile",
        "title": spec.name,
        "synthetic": spec.synthetic,
        "date": spec.date,
        "sources": [{"title": spec.source or spec.name, "license": spec.licence}],
        **made.facts,
        "notes": list(made.profile.notes),
        "resources": [
            {
                "name": name,
                "path": f"{prefix}{name}.csv",
                "alternative": f"{prefix}{name}.parquet",
                "encoding": "utf-8",
                "dialect": {"header": True, "commentRows": [2]},
                "rows": frame.height,
                "fields": [{"name": column, "hxl": tags.get(column, "")} for column in frame.columns],
            }
            for name, frame in made.tables.items()
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()
