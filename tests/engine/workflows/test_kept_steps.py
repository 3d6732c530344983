"""Steps are used again only where everything they came from is the same, wherever they are kept."""

from pathlib import Path

from tests.journeys.made_city import write_city

from philoxenia.workflows import open_city, run_city
from philoxenia.workflows.run import city_fingerprint


def _reused(city_folder: Path, kept: Path, changes: dict[str, float]) -> list[str]:
    told: list[str] = []
    city = open_city(city_folder)
    run_city(
        city.with_parameters(changes) if changes else city,
        kept=kept,
        progress=lambda title, share, found: told.append(title) if "kept from" in found else None,
    )
    return told


def test_steps_kept_in_a_folder_of_the_callers_choice_are_used_again(tmp_path: Path) -> None:
    city = write_city(tmp_path / "made", side=2, months=30)
    assert _reused(city, tmp_path / "steps", {}) == []
    assert len(_reused(city, tmp_path / "steps", {})) == 3
    assert not (tmp_path / "steps" / "report.html").exists()


def test_a_step_computed_with_other_parameters_is_never_used(tmp_path: Path) -> None:
    city = write_city(tmp_path / "made", side=2, months=30)
    _reused(city, tmp_path / "steps", {})
    assert _reused(city, tmp_path / "steps", {"needs.sensitivity_draws": 60}) == []


def test_a_changed_parameter_changes_what_the_city_is(tmp_path: Path) -> None:
    city = open_city(write_city(tmp_path / "made", side=2, months=30))
    changed = city.with_parameters({"needs.walking_speed": 4.0})
    assert city_fingerprint(changed) != city_fingerprint(city)
    assert city_fingerprint(city.with_parameters({})) == city_fingerprint(city)
