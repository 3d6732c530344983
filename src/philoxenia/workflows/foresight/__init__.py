"""Which actions pay back, for whom, in which futures: from a city package and a planner's settings."""

from philoxenia.workflows.foresight.run import STEPS, foresee, run_foresight
from philoxenia.workflows.foresight.settings import (
    ForesightSettings,
    SettingsError,
    read_settings,
    settings_of,
)

__all__ = [
    "STEPS",
    "ForesightSettings",
    "SettingsError",
    "foresee",
    "read_settings",
    "run_foresight",
    "settings_of",
]
