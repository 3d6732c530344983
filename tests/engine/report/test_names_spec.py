"""Names of districts are data of a city: any script, any length, any signs, and none may break the page."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from philoxenia.report.names import clean, isolated, named, plain, safe_id


def test_a_name_stands_in_a_sentence_of_its_own_direction() -> None:
    assert isolated(f"Most live in {named('حي الأمل')}.") == "Most live in <bdi>حي الأمل</bdi>."


def test_markup_in_a_name_is_text() -> None:
    assert "<script>" not in isolated(named("<script>alert(1)</script>"))


def test_direction_marks_in_a_name_cannot_leak_into_our_text() -> None:
    assert "\u202e" not in named("\u202egnihton")


def test_a_latin_sentence_keeps_no_invisible_signs() -> None:
    assert plain(f"In {named('Weston')}") == "In Weston"


@given(st.text())
def test_every_name_gives_balanced_markup(name: str) -> None:
    page = str(isolated(named(name)))
    assert page.startswith("<bdi>") and page.endswith("</bdi>")
    assert page.count("<") == 2


@given(st.text(), st.text())
def test_ids_are_safe_and_different(first: str, second: str) -> None:
    made = safe_id("d", first)
    assert made.isascii() and " " not in made and '"' not in made
    assert (made == safe_id("d", second)) == (first == second)


def test_every_control_sign_and_direction_mark_leaves_and_nothing_else() -> None:
    turning = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    signs = [chr(code) for code in range(0x110000)]
    kept = {sign for sign in signs if clean(f"a{sign}b") == f"a{sign}b"}
    left = {sign for sign in signs if clean(f"a{sign}b") == "ab"}
    assert left == {sign for sign in signs if unicodedata.category(sign) in ("Cc", "Cs")} | turning
    assert kept | left == set(signs)
