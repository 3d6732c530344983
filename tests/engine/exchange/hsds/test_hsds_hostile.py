"""Directories made to do harm, or made carelessly: nothing of it reaches a page."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from engine_hsds import everything

from philoxenia.exchange.hsds import About, model, read_records
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

ORGANISATION = [{"id": "o1", "name": "Maple", "description": "Help."}]
SERVICE = {"id": "s1", "organization_id": "o1", "name": "Advice", "status": "active"}


def read(package: Any, **changes: Any) -> Any:
    return package({"organizations": ORGANISATION, "services": [SERVICE | changes]})


class TestTexts:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("<script>alert(1)</script>Advice", "Advice"),
            ("Advice<img src=x onerror=alert(1)>", "Advice"),
            ("&lt;script&gt;alert(1)&lt;/script&gt;Advice", "Advice"),
            ("Advice\u202egnp.exe\u2066", "Advicegnp.exe"),
            ("Ad\u0001vi\u200bce\u0007", "Advice"),
            ("Fish &amp; chips", "Fish & chips"),
            ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
            ("می\u200cخواهم", "می\u200cخواهم"),
        ],
    )
    def test_names(self, as_json: Any, text: str, kept: str) -> None:
        records = as_json(SERVICE | {"name": text, "organization": ORGANISATION[0]})
        assert records.tables["service"]["name"].to_list() == [kept]

    def test_a_text_of_ten_million_signs_is_cut_and_said(self, as_json: Any) -> None:
        records = as_json(SERVICE | {"description": "x" * 10_000_000, "organization": ORGANISATION[0]})
        assert records.tables["service"]["description"].str.len_chars().to_list() == [
            limit("directory", "text_characters")
        ]
        assert "text_cut" in {one.kind for one in records.told}

    @pytest.mark.parametrize("word", ["N/A", "none", "TBD", "-", "لا يوجد", "null"])
    def test_words_for_nothing(self, package: Any, word: str) -> None:
        assert read(package, description=word).tables["service"]["description"].to_list() == [None]


class TestValues:
    @pytest.mark.parametrize(
        ("url", "kept"),
        [
            ("javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("data:text/html,<script>", None),
            ("http://example.org/a", "http://example.org/a"),
            ("www.example.org", "https://www.example.org"),
            ("not a page", None),
            ('https://example.org/"onmouseover="x', None),
        ],
    )
    def test_web_addresses(self, package: Any, url: str, kept: str | None) -> None:
        assert read(package, url=url).tables["service"]["url"].to_list() == [kept]

    @pytest.mark.parametrize(
        ("column", "text", "kept"),
        [
            ("status", "ACTIVE", "active"),
            ("status", "Temporarily-closed", "temporarily closed"),
            ("status", "shut for good", "inactive"),
            ("status", "", "active"),
            ("minimum_age", "12,5", 12.5),
            ("assured_date", "31/12/2024", "2024-12-31"),
            ("assured_date", "soon", None),
            ("email", "help@example.org", "help@example.org"),
            ("email", "help at example", None),
            ("last_modified", "2024-05-31T09:00:00Z", "2024-05-31T09:00:00.000+00:00"),
        ],
    )
    def test_cells_of_other_types(self, package: Any, column: str, text: str, kept: Any) -> None:
        assert read(package, **{column: text}).tables["service"][column].to_list() == [kept]

    @pytest.mark.parametrize(
        ("latitude", "longitude"), [("0", "0"), ("43.6", ""), ("430", "-79"), ("north", "west")]
    )
    def test_points_that_are_none(self, package: Any, latitude: str, longitude: str) -> None:
        place = {
            "id": "l1",
            "location_type": "physical",
            "name": "Hall",
            "latitude": latitude,
            "longitude": longitude,
        }
        records = package({"organizations": ORGANISATION, "locations": [place]})
        assert records.tables["location"].select("latitude", "longitude").rows() == [(None, None)]

    def test_every_column_has_the_type_of_the_model(self, package: Any) -> None:
        records = read(package)
        for name, table in model().items():
            assert dict(records.tables[name].schema) == table.schema


class TestArchives:
    def test_a_way_out_of_the_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("../services.csv", "id,name\n1,x\n")
        with pytest.raises(UnreadableFileError, match="outside the archive"):
            read_records(path)

    def test_a_link_out_of_the_folder(self, tmp_path: Path) -> None:
        secret = tmp_path / "secret.csv"
        secret.write_text("id,name\no1,Secret\n")
        folder = tmp_path / "export"
        folder.mkdir()
        (folder / "organizations.csv").symlink_to(secret)
        (folder / "services.csv").write_text("id,organization_id,name,status\ns1,o1,x,active\n")
        assert "Secret" not in everything(read_records(folder, About(source="Test")))

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.4", b"\x89PNG\r\n"])
    def test_what_is_no_directory(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "export.csv"
        path.write_bytes(content)
        with pytest.raises(UnreadableFileError):
            read_records(path)
