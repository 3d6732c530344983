"""A package is built from raw extracts by a recipe that is data, twice the same, and never half."""

import hashlib
import shutil
from pathlib import Path

import polars as pl
import pytest

from philoxenia.exchange import read_city
from philoxenia.workflows.build_city import BuildError, RecipeError, build_city, new_city, tables_page
from philoxenia.workflows.build_city.recipe import read_recipe
from philoxenia.workflows.build_city.record import RawRecord, TableRecord, sources_text

RECIPE = """
[[raw]]
name = "register"
file = "health/register.csv"
contract = "clinics"
title = "Clinics"
owner = "Health department"
licence = "CC BY 4.0"
date = "2025"
notes = ["Public clinics only."]

[[make]]
name = "clinics"
from = ["register"]
title = "Public clinics"
steps = [
  { do = "district_by_point", districts = "outlines", within_km = 0.5 },
]
"""
OUTLINES = """
[[raw]]
name = "outlines"
file = "map.geojson"
contract = "districts"
owner = "Planning"
licence = "CC BY 4.0"
date = "2024"
"""
REGISTER = "id;organization;address;lat;lon\n7;Dar;Main St 1;31,91;35,91\n12; Noor ;Hill St 2;31,91;35,93\n"


@pytest.fixture
def raw(tmp_path: Path, second_city: Path) -> Path:
    """Raw extracts of the second city, in a department's own notation."""
    folder = tmp_path / "raw"
    (folder / "health").mkdir(parents=True)
    (folder / "health" / "register.csv").write_text(REGISTER, encoding="utf-8")
    shutil.copy(second_city / "districts.geojson", folder / "map.geojson")
    (second_city / "recipe.toml").write_text(OUTLINES + RECIPE, encoding="utf-8")
    return folder


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


KEPT = """
[[kept]]
name = "action_budgets"
owner = "Finance"
licence = "CC BY 4.0"
date = "2026"
notes = ["Written by hand."]
"""


class TestTablesWrittenByHand:
    """A catalogue of actions is not made of extracts; the recipe keeps it, and says whose it is."""

    def write(self, city: Path, text: str) -> Path:
        recipe = city / "recipe.toml"
        recipe.write_text(recipe.read_text(encoding="utf-8") + KEPT, encoding="utf-8")
        table = city / "tables" / "action_budgets.csv"
        table.write_text(text, encoding="utf-8")
        return table

    def test_it_is_recorded_and_left_as_it_is(self, second_city: Path, raw: Path) -> None:
        table = self.write(second_city, "funder,title,year,amount,source\ncity,City,1,500,Budget 2026\n")
        before = table.read_bytes()
        build_city(second_city, raw)
        source = read_city(second_city).sources["action_budgets"]
        assert (source.owner, source.raw_file) == ("Finance", "tables/action_budgets.csv")
        assert source.sha256 == hashlib.sha256(before).hexdigest()
        assert table.read_bytes() == before

    def test_one_that_breaks_its_contract_is_refused(self, second_city: Path, raw: Path) -> None:
        self.write(second_city, "funder,title,year,amount,source\ncity,City,1,-500,Budget 2026\n")
        with pytest.raises(BuildError, match="action_budgets breaks its own contract"):
            build_city(second_city, raw)

    def test_one_that_is_not_there_is_named(self, second_city: Path, raw: Path) -> None:
        self.write(second_city, "").unlink()
        with pytest.raises(BuildError, match=r"kept 'action_budgets': there is no .*action_budgets\.csv"):
            build_city(second_city, raw)


class TestBuilding:
    def test_an_extract_is_checked_mended_placed_and_written(self, second_city: Path, raw: Path) -> None:
        told: list[str] = []
        (table,) = build_city(second_city, raw, told.append)
        assert table.path.read_text(encoding="utf-8") == (
            "clinic_id,name,address,latitude,longitude,district_id\n"
            "7,Dar,Main St 1,31.91,35.91,A1\n"
            "12,Noor,Hill St 2,31.91,35.93,B2\n"
        )
        assert told == ["tables/clinics.csv: 2 rows"]
        assert read_city(second_city).tables["clinics"].height == 2

    def test_building_again_changes_no_byte(self, second_city: Path, raw: Path) -> None:
        build_city(second_city, raw)
        first = everything_in(second_city)
        (again,) = build_city(second_city, raw)
        assert not again.changed
        assert everything_in(second_city) == first

    def test_the_source_of_a_table_says_what_was_mended_and_what_helped(
        self, second_city: Path, raw: Path
    ) -> None:
        build_city(second_city, raw)
        source = read_city(second_city).sources["clinics"]
        assert (source.owner, source.licence, source.date) == ("Health department", "CC BY 4.0", "2025")
        assert source.raw_file == "health/register.csv"
        assert any("31,91" in mend for mend in source.mended)
        assert source.note == "Public clinics only."
        assert "map.geojson (Planning; CC BY 4.0;" in (second_city / "sources.toml").read_text(
            encoding="utf-8"
        )

    def test_an_extract_may_lie_anywhere_under_the_folder(self, second_city: Path, raw: Path) -> None:
        (raw / "health" / "register.csv").rename(raw / "register.csv")
        assert build_city(second_city, raw)

    def test_two_files_of_one_name_are_not_guessed_between(self, second_city: Path, raw: Path) -> None:
        (raw / "health" / "register.csv").rename(raw / "register.csv")
        (raw / "old").mkdir()
        shutil.copy(raw / "register.csv", raw / "old" / "register.csv")
        with pytest.raises(BuildError, match=r"several files named register\.csv"):
            build_city(second_city, raw)

    def test_a_missing_extract_is_named(self, second_city: Path, raw: Path) -> None:
        (raw / "health" / "register.csv").unlink()
        with pytest.raises(BuildError, match=r"There is no health/register\.csv under"):
            build_city(second_city, raw)

    def test_a_refused_extract_leaves_the_old_table(self, second_city: Path, raw: Path) -> None:
        build_city(second_city, raw)
        first = everything_in(second_city)
        (raw / "health" / "register.csv").write_text(
            "id;organization;address;lat;lon\n1;;;x;y\n", encoding="utf-8"
        )
        with pytest.raises(BuildError, match=r"health/register\.csv is refused"):
            build_city(second_city, raw)
        assert everything_in(second_city) == first

    def test_a_table_that_breaks_its_own_contract_is_not_written(self, second_city: Path, raw: Path) -> None:
        recipe = (second_city / "recipe.toml").read_text(encoding="utf-8")
        step = '{ do = "constant", columns = { clinic_id = "1" } },'
        (second_city / "recipe.toml").write_text(
            recipe.replace("steps = [", f"steps = [\n  {step}"), encoding="utf-8"
        )
        with pytest.raises(BuildError, match="The table clinics breaks its own contract"):
            build_city(second_city, raw)
        assert not list((second_city / "tables").glob("*clinics*"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('do = "district_by_point"', 'do = "fly"'), "make 'clinics', step 1: there is no step 'fly'"),
        (("within_km", "within_miles"), "'within_miles' is not an entry of district_by_point"),
        (('from = ["register"]', 'from = ["registre"]'), "there is no table 'registre' before it"),
        (('districts = "outlines"', 'districts = "maps"'), "there is no table 'maps' before it"),
        (('title = "Public clinics"', 'titel = "Public clinics"'), "unexpected keyword argument 'titel'"),
        (
            ('title = "Public clinics"', 'format = "xls"'),
            "the format 'xls' is not one of csv, parquet, geojson",
        ),
        (
            ('licence = "CC BY 4.0"\ndate = "2025"', 'date = "2025"'),
            "missing 1 required positional argument: 'licence'",
        ),
        (('name = "register"', 'name = "outlines"'), "the name 'outlines' is given twice"),
        (("[[make]]", "[[make]"), "is not valid TOML"),
    ],
)
def test_a_wrong_recipe_is_refused_with_the_place(
    second_city: Path, raw: Path, change: tuple[str, str], said: str
) -> None:
    recipe = (second_city / "recipe.toml").read_text(encoding="utf-8")
    assert change[0] in recipe
    (second_city / "recipe.toml").write_text(recipe.replace(*change), encoding="utf-8")
    with pytest.raises(RecipeError) as refusal:
        build_city(second_city, raw)
    assert said in str(refusal.value)


def test_a_package_without_a_recipe_is_told_that_it_needs_none(second_city: Path) -> None:
    with pytest.raises(RecipeError, match="a package made by hand needs none"):
        build_city(second_city, second_city)


class TestNewCity:
    def test_a_new_city_can_be_read_at_once(self, tmp_path: Path) -> None:
        written = new_city(tmp_path / "Nea Polis", 'Nea "Polis"')
        assert tmp_path / "Nea Polis" / "city.toml" in written
        city = read_city(tmp_path / "Nea Polis")
        assert (city.id, city.name) == ("nea_polis", 'Nea "Polis"')
        assert city.remarks == ()

    def test_a_folder_in_use_is_not_touched(self, second_city: Path) -> None:
        with pytest.raises(RecipeError, match="is there already and is not empty"):
            new_city(second_city, "X")

    def test_the_templates_page_is_that_of_the_contracts(self, toronto: Path) -> None:
        page = (toronto.parent / "_template" / "README.md").read_text(encoding="utf-8")
        assert page == tables_page(), "run: philoxenia city tables > cities/_template/README.md"


def test_a_record_writes_texts_of_every_kind_as_toml() -> None:
    record = RawRecord(
        'a "b"\\c.csv', "0" * 64, "clinics 1.0", 2, "Ὑγεία", "CC", "2025", ("line\nbreak",), ()
    )
    text = sources_text([TableRecord("clinics", "T", "clinics 1.0", 2, (record,))])
    assert '"a \\"b\\"\\\\c.csv: line\\nbreak"' in text


@pytest.fixture(scope="module")
def rebuilt(toronto: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Toronto package, built anew elsewhere."""
    folder = tmp_path_factory.mktemp("rebuilt")
    for name in ("city.toml", "recipe.toml"):
        shutil.copy(toronto / name, folder / name)
    for name in ("recipe", "contracts"):
        shutil.copytree(toronto / name, folder / name)
    (folder / "tables").mkdir()
    for table in read_recipe(folder / "recipe.toml").kept:
        shutil.copy(toronto / "tables" / f"{table.name}.csv", folder / "tables")
    build_city(folder, shared_data)
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("rebuilt")
class TestToronto:
    """The committed package is what its recipe makes of the raw extracts."""

    def test_every_table_is_what_the_recipe_makes(self, toronto: Path, rebuilt: Path) -> None:
        made = {path.relative_to(rebuilt) for path in rebuilt.glob("tables/*")}
        assert made == {path.relative_to(toronto) for path in toronto.glob("tables/*")}
        for name in sorted(made):
            if name.suffix == ".parquet":
                # Another Parquet writer gives other bytes for the same table.
                assert pl.read_parquet(toronto / name).equals(pl.read_parquet(rebuilt / name)), name
            else:
                assert (toronto / name).read_bytes() == (rebuilt / name).read_bytes(), name
        assert (toronto / "districts.geojson").read_bytes() == (rebuilt / "districts.geojson").read_bytes()

    def test_the_same_extracts_are_behind_it(self, toronto: Path, rebuilt: Path) -> None:
        before, after = read_city(toronto).sources, read_city(rebuilt).sources
        assert {name: source.sha256 for name, source in before.items()} == {
            name: source.sha256 for name, source in after.items()
        }

    def test_building_again_changes_no_byte(self, rebuilt: Path, shared_data: Path) -> None:
        first = everything_in(rebuilt)
        assert not any(table.changed for table in build_city(rebuilt, shared_data))
        assert everything_in(rebuilt) == first
