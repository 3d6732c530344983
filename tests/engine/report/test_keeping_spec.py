"""Findings kept on disk come back as they were, or not at all with a sentence that says why."""

import json
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.engine.report.made_city import bare, full

from philoxenia.report import CityFacts, Findings, ReportError, keep_findings, read_findings
from philoxenia.vocabulary import PhiloxeniaError

HOSTILE = "</script>\u202e\u0000\n\"'{{ x }}"


def assert_same(found: Findings, kept: Findings) -> None:
    for field in fields(Findings):
        before, after = getattr(kept, field.name), getattr(found, field.name)
        if isinstance(before, pl.DataFrame):
            assert before.schema == after.schema, field.name
            assert_frame_equal(before, after, check_exact=True)
        elif field.name == "parameters":
            assert [before.row(name) for name in before] == [after.row(name) for name in after]
        else:
            assert after == before, field.name
            assert type(after) is type(before) or isinstance(before, dict)


@pytest.mark.parametrize("made", [bare, full])
def test_what_was_kept_comes_back_exactly(made: object, tmp_path: Path) -> None:
    findings = made()  # type: ignore[operator]
    keep_findings(findings, tmp_path / "findings")
    assert_same(read_findings(tmp_path / "findings"), findings)


def test_changed_parameters_words_and_odd_numbers_come_back(tmp_path: Path) -> None:
    findings = replace(
        full(),
        city=CityFacts("x", HOSTILE, "CAN", ("en", "ar"), "CAD", HOSTILE),
        parameters=full().parameters.overridden({"needs.sensitivity_draws": 200}, HOSTILE),
        labels={"claims": HOSTILE, "all": "كل"},
        notes=("one", HOSTILE),
        missing={"today": (), "load": (HOSTILE,)},
        remarks={"arrivals": ("two",)},
        weights={"low_income": 0.1 + 0.2, "unemployment": 1e-300},
        seed=2**62,
        reach=full().reach.clear(),
        shelter=pl.DataFrame({"value": [float("nan"), float("inf"), None, 5e-324], "n": [1, 2, None, 4]}),
    )
    keep_findings(findings, tmp_path / "findings")
    assert_same(read_findings(tmp_path / "findings"), findings)


def test_keeping_again_replaces_and_leaves_nothing_beside(tmp_path: Path) -> None:
    keep_findings(full(), tmp_path / "findings")
    keep_findings(bare(), tmp_path / "findings")
    assert_same(read_findings(tmp_path / "findings"), bare())
    assert [entry.name for entry in tmp_path.iterdir()] == ["findings"]


def test_every_damaged_or_missing_file_is_named(tmp_path: Path) -> None:
    keep_findings(full(), tmp_path / "findings")
    for path in sorted((tmp_path / "findings").iterdir()):
        content = path.read_bytes()
        for damaged in (content[: len(content) // 2], content[:-9] + b"\x00" * 9, b""):
            path.write_bytes(damaged)
            with pytest.raises(ReportError, match=path.name):
                read_findings(tmp_path / "findings")
        path.unlink()
        with pytest.raises(ReportError, match=path.name):
            read_findings(tmp_path / "findings")
        path.write_bytes(content)
    assert_same(read_findings(tmp_path / "findings"), full())


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"format": None},
        {"city": None},
        {"parameters": [{"name": "x"}]},
        {"frames": {"../../etc/passwd": ""}},
        {"frames": []},
        {"quality": 7},
        {"missing": []},
    ],
)
def test_an_index_that_says_something_else_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    keep_findings(full(), tmp_path / "findings")
    index = tmp_path / "findings" / "findings.json"
    index.write_text(json.dumps(json.loads(index.read_text(encoding="utf-8")) | change))
    with pytest.raises(ReportError, match="Run the study again"):
        read_findings(tmp_path / "findings")


def test_an_index_of_another_shape_is_refused(tmp_path: Path) -> None:
    keep_findings(full(), tmp_path / "findings")
    (tmp_path / "findings" / "findings.json").write_text("[]")
    with pytest.raises(ReportError, match="format None"):
        read_findings(tmp_path / "findings")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="cannot be written"):
        keep_findings(bare(), tmp_path / "file" / "findings")


def test_an_unknown_parameter_is_still_refused_after_reading(tmp_path: Path) -> None:
    keep_findings(bare(), tmp_path / "findings")
    with pytest.raises(PhiloxeniaError, match=r"needs\.sensitivity_draws"):
        read_findings(tmp_path / "findings").parameters.row("needs.sensitivity_draw")
