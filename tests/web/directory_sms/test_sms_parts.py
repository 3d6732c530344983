"""How long a message is, and what fits into one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia_web.directory.sms.parts import GSM, UCS, Part, composed, plainer, split


@pytest.mark.parametrize(
    ("text", "encoding", "units"),
    [
        ("food", GSM, 4),
        ("é à ù Ñ", GSM, 7),
        ("5 €", GSM, 4),
        ("[x]", GSM, 5),
        ("ç", UCS, 1),
        ("طعام", UCS, 4),
        ("\U0001f3e0", UCS, 2),
        ("ΓΔ", GSM, 2),
        ("αβ", UCS, 2),
        ("", GSM, 0),
    ],
)
def test_units_are_those_of_the_standard(text: str, encoding: str, units: int) -> None:
    assert (Part(text).encoding, Part(text).units) == (encoding, units)


@pytest.mark.parametrize(
    ("text", "fits"), [("a" * 160, True), ("a" * 161, False), ("€" * 80, True), ("€" * 81, False)]
)
def test_a_part_has_160_septets(text: str, fits: bool) -> None:
    assert Part(text).fits is fits


@pytest.mark.parametrize(("text", "fits"), [("ж" * 70, True), ("ж" * 71, False), ("\U0001f3e0" * 35, True)])
def test_a_part_has_70_units_of_other_scripts(text: str, fits: bool) -> None:
    assert Part(text).fits is fits


def test_a_quotation_mark_of_print_does_not_halve_a_message() -> None:
    assert Part(plainer("Centre d’accueil « Été » – forêt")).encoding == GSM
    assert plainer("їжа – дім") == "їжа - дім"


@given(st.text(max_size=400), st.lists(st.text(max_size=80), max_size=5))
def test_whatever_is_composed_fits_and_keeps_the_number(name: str, wanted: list[str]) -> None:
    part = composed([name, "+14165550100"], wanted)
    assert part.fits
    assert part.text.count("+14165550100") >= 1


@given(st.lists(st.text("abcж", min_size=1, max_size=40), max_size=60))
def test_a_long_text_is_broken_between_words_and_loses_none(words: list[str]) -> None:
    parts = split(" ".join(words), 1000)
    assert all(one.fits for one in parts)
    assert " ".join(one.text for one in parts).split() == words
