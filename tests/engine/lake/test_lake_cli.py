"""`philoxenia lake` on files: only what a check accepts gets in."""

import pytest

from philoxenia.cli import main

PHARMACIES = """\
pharmacy_id,name,address,postal_code,latitude,longitude
1,North,1 A St,,44.01,20.01
2,South,2 B St,,44.02,20.02
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pharmacies.csv").write_text(PHARMACIES, encoding="utf-8")
    return tmp_path


def lake(folder, action, *words, capsys):
    code = main(["lake", action, *map(str, words), "--lake", str(folder / "lake")])
    return code, capsys.readouterr()


def put(folder, capsys, *words, file="pharmacies.csv"):
    return lake(folder, "put", folder / file, "--contract", "pharmacies", *words, capsys=capsys)


def test_an_accepted_file_is_kept_with_its_terms(folder, capsys):
    code, said = put(folder, capsys, "--licence", "OGL", "--time", "2024-07-01")
    assert (code, said.out) == (0, "Kept: pharmacies, version 1, 2 rows, OGL, 2024-07-01\n")


def test_the_same_file_again_is_nothing_new_even_under_another_name(folder, capsys):
    put(folder, capsys)
    (folder / "copy.csv").write_text(PHARMACIES, encoding="utf-8")
    assert put(folder, capsys, file="copy.csv")[1].out.startswith("Nothing new: pharmacies, version 1")


def test_a_refused_file_stays_out_and_the_report_says_why(folder, capsys):
    (folder / "status.csv").write_text(
        PHARMACIES.replace("postal_code", "immigration status"), encoding="utf-8"
    )
    code, said = put(folder, capsys, file="status.csv")
    assert code == 3
    assert "immigration status" in said.out
    assert "Nothing was put into the lake." in said.err
    assert not (folder / "lake").exists()


def test_what_is_there_is_listed_shown_and_asked(folder, capsys):
    put(folder, capsys, "--licence", "OGL", "--source", "Health board", "--time", "2024-07-01")
    assert lake(folder, "list", capsys=capsys)[1].out == "pharmacies, version 1, 2 rows, OGL, 2024-07-01\n"
    shown = lake(folder, "show", "pharmacies", "--rows", 1, capsys=capsys)[1].out
    assert "source    Health board" in shown
    assert "note      from pharmacies.csv, sha256" in shown
    assert "North" in shown and "South" not in shown
    asked = lake(folder, "query", "SELECT count(*) AS n FROM pharmacies", capsys=capsys)[1].out
    assert asked == "n\n2\n"


def test_mistakes_are_sentences_with_their_exit_code(folder, capsys):
    code, said = lake(folder, "show", "schools", capsys=capsys)
    assert (code, said.out) == (2, "")
    assert "has no table 'schools'" in said.err
    assert lake(folder, "query", "DROP TABLE x", capsys=capsys)[0] == 2
    put(folder, capsys)
    next((folder / "lake" / "pharmacies").glob("*.parquet")).write_bytes(b"spoiled")
    code, said = lake(folder, "show", "pharmacies", capsys=capsys)
    assert code == 4
    assert "missing or damaged" in said.err


def test_an_empty_lake_says_how_to_begin(folder, capsys):
    assert "is empty. Put a table: philoxenia lake put FILE" in lake(folder, "list", capsys=capsys)[1].out
