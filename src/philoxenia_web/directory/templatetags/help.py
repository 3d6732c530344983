"""Tags of the public pages: `{% load help %}`."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from philoxenia.report.names import clean
from philoxenia_web.directory.guides.checks import ShownCheck, for_rule
from philoxenia_web.directory.public import signs, telephones, words
from philoxenia_web.directory.public.opening import day_words
from philoxenia_web.directory.shown import ShownPhone, ShownPlace, Text

register = template.Library()

register.simple_tag(signs.sign, name="sign")
register.simple_tag(signs.door, name="door")
register.filter("language_name", words.language_name)
register.filter("own_name", words.own_name)
register.filter("date_words", day_words)


@register.simple_tag
def told(text: Text | None) -> SafeString:
    """A text with the language it is in, and how it was translated where that matters to the reader."""
    if text is None or not text.text:
        return SafeString()
    return format_html("{}{}", _isolated("span", text), _translated(text))


@register.simple_tag
def name_of(text: Text | None) -> SafeString:
    """A name in its own language, without a note: the page says once how it was translated."""
    return _isolated("bdi", text) if text is not None else SafeString()


@register.simple_tag
def told_long(text: Text | None) -> SafeString:
    """The same as paragraphs."""
    if text is None or not text.text.strip():
        return SafeString()
    pieces = [clean(piece) for piece in text.text.replace("\r", "").split("\n") if clean(piece)]
    inner = format_html_join("", "<p>{}</p>", ((piece,) for piece in pieces))
    note = _translated(text)
    return format_html(
        "<div{}>{}</div>{}", _language(text), inner, format_html("<p>{}</p>", note) if note else ""
    )


@register.simple_tag
def dial(number: str, css: str = "") -> SafeString:
    """A number of the city's own lines, to be called with a touch."""
    return _link(telephones.dialled(number), css)


@register.simple_tag
def phone(one: ShownPhone, css: str = "") -> SafeString:
    """A number with its extension; left to right whatever stands beside it."""
    found = telephones.dialled(one.number, one.extension, one.kind)
    within = (
        _("extension %(number)s") % {"number": f"\u2066{clean(one.extension)}\u2069"} if one.extension else ""
    )
    return format_html("{}{}", _link(found, css), format_html(" <small>{}</small>", within) if within else "")


@register.simple_tag
def rule_check(rule: object) -> ShownCheck | None:
    """The private check of whom a service is for; none where it has no rule that can be read."""
    return for_rule(rule, get_language() or "en") if rule else None


@register.filter
def phone_kind(one: ShownPhone) -> str:
    """What a number is for beside talking; nothing for an ordinary one."""
    return str(words.PHONE_KINDS.get(one.kind, ""))


@register.filter
def answer_words(known: str) -> str:
    """yes, no or unknown in words."""
    return str(words.YES_NO.get(known, words.YES_NO["unknown"]))


def _link(found: telephones.Dialled, css: str) -> SafeString:
    shown = format_html('<bdi dir="ltr">{}</bdi>', found.shown)
    if not found.address:
        return shown
    if not css:
        return format_html('<a href="{}">{}</a>', found.address, shown)
    return format_html('<a class="{}" href="{}">{}{}</a>', css, found.address, signs.sign("phone"), shown)


def _isolated(tag: str, text: Text) -> SafeString:
    return format_html("<{}{}>{}</{}>", SafeString(tag), _language(text), clean(text.text), SafeString(tag))


def _language(text: Text) -> SafeString:
    """The attributes that say so where words are not in the page's language."""
    if text.language and text.language.split("-")[0] == (get_language() or "en").split("-")[0]:
        return SafeString()
    if not text.language:
        return SafeString(' dir="auto"')
    return format_html(' lang="{}" dir="{}"', text.language, words.direction(text.language))


def _translated(text: Text) -> SafeString:
    note = words.TRANSLATED.get(text.status)
    return format_html(' <small class="note">({})</small>', note) if note else SafeString()


@register.filter
def state_class(state: str) -> str:
    """The look of open, shut and unknown; the words say it too."""
    return {"open": "open", "shut": "shut"}.get(state, "soft")


@register.filter
def address_line(place: ShownPlace) -> str:
    """An address in one line, as letters are addressed there."""
    return clean(", ".join(dict.fromkeys(place.address)))
