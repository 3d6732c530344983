"""Controls drawn without templates are what Django's templates draw."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from philoxenia_web.ui.widgets import Renderer, options

HOSTILE = "\"><script>'&"


class _Everything(forms.Form):
    words = forms.CharField(max_length=9, help_text="Said", initial=HOSTILE, label=HOSTILE)
    safe = forms.CharField(initial=mark_safe("&amp;"))
    hidden = forms.CharField(widget=forms.HiddenInput, initial=HOSTILE)
    none = forms.CharField(required=False)
    ticked = forms.BooleanField(initial=True)
    left = forms.BooleanField(required=False)
    number = forms.IntegerField(min_value=1, max_value=9000, initial=1234)
    mail = forms.EmailField(disabled=True)
    address = forms.URLField(assume_scheme="https")
    day = forms.DateField(initial=date(2026, 1, 31), widget=forms.DateInput(attrs={"type": "date"}))
    secret = forms.CharField(widget=forms.PasswordInput)
    long = forms.CharField(widget=forms.Textarea, initial=HOSTILE)
    one = forms.ChoiceField(
        choices=[("", "None"), (HOSTILE, HOSTILE), (1234, 1234), ("group", [("a", gettext_lazy("Yes"))])],
        initial=HOSTILE,
    )
    several = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", mark_safe("<b>B</b>"))],
        initial=["b"],
        widget=forms.SelectMultiple(attrs={"size": 8, "data-no": False, "data-yes": True, 'a"b': "c"}),
    )
    boxes = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    radios = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def _drawn(bound: Any, language: str, **told: Any) -> list[str]:
    with override(language):
        form = _Everything(bound, **told)
        return [re.sub(r">\s+<", "><", str(one)).replace("> <", "><").strip() for one in form]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "bound", [None, {"words": HOSTILE, "one": "a", "several": ["a", "b"], "number": "x"}]
)
def test_controls_are_drawn_as_django_draws_them(bound: Any, language: str) -> None:
    ours = _drawn(bound, language, renderer=Renderer())
    assert ours == _drawn(bound, language, renderer=DjangoTemplates())
    assert all("<script>" not in one for one in ours)


def test_what_a_list_chooses_from_is_escaped() -> None:
    assert options([(1, HOSTILE), ("b", "B")], "b") == (
        '<option value="1">&quot;&gt;&lt;script&gt;&#x27;&amp;</option><option value="b" selected>B</option>'
    )
