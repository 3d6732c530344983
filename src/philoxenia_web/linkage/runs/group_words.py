"""Groups by which errors of linkage are told, in the reader's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPINGS: dict[str, Promise] = {
    "script": _("By script of the name"),
    "sex": _("By sex"),
    "name_origin": _("By origin of the name"),
}
_UNKNOWN = _("not known")
_WORDS: dict[str, dict[str, Promise]] = {
    "script": {
        "latin": _("Latin"),
        "arabic": _("Arabic"),
        "cyrillic": _("Cyrillic"),
        "greek": _("Greek"),
        "ethiopic": _("Ethiopic"),
        "han": _("Han"),
        "mixed": _("several scripts"),
        "other": _("another script"),
        "unknown": _UNKNOWN,
    },
    "sex": {"female": _("female"), "male": _("male"), "other": _("other"), "unknown": _UNKNOWN},
    "name_origin": {
        "arabic": _("Arabic"),
        "chinese": _("Chinese"),
        "ethiopic": _("Ethiopian"),
        "greek": _("Greek"),
        "korean": _("Korean"),
        "persian": _("Persian"),
        "slavic": _("Slavic"),
        "spanish": _("Spanish"),
        "turkish": _("Turkish"),
        "vietnamese": _("Vietnamese"),
        "other": _("other"),
        "unknown": _UNKNOWN,
    },
}


def words_for(by: str, value: str) -> Promise | str:
    """A group in words; as the engine calls it where we have none."""
    return _WORDS.get(by, {}).get(value.casefold(), value.replace("_", " "))
