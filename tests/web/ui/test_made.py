"""What the browser fetches: made from the engine's colours, small, whole."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from philoxenia.report.tokens import DARK, LIGHT
from philoxenia_web.ui import icons, made

COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b")


def test_colours_are_those_of_the_report() -> None:
    declared = re.findall(r"--([a-z0-9-]+):(#[0-9a-f]{6})", made.tokens())
    assert dict(declared[: len(LIGHT)]) == LIGHT
    assert dict(declared[len(LIGHT) : len(LIGHT) + len(DARK)]) == DARK


@pytest.mark.parametrize("name", made.STYLES)
def test_no_other_style_has_a_colour_of_its_own(name: str) -> None:
    written = (made.UI / "styles" / f"{name}.css").read_text(encoding="utf-8")
    assert set(COLOUR.findall(written)) <= {"#fff"}, "paper is white in print; all else is a token"


@pytest.mark.parametrize("name", made.STYLES)
def test_styles_are_logical(name: str) -> None:
    written = (made.UI / "styles" / f"{name}.css").read_text(encoding="utf-8")
    physical = re.findall(
        r"[{;\s](?:margin|padding|border)-(?:left|right|top|bottom)|[{;\s](?:left|right)\s*:", written
    )
    assert physical == []
    assert not re.search(r"text-align:\s*(?:left|right)", written)


def test_style_and_script_are_small() -> None:
    weight = sum(
        len(gzip.compress(made.MADE[name]().encode())) for name in ("ui/philoxenia.css", "ui/philoxenia.js")
    )
    assert weight < 60_000


def test_every_file_is_found_and_whole() -> None:
    for name, make in made.MADE.items():
        place = finders.find(name)
        assert place
        with open(place, encoding="utf-8") as file:  # noqa: PTH123
            assert file.read() == make()


def test_squeezing_keeps_selectors_apart() -> None:
    assert made.squeezed("a  b { c : d; }\n/* x */ e>f{g:h}") == "a b{c : d}e>f{g:h}"


def test_every_icon_used_is_there() -> None:
    used = set()
    for place in made.UI.parent.rglob("templates/**/*.html"):
        used |= set(re.findall(r'{% icon "([a-z]+)"', place.read_text(encoding="utf-8")))
    assert used <= set(icons.names())
