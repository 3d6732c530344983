"""Words of the public pages: plain, short, for somebody who reads them for the first time."""

from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class NeedWords(NamedTuple):
    """What a need is called on a big plain choice, and what belongs to it."""

    name: Promise
    hint: Promise


# In the order in which people ask for them.
NEEDS: dict[str, NeedWords] = {
    "housing": NeedWords(_("A place to live"), _("Shelter, rent, housing help")),
    "food": NeedWords(_("Food"), _("Meals, food banks")),
    "health": NeedWords(_("Doctor and health"), _("Clinic, dentist, medicine")),
    "safety": NeedWords(_("Safety"), _("Violence at home, at work, in the street")),
    "income": NeedWords(_("Money"), _("Benefits, debts, a bank account")),
    "work": NeedWords(_("Work"), _("Jobs, licences, your rights at work")),
    "language": NeedWords(_("Learn the language"), _("Classes, an interpreter")),
    "school": NeedWords(_("School"), _("A place for a child, study for adults")),
    "childcare": NeedWords(_("Child care"), _("While you work or learn")),
    "mental_health": NeedWords(_("Stress and grief"), _("Someone to talk to")),
    "information": NeedWords(_("Rights and information"), _("Papers, advice, internet")),
    "transport": NeedWords(_("Getting around"), _("Bus, train, cheaper fares")),
}

PHONE_KINDS: dict[str, Promise] = {
    "fax": _("Fax"),
    "text": _("Text message"),
    "cell": _("Mobile"),
    "video": _("Video call"),
    "pager": _("Pager"),
    "textphone": _("Text telephone"),
}

YES_NO: dict[str, Promise] = {
    "yes": pgettext_lazy("answer", "Yes"),
    "no": pgettext_lazy("answer", "No"),
    "unknown": _("Not known to us"),
}

# What a translation is, said under the words it made.
TRANSLATED: dict[str, Promise] = {
    "machine": _("Translated by a machine, not checked by a person"),
    "outdated": _("Translated from an older text; the newest may differ"),
}


def language_name(code: str) -> str:
    """A language in the language of the page; what the source wrote where it has no code."""
    return _named(code, get_language() or "en")


def own_name(code: str) -> str:
    """A language as those who speak it call it."""
    return _named(code, code)


def _named(code: str, spoken: str) -> str:
    try:
        name = Locale.parse(spoken.replace("-", "_")).languages.get(code.replace("-", "_"))
        name = name or Locale.parse(code.replace("-", "_")).get_display_name(spoken.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return code
    return f"{name[:1].upper()}{name[1:]}" if name else code


def direction(code: str) -> str:
    """ltr or rtl; auto where the language is not known."""
    try:
        return Locale.parse(code.replace("-", "_")).text_direction
    except (UnknownLocaleError, ValueError, TypeError):
        return "auto"
