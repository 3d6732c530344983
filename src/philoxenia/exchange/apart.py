"""Checks a file in a process of its own, with limits of memory and time: for files from strangers.

A library that breaks on a hostile file takes only that process with it; the one who asked gets a report that
says so. Results are written to a folder: report.json, table.parquet, mends.parquet and found.parquet.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from philoxenia.exchange.check import check_file
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.ledger import Finding
from philoxenia.exchange.notations import marks
from philoxenia.exchange.outcome import CheckReport, Outcome
from philoxenia.exchange.spelling import key
from philoxenia.exchange.status import header_term

REPORT, TABLE, MENDS, FOUND = "report.json", "table.parquet", "mends.parquet", "found.parquet"
# The file's own rows as text, and what is known of it besides the report: headers, sheets, hidden columns.
ROWS, ABOUT = "rows.parquet", "about.json"
_HIDDEN = "(withheld)"
_REQUEST, _PROGRESS = "request.json", "progress.json"


@dataclass(frozen=True)
class Request:
    """A file to check and what is said of it, as `check_file` takes it; `memory` is in bytes."""

    path: str
    name: str
    contract: str = ""
    city: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    memory: int = 6_000_000_000
    seconds: int = 900


def check_apart(request: Request, folder: Path, alive: Callable[[], None] | None = None) -> dict[str, Any]:
    """Check in a process of its own and give the report's document; `alive` is called about once a second.

    Never raises for what the file does: a process that breaks or takes too long gives a report that says so.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _REQUEST).write_text(json.dumps(asdict(request), ensure_ascii=False), encoding="utf-8")
    command = [sys.executable, "-m", "philoxenia.exchange.apart", str(folder)]
    with (folder / "errors.txt").open("wb") as errors:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
        try:
            code = _wait(child, request.seconds, alive)
        finally:
            child.kill()
            child.wait()
    report = folder / REPORT
    if code != 0 or not report.is_file():
        broken = _broken(request, code)
        report.write_text(broken.json(), encoding="utf-8")
    document: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return document


def _wait(child: subprocess.Popen[bytes], seconds: int, alive: Callable[[], None] | None) -> int | None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return child.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if alive is not None:
                alive()
    return None


def _broken(request: Request, code: int | None) -> CheckReport:
    """The report on a file that broke its check."""
    path = Path(request.path)
    if code is None:
        what = f"Reading {request.name} took longer than {request.seconds // 60} minutes and was stopped."
    elif code == _NO_MEMORY or code in (-signal.SIGKILL, -signal.SIGABRT):
        what = f"Reading {request.name} needed more memory than a check may use, and was stopped."
    else:
        what = f"Reading {request.name} broke the program that reads it, so the file is damaged or hostile."
    remedy = "Export the table again from its source as CSV (UTF-8), or split it, and hand that in."
    finding = Finding("unreadable", "refused", "", "", 1, (), what, remedy)
    size = path.stat().st_size if path.is_file() else 0
    return CheckReport(Outcome.UNREADABLE, FileFacts(request.name, "", size, ""), findings=(finding,))


def rows_read(folder: Path) -> int:
    """How many rows a check that is running has read."""
    try:
        return int(json.loads((folder / _PROGRESS).read_text(encoding="utf-8"))["rows"])
    except (OSError, ValueError, KeyError):
        return 0


# --- inside the process of its own -----------------------------------------------------------------------

_NO_MEMORY = 86


def _limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (4 * seconds, 4 * seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    if sys.platform == "linux":
        # The process ends with the one that asked, so that no check goes on for nobody.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class _Progress:
    """Says in a file how many rows were read, a few times a second at most."""

    def __init__(self, folder: Path) -> None:
        self.place, self.told = folder / _PROGRESS, 0.0

    def __call__(self, rows: int) -> None:
        now = time.monotonic()
        if now - self.told > 0.3:
            self.told = now
            fresh = self.place.with_suffix(".new")
            fresh.write_text(json.dumps({"rows": rows}), encoding="utf-8")
            fresh.replace(self.place)


class _Rows:
    """Keeps the file's rows as text, without columns about single persons or their status."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.headers: list[str] = []
        self.hidden: set[int] = set()
        self._writer: pq.ParquetWriter | None = None

    def __call__(self, headers: Sequence[str], cells: pl.DataFrame, rows: pl.Series) -> None:
        if self._writer is None:
            personal = {key(text) for text in marks("personal")}
            self.headers = list(headers)
            self.hidden = {i for i, one in enumerate(headers) if key(one) in personal or header_term(one)}
        withheld = [pl.lit(_HIDDEN).alias(f"c{i}") for i in self.hidden if f"c{i}" in cells.columns]
        table = cells.with_columns(withheld, row=rows).to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.place, table.schema, compression="zstd")
        if table.schema == self._writer.schema:
            self._writer.write_table(table, row_group_size=50_000)

    def finish(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _main(folder: Path) -> int:
    request = Request(**json.loads((folder / _REQUEST).read_text(encoding="utf-8")))
    _limit(request.memory, request.seconds)
    rows = _Rows(folder / ROWS)
    try:
        report = check_file(
            request.path,
            request.contract or None,
            request.city or None,
            name=request.name,
            progress=_Progress(folder),
            seen=rows,
            **request.options,
        )
        rows.finish()
        _write(report, folder, rows)
    except MemoryError:
        return _NO_MEMORY
    return 0


def _write(report: CheckReport, folder: Path, rows: _Rows) -> None:
    """The report last: where it stands, everything stands."""
    report.table.write_parquet(folder / TABLE)
    report.mend_log.write_parquet(folder / MENDS)
    report.found_cells.write_parquet(folder / FOUND)
    about = {
        "headers": rows.headers,
        "hidden": sorted(rows.hidden),
        "sheets": [name for name in (report.file.sheet, *report.file.other_sheets) if name],
        "members": [part.file.name.split("/", 1)[-1] for part in report.parts],
    }
    (folder / ABOUT).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
    fresh = folder / f"{REPORT}.new"
    fresh.write_text(report.json(), encoding="utf-8")
    fresh.replace(folder / REPORT)


if __name__ == "__main__":
    sys.exit(_main(Path(sys.argv[1])))
