"""city.toml: every entry has a meaning, and a wrong one is answered with a sentence."""

from pathlib import Path

import pytest

from philoxenia.exchange.settings import CityError, read_settings
from philoxenia.reference import default_parameters


def settings(folder: Path, text: str) -> Path:
    (folder / "city.toml").write_text('[city]\nname = "X"\n' + text, encoding="utf-8")
    return folder


def a_parameter() -> tuple[str, float]:
    parameters = default_parameters()
    name = next(iter(sorted(parameters)))
    return name, parameters.row(name).high


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    found = read_settings(settings(tmp_path, ""))
    assert (found.id, found.languages, found.services, found.arrivals) == (tmp_path.name, ("en",), (), {})


def test_a_number_of_the_citys_own_is_marked_as_such(tmp_path: Path) -> None:
    name, value = a_parameter()
    found = read_settings(
        settings(tmp_path, f'[parameters]\n"{name}" = {{ value = {value}, source = "Works" }}\n')
    )
    assert found.parameters[name] == value
    assert found.parameters.row(name).overridden == "city.toml"


def test_names_with_dots_may_be_written_as_nested_tables(tmp_path: Path) -> None:
    name, value = a_parameter()
    found = read_settings(settings(tmp_path, f"[parameters]\n{name} = {value}\n"))
    assert found.parameters[name] == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('languages = "en"\n', 'city.languages must be a list of texts, such as ["en", "fr"]'),
        ("[groups]\nnewcomers = 3\n", "the group 'newcomers' must name its characteristic"),
        ('[[arrivals.series]]\ntable = "series"\n', "has no entry 'measures'"),
        ('[parameters]\n"needs.x" = "many"\n', "the parameter needs.x must be a number, not 'many'"),
    ],
)
def test_a_wrong_entry_is_answered_with_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CityError) as refusal:
        read_settings(settings(tmp_path, text))
    assert said in str(refusal.value)


def test_a_section_written_as_a_value_is_said(tmp_path: Path) -> None:
    (tmp_path / "city.toml").write_text('services = ["shelter"]\n[city]\nname = "X"\n', encoding="utf-8")
    with pytest.raises(CityError, match=r"services must be a section, written \[services\]"):
        read_settings(tmp_path)


def test_every_key_of_the_shipped_city_is_explained_in_the_template(toronto: Path) -> None:
    template = (toronto.parent / "_template" / "city.toml").read_text(encoding="utf-8")
    lines = (toronto / "city.toml").read_text(encoding="utf-8").splitlines()
    keys = {
        line.split("=")[0].strip() for line in lines if "=" in line and not line.startswith(("#", " ", "["))
    }
    assert {key for key in keys if key not in template} == set()
