"""What a foresight study computes: futures, what each action brings, the plan; its tables and its case."""

import json
from pathlib import Path

import polars as pl

from philoxenia.exchange import City
from philoxenia.report.foresight import Foresight, keep_foresight, write_case
from philoxenia.report.tables import as_csv, as_parquet
from philoxenia.workflows.foresight import STEPS, run_foresight, settings_of
from philoxenia_web.attempts.inside import Tell
from philoxenia_web.studies.foresight_plan import plan_of
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.steps import Computed, ForesightStep, in_numbers

_STEPS = dict(zip(STEPS, range(ForesightStep.MODEL, ForesightStep.REPORT), strict=True))


def find(study: Study, city: City, kept: Path, tell: Tell) -> Computed:
    """Run the futures; finished steps are taken from `kept`. Raises `PhiloxeniaError`."""
    asked = settings_of(plan_of(study), city)
    found = run_foresight(city, asked, kept=kept, progress=in_numbers(tell, _STEPS))

    def write(folder: Path) -> None:
        keep_foresight(found, folder / "foresight")
        write_tables(found, folder / "tables")
        write_case(found, folder / "case.pdf")

    return Computed(headline_of(found), write, {"kind": study.kind, "plan": asked.as_mapping()})


def write_tables(found: Foresight, folder: Path) -> None:
    """Every table that has rows, as CSV with HXL tags and as Parquet, and what was asked."""
    folder.mkdir(parents=True)
    for name, frame in found.tables.items():
        if not frame.is_empty():
            (folder / f"{name}.csv").write_bytes(as_csv(frame))
            (folder / f"{name}.parquet").write_bytes(as_parquet(frame))
    said = json.dumps(found.settings, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    (folder / "settings.json").write_text(said + "\n", encoding="utf-8")


def headline_of(found: Foresight) -> str:
    """The answer in a sentence or two, in English."""
    table = found["dividends"].filter(pl.col("kind") == "total", pl.col("name") == "net")
    titles = dict(found["actions"].select("action", "title").iter_rows())
    net = table.filter(pl.col("action").is_in(list(titles))).sort("mean", descending=True)
    gain = net.filter(pl.col("mean") > 0).height
    said = f"{gain} of {net.height} actions bring more than they cost, averaged over {found.futures} futures."
    return f"{said} {titles[net['action'][0]]} brings most." if gain else said
