"""Cells of people who do not exist: populations, districts, sexes, ages, languages, needs that meet."""

import numpy as np
import polars as pl

NEEDS = ("housing", "food", "income", "work", "language")
DISTRICTS = ("001", "002", "003", "004")


def cells(people: int = 6_000, needs: tuple[str, ...] = NEEDS, seed: int = 3) -> pl.DataFrame:
    """Joint cells as `linkage.runs.queries.overlap_cells` gives them; one district holds 20 people alone."""
    rng = np.random.default_rng(seed)
    new = rng.random(people) < 0.3
    heavy = rng.normal(size=people)
    wants = heavy[:, None] * 0.8 + rng.normal(size=(people, len(needs))) > np.linspace(0.6, 2.4, len(needs))
    frame = pl.DataFrame(
        {
            "population": np.where(new, "newcomers", "long_term_residents"),
            "district_id": rng.choice(DISTRICTS[:3], people),
            "sex": rng.choice(["female", "male"], people),
            "age_band": rng.choice(["0-17", "18-64", "65+"], people),
            "language": rng.choice(["en", "ar"], people, p=[0.8, 0.2]),
            "mask": wants @ (1 << np.arange(len(needs))),
        }
    )
    few = frame.filter(pl.col("population") == "newcomers").head(20).with_columns(district_id=pl.lit("004"))
    return pl.concat([frame, few]).group_by(pl.all()).agg(people=pl.len().cast(pl.Int64)).sort(pl.all())
