"""Components: what they write, with and without what may be left out."""

import re
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from philoxenia_web.ui.navigation import Entry, add_entry, home_for, sections_for


def drawn(source: str, **values: Any) -> str:
    return Template("{% load i18n ui %}" + source).render(Context(values))


def test_what_is_written_in_is_escaped() -> None:
    bad = "<script>alert(1)</script>"
    for source in (
        "{% notice 'info' bad %}x{% endnotice %}",
        "{% empty bad bad '/x' bad %}",
        "{% status bad %}",
        "{% facts pairs %}",
        "{% key_figure bad bad bad %}",
        "{% crumbs bad '/' %}",
        "{% fold bad %}x{% endfold %}",
        "{% dialog 'id' bad %}x{% enddialog %}",
        "{% tabs items %}",
        "{% progress 1 2 bad %}",
        "{% steps steps %}",
    ):
        said = drawn(source, bad=bad, pairs={bad: bad}, items=[(bad, "/x")], steps=[bad])
        assert "<script>" not in said, source
        assert "&lt;script&gt;" in said, source


def test_nothing_is_styled_or_run_in_the_page() -> None:
    for source in ("{% progress 3 10 'x' %}", "{% dialog 'a' 'b' %}c{% enddialog %}", "{% loading %}"):
        said = drawn(source)
        assert not re.search(r"\sstyle=|\son[a-z]+=", said)


def test_progress_without_a_total_says_that_it_goes_on() -> None:
    assert "max=" not in drawn("{% progress None label='Reading' %}")
    assert 'value="0.3000"' in drawn("{% progress 3 10 'Reading' %}")
    assert 'value="1.0000"' in drawn("{% progress 30 10 'Reading' %}")


def test_the_current_step_is_marked() -> None:
    said = drawn("{% steps items 1 %}", items=[("One", "/one/"), "Two", "Three"])
    assert said.count('aria-current="step"') == 1
    assert '<a href="/one/">One</a>' in said


class Question(forms.Form):
    name = forms.CharField(label="Name", help_text="As colleagues know it.")
    note = forms.CharField(label="Note", required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def test_a_field_is_described_by_its_help_and_its_error() -> None:
    asked = Question({"name": ""})
    said = drawn("{% field asked.name %}", asked=asked)
    described = re.search(r'<input[^>]*aria-describedby="([^"]*)"', said)
    assert described
    for id_ in described[1].split():
        assert f'id="{id_}"' in said
    assert 'aria-invalid="true"' in said


def test_a_form_carries_hidden_fields_and_says_what_may_be_left_out() -> None:
    said = drawn("{% form asked %}", asked=Question(), csrf_token="t" * 8)
    assert 'name="key"' in said
    assert said.count("(optional)") == 1
    assert 'name="csrfmiddlewaretoken" value="tttttttt"' in said


def test_the_summary_of_errors_leads_to_each_field() -> None:
    said = drawn("{% form asked %}", asked=Question({"name": "", "key": ""}))
    assert 'href="#id_name"' in said
    assert "data-focus" in said


def test_names_of_unknown_direction_are_isolated() -> None:
    assert "<bdi>اسم</bdi>" in drawn("{% crumbs words '/' %}", words="اسم")


def test_an_icon_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(KeyError, match="no icon"):
        drawn("{% icon 'unicorn' %}")


def test_a_block_is_written_twice_from_one_source() -> None:
    page = Template(
        "{% extends 'ui/plain.html' %}{% block title %}Who <bdi>comes</bdi> & when{% endblock %}"
        "{% block lead %}{% endblock %}"
    ).render(Context({"rail": []}))
    assert "<title>Who comes & when · Philoxenia</title>" in page
    assert "<h1>Who <bdi>comes</bdi> & when</h1>" in page
    assert 'class="lead"' not in page


def asked_for(address: str) -> HttpRequest:
    request = RequestFactory().get(address)
    request.user = AnonymousUser()
    return request


@pytest.mark.django_db
def test_the_rail_marks_the_nearest_entry() -> None:
    add_entry(Entry("data", "design", "Looks", lambda request: "looks" in request.GET, 5))
    request = asked_for("/design/below/?looks=1")
    marked = [line for section in sections_for(request) for line in section.entries if line.words == "Looks"]
    assert [line.current for line in marked] == ["true"]
    assert not [
        line
        for section in sections_for(asked_for("/design/"))
        for line in section.entries
        if line.words == "Looks"
    ]


def test_a_section_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no section"):
        add_entry(Entry("attic", "home", "x", lambda request: True))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_interval_tag_and_filter_agree(language: str) -> None:
    with translation.override(language):
        assert drawn("{% interval 10 5 20 %}") == drawn("{{ triple|interval }}", triple=(10, 5, 20))


def test_the_rail_begins_with_the_citys_page() -> None:
    assert home_for(asked_for("/")).current == "page"
    assert (home_for(asked_for("/studies/")).address, home_for(asked_for("/studies/")).current) == ("/", "")


def test_a_name_in_a_sentence_keeps_its_direction_and_is_escaped() -> None:
    said = drawn(
        "{% blocktranslate with name=name|isolated %}By {{ name }}.{% endblocktranslate %}", name="<b>?"
    )
    assert said == "By <bdi>&lt;b&gt;?</bdi>."
