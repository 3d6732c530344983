"""Hiding small counts beside tau-argus (pytauargus), and counting records that look alike beside pandas.

Tables of districts x 2 populations x needs with every margin; both sides hide counts below 5 and what
gives them away. Our attacker then tries both results. pytauargus runs in a process of its own: it brings
another HiGHS.

Usage: python benchmarks/release.py [--districts 30] [--needs 6] [--seconds 240] [--records 1000000]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

KEYS = ["district_id", "population", "need"]
REPEATS = 5


def table(districts: int, needs: int, seed: int = 5) -> pl.DataFrame:
    """Counts as cities have them: a few large, many small, newcomers a fifth of the others."""
    random = np.random.default_rng(seed)
    size = 40 * random.lognormal(0, 1, (districts, 1, 1)) * np.array([0.2, 1.0]).reshape(1, 2, 1)
    counts = random.poisson(size * random.uniform(0.2, 2, (1, 1, needs)))
    district, population, need = (axis.ravel() for axis in np.indices(counts.shape))
    return pl.DataFrame(
        {
            "district_id": [f"d{i:03d}" for i in district],
            "population": [f"p{i}" for i in population],
            "need": [f"n{i:02d}" for i in need],
            "people": counts.ravel(),
        }
    )


def best(compute):
    """The least of a few timings, and the answer."""
    timings = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        answer = compute()
        timings.append(time.perf_counter() - start)
    return min(timings), answer


def peer(folder: Path) -> None:
    """In a process of its own: one record a person, frequency rule, modular suppression."""
    from pytauargus import protect as peer_protect

    cells = pl.read_parquet(folder / "cells.parquet")
    records = cells.select(pl.col(KEYS).repeat_by("people")).explode(KEYS).drop_nulls()
    records = records.with_columns(one=pl.lit(1.0))
    start = time.perf_counter()
    found = peer_protect(
        records,
        KEYS,
        response="one",
        safety_rules="FREQ(5,30)",
        suppress="MOD(1,10,1,0,0)",
        workdir=str(folder / "work"),
    )
    seconds = time.perf_counter() - start
    frame = found.tables[0].dataframe()
    frame["safe"] = found.tables[0].safe(None)
    pl.DataFrame({name: frame[name].astype(str).to_list() for name in KEYS}).with_columns(
        safe=pl.Series(frame["safe"].astype(float).to_list(), nan_to_null=True)
    ).write_parquet(folder / "peer.parquet")
    (folder / "peer.json").write_text(json.dumps({"seconds": seconds}), encoding="utf-8")


def published_by_peer(folder: Path, ours: pl.DataFrame) -> pl.DataFrame:
    """The peer's table in the form of ours, so that the same attacker can try it."""
    theirs = pl.read_parquet(folder / "peer.parquet").with_columns(
        pl.when(pl.col(name).str.strip_chars().is_in(["", "Total", "None", "nan"]))
        .then(None)
        .otherwise(pl.col(name).str.strip_chars())
        .alias(name)
        for name in KEYS
    )
    joined = ours.join(theirs, on=KEYS, how="left", nulls_equal=True, maintain_order="left")
    # Cells nobody is in are not in the peer's table: readers know that they are empty.
    shown = pl.when(pl.col("people") == 0).then(0).otherwise(pl.col("safe").fill_nan(None))
    return joined.with_columns(shown=shown.cast(pl.Int64))


def suppression(districts: int, needs: int, seconds: float) -> None:
    from philoxenia.disclosure import attack, protect
    from philoxenia.disclosure.figures import every_margin

    cells = table(districts, needs)
    start = time.perf_counter()
    ours = protect(cells, KEYS, within=every_margin(KEYS))
    mine = time.perf_counter() - start
    count = int((ours["why"] == "small").sum())
    print(f"\n{districts} districts x 2 x {needs}: {ours.height:,} figures, {count:,} small")
    tell("philoxenia", mine, ours, attack(ours, KEYS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cells.write_parquet(folder / "cells.parquet")
        try:
            done = subprocess.run(
                [sys.executable, Path(__file__).resolve(), "--peer", folder],
                # It leaves files where it stands.
                cwd=folder,
                timeout=seconds,
                check=False,
                capture_output=True,
                text=True,
            )
        except subprocess.TimeoutExpired:
            print(f"pytauargus   not done after {seconds:g} s: ratio at least {seconds / mine:,.0f}")
            return
        if not (folder / "peer.json").exists():
            print(f"pytauargus   failed: {done.stderr.strip().splitlines()[-1:]}")
            return
        theirs = published_by_peer(folder, ours)
        took = json.loads((folder / "peer.json").read_text(encoding="utf-8"))["seconds"]
        tell("pytauargus", took, theirs, attack(theirs, KEYS))
        fewer = theirs["shown"].null_count() / ours["shown"].null_count()
        print(f"pytauargus / philoxenia: time {took / mine:.1f}, figures withheld {fewer:.2f}")


def tell(name: str, seconds: float, published: pl.DataFrame, attacked: pl.DataFrame) -> None:
    small = attacked.filter((pl.col("people") > 0) & (pl.col("people") < 5))
    narrow = int((small["width"] < 3).sum())
    open_small = published.filter(pl.col("shown").is_between(1, 4)).height
    print(
        f"{name:<12} {seconds:8.2f} s  withheld {attacked.height:>5,}  recoverable "
        f"{int(attacked['recoverable'].sum()):>3}  small within 2 people {narrow:>3}  "
        f"small shown {open_small}"
    )


def records(count: int) -> None:
    import pandas

    from philoxenia.disclosure import k_anonymity

    random = np.random.default_rng(2)
    widths = {"district_id": 158, "sex": 3, "age_group": 10, "language": 12, "household": 6}
    frame = pl.DataFrame(
        {name: random.integers(0, width, count).astype(str) for name, width in widths.items()}
    )
    keys = list(widths)
    mine, found = best(lambda: k_anonymity(frame, keys, 5))
    other: pandas.DataFrame = frame.to_pandas()
    theirs, sizes = best(lambda: other.groupby(keys, sort=False).size())
    assert found.below == sizes[sizes < 5].sum()
    print(f"\n{count:,} records, {len(keys)} keys, philoxenia {mine:.3f} s, pandas {theirs:.3f} s")
    print(f"pandas / philoxenia: time {theirs / mine:.1f}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--districts", type=int, default=0, help="default: 30 x 6 and 158 x 12")
    parser.add_argument("--needs", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=240, help="after which the peer is stopped")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--peer", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peer:
        peer(given.peer)
        return 0
    for districts, needs in [(given.districts, given.needs)] if given.districts else [(30, 6), (158, 12)]:
        suppression(districts, needs, given.seconds)
    records(given.records)
    return 0


if __name__ == "__main__":
    sys.exit(main())
