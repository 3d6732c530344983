"""What own pages show beside words."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from philoxenia.report.mark import mark_inline

register = template.Library()


@register.simple_tag
def own_mark() -> SafeString:
    """The doorway."""
    return mark_safe(mark_inline().replace("<svg ", '<svg class="mark" ', 1))  # noqa: S308 (drawn by us)
