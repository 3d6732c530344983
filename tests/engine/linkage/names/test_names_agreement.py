"""The fast reading of whole lists equals the plain reading of one record, whatever people write."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.exchange.scripts import plain, romanised
from philoxenia.exchange.scripts.tables import rows as script_rows
from philoxenia.linkage.names import NAME_COLUMNS, name_columns, read_word
from philoxenia.linkage.names.plain import plain_columns, plain_listed, plain_romanised, without_marks
from philoxenia.linkage.names.tables import rows

_LETTERS = (
    "aeiouhkhshzABCÉüñß'-., اأبتحخدرزسشعغفقكلمنهويىةپچگабвгджийїєґхцчшщюяάβγδεθιουυψςገብረመድህንተክለ李王김민राजू"
)
NAMES = st.text(alphabet=_LETTERS, max_size=12)
RECORDS = st.fixed_dictionaries(
    {name: st.none() | NAMES for name in ("given_name", "middle_name", "family_name", "full_name")}
)


@given(st.lists(RECORDS, min_size=1, max_size=8))
@settings(max_examples=60)
def test_a_list_is_read_as_each_record_alone(records: list[dict[str, str | None]]):
    frame = pl.DataFrame(records, schema=dict.fromkeys(records[0], pl.String))
    found = name_columns(frame)
    for row, record in zip(found.iter_rows(named=True), records, strict=True):
        alone = plain_columns(record)
        assert {name: row[name] for name in alone} == alone


@given(st.text(alphabet=_LETTERS, min_size=1, max_size=8))
@settings(max_examples=40)
def test_letters_are_looked_up_as_the_tables_say(text: str):
    word = plain(text)
    assert romanised(word) == plain_romanised(word)


@given(st.sampled_from(rows("variants")).flatmap(lambda row: st.sampled_from(row["forms"].split())))
@settings(max_examples=40)
def test_every_listed_form_finds_its_name(form: str):
    assert read_word(form).canonical == plain_listed(form)


@given(st.text(alphabet="aáàâäeéèiíoóöuúüžšćñ", min_size=2, max_size=10))
@settings(max_examples=40)
def test_accents_change_nothing(text: str):
    assert read_word(text) == read_word(without_marks(text))


@given(RECORDS)
@settings(max_examples=30)
def test_the_order_and_company_of_records_change_nothing(record: dict[str, str | None]):
    schema = dict.fromkeys(record, pl.String)
    other = {"given_name": "Maryam", "middle_name": None, "family_name": "Haddad", "full_name": None}
    alone = name_columns(pl.DataFrame([record], schema=schema)).row(0)
    assert name_columns(pl.DataFrame([other, record], schema=schema)).row(1) == alone


def test_empty_lists_and_lists_without_names_keep_their_shape():
    assert name_columns(pl.DataFrame({"given_name": []}, schema={"given_name": pl.String})).columns == [
        *NAME_COLUMNS
    ]
    found = name_columns(pl.DataFrame({"birth_date": ["1990", "1991"]}))
    assert found.height == 2
    assert found["given_key"].null_count() == 2


def test_every_listed_name_is_listed_once():
    forms = [plain(form) for row in rows("variants") for form in row["forms"].split()]
    names = {}
    for row in rows("variants"):
        for form in row["forms"].split():
            names.setdefault(plain(form), set()).add(row["name"])
    assert len(forms) >= 2000
    assert {form: of for form, of in names.items() if len(of) > 1} == {}


def test_every_row_of_the_tables_says_where_it_is_from():
    for table in ("letters", "syllables", "vowels", "rewrites", "han"):
        assert [row for row in script_rows(table) if not row["source"]] == []
    for table in ("particles", "endings", "variants", "classes"):
        assert [row for row in rows(table) if not row["source"]] == []
