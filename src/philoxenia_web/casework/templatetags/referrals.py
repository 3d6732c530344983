"""Words of referrals in templates."""

from django import template
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.words import need_name

register = template.Library()

# What is written on the button of each step.
_STEPS = {
    "accept": _("Accept: we will help"),
    "decline": _("Decline"),
    "ask": _("Ask something first"),
    "begin": _("Help has begun"),
    "finish": _("Finish, and say what came of it"),
    "take_over": _("Take the case over"),
    "answer": _("Answer their question"),
    "chase": _("Remind them"),
    "withdraw": _("Take it back"),
}


@register.simple_tag
def step_words(verb: str) -> str:
    """What the button of a step says."""
    return str(_STEPS[verb])


@register.filter
def need_words(code: str) -> str:
    """What a need is called."""
    return need_name(code)
