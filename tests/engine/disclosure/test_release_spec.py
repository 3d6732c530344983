"""A release is refused where it, or it with what was released before, gives somebody away."""

import json
from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli import main
from philoxenia.disclosure import DisclosureError, Release, ReleaseRefused, release
from philoxenia.disclosure.release import Spec, spec_of, write_release
from philoxenia.disclosure.release.persons import PersonalColumnError

SECRET = bytes(range(32))
COUNTS = [[31, 20, 12], [14, 25, 26], [37, 28, 19], [60, 3, 42]]


def table(counts: list[list[int]] = COUNTS) -> pl.DataFrame:
    rows = [(f"d{i}", f"g{j}", n) for i, line in enumerate(counts) for j, n in enumerate(line)]
    return pl.DataFrame(rows, schema=["district_id", "group", "people"], orient="row")


def spec(**changes: object) -> Spec:
    entries = {
        "table": "needs",
        "about": "residents asked in 2026",
        "date": "2026-10-31",
        "purpose": "planning of housing",
        "keys": ["district_id", "group"],
    }
    return spec_of({**entries, **changes})


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


def shown(released: Release, **keys: str) -> int | None:
    row = released.frame.filter(**keys) if keys else released.frame.filter(margin="")
    return row["people"][0]  # type: ignore[no-any-return]


def test_a_release_says_what_it_did_and_holds_no_small_count(ledger: Path) -> None:
    found = release(table(), spec(), ledger)
    assert found.frame["people"].drop_nulls().min() >= 5
    assert "why" not in found.frame.columns
    assert found.receipt["recoverable_figures"] == 0
    assert found.receipt["withheld_figures"] == found.frame["people"].null_count() >= 4
    assert found.receipt["least_interval_width"] >= 3


def test_the_same_release_again_is_the_same_and_enters_nothing(ledger: Path) -> None:
    first = release(table(), spec(), ledger)
    size = ledger.stat().st_size
    again = release(table(), spec(), ledger)
    assert again.frame.equals(first.frame)
    assert (again.receipt, ledger.stat().st_size) == (first.receipt, size)


def test_a_second_table_with_one_district_more_does_not_give_it_away(ledger: Path) -> None:
    few = [*COUNTS, [2, 0, 0]]
    release(table(), spec(), ledger)
    # The total with the small district less the total without it is that district: the total goes too.
    more = spec(margins=[[]], table="needs-with-islands")
    found = release(table(few), more, ledger)
    assert shown(found) is None
    assert shown(found, district_id="d4", group="g0") is None
    assert shown(release(table(few), more)) == sum(map(sum, few))


def test_what_earlier_totals_give_away_is_refused_with_the_way_to_mend_it(ledger: Path) -> None:
    totals = pl.DataFrame({"district_id": ["d0", "d1"], "people": [63, 65]})
    release(totals, spec(keys=["district_id"], table="totals"), ledger)
    by_sex = pl.DataFrame(
        {"district_id": ["d0", "d0", "d1", "d1"], "sex": ["female", "male"] * 2, "people": [60, 3, 35, 30]}
    )
    alone = spec(keys=["district_id", "sex"], margins=[], table="by-sex")
    assert release(by_sex, alone).receipt["withheld_figures"] == 1
    # The total that is out already, less the women, is the three men.
    with pytest.raises(ReleaseRefused, match="district_id d0, sex male") as refused:
        release(by_sex, alone, ledger)
    assert "totals of 2026-10-31" in str(refused.value)
    assert "larger groups" in str(refused.value)


def test_a_second_table_with_one_person_more_is_refused(ledger: Path) -> None:
    release(table(), spec(), ledger)
    more = [[32, 20, 12], *COUNTS[1:]]
    with pytest.raises(ReleaseRefused, match="fewer than 5 people"):
        release(table(more), spec(table="corrected"), ledger)
    with pytest.raises(ReleaseRefused, match="who came or left"):
        # Writing the people's name another way does not make them other people.
        release(table(more), spec(date="2026-11-30", about="Residents  asked in 2026."), ledger)
    assert release(table(more), spec(date="2026-11-30", changes="show"), ledger).receipt["ledger_entry"] == 2


def test_overlapping_categories_do_not_give_away_what_lies_between(ledger: Path) -> None:
    ages = {"0-17": 40, "18-19": 3, "20-64": 90, "65+": 30}
    of = {"0-19": ["0-17", "18-19"], "20+": ["20-64", "65+"], "18+": ["18-19", "20-64", "65+"]}

    def aged(*names: str) -> pl.DataFrame:
        people = [sum(ages[part] for part in of.get(name, [name])) for name in names]
        return pl.DataFrame({"age": names, "people": people})

    parts = {"age": dict(of)}
    release(aged("0-19", "20+"), spec(keys=["age"], parts=parts), ledger)
    with pytest.raises(ReleaseRefused, match="differ by 3 people"):
        # 0-17 less 0-19 are the three people of 18 and 19, though neither table has that row.
        release(aged("0-17", "18+"), spec(keys=["age"], parts=parts, table="minors"), ledger)
    with pytest.raises(ReleaseRefused, match="basic categories"):
        release(aged("0-17", "18+"), spec(keys=["age"], table="minors"), ledger)


def test_what_was_withheld_before_stays_withheld(ledger: Path) -> None:
    first = release(table(), spec(), ledger)
    again = release(table(), spec(margins=[[]], table="cells"), ledger)
    hidden = first.frame.filter(pl.col("people").is_null() & (pl.col("margin") == "district_id x group"))
    assert hidden.height >= 4
    for district, group in hidden.select("district_id", "group").iter_rows():
        assert shown(again, district_id=district, group=group, margin="district_id x group") is None


def test_tables_with_other_keys_are_attacked_through_the_margin_they_share(ledger: Path) -> None:
    release(table(), spec(), ledger)
    by_sex = pl.DataFrame({"district_id": ["d3", "d3"], "sex": ["female", "male"], "people": [61, 44]})
    found = release(by_sex, spec(keys=["district_id", "sex"], margins=[["district_id"]], table="sex"), ledger)
    assert found.receipt["attacked_together_with"] == ["needs of 2026-10-31 (entry 1)"]


@pytest.mark.parametrize("how", ["nearest", "random", "balanced", "controlled"])
def test_rounded_figures_are_multiples_with_bounds_that_hold(how: str, ledger: Path) -> None:
    found = release(table(), spec(method="round", round={"how": how}), ledger, secret=SECRET)
    cells = found.frame.filter(margin="district_id x group")
    both = table().join(cells, on=["district_id", "group"], how="left", suffix="_shown")
    assert all(n % 5 == 0 for n in found.frame["people"])
    there = both.drop_nulls("people_shown")
    assert there.height >= 11
    assert there.select(pl.col("people").is_between("low", "high").all()).item()
    # A cell rounded to nothing is not listed: it looks like one nobody is in.
    assert cells["people"].min() > 0
    assert both.filter(pl.col("people_shown").is_null())["people"].max() in (None, 3)
    assert found.frame["note"].unique().to_list() == [""]


def test_rounding_the_same_people_under_another_secret_is_refused(ledger: Path) -> None:
    rounding = spec(method="round")
    release(table(), rounding, ledger, secret=SECRET)
    with pytest.raises(ReleaseRefused, match="averaged"):
        release(table(), rounding, ledger, secret=b"another secret, long enough")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("given_name", ["a", "b"]),
        ("Nom de famille", ["a", "b"]),
        ("record_id", ["1", "2"]),
        ("date_of_birth", ["1990-01-01", "1991-01-01"]),
        ("latitude", [43.65321, 43.65322]),
        ("immigration_status", ["x", "y"]),
        ("group", ["asylum seeker", "permanent resident"]),
        ("contact", ["a@b.org", "c@d.org"]),
        ("token", ["0f3a9c1e22b7440d", "1f3a9c1e22b7440d"]),
        ("place", ["43.65321", "43.65329"]),
    ],
)
def test_columns_about_persons_places_or_status_are_refused(column: str, values: list[object]) -> None:
    cells = pl.DataFrame({"need": ["food", "work"], column: values, "people": [20, 30]})
    with pytest.raises(PersonalColumnError, match=column) as refused:
        release(cells, spec(keys=["need"]))
    assert all(str(value) not in str(refused.value) for value in values if len(str(value)) > 1)


def test_one_category_of_status_among_many_others_is_refused() -> None:
    groups = [*(f"group {i}" for i in range(40)), "asylum seeker"]
    cells = pl.DataFrame({"need": groups, "people": range(20, 61)})
    with pytest.raises(PersonalColumnError, match="immigration status"):
        release(cells, spec(keys=["need"]))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"metod": "hide"}, "Perhaps 'method'"),
        ({"method": "blur"}, "hide, round, noise"),
        ({"keys": []}, "lacks 'keys'"),
        ({"table": "../needs"}, "names files"),
        ({"margins": ["district_id"]}, "lists of columns"),
        ({"several": ["group"], "margins": [["district_id"]]}, "counts several times"),
        ({"minimum": 1}, "lies between"),
        ({"noise": {"epsilons": 1}}, "nothing else"),
    ],
)
def test_a_spec_that_cannot_be_followed_names_the_entry(changes: dict[str, object], says: str) -> None:
    with pytest.raises(DisclosureError, match=says):
        release(table(), spec(**changes))


def test_files_carry_tags_metadata_and_a_receipt_that_fits_them(ledger: Path, tmp_path: Path) -> None:
    found = release(table(), spec(), ledger)
    paths = write_release(found, tmp_path / "out")
    lines = paths["csv"].read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("#adm3+code,")
    assert pl.read_parquet(paths["parquet"]).equals(found.frame)
    metadata = json.loads(paths["metadata"].read_text(encoding="utf-8"))
    assert "Counts below 5 are withheld" in metadata["protection"]
    receipt = json.loads(paths["receipt"].read_text(encoding="utf-8"))
    assert set(receipt["files"]) == {path.name for kind, path in paths.items() if kind != "receipt"}


SPEC_FILE = """table = "needs"
about = "residents asked in 2026"
date = "2026-10-31"
purpose = "planning of housing"
keys = ["district_id", "group"]
"""


def test_the_command_releases_once_and_refuses_with_its_own_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "release.toml").write_text(SPEC_FILE, encoding="utf-8")
    table().write_csv(tmp_path / "needs.csv")
    common = ["--spec", str(tmp_path / "release.toml"), "--ledger", str(tmp_path / "ledger.jsonl")]
    out = ["--out", str(tmp_path / "out")]
    assert main(["release", str(tmp_path / "needs.csv"), *common, *out]) == 0
    assert "0 can be worked out" in capsys.readouterr().out
    table([[32, 20, 12], *COUNTS[1:]]).write_csv(tmp_path / "needs.csv")
    assert main(["release", str(tmp_path / "needs.csv"), *common, "--out", str(tmp_path / "two")]) == 8
    assert "needs" in capsys.readouterr().err
    assert not (tmp_path / "two").exists()


def test_a_table_with_empty_or_hidden_counts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "release.toml").write_text(SPEC_FILE, encoding="utf-8")
    command = ["release", str(tmp_path / "needs.csv"), "--spec", str(tmp_path / "release.toml")]
    for rows in ("a,b,<5\nc,b,12\n", ""):
        (tmp_path / "needs.csv").write_text(f"district_id,group,people\n{rows}", encoding="utf-8")
        assert main(command) == 5
