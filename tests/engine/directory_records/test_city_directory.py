"""The first directory of a city from the tables of its package, and the command that writes directories."""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.cli.main import main
from philoxenia.exchange.hsds import Records
from philoxenia.exchange.settings import CityError
from philoxenia.workflows.directory import city_directory

TORONTO = Path(__file__).resolve().parents[3] / "cities" / "toronto"


@pytest.fixture(scope="module")
def toronto_directory() -> Records:
    return city_directory(TORONTO)


class TestToronto:
    def test_what_is_in_it(self, toronto_directory: Records) -> None:
        services = toronto_directory.tables["service"]
        kinds = {"wifi": "^Free Wi-Fi at ", "english": "^English and newcomer"}
        counted = {
            kind: services.filter(pl.col("name").str.contains(word)).height for kind, word in kinds.items()
        }
        assert counted["wifi"] == 99
        assert counted["english"] > 50
        assert services.filter(pl.col("name").str.starts_with("Pharmacy, ")).height > 500
        assert services.filter(pl.col("description").str.starts_with("Public library.")).height == 100
        assert services.filter(pl.col("name") == "Central Intake for emergency shelter").height == 1

    def test_everything_names_source_licence_and_date(self, toronto_directory: Records) -> None:
        services = toronto_directory.tables["service"]
        assert services.select("source", "licence", "source_date").null_count().row(0) == (0, 0, 0)
        assert services.filter(pl.col("asks_status") != "unknown")["status_source"].null_count() == 0
        assert services.filter(pl.col("safe_without_papers") != "unknown").select(
            "status_statement", "status_source"
        ).null_count().row(0) == (0, 0)

    def test_no_shelter_has_a_place(self, toronto_directory: Records) -> None:
        services = toronto_directory.tables["service"]
        shelters = services.filter(pl.col("name").str.contains("(?i)shelter"))["id"]
        placed = toronto_directory.tables["service_at_location"]["service_id"]
        assert len(shelters) == 1
        assert not placed.is_in(shelters.implode()).any()

    def test_places_lie_in_districts_and_libraries_have_hours(self, toronto_directory: Records) -> None:
        assert toronto_directory.tables["location"]["district_id"].null_count() == 0
        wide = toronto_directory.tables["schedule"].filter(pl.col("closes_at") > pl.col("opens_at"))
        assert wide["byday"].str.contains("SU").any()
        assert toronto_directory.tables["phone"].height >= 300

    def test_nobody_is_said_to_have_checked_it(self, toronto_directory: Records) -> None:
        assert toronto_directory.tables["service"]["checked_on"].null_count() == toronto_directory.count(
            "service"
        )

    def test_a_package_without_a_directory(self, tmp_path: Path) -> None:
        with pytest.raises(CityError, match=r"directory\.toml"):
            city_directory(tmp_path)


class TestCommand:
    def test_reads_checks_and_writes(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = tmp_path / "export.csv"
        source.write_text(
            "PublicName,ParentAgency,Address1\nAdvice,Maple,1 Main St\nSafe house,Oak,9 Secret Lane\n",
            encoding="utf-8",
        )
        out = tmp_path / "out"
        assert main(["directory", str(source), "--out", str(out), "--no-duplicates", "--quiet"]) == 0
        assert "2 organisations, 2 services and 1 places" in capsys.readouterr().out
        assert {one.name for one in out.iterdir()} == {"package", "package.zip", "report.txt", "report.json"}
        written = b"".join(one.read_bytes() for one in out.rglob("*") if one.is_file())
        assert b"Secret Lane" not in written
        assert b"1 Main St" in written

    def test_what_is_refused_writes_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = tmp_path / "export.csv"
        source.write_text("Street Address\n1 Main St\n", encoding="utf-8")
        assert main(["directory", str(source), "--out", str(tmp_path / "out"), "--quiet"]) == 3
        assert not (tmp_path / "out").exists()
        assert "There is no column for name" in capsys.readouterr().out

    def test_doubles_are_found_and_left_to_a_person(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        source = tmp_path / "export.csv"
        rows = [
            "Oakwood Tenants Association,14 Birch Avenue,M5V 2T6",
            "Oakwood Tenants Assoc.,14 Birch Ave,M5V 2T6",
            "Harbour Light Choir,2 Pier Road,M8V 1A1",
        ]
        source.write_text("PublicName,Address1,PostalCode\n" + "\n".join(rows) + "\n", encoding="utf-8")
        out = tmp_path / "out"
        assert main(["directory", str(source), "--out", str(out), "--quiet"]) == 0
        pairs = pl.read_csv(out / "duplicates.csv")
        assert pairs.filter(pl.col("kind") == "organization").height == 1
        assert pl.read_csv(out / "package/organizations.csv").height == 3
        capsys.readouterr()
