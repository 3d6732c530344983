"""The gap map: need minus reachable service by language and district."""

from pathlib import Path

import pytest
from django.test import Client
from tests.journeys.made_city import write_city

from philoxenia_web.directory import models as m
from philoxenia_web.directory.spoken import parts_of, spoken


def service(language: str, longitude: float, latitude: float, **more: object) -> m.Service:
    """A service of one place that speaks one language."""
    body = m.Organization.objects.create(name="Body")
    made = m.Service.objects.create(organization=body, name="Help", **more)
    m.Language.objects.create(service=made, code=language)
    if not more.get("confidential"):
        place = m.Location.objects.create(longitude=longitude, latitude=latitude)
        m.ServiceAtLocation.objects.create(service=made, location=place)
    return made


@pytest.fixture(scope="session")
def speaking_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine districts of which each has speakers of Arabic, Tigrinya and Greek."""
    folder = write_city(tmp_path_factory.mktemp("speaking") / "neapoli")
    counts = {"all": 5000, "el": 4000, "ar": 300, "ti": 20}
    lines = [f"D{n:02d},2021,{code},{people}" for n in range(1, 10) for code, people in counts.items()]
    text = "\n".join(["district_id,year,language,people", *lines]) + "\n"
    (folder / "tables" / "home_languages.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def small_city(speaking_city: Path) -> Path:
    """The city of these tests has a table of languages."""
    return speaking_city


def downloaded(client: Client, address: str) -> str:
    return client.get(address).getvalue().decode("utf-8-sig")


def test_who_reaches_none_in_their_language_is_the_answer(own_folder: Path, planner: Client) -> None:
    service("ar", 22.93, 40.62)
    page = planner.get("/needs/languages/?show=ar").content.decode()
    assert "2,700" in page
    assert "1 of 1 services say which languages they speak" in page.replace("\u2068", "").replace(
        "\u2069", ""
    )
    table = downloaded(planner, "/needs/languages/?show=ti&districts-export=csv")
    lines = [line for line in table.splitlines() if line.startswith("حي") or "D0" in line]
    assert len(lines) == 9
    assert all(",20" in line for line in lines), "nobody reaches help in Tigrinya"


def test_the_language_everybody_is_taken_to_speak_is_left_out(own_folder: Path, planner: Client) -> None:
    table = downloaded(planner, "/needs/languages/?languages-export=csv")
    assert "Arabic" in table
    assert "Greek" not in table


def test_confidential_and_withheld_services_are_not_on_the_map(own_folder: Path, db: None) -> None:
    service("ar", 22.93, 40.62, withheld=True)
    service("ar", 22.93, 40.62, confidential=True)
    found = spoken()
    assert (found.places.height, found.services) == (0, 0)


def test_a_kind_of_help_can_be_asked_for(own_folder: Path, db: None) -> None:
    service("ar", 22.93, 40.62, needs=["health"])
    assert spoken("health").places["language"].to_list() == ["ar"]
    assert spoken("food").places.is_empty()


def test_codes_of_services_become_those_of_a_census() -> None:
    assert parts_of("zh-Hant") == ("cmn", "yue")
    assert parts_of("ara") == ("ar",)
    assert parts_of("cmn") == ("cmn",)
    assert parts_of("fil") == ("tl",)
    assert parts_of("ti") == ("ti",)


def test_a_city_without_the_table_is_told_what_to_add(
    planner: Client, own_folder: Path, settings: object, tmp_path: Path
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    bare = write_city(tmp_path / "bare")
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, city=bare)  # type: ignore[attr-defined]
    assert "no table home_languages" in planner.get("/needs/languages/").content.decode()
