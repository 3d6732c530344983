"""The city's guides as pages and the offline edition read them: in a language, each text with its status."""

import logging
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse

from philoxenia.directory.guides import Guide, Guides, debt, read_guides, shown
from philoxenia.directory.guides.types import Check, Outcome, Source, Statement, Step, Text
from philoxenia_web.directory.guides.readable import plain
from philoxenia_web.directory.public.words import direction

Texts = dict[str, Text]
_log = logging.getLogger(__name__)


def city_guides() -> Guides:
    """The guides of the city this application runs for, read again when a file changes."""
    folder = settings.ENVIRONMENT.city / "guides"
    return _read(folder, _signature(folder))


def currency() -> str:
    """The currency of the city's amounts; the world's nameless one where city.toml names none."""
    return _currency(settings.ENVIRONMENT.city / "city.toml")


def texts_of(guides: Guides, guide: Guide, language: str) -> Texts:
    """Every text of one of these guides in a language, by its key."""
    return shown(guide, guides.translation(guide.id, language))


def all_guides(language: str) -> list[dict[str, Any]]:
    """Every guide as plain values for JSON; texts are {text, language, status}, without marks."""
    guides = city_guides()
    return [_guide(guides, guide, language) for guide in guides.guides]


def _guide(guides: Guides, guide: Guide, language: str) -> dict[str, Any]:
    texts = texts_of(guides, guide, language)
    return {
        "id": guide.id,
        "version": guide.version,
        "date": guide.written.isoformat(),
        "check_by": guide.check_by.isoformat(),
        "title": _text(texts["title"]),
        "lead": _text(texts["lead"]),
        "address": reverse("help-guide", args=[language, guide.id]),
        "language": language,
        "direction": direction(language),
        "translation": debt(guide, guides.translation(guide.id, language)),
        "steps": [_step(step, texts) for step in guide.steps],
        "checks": [_check(check, texts) for check in guide.checks],
    }


def _step(step: Step, texts: Texts) -> dict[str, Any]:
    says = [_statement(step, one, texts) for one in step.statements]
    return {"id": step.id, "title": _text(texts[f"{step.id}.title"]), "find": step.find, "says": says}


def _statement(step: Step, one: Statement, texts: Texts) -> dict[str, Any]:
    said = _text(texts[f"{step.id}.{one.id}"])
    return {**said, "id": one.id, "checked": one.status, "sources": [_source(s) for s in one.sources]}


def _check(check: Check, texts: Texts) -> dict[str, Any]:
    return {
        "id": check.id,
        "title": _text(texts[f"{check.id}.title"]),
        "outcomes": [_outcome(check, one, texts) for one in check.outcomes],
    }


def _outcome(check: Check, one: Outcome, texts: Texts) -> dict[str, Any]:
    key = f"{check.id}.{one.id}"
    return {
        "id": one.id,
        "title": _text(texts[f"{key}.title"]),
        "text": _text(texts[f"{key}.text"]),
        "rule": one.raw_rule,
        "checked": one.status,
    }


def _source(source: Source) -> dict[str, str]:
    day = source.published or source.read
    return {
        "title": source.title,
        "owner": source.owner,
        "address": source.address,
        "date": day.isoformat(),
        "date_kind": "published" if source.published else "read",
    }


def _text(text: Text) -> dict[str, str]:
    return {"text": plain(text.text), "language": text.language, "status": text.status}


@cache
def _currency(file: Path) -> str:
    told = tomllib.loads(file.read_text(encoding="utf-8-sig")) if file.is_file() else {}
    return str(told.get("city", {}).get("currency", "XXX"))


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    files = sorted(folder.rglob("*.toml"))
    return tuple((str(file), (stat := file.stat()).st_mtime_ns, stat.st_size) for file in files)


@lru_cache(maxsize=2)
def _read(folder: Path, signature: tuple[tuple[str, int, int], ...]) -> Guides:
    found = read_guides(folder)
    for fault in found.faults:
        _log.warning("A guide or a translation was left out: %s", fault)
    return found
