"""Where the index lies and what the city's clocks say."""

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from philoxenia_web.directory.city import city


def index_root() -> Path:
    """The folder of the index; it can be deleted and is built again."""
    return Path(settings.ENVIRONMENT.var) / "directory" / "index"


def zone() -> ZoneInfo:
    """The zone of the city's clocks."""
    return city().zone
