"""From a package on disk to futures on disk: the model, the command, and looking back."""

from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from tests.engine.cities.conftest import write_city
from tests.engine.workflows.shelter_city import write_shelter_city

from philoxenia.cli import main
from philoxenia.exchange import City, read_city
from philoxenia.scenarios.futures import FuturesError, Model
from philoxenia.workflows.futures_backtest import (
    LEVELS,
    MODEL,
    PERSISTENCE,
    backtest_futures,
    persistence,
    scored,
    scores_page,
)
from philoxenia.workflows.futures_step import model_from_city

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

SIMULATE = ("--futures", "6", "--months", "4", "--quiet")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shelter_city(tmp_path_factory.mktemp("shelters") / "city")


@pytest.fixture(scope="module")
def city(folder: Path) -> City:
    return read_city(folder)


@pytest.fixture(scope="module")
def model(city: City) -> Model:
    return model_from_city(city, 4, seed=1)


@pytest.fixture(scope="module")
def written(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert main(["simulate", str(folder), *SIMULATE, "--out", str(out)]) == 0
    return out


class TestTheModelOfACity:
    def test_it_begins_after_the_record_where_the_record_ends(self, model: Model, city: City) -> None:
        last = city.tables["shelter_flow"].sort("month").tail(1).to_dicts()[0]
        assert (last["month"], model.months[0]) == ("2024-06", "2024-07")
        assert model.shelter_months.sum() == pytest.approx(last["actively_homeless"])
        assert model.in_homes.sum() == pytest.approx(1300, rel=0.02)

    def test_it_knows_the_rate_at_which_people_found_homes(self, model: Model) -> None:
        assert model.shelter.to_homes[0] == pytest.approx(0.06, rel=0.1)
        assert model.shelter.to_elsewhere[0] == pytest.approx(0.04, rel=0.05)
        assert model.exit_factor.low < 1 < model.exit_factor.high < 1.4

    def test_what_is_missing_is_said(self, model: Model) -> None:
        told = " ".join(model.notes)
        assert "--backtest tells" in told
        assert "does not tell newcomers from others" in told

    def test_a_shock_of_the_citys_own_is_in_its_futures(self, folder: Path, tmp_path: Path) -> None:
        own = write_shelter_city(tmp_path / "own")
        numbers = {"probability_per_year": 0.2, "size_low": 10, "size": 20, "size_high": 40, "months_low": 1}
        numbers |= {"months": 2, "months_high": 3, "displaced": 0, "struck": 0}
        words = {"name": "harbour_strike", "added": "newcomers_to_homes=1", "source": "assumption"}
        pl.DataFrame([words | numbers]).write_csv(own / "tables" / "shocks.csv")
        made = model_from_city(read_city(own), 2, seed=1)
        assert "harbour_strike" in {shock.name for shock in made.shocks}
        assert any("harbour_strike" in note for note in made.notes)


class TestTheCommand:
    def test_it_writes_every_table_and_a_summary(self, written: Path) -> None:
        names = {path.name for path in written.iterdir()}
        tables = {f"{name}.parquet" for name in ("futures", "by_group", "by_month", "by_district", "costs")}
        assert tables <= names
        assert "summary.md" in names
        assert not [name for name in names if name.endswith(".unfinished")]
        assert pl.read_parquet(written / "futures.parquet").height == 6
        assert "6 futures, 2024-07 to 2024-10" in (written / "summary.md").read_text(encoding="utf-8")

    def test_the_same_seed_gives_the_same_bytes(self, folder: Path, written: Path, tmp_path: Path) -> None:
        assert main(["simulate", str(folder), *SIMULATE, "--out", str(tmp_path)]) == 0
        for path in sorted(written.iterdir()):
            assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name

    def test_districts_add_up_to_groups(self, written: Path) -> None:
        districts = pl.read_parquet(written / "by_district.parquet")
        mean = districts.filter(measure="in_homes", plan="without")["mean"].sum()
        groups = pl.read_parquet(written / "by_group.parquet").filter(plan="without")
        assert mean == pytest.approx(groups["in_homes"].sum() / 6, rel=1e-9)

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            (("--futures", "0"), "--futures 0: give a number from 1 to"),
            (("--months", "500"), "--months 500: give a number from 1 to 120"),
            (("--seed", "-1"), "--seed -1: give a whole number"),
        ],
    )
    def test_what_cannot_be_is_said_in_a_sentence(
        self, folder: Path, given: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["simulate", str(folder), *given, "--quiet"]) == 2
        told = capsys.readouterr()
        assert words in told.err
        assert "Traceback" not in told.err + told.out

    def test_a_city_with_nothing_to_foresee_is_told_what_to_add(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bare = write_city(tmp_path / "bare")
        code = main(["simulate", str(bare), "--quiet", "--out", str(tmp_path / "out")])
        assert code != 0
        assert "[[arrivals.series]]" in capsys.readouterr().err
        assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def scores(city: City) -> pl.DataFrame:
    return backtest_futures(city, months=6, origins=2, apart=6, futures=20)


class TestLookingBack:
    def test_each_cut_off_is_scored_beside_the_last_value(self, scores: pl.DataFrame) -> None:
        assert scores["origin"].unique().sort().to_list() == ["2023-07", "2024-01"]
        assert set(scores["method"]) == {MODEL, PERSISTENCE}
        assert set(scores["series"]) == {"stock", "exits"}
        assert (scores["months"] == 6).all()
        held = [f"in_{100 * level:.0f}" for level in LEVELS]
        assert all((scores[a] <= scores[b]).all() for a, b in pairwise(held))

    def test_where_rates_are_known_the_model_is_near(self, scores: pl.DataFrame) -> None:
        exits = scores.filter(pl.col("method") == MODEL, pl.col("series") == "exits")
        # A month's exits stray by up to a fifth by themselves, some ten people of sixty.
        assert exits["mae"].max() < 15

    def test_nothing_after_the_cut_off_is_seen(self, city: City, scores: pl.DataFrame) -> None:
        later = city.tables["shelter_flow"].with_columns(
            pl.when(pl.col("month") > "2023-12")
            .then(pl.col("moved_to_housing") * 3)
            .otherwise("moved_to_housing")
        )
        changed = City(**{**city.__dict__, "tables": {**city.tables, "shelter_flow": later}})
        again = backtest_futures(changed, months=6, origins=2, apart=6, futures=20)
        assert again.filter(origin="2023-07").equals(scores.filter(origin="2023-07"))
        assert not again.filter(origin="2024-01").equals(scores.filter(origin="2024-01"))

    def test_the_page_says_whether_the_model_is_better(self, scores: pl.DataFrame) -> None:
        worse = scores.with_columns(wis=pl.when(pl.col("method") == MODEL).then(9e9).otherwise(1.0))
        better = scores.with_columns(wis=pl.when(pl.col("method") == MODEL).then(1.0).otherwise(9e9))
        assert scores_page(worse).count("no better than the last value kept") == 2
        assert scores_page(better).count(" better than the last value kept") == 2
        assert "no better" not in scores_page(better)

    def test_a_short_record_is_refused_with_what_it_needs(self, city: City) -> None:
        with pytest.raises(FuturesError, match="needs 96 months of shelter flow"):
            backtest_futures(city, months=60)


def test_persistence_keeps_the_last_value_with_the_spread_of_the_past() -> None:
    past = pl.Series([10.0, 12, 10, 12, 10, 12, 10]).to_numpy()
    bands = persistence(past, 2)
    assert bands[3].tolist() == [10.0, 10.0]
    assert bands[0, 0] < 10 < bands[-1, 0]
    # After two months the series was always where it had been.
    assert bands[0, 1] == bands[-1, 1] == 10.0


def test_scores_of_bands_that_hold_everything_and_of_one_that_misses() -> None:
    bands = pl.DataFrame([[0.0], [1], [2], [3], [4], [5], [6]], orient="row").to_numpy()
    held = scored(bands, pl.Series([3.0]).to_numpy())
    assert (held["mae"], held["in_50"], held["in_95"]) == (0.0, 1.0, 1.0)
    # WIS of intervals alone: widths 2, 4, 6 times half of 0.5, 0.2, 0.05, over three and a half.
    assert held["wis"] == pytest.approx((0.25 * 2 + 0.1 * 4 + 0.025 * 6) / 3.5)
    assert scored(bands, pl.Series([9.0]).to_numpy())["in_95"] == 0.0
