"""A study twice gives the same bytes; what is kept is used only where nothing it came from has changed."""

from pathlib import Path

import polars as pl
import pytest
from tests.engine.workflows.made_world import made_foresight, settings, subject

from philoxenia.report.foresight import Foresight, keep_foresight, read_foresight
from philoxenia.valuation.types import ValuationError
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.foresight import STEPS, SettingsError, foresee
from philoxenia.workflows.foresight.progress import ACTIONS

FEW = ["rent_support", "clinic_hours", "more_places"]
TINY = {"months": 13, "futures": 8, "starts": [0], "sizes": False, "chosen": FEW}


def study(kept: Path | None = None, told: list[str] | None = None, **asked: object) -> Foresight:
    wanted = settings(**(TINY | asked))

    def progress(step: str, share: float, found: str) -> None:
        if told is not None and step == ACTIONS and share == 1.0:
            told.append(found)

    return foresee(subject(wanted), wanted, kept=kept, progress=progress)


def same(one: Foresight, other: Foresight) -> bool:
    return all(one[name].equals(other[name]) for name in one.tables)


def test_the_same_settings_and_seed_give_the_same_tables_kept_or_not(tmp_path: Path) -> None:
    told: list[str] = []
    first = study(tmp_path, told)
    again = study(tmp_path, told)
    assert same(first, again)
    assert same(first, study())
    assert "kept" not in told[0]
    assert "3 kept from an earlier run" in told[1]


def test_another_seed_gives_other_futures() -> None:
    assert not same(study(), study(seed=2))


def test_budgets_aims_and_failures_simulate_no_action_again(tmp_path: Path) -> None:
    told: list[str] = []
    study(tmp_path, told)
    study(tmp_path, told, budgets={"city": 9e5}, aim="cvar", failure={"net_below": 0}, worst_share=0.5)
    assert "3 kept" in told[1]


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"changed": {"clinic_hours": {"cost_once": 1.0}}}, "2 kept"),
        ({"values": {"waiting": {"value": -1.0}}}, ""),
        ({"futures": 9}, ""),
        ({"rule": "need_first"}, ""),
    ],
)
def test_what_an_outcome_comes_from_is_simulated_again(
    tmp_path: Path, changed: dict[str, object], kept: str
) -> None:
    told: list[str] = []
    study(tmp_path, told)
    found = study(tmp_path, told, **changed)
    assert (kept in told[1]) if kept else ("kept" not in told[1])
    assert same(found, study(**changed))


def test_what_is_kept_on_disk_reads_back_the_same(tmp_path: Path) -> None:
    keep_foresight(made_foresight(), tmp_path / "one")
    found = read_foresight(tmp_path / "one")
    assert same(found, made_foresight())
    assert found.settings == made_foresight().settings
    assert found.labels["effect.rent_support"] == "Rent support: effect (1: as stated)"


def test_progress_names_every_step_in_order() -> None:
    told: list[tuple[str, float]] = []
    wanted = settings(**TINY)
    foresee(subject(wanted), wanted, progress=lambda step, share, _: told.append((step, share)))
    assert list(STEPS[1:]) == list(dict.fromkeys(step for step, _ in told))
    for step in STEPS[1:]:
        shares = [share for name, share in told if name == step]
        assert shares == sorted(shares)
        assert shares[-1] == 1.0


def test_a_planner_s_own_set_is_a_plan_beside_the_best() -> None:
    found = study(required=["more_places"])
    actions = found["plan_actions"].filter(plan="required")["action"].to_list()
    assert actions == ["more_places"]
    assert "required" in found["robustness"]["plan"].to_list()
    assert "more_places" in found["plan_actions"].filter(plan="mean_100")["action"].to_list()


def test_a_floor_holds_for_the_constituency() -> None:
    gains = study(floors={"homeless_people": 1.0})["plan_gains"].filter(plan="mean_100")
    assert gains.filter(constituency="homeless_people")["mean"].item() > 0


def test_a_floor_that_cannot_be_kept_is_named() -> None:
    with pytest.raises(ValuationError, match="loosen the floor women"):
        study(floors={"women": 1e12})


def test_what_cannot_be_is_a_sentence() -> None:
    with pytest.raises(ValuationError, match="No choice of actions keeps all limits"):
        study(required=["rent_support"], budgets={"city": 0})
    with pytest.raises(SettingsError, match=r"failure\.measure"):
        study(failure={"measure": "joy"})
    with pytest.raises(SettingsError):
        study(chosen=["nobody"])


def test_a_city_without_actions_says_how_to_add_some() -> None:
    wanted = settings(**TINY)
    empty = type(wanted.catalogue)(actions=())
    bare = type(wanted)(**{**vars(wanted), "catalogue": empty})
    with pytest.raises(PhiloxeniaError, match="add rows to the table actions"):
        foresee(subject(wanted), bare)


def test_shocks_taken_out_leave_a_quiet_city() -> None:
    found = made_foresight()
    rows = found["dividends"].filter(action="rent_support", kind="total")
    quiet = rows.filter(name="no_shocks")["mean"].item()
    assert quiet != rows.filter(name="net")["mean"].item()
    assert {"shock.sudden_influx", "shock.sudden_influx.begins"} <= set(found["futures"].columns)
    begins = found["futures"].filter(pl.col("shock.sudden_influx") == 0)["shock.sudden_influx.begins"]
    assert begins.is_null().all()
