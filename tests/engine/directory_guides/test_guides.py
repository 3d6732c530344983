"""Guides read from files: faults are told with their place, translations know what they were made from."""

from pathlib import Path

import pytest

from philoxenia.cli import main
from philoxenia.directory.guides import GuideError, Guides, check_guides, debt, read_guides, shown
from philoxenia.directory.guides.stamping import stamp
from philoxenia.directory.guides.translations import differing

SOURCES = """
[law]
title = "The law"
owner = "The province"
address = "https://example.org/law"
read = 2026-11-22
"""
GUIDE = """
version = 1
date = 2026-11-22
check_by = 2027-11-22
title = "Rent"
lead = "What a landlord may ask."

[[step]]
id = "sign"
title = "Before you sign"

[[step.says]]
id = "deposit"
text = "Pay 30 dollars. Call `416-338-4766`."
status = "checked"
sources = ["law"]

[[check]]
id = "may"
title = "May I?"
lead = "Here only."

[[check.outcome]]
id = "yes"
title = "You may"
text = "Go."
rule = { question = "age", at_least = 18 }
status = "checked"
sources = ["law"]
"""
ARABIC = """
language = "ar"
by = "Machine draft"
date = 2026-11-22

[texts]
"title" = "الإيجار"
"sign.deposit" = "ادفع ٣٠ دولاراً. اتصل على `416-338-4766`."
"""


def written(folder: Path, guide: str = GUIDE, arabic: str = "", sources: str = SOURCES) -> Path:
    home = folder / "rent"
    home.mkdir(parents=True, exist_ok=True)
    (folder / "guides.toml").write_text('language = "en"\norder = ["rent"]\n', encoding="utf-8")
    (folder / "sources.toml").write_text(sources, encoding="utf-8")
    (home / "en.toml").write_text(guide, encoding="utf-8")
    if arabic:
        (home / "ar.toml").write_text(arabic, encoding="utf-8")
    return folder


def test_a_city_without_guides_has_none_and_a_check_of_them_says_where_they_belong(tmp_path: Path) -> None:
    assert read_guides(tmp_path / "guides") == Guides()
    with pytest.raises(GuideError, match="Guides lie in the folder guides/"):
        check_guides(tmp_path / "guides")


def test_a_guide_holds_its_statements_with_their_sources(tmp_path: Path) -> None:
    guide = check_guides(written(tmp_path)).guides[0]
    said = guide.steps[0].statements[0]
    assert (said.status, [one.owner for one in said.sources]) == ("checked", ["The province"])
    assert list(guide.texts()) == [
        *(
            "title",
            "lead",
            "sign.title",
            "sign.deposit",
            "may.title",
            "may.lead",
            "may.yes.title",
            "may.yes.text",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            'sources = ["law"]',
            'sources = ["rumour"]',
            "step sign > says deposit, sources]: the source rumour is not",
        ),
        (
            'sources = ["law"]',
            "sources = []",
            "no source; name one of sources.toml, or give the status unknown",
        ),
        ('status = "checked"', 'status = "true"', "status must be one of checked, to_confirm, unknown"),
        ("version = 1", "version = 0", "version must be a whole number from 1"),
        ("date = 2026-11-22\n", 'date = "soon"\n', "date must be a date without quotes"),
        ('id = "sign"', 'id = "Sign Here"', "small letters, digits and underscores; found 'Sign Here'"),
        ('id = "may"', 'id = "sign"', "two parts have the id sign"),
        ('lead = "What', 'laed = "What', "nobody reads 'laed'"),
        ("at_least = 18", "at_least = 'old'", "age at_least takes a whole number from 0 to 120; found old"),
        ('question = "age"', 'question = "status"', "There is no question 'status'"),
        ('text = "Go."', 'text = "Go \u202e416"', "hidden signs that change how it reads"),
        ('text = "Go."', f'text = "{"long " * 500}"', "letters, 2,000 are allowed"),
        ('title = "Rent"', 'title = ["Rent"]', "title must be text in quotes"),
        ("[[step]]", "[[step]", "cannot be read"),
    ],
)
def test_each_fault_is_a_sentence_with_file_and_entry(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert old in GUIDE
    with pytest.raises(GuideError) as told:
        check_guides(written(tmp_path, GUIDE.replace(old, new, 1)))
    assert sentence in str(told.value) and "en.toml" in str(told.value)
    assert read_guides(tmp_path).guides == ()


def test_a_source_that_no_browser_may_follow_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GuideError, match=r"\[law, address\]: address must begin with https://"):
        check_guides(
            written(tmp_path, sources=SOURCES.replace("https://example.org/law", "javascript:alert(1)"))
        )


def test_files_that_are_no_text_or_far_too_large_are_told_not_raised(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "rent" / "en.toml").write_bytes(b'title = "\xff\xfe"')
    assert "is not UTF-8 text" in read_guides(folder).faults[0]
    (folder / "rent" / "en.toml").write_text("# " + "x" * 1_000_001, encoding="utf-8")
    assert "larger than 1,000,000 bytes" in read_guides(folder).faults[0]


def test_a_translation_is_machine_until_read_and_outdated_when_its_source_changes(tmp_path: Path) -> None:
    folder = written(tmp_path, arabic=ARABIC)
    assert "philoxenia guides stamp" in read_guides(folder).faults[0]
    assert stamp(folder) == {folder / "rent" / "ar.toml": 2}
    assert stamp(folder) == {}
    found = check_guides(folder)
    texts = shown(found.guides[0], found.translation("rent", "ar"))
    assert (texts["title"].status, texts["title"].language) == ("machine", "ar")
    assert (texts["lead"].status, texts["lead"].language) == ("original", "en")

    written(folder, GUIDE.replace("30 dollars", "40 dollars"))
    found = check_guides(folder)
    texts = shown(found.guides[0], found.translation("rent", "ar"))
    assert (texts["sign.deposit"].status, texts["title"].status) == ("outdated", "machine")
    assert debt(found.guides[0], found.translation("rent", "ar")) == {
        "human": 0, "machine": 1, "outdated": 1, "missing": 6
    }  # fmt: skip


def test_a_person_who_read_a_text_makes_it_human(tmp_path: Path) -> None:
    folder = written(tmp_path, arabic=ARABIC.replace("[texts]", 'reviewed = ["title"]\n\n[texts]'))
    stamp(folder)
    found = check_guides(folder)
    assert shown(found.guides[0], found.translation("rent", "ar"))["title"].status == "human"


def test_a_translation_that_loses_a_number_is_left_out_and_says_which(tmp_path: Path) -> None:
    folder = written(tmp_path, arabic=ARABIC.replace("416-338-4766", "416-338-4767"))
    stamp(folder)
    found = read_guides(folder)
    assert found.translation("rent", "ar") is None and found.guides
    assert "numbers or marked words differ" in found.faults[0] and "4767" in found.faults[0]


def test_a_translation_with_entries_of_another_kind_is_told_not_raised(tmp_path: Path) -> None:
    broken = ARABIC.replace("[texts]", "reviewed = 7\nmade_from = 3\n\n[texts]")
    found = read_guides(written(tmp_path, arabic=broken))
    assert any("reviewed must be a list" in fault for fault in found.faults)
    assert found.translation("rent", "ar") is None and found.guides


def test_digits_of_other_scripts_are_the_same_numbers() -> None:
    assert differing("1,095 days and 2.1", "١٬٠٩٥ يوماً و٢٫١") == ()
    assert differing("90 days", "09 days") == ("9", "90")
    assert differing("call `311`", "اتصل 311") == ("311",)


def test_the_command_counts_and_starts_translations(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, arabic=ARABIC)
    assert main(["guides", "stamp", str(folder)]) == 0
    assert "ar: 2 machine, 6 missing" in capsys.readouterr().out
    assert main(["guides", "template", str(folder), "rent", "so"]) == 0
    assert '"sign.deposit" = "Pay 30 dollars.' in capsys.readouterr().out
    assert main(["guides", "check", str(tmp_path / "nothing")]) == 3
