"""What search engines are told of a service, and the city's own directory in a demonstration."""

import dataclasses
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from philoxenia.exchange.hsds import model
from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.demo import make_demo_directory
from philoxenia_web.directory.json_ld import element, json_ld
from philoxenia_web.directory.shown import Text
from philoxenia_web.directory.texts import TRANSLATED

PAGE = "https://city.example/help/en/service/1/"


def test_a_service_is_told_in_words_of_schema_org(records: SimpleNamespace) -> None:
    shown = queries.shown(records.lessons.pk, "en")
    assert shown is not None
    said = json_ld(shown, PAGE)
    assert (said["@type"], said["name"], said["isAccessibleForFree"]) == ("Service", "English lessons", True)
    place, phone = said["availableChannel"]
    assert place["serviceLocation"]["address"]["postalCode"] == "M5J 2H7"
    assert place["serviceLocation"]["openingHoursSpecification"][0]["dayOfWeek"] == ["Monday"]
    assert phone["servicePhone"]["telephone"] == "+1 416 555 0100"
    hidden = queries.shown(records.shelter.pk, "en")
    assert hidden is not None
    assert "Place" not in element(hidden, PAGE)


def test_no_name_ends_the_element_it_stands_in(records: SimpleNamespace) -> None:
    shown = queries.shown(records.lessons.pk, "en")
    assert shown is not None
    named = dataclasses.replace(shown, name=Text("</script><script>alert(1)", "en"))
    text = element(named, PAGE)
    assert "<" not in text
    assert json.loads(text)["name"] == named.name.text


def test_every_text_that_the_engine_translates_is_shown_translated() -> None:
    for name, fields in TRANSLATED.items():
        assert set(fields) <= set(model()[name].translated), name


@pytest.mark.django_db
def test_a_demonstration_reads_the_city_once(tmp_path: Path) -> None:
    assert make_demo_directory(tmp_path) is None
    assert not m.Import.objects.exists()
