"""Tags of the pages of guides: `{% load guides %}`."""

from collections.abc import Iterable, Mapping

from babel.numbers import format_currency
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from philoxenia.directory.guides import Source, Text
from philoxenia_web.directory.guides.queries import currency
from philoxenia_web.directory.guides.readable import readable
from philoxenia_web.directory.public.words import TRANSLATED, direction
from philoxenia_web.ui.numbers import locale

register = template.Library()


@register.simple_tag
def said(text: Text | None, links: bool = True) -> SafeString:
    """A text of a guide in its own language; an outdated translation says so."""
    if text is None:
        return SafeString()
    inner = readable(text.text, links)
    if text.status == "outdated":
        inner = format_html('{} <small class="note">({})</small>', inner, TRANSLATED["outdated"])
    if text.language == (get_language() or "en").split("-")[0]:
        return inner
    return format_html('<span lang="{}" dir="{}">{}</span>', text.language, direction(text.language), inner)


@register.simple_tag
def notes(sources: Iterable[Source], numbers: Mapping[str, int]) -> SafeString:
    """Numbers that lead to the sources at the foot of the page."""
    found = [numbers[one.id] for one in sources if one.id in numbers]
    return format_html_join(" ", '<a class="from" href="#source-{}">{}</a>', ((one, one) for one in found))


@register.simple_tag
def standing(status: str) -> SafeString:
    """How far a statement can be relied on, in words; nothing where it was checked."""
    words = {"to_confirm": _("To be confirmed"), "unknown": _("Not known to us")}.get(status)
    return format_html('<small class="standing {}">{}</small>', status, words) if words else SafeString()


@register.filter
def money(amount: float | None) -> SafeString | str:
    """An amount in the city's currency; unknown in words."""
    if amount is None:
        return _("Not known to us")
    spoken, even = locale(), float(amount).is_integer()
    # Right to left, the order of Babel falls apart beside other words: sign first, as one isolated piece.
    form = f"¤#,##0{'' if even else '.00'}" if even or spoken.text_direction == "rtl" else None
    shown = format_currency(amount, currency(), format=form, locale=spoken, currency_digits=form is None)
    return format_html('<bdi dir="ltr">{}</bdi>', shown.strip("\u200e\u200f"))
