"""A survey as a profile: newcomers and their neighbours on equal indicators, with the error of each."""

from philoxenia.needs.profiles.profile import profile
from philoxenia.needs.profiles.spec import read_spec
from philoxenia.needs.profiles.survey_file import read_survey, survey_of
from philoxenia.needs.profiles.types import Profile, ProfileError, Spec, SpecError, SurveyRefusedError

__all__ = [
    "Profile",
    "ProfileError",
    "Spec",
    "SpecError",
    "SurveyRefusedError",
    "profile",
    "read_spec",
    "read_survey",
    "survey_of",
]
