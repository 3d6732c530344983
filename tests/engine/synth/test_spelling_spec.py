"""Spellings follow the published schemes; other calendars follow known days."""

import numpy as np
import pytest

from philoxenia.synth.calendars import in_calendar
from philoxenia.synth.names import book_of_names
from philoxenia.synth.spelling import schemes, spellings


def spelt(script: str, scheme: str, text: str) -> str:
    return next(one for one in schemes(script) if one.name == scheme).spell(text)


# The examples printed in the resolution itself.
KMU_2010 = [
    ("алушта", "Alushta"),
    ("борщагівка", "Borshchahivka"),
    ("згурський", "Zghurskyi"),
    ("юрій", "Yurii"),
    ("єнакієве", "Yenakiieve"),
    ("їжакевич", "Yizhakevych"),
    ("знам'янка", "Znamianka"),
    ("щербухи", "Shcherbukhy"),
    ("яготин", "Yahotyn"),
    ("житомир", "Zhytomyr"),
]


@pytest.mark.parametrize(("text", "latin"), KMU_2010)
def test_ukrainian_follows_resolution_55_of_2010(text: str, latin: str) -> None:
    assert spelt("uk", "kmu2010", text) == latin


@pytest.mark.parametrize(
    ("script", "scheme", "text", "latin"),
    [
        ("ru", "icao", "щербаков", "Shcherbakov"),
        ("ru", "icao", "юлия", "Iuliia"),
        ("ru", "bgn", "юлия", "Yuliya"),
        ("ru", "bgn", "елена", "Yelena"),
        ("ru", "french", "пушкин", "Pouchkin"),
        ("ru", "german", "хрущев", "Chruschtschew"),
        ("el", "elot", "αγγελοπουλος", "Angelopoulos"),
        ("el", "elot", "ευαγγελια", "Evangelia"),
        ("el", "elot", "μπακογιαννης", "Bakogiannis"),
        ("el", "ala", "χριστοφορος", "Christophoros"),
        ("ar", "ala", "ʿabd al-raḥmān", "Abd Al-Rahman"),
        ("ar", "french", "rashīd", "Rachid"),
        ("ar", "egyptian", "jamāl", "Gamal"),
        ("fa", "bgn", "ḥosayn", "Hosayn"),
        ("so", "english", "maxamuud", "Mahamud"),
        ("zh", "wade_giles", "xiao zhen", "Hsiao-Chen"),
        ("zh", "pinyin", "xiao zhen", "Xiaozhen"),
    ],
)
def test_other_schemes_spell_known_names_as_known(script: str, scheme: str, text: str, latin: str) -> None:
    assert spelt(script, scheme, text) == latin


def test_ethiopic_letters_are_read_by_row_and_order() -> None:
    assert spellings("am", "አበበ")[0] == "Abebe"
    assert spellings("am", "ሰለሞን")[0] == "Selemon"


def test_a_name_has_several_spellings_and_its_own_script_first() -> None:
    book = book_of_names()
    for tradition in book.origins:
        if tradition.script in ("Cyrl", "Arab", "Grek", "Ethi"):
            given = tradition.names["given_male"]
            forms = [
                set(book.pool.slice(int(book.first[n]) + 1, int(book.forms[n]) - 1).to_list()) for n in given
            ]
            assert np.mean([len(one) for one in forms]) > 1.5, tradition.name
            assert not book.pool.gather(book.first[given]).str.contains("[A-Za-z]").any()


@pytest.mark.parametrize(
    ("day", "calendar", "expected"),
    [
        ("2024-03-20", "persian", (1403, 1, 1)),
        ("1979-02-11", "persian", (1357, 11, 22)),
        ("2024-09-11", "ethiopian", (2017, 1, 1)),
        ("2023-09-12", "ethiopian", (2016, 1, 1)),
        ("2024-07-08", "hijri", (1446, 1, 1)),
        ("2000-04-06", "hijri", (1421, 1, 1)),
    ],
)
def test_known_days_in_other_calendars(day: str, calendar: str, expected: tuple[int, int, int]) -> None:
    days = np.array([np.datetime64(day).astype(int)])
    assert tuple(int(part[0]) for part in in_calendar(days, calendar)) == expected


@pytest.mark.parametrize("calendar", ["persian", "ethiopian", "hijri"])
def test_days_of_a_calendar_follow_one_another(calendar: str) -> None:
    year, month, day = in_calendar(np.arange(-20_000, 20_000), calendar)
    same = (np.diff(day) == 1) & (np.diff(month) == 0)
    first = (day[1:] == 1) & ((np.diff(month) == 1) | ((month[1:] == 1) & (np.diff(year) == 1)))
    assert (same | first).all()
    assert day.max() <= 31
