"""A survey and its spec: what a profile shows, what it hides, and every way in which it is refused."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from philoxenia.disclosure import attack
from philoxenia.needs.profiles import (
    Profile,
    SpecError,
    SurveyRefusedError,
    profile,
    read_spec,
    read_survey,
)
from philoxenia.needs.profiles.made_up import example_spec, made_up_survey
from philoxenia.needs.profiles.small import marked
from philoxenia.needs.profiles.types import ProfileError
from philoxenia.workflows.profile_report import profile_page

SURVEY = made_up_survey(600, seed=3, blocks=6)
LEAST = '[survey]\nname = "S"\nanonymous = true\n\n[[indicators]]\nid = "n"\nwhere = "members > 2"\n'


def written(folder: Path, frame: pl.DataFrame) -> Path:
    frame.write_csv(folder / "survey.csv")
    return folder / "survey.csv"


def made(folder: Path, frame: pl.DataFrame, spec: str) -> Profile:
    read = read_spec(spec)
    return profile(read_survey(written(folder, frame), read), read)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return made(tmp_path_factory.mktemp("survey"), SURVEY, example_spec())


def test_the_example_has_every_table_and_every_figure_its_base(example: Profile) -> None:
    assert set(example.tables) == {
        "groups", "indicators", "differences", "deprivation", "headcounts", "parts", "severity", "overlap",
        "need_counts", "lift", "districts",
    }  # fmt: skip
    for name, table in example.tables.items():
        assert "base" in table.columns, name
        shown = table.filter(pl.col("value").is_not_null())
        assert shown["base"].min() >= 5, name
        hidden = table.filter(pl.col("mark").is_in(["too few", "kept back"]))
        assert hidden["value"].null_count() == hidden.height, name


def test_a_figure_is_the_weighted_one_reckoned_by_hand(example: Profile) -> None:
    new = SURVEY.filter(pl.col("years_in_city") < 5)
    crowded = new.filter(pl.col("members") / pl.col("rooms") > 2)
    row = example.tables["indicators"].filter(indicator="crowded", group="newcomers").row(0, named=True)
    assert row["value"] == pytest.approx(crowded["weight"].sum() / new["weight"].sum())
    assert (row["base"], row["people"]) == (new.height, pytest.approx(new["weight"].sum()))
    assert row["low"] < row["value"] < row["high"]


def test_a_share_among_some_has_only_those_in_its_base(example: Profile) -> None:
    tenants = SURVEY.filter(pl.col("tenure") == "rents", pl.col("income") > 0)
    row = example.tables["indicators"].filter(indicator="rent_too_dear", group="all").row(0, named=True)
    assert row["base"] == tenants.height


def test_differences_are_those_of_the_figures_beside_the_reference(example: Profile) -> None:
    values = {
        (row["indicator"], row["group"]): row["value"]
        for row in example.tables["indicators"].rows(named=True)
    }
    for row in example.tables["differences"].rows(named=True):
        assert (row["group"], row["reference"]) == ("newcomers", "long_term_residents")
        expected = values[row["indicator"], row["group"]] - values[row["indicator"], row["reference"]]
        assert row["value"] == pytest.approx(expected)
        assert row["p"] <= row["p_adjusted"] <= 1


def test_overlap_shares_of_a_group_sum_to_one_where_nothing_is_hidden(example: Profile) -> None:
    rows = example.tables["overlap"].filter(group="all")
    assert rows["value"].null_count() == 0
    assert rows["value"].sum() == pytest.approx(1)


def test_no_hidden_combination_can_be_worked_out_from_what_is_shown(example: Profile) -> None:
    table = example.tables["overlap"]
    cells = table.filter(pl.col("group") != "all").select("needs", "group", shown="answers")
    assert cells["shown"].null_count() > 4
    margins = table.filter(group="all").select("needs", shown="answers")
    bases = table.filter(needs="").filter(pl.col("group") != "all").select("group", shown="base")
    published = pl.concat(
        [
            cells.with_columns(margin=pl.lit("needs x group")),
            margins.with_columns(margin=pl.lit("needs")),
            bases.with_columns(margin=pl.lit("group")),
            pl.DataFrame({"shown": [bases["shown"].sum()], "margin": [""]}),
        ],
        how="diagonal_relaxed",
    )
    found = attack(published, ["needs", "group"])
    assert found.height == published["shown"].null_count()
    assert not found["recoverable"].any()


def test_a_need_that_few_of_a_group_have_is_hidden_with_what_would_tell_it(tmp_path: Path) -> None:
    rare = SURVEY.with_columns(
        rare=pl.when(pl.col("years_in_city") < 5)
        .then(pl.int_range(pl.len()).over(pl.col("years_in_city") < 5) < 3)
        .otherwise(pl.int_range(pl.len()) % 4 == 0)
    )
    spec = (
        example_spec().split("[overlap.needs]")[0]
        + "[overlap.needs]\nsafety = 'rare'\nwork = 'workers = 0'\n"
    )
    table = made(tmp_path, rare, spec.replace("'rare'", '"rare"').replace("'workers = 0'", '"workers = 0"'))
    rows = {(r["need"], r["group"]): r for r in table.tables["need_counts"].rows(named=True)}
    assert rows["safety", "newcomers"]["mark"] == "too few"
    assert rows["safety", "long_term_residents"]["mark"] == "kept back"
    assert rows["safety", "long_term_residents"]["value"] is None
    assert rows["safety", "all"]["value"] is not None
    assert rows["work", "newcomers"]["mark"] == ""


def test_everything_parts_add_up(example: Profile) -> None:
    parts = example.tables["parts"]
    whole = example.tables["deprivation"].filter(measure="M0", group="all")["value"].item()
    assert (parts["share"] * parts["value"]).sum() == pytest.approx(whole, abs=1e-12)


def test_the_order_of_rows_changes_nothing_of_weight(tmp_path: Path, example: Profile) -> None:
    turned = made(tmp_path, SURVEY.sample(fraction=1, shuffle=True, seed=1), example_spec())
    for name, table in example.tables.items():
        for column in ("value", "error", "low", "high"):
            if column in table.columns:
                mine, theirs = (t[column].fill_null(-1).to_numpy() for t in (table, turned.tables[name]))
                assert mine == pytest.approx(theirs, rel=1e-9), (name, column)


def test_too_small_a_base_hides_a_figure_and_what_would_give_it_away() -> None:
    rows = pl.DataFrame(
        {
            "indicator": ["x"] * 4 + ["y"] * 4,
            "group": ["all", "a", "b", "c"] * 2,
            "value": [0.5] * 8,
            "base": [104, 3, 40, 61, 95, 10, 25, 60],
        }
    )
    told = marked(rows, ["indicator"])
    assert told["mark"].to_list() == ["", "too few", "kept back", "", "", "small base", "small base", ""]
    assert told["value"].to_list() == [0.5, None, None, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert told["base"].to_list() == [104, None, None, 61, 95, 10, 25, 60]


def test_a_tiny_group_and_a_tiny_district_cannot_be_seen(tmp_path: Path) -> None:
    tiny = SURVEY.with_columns(
        years_in_city=pl.when(pl.int_range(pl.len()) < 3).then(1.0).otherwise(20.0),
        district=pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("Hidden Lane")).otherwise("district"),
    )
    found = made(tmp_path, tiny, example_spec())
    for name, table in found.tables.items():
        if "group" in table.columns and name != "lift":
            mine = table.filter(group="newcomers")
            assert mine["value"].null_count() == mine.height, name
    text = "".join(table.write_csv() for table in found.tables.values())
    assert "Hidden Lane" not in text


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("x =", "not TOML"),
        ("[survey]\nname = 'S'\n", r"line 1, survey.anonymous: say `anonymous = true`"),
        (LEAST.replace("anonymous", "anonymus"), r"line 3, survey.anonymus: .*Did you mean 'anonymous'"),
        ("[survey]\nname = 'S'\nanonymous = true\n", "there is nothing to show"),
        (LEAST.replace("where", "were"), r"line 7, indicators\[0\].were: there is no such key"),
        (LEAST + 'value = "members"\n', r"line 5, indicators\[0\]: give either"),
        (LEAST.replace('where = "members > 2"', 'value = "members"'), r"indicators\[0\].unit: say the unit"),
        (LEAST + 'need = "houses"\n', r"line 8, indicators\[0\].need: there is no need 'houses'"),
        (LEAST + LEAST[LEAST.index("[[") :], "the id 'n' stands there twice"),
        (LEAST + "[design]\nsingleton = 'drop'\n", r"line 9, design.singleton: 'drop' is none of"),
        (LEAST + "[design]\nweight = 3\n", r"line 9, design.weight: put it in quotes"),
        (LEAST + "[[groups]]\nid = 'all'\nwhere = 'true'\n", "`all` stands for everybody"),
        (LEAST + "[deprivation]\nk = 9\n[[deprivation.dimensions]]\nid = 'a'\nwhere = 'true'\n", "at most 1"),
        (LEAST + "[[severity.sectors]]\nid = 's'\nscores = { 6 = 'true' }\n", "no score from 1 to 5"),
        (LEAST + "[overlap.needs]\nroof = 'true'\n", r"line 9, overlap.needs.roof: there is no need"),
        (LEAST.replace("indicators", "indicator"), r"Did you mean 'indicators'"),
        ("indicators = 3\n" + LEAST[: LEAST.index("[[")], "write each as a table of its own"),
        (LEAST + "[[indicators]]\nid = 'a b'\nwhere = 'true'\n", "letters, digits, - and _ only"),
    ],
)
def test_a_wrong_spec_names_line_and_key(spec: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        read_spec(spec)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            LEAST.replace("members", "membrs"),
            r"line 7, indicators\[0\].where: .*Did you mean 'members'.*It says: membrs",
        ),
        (LEAST.replace("members > 2", "members"), r"line 7, .*gives a number, where a truth is needed"),
        (LEAST + "[design]\nstratum = 'zone'\n", r"line 9, design.stratum: the survey has no column 'zone'"),
        (LEAST + "[design]\nweight = 'tenure'\n", r"line 9, design.weight: it gives a text"),
        (LEAST + "[design]\nweight = 'income'\n", r"weights in income are missing"),
        (
            LEAST + "[[groups]]\nid='a'\nwhere='true'\n[[groups]]\nid='b'\nwhere='members > 1'\n",
            "in more than one group",
        ),
        (LEAST.replace("anonymous = true", "anonymous = true\ndistrict = 'ward'"), "no column 'ward'"),
        (
            LEAST + "[[severity.sectors]]\nid = 's'\ncolumn = 'members'\n",
            r"severity: .* whole number from 1 to 5",
        ),
    ],
)
def test_a_spec_that_does_not_fit_the_survey_says_where(tmp_path: Path, spec: str, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        made(tmp_path, SURVEY, spec)


def test_a_group_of_nobody_and_a_question_nobody_answered(tmp_path: Path) -> None:
    new = SURVEY.with_columns(years_in_city=pl.lit(1.0))
    found = made(tmp_path, new, example_spec())
    assert "How do newcomers" in profile_page(found, {"engine": "", "survey": "", "survey_hash": ""})
    gone = found.tables["indicators"].filter(group="long_term_residents")
    assert (gone["value"].null_count(), set(gone["mark"])) == (gone.height, {"too few"})
    unasked = SURVEY.with_columns(income=pl.lit(None, pl.Float64))
    with pytest.raises(SpecError, match="the column 'income' holds no answer at all"):
        made(tmp_path, unasked, example_spec())


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("first_name", ["Ada", "Bo"], "can tell who a household is"),
        ("téléphone", ["1", "2"], "can tell who a household is"),
        ("_gps_latitude", ["43.1", "43.2"], "can tell who a household is"),
        ("contact", ["a@example.org", ""], "addresses of e-mail"),
        ("immigration_status", ["x", "y"], "holds immigration status: its header"),
        ("q12", ["permanent resident", "refugee claimant"], "holds immigration status: its values"),
        ("is_refugee", ["yes", "no"], "holds immigration status"),
        (
            "hh_displaced",
            ["yes", "no"],
            r'declare it in the spec \(\[displacement\] column = "hh_displaced"\)',
        ),
        ("displacement_status", ["host", "displaced"], "asks about displacement"),
    ],
)
def test_a_survey_that_could_tell_on_people_is_refused(
    tmp_path: Path, column: str, values: list[str], said: str
) -> None:
    many = SURVEY.with_columns(pl.Series(column, values * (SURVEY.height // 2)))
    with pytest.raises(SurveyRefusedError, match=said) as refused:
        made(tmp_path, many, LEAST)
    assert not any(value in str(refused.value) for value in values if len(value) > 4)


DISPLACED = (
    LEAST
    + """
[displacement]
column = "hh_displaced"

[[groups]]
id = "displaced"
where = "hh_displaced = 'yes'"

[[groups]]
id = "neighbours"
where = "hh_displaced = 'no'"
reference = true
"""
)
ASKED = SURVEY.with_columns(
    hh_displaced=pl.when(pl.col("years_in_city") < 5).then(pl.lit("yes")).otherwise(pl.lit("no"))
)


def test_displacement_may_be_asked_in_an_anonymous_survey_to_tell_groups(tmp_path: Path) -> None:
    found = made(tmp_path, ASKED, DISPLACED)
    assert set(found.tables["indicators"]["group"]) == {"all", "displaced", "neighbours"}
    assert found.tables["differences"].height == 1


@pytest.mark.parametrize("place", ["indicators", "district"])
def test_displacement_serves_groups_and_nothing_else(tmp_path: Path, place: str) -> None:
    if place == "indicators":
        wrong = DISPLACED.replace("members > 2", "hh_displaced = 'yes'")
    else:
        wrong = DISPLACED.replace("anonymous = true", 'anonymous = true\ndistrict = "hh_displaced"')
    with pytest.raises(SpecError, match="asks about displacement"):
        made(tmp_path, ASKED, wrong)


def test_questions_on_schools_and_displacement_are_not_about_the_household(tmp_path: Path) -> None:
    other = SURVEY.with_columns(edu_disrupted_displaced=pl.lit("no"))
    assert made(tmp_path, other, LEAST).rows == SURVEY.height


def test_a_false_alarm_is_excused_by_name_and_reason_but_never_cells(tmp_path: Path) -> None:
    excused = LEAST + '[[not_status]]\ncolumn = "visa"\nreason = "The card they pay with"\n'
    card = SURVEY.with_columns(visa=pl.lit("debit"))
    with pytest.raises(SurveyRefusedError):
        made(tmp_path, card, LEAST)
    assert made(tmp_path, card, excused).rows == SURVEY.height
    cells = SURVEY.with_columns(visa=pl.Series(["work permit", "study permit"] * 300))
    with pytest.raises(SurveyRefusedError, match="its values say so"):
        made(tmp_path, cells, excused)


def test_citizenship_under_a_code_is_left_out(tmp_path: Path) -> None:
    coded = SURVEY.with_columns(pb220a=pl.lit("AT"))
    with pytest.raises(SpecError, match="no column 'pb220a'"):
        made(tmp_path, coded, LEAST.replace("members > 2", "pb220a = 'AT'"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,b\n", "no rows below"),
        (b"a,a\n1,2\n", "two columns 'a'"),
        (bytes(range(256)) * 4, "s.csv"),
    ],
)
def test_a_file_that_is_no_survey_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with pytest.raises(Exception, match=said) as refused:
        read_survey(path, read_spec(LEAST))
    assert type(refused.value).__module__.startswith("philoxenia")


def test_western_letters_and_titles_above_the_header_are_read(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes("Enquête ménages;;\nmembers;quartier;poids\n3;Élysée;1\n1;Élysée;2\n".encode("latin-1"))
    found = read_survey(path, read_spec(LEAST))
    assert found["members"].to_list() == [3.0, 1.0]
    assert found["quartier"].to_list() == ["Élysée"] * 2


def test_the_table_of_durable_solutions_can_be_said_in_a_spec(shared_data) -> None:
    """Every sub-criterion of IRIS gets an indicator: the mapping is a list of questions, not of answers."""
    path = shared_data / "survey" / "indicator_mapping_durable_solutions.csv"
    if not path.exists():
        pytest.skip("the mapping of durable solutions is not here")
    criteria = [name for name in pl.read_csv(path).to_series(0).drop_nulls() if name.strip()]
    spec = '[survey]\nname = "IRIS"\nanonymous = true\n' + "".join(
        f'[[indicators]]\nid = "i{number}"\nname = """{name.strip()}"""\nwhere = "q{number} = 1"\n'
        for number, name in enumerate(criteria)
    )
    answers = pl.DataFrame(
        {f"q{number}": np.arange(40) % (number + 2) == 0 for number in range(len(criteria))}
    )
    read = read_spec(spec)
    found = profile(answers.cast(pl.Float64), read).tables["indicators"]
    assert found["label"].to_list() == [name.strip() for name in criteria]
    assert found["value"].to_list()[0] == 0.5


def test_eusilc_gives_the_published_rate_through_a_spec(shared_data, tmp_path: Path) -> None:
    path = shared_data / "survey" / "eusilc_synthetic_at.csv.gz"
    if not path.exists():
        pytest.skip("the synthetic EU-SILC is not here")
    spec = read_spec(
        '[survey]\nname = "EU-SILC (synthetic)"\nunit = "persons"\nanonymous = true\nsynthetic = true\n'
        '[design]\nweight = "rb050"\nstratum = "db040"\ncluster = "db030"\n'
        '[[groups]]\nid = "women"\nwhere = "rb090 = \'female\'"\n'
        '[[groups]]\nid = "men"\nwhere = "rb090 = \'male\'"\nreference = true\n'
        '[[indicators]]\nid = "arpr"\nwhere = "eqIncome < 10859.24"\n'
    )
    found = profile(read_survey(path, spec), spec)
    told = dict(found.tables["indicators"].select("group", "value").iter_rows())
    # Alfons and Templ 2013: 14.44422 %; by gender the same package gives 12.02660 and 16.73351.
    assert 100 * told["all"] == pytest.approx(14.44422, abs=5e-6)
    assert 100 * told["men"] == pytest.approx(12.02660, abs=5e-6)
    assert 100 * told["women"] == pytest.approx(16.73351, abs=5e-6)


def test_nothing_of_a_row_stands_in_an_error(tmp_path: Path) -> None:
    odd = SURVEY.with_columns(weight=pl.lit("somebody's secret"))
    with pytest.raises(ProfileError) as refused:
        made(tmp_path, odd, LEAST + "[design]\nweight = 'weight'\n")
    assert "secret" not in str(refused.value)
