"""Parts of the pages of those who look after the directory."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BoundField, CheckboxSelectMultiple
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import actor_of, can
from philoxenia_web.directory.editing import languages
from philoxenia_web.directory.editing.policies import EDIT, LOOK_AFTER, TRANSLATE
from philoxenia_web.directory.staff import words
from philoxenia_web.ui.templatetags.ui import field

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_tabs(context: Context) -> str:
    """The desks of the directory, those that this visitor may open."""
    request = context["request"]
    desks = [
        (_("Services"), "directory", EDIT),
        (_("Organisations"), "directory-organizations", EDIT),
        (_("To be checked"), "directory-fresh", LOOK_AFTER),
        (_("Proposed changes"), "directory-proposals", EDIT),
        (_("Messages"), "directory-feedback", LOOK_AFTER),
        (_("Listed twice"), "directory-doubles", LOOK_AFTER),
        (_("Web addresses"), "directory-links", LOOK_AFTER),
        (_("Translations"), "directory-translations", TRANSLATE),
        (_("Imports"), "directory-import", LOOK_AFTER),
    ]
    actor = actor_of(request)
    tabs = [
        (name, address, request.path == address)
        for name, address, permission in ((one, _address(url), may) for one, url, may in desks)
        if address and can(actor, permission)
    ]
    return render_to_string("directory/staff/parts/tabs.html", {"desk_tabs": tabs})


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def row_field(bound: BoundField) -> str:
    """A field of a row: days of the week side by side, everything else as everywhere."""
    if not isinstance(bound.field.widget, CheckboxSelectMultiple):
        return field(bound)
    ticks = format_html_join("", "<label>{} {}</label>", ((one.tag(), one.choice_label) for one in bound))
    said = format_html_join("", '<p class="field-error">{}</p>', ((one,) for one in bound.errors))
    return format_html(
        '<fieldset class="days"><legend>{}</legend>{}<div>{}</div></fieldset>', bound.label, said, ticks
    )


@register.simple_tag
def hours_in_words(row: Mapping[str, Any]) -> str:
    """Mon, Tue 09:00 to 17:00."""
    return words.hours(row)


@register.simple_tag
def language_names(codes: Iterable[str]) -> str:
    """Arabic, Tigrinya."""
    return languages.listed(codes)


@register.filter
def language_name(code: str) -> str:
    """Arabic."""
    return languages.name_of(code)
