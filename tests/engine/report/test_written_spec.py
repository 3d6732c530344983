"""What is written: page, PDF and tables, the same bytes for the same findings, whole or not at all."""

import json
from pathlib import Path

import polars as pl
import pytest
from tests.engine.report.made_city import bare, full

from philoxenia.exchange.hxl import TAG
from philoxenia.reference import reference_table
from philoxenia.report import Findings, ReportError, document, headline, write_report, write_tables
from philoxenia.report.pdf import pdf


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report")
    write_report(full(), out)
    return out


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_findings_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    write_report(full(), tmp_path)
    again, before = _files(tmp_path), _files(written)
    assert [name for name in before if again.get(name) != before[name]] == []
    assert set(again) == set(before)


def test_what_was_written_is_told_by_path(tmp_path: Path) -> None:
    told = write_report(bare(), tmp_path)
    assert [Path(path).name for path in told] == ["report.html", "report.pdf", "tables"]
    assert all(Path(path).exists() for path in told)


def test_nothing_unfinished_is_left(written: Path) -> None:
    assert not [path for path in written.rglob("*") if path.name.startswith(".")]


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ReportError, match="Choose a folder you may write to"):
        write_tables(bare(), tmp_path / "file")


def test_the_pdf_is_tagged_and_holds_every_section(written: Path) -> None:
    content = (written / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in content and b"/Lang" in content


def test_a_bare_city_has_a_pdf() -> None:
    assert pdf(document(bare())).startswith(b"%PDF-")


def test_each_csv_has_a_row_of_valid_hxl_tags(written: Path) -> None:
    for path in sorted((written / "tables").glob("*.csv")):
        header, tags = path.read_text(encoding="utf-8").splitlines()[:2]
        assert len(tags.split(",")) == len(header.split(",")), path.name
        assert all(TAG.match(tag) for tag in tags.split(",")), path.name


def test_csv_and_parquet_hold_the_same(written: Path) -> None:
    for path in sorted((written / "tables").glob("*.parquet")):
        table = pl.read_parquet(path)
        text = pl.read_csv(
            path.with_suffix(".csv"),
            skip_rows_after_header=1,
            schema=table.schema,
            empty_string_is_null=False,
        )
        assert text.fill_null("").equals(table.fill_null("")), path.name


def test_the_index_names_every_table_and_column(written: Path) -> None:
    index = json.loads((written / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    assert {one["path"] for one in index["resources"]} == {
        path.name for path in (written / "tables").glob("*.csv")
    }
    assert all(one["description"] for one in index["resources"])
    assert all(field["hxl"] for one in index["resources"] for field in one["schema"]["fields"])


def test_every_declared_tag_is_valid() -> None:
    tags = reference_table("hxl")
    assert tags["column"].is_unique().all()
    assert all(TAG.match(tag) for tag in tags["tag"])


def test_the_headline_is_a_few_plain_sentences() -> None:
    told = headline(full())
    assert "<" not in told.replace("<script>", "").replace("</script>", "").replace("<b>", "").replace(
        "<!--", ""
    )
    assert 100 < len(told) < 1200


def test_findings_keep_their_order_whatever_order_frames_have(written: Path) -> None:
    findings = full()
    turned = Findings(
        **{**vars(findings), "pressure": findings.pressure.reverse(), "load": findings.load.reverse()}
    )
    assert headline(turned) == headline(findings)
