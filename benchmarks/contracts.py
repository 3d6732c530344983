"""A nightly shelter register checked by us, by pandera alone and by frictionless: time, memory, faults found.

Each side runs in a process of its own, one after another, on the same files: one million rows
without a fault for time and memory, and a smaller file with one fault of each kind for what is
found. The peers live in an environment of their own (.venv-contracts), made here the first time.
All three check: columns there, types, ranges, known names, the key (date, programme), beds or rooms
but never both, used at most what there is. Only ours also finds the kind of file and its encoding,
searches for immigration status, names the rows, looks for missing nights, logs mends and gives the
mended table; pandera is handed the text as Polars reads it.

Usage: python benchmarks/contracts.py [--rows 1000000] [--slow-rows 100000]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from peers import peer_python

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-contracts"
PEER_PACKAGES = ("pandera[polars]>=0.30", "frictionless>=5.18", "polars>=1.30")
LIMIT_SECONDS, LIMIT_MIB = 10.0, 1024.0

TEXTS = ("ORGANIZATION_NAME", "SHELTER_GROUP", "LOCATION_NAME", "PROGRAM_NAME", "PROGRAM_AREA")
NAMES = {
    "SECTOR": ["Families", "Men", "Women", "Youth", "Mixed Adult"],
    "PROGRAM_MODEL": ["Emergency", "Transitional"],
    "OVERNIGHT_SERVICE_TYPE": [
        "Shelter",
        "Motel/Hotel Shelter",
        "24-Hour Respite Site",
        "Warming Centre",
        "Isolation/Recovery Site",
    ],
    "CAPACITY_TYPE": ["Bed Based Capacity", "Room Based Capacity"],
}
BEDS = ("CAPACITY_ACTUAL_BED", "CAPACITY_FUNDING_BED", "OCCUPIED_BEDS")
ROOMS = ("CAPACITY_ACTUAL_ROOM", "CAPACITY_FUNDING_ROOM", "OCCUPIED_ROOMS")
COUNTS = ("SERVICE_USER_COUNT", *BEDS, *ROOMS)

# Fault -> (column, value) put into one row of the faulty file; a doubled row comes on top.
FAULTS = {
    "not a number": ("SERVICE_USER_COUNT", "12a"),
    "below the range": ("SERVICE_USER_COUNT", "-3"),
    "unknown name": ("CAPACITY_TYPE", "Hammocks"),
    "not a date": ("OCCUPANCY_DATE", "2019-02-30"),
    "beds and rooms": ("", ""),
    "used above capacity": ("OCCUPIED_BEDS", "5000"),
    "doubled key": ("", ""),
}


def make_files(folder: Path, rows: int, slow_rows: int) -> None:
    """The clean registers, and a short one with a fault of each kind."""
    from nightly_register import write_register

    write_register(folder / "clean.csv", rows)
    write_register(folder / "slow.csv", slow_rows)
    write_register(folder / "faulty.csv", 4_000)
    lines = (folder / "faulty.csv").read_text(encoding="utf-8").splitlines()
    header = lines[0].split(",")
    beds = [i for i, line in enumerate(lines) if "Bed Based Capacity" in line]
    for number, (fault, (column, value)) in enumerate(FAULTS.items()):
        place = beds[10 * number + 5]
        cells = _cells(lines[place])
        if fault == "beds and rooms":
            cells[header.index("OCCUPIED_ROOMS")] = "5"
        elif fault == "doubled key":
            cells[header.index("PROGRAM_NAME")] = "Another name"
            lines.append(_line(cells))
            continue
        else:
            cells[header.index(column)] = value
        lines[place] = _line(cells)
    (folder / "faulty.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cells(line: str) -> list[str]:
    import csv

    return next(csv.reader([line]))


def _line(cells: list[str]) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells)


def ours(path: Path) -> set[str]:
    """Faults found by the contract engine."""
    from philoxenia.exchange import check_file

    names = {
        "not_integer": "not a number",
        "below_minimum": "below the range",
        "unknown_category": "unknown name",
        "not_date": "not a date",
        "one_measure_only": "beds and rooms",
        "larger_than": "used above capacity",
        "key_twice": "doubled key",
    }
    return {names[finding.rule] for finding in check_file(path).findings if finding.rule in names}


def pandera(path: Path) -> set[str]:
    """Faults found by pandera on what Polars reads, all checks collected."""
    import pandera.polars as pa
    import polars as pl

    def only(own: tuple[str, ...], other: tuple[str, ...], value: str, name: str) -> pa.Check:
        def test(data: pa.PolarsData) -> pl.LazyFrame:
            mine = pl.all_horizontal(pl.col(c).is_not_null() for c in own)
            none = pl.all_horizontal(pl.col(c).is_null() for c in other)
            return data.lazyframe.select((pl.col("CAPACITY_TYPE") != value) | (mine & none))

        return pa.Check(test, name=name)

    def at_most(smaller: str, larger: str) -> pa.Check:
        def test(data: pa.PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select((pl.col(smaller) <= pl.col(larger)).fill_null(True))

        return pa.Check(test, name=f"at most {larger}")

    required = {"SERVICE_USER_COUNT"}
    columns = {name: pa.Column(pl.String, nullable=True) for name in TEXTS}
    columns |= {name: pa.Column(pl.String, pa.Check.isin(known)) for name, known in NAMES.items()}
    columns |= {
        name: pa.Column(pl.Int64, pa.Check.in_range(0, 20_000), nullable=name not in required, coerce=True)
        for name in COUNTS
    }
    columns["OCCUPANCY_DATE"] = pa.Column(pl.Date, coerce=True)
    columns["PROGRAM_ID"] = pa.Column(pl.String)
    schema = pa.DataFrameSchema(
        columns,
        checks=[
            only(BEDS, ROOMS, "Bed Based Capacity", "beds only"),
            only(ROOMS, BEDS, "Room Based Capacity", "rooms only"),
            at_most("OCCUPIED_BEDS", "CAPACITY_ACTUAL_BED"),
            at_most("OCCUPIED_ROOMS", "CAPACITY_ACTUAL_ROOM"),
        ],
        unique=["OCCUPANCY_DATE", "PROGRAM_ID"],
    )
    frame = pl.read_csv(path, infer_schema=False)
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        cases = fault.failure_cases.to_dicts()
        return _pandera_names([(str(row.get("column")), str(row.get("check"))) for row in cases])
    return set()


def _pandera_names(cases: list[tuple[str, str]]) -> set[str]:
    found = set()
    for column, check in cases:
        if "dtype" in check or "coerce" in check.lower():
            found.add("not a date" if column == "OCCUPANCY_DATE" else "not a number")
        elif "in_range" in check:
            found.add("below the range")
        elif "isin" in check:
            found.add("unknown name")
        elif "only" in check:
            found.add("beds and rooms")
        elif "at most" in check:
            found.add("used above capacity")
        elif "unique" in check:
            found.add("doubled key")
    return found


def frictionless(path: Path) -> set[str]:
    """Faults found by frictionless with a table schema and row constraints."""
    from frictionless import Checklist, Resource, Schema, checks

    fields = [{"name": "OCCUPANCY_DATE", "type": "date", "constraints": {"required": True}}]
    fields += [{"name": "PROGRAM_ID", "type": "string", "constraints": {"required": True}}]
    fields += [{"name": name, "type": "string"} for name in TEXTS]
    fields += [
        {"name": name, "type": "string", "constraints": {"required": True, "enum": known}}
        for name, known in NAMES.items()
    ]
    fields += [
        {"name": name, "type": "integer", "constraints": {"minimum": 0, "maximum": 20_000}} for name in COUNTS
    ]
    header = path.open(encoding="utf-8").readline().strip().split(",")
    named = {field["name"]: field for field in fields}
    ordered = [named.get(name, {"name": name, "type": "any"}) for name in header]
    schema = Schema.from_descriptor({"fields": ordered, "primaryKey": ["OCCUPANCY_DATE", "PROGRAM_ID"]})
    own = " and ".join(f"{name} is not None" for name in BEDS)
    none = " and ".join(f"{name} is None" for name in ROOMS)
    formulas = (
        f"CAPACITY_TYPE != 'Bed Based Capacity' or ({own} and {none})",
        "OCCUPIED_BEDS is None or OCCUPIED_BEDS <= CAPACITY_ACTUAL_BED",
        "OCCUPIED_ROOMS is None or OCCUPIED_ROOMS <= CAPACITY_ACTUAL_ROOM",
    )
    checklist = Checklist(checks=[checks.row_constraint(formula=formula) for formula in formulas])
    resource_ = Resource(path=path.name, basepath=str(path.parent), schema=schema)
    report = resource_.validate(checklist, limit_errors=1000)
    found = set()
    for kind, field, note in report.flatten(["type", "fieldName", "note"]):
        if kind == "type-error":
            found.add("not a date" if field == "OCCUPANCY_DATE" else "not a number")
        elif kind == "constraint-error":
            found.add("unknown name" if "enum" in str(note) else "below the range")
        elif kind == "primary-key":
            found.add("doubled key")
        elif kind == "row-constraint":
            found.add("used above capacity" if "OCCUPIED_BEDS is None or" in str(note) else "beds and rooms")
    return found


LIBRARIES = {"ours": "philoxenia.exchange", "pandera": "pandera.polars", "frictionless": "frictionless"}
SIDES = {"ours": ours, "pandera": pandera, "frictionless": frictionless}


def run_side(side: str, path: Path) -> None:
    """Check one file and print seconds, peak memory and faults as JSON."""
    import_module(LIBRARIES[side])
    start = time.perf_counter()
    found = SIDES[side](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "mib": peak, "found": sorted(found)}))


def measure(side: str, path: Path) -> dict[str, object]:
    """One side on one file, in a process of its own."""
    python = sys.executable if side == "ours" else peer_python(PEER, *PEER_PACKAGES)
    command = [python, Path(__file__), "--side", side, "--file", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{side} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(folder: Path, rows: int, slow_rows: int) -> bool:
    """Print the table; whether ours keeps to its limits."""
    told = {(side, "clean"): measure(side, folder / "clean.csv") for side in ("ours", "pandera")}
    told |= {(side, "slow"): measure(side, folder / "slow.csv") for side in ("ours", "frictionless")}
    print(f"{'':<14}{'rows':>12}{'seconds':>10}{'MiB':>8}{'times ours':>12}")
    for (side, file), result in told.items():
        ratio = result["seconds"] / told["ours", file]["seconds"]
        count = rows if file == "clean" else slow_rows
        print(f"{side:<14}{count:>12,}{result['seconds']:>10.2f}{result['mib']:>8.0f}{ratio:>12.2f}")
    print(f"\n{'fault planted':<24}" + "".join(f"{side:>14}" for side in SIDES))
    found = {side: measure(side, folder / "faulty.csv")["found"] for side in SIDES}
    for fault in FAULTS:
        print(f"{fault:<24}" + "".join(f"{'found' if fault in found[side] else '-':>14}" for side in SIDES))
    mine = told["ours", "clean"]
    kept = mine["seconds"] < LIMIT_SECONDS and mine["mib"] < LIMIT_MIB and set(found["ours"]) == set(FAULTS)
    print(f"\n{rows:,} rows under {LIMIT_SECONDS:.0f} s and {LIMIT_MIB:.0f} MiB: {'yes' if kept else 'NO'}")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--slow-rows", type=int, default=100_000)
    parser.add_argument("--side", choices=list(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side:
        run_side(arguments.side, arguments.file)
        return 0
    with tempfile.TemporaryDirectory() as name:
        make_files(Path(name), arguments.rows, arguments.slow_rows)
        return 0 if compare(Path(name), arguments.rows, arguments.slow_rows) else 1


if __name__ == "__main__":
    sys.exit(main())
