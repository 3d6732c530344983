"""Marks translations with the text they were made from, and starts a new one.

Only texts without a mark get one: who has mended an outdated translation takes its old mark out first, so
that nothing becomes current by accident.
"""

import json
import tomllib
from pathlib import Path

from philoxenia.directory.guides.problems import GuideError
from philoxenia.directory.guides.reading import read_guides
from philoxenia.directory.guides.types import Guide, fingerprint
from philoxenia.lake.files import write_whole

_SECTION = "[made_from]"


def stamp(folder: Path) -> dict[Path, int]:
    """Give every text of every translation below `folder` its missing mark: file to number of marks given.

    Raises `GuideError` where a guide itself, or a file's form, is at fault.
    """
    found = read_guides(folder)
    known = {guide.id: guide for guide in found.guides}
    given: dict[Path, int] = {}
    for path in sorted(folder.glob("*/*.toml")):
        guide = known.get(path.parent.name)
        if guide and path.stem != found.language and (marks := _missing(path, guide)):
            _append(path, marks)
            given[path] = len(marks)
    return given


def template(guide: Guide, language: str, today: str) -> str:
    """The file of a new translation: every text in the guide's own language, to be written over."""
    lines = [f'language = "{language}"', 'by = ""', f"date = {today}", "reviewed = []", "", "[texts]"]
    lines += [f"{_quoted(key)} = {_quoted(text)}" for key, text in guide.texts().items()]
    return "\n".join([*lines, ""])


def _missing(path: Path, guide: Guide) -> dict[str, str]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise GuideError([f"{path} cannot be read: {fault}."]) from fault
    source, marked = guide.texts(), content.get("made_from", {})
    texts = content.get("texts", {})
    return {key: fingerprint(source[key]) for key in texts if key in source and key not in marked}


def _append(path: Path, marks: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8-sig").rstrip()
    if _SECTION not in text:
        text += f"\n\n# The text that each was made from (philoxenia guides stamp).\n{_SECTION}"
    elif "[" in text.split(_SECTION, 1)[1].replace(_SECTION, ""):
        raise GuideError([f"{path}: {_SECTION} must be the last section. Move it to the end."])
    lines = [text, *(f"{_quoted(key)} = {_quoted(mark)}" for key, mark in marks.items()), ""]
    write_whole(path, lambda beside: beside.write_text("\n".join(lines), encoding="utf-8"))


def _quoted(text: str) -> str:
    # A JSON string without escaped letters is a basic string of TOML.
    return json.dumps(text, ensure_ascii=False)
