"""The rules of the city this application runs for, read again when a file changes."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from philoxenia.cards.points import CardRules, read_card_rules
from philoxenia_web.directory.city import city


def card_rules() -> CardRules:
    """What the city accepts and what its card says. Raises `CityError` where it issues none."""
    folder = Path(settings.ENVIRONMENT.city)
    files = [folder / "card" / name for name in ("card.toml", "points.csv")]
    return _read(folder, tuple(file.stat().st_mtime_ns if file.is_file() else 0 for file in files))


def issues_cards() -> bool:
    """Whether the city has rules for a card."""
    return (Path(settings.ENVIRONMENT.city) / "card" / "card.toml").is_file()


def today() -> date:
    """The day in the city, in jobs and programs too: a card begins and ends by its clocks."""
    return timezone.now().astimezone(city().zone).date()


@lru_cache(maxsize=4)
def _read(folder: Path, _signature: tuple[int, ...]) -> CardRules:
    return read_card_rules(folder)
