"""Fields for words that are shown to everybody: what could hide or turn text is taken out."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_KEPT = {"\n", "\t", "\u200c", "\u200d", "\u200e", "\u200f", "\u061c", "\u00ad"}
_DIGITS = re.compile(r"\d.*\d", re.DOTALL)
_NUMBER = re.compile(r"[\w+*#().,;:/ \u00a0-]{3,60}")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?(Z|[+-]\d\d:?\d\d)?")
MOST_WORDS = 20_000


def without_hidden(text: str) -> str:
    """Without control signs and those that turn the direction of what follows (overrides, isolates)."""
    text = text.replace("\r\n", "\n")
    return "".join(one for one in text if one in _KEPT or unicodedata.category(one)[0] != "C")


def version_of(sent: str) -> int:
    """The version of a record that a page was based on; -1, which no record has, for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


class Words(forms.CharField):
    """Words of one line."""

    def __init__(self, *, max_length: int = 500, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return without_hidden(super().to_python(value) or "")


class LongWords(Words):
    """Words of several lines."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MOST_WORDS)
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **kwargs)


class PhoneNumber(Words):
    """A number as it is dialled."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(attrs={"dir": "ltr"}), **kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not (_NUMBER.fullmatch(value) and _DIGITS.search(value)):
            raise forms.ValidationError(_("Write the number as it is dialled, such as +1 416 555 0100."))


class Time(Words):
    """Hours and minutes as HSDS keeps them."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"dir": "ltr", "size": 6, "placeholder": "09:00"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return f"0{text}" if re.match(r"\d:", text) else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _TIME.fullmatch(value):
            raise forms.ValidationError(_("Write the time as 09:00 or 17:30."))


def web_address(**kwargs: Any) -> forms.URLField:
    """An address that begins with http:// or https:// and nothing else."""
    widget = forms.URLInput(attrs={"dir": "ltr"})
    return forms.URLField(assume_scheme="https", max_length=2000, widget=widget, required=False, **kwargs)
