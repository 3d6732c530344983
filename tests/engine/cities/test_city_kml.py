"""KML is opened like the other map formats, and cannot do harm."""

from pathlib import Path

import pytest
import shapely

from philoxenia.exchange import check_file, load_contract

HEAD = '<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
TAIL = "</Document></kml>"
BRANCH = (
    '<Placemark id="L1"><name>Harbour</name><address>1 Quay St</address><Point><coordinates>35.91,31.91,0'
    "</coordinates></Point></Placemark>"
)


def kml(folder: Path, body: str) -> Path:
    path = folder / "places.kml"
    path.write_text(HEAD + body + TAIL, encoding="utf-8")
    return path


def ring(*corners: tuple[float, float]) -> str:
    text = " ".join(f"{x},{y}" for x, y in corners)
    return f"<LinearRing><coordinates>{text}</coordinates></LinearRing>"


def test_placemarks_become_rows_with_their_position(tmp_path: Path) -> None:
    report = check_file(kml(tmp_path, BRANCH), "libraries")
    assert report.table.select("branch_id", "name", "address", "longitude", "latitude").rows() == [
        ("L1", "Harbour", "1 Quay St", 35.91, 31.91)
    ]


def test_fields_of_a_schema_and_outlines_with_holes_are_read(tmp_path: Path) -> None:
    outer = ring((0, 0), (4, 0), (4, 4), (0, 4), (0, 0))
    hole = ring((1, 1), (2, 1), (2, 2), (1, 2), (1, 1))
    body = (
        "<Placemark><name>Old Town</name><ExtendedData><SchemaData>"
        '<SimpleData name="district_id">07</SimpleData>'
        f"</SchemaData></ExtendedData><Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>"
        f"<innerBoundaryIs>{hole}</innerBoundaryIs></Polygon></Placemark>"
    )
    table = check_file(kml(tmp_path, body), load_contract("districts")).table
    assert table["district_id"].to_list() == ["07"]
    assert shapely.from_wkb(table["geometry"][0]).area == 15


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEAD + BRANCH, "is not valid KML"),
        (HEAD + TAIL, "holds no placemarks"),
        (HEAD + BRANCH.replace("35.91", "east") + TAIL, "is not valid KML"),
        (
            '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa">]><kml><name>&a;</name></kml>',
            "declares a document type, which KML does not need",
        ),
    ],
)
def test_a_damaged_or_hostile_file_is_unreadable_with_a_sentence(
    tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / "places.kml"
    path.write_text(content, encoding="utf-8")
    report = check_file(path)
    assert report.outcome.exit_code == 4
    assert said in report.findings[0].message
