"""The figures of a finished study as SVG files: drawn once from its findings, since results never change."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from philoxenia.lake.files import publish, unfinished_path
from philoxenia.report import Findings, document
from philoxenia.report.document import Figure, Section
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.reading import reading_of

_INDEX = "figures.json"


def figures_of(study: Study) -> list[dict[str, Any]]:
    """What is said of each drawing: its name, title, what it shows in words, its source."""
    folder = _folder(study)
    if not (folder / _INDEX).is_file():
        _draw(reading_of(study).findings, folder)
    return list(json.loads((folder / _INDEX).read_text(encoding="utf-8")))


def drawing(study: Study, name: str) -> Path | None:
    """The file of a drawing by name; None where there is none."""
    there = {one["name"] for one in figures_of(study)}
    return _folder(study) / f"{name}.svg" if name in there else None


def _folder(study: Study) -> Path:
    return Path(settings.ENVIRONMENT.var) / "cache" / "figures" / study.result_hash


def _draw(findings: Findings, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    told = []
    for figure in _figures(document(findings).sections):
        for place, picture in enumerate(figure.pictures, 1):
            name = figure.id if len(figure.pictures) == 1 else f"{figure.id}-{place}"
            _put(folder / f"{name}.svg", picture.standalone)
            title = " · ".join(filter(None, (figure.title, picture.title)))
            words = [picture.label, *figure.words]
            told.append({"name": name, "title": title, "words": words, "source": figure.source})
    # Last, so that whoever finds the index finds every drawing.
    _put(folder / _INDEX, json.dumps(told, ensure_ascii=False))


def _put(final: Path, content: str) -> None:
    unfinished = unfinished_path(final)
    unfinished.write_text(content, encoding="utf-8")
    publish(unfinished, final)


def _figures(sections: tuple[Section, ...]) -> Iterator[Figure]:
    for section in sections:
        for blocks in (section.blocks, *(part.blocks for part in section.parts), section.closing):
            yield from (block for block in blocks if isinstance(block, Figure))
