"""What own pages show beside words."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from philoxenia.report.mark import mark_inline
from philoxenia_web.registry.mine.parts import Filled

register = template.Library()


@register.simple_tag
def own_mark() -> SafeString:
    """The doorway."""
    return mark_safe(mark_inline().replace("<svg ", '<svg class="mark" ', 1))  # noqa: S308 (drawn by us)


@register.simple_tag(takes_context=True)
def own_part(context: Context, part: Filled) -> SafeString:
    """A section of another app, with its own values and nothing of the page but the language."""
    told: dict[str, Any] = {"language": context["language"], "values": part.values, **part.values}
    return render_to_string(part.template, told)
