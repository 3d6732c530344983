"""Which actions pay back, for whom, in which futures: from a city package and a planner's settings."""

from philoxenia.workflows.foresight.progress import STEPS
from philoxenia.workflows.foresight.run import run_foresight
from philoxenia.workflows.foresight.settings import (
    ForesightSettings,
    SettingsError,
    read_settings,
    settings_of,
)
from philoxenia.workflows.foresight.study import Subject, foresee

__all__ = [
    "STEPS",
    "ForesightSettings",
    "SettingsError",
    "Subject",
    "foresee",
    "read_settings",
    "run_foresight",
    "settings_of",
]
