"""Guides of a city from its folder: `guides.toml` (order, language), `sources.toml`, one folder a guide.

Owns what a file may hold and the sentence for each fault; ignores how a guide is shown. A guide with a fault
is left out whole, a faulty translation too, so that nobody reads half a guide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from philoxenia.directory.guides.entries import Entries, read_toml
from philoxenia.directory.guides.parts import read_guide, read_source
from philoxenia.directory.guides.problems import GuideError
from philoxenia.directory.guides.translations import read_translation
from philoxenia.directory.guides.types import Guide, Source, Translation

_KEYS = ("language", "order")


@dataclass(frozen=True)
class Guides:
    """A city's guides in their order, their translations, and sentences on what was left out."""

    language: str = "en"
    guides: tuple[Guide, ...] = ()
    translations: Mapping[tuple[str, str], Translation] | None = None
    faults: tuple[str, ...] = ()

    def guide(self, name: str) -> Guide | None:
        """The guide of that name, or None."""
        return next((one for one in self.guides if one.id == name), None)

    def translation(self, guide: str, language: str) -> Translation | None:
        """The guide's texts in a language, or None."""
        return (self.translations or {}).get((guide, language))

    def languages(self) -> tuple[str, ...]:
        """Languages in which there is at least one translation, sorted."""
        return tuple(sorted({language for _, language in self.translations or {}}))


def read_guides(folder: Path) -> Guides:
    """The guides below `folder`. A city without that folder has none; faults are told, never raised."""
    if not folder.is_dir():
        return Guides()
    faults: list[str] = []
    settings = Entries(folder / "guides.toml", read_toml(folder / "guides.toml", faults), faults)
    settings.only(_KEYS)
    language, order = settings.language("language"), settings.names("order")
    sources = _sources(folder / "sources.toml", faults)
    guides = [made for name in order if (made := _guide(folder / name, language, sources, faults))]
    known = {one.id: one for one in guides}
    translations: dict[tuple[str, str], Translation] = {}
    for path in sorted(folder.glob("*/*.toml")):
        if path.stem == language:
            _stray(path, order, faults)
        elif path.parent.name in known:
            translations |= _translations(path, known[path.parent.name], faults)
    return Guides(language, tuple(guides), translations, tuple(faults))


def check_guides(folder: Path) -> Guides:
    """Like `read_guides`, but raises `GuideError` with every fault; an absent folder is a fault too."""
    if not folder.is_dir():
        raise GuideError(
            [f"There is no folder {folder}. Guides lie in the folder guides/ of a city package."]
        )
    found = read_guides(folder)
    if found.faults:
        raise GuideError(found.faults)
    return found


def _sources(path: Path, faults: list[str]) -> dict[str, Source]:
    content = read_toml(path, faults)
    made = {name: read_source(name, Entries(path, raw, faults, name)) for name, raw in content.items()}
    return {name: one for name, one in made.items() if one}


def _guide(folder: Path, language: str, sources: Mapping[str, Source], faults: list[str]) -> Guide | None:
    path, before = folder / f"{language}.toml", len(faults)
    content: Mapping[str, Any] = read_toml(path, faults)
    made = read_guide(folder.name, language, Entries(path, content, faults), sources)
    return made if len(faults) == before else None


def _translations(path: Path, guide: Guide, faults: list[str]) -> dict[tuple[str, str], Translation]:
    before = len(faults)
    made = read_translation(guide, path.stem, Entries(path, read_toml(path, faults), faults))
    return {(guide.id, path.stem): made} if len(faults) == before else {}


def _stray(path: Path, order: tuple[str, ...], faults: list[str]) -> None:
    if path.parent.name not in order:
        faults.append(
            f"{path}: the guide {path.parent.name} is not in the order of guides.toml. Name it there."
        )
