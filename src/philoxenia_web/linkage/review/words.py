"""What the engine's comparisons and levels are called on a page, in the reader's language.

The engine words its levels in English; each of them stands here once as a string to be translated.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

_COMPARISONS: dict[str, Promise] = {
    "given_name": _("Given name"),
    "middle_name": _("Second name"),
    "family_name": _("Family name"),
    "full_name": _("Name"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "language": _("Language"),
    "phone": _("Telephone"),
    "email": _("E-mail"),
    "home": _("Home"),
    "address": _("Address"),
    "locality": _("Town or part of the city"),
    "postal_code": _("Postal code"),
    "household_id": _("Household number"),
    "household": _("Household"),
    "id_health": _("Health number"),
    "id_city_card": _("City card number"),
    "id_social": _("Social insurance number"),
    "id_school": _("School number"),
}
_TOLD = frozenset(
    {
        gettext_noop("not known on one side"),
        gettext_noop("same given name, same spelling"),
        gettext_noop("same given name in another spelling or script"),
        gettext_noop("given name stands elsewhere in the other name"),
        gettext_noop("given name of similar consonants"),
        gettext_noop("only the initial of the given name, and it fits"),
        gettext_noop("near in spelling (given name)"),
        gettext_noop("another given name"),
        gettext_noop("same family name, same spelling"),
        gettext_noop("same family name in another spelling or script"),
        gettext_noop("family name stands elsewhere in the other name"),
        gettext_noop("family name of similar consonants"),
        gettext_noop("only the initial of the family name, and it fits"),
        gettext_noop("near in spelling (family name)"),
        gettext_noop("another family name"),
        gettext_noop("same middle or father's name"),
        gettext_noop("middle or father's name stands elsewhere in the other name"),
        gettext_noop("middle or father's name of similar consonants, or its initial"),
        gettext_noop("another middle or father's name"),
        gettext_noop("same day of birth"),
        gettext_noop("same day of birth, but a day given where it is not known"),
        gettext_noop("same year, day or month not known on one side"),
        gettext_noop("day and month exchanged"),
        gettext_noop("same day in another calendar"),
        gettext_noop("one digit of the date differs"),
        gettext_noop("same year, a day given where it is not known"),
        gettext_noop("two of day, month and year are the same"),
        gettext_noop("same year of birth only"),
        gettext_noop("another date of birth"),
        gettext_noop("same sex"),
        gettext_noop("another sex"),
        gettext_noop("same language"),
        gettext_noop("another language"),
        gettext_noop("same telephone, one given name only"),
        gettext_noop("same telephone, shared by several people"),
        gettext_noop("one digit of the telephone differs"),
        gettext_noop("another telephone"),
        gettext_noop("same e-mail address"),
        gettext_noop("same e-mail name at another provider"),
        gettext_noop("one letter of the e-mail address differs"),
        gettext_noop("a few letters of the e-mail address differ"),
        gettext_noop("another e-mail address"),
        gettext_noop("same address"),
        gettext_noop("same house number and postal code"),
        gettext_noop("near address"),
        gettext_noop("same postal code"),
        gettext_noop("same town or suburb"),
        gettext_noop("another address"),
        gettext_noop("same health number"),
        gettext_noop("health number but for one sign"),
        gettext_noop("another health number"),
        gettext_noop("same city card"),
        gettext_noop("city card but for one sign"),
        gettext_noop("another city card"),
        gettext_noop("same social number"),
        gettext_noop("social number but for one sign"),
        gettext_noop("another social number"),
        gettext_noop("same pupil number"),
        gettext_noop("pupil number but for one sign"),
        gettext_noop("another pupil number"),
        gettext_noop("two people of one household would agree as much"),
        gettext_noop("hardly two people of one household"),
    }
)
# How the library that compares words its levels, for models without words of our own.
_LEVELS: tuple[tuple[str, Promise], ...] = (
    (r"Exact match.*", _("the same")),
    (r"(Jaro|Levenshtein|Damerau).*", _("nearly the same")),
    (r"All other comparisons", _("different")),
)


def comparison_words(name: str) -> Promise | str:
    """What is compared; its name where we have no words for it."""
    return _COMPARISONS.get(name, name.replace("_", " "))


def level_words(words: str) -> Promise | str:
    """What was found; the engine's own words where we have none."""
    if words in _TOLD:
        return gettext(words)
    return next((ours for theirs, ours in _LEVELS if re.fullmatch(theirs, words)), words)
