"""A profile of a large survey beside svy: the same shares and errors, and how much sooner.

A made-up survey of many households; seven indicators in three groups. svy is a dependency of development; it
estimates each indicator by group with Taylor linearisation, as our own linearisation does.

Usage: python benchmarks/profile.py [--households 200000]
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--households", type=int, default=200_000)
    given = parser.parse_args()
    from philoxenia.needs.profiles import profile, read_spec, read_survey
    from philoxenia.needs.profiles.made_up import example_spec, made_up_survey

    spec = read_spec(example_spec())
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "survey.csv"
        made_up_survey(given.households, blocks=30).write_csv(path)
        start = time.perf_counter()
        survey = read_survey(path, spec)
        reading = time.perf_counter() - start
    start = time.perf_counter()
    made = profile(survey, spec)
    ours = time.perf_counter() - start
    print(f"{given.households:,} households: read {reading:.2f} s, whole profile {ours:.2f} s")
    return 0 if beside_svy(survey, made.tables["indicators"]) else 1


def beside_svy(survey: pl.DataFrame, told: pl.DataFrame) -> bool:
    """The same indicators by group with svy, and with our own estimators alone."""
    import svy

    from philoxenia.needs.survey import means, survey_design

    columns = {
        "crowded": pl.col("members") / pl.col("rooms") > 2,
        "someone_works": pl.col("workers") > 0,
        "interpreter": pl.col("speaks_language") == "no",
        "doctor_not_seen": pl.col("doctor") == "needed, not seen",
    }
    frame = survey.with_columns(
        *(expr.cast(pl.Float64).alias(name) for name, expr in columns.items()),
        new=pl.when(pl.col("years_in_city") < 5)
        .then(pl.lit("newcomers"))
        .otherwise(pl.lit("long_term_residents")),
        psu=pl.concat_str("stratum", "block", separator="-"),
        blocks=pl.col("blocks_in_stratum"),
    )
    start = time.perf_counter()
    sample = svy.Sample(frame, svy.Design(stratum="stratum", psu="psu", wgt="weight", pop_size="blocks"))
    theirs = {name: sample.estimation.mean(name, by="new").to_polars() for name in columns}
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    design = survey_design(survey, "weight", "stratum", "block", "blocks_in_stratum")
    groups = np.stack(
        [(frame["new"] == name).to_numpy() for name in ("newcomers", "long_term_residents")], axis=1
    )
    for name in columns:
        means(frame[name].to_numpy(), groups, design, share=True)
    mine = time.perf_counter() - start
    apart = 0.0
    for name, frame_ in theirs.items():
        for row in frame_.rows(named=True):
            ours = told.filter(indicator=name, group=row["new"]).row(0, named=True)
            apart = max(apart, abs(ours["value"] - row["est"]), abs(ours["error"] - row["se"]))
    print(f"four shares by two groups: ours {mine:.3f} s, svy {seconds:.3f} s, ratio {seconds / mine:.1f}")
    print(f"largest difference of a share or its error: {apart:.1e}")
    return apart < 1e-9


if __name__ == "__main__":
    sys.exit(main())
