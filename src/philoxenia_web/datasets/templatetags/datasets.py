"""What only the datasets pages show."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia_web.ui.templatetags import ui

register = template.Library()


@register.simple_tag
def hand_in_steps(current: int) -> SafeString:
    """The way of an extract, and where one is on it."""
    words: list[Any] = [_("Hand in"), _("Check and mend"), _("Accept"), _("Agree and publish")]
    return SafeString(ui.steps(words, current))
