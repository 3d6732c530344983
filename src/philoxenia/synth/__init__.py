"""Test people of a city: departments' lists that follow its margins, known errors, the truth apart."""

from philoxenia.synth.departments import departments
from philoxenia.synth.extracts import (
    AS_OF,
    FORMATS,
    SynthError,
    TestPeople,
    synthesise,
    write_people,
)
from philoxenia.synth.margins import Margins, MarginsError, margins_of

__all__ = [
    "AS_OF",
    "FORMATS",
    "Margins",
    "MarginsError",
    "SynthError",
    "TestPeople",
    "departments",
    "margins_of",
    "synthesise",
    "write_people",
]
