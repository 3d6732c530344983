"""Names in any script are set in the PDF: with fonts of the machine, or with those installed as packages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.report.made_city import full

from philoxenia.report import document
from philoxenia.report import pdf as pdfs


@pytest.fixture
def font_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A font package as they come: a module with a folder of files, told by its entry point."""
    files = tmp_path / "made_font" / "files"
    files.mkdir(parents=True)
    (files.parent / "__init__.py").write_text("", encoding="utf-8")
    told = tmp_path / "made_font-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: made-font\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text("[fontpkg.family]\nmade = made_font\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield files
    sys.modules.pop("made_font", None)


def test_fonts_installed_as_packages_are_handed_to_the_typesetter(
    font_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[Path] = []
    fonts = pdfs.typst.Fonts

    def noted(font_paths: list[Path]) -> object:
        handed.extend(font_paths)
        return fonts(font_paths=font_paths)

    monkeypatch.setattr(pdfs.typst, "Fonts", noted)
    assert pdfs.pdf(document(full())).startswith(b"%PDF-")
    assert font_package in handed


def test_a_package_without_its_folder_is_passed_over(font_package: Path) -> None:
    font_package.rmdir()
    assert font_package not in pdfs._installed_fonts()
