"""The steps in which a planner makes a study, for each kind: which page follows which."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from philoxenia_web.studies.kinds import Kind

_QUESTION = (_("Question"), "study-question")
_INPUTS = (_("Inputs"), "study-inputs")
_PARAMETERS = (_("Parameters"), "study-parameters")
_CHECK = (_("Check and start"), "study-check")
_STEPS = {
    Kind.PRESSURE: (_QUESTION, _INPUTS, _PARAMETERS, _CHECK),
    Kind.FORESIGHT: (
        _QUESTION,
        (_("Scenario"), "study-scenario"),
        (_("Actions"), "study-actions"),
        (_("Budget"), "study-budget"),
        _INPUTS,
        _PARAMETERS,
        _CHECK,
    ),
}


def steps(kind: str) -> tuple[tuple[Promise, str], ...]:
    """Words and address name of each step."""
    return _STEPS[Kind(kind)]


def names(kind: str) -> list[str]:
    """The address names in their order."""
    return [name for _words, name in steps(kind)]


def after(kind: str, name: str) -> str:
    """The step that follows."""
    return names(kind)[names(kind).index(name) + 1]


def before(kind: str, name: str) -> str:
    """The step that comes first."""
    return names(kind)[names(kind).index(name) - 1]
