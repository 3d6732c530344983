"""Words as newcomers write them: folded, stemmed, in Latin letters, misspelt, and what services call them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.directory.words import fold, read_query, romanised, synonyms, tokens, topics, topics_in, words
from philoxenia.directory.words.latin import spellings
from philoxenia.directory.words.typing_errors import NearWords, distance, errors_allowed
from philoxenia.exchange import Outcome, check_file
from philoxenia.reference import reference_table

LANGUAGES = ("en", "fr", "es", "ar", "el", "uk")
QUESTIONS = Path(__file__).with_name("queries.csv")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ÉCOLE", "ecole"),
        ("Γιατρός", "ΓΙΑΤΡΟΣ"),
        ("أُسْرة", "اسره"),
        ("كتابى", "کتابي"),
        ("Ґанок", "ганок"),
        ("Bathurst\u200f \u202eStreet", "bathurst street"),
        ("٣ أطفال", "3 اطفال"),
    ],
)
def test_writings_of_one_text_fold_to_one(written: str, same: str):
    assert fold(written) == fold(same)


def test_letters_that_are_letters_stay():
    assert fold("її") == "її"
    assert fold("йод") != fold("иод")


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_folding_twice_changes_nothing_and_words_have_no_signs(text: str):
    assert words(fold(text)) == words(text)
    assert all(one and "_" not in one and not one.isspace() for one in words(text))


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("uk", "школа школи школу школі школою"),
        ("uk", "лікар лікаря лікарі лікарів лікарям"),
        ("uk", "безкоштовний безкоштовна безкоштовного безкоштовно"),
        ("ar", "مدرسة المدرسة والمدرسة للمدرسة"),
        ("el", "γιατρός γιατρού γιατροί γιατρών"),
        ("en", "library libraries Library's"),
        ("fr", "médecin médecins medecin"),
        ("es", "escuela escuelas"),
    ],
)
def test_forms_of_a_word_have_one_stem(language: str, forms: str):
    assert len({tuple(tokens(form, language)) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("школа", "shkola"),
        ("σχολείο", "sxoleio"),
        ("σχολείο", "sholio"),
        ("ρούχα", "rouxa"),
        ("лікар", "likar"),
    ],
)
def test_people_spell_in_latin_letters_as_they_hear(word: str, latin: str):
    assert latin in spellings(word)


def test_spellings_share_their_consonants():
    assert romanised("أجار بيت")[-1] == romanised("ajar bayt")[-1] == romanised("ijar beit")[-1]
    assert romanised("") == ()


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("ajar bayt", "ar", "rent_search"),
        ("likar", "uk", "doctor"),
        ("shkola", "uk", "school"),
        ("τροφή", "el", "food_bank"),
        ("أين أنام الليلة", "ar", "shelter_tonight"),
        ("place to sleep tonight", "en", "shelter_tonight"),
        ("doctor no insurance", "en", "uninsured"),
        ("papers for my kid school", "en", "school"),
        ("doctor for my son", "en", "doctor"),
        ("طبيييب", "ar", "doctor"),
        ("foodbank", "en", "food_bank"),
        ("3amal", "ar", "job_search"),
    ],
)
def test_newcomers_words_lead_first_to_what_they_mean(text: str, language: str, topic: str):
    found = read_query(text, language).topics
    assert found.get(topic) == max(found.values())


def test_what_was_changed_is_said_and_what_was_not_is_not():
    assert read_query("libary", "en").read_as == "library"
    assert read_query("library", "en").read_as == ""
    assert read_query("pantry", "fr").other_words == ("banque alimentaire",)


def test_a_word_the_index_knows_is_not_corrected():
    assert read_query("Albian", "en", known=lambda word: word == "albian").words[0].guesses == ()


@given(st.text(alphabet="abcdeiklmnorstu", min_size=1, max_size=12), st.data())
@settings(max_examples=150)
def test_near_words_are_those_within_the_errors_allowed(word: str, data: st.DataObject):
    known = data.draw(st.lists(st.text(alphabet="abcdeiklmnorstu", min_size=1, max_size=12), max_size=6))
    expected = {
        (distance(word, one), one)
        for one in known
        if distance(word, one) <= min(errors_allowed(len(word)), errors_allowed(len(one)))
        and errors_allowed(len(word))
    }
    assert set(NearWords(known).near(word)) == expected


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES, "", "xx"]))
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_typed_is_a_fault(text: str, language: str):
    found = read_query(text, language)
    assert all(0 < weight <= 1 for weight in found.topics.values())
    assert set(topics_in(text, language)) <= set(topics())


def test_every_topic_has_words_in_every_language_of_the_interface_and_a_need():
    needs = set(reference_table("needs")["code"])
    assert {one.need for one in topics().values()} <= needs
    for language in LANGUAGES:
        assert {row.topic for row in synonyms() if row.language == language} == set(topics()), language


def test_every_row_has_a_use_a_topic_and_a_source():
    for row in reference_table("directory/synonyms").iter_rows(named=True):
        assert row["topic"] in topics()
        assert row["use"] in {"both", "asked", "offered"}
        assert row["source"]
        assert row["word"] == row["word"].strip() != ""


def test_no_topic_names_a_status():
    """Newcomers may write what they like; what it leads to is a service."""
    assert not {"status", "refugee", "undocumented"} & {part for code in topics() for part in code.split("_")}


def test_questions_are_labelled_in_every_language_and_spelling():
    rows = list(csv.DictReader(QUESTIONS.read_text(encoding="utf-8").splitlines()))
    assert {row["language"] for row in rows} == set(LANGUAGES)
    assert {(row["language"], row["spelling"]) for row in rows} >= {
        ("ar", "latin"),
        ("uk", "latin"),
        ("el", "latin"),
    }
    assert len({(row["directory"], row["language"], row["query"]) for row in rows}) == len(rows)


def test_stops_are_read_from_a_transit_agencys_own_file(tmp_path: Path):
    file = tmp_path / "stops.txt"
    file.write_text(
        "stop_id,stop_code,stop_name,stop_desc,stop_lat,stop_lon,location_type\n"
        '1,14,"Bathurst Station",,43.6661,-79.4114,1\n2,15,"Spadina Ave at Queen St",,43.6489,-79.3965,0\n'
    )
    report = check_file(file)
    assert report.contract is not None
    assert (report.contract.name, report.outcome) == ("stops", Outcome.ACCEPTED)
