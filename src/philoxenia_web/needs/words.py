"""What needs, populations and groups are called in the reader's language."""

from collections.abc import Iterable, Sequence

from babel import Locale, UnknownLocaleError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from philoxenia_web.needs.cube import EVERYBODY
from philoxenia_web.ui import numbers

# The names in the engine's table of needs, for the reader's language.
_NEEDS: dict[str, Promise] = {
    "housing": pgettext_lazy("a need", "A home"),
    "food": pgettext_lazy("a need", "Food"),
    "income": pgettext_lazy("a need", "Income"),
    "work": pgettext_lazy("a need", "Work"),
    "school": pgettext_lazy("a need", "School"),
    "childcare": pgettext_lazy("a need", "Childcare"),
    "language": pgettext_lazy("a need", "Language"),
    "health": pgettext_lazy("a need", "Health care"),
    "mental_health": pgettext_lazy("a need", "Mental health"),
    "safety": pgettext_lazy("a need", "Safety"),
    "information": pgettext_lazy("a need", "Information"),
    "transport": pgettext_lazy("a need", "Transport"),
}
_POPULATIONS: dict[str, Promise] = {
    "newcomers": gettext_lazy("Newcomers"),
    "long_term_residents": gettext_lazy("Long-term residents"),
}
_GROUPINGS: dict[str, Promise] = {
    EVERYBODY: gettext_lazy("Everybody"),
    "district_id": gettext_lazy("District"),
    "sex": gettext_lazy("Sex"),
    "age_band": gettext_lazy("Age"),
    "language": gettext_lazy("Language"),
}
_SEXES: dict[str, Promise] = {
    "female": gettext_lazy("Women and girls"),
    "male": gettext_lazy("Men and boys"),
    "other": gettext_lazy("Another sex"),
}
_UNKNOWN = ("", "unknown")
# Beyond this a lift is no chance, below its inverse neither.
_ABOUT = 1.15


def need(code: str) -> str:
    """Health care."""
    return str(_NEEDS.get(code, code.replace("_", " ")))


def population(code: str) -> str:
    """Newcomers."""
    return str(_POPULATIONS.get(code, code))


def grouping(code: str) -> str:
    """Sex."""
    return str(_GROUPINGS.get(code, code))


def group(of: str, code: str) -> str:
    """One group of a grouping: a sex, an age, a language; districts have names of their own."""
    if code in _UNKNOWN:
        return _("Not known")
    if of == "sex":
        return str(_SEXES.get(code, code))
    if of == "age_band":
        return _age(code)
    return _language(code) if of == "language" else code


def _age(code: str) -> str:
    first, dash, last = code.replace("\u2013", "-").replace("_", "-").partition("-")
    if code.endswith("+") or last == "over":
        return _("%(age)s years and older") % {"age": first.removesuffix("+")}
    return _("%(first)s to %(last)s years") % {"first": first, "last": last} if dash else code


def _language(code: str) -> str:
    try:
        name = Locale.parse(code.replace("-", "_")).get_language_name(str(numbers.locale().language))
    except (UnknownLocaleError, ValueError):
        return code
    return name[:1].upper() + name[1:] if name else code


def together(codes: Iterable[str]) -> str:
    """A home and income and work: the needs of a combination as one name."""
    return joint().join(need(code) for code in codes)


def joint() -> str:
    """What stands between the needs of a combination."""
    return _(" + ")


def listed(words: Sequence[str]) -> str:
    """One, two and three."""
    if len(words) < 2:
        return "".join(words)
    return pgettext("the end of a list", "%(others)s and %(last)s") % {
        "others": _(", ").join(words[:-1]),
        "last": words[-1],
    }


def lift(times: float | None) -> str:
    """How much more often than chance would have it, in plain words."""
    if times is None:
        return numbers.NOT_KNOWN
    if times >= _ABOUT:
        return _("%(times)s times as often together as chance would have it") % {
            "times": numbers.number(times, 2)
        }
    if times > 1 / _ABOUT:
        return _("about as often together as chance would have it")
    return _("less often together than chance would have it: %(times)s times as often") % {
        "times": numbers.number(times, 2)
    }
