"""From departments' files to people: checked, linked, told and written, under an agreement where there is
one.

Owns the chain and the folder it writes, which appears whole or not at all. Ignores how records are compared.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia import __version__
from philoxenia.exchange import check_file
from philoxenia.exchange.stray_status import without_status
from philoxenia.linkage import LinkageError, Linked, Model, TrainSpec, link, read_purpose, train
from philoxenia.linkage.types import Progress
from philoxenia.report.keeping import keep_whole
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.link_needs import needs_together
from philoxenia.workflows.link_report import linkage_page

MARK = "linkage.json"
_CHECKING, _TRAINING, _WRITING = "Checking lists", "Learning how they write", "Writing"


class LinkUsageError(PhiloxeniaError):
    """The command was used wrongly."""

    exit_code = 2


@dataclass(frozen=True)
class LinkRequest:
    """What to link: `files` by the name of their list, and how. `model` is `default` or a file."""

    files: Mapping[str, Path]
    out: Path
    model: str = "default"
    training: TrainSpec | None = None
    agreement: Path | None = None
    truth: Path | None = None
    one_to_one: Sequence[str] = ()
    within: bool = True
    format: str = "parquet"
    engine: str = "duckdb"


@dataclass(frozen=True)
class LinkRun:
    """What was found and where it was written."""

    linked: Linked
    out: Path
    files: tuple[str, ...]
    synthetic: bool
    sizes: Mapping[str, int] = field(default_factory=dict)


def link_files(asked: LinkRequest, today: date, progress: Progress) -> LinkRun:
    """Check the files, link them, write everything into `asked.out`. The same files and model give the same
    bytes.

    Raises a `PhiloxeniaError` with a sentence that names files, rows and columns, never a person.
    """
    purpose = read_purpose(asked.agreement, today) if asked.agreement else None
    check_place(asked.out)
    tables = _read(asked, progress)
    truth = _truth(asked.truth) if asked.truth else None
    model: str | Model = asked.model
    if asked.training is not None:
        progress(_TRAINING, 0.0, "")
        model = train(tables, asked.training, engine=asked.engine)
        progress(_TRAINING, 1.0, f"{len(model.comparisons)} comparisons")
    linked = link(
        tables,
        model,
        within=asked.within,
        one_to_one=asked.one_to_one,
        engine=asked.engine,
        progress=progress,
        truth=truth,
        purpose=purpose,
        today=today,
    )
    run = LinkRun(
        linked, asked.out, (), _synthetic(tables), {name: table.height for name, table in tables.items()}
    )
    return _written(run, asked, today, progress)


def _read(asked: LinkRequest, progress: Progress) -> dict[str, pl.DataFrame]:
    tables = {}
    for number, (source, path) in enumerate(asked.files.items()):
        progress(_CHECKING, number / len(asked.files), "")
        tables[source] = checked_list(path)
    progress(_CHECKING, 1.0, f"{sum(table.height for table in tables.values()):,} records")
    return tables


def checked_list(path: Path, kind: str = "people") -> pl.DataFrame:
    """A file that passed its contract. Raises `LinkageError` otherwise: rules by name, no cell of the
    file."""
    contract = {"people": "people", "organisations": "organisations"}[kind]
    report = check_file(path, contract, None)
    if not report.accepted:
        rules = ", ".join(sorted({str(finding.rule) for finding in report.findings}))
        raise LinkageError(
            f"{path.name} does not pass the contract {contract!r} ({rules or report.outcome.words}). "
            f"See what to mend: philoxenia check {path.name} --contract {contract}"
        )
    return without_status(report.table) if kind == "people" else report.table


def _truth(path: Path) -> pl.DataFrame:
    try:
        found = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise LinkUsageError(f"The truth {path.name} cannot be read ({type(problem).__name__}).") from problem
    found = found.rename({"record_id": "record", "person_id": "person"}, strict=False)
    missing = [name for name in ("source", "record", "person") if name not in found.columns]
    if missing:
        raise LinkUsageError(f"The truth {path.name} lacks the columns {', '.join(missing)}.")
    return found


def _synthetic(tables: Mapping[str, pl.DataFrame]) -> bool:
    """Whether every record says of itself that it was made up."""
    return all(_made_up(table) for table in tables.values())


def _made_up(table: pl.DataFrame) -> bool:
    if "synthetic" not in table.columns:
        return False
    return bool(table["synthetic"].cast(pl.String).str.contains("(?i)^(true|yes)$").fill_null(False).all())


def check_place(out: Path) -> None:
    """Raise `LinkUsageError` where `out` holds what linkage did not write."""
    # A folder that is replaced whole must be ours: what else lies there would be lost.
    if out.exists() and not (out / MARK).is_file() and (not out.is_dir() or any(out.iterdir())):
        raise LinkUsageError(f"{out.name} holds other files. Choose a folder that is empty or not there yet.")


def _written(run: LinkRun, asked: LinkRequest, today: date, progress: Progress) -> LinkRun:
    progress(_WRITING, 0.0, "")
    names: list[str] = []
    keep_whole(asked.out, lambda folder: names.extend(_fill(folder, run, asked, today)))
    progress(_WRITING, 1.0, f"{len(names)} files")
    return LinkRun(run.linked, run.out, tuple(names), run.synthetic, run.sizes)


def _fill(folder: Path, run: LinkRun, asked: LinkRequest, today: date) -> list[str]:
    folder.chmod(0o700)
    linked, prefix = run.linked, "synthetic-" if run.synthetic else ""
    frames = {
        "links": linked.links,
        **_people(linked, asked, today),
        "pairs": linked.pairs,
        "doubtful": linked.doubtful,
        "quality": linked.quality,
    }
    names = []
    for name, frame in frames.items():
        names.append(f"{prefix}{name}.{asked.format}")
        write_frame(frame, folder / names[-1], asked.format)
    if asked.training is not None:
        linked.model.save(folder / "model.json")
        names.append("model.json")
    (folder / "report.html").write_text(
        linkage_page(run.linked, run.sizes, run.synthetic, today), encoding="utf-8"
    )
    (folder / MARK).write_text(json.dumps(_record(run, asked, today), indent=1) + "\n", encoding="utf-8")
    for file in folder.iterdir():
        file.chmod(0o600)
    return [*names, "report.html", MARK]


def _people(linked: Linked, asked: LinkRequest, today: date) -> dict[str, pl.DataFrame]:
    """What is told of people: under an agreement nothing that could tell who one is once the key is gone."""
    if asked.agreement is None:
        return {"people": linked.people}
    bare = linked.people.select("person", "records", "sources")
    return {"people": bare, "needs_together": needs_together(linked.people, today)}


def write_frame(frame: pl.DataFrame, path: Path, format_: str) -> None:
    """A table as csv or parquet."""
    if format_ == "csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path, compression="zstd")


def _record(run: LinkRun, asked: LinkRequest, today: date) -> dict[str, Any]:
    return {
        "made_by": f"philoxenia {__version__}",
        "date": today.isoformat(),
        "lists": dict(run.sizes),
        "synthetic": run.synthetic,
        "under_agreement": asked.agreement is not None,
        **run.linked.settings,
        "notes": list(run.linked.notes),
    }
