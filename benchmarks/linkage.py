"""Linkage beside Splink's default-like settings and `recordlinkage`: quality and time on three sets.

python benchmarks/linkage.py ship CITY --out FILE    train the model that ships, on synthetic people
python benchmarks/linkage.py quality CITY [--data DIR] [--people N]
python benchmarks/linkage.py time CITY --people N    one million unless said
python benchmarks/linkage.py match CITY --people N   one new record against the spine
python benchmarks/linkage.py private CITY            the private mode beside the clear one, and its speed

`recordlinkage` needs pandas below 3: give a Python that has it with --peer PYTHON (python -m venv peer;
peer/bin/pip install 'pandas<3' recordlinkage polars). Without it that line is left out.
"""

import argparse
import json
import logging
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia.exchange import read_city
from philoxenia.linkage import TrainSpec, link, train
from philoxenia.linkage.private import Hardening, encode, link_encoded
from philoxenia.linkage.private.dice import similar_counts
from philoxenia.linkage.private.encoding import token
from philoxenia.linkage.spine import Spine
from philoxenia.synth import synthesise

logging.getLogger("splink").setLevel(logging.CRITICAL)
SEED_SHIPPED, PEOPLE_SHIPPED, PAIRS_SHIPPED = 2026, 40_000, 10_000_000
NAMES = {
    "rec_id": "record_id",
    "unique_id": "record_id",
    "first_name": "given_name",
    "surname": "family_name",
    "date_of_birth": "birth_date",
    "dob": "birth_date",
    "soc_sec_id": "id_social",
    "suburb": "locality",
    "city": "locality",
    "postcode": "postal_code",
    "address_1": "address",
    "street_number": "house_number",
    "state": "region",
}


def people(city: str, count: int, seed: int) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Synthetic lists of a city and their truth."""
    made = synthesise(read_city(Path(city)), count, seed=seed)
    return dict(made.tables), made.records.select("source", "record", "person")


def read(path: Path) -> pl.DataFrame:
    """A test set under the names of the people contract."""
    table = pl.read_csv(path, infer_schema=False)
    table = table.rename({name: name.strip() for name in table.columns})
    return table.with_columns(pl.all().str.strip_chars()).rename(NAMES, strict=False)


def sets(arguments: argparse.Namespace) -> dict[str, tuple[dict[str, pl.DataFrame], pl.DataFrame]]:
    """Every set: lists and truth."""
    found = {}
    if arguments.data:
        folder = Path(arguments.data)
        febrl = {side: read(folder / f"febrl_dataset4{side}.csv") for side in "ab"}
        number = pl.col("record_id").str.extract(r"rec-(\d+)")
        truth = [t.select(source=pl.lit(s), record="record_id", person=number) for s, t in febrl.items()]
        found["FEBRL4"] = (febrl, pl.concat(truth))
        fake = read(folder / "fake_1000.csv")
        clusters = fake.select(source=pl.lit("fake"), record="record_id", person="cluster")
        found["fake_1000"] = ({"fake": fake.drop("cluster")}, clusters)
    found["synthetic"] = people(arguments.city, arguments.people, seed=7)
    return found


def same_pairs(truth: pl.DataFrame) -> pl.DataFrame:
    """True pairs of records as left and right keys."""
    key = truth.select("person", key=pl.concat_str("source", "record", separator="|"))
    pairs = key.join(key, on="person").filter(pl.col("key") < pl.col("key_right"))
    return pairs.select(left="key", right="key_right")


def scores(pairs: pl.DataFrame, truth: pl.DataFrame, score: str) -> dict[str, float]:
    """Best F1, and recall where precision is still 99 %, over all thresholds of scored pairs (left,
    right)."""
    ordered = pairs.select(
        left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right"), score=score
    )
    true = same_pairs(truth).with_columns(true=pl.lit(1))
    marked = ordered.join(true, on=["left", "right"], how="left").sort("score", descending=True)
    right = marked["true"].fill_null(0).to_numpy().cumsum()
    linked = np.arange(1, right.size + 1)
    precision, recall = right / linked, right / max(true.height, 1)
    sure = precision >= 0.99
    return {
        "recall_at_99": float(recall[sure].max()) if sure.any() else 0.0,
        "f1": float((2 * right / (linked + true.height)).max()),
    }


def ours(tables: dict[str, pl.DataFrame], within: bool, model: object) -> tuple[pl.DataFrame, float]:
    """Our pairs and the seconds they took."""
    start = time.perf_counter()
    linked = link(tables, model, within=within)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    pairs = linked.pairs.select(
        left=pl.concat_str("left_source", "left_record", separator="|"),
        right=pl.concat_str("right_source", "right_record", separator="|"),
        score="match_weight",
    )
    return pairs, seconds


def splinks(tables: dict[str, pl.DataFrame], within: bool) -> tuple[pl.DataFrame, float]:
    """Splink as its tutorials set it up: name, date, postal code, e-mail and identifier comparisons of its
    library."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    start = time.perf_counter()
    every = pl.concat(
        [table.with_columns(pl.lit(name).alias("source_dataset")) for name, table in tables.items()],
        how="diagonal_relaxed",
    ).with_columns(unique_id=pl.concat_str("source_dataset", "record_id", separator="|"))
    filled = {name for name in every.columns if every[name].null_count() < every.height}
    every = every.with_columns(pl.col(name).cast(pl.String) for name in filled)
    comparisons = [cl.NameComparison(name) for name in ("given_name", "family_name") if name in filled]
    comparisons += [cl.DamerauLevenshteinAtThresholds("birth_date", [1, 2])]
    exact = ("postal_code", "locality", "phone", "id_social", "id_health", "id_city_card", "sex")
    comparisons += [cl.ExactMatch(name) for name in exact if name in filled]
    comparisons += [cl.EmailComparison("email")] if "email" in filled else []
    rules = [("given_name", "family_name"), ("family_name", "birth_date"), ("given_name", "birth_date")]
    rules += [("postal_code", "birth_date"), ("email",), ("id_social",), ("id_health",)]
    settings = SettingsCreator(
        link_type="dedupe_only" if within else "link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules if set(rule) <= filled],
        retain_matching_columns=False,
    )
    api = DuckDBAPI()
    parts = [every] if within else every.partition_by("source_dataset")
    kept = [part.drop("source_dataset") if within else part for part in parts]
    linker = Linker([api.register(part.to_arrow()) for part in kept], settings, log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (("birth_date",), ("given_name", "family_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    found = linker.inference.predict(threshold_match_weight=-10)
    pairs = api._con.execute(
        f"SELECT unique_id_l AS left, unique_id_r AS right, match_weight AS score FROM {found.physical_name}"  # noqa: S608
    ).pl()
    return pairs, time.perf_counter() - start


PEER = """
import json, sys, time
import polars as pl, recordlinkage as rl
frame = pl.read_parquet(sys.argv[1]).to_pandas().set_index("key")
start = time.perf_counter()
index = rl.Index()
filled = [c for c in frame.columns if frame[c].notna().any()]
for on in (["birth_date"], ["given_name", "family_name"], ["postal_code", "given_name"], ["email"],
["id_social"]):
    if set(on) <= set(filled):
        index.block(on)
pairs = index.index(frame)
compare = rl.Compare()
for name in ("given_name", "family_name", "address"):
    if name in filled:
        compare.string(name, name, method="jarowinkler", label=name)
for name in ("birth_date", "postal_code", "locality", "phone", "email", "id_social", "id_health", "sex"):
    if name in filled:
        compare.exact(name, name, label=name)
features = compare.compute(pairs, frame)
model = rl.ECMClassifier(binarize=0.85)
model.fit(features)
score = model.prob(features)
left, right = zip(*features.index)
pl.DataFrame({"left": left, "right": right, "score": score.to_numpy()}).write_parquet(sys.argv[2])
print(json.dumps(time.perf_counter() - start))
"""


def peers(tables: dict[str, pl.DataFrame], python: str) -> tuple[pl.DataFrame, float] | None:
    """`recordlinkage` (ECM classifier) in an environment of its own."""
    every = pl.concat(
        [table.with_columns(pl.lit(name).alias("source")) for name, table in tables.items()],
        how="diagonal_relaxed",
    ).with_columns(key=pl.concat_str("source", "record_id", separator="|"))
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        every.write_parquet(given)
        run = subprocess.run([python, "-c", PEER, given, found], capture_output=True, text=True, check=False)
        if run.returncode:
            print("  recordlinkage failed:", run.stderr.strip().splitlines()[-1])
            return None
        return pl.read_parquet(found), float(json.loads(run.stdout))


def ship(arguments: argparse.Namespace) -> None:
    """The model that ships: synthetic people with truth, fixed seed."""
    tables, truth = people(arguments.city, arguments.people, SEED_SHIPPED)
    model = train(tables, TrainSpec(seed=SEED_SHIPPED, random_pairs=PAIRS_SHIPPED, truth=truth))
    print(model.save(arguments.out))


def quality(arguments: argparse.Namespace) -> None:
    """Recall at 99 % precision, best F1 and seconds, side by side."""
    for name, (tables, truth) in sets(arguments).items():
        within = name != "FEBRL4"
        rows = {"ours, shipped model": ours(tables, within, "default")}
        start = time.perf_counter()
        model = train(tables, TrainSpec())
        trained = time.perf_counter() - start
        pairs, seconds = ours(tables, within, model)
        rows["ours, learnt here"] = (pairs, seconds + trained)
        rows["Splink, default-like"] = splinks(tables, within)
        if arguments.peer and (found := peers(tables, arguments.peer)) is not None:
            rows["recordlinkage"] = found
        print(f"{name}: {sum(t.height for t in tables.values()):,} records")
        for who, (pairs, seconds) in rows.items():
            told = scores(pairs, truth, "score")
            print(
                f"  {who:<22} recall at 99 % {told['recall_at_99']:.4f}  F1 {told['f1']:.4f}  {seconds:.1f} s"
            )


def timed(arguments: argparse.Namespace) -> None:
    """Seconds for many records, as a ratio to plain Splink."""
    tables, truth = people(arguments.city, arguments.people, seed=8)
    records = sum(table.height for table in tables.values())
    pairs, seconds = ours(tables, True, "default")
    print(f"{records:,} records: ours {seconds:.0f} s, {scores(pairs, truth, 'score')}")
    pairs, theirs = splinks(tables, True)
    print(f"plain Splink {theirs:.0f} s, {scores(pairs, truth, 'score')}; ratio {seconds / theirs:.2f}")


def matched(arguments: argparse.Namespace) -> None:
    """Milliseconds for one new record against the spine."""
    tables, _ = people(arguments.city, arguments.people, seed=9)
    linked = link(tables)
    start = time.perf_counter()
    spine = Spine(linked, tables)
    print(f"spine of {linked.records.height:,} records in {time.perf_counter() - start:.0f} s")
    asked = next(iter(tables.values())).head(200).to_dicts()
    spine.match(asked[0])
    times = []
    for record in asked:
        start = time.perf_counter()
        spine.match(record)
        times.append(1000 * (time.perf_counter() - start))
    print(f"one record: median {np.median(times):.0f} ms, 95th percentile {np.percentile(times, 95):.0f} ms")


def private(arguments: argparse.Namespace) -> None:
    """Quality without names beside the clear mode on the same lists, and comparisons a second."""
    tables, truth = people(arguments.city, arguments.people, seed=10)
    pairs, seconds = ours(tables, True, "default")
    print(f"clear: {scores(pairs, truth, 'score')}, {seconds:.1f} s")
    key = bytes(range(32))
    hidden = truth.with_columns(
        record=pl.Series(
            [token(key, source, record) for source, record in truth.select("source", "record").iter_rows()]
        )
    )
    for hardening in (Hardening(balanced=False), Hardening(), Hardening(salted=True)):
        start = time.perf_counter()
        lists = [encode(table, name, key, hardening) for name, table in tables.items()]
        encoded = time.perf_counter() - start
        found = link_encoded(lists).pairs.select(
            left=pl.concat_str("left_source", "left_record", separator="|"),
            right=pl.concat_str("right_source", "right_record", separator="|"),
            score="match_weight",
        )
        print(f"{hardening}: {scores(found, hidden, 'score')}, encoded in {encoded:.1f} s")
    words = np.random.default_rng(1).integers(0, 2**63, (12_000, 16)).astype(np.uint64)
    similar_counts(words[:8], words[:8], 0.9)
    start = time.perf_counter()
    similar_counts(words, words, 0.9)
    rate = words.shape[0] ** 2 / (time.perf_counter() - start) / 1e6
    print(f"Dice of 1,024 bits: {rate:.0f} million comparisons a second")


def main() -> None:
    """One of the commands above."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("ship", "quality", "time", "match", "private"))
    parser.add_argument("city")
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--data")
    parser.add_argument("--peer")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    commands = {
        "ship": (ship, PEOPLE_SHIPPED),
        "quality": (quality, 20_000),
        "time": (timed, 750_000),
        "match": (matched, 750_000),
        "private": (private, 20_000),
    }
    run, people_meant = commands[arguments.command]
    arguments.people = arguments.people or people_meant
    run(arguments)


if __name__ == "__main__":
    main()
